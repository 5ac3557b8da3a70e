"""Thousands of requests, each of them wrong in one known way, and all of them the same in every run."""

from bad_requests import against_the_rules, wrong_bodies, wrong_headers, wrong_uris
from bad_requests.request import Bad, Kind

__all__ = ["KINDS", "Bad", "Kind"]

KINDS: dict[str, Kind] = {
    kind.__name__.replace("_", " "): kind
    for room in (wrong_bodies, wrong_uris, wrong_headers, against_the_rules)
    for kind in room.KINDS
}
