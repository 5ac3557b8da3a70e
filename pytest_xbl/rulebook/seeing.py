"""Seeing what happened: the rules of comparisons, of the journal, and of what fails a test."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "SEEN-1",
        "Session documents are compared in whole and type by type: true, 1 and 1.0 all differ. Members are told apart "
        "by their xuids, and not by their indices. What is no JSON in the expected document is asked by its own `==`; "
        "a tuple is a list. A part of a document names only fields that a document can have.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-2",
        "A difference is told in one line: its JSON pointer with the name of a member, what was expected, what is "
        "there, the name of such a change for clients that subscribe to it (TAP-5), and the write that made it so. "
        "Differences at places that follow from others (MEMB-1, MEMB-2, MEMB-9, TIME-6, ROLE-2) share one line beside "
        "these, unless a test names such a place or asks for all.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-3",
        "Nothing is ignored unless a comparison says so; what is ignored is listed, and a pattern that fits nothing is "
        "an error.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-4",
        "The journal holds every request that has reached a world, refused or not, in the order of the answers. "
        "The HTTP archive that is made of it has no tokens, and no codes or passwords in the bodies of sign-ins.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-5",
        "A test fails whose client asks for a path or a method that there is not, for a real host whose service "
        "there is not, for a host that it may not reach (HOST-4, HOST-5), or sends a body that is not JSON, not of "
        "the service's form, or contradicts itself; unless the test expects it, or lets it pass by name. The "
        "failure stands at the line of the test that called, or of its project, if the call came from its process. "
        "Without a token SEEN-10 applies.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-6",
        "A request with a token of a test that is over is answered with 410 and reaches no world. That test is "
        "reported as an error, once, with the number of such requests and the tests that ran meanwhile. The running "
        "test fails, too, if the request came on a connection that was opened since it began or, in the process, "
        "from its own thread or one that is as new.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-7",
        "A refusal that is expected by its rule or its status, and by a regular expression for its text, has to come, "
        "and then fails nothing.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-8",
        "A failing test shows its requests and the last versions of its sessions; its own failure comes first, and is "
        "never hidden. With the option `--xbl-artifacts` it leaves its requests as an HTTP archive, its world as a "
        "seed, and a page that shows both and needs nothing beside it.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-9",
        "Each run of a test has tokens of its own, which follow from the id of the test and the number of the run. A "
        "token that a test has chosen is known to its world only, and unknown when the test is over.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-10",
        "A request over the socket that has no token of a test, and names no real host, may come from anybody on the "
        "machine. It is answered, and fails no test. If it is refused, it is counted, and a failing test shows the "
        "count: only signing in needs no token (NEAR-3).",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-11",
        "The server answers requests for the machine itself (localhost, 127.0.0.1), for the host at which the setting "
        "xbl_host lets it listen, and for real hosts (CALL-1); for any host if it listens at all addresses of the "
        "machine. A request for another Host is refused with 421 and reaches no world.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-12",
        "A world of xbl_world lasts as long as the fixture that asks for it, as a wider scope, or as its with-block. A "
        "mistake or a bug in it fails the test that runs. A call that comes after its end belongs to the last test "
        "that ran before that (SEEN-6). A call in the process by a client of one world with a token of another, and "
        "one with a token that two worlds know, reach neither and fail the test.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-13",
        "The tokens that a test has chosen may be real: its reports and artifacts show no more than the last four "
        "characters of each, and the seed among its artifacts has none. Refusals and errors show as little of an "
        "Authorization header that is not well-formed, and of a value that cannot be a token: blanks, signs, the "
        "name of a scheme, and the last four characters. A token or a secret of fewer than 12 characters shows none; "
        "as a word elsewhere in a text, such a token remains. Tokens that the fake makes are no secrets. What a test "
        "asks for, such as a dump, holds all of them.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-14",
        "The pages below /_xbl/ of the server are for people, and so is /debug of the session directory, which leads "
        "there. A request for one is no request of a client: it is in no journal, fails no test, and settles no timer. "
        "Only the clock of a world can be moved there, and in a run of tests only while no test goes on: in pytest's "
        "debugger, or after the last test under --xbl-stay.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-15",
        "The pages are shown by the names of the machine itself (localhost, 127.0.0.1) and by the host at which the "
        "server listens; by its addresses, too, if it listens at all of them. Another Host is refused with 421, and a "
        "request that a page of another site has caused with 403.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-16",
        "Under --xbl-stay the worlds of failed tests are served once more after the last test, until Enter is pressed; "
        "in a run without a terminal, or in workers of pytest-xdist, it is refused. A failing test names the address "
        "of its world then; in pytest's debugger the address comes before the prompt.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-17",
        "A process that is forked from a test's has only a copy of its world, so `xbl.client`, `xbl.app` and the "
        "transports raise an error there; `xbl.url` reaches the test's own world.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEEN-18",
        "A world keeps its last requests and shoulder taps, the last messages on each websocket until the request that "
        "opened it is let go, and at least the last versions of all its sessions together: 10,000 of each unless the "
        "setting xbl_keep says otherwise. Wherever they are listed, the number of those that were let go is told; an "
        "assertion that depends on them is an error, and a difference that may be older than the versions that are "
        "left is blamed on none. An ended session is forgotten with its last version unless a handle leads to it; no "
        "ETag of it is one of a session that is made again. Of the mistakes of each kind the first 100 are kept. "
        "`reset` and `restore` clear the journal if they are asked to; mistakes fail the test all the same.",
        (Source("the fake's own"),),
    ),
)
