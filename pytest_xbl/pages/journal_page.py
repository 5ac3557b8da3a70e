"""The journal of a world: all requests, or those of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from markupsafe import Markup

from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.addresses import OnThePage
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.bodies import Bodies, texts
from pytest_xbl.pages.lanes import lane_name
from pytest_xbl.pages.markup import counted, element, joined, let_go, link, quiet
from pytest_xbl.pages.paging import pager, part_of
from pytest_xbl.pages.requests import requests_table
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import Sheet, refuse
from pytest_xbl.pages.words import listed
from pytest_xbl.wire.entry import Entry

PARAMETERS = ("show", "operation", "caller", "rule", "session", "page")
SHOWN = ("all", "refused", "mistakes")
"""The values of the parameter `show`: all requests, the refused ones, and those of them that are mistakes."""
TOLD: dict[str, Callable[[Entry], str]] = {
    "operation": lambda entry: entry.operation or NO_OPERATION,
    "caller": lambda entry: lane_name(entry.caller),
    "rule": lambda entry: entry.rule,
}
"""What a parameter is compared with."""
NO_OPERATION = "none"
"""The value of the parameter `operation` for requests that no route takes."""
SIZE = 20
SESSION_PARTS = 7
"""The parts of the path of a session, as a slash separates them."""
REST = "the page of the request has more"


def journal_page(scene: Scene, asked: Asked) -> Sheet:
    """The page of requests, the newest ones last, filtered as the parameters say.

    Raises:
        NoPageError: 400 for a parameter.
    """
    show = asked.choice("show", SHOWN)
    among = filtered(scene, asked)
    refused = [entry for entry in among if entry.refusal]
    found = dict(zip(SHOWN, (among, refused, [entry for entry in refused if entry.mistake]), strict=True))
    part = part_of(found[show], asked, size=SIZE, from_end=True)
    kept = {name: text for name, text in asked.given.items() if name != "page"}
    rest = pager(part, lambda number: scene.at.page("journal", **kept, page=number))
    ways = _ways(scene, kept, {name: len(entries) for name, entries in found.items()}, show)
    shown = requests(scene, part.items) if part.items else quiet(f"None of {counted(len(scene.journal), 'request')}.")
    rules = _rules(scene, kept, found[show]) if show != "all" else None
    _, gap = scene.journal.told()
    return Sheet("Journal", joined([ways, _form(scene, asked), rules, let_go(gap), shown, rest]), "Journal")


def requests(scene: Scene, entries: Sequence[Entry], *, is_open: bool = False) -> Markup:
    """A table of requests with their bodies and commands.

    Args:
        is_open: whether these are shown, and not folded away.
    """
    numbers = frozenset(entry.number for entry in entries)
    refs = dict.fromkeys(session.ref for entry in entries if (session := entry._session or entry._answer.session))
    links = OnThePage(scene.app.name, numbers=numbers)
    reading = scene.reading(links=links, entries=entries, histories=scene.histories([*refs]))
    known = cache(texts)
    bodies = Bodies((text for entry in reversed(entries) for text in known(entry)), rest=REST, texts=known)
    messages, is_whole = scene.journal.messages, len(entries) == len(scene.journal)
    table = requests_table(
        entries, reading, bodies, url=scene.url, messages=messages, is_whole=is_whole, is_open=is_open
    )
    return element("div", table, class_="scroll")


def filtered(scene: Scene, asked: Asked) -> list[Entry]:
    """The requests that are as the parameters about operation, caller, rule and session say.

    Raises:
        NoPageError: 400 for a session that is not named by its three parts.
    """
    entries: list[Entry] = scene.journal[:]
    for name, told in TOLD.items():
        if wanted := asked.text(name):
            entries = [entry for entry in entries if told(entry) == wanted]
    if session := asked.text("session"):
        return [*filter(_of_session(scene, session), entries)]
    return entries


def _of_session(scene: Scene, name: str) -> Callable[[Entry], bool]:
    """Whether a request names a session, was answered with it, or had an effect on it, as by a handle."""
    parts = name.split("/")
    if len(parts) != len(SessionRef._fields):
        refuse("session is named by its service configuration, template and name, with slashes between them.")
    wanted = SessionRef(*parts)
    effects = {id(effect) for version in scene.world.history(wanted) for effect in version.effects}

    @cache  # requests have few sessions
    def is_wanted(ref: SessionRef) -> bool:
        return ref.key == wanted.key

    def is_of_session(entry: Entry) -> bool:
        ref = session_named(entry)
        if ref and is_wanted(ref):
            return True
        return bool(entry.effects) and any(id(effect) in effects for effect in entry.effects)

    return is_of_session


def session_named(entry: Entry) -> SessionRef | None:
    """The session of a request: the one that it was answered with, or that its path names; None for none."""
    session = entry._session or entry._answer.session
    if session:
        return session.ref
    parts = entry.path.split("/", SESSION_PARTS)
    is_session = len(parts) >= SESSION_PARTS and parts[1].lower() == "serviceconfigs" and parts[5].lower() == "sessions"
    return SessionRef(parts[2], parts[4], parts[6]) if is_session else None


def _ways(scene: Scene, kept: Mapping[str, str], counts: Mapping[str, int], shown: str) -> Markup:
    """Links to all requests, the refused ones and the mistakes, with their numbers."""
    others = {name: text for name, text in kept.items() if name not in ("show", "rule")}
    ways = (
        link(
            f"{name.capitalize()} {count:,}",
            scene.at.page("journal", **others, show=name),
            aria_current="true" if name == shown else None,
        )
        for name, count in counts.items()
    )
    return element("p", listed(ways, " · "), class_="ways")


def _form(scene: Scene, asked: Asked) -> Markup:
    """The form by which requests are chosen by operation and caller."""
    alike = scene.journal.alike
    operations = dict.fromkeys(request.operation or NO_OPERATION for request in alike)
    callers = dict.fromkeys(lane_name(request.caller) for request in alike)
    kept = [
        element("input", type="hidden", name=name, value=asked.text(name))
        for name in ("show", "rule", "session")
        if asked.text(name)
    ]
    return element(
        "form",
        *kept,
        _select("operation", "Operation ", "any operation", operations, asked),
        _select("caller", " Caller ", "any caller", callers, asked),
        element("button", "Filter"),
        link("Clear", scene.at.page("journal")) if any(map(asked.text, PARAMETERS[1:5])) else None,
        action=scene.at.page("journal"),
        class_="choice",
    )


def _select(name: str, label: str, anything: str, values: Iterable[str], asked: Asked) -> Markup:
    chosen = asked.text(name)
    known = dict.fromkeys((*([chosen] if chosen else []), *values))
    options = [element("option", value, value=value, selected=value == chosen) for value in sorted(known)]
    every = element("option", anything, value="")
    return element("label", label, element("select", every, *options, name=name, id=f"choose-{name}"))


def _rules(scene: Scene, kept: Mapping[str, str], found: Sequence[Entry]) -> Markup | None:
    """Links to the rules that refused these requests, and how often each did."""
    count = Counter(entry.rule for entry in found)
    return element("p", "By ", listed(_ruled(scene, kept, count)), ".", class_="quiet") if count else None


def _ruled(scene: Scene, kept: Mapping[str, str], count: Counter[str]) -> Iterator[Markup]:
    for rule, times in count.most_common():
        yield joined([link(rule, scene.at.page("journal", **{**kept, "rule": rule})), f" {times:,}"])
