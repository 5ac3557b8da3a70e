"""Templates and constants."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "TMPL-1",
        "A session is created from a named template of its SCID. Unknown SCID or template: 404.",
        (Source("documented"),),
    ),
    Rule(
        "TMPL-2",
        "A template has the form of a PUT body limited to `constants` (system and custom) and `roleTypes`. "
        "Members, servers and properties are refused when a template is seeded.",
        (Source("documented", "templates"),),
    ),
    Rule(
        "TMPL-3",
        "A new session's constants start as the template's. The creating PUT may add constants the template "
        "leaves out. A constant that the template sets cannot be changed: a different value is 409, the same "
        "value is accepted.",
        (Source("documented", "details, templates, status-codes"),),
    ),
    Rule(
        "TMPL-4",
        "Constants are fixed at creation. A later PUT that repeats them with equal values is accepted (PUT is "
        "idempotent); different values are 409 and the message names the constant.",
        (Source("documented"), Source("client", "test comments", part="message")),
    ),
    Rule(
        "TMPL-5",
        "`null` in a template (or at creation) forces a value to stay unset, which also switches its default off: "
        "`sessionEmptyTimeout: null` means never.",
        (Source("documented", "templates"),),
    ),
    Rule(
        "TMPL-6",
        "Defaults under contract 107: `maxMembersCount` 100, `visibility` open, `reservedRemovalTimeout` 30000, "
        "`inactiveRemovalTimeout` 0, `readyRemovalTimeout` 180000, `sessionEmptyTimeout` 0 (milliseconds).",
        (Source("documented", "constants"),),
    ),
    Rule(
        "TMPL-7",
        "Defaults under 104/105: the same four timeouts live in `constants.system.timeouts` as `reserved`, "
        "`inactive` (7200000), `ready`, `sessionEmpty`; member initialization is called `managedInitialization`, "
        "has `autoEvaluate` where 107 has `externalEvaluation` (opposite polarity, both default false), and "
        "defaults `membersNeededToStart` 2, `joinTimeout` 5000, `measurementTimeout` 5000.",
        (Source("documented", "mpsd-xbox"),),
    ),
    Rule(
        "TMPL-8",
        "Templates written for one contract are readable and writable under the other: the document is rendered "
        "in the contract of the request; `contractVersion` in the answer says which.",
        (Source("documented", "faq, json-session"),),
    ),
    Rule(
        "TMPL-9",
        'GET `/serviceconfigs/{scid}/sessiontemplates` gives `{"results": [names]}`; GET of one template gives '
        "the template.",
        (Source("recording", "xbox-webapi-csharp#14"), Source("documented", "mpsd-xbox", part="one template")),
    ),
    Rule(
        "TMPL-10",
        "If a template holds a `capabilities` object (even an empty one), a session cannot add capabilities at "
        "creation.",
        (Source("documented", "constants"),),
    ),
    Rule(
        "TMPL-11",
        "The defaults of TMPL-6, TMPL-7, CONST-10, CONST-11, CONST-13 and CONST-17 are part of the constants that a "
        "session shows; `memberInitialization` shows only what the template or the creation sets.",
        (
            Source("documented", 'templates ("defaults are supplied")'),
            Source("recording", "saz 054", part="timeouts"),
            Source("recording", "Broadcaster#96", part="member initialization"),
            Source("assumed", part="the others"),
        ),
    ),
    Rule(
        "TMPL-12",
        "The contract that a template is written for decides its defaults, whatever contract a request has.",
        (Source("recording", "saz 054"),),
    ),
    Rule(
        "TMPL-13",
        "Where constants are compared, a capability that is false is as good as one that is left out, and so is a null "
        "inside `memberInitialization`; no response shows it.",
        (Source("assumed", "clients write only the true ones"),),
    ),
    Rule(
        "TMPL-14",
        "Under 105 `properties.system.matchmaking` is always there, `{}` when nothing is in it. Under 104 it is not "
        "(the page's sample), nor under 107.",
        (
            Source("recording", "all sessions of 105"),
            Source("documented", "put-session", part="104"),
            Source("recording", "Broadcaster#96", part="107"),
        ),
    ),
    Rule(
        "CONST-1",
        "`version`: integer ≥ 1.",
        (Source("documented"),),
    ),
    Rule(
        "CONST-2",
        "`maxMembersCount`: 1 to 100; with the `large` capability up to 10000 (one page says 1000; the "
        "large-session page decides). Outside: 400.",
        (Source("documented", "details, large"),),
    ),
    Rule(
        "CONST-3",
        "`visibility`: `private`, `visible` or `open`.",
        (Source("documented"),),
    ),
    Rule(
        "CONST-4",
        "`inviteProtocol`: free text in old pages (`party`), `game`, `tournamentgame`, `chat`, `gameparty` in new "
        "ones. Absent: invites make no toast.",
        (Source("documented", "constants"),),
    ),
    Rule(
        "CONST-5",
        "Timeouts: integer ≥ 0 or null (infinite).",
        (Source("documented"),),
    ),
    Rule(
        "CONST-6",
        "`capabilities`: booleans `connectivity`, `suppressPresenceActivityCheck`, `gameplay`, `large`, "
        "`connectionRequiredForActiveMembers`, `cloudCompute`, `autoPopulateServerCandidates`, "
        "`userAuthorizationStyle`, `crossPlay`, `broadcast`, `team`, `arbitration`, `hasOwners`, `searchable`, "
        "`clientMatchmaking`, `blockBadMsaReputation`.",
        (Source("documented", "constants, mpsd-xbox"), Source("documented", "arena", part="the last")),
    ),
    Rule(
        "CONST-7",
        "Not with `large`: `connectivity`, `autoPopulateServerCandidates`, `userAuthorizationStyle`, `team`, "
        "`arbitration`, `memberInitialization`, `measurementServerAddresses`.",
        (Source("documented"),),
    ),
    Rule(
        "CONST-8",
        "`broadcast` needs `large`, and the session's name must be the broadcaster's xuid. `arbitration` needs "
        "`gameplay`, and the session must be created by a service principal that adds the `arbitration` server. "
        "`team` not with `gameplay`.",
        (Source("documented"),),
    ),
    Rule(
        "CONST-9",
        "`userAuthorizationStyle` and `searchable` together need `hasOwners`. `userAuthorizationStyle` makes "
        "`readRestriction` and `joinRestriction` default to `local`, and neither may be set to `none`.",
        (
            Source("documented", "constants"),
            Source("recording", "saz 059", part="the default"),
            Source("client", "test comments", part="refusal"),
        ),
    ),
    Rule(
        "CONST-10",
        "`metrics`, `peerToPeerRequirements`, `peerToHostRequirements` need `connectivity`. Metrics left out "
        "default to what the requirements need; metrics given must suffice for them.",
        (Source("documented"),),
    ),
    Rule(
        "CONST-11",
        "Requirement defaults: p2p `latencyMaximum` 250, `bandwidthMinimum` 10000; p2h `latencyMaximum` 250, "
        "`bandwidthDownMinimum` 100000, `bandwidthUpMinimum` 1000, `hostSelectionMetric` latency (or "
        "`bandwidthup`, `bandwidthdown`, `bandwidth`).",
        (Source("documented"),),
    ),
    Rule(
        "CONST-12",
        "`measurementServerAddresses`: object keyed by lower-case connection string, each `{secureDeviceAddress: "
        "base64}`, not empty.",
        (Source("documented"), Source("assumed", part="not empty")),
    ),
    Rule(
        "CONST-13",
        "`ownershipPolicies` need `hasOwners`: `migration` `oldest` or `endsession` (default), "
        "`allowNonOwnerInviteHandles` (default false), `nonOwnerModifiableSystemProperties` list of names.",
        (Source("documented"),),
    ),
    Rule(
        "CONST-14",
        "`initiators`: if given, the creator's xuid must be in it or the creator a server; otherwise 403.",
        (Source("documented", "mpsd-xbox"), Source("assumed", part="status")),
    ),
    Rule(
        "CONST-15",
        "`memberInitialization` (107 names): `joinTimeout` 10000, `measurementTimeout` 30000, `evaluationTimeout` "
        "5000 (used only with `externalEvaluation`), `externalEvaluation` false, `membersNeededToStart` 1, between 0 "
        "and `maxMembersCount`; a template that can only make refused sessions is refused itself.",
        (
            Source("documented"),
            Source("documented", "constants (its example)", part="`evaluationTimeout` without `externalEvaluation`"),
        ),
    ),
    Rule(
        "CONST-16",
        "`cloudComputePackage` {titleId, gsiSet, variant, crossSandbox} needs `cloudCompute`.",
        (Source("documented", "constants"), Source("client", part="crossSandbox")),
        missing="the allocation (501 PROP-8)",
    ),
    Rule(
        "CONST-17",
        "`arbitration` needs the capability `arbitration`: `forfeitTimeout` 60000 and `arbitrationTimeout` 300000 "
        "milliseconds by default, the second not below the first.",
        (Source("documented", "constants"),),
        missing="the results of members (MEMB-20)",
    ),
    Rule(
        "CONST-18",
        "`broadcastViewerTitleIds`: a list of title ids as strings. Players of these titles may always read a "
        "broadcast session.",
        (Source("documented", "constants"),),
    ),
)
