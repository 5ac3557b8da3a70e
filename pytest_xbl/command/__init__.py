"""The program `pytest-xbl`: the fake without pytest, and what it knows.

Nothing of it is imported in a run of pytest.
"""
