"""HTML from a world: the page that a failing test leaves behind, and the pages of the explorer."""
