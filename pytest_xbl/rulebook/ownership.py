"""Owners and roles."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "OWN-1",
        "With `hasOwners` the creator is an owner; `properties.system.owners` lists owners' indices and only the "
        "service writes it. Owners remove members, change who owns, and write system properties; others may write "
        "only those named in `nonOwnerModifiableSystemProperties`. 403 otherwise.",
        (Source("documented", "browse, constants"),),
        built=False,
    ),
    Rule(
        "OWN-2",
        "Non-owners may not create invite handles unless `allowNonOwnerInviteHandles`.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "OWN-3",
        "Last owner gone: `oldest` makes the member with the oldest `joinTime` owner, `endsession` ends the "
        "session and removes everybody.",
        (Source("documented"),),
        built=False,
    ),
    Rule(
        "OWN-4",
        "Somebody blocked by an owner cannot join.",
        (Source("documented", "browse"),),
        built=False,
    ),
    Rule(
        "ROLE-1",
        "`roleTypes.<type>` = `{ownerManaged, mutableRoleSettings, roles: {<role>: {max, target}}}`; names "
        "lower-case alphanumeric, at most 100 characters; `max` > 0, 0 < `target` ≤ `max`; `ownerManaged` only "
        "with `hasOwners`.",
        (Source("documented", "roles"),),
        built=False,
    ),
    Rule(
        "ROLE-2",
        "A member holds at most one role of each type, written and rendered as `roles: {<type>: <role>}` at the "
        "root of the member. Rendered role types carry `count` and, when it is not 0, `memberXuids`. An unknown "
        "type or role is 400. Beyond `max`: the write is refused. Owner-managed roles are given by owners only. "
        "`target` is not enforced.",
        (Source("documented"), Source("client", part="shape and refusal")),
        built=False,
    ),
    Rule(
        "ROLE-3",
        "`max`/`target` change later only if listed in `mutableRoleSettings`, and by owners.",
        (Source("documented"),),
        built=False,
    ),
)
