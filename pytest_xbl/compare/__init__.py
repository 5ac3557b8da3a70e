"""Comparisons of JSON values, and of session documents in the words of the field.

Members of a session are matched by xuid, not by index.
"""
