"""The objects that a test holds: the one behind the fixture `xbl`, and its attributes."""
