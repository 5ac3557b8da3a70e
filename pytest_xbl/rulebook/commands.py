"""The program `pytest-xbl`: the fake without pytest."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "CMD-1",
        "`pytest-xbl serve` serves one world until Ctrl+C, SIGTERM, or the end of its terminal; then the exit code is "
        "0, and no thread and no file is left. The world begins with a seed or a scenario, or else with four users "
        "and nothing else. Its tokens begin with `serve`, so they are the same at every start. There is no test to "
        "fail: each refused request is a line on the standard error, unless the option `--quiet` is given, and so is "
        "each exception of the fake.",
        (Source("the fake's own"),),
    ),
    Rule(
        "CMD-2",
        "The clock of a served world begins at the time that the seed names, or at the real time if it names none, and "
        "follows the real time: each request moves it on, and each second without one. Whoever moves it moves it "
        "further ahead. With `--clock stand` it stands still, as in a test.",
        (Source("the fake's own"),),
    ),
    Rule(
        "CMD-3",
        "With `--hosts`, programs that are started with the variables of `pytest-xbl env` reach the served world at "
        "the real names (HOST-2). The certificate is in a directory that is removed at the end. Foreign hosts are "
        "refused (HOST-4), except those of `--allow-host`. A client that signs in is the next user (NEAR-2), and "
        "after the last user the first one again.",
        (Source("the fake's own"),),
    ),
    Rule(
        "CMD-4",
        "The other commands ask a running `pytest-xbl serve` at `/_xbl/world.json` and `/_xbl/environ.json`, which are "
        "no requests of a client, and are refused like pages (SEEN-14, SEEN-15). The pages of a served world always "
        "let people move its clock.",
        (Source("the fake's own"),),
    ),
    Rule(
        "CMD-5",
        "A command that cannot do what it is asked for says so in one line on the standard error, and its exit code is "
        "2. `seed check` says a line for each seed, and its exit code is 2 if one of them is wrong.",
        (Source("the fake's own"),),
    ),
)
