"""Faults: what goes wrong because a test asks for it."""

from pytest_xbl.rulebook.rule import Rule, Source

OWN = (Source("the fake's own"),)

RULES = (
    Rule(
        "FAULT-1",
        "A fault is armed for an operation, and may be for one caller or one session only. As many requests meet it as "
        "it says, one unless it says otherwise, after it has let some pass. A request meets at most one delay, one "
        "race and one fault that decides the answer: each the first in the order of the lines that armed them. A fault "
        "is used up before the request is handled, so that neither a retry nor the rival of a race meets it again. "
        "A request that is refused for its path, its verb or its caller meets none, nor does one beyond a rate limit.",
        OWN,
    ),
    Rule(
        "FAULT-2",
        "A request that fails by a fault is not handled, and changes nothing. Its answer has the status of the fault "
        "and its Retry-After, if any; with 429 the body of a rate limit (RATE-2), with 503 no body (CODE-503), "
        "otherwise a line of text.",
        OWN,
    ),
    Rule(
        "FAULT-3",
        "A request whose answer is lost or cut is handled, and what it changes stays; the journal has the true "
        "answer. The client meets a connection that is closed, reset or silent, a body that ends too early, or the "
        "status of a gateway; the answer that opens a websocket can be neither lost nor cut. In the process a closed "
        "connection raises what a client raises for one; a fault that needs a socket raises an error there, and none "
        "of the faults that the request would meet is used up. A body that is too short to be cut arrives, and fails "
        "the test unless the fault is optional. A silent connection ends with the test.",
        OWN,
    ),
    Rule(
        "FAULT-4",
        "A delay moves the world's clock before the request is handled, or takes real time. A service that is down "
        "takes no request that would meet the fault (FAULT-1): the connection is reset, refused in the process, and "
        "nothing is in the journal.",
        OWN,
    ),
    Rule(
        "FAULT-5",
        "The rival of a race acts just before the request is handled; its own requests are in the journal like any "
        "other. While it acts, no request meets the same race; a write that the race names, and no function makes, "
        "meets no fault at all. Such a write that is refused fails the test, as does an exception of the rival.",
        OWN,
    ),
    Rule(
        "FAULT-6",
        "A fault that happens less often than it says fails the test, or at the end of its with-block the block, with "
        "where it was armed and what came instead; one that says no number has to happen once. None does so that is "
        "optional or disarmed, nor in a test that fails by itself, is skipped, or whose world has a wider scope, "
        "until that ends.",
        OWN,
    ),
    Rule(
        "FAULT-7",
        "A seed may have faults, in the words of the calls, which are armed when it comes into a world. They are no "
        "part of the state: no snapshot and no dump has them.",
        OWN,
    ),
    Rule(
        "FAULT-8",
        "A shoulder tap can get lost or arrive twice, the second time in a message of its own with the same ncid. It "
        "meets the first fault that waits for it: `by` is whoever changed the session, and `to` the user who is "
        "tapped. It meets it when it is sent, so taps that are merged count as one. `xbl.rta.taps` has it once, with "
        "the fault; `assert_tapped` counts no tap that got lost.",
        OWN,
    ),
)
