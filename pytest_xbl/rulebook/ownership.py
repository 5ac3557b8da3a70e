"""Owners and roles."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "OWN-1",
        "A session with the capability `hasOwners` has owners: whoever creates it, or, while nobody owns it, the "
        "member who has joined first. `properties.system.owners` lists their indices. Owners remove members by index, "
        "change who owns the session (OWN-5), and write its system properties (OWN-6): 403 for others.",
        (
            Source("documented", "browse, constants"),
            Source("assumed", part="a session that a service makes, status"),
        ),
    ),
    Rule(
        "OWN-2",
        "Members who are no owners make no invites, unless `ownershipPolicies.allowNonOwnerInviteHandles` is true: "
        "403. An invite that was made before its session opens nothing before its sender may invite.",
        (Source("documented", "constants"), Source("assumed", part="status, last")),
    ),
    Rule(
        "OWN-3",
        "When the last owner goes, in whatever way, `ownershipPolicies.migration` decides: with `oldest`, the member "
        "who joined first becomes the owner; with `endsession`, the default, the session ends at once and everybody "
        "leaves it, whatever `sessionEmptyTimeout` is. Reservations do not inherit: with `oldest` and nobody else "
        "there, whoever joins next is the owner.",
        (
            Source("documented", "browse, constants"),
            Source("assumed", part="reservations, `sessionEmptyTimeout`"),
        ),
    ),
    Rule(
        "OWN-4",
        "Whoever is blocked by an owner cannot join, nor take up a reservation, with a handle or without: 403. Members "
        "stay.",
        (Source("documented", "browse"), Source("assumed", part="status, reservations, members")),
    ),
    Rule(
        "OWN-5",
        "An owner, or a service, changes who owns a session by writing the whole list `properties.system.owners`: at "
        "least one index, each once, of members who have joined. Otherwise, and without `hasOwners`: 400. No page says "
        "how ownership is written.",
        (Source("assumed"),),
    ),
    Rule(
        "OWN-6",
        "In a session with owners, system properties are changed by owners and services; others change only those that "
        "`ownershipPolicies.nonOwnerModifiableSystemProperties` names: 403. Writing a value that is there already "
        "changes nothing, and is no change. Custom properties are for all members.",
        (Source("documented", "constants"), Source("assumed", part="equal values, status")),
    ),
    Rule(
        "ROLE-1",
        "`roleTypes.<type>` = `{ownerManaged, mutableRoleSettings, roles: {<role>: {max, target}}}`, in a template or "
        "at the creation of a session; names lower-case alphanumeric, at most 100 characters; `max` > 0, 0 < `target` "
        "≤ `max`; `ownerManaged` only with `hasOwners`. A role may leave out `max`, and then has no limit.",
        (Source("documented", "roles"), Source("client", "public tools", part="without `max`")),
    ),
    Rule(
        "ROLE-2",
        "A member holds at most one role of each type, written and rendered as `roles: {<type>: <role>}` at the root "
        "of the member. Types that a write does not name stay; null gives a role up. Rendered roles carry `count` and, "
        "when it is not 0, `memberXuids`. An unknown type or role is 400. `target` is not enforced.",
        (
            Source("documented", "roles"),
            Source("client", "XSAPI", part="shape and refusal"),
            Source("assumed", part="types that are not named, null"),
        ),
    ),
    Rule(
        "ROLE-3",
        "Later, `max` and `target` change only if `mutableRoleSettings` lists them, by owners and services: 403 for "
        "others, 409 for another setting, type or role. The creation of a session may change them so, too (TMPL-3). "
        "What is the same as before changes nothing, and `max` does not go below the number of members who have the "
        "role when the write is done: 400. So one write may change it and give roles that fit it.",
        (Source("documented", "roles"), Source("assumed", part="statuses, the creation, and the last")),
    ),
    Rule(
        "ROLE-4",
        "Roles of a type with `ownerManaged` are given and taken by owners and services: 403 for others, also for "
        "their own. They write `members.<index>: {roles: {…}}`; no page says how. Roles of other types members give "
        "to themselves, under `me`.",
        (Source("documented", "roles"), Source("assumed", part="how owners write roles, status")),
    ),
    Rule(
        "ROLE-5",
        "A role with `max` members is full, and a write that gives it to one more is refused: 400, as JOIN-8. A "
        "reservation can have roles, counts, and keeps them when its player joins.",
        (Source("documented", "roles, browse"), Source("assumed", part="status, reservations")),
    ),
)
