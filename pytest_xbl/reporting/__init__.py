"""The section, the archive and the other traces that a failing test leaves."""
