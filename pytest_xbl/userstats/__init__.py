"""The rules of user statistics: pure functions on values (STAT).

It speaks the words of `mpsd`: callers, shapes, refusals.
"""
