"""The rules that no client can see by its requests and their responses, and why."""

from __future__ import annotations

from collections.abc import Mapping

CONNECTION = "it needs a connection for real-time activity, which is not made of requests and responses"
UNSEEN_FAMILIES: Mapping[str, str] = {
    "CMD": "it is about the fake as a program",
    "FAULT": "faults happen because a test asks the fake for them",
    "HOST": "it is about how names lead to the fake",
    "NEAR": "signing in and the services beside sessions are not part of this suite",
    "RATE": "it needs limits that are switched on, or more requests than a test should send to a real service",
    "REPL": "it is about recordings of the service",
    "SEED": "it is about how a test sets the fake up",
    "SEEN": "it is about what a test sees of the fake",
}
"""Families of which no rule is testable."""
UNSEEN_RULES: Mapping[str, str] = {
    "BIG-6": "no operation of these services lists recent players",
    "BIG-7": "no operation of these services lists recent players",
    "CODE-101": CONNECTION,
    "CODE-429": "it needs more requests than a test should send to a real service",
    "CODE-501": "only the fake answers so, where it is not built",
    "CODE-503": "the service answers so only when it is overloaded",
    "HAND-21": "no request makes an activity whose session is gone",
    "MEMB-20": "the fake does not have it yet",
    "TAP-2": CONNECTION,
    "TAP-3": CONNECTION,
    "TAP-4": CONNECTION,
    "TAP-5": CONNECTION,
    "TAP-6": CONNECTION,
    "TAP-7": CONNECTION,
    "TAP-8": CONNECTION,
    "TAP-9": CONNECTION,
    "TAP-10": CONNECTION,
    "TAP-12": CONNECTION,
    "TAP-13": CONNECTION,
    "TAP-14": CONNECTION,
    "TAP-15": CONNECTION,
    "TAP-16": CONNECTION,
    "TAP-17": CONNECTION,
    "TMPL-2": "templates are made in Partner Center, or by a test of the fake, and not by requests",
}
"""Single rules that are not testable."""
