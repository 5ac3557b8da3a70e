"""Member initialization and measuring."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "INIT-1",
        "With `memberInitialization`, members added with `initialize: true` (it may also arrive as a string) at "
        "creation form episode 1; later ones are marked for the next episode, which starts when the current one "
        "ends. `initializing` = `{stage, stageStartTime, episode}` while one runs.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "INIT-2",
        "Stages: joining → measuring → evaluating. No metrics and no measurement servers: no measuring. Not "
        "`externalEvaluation`: MPSD evaluates itself and evaluating is skipped.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "INIT-3",
        "joining ends when all of the episode have joined, or at `joinTimeout`: reservations still open are "
        "removed. measuring ends when all have uploaded, or at `measurementTimeout`: the others fail with "
        "`timeout`. evaluating ends when `initializationSucceeded` is written, or fails at `evaluationTimeout`.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "INIT-4",
        "`initializationFailure`, in order of precedence: timeout, latency, bandwidthdown, bandwidthup, network, "
        "group, episode. At the end of joining only `group` can appear.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "INIT-5",
        "Episode 1 needs `membersNeededToStart` members to pass, else all fail (`episode` on those without "
        "another reason) and the stage becomes `failed` for good. Later episodes simply end. "
        "`initializationEpisode` is removed when its episode ends.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "INIT-6",
        "Creating with too few members to initialize: 400, and the message says how many are needed. "
        "`membersNeededToStart` 0 with none to initialize skips episode 1.",
        (Source("documented", "faq, mpsd-xbox"),),
        built=False,
    ),
    Rule(
        "INIT-7",
        "With `peerToHostRequirements` and no host, `hostCandidates` (device tokens, best first by "
        "`hostSelectionMetric`) is set after measuring in episode 1 and cleared once `host` is set.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "INIT-8",
        "These timeouts override the reserved and ready timeouts of members that have `initializationEpisode`.",
        (Source("documented"),),
        built=False,
    ),
)
