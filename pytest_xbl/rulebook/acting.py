"""Services that act for users."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "S2S-1",
        "A service names in `X-Xbl-OnBehalfOf-Users` the users that it acts for, `xuid[;priv=multiplayer]` with commas "
        "between them, `priv` in whatever case and with spaces around each part or not, and in "
        "`X-Xbl-OnBehalfOf-Title` the title, a number above 0 in decimal digits. The call then counts as one of these "
        "users, with their device, that title, and the privileges that the header declares. Without that header, it "
        "acts for the user whose claim is in its token (CALL-4), or for nobody. A malformed header, or a user named "
        "twice: 400. A header from a user, or for a user who does not exist: 403. Without the title the users' own "
        "counts, and a privilege that a user lacks counts as declared; the journal notes both.",
        (
            Source("documented", "s2s"),
            Source("assumed", part="case and spaces, the refusals, and what the journal notes"),
        ),
    ),
    Rule(
        "S2S-2",
        "A service that acts for users writes their members under `me_<xuid>`, `me_all`, which is each of them, and "
        "`me_allInSession`, which is each of them who is in the session or has a reservation; null removes them. It "
        "adds only users whom its body names. Of two values of one property of a user, the later in the body counts. "
        "`me` needs a single acting user. A key from anybody else, or of a user for whom the service does not act: "
        "403. A user who is changed and removed in one write, or has different values of `active` or `ready`, or "
        "both, in two parts: 400 (PUT-14).",
        (
            Source("documented", "s2s"),
            Source("assumed", part="the refusals, the reservation, two values, and a body that names nobody"),
        ),
    ),
    Rule(
        "S2S-3",
        "A service has access to every session, whatever the visibility, the restrictions and the privileges of the "
        "users that it acts for, unless it sends `X-Xbl-Deny-Scope: Multiplayer.Manage`: then each of these users "
        "needs access: those whom the body names as if they called themselves, the others to read the session. "
        "Without such a user, or from a user: 403; another value: 400. "
        "It removes nobody by index (MEMB-5), and writes properties and servers only if one of its users is in the "
        "session, or joins by that write (PROP-1): 403.",
        (Source("documented", "s2s"), Source("assumed", part="400, each of several users, last")),
    ),
    Rule(
        "S2S-4",
        "A service that names users in its header reserves places for them only in the write that creates the session "
        "(409 otherwise), from `reserve_0` on, in the order of the header, and never in a write that adds, changes or "
        "removes members (400). It cannot set their activity (403).",
        (Source("documented", "s2s"), Source("assumed", part="statuses")),
    ),
    Rule(
        "S2S-5",
        "A handle has one owner, so a service that acts for several users makes none: 400.",
        (Source("assumed"),),
    ),
)
