"""The list of the sessions of a world, as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from markupsafe import Markup

from pytest_xbl.compare.log import effect_text
from pytest_xbl.mpsd.model import Member, Session
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.markup import element, joined, link, quiet, table
from pytest_xbl.pages.paging import pager, part_of
from pytest_xbl.pages.requests import length, moment
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet
from pytest_xbl.pages.words import listed
from pytest_xbl.world.state import Record, SessionVersion
from pytest_xbl.world.stored import records

MOST_MEMBERS = 8
MOST_EFFECTS = 4
"""The most members of a session, and the most effects of its last version, that a row shows."""
HEAD = ("session", "version", "members", "state", "next timeout", "last change")


def session_list(scene: Scene, asked: Asked) -> Sheet:
    """The page of all sessions, in the order in which they were first made."""
    part = part_of(records(scene.world), asked)
    rest = pager(part, lambda number: scene.at.page("sessions", page=number))
    return Sheet("Sessions", joined([session_table(scene, part.items), rest]), "Sessions")


def session_table(scene: Scene, kept: Sequence[Record], *, nothing: str = "There is no session yet.") -> Markup:
    """A row for each session.

    Args:
        nothing: the sentence for none.
    """
    if not kept:
        return quiet(nothing)
    rows = (_row(scene, record) for record in kept)
    return element("div", table("Sessions", HEAD, rows, class_="sessions"), class_="scroll")


def _row(scene: Scene, record: Record) -> Markup:
    ref, session = record.ref, record.session
    name = joined([link(ref.name, scene.at.session(ref)), element("br"), element("small", ref.template)])
    if ref.scid.lower() != scene.world.scid.lower():
        name = joined([name, element("br"), element("small", ref.scid)])
    shown = _shown(scene, session) if session else [element("td"), element("td", "gone", colspan=3, class_="quiet")]
    last = _last(scene, record.log.version) if record.log else None
    return element("tr", element("th", name, scope="row"), *shown, element("td", last))


def _shown(scene: Scene, session: Session) -> list[Markup]:
    cells = (
        f"#{session.change_number}",
        members_shown(scene, session),
        listed(states(session)),
        _timer(scene, session),
    )
    return [element("td", cell) for cell in cells]


def members_shown(scene: Scene, session: Session) -> Markup:
    """The first members with their statuses, and how many there can be."""
    count, limit = len(session.members), session.constants.system.get("maxMembersCount")
    shown = [pill(scene, member) for member in islice(session.members, MOST_MEMBERS)]
    more = f" and {count - MOST_MEMBERS:,} more" if count > MOST_MEMBERS else None
    text = f"{count:,} of {limit:,}" if limit is not None else f"{count:,}"
    return joined([element("span", text, class_="quiet"), " ", *_apart(shown), more])


def _apart(parts: Sequence[Markup]) -> Iterator[object]:
    for part in parts:
        yield part
        yield " "


def pill(scene: Scene, member: Member) -> Markup:
    """A member and their status."""
    status = element("small", member.status)
    return element("span", scene.name_of(member.xuid), " ", status, class_=f"member {member.status}")


def states(session: Session) -> list[str]:
    """Who can see and join a session, and how far its initialization is."""
    constants, properties = session.constants.system, session.properties.system
    found = [name for name in ("closed", "locked") if properties.get(name)]
    found += [f"visibility {constants['visibility']}"] if "visibility" in constants else []
    found += [f"join {properties['joinRestriction']}"] if "joinRestriction" in properties else []
    found += [f"read {properties['readRestriction']}"] if "readRestriction" in properties else []
    if running := session.initialization:
        found.append(f"episode {running.episode} {running.stage}")
    return found


def _timer(scene: Scene, session: Session) -> Markup:
    timer, now = next_timer(session), scene.world.now
    if timer is None:
        return Markup()
    if timer <= now:
        return element("b", "due", class_="due")
    return joined([f"in {length(timer - now)}", element("br"), element("small", moment(timer, now))])


def _last(scene: Scene, version: SessionVersion) -> Markup:
    """The last version: who made it, and what came of it."""
    effects = [effect_text(effect, scene.names) for effect in version.effects[:MOST_EFFECTS]]
    left = len(version.effects) - len(effects)
    effects += [f"and {left:,} more"] if left else []
    by = f"{version.operation} by {version.caller}" if version.caller else version.operation
    when = element("small", f"{version.time:%H:%M:%S} {by}")
    return joined([", ".join(effects), element("br") if effects else None, when])
