"""Rate limits."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "RATE-1",
        "Counted per user and title and service, in two fixed periods: burst 15 s, sustain 300 s. Beyond "
        "either limit: 429, not handled, and it still counts.",
        (Source("documented", "fgrl"),),
        built=False,
    ),
    Rule(
        "RATE-2",
        "Body `{version, currentRequests, maxRequests, periodInSeconds, limitType}`; header `Retry-After` in seconds.",
        (Source("documented"), Source("client", part="casing")),
        built=False,
    ),
    Rule(
        "RATE-3",
        "Limits: MPSD 30/300; search handles read 1/20 and write 1/20; stats read 100/300 (another tool's rules "
        "say 10/30: offer both as named profiles).",
        (Source("documented", "fgrl"), Source("client", "trace analyzer")),
        built=False,
    ),
    Rule(
        "RATE-4",
        "The page's worked table (35, 28, 21, 36, 24, … requests) comes out exactly.",
        (Source("documented"),),
        built=False,
    ),
)
