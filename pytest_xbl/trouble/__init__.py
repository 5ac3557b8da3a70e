"""Trouble on purpose: rate limits, faults and races, and whether the client behaves."""
