"""Member initialization and measuring."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "INIT-1",
        "With `memberInitialization`, members added with `initialize: true` (it may also arrive as a string) at "
        "creation form episode 1. Later ones form episode 2, 3 and so on; those added while an episode runs wait for "
        "the next one, which starts when the current one ends. `initializing` = `{stage, stageStartTime, episode}` "
        "while one runs; `initializationEpisode` of a member is the one that they are in, or wait for. A reservation "
        "without `initialize` may be taken up with it.",
        (
            Source("documented", "mpsd-xbox, target-session, json-session"),
            Source("recording", "Broadcaster#96", part="one member passes at once"),
            Source("assumed", part="reservations without it"),
        ),
    ),
    Rule(
        "INIT-2",
        "Stages: joining → measuring → evaluating. No metrics and no measurement servers: no measuring. Not "
        "`externalEvaluation`: the service evaluates itself, and evaluating is skipped. With `externalEvaluation` it "
        "judges no measurement. With `peerToHostRequirements` and a `host`, only measurements to that host count.",
        (Source("documented", "mpsd-xbox, constants"),),
    ),
    Rule(
        "INIT-3",
        "joining ends when all members of the episode have joined, or at `joinTimeout`: reservations still open are "
        "removed. measuring ends when all have uploaded, or at `measurementTimeout`: the others fail with "
        "`timeout`. evaluating ends when `initializationSucceeded` is written, or fails at `evaluationTimeout`. An "
        "empty upload counts. A member may upload before measuring begins, and again: `measurements` from before count "
        "only if they cover all devices that are there now; a write of them during the stage counts, even of the same "
        "ones. A member with nothing to measure need not upload. The timeouts count from `stageStartTime`; one access "
        "applies at most one of them, and the next stage begins at that access. An episode ends once none of its "
        "members is left, or all have failed.",
        (
            Source("documented", "mpsd-xbox, constants, target-session"),
            Source("assumed", part='what early `measurements` count for, and from "A member with nothing" on'),
        ),
    ),
    Rule(
        "INIT-4",
        "`initializationFailure`, in order of precedence: timeout, latency, bandwidthdown, bandwidthup, network, "
        "group, episode. At the end of joining only `group` can appear: another member of the "
        "`initializationGroup` has failed, or did not join, whether they timed out, declined or were removed. "
        "`network`: a metric was not measured. Every client must be able to connect to a single common host. "
        "Somebody of the group who has joined and left counts as failed, too. In a mesh a member without an address "
        "fails with `network`; in a star only the host needs one, and without any all fail. Between peers, a "
        "connection is bad if either end has measured it so; those with the most bad "
        "connections fail, and then the others are counted again. To a host, those who cannot connect fail; without a "
        "host, the possible host to whom most can connect counts as one. Possible hosts are the members who have not "
        "failed in the mesh; only those who are not in the episode, if any of them has an address. If a group takes "
        "members away, the others are judged again. Members who were there before the episode do not fail.",
        (
            Source("documented", "mpsd-xbox, json-session, details"),
            Source("client", "XSAPI MultiplayerMeasurementFailure", part="a metric that was not measured"),
            Source("assumed", part='from "Somebody of the group" on'),
        ),
    ),
    Rule(
        "INIT-5",
        "Episode 1 needs `membersNeededToStart` members to pass, else all fail (`episode` on those without "
        "another reason) and the stage becomes `failed` for good: no later member is initialized. Later episodes "
        "simply end; after a failed evaluation their members get `episode`, too. `initializationEpisode` is removed "
        "when its episode ends; `initializationFailure` remains. `membersNeededToStart` counts also if the title "
        "evaluates.",
        (
            Source("documented", "mpsd-xbox (figure 3: also if the title evaluates), target-session"),
            Source("client", "XSAPI MultiplayerMeasurementFailure", part="`episode`"),
            Source("assumed", part="members added after the failure"),
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
        "`hostSelectionMetric`) is set after measuring in episode 1 and cleared once `host` is set. Candidates are the "
        "possible hosts (INIT-4) to whom all who passed can connect, in the order of the worst connection to each, "
        "then of their indices. `bandwidth` is the sum of both directions. If the title evaluates, all possible hosts "
        "are listed, last those whom somebody has not measured. Without a host, later episodes measure the candidates "
        "who are still there, or else everybody who was there before.",
        (
            Source("documented", "mpsd-xbox, target-session, constants"),
            Source("assumed", part="the second sentence and those after it"),
        ),
    ),
    Rule(
        "INIT-8",
        "These timeouts override the reserved and ready timeouts of members that have `initializationEpisode`, also "
        "while they wait for it. After it, those timeouts count from its end.",
        (Source("documented", "mpsd-xbox, constants"), Source("assumed", part="the waiting, and afterwards")),
    ),
)
