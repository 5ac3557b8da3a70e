"""The names of worlds."""

from __future__ import annotations

import hashlib


def title_of_world(key: str, *, run: int) -> str:
    """The name that people read of the world of a test."""
    return key if run == 1 else f"{key}, run {run}"


def name_of_world(key: str, *, run: int) -> str:
    """A name that depends on the test and on nothing else, so that its tokens are the same whatever else runs.

    Args:
        key: the id of the test, or of what else the world is for.
        run: counted from 1; a test that is repeated has other tokens each time (SEEN-9).
    """
    return f"xbl-{digest(key)}-{run}"


def digest(key: str) -> str:
    """A short text that no other test has."""
    return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
