"""Set-up: the rules of the form in which a test says how its world begins, in a seed or by a call."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "SEED-1",
        "A seed holds the fields that the reference of the seed form names, each of its own shape, and nothing else.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-2",
        "Whom or what a seed names, a person, a session, a template, is in the seed or was in the world before it.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-3",
        "`extends` names other seeds, which come first: files, relative to the file that names them, or scenarios. "
        "A seed that extends itself, be it through others, is refused.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-4",
        "Seeds are combined record by record, and a record field by field; of a field in both the later one counts "
        "as a whole, as in a write (PUT-5). A null takes a record or a field out.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-5",
        "What a seed makes obeys every rule that a request has to obey, as if a service had made it and everybody had "
        "taken their seat at the time of the clock. Somebody who would be gone at the first access is refused, unless "
        "the seed says since when they have been as they are.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-6",
        "A test starts from what its marker names; else from the scenario of its test case; else from what the "
        "fixture `xbl_seed` gives; else from what the setting `xbl_seed` names. The first of these counts, alone; a "
        "test case whose marker names a seed besides is refused.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-7",
        "A dump is a seed, and whoever loads it has an equal world: the same people, tokens but for the name of the "
        "world, sessions with their change numbers and timeouts, handles, statistics and time. It does not hold the "
        "histories of sessions, the connections of real-time activity, nor that sessions were forgotten (SEEN-18).",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-8",
        "Whether somebody may make a handle was decided when it was made: with `created`, only its form is checked, "
        "and that the owner of an activity is active in its session.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-9",
        "A seed is loaded as a whole: if anything in it is wrong, nothing of it comes into the world.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-10",
        "What is expected at the end is a part of the seed form, and compared with a dump. What it does not name is "
        "not compared; of a session's members it names all. A null says that something is not there; "
        "a field that no session has is an error.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-11",
        "Every user and every service of a world has a name and a token that nobody else has, and every user a xuid.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-13",
        "A world has a service configuration, which is meant wherever a test names none. The usual title belongs to "
        "it, and the ready-made templates are in it. A seed says which it is, a marker or a setting; it is so from "
        "the beginning of the world, and does not change.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-12",
        "A call that sets something up makes a record of the seed form, which is checked and put into the world like "
        "the same record of a seed. A mistake gets the same text and rule either way; from Python its place is the "
        "argument.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-14",
        "In a session that a test sets up, the first episode of initialization is over, however many members it would "
        "have needed, unless the session has `initializing`, the stage of the running episode. Members with the "
        "`initializationEpisode` of that episode are in it; those with the next one wait. They, and those with "
        "`initializationFailure`, were added with `initialize: true`; a failure is one that their stage can bring.",
        (Source("the fake's own"),),
    ),
    Rule(
        "SEED-15",
        "A part of a seed has at most 1,000,000 values, those that YAML repeats by aliases counted each time, and a "
        "seed is put together from at most 1,000 parts, counted as often as they are extended. A file that several "
        "parts extend is read once.",
        (Source("the fake's own"),),
    ),
)
