"""Every rule that the fake obeys, or will: what it says, how we know, and whether it is built.

This is the home of the rules.
The rules page of the documentation is written from it, and every rule id in code, tests and refusals is one of these.
"""

from pytest_xbl.rulebook import (
    acting,
    commands,
    faults,
    finding,
    hosts,
    initialization,
    large,
    members,
    neighbours,
    ownership,
    recordings,
    searching,
    seeds,
    seeing,
    service,
    statistics,
    taps,
    templates,
    time,
    traffic,
    writing,
)
from pytest_xbl.rulebook.rule import Rule, Source

FAMILIES = {
    "CALL": "Calling the service",
    "S2S": "Services that act for users",
    "CODE": "Status codes",
    "TMPL": "Templates",
    "CONST": "Constants",
    "PUT": "Writing a session",
    "MEMB": "Members",
    "JOIN": "Who may read, join and write",
    "PROP": "Session properties",
    "SERV": "Servers",
    "TIME": "Time",
    "INIT": "Member initialization and QoS",
    "OWN": "Owners",
    "ROLE": "Roles",
    "BIG": "Large sessions",
    "FIND": "Finding sessions",
    "HAND": "Handles",
    "SRCH": "Search handles",
    "STAT": "User statistics",
    "RATE": "Rate limits",
    "TAP": "Real-time activity and shoulder taps",
    "FAULT": "Faults and races",
    "HOST": "Real host names",
    "NEAR": "Neighbours",
    "SEED": "Set-up and seeds",
    "SEEN": "Seeing what happened",
    "CMD": "The fake as a program",
    "REPL": "Recordings",
}
"""The families of rules, in the order in which they are read."""

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *service.RULES,
        *acting.RULES,
        *templates.RULES,
        *writing.RULES,
        *members.RULES,
        *time.RULES,
        *initialization.RULES,
        *ownership.RULES,
        *large.RULES,
        *finding.RULES,
        *searching.RULES,
        *statistics.RULES,
        *traffic.RULES,
        *taps.RULES,
        *faults.RULES,
        *hosts.RULES,
        *neighbours.RULES,
        *seeds.RULES,
        *seeing.RULES,
        *commands.RULES,
        *recordings.RULES,
    )
}
"""Every rule by its id."""

__all__ = ["FAMILIES", "RULES", "Rule", "Source"]
