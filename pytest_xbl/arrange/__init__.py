"""Set-up: the records, seeds and scenarios that a world begins with, and the state expected at the end."""
