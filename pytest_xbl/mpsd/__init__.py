"""The rules of sessions, as pure functions on frozen values.

Nothing in here reads a clock, opens a socket, draws a random number or remembers anything between two calls.
"""
