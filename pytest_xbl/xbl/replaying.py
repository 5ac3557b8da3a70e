"""A recording, sent to the fake: each request in its order, at its time, with ids and ETags of this run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from pytest_xbl.arrange.seed import Seed
from pytest_xbl.compare.differences import value_text
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.replay.beginning import Cast, cast_of, seed_of
from pytest_xbl.replay.forms import ID, Unlike, ids_in, is_alike, made_up, unlike
from pytest_xbl.replay.notes import notes_on_callers, notes_on_sessions
from pytest_xbl.replay.recording import DEEPEST, NO_BODY, Exchange, Message, Recording, omissions
from pytest_xbl.wire.app import App
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.hosts import SESSION_DIRECTORY, USER_STATISTICS, XBOX_LIVE
from pytest_xbl.xbl.client import CallerClient
from pytest_xbl.xbl.clock import Clock
from pytest_xbl.xbl.scenario import ScenarioView
from pytest_xbl.xbl.strictness import Strictness

__tracebackhide__ = hides_frames

HOSTS = (*SESSION_DIRECTORY, *USER_STATISTICS)
"""The hosts whose requests are replayed; those of other services lead to a world that no recording shows."""
HEADERS = (
    "cache-control",
    "content-location",
    "content-type",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "x-content-type-options",
    "x-xblcorrelationid",
)
"""The headers of a response that clients may depend on; proxies and networks add others."""
ELSEWHERE = "at other hosts"
NOT_SENT = frozenset({"content-length", "transfer-encoding", "content-encoding", "connection", "host"})
"""The headers of a request that are about its transport."""


class Replayed(NamedTuple):
    """An exchange, the request that the fake has received, and the differences of the responses."""

    exchange: Exchange
    entry: Entry
    unlike: tuple[Unlike, ...]


class Played(NamedTuple):
    """A recording that has been replayed.

    Args:
        left_out: the number of exchanges that were not replayed, by reason.
        callers: the number of people and services that called.
        notes: sentences about what the recording does not show.
    """

    replayed: tuple[Replayed, ...]
    left_out: Mapping[str, int]
    callers: int
    notes: tuple[str, ...]


class Stage(NamedTuple):
    """The parts of a world in which a recording is played.

    Args:
        seed: brings a seed into it.
    """

    app: App
    clock: Clock
    strictness: Strictness
    seed: Callable[[Seed], ScenarioView]


def play(recording: Recording, stage: Stage) -> Played:
    """Bring the beginning of a recording into a world, and send its requests there.

    Raises:
        XblError: for a recording in which nothing is for the fake, or whose beginning cannot be in this world.
    """
    exchanges = [exchange for exchange in recording.exchanges if exchange.host in HOSTS]
    left_out = dict(recording.left_out)
    for exchange in recording.exchanges:
        if exchange.host not in HOSTS:
            where = f"at {exchange.host}" if exchange.host.endswith(XBOX_LIVE) else ELSEWHERE
            left_out[where] = left_out.get(where, 0) + 1
    if not exchanges:
        raise XblError(_nothing_in(recording), where=recording.source)
    cast = cast_of(exchanges)
    people = _begin(stage, seed_of(exchanges, cast), source=recording.source)
    replay = _Replay(stage, people, cast, began=exchanges[0].time)
    replayed = tuple(map(replay.step, exchanges))
    statuses = [(one.exchange, one.entry.status) for one in replayed]
    notes = (*notes_on_callers(exchanges), *notes_on_sessions(statuses, whole=not recording.left_out))
    return Played(replayed, left_out, len(cast.callers), notes)


def _begin(stage: Stage, document: JsonObject, *, source: str) -> ScenarioView:
    """Bring the beginning of a recording into a world.

    Raises:
        XblError: for one that cannot be there, naming the recording.
    """
    try:
        return stage.seed(Seed(document, name=f"the beginning of {source}"))
    except XblError as error:
        what = f"The recording cannot begin in this world: {error.what}"
        raise XblError(what, where=error.where, rule=error.rule) from None


def _nothing_in(recording: Recording) -> str:
    """The reason why nothing of a recording can be replayed."""
    omitted = omissions(recording.left_out)
    hosts = dict.fromkeys(exchange.host for exchange in recording.exchanges)
    if hosts:
        behind = f"; {omitted}" if omitted else ""
        return f"No exchange of the recording is with {' or '.join(HOSTS)}; its hosts are {', '.join(hosts)}{behind}."
    return f"No exchange of the recording can be replayed; {omitted}." if omitted else "The recording is empty."


class _Replay:
    """A run through a recording, with the ids and ETags that have come so far.

    Args:
        people: by the names of the cast.
        began: the time of the first request; a world whose clock is later replays it at once, all others as much later.
    """

    def __init__(self, stage: Stage, people: ScenarioView, cast: Cast, *, began: datetime) -> None:
        self._stage = stage
        self._people = people
        self._cast = cast
        self._shift = max(stage.clock.now - began, timedelta(0))
        self._sent: set[str] = set()
        """The ids and times in the recorded requests so far."""
        self._ours: dict[str, str] = {}
        """The texts that the fake has made up, by those of the service at the same place."""

    def step(self, exchange: Exchange) -> Replayed:
        """Send one request, and compare the responses."""
        time = exchange.time + self._shift
        if time > self._stage.clock.now:
            self._stage.clock.move_to(time)
        self._sent.update(ids_in(f"{exchange.uri} {exchange.request.body.decode('utf-8', 'replace')}"))
        ours = self._send(exchange)
        entry: Entry = self._stage.app.journal[-1]
        self._stage.strictness.excuse(entry)
        self._learn(exchange.response, ours)
        return Replayed(exchange, entry, tuple(self._differences(exchange, entry.status, ours)))

    def _send(self, exchange: Exchange) -> Message:
        given = {name: it for name, it in exchange.request.headers.items() if name not in NOT_SENT}
        headers = {name: self._ours.get(it) or self._translated(it) for name, it in given.items()}
        body = self._translated(exchange.request.body.decode("utf-8", "surrogateescape"))
        answer = self._client(exchange.caller).open(
            self._translated(exchange.uri),
            base_url=f"https://{exchange.host}",
            method=exchange.method,
            headers=headers,
            data=body.encode("utf-8", "surrogateescape"),
        )
        return Message({name.lower(): value for name, value in answer.headers.items()}, answer.data)

    def _client(self, caller: int) -> CallerClient:
        name = self._cast.callers.get(caller)
        return CallerClient(self._stage.app, self._people[name] if name else None)

    def _learn(self, recorded: Message, ours: Message) -> None:
        """Remember the fake's own texts for those that the service has made up."""
        self._ours.update(made_up(recorded.json, ours.json, sent=self._is_sent))
        if "etag" in recorded.headers and "etag" in ours.headers:
            self._ours[recorded.headers["etag"]] = ours.headers["etag"]

    def _is_sent(self, text: str) -> bool:
        return text in self._sent

    def _translated(self, text: str) -> str:
        """A text with the fake's own ids in place of recorded ones."""
        return ID.sub(lambda found: self._ours.get(found[0], found[0]), text)

    def _differences(self, exchange: Exchange, status: int, ours: Message) -> Iterator[Unlike]:
        """The differences of a response: status, headers, body."""
        recorded = exchange.response
        if status != exchange.status:
            yield Unlike("status", f"recorded {exchange.status}, here {status}")
        for name in HEADERS:
            there, here = recorded.headers.get(name), ours.headers.get(name)
            if there is None and here is not None:
                yield Unlike(name, f"not recorded, here {here}")
            elif there is not None and here is None:
                yield Unlike(name, f"recorded {there}, missing here")
            elif not is_alike(there, here, sent=self._is_sent):
                yield Unlike(name, f"recorded {there}, here {here}")
        if recorded.form or ours.form:
            yield from _unlike_forms(recorded, ours)
            return
        body = parse_json(self._translated(recorded.body.decode("utf-8-sig")), deepest=DEEPEST)
        yield from unlike(body, ours.json, sent=self._is_sent)


def _unlike_forms(recorded: Message, ours: Message) -> Iterator[Unlike]:
    """The difference of two bodies of which one at most is JSON; texts, as those of refusals, are not compared."""
    there, here = recorded.form, ours.form
    if there and here:
        return
    told = "no body in the recording" if there == NO_BODY else f"recorded {there or value_text(recorded.json)}"
    yield Unlike("/", f"{told}, here {here or value_text(ours.json)}")
