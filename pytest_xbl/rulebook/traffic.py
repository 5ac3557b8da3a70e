"""Rate limits."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "RATE-1",
        "Off unless a test switches them on. Requests are counted by user, title and service, in two fixed periods at "
        "once: burst, 15 s, and sustain, 300 s. A request beyond either limit is answered with 429 and not handled, "
        "and counts all the same, as does one that is refused or meets a fault. The longer period begins with the "
        "first request after the last one was over; the shorter ones are its twentieths. A service counts as a user.",
        (
            Source("documented", "fgrl"),
            Source("assumed", part="beginning of the periods, services"),
        ),
    ),
    Rule(
        "RATE-2",
        "The body of such a 429 is JSON: `{version, currentRequests, maxRequests, periodInSeconds, limitType}`, of the "
        "longer period if both limits are exceeded; `Retry-After` has the whole seconds until that period is over.",
        (Source("documented", "fgrl"), Source("client", part="casing"), Source("assumed", part="both limits")),
    ),
    Rule(
        "RATE-3",
        "Limits, burst and sustain: session directory 30 and 300; search handles 1 and 20 for reads and as much for "
        "writes, counted apart from the rest; reading statistics 100 and 300. The profile `trace-analyzer` has 10 and "
        "30 for statistics.",
        (
            Source("documented", "fgrl"),
            Source("client", "trace analyzer", part="trace-analyzer"),
            Source("assumed", part="search handles count apart"),
        ),
    ),
    Rule(
        "RATE-4",
        "The worked example of the page, with limits of 30 and 100: of 35, 28, 21, 36 and 24 requests in one burst "
        "period after the other 5, 0, 0, 20 and 24 are throttled, and all of 4 in the last one of the 300 s.",
        (Source("documented", "fgrl"),),
    ),
    Rule(
        "RATE-5",
        "A client is not polite that sends more requests to a service at one instant, or in 15 or 300 s, than the "
        "limits of the trace analyzer; calls an operation at instant after instant, or repeats an answered request "
        "within seconds; polls; does not wait for Retry-After, or no longer each time a request fails; asks for users "
        "one by one where a batch takes them, or by a batch for one. A read that brings something new is neither a "
        "repetition nor polling. Times are those of the world's clock, so what comes at one instant counts as no "
        "rate.",
        (
            Source("client", "trace analyzer"),
            Source("documented", "best-practices", part="retries"),
            Source("the fake's own", part="instants, news"),
        ),
    ),
)
