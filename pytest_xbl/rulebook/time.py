"""Time."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "TIME-1",
        "Timers are lazy: state moves only just before a read or write of that session (queries included for the "
        "sessions they touch), never on its own.",
        (Source("documented", "details"),),
    ),
    Rule(
        "TIME-2",
        "Timeouts are not stacked: one access applies at most one transition to each member.",
        (Source("documented", "details"),),
    ),
    Rule(
        "TIME-3",
        "Reserved longer than `reservedRemovalTimeout`: removed. Inactive longer than `inactiveRemovalTimeout`: "
        "removed. Ready longer than `readyRemovalTimeout`: becomes inactive (one page says removed; with the "
        "default inactive timeout of 0 the next access removes them anyway).",
        (Source("documented", "details, mpsd-xbox"),),
    ),
    Rule(
        "TIME-4",
        "An empty session is deleted `sessionEmptyTimeout` after it emptied; 0 means in the same write, which "
        "then answers 204. Deleted and made again, it keeps its `correlationId` and gets a new `startTime`.",
        (Source("documented"),),
    ),
    Rule(
        "TIME-5",
        "0 is at once; null is never.",
        (Source("documented"),),
    ),
    Rule(
        "TIME-6",
        "`nextTimer` is the earliest pending timeout and absent if there is none; the `Expires` header says the same.",
        (Source("documented"),),
    ),
    Rule(
        "TIME-7",
        "Presence: on access, an active member whose presence is not in the title becomes inactive, unless "
        "`suppressPresenceActivityCheck`. Presence is seeded; by default every user is present, and no request "
        "changes it.",
        (Source("documented", "details, constants"),),
    ),
    Rule(
        "TIME-8",
        "An orphaned session ends like this. Of four active players A and B lose power and stay active, C and D "
        "leave. Days later A starts the game again, which asks for A's sessions: this read finds the session, and A "
        "stays active, but B, who is not in the title, becomes inactive; B's timeout starts now. A leaves. When B's "
        "timeout is over, the next access by anybody removes B, and with the last member the session goes. With an "
        "inactive timeout of 0 A's leaving takes B and the session along, without another access.",
        (Source("documented", "details"),),
    ),
    Rule(
        "TIME-9",
        "The branch is the scope of `changeNumber`: a session made again after deletion gets a new branch.",
        (Source("client"),),
    ),
    Rule(
        "TIME-10",
        "Every access that gets as far as the session counts as one, also when it is then refused: what was due "
        "has happened, and raised the change number by one.",
        (Source("assumed"),),
    ),
)
