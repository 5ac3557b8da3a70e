"""The page of one session: what is stored, what an access now would find, its members, its history and its handles."""

from __future__ import annotations

import json
from collections.abc import Iterator

from markupsafe import Markup

from pytest_xbl.arrange.dumping import dumped_session
from pytest_xbl.compare.log import effect_text
from pytest_xbl.mpsd.model import Json, JsonObject, Member, Session, SessionRef
from pytest_xbl.mpsd.timers import next_timer, timeout_of
from pytest_xbl.mpsd.view import branch, etag, render
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.handle_list import handle_table
from pytest_xbl.pages.history import changed, history
from pytest_xbl.pages.layout import section
from pytest_xbl.pages.markup import block, element, fold, joined, link, quiet, table
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.session_list import states
from pytest_xbl.pages.sheet import NoPageError, Sheet
from pytest_xbl.pages.words import facts, listed, until, value
from pytest_xbl.world.state import Record, SessionVersion
from pytest_xbl.world.stored import handles_to, has_forgotten

PARAMETERS = ("form", "old", "new", "at", "page")
FORMS = ("107", "105", "stored")
"""The forms of a document: as clients with these contracts receive it, and as the fake keeps it."""
MOST_MEMBERS = 100
"""The most members that the table shows; a session that has more shows no document by itself."""
MEMBERS = ("index", "member", "status", "since", "custom", "system")
FLAGS = ("active", "ready")


def session_page(scene: Scene, asked: Asked, ref: SessionRef) -> Sheet:
    """The page of a session, also of one that is gone.

    Raises:
        NoPageError: 404 for one that there never was; 400 for a parameter.
    """
    record = scene.world.record(ref)
    if record.log is None:
        before = "it may be over and forgotten" if has_forgotten(scene.world) else "there never was"
        raise NoPageError(f"There is no session {ref.within(scene.world.scid)}, and {before}.")
    ref = record.ref
    parts = [*(_stored(scene, asked, record.session) if record.session else [quiet("It is gone.")])]
    parts.append(section("History", history(scene, asked, ref), id_="history"))
    if handles := handles_to(scene.world, ref):
        parts.append(section("Handles", handle_table(scene, handles), id_="handles"))
    return Sheet(ref.within(scene.world.scid), joined([_about(scene, record), *parts]), "Sessions")


def _about(scene: Scene, record: Record) -> Markup:
    """The facts about a session, in a few words each."""
    ref, session, now = record.ref, record.session, scene.world.now
    shown: dict[str, object] = {}
    if session:
        timer, limit = next_timer(session), session.constants.system.get("maxMembersCount")
        shown = {
            "Version": listed([f"#{session.change_number}", element("code", etag(session))], " "),
            "State": listed(states(session)),
            "Members": f"{len(session.members):,} of {limit:,}" if limit is not None else f"{len(session.members):,}",
            "Next timeout": until(timer, now) if timer else "none to come",
            "Made": f"{session.started:%Y-%m-%d %H:%M:%S}",
            "Constants": value(_without(session.constants.system, ("visibility", "maxMembersCount"))),
            "Custom constants": value(session.constants.custom),
            "Properties": value(_without(session.properties.system, ("closed", "locked", "joinRestriction"))),
            "Custom properties": value(session.properties.custom),
            "Branch": element("code", branch(session)),
        }
    requests = link("in the journal", scene.at.page("journal", session="/".join(ref)))
    return facts({**shown, "Service configuration": element("code", ref.scid), "Requests": requests})


def _stored(scene: Scene, asked: Asked, session: Session) -> Iterator[Markup]:
    settled = scene.world.settled(session)
    if settled.session is not session:
        told = listed(effect_text(effect, scene.names) for effect in settled.effects)
        stored = SessionVersion(session.ref, scene.world.now, "", "", (), session)
        found = changed(scene, stored, stored._replace(session=settled.session))
        yield section("An access now would find", element("p", told), found, id_="now")
    yield section("Members", _members(scene, session), id_="members")
    yield _document(scene, asked, session)


def _members(scene: Scene, session: Session) -> Markup:
    if not session.members:
        return quiet("Nobody is in it.")
    members = [member for member, _ in zip(session.members, range(MOST_MEMBERS), strict=False)]
    shown = table("Members", MEMBERS, (_member(scene, session, member) for member in members), class_="members")
    left = len(session.members) - len(members)
    more = quiet(f"{left:,} more members are left out; a search by gamertag or xuid finds each.") if left else None
    return joined([element("div", shown, class_="scroll"), more])


def _member(scene: Scene, session: Session, member: Member) -> Markup:
    who = [link(scene.name_of(member.xuid), scene.at.person(member.xuid)), element("br"), element("small", member.xuid)]
    own = _without(member.constants.system, ("xuid",))
    own |= {"custom": member.constants.custom} if member.constants.custom else {}
    system = {**_without(member.system, FLAGS), **({"constants": own} if own else {})}
    cells = (joined(who), _status(member), _since(scene, session, member), value(member.custom), value(system))
    return element(
        "tr",
        element("th", str(member.index), scope="row"),
        *(element("td", cell) for cell in cells),
        id=f"member-{member.index}",
    )


def _status(member: Member) -> Markup:
    """The status of a member, how far they are in initialization, and their roles."""
    more = [f"failed: {member.failure}"] if member.failure else []
    more += [f"episode {member.episode}"] if member.episode else []
    more += [f"{kind}: {role}" for kind, role in member.roles]
    more += ["connected"] if "connection" in member.system else []
    status = element("span", member.status, class_=f"member {member.status}")
    return joined([status, element("br") if more else None, element("small", ", ".join(more)) if more else None])


def _since(scene: Scene, session: Session, member: Member) -> Markup:
    """The time when a status began, and when it ends by a timeout."""
    since, end, now = f"{member.since:%H:%M:%S}", timeout_of(session, member), scene.world.now
    if end is None:
        return element("span", since)
    return joined([since, element("br"), element("small", f"until {until(end, now)}")])


def _document(scene: Scene, asked: Asked, session: Session) -> Markup:
    """The document in one of its forms, and links to the others."""
    form = asked.choice("form", FORMS)
    is_wanted = bool(asked.text("form"))
    names = {"107": "contract 107", "105": "contract 105", "stored": "as it is stored"}
    ways = [
        link(
            name,
            scene.at.page("sessions", *session.ref, form=one) + "#document",
            aria_current="true" if one == form and is_wanted else None,
        )
        for one, name in names.items()
    ]
    shown = None
    if is_wanted or len(session.members) <= MOST_MEMBERS:
        text = json.dumps(_form(scene, session, form), indent=1, ensure_ascii=False)
        shown = fold(f"The document, {names[form]}", block(text), open=is_wanted, id="form")
    return section("Document", element("p", listed(ways, " · "), class_="ways"), shown, id_="document")


def _form(scene: Scene, session: Session, form: str) -> Json:
    if form == "stored":
        return dumped_session(scene.world.snapshot(), session)
    document: Json = json.loads(render(session, contract=int(form)))
    return document


def _without(fields: JsonObject, names: tuple[str, ...]) -> JsonObject:
    return {name: value for name, value in fields.items() if name not in names}
