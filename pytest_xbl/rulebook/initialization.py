"""Member initialization and measuring."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "INIT-1",
        "With `memberInitialization`, members who are added with `initialize: true` (it may also arrive as a string) "
        "form an episode: at creation episode 1, and 2 or more for everybody who comes later. Whoever comes while an "
        "episode runs waits for the next one, which starts when the current one ends. `initializing` = `{stage, "
        "stageStartTime, episode}` while one runs; `initializationEpisode` of a member is the one they are in, or wait "
        "for. Whoever takes up a reservation may ask for initialization that the reservation left out.",
        (
            Source("documented", "mpsd-xbox, target-session, json-session"),
            Source("recording", "Broadcaster#96", part="one member passes at once"),
            Source("assumed", part="reservations that left it out"),
        ),
    ),
    Rule(
        "INIT-2",
        "Stages: joining → measuring → evaluating. No metrics and no measurement servers: no measuring. Not "
        "`externalEvaluation`: the service evaluates itself, and the stage of evaluating is skipped. With "
        "`externalEvaluation` it judges no measurement. Where `peerToHostRequirements` and a `host` are set, only "
        "measurements to that host count.",
        (Source("documented", "mpsd-xbox, constants"),),
    ),
    Rule(
        "INIT-3",
        "joining ends when all of the episode have joined, or at `joinTimeout`: reservations still open are "
        "removed. measuring ends when all have uploaded, or at `measurementTimeout`: the others fail with "
        "`timeout`. evaluating ends when `initializationSucceeded` is written, or fails at `evaluationTimeout`. An "
        "empty upload counts, and whoever has nobody to measure need not upload. The timeouts count from "
        "`stageStartTime`; one access lets at most one of them act, and the next stage begins then. An episode of "
        "which nobody is left, or nobody has passed, ends.",
        (
            Source("documented", "mpsd-xbox, constants, target-session"),
            Source("assumed", part='from "whoever has nobody" on'),
        ),
    ),
    Rule(
        "INIT-4",
        "`initializationFailure`, in order of precedence: timeout, latency, bandwidthdown, bandwidthup, network, "
        "group, episode. At the end of joining only `group` can appear: somebody of the member's "
        "`initializationGroup` has failed, or did not join. `network`: a metric was not measured, or the member has no "
        "address. Between peers a connection is bad if either end has measured it so; whoever has the most bad "
        "connections fails first, equals together, and then the rest is counted again. To a host, whoever cannot "
        "connect fails; while there is no host, the one to whom most can connect counts as one. Members who were there "
        "before the episode do not fail.",
        (
            Source("documented", "mpsd-xbox, json-session, details"),
            Source("assumed", part='from "Between peers" on, and that a missing address is `network`'),
        ),
    ),
    Rule(
        "INIT-5",
        "Episode 1 needs `membersNeededToStart` members to pass, else all fail (`episode` on those without "
        "another reason) and the stage becomes `failed` for good: nobody is initialized any more. Later episodes "
        "simply end; after a failed evaluation their members get `episode`, too. `initializationEpisode` is removed "
        "when its episode ends, and `initializationFailure` stays. The number of members counts whoever evaluates.",
        (
            Source("documented", "mpsd-xbox, target-session"),
            Source("assumed", part="those who come after the failure, and the last sentence"),
        ),
    ),
    Rule(
        "INIT-6",
        "Creating with fewer members to initialize than `membersNeededToStart`: 400, and the message says how many are "
        "needed. `membersNeededToStart` 0 with none to initialize skips episode 1.",
        (Source("documented", "faq, mpsd-xbox"),),
    ),
    Rule(
        "INIT-7",
        "With `peerToHostRequirements` and no host, `hostCandidates` (device tokens, best first by "
        "`hostSelectionMetric`) is set after measuring in episode 1 and cleared once `host` is set. A candidate is "
        "whoever all who passed can connect to, and is as good as the worst connection to it; of equals the one with "
        "the lower index comes first. `bandwidth` is the sum of both. Without a host, later episodes measure the "
        "candidates who are still there.",
        (
            Source("documented", "mpsd-xbox, target-session, constants"),
            Source("assumed", part="the second sentence and those after it"),
        ),
    ),
    Rule(
        "INIT-8",
        "These timeouts override the reserved and ready timeouts of members that have `initializationEpisode`, also "
        "while they wait for it. Afterwards those count from the time at which the status began.",
        (Source("documented", "mpsd-xbox, constants"), Source("assumed", part="the waiting, and afterwards")),
    ),
)
