"""Recordings of the real service, sent to the fake again, and the differences between both."""
