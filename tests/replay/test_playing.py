"""Playing a recording: its world, its times, its ids, and the differences (REPL-2 to REPL-4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archives import BEGAN, DEVICE_TOKEN, raw
from bodies import ACTIVE
from errors import error_of
from pytest_xbl import XboxLive
from pytest_xbl.replay.beginning import cast_of, seed_of
from pytest_xbl.replay.forms import Unlike, form_of, ids_in, made_up, unlike
from pytest_xbl.replay.notes import notes_on_callers, notes_on_sessions
from pytest_xbl.replay.recording import Callers, Exchange, Message, Recording
from pytest_xbl.xbl.replay import Replay
from pytest_xbl.xbl.replaying import Played, Stage
from pytest_xbl.xbl.replaying import play as play_on
from recorded import BEDROCK, LOBBY_AND_GAME, LOBBY_PATH, ONE_XUID, OTHERS, SCID, STATISTICS, TITLE
from recorded import Exchange as Told
from tables import cases

DIRECTORY = "https://sessiondirectory.xboxlive.com"
JSON_HEADERS = {"content-type": "application/json", "x-xbl-contract-version": "107"}


def exchange(
    number: int = 1,
    *,
    method: str = "GET",
    path: str = LOBBY_PATH,
    sent: Any = None,
    status: int = 204,
    answered: Any = None,
    headers: Mapping[str, str] = JSON_HEADERS,
    seconds: float = 0,
    caller: int = 1,
    xuid: str = "",
    host: str = DIRECTORY,
) -> Exchange:
    """An exchange of a recording."""
    return Exchange(
        number,
        BEGAN + timedelta(seconds=seconds),
        method,
        urlsplit(f"{host}{path}"),
        caller,
        xuid,
        Message(headers, b"" if sent is None else json.dumps(sent).encode()),
        status,
        Message({}, b"" if answered is None else json.dumps(answered).encode()),
    )


def of(*exchanges: Exchange) -> Recording:
    """A recording of these."""
    return Recording(exchanges, {})


def from_story(*told: Told) -> list[Exchange]:
    """Exchanges of a story, as a reader gives them."""
    callers = Callers()
    return [
        Exchange(
            number,
            datetime.fromisoformat(one.time),
            one.method,
            urlsplit(one.url),
            callers.number(authorization=one.headers["Authorization"]),
            "",
            Message(
                {name.lower(): it for name, it in one.headers.items() if name != "Authorization"}, one.body.encode()
            ),
            one.status,
            Message({name.lower(): it for name, it in one.answered.items()}, one.answer.encode()),
        )
        for number, one in enumerate(raw(told), 1)
    ]


def play(recording: Recording, xbl: XboxLive) -> Played:
    """A recording, played in a world."""
    return play_on(recording, Stage(xbl.app, xbl.clock, xbl._strictness, xbl.seed))


def in_bodies(played: Played) -> list[str]:
    """The differences of a replay, less those of headers, which some recordings lack."""
    return [
        f"#{one.exchange.number} {found}"
        for one in played.replayed
        for found in one.unlike
        if found.place == "status" or found.place.startswith("/")
    ]


def test_the_world_is_what_the_recording_shows() -> None:
    """People with their gamertags and titles, templates less what requests have set, platforms (REPL-2)."""
    exchanges = from_story(*LOBBY_AND_GAME)
    seed = seed_of(exchanges, cast_of(exchanges))
    assert seed["users"] == {"user 1": {"xuid": ONE_XUID, "gamertag": "Player One", "titleId": TITLE}}
    lobby = f"{SCID}/lobbysession"
    assert list(seed["templates"]) == [lobby, f"{SCID}/gamesession"]
    assert seed["templates"][lobby].keys() == {"name", "scid", "contract", "constants"}
    assert seed["templates"][lobby]["constants"]["system"]["timeouts"]["ready"] == 180_000
    assert seed["statistics"]["titles"] == {
        TITLE: {"scid": SCID, "platforms": {"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}, "era": {}}}
    }


def test_statistics_and_their_groups_are_what_the_recording_shows() -> None:
    """The first value of each, with the words of its group (REPL-2)."""
    played = play(of(*from_story(*STATISTICS)), XboxLive())
    assert in_bodies(played) == []


def test_what_a_request_sets_is_no_part_of_the_template() -> None:
    """Nor what the service adds to a document (REPL-2)."""
    told = {
        "contractVersion": 107,
        "constants": {
            "system": {"maxMembersCount": 5, "visibility": "open", "initiators": [ONE_XUID]},
            "custom": {"a": 1, "b": 2},
        },
    }
    sent = {"constants": {"system": {"visibility": "open"}, "custom": {"b": 2}}}
    first = exchange(method="PUT", sent=sent, answered=told, status=201)
    again = exchange(2, answered={"constants": {"system": {"maxMembersCount": 9}}})
    [template] = seed_of([first, again], cast_of([first, again]))["templates"].values()
    assert template == {
        "name": "LobbySession",
        "scid": SCID,
        "contract": 107,
        "constants": {"system": {"maxMembersCount": 5}, "custom": {"a": 1}},
    }


CALLERS: dict[str, tuple[Exchange, dict[str, Any]]] = {
    # An exchange, and the people of its world.
    "by the log": (exchange(xuid="77"), {"user 1": {"xuid": "77"}}),
    "by themselves": (
        exchange(method="PUT", sent={"members": {"me": {"constants": {"system": {"xuid": "78"}}}}}),
        {"user 1": {"xuid": "78"}},
    ),
    "by the only member": (
        exchange(
            method="PUT",
            sent={"members": {"me": {}}},
            answered={"members": {"0": {"constants": {"system": {"xuid": "79"}}, "gamertag": "Ann"}}},
        ),
        {"user 1": {"xuid": "79", "gamertag": "Ann"}},
    ),
    "not at all": (exchange(), {"caller 1": {}}),
    "not by others": (
        exchange(answered={"members": {"0": {"constants": {"system": {"xuid": "80"}}}, "1": 7}}),
        {"caller 1": {}, "user 1": {"xuid": "80"}},
    ),
    "not by something else": (
        exchange(method="PUT", sent={"members": {"me": {"constants": {"system": {"xuid": "me"}}}}}),
        {"caller 1": {}},
    ),
    "nobody": (exchange(caller=0), {}),
    "a URI": (exchange(path=f"/serviceconfigs/{SCID}/sessions?xuid=81", caller=0), {"user 1": {"xuid": "81"}}),
    "another URI": (exchange(path="/users/xuid%2882%29/scids", caller=0), {"user 1": {"xuid": "82"}}),
    "not a member without a xuid": (exchange(answered={"members": {"0": {"constants": 7}}}, caller=0), {}),
    "alone": (exchange(path=f"/serviceconfigs/{SCID}/sessions?xuid=86"), {"user 1": {"xuid": "86"}}),
    "not alone": (
        exchange(sent={"xuids": ["87", "88"]}),
        {"user 1": {"xuid": "87"}, "user 2": {"xuid": "88"}, "caller 1": {}},
    ),
    "lists": (
        exchange(sent={"xuids": ["83", 7], "owners": [{"monikerXuid": "84"}], "id": "85"}, caller=0),
        {"user 1": {"xuid": "83"}, "user 2": {"xuid": "84"}},
    ),
}


@cases("given people", CALLERS)
def test_the_people_are_those_whom_the_recording_names(given: Exchange, people: dict[str, Any]) -> None:
    """A caller is known by a log, by what they say of themselves, or by being alone (REPL-2)."""
    assert seed_of([given], cast_of([given]))["users"] == people


def test_ids_and_etags_of_the_recording_are_those_of_the_fake() -> None:
    """In paths, in If-Match, in bodies and inside of texts (REPL-4)."""
    handle = "0a0b0c0d-0000-4000-a000-00000000000f"
    story = from_story(*LOBBY_AND_GAME[:3])
    posted = json.loads(story[2].response.body)["id"]
    more = [
        exchange(4, path=f"/handles/{posted}", status=200, answered=json.loads(story[2].response.body)),
        exchange(
            5,
            method="PUT",
            sent={"properties": {"custom": {"done": f"completed~{posted}", "other": handle}}},
            status=200,
            answered={"properties": {"custom": {"done": f"completed~{posted}", "other": handle}}},
        ),
    ]
    played = play(of(*story, *more), XboxLive())
    assert [one.entry.status for one in played.replayed] == [200, 201, 201, 200, 200]
    assert [one.place for one in played.replayed[3].unlike if one.place.startswith("/")] == []
    assert not {"/properties/custom/done", "/properties/custom/other"} & {
        one.place for one in played.replayed[4].unlike
    }
    assert story[1].response.headers["etag"] not in str(played.replayed[4].entry.answered)


def test_requests_come_at_their_times() -> None:
    """A world whose clock is later replays them as much later (REPL-4)."""
    reads = (exchange(1), exchange(2, seconds=60), exchange(3, seconds=30))
    early = XboxLive(seed={"now": "2016-01-01T00:00:00Z"})
    play(of(*reads), early)
    assert [entry.time for entry in early.journal] == [BEGAN, *[BEGAN + timedelta(seconds=60)] * 2]
    late = XboxLive()
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    play(of(*reads), late)
    assert [entry.time for entry in late.journal] == [noon, *[noon + timedelta(seconds=60)] * 2]


def test_nobody_calls_without_a_token() -> None:
    """So the fake answers as to nobody (REPL-4)."""
    [one] = play(of(exchange(caller=0, status=401)), XboxLive()).replayed
    assert (one.entry.status, one.entry.caller) == (401, "")


def test_a_body_of_bytes_is_sent_as_it_is() -> None:
    """Whatever it holds (REPL-4)."""
    bytes_ = exchange(method="PUT", status=400)._replace(request=Message(JSON_HEADERS, b"\xff\xfe{"))
    [one] = play(of(bytes_), XboxLive()).replayed
    assert one.entry.data == b"\xff\xfe{"
    assert one.entry.status == 400


def test_other_services_are_left_out() -> None:
    """By their hosts; all that are not of Xbox Live together (REPL-4)."""
    others = [
        exchange(number, host=f"https://{host}")
        for number, host in enumerate(("notify.xboxlive.com", "notify.xboxlive.com", "a.example", "b.example"), 2)
    ]
    played = play(Recording((exchange(), *others), {"incomplete": 1}), XboxLive())
    assert played.left_out == {"incomplete": 1, "at notify.xboxlive.com": 2, "at other hosts": 2}


def test_a_recording_of_other_services_alone_is_refused() -> None:
    """There would be nothing to compare (REPL-4)."""
    hosts = "sessiondirectory.xboxlive.com or client-sessiondirectory.xboxlive.com or userstats.xboxlive.com"
    others = exchange(host="https://notify.xboxlive.com"), exchange(host="https://a.example")
    found = f"No exchange of the recording is with {hosts}; its hosts are notify.xboxlive.com, a.example"
    for left_out, behind in (({}, ""), ({"websockets": 2}, "; left out: 2 websockets")):
        recording = Recording(others, left_out, "lobby.har")
        text = error_of(lambda recording=recording: play(recording, XboxLive()))  # type: ignore[misc]
        assert text == f"{found}{behind}.\nwhere: lobby.har"


def test_a_recording_in_which_no_exchange_is_whole_is_refused() -> None:
    """With the number of its exchanges, and what they lack (REPL-1)."""
    recording = Recording((), {"incomplete: no startedDateTime": 6, "websockets": 1}, "lobby.har")
    omitted = "6 incomplete: no startedDateTime, 1 websockets"
    wanted = f"No exchange of the recording can be replayed; left out: {omitted}.\nwhere: lobby.har"
    assert error_of(lambda: play(recording, XboxLive())) == wanted
    empty = Recording((), {}, "lobby.har")
    assert error_of(lambda: play(empty, XboxLive())) == "The recording is empty.\nwhere: lobby.har"


def test_a_recording_begins_in_an_empty_world() -> None:
    """Somebody or a template that is there already is refused, naming the recording (REPL-2)."""
    created, *_ = from_story(LOBBY_AND_GAME[1])
    recording = Recording((created,), {}, "lobby.har")
    xbl = XboxLive(seed={"scid": SCID})
    xbl.user("Stacy", xuid=ONE_XUID)
    assert error_of(lambda: play(recording, xbl)) == (
        f"The recording cannot begin in this world: The xuid {ONE_XUID} is Stacy's already.\n"
        "where: /users/user 1/xuid in the beginning of lobby.har\n"
        "rule: SEED-11"
    )
    assert list(xbl.dump()["users"]) == ["Stacy"]


def test_a_recording_fails_no_test(xbl: XboxLive) -> None:
    """Whatever becomes of its requests, the result says so (REPL-4)."""
    played = play(of(exchange(path="/nowhere", status=404)), xbl)
    assert played.replayed[0].entry.mistake == "unknown-route"
    assert xbl._strictness.take_mistakes() == []


FORMS = {
    "0a0b0c0d-0000-4000-a000-00000000000f": "a GUID",
    "0A0B0C0D-0000-4000-A000-00000000000F": "a GUID in capitals",
    DEVICE_TOKEN: "32 hexadecimal digits",
    '"x"': "an ETag",
    "2016-09-20T20:50:00.1234567Z": "a time",
    "Tue, 20 Sep 2016 20:50:00 GMT": "a date of HTTP",
    "/handles/0a0b0c0d-0000-4000-a000-00000000000f": "the path of a handle",
    "": "",
    "2533": "",
    "open": "",
}


@pytest.mark.parametrize("text", FORMS)
def test_what_a_service_makes_up_has_a_form(text: str) -> None:
    """Two runs have other values of the same form (REPL-3)."""
    assert form_of(text) == FORMS[text]


ONE, OTHER = "0a0b0c0d-0000-4000-a000-00000000000f", "0a0b0c0d-0000-4000-a000-0000000000ff"
BODIES: dict[str, tuple[Any, Any, list[str]]] = {
    # What was recorded, what the fake has, and the differences.
    "equal": ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, []),
    "other ids": ({"a": ONE}, {"a": OTHER}, []),
    "ids of other forms": (
        {"a": ONE},
        {"a": OTHER.upper()},
        [f'/a: recorded "{ONE}", a GUID, here "{OTHER.upper()}", a GUID in capitals'],
    ),
    "an id and none": ({"a": ONE}, {"a": "b"}, [f'/a: recorded "{ONE}", a GUID, here "b"']),
    "none and an id": ({"a": "b"}, {"a": ONE}, [f'/a: recorded "b", here "{ONE}", a GUID']),
    "other texts": ({"a": "b"}, {"a": "c"}, ['/a: recorded "b", here "c"']),
    "other types": ({"a": 1}, {"a": True}, ["/a: recorded 1, here true"]),
    "a number and a text": ({"a": 1}, {"a": "1"}, ['/a: recorded 1, here "1"']),
    "a missing field": ({"a": {"b/c": 1}}, {"a": {}}, ["/a/b~1c: recorded 1, missing here"]),
    "a field more": ({}, {"a": {"b": 1}}, ['/a: not recorded, here {"b": 1}']),
    "a longer list": ([1], [1, 2], ["/: recorded [1], here [1, 2]"]),
    "lists": ([1, 2], [1, 3], ["/1: recorded 2, here 3"]),
    "a list and an object": ({"a": []}, {"a": {}}, ["/a: recorded [], here {}"]),
    "nothing and something": (None, {"a": 1}, ['/: recorded null, here {"a": 1}']),
}


@cases("recorded ours found", BODIES)
def test_bodies_differ_in_fields_types_forms_and_values(recorded: Any, ours: Any, found: list[str]) -> None:
    """Each place with both values (REPL-3)."""
    assert [str(one) for one in unlike(recorded, ours, sent=lambda _text: False)] == found


def test_an_id_that_a_client_has_sent_is_not_made_up() -> None:
    """So it has to be the same (REPL-3)."""
    found = list(unlike({"a": ONE, "b": OTHER}, {"a": OTHER, "b": ONE}, sent=lambda text: text == ONE))
    assert found == [Unlike("/a", f'recorded "{ONE}", a GUID, here "{OTHER}", a GUID')]


def test_pairs_of_ids_are_learned_from_the_same_places() -> None:
    """Also in lists, and not where one of both has another form, or is equal (REPL-4)."""
    recorded = {"a": ONE, "b": [OTHER, ONE], "c": ONE, "d": "x", "e": ONE, "f": 1}
    ours = {"a": OTHER, "b": [ONE], "c": "x", "d": "y", "e": ONE, "g": ONE}
    assert list(made_up(recorded, ours, sent=lambda _text: False)) == [(ONE, OTHER), (OTHER, ONE)]


def test_the_ids_of_a_request_are_found_in_its_text() -> None:
    """GUIDs, tokens and times (REPL-3)."""
    text = f'/handles/{ONE} {{"host": "{DEVICE_TOKEN}", "at": "2016-09-20T20:50:00Z", "n": "abc"}}'
    assert ids_in(text) == [ONE, DEVICE_TOKEN, "2016-09-20T20:50:00Z"]


def test_the_result_is_told_by_operation() -> None:
    """With the rules of each, the numbers of the recording, and what the fake made of the request (REPL-5)."""
    put = exchange(7, method="PUT", sent=ACTIVE, status=201, answered={"members": 1})
    read = exchange(8, path="/nowhere", status=404)
    result = Replay(Path("lobby.har"), play(Recording((put, read), {"websockets": 2}), XboxLive()))
    assert repr(result) == "<replay of lobby.har: 2 exchanges of 1 caller, 0 alike>"
    heading, left_out, operation, line, *_ = str(result).splitlines()
    assert heading == "lobby.har: 2 exchanges of 1 caller, 0 alike"
    assert left_out == "left out: 2 websockets"
    assert operation == "put-session (PUT-1, PUT-2, PUT-3, PUT-7, PUT-8): 1 exchange, 0 alike"
    assert line == f"  #7, here {result.exchanges[0].entry}"
    assert " -> 404 TMPL-1 at the URI: " in line
    assert result.differences[0] == "#7 status: recorded 201, here 404"
    assert "no operation: 1 exchange, 0 alike" in str(result).splitlines()
    with pytest.raises(AssertionError) as failed:
        result.assert_same()
    assert str(failed.value) == str(result)


def writes(xuid: str, *, number: int = 1, caller: int = 1, status: int = 201) -> Exchange:
    """An exchange in which somebody writes themselves."""
    sent = {"members": {"me": {"constants": {"system": {"xuid": xuid}}}}}
    return exchange(number, method="PUT", sent=sent, caller=caller, status=status)


NO_AUTHORIZATION = "no request has an Authorization header, so callers cannot be told apart"
NOTES: dict[str, tuple[tuple[Exchange, ...], list[str]]] = {
    # Exchanges, and the notes on their callers.
    "two callers": ((writes("81"), writes("82", number=2, caller=2)), []),
    "one caller": ((writes("81"), writes("81", number=2)), []),
    "the same header": (
        (writes("81"), writes("82", number=2)),
        ["81 and 82 have the same Authorization header, so they cannot be told apart"],
    ),
    "no header": ((writes("81", caller=0), writes("82", number=2, caller=0)), [NO_AUTHORIZATION]),
    "some without a header": ((writes("81"), writes("82", number=2, caller=0)), []),
    "refused without a header": ((exchange(caller=0, status=401),), []),
}


@cases("exchanges notes", NOTES)
def test_a_note_says_that_callers_cannot_be_told_apart(exchanges: tuple[Exchange, ...], notes: list[str]) -> None:
    """Since there is no `Authorization`, or the same for several users (REPL-3)."""
    assert list(notes_on_callers(exchanges)) == notes


BEFORE = "session LobbySession/6F1B2C3D-0000-4A00-8B00-0000000000AA was there before the recording"
FIRST: dict[str, tuple[list[tuple[Exchange, int]], list[str]]] = {
    # Exchanges with the statuses of the fake, and the notes on their sessions.
    "read": ([(exchange(status=200), 204), (exchange(status=200), 204)], [BEFORE]),
    "written": ([(exchange(method="PUT", status=200), 201)], [BEFORE]),
    "an element": ([(exchange(path=f"{LOBBY_PATH}/members/me", status=200), 404)], [BEFORE]),
    "created": ([(exchange(method="PUT", status=201), 201), (exchange(status=200), 204)], []),
    "in other letters": ([(exchange(status=204), 204), (exchange(path=LOBBY_PATH.upper(), status=200), 204)], []),
    "there in both": ([(exchange(status=200), 200)], []),
    "no session": ([(exchange(path="/handles/query", status=200), 404)], []),
}


@cases("played notes", FIRST)
def test_a_note_names_a_session_that_was_there_before(played: list[tuple[Exchange, int]], notes: list[str]) -> None:
    """The first request finds it in the recording, and not here (REPL-2)."""
    assert list(notes_on_sessions(played, whole=True)) == notes
    behind = [f"{note}, or its creation was left out" for note in notes]
    assert list(notes_on_sessions(played, whole=False)) == behind


def test_notes_are_behind_what_was_left_out() -> None:
    """One line each (REPL-5)."""
    read = exchange(status=200, caller=0), exchange(2, path="/nowhere", caller=0, status=404)
    result = Replay(Path("lobby.har"), play(Recording(read, {"websockets": 2}), XboxLive()))
    assert str(result).splitlines()[1:3] == ["left out: 2 websockets", f"note: {NO_AUTHORIZATION}"]
    assert result.notes == (NO_AUTHORIZATION,)


def test_a_replay_without_a_difference_passes() -> None:
    """And says so in a few lines (REPL-5)."""
    result = Replay(Path("lobby.har"), play(of(*from_story(*LOBBY_AND_GAME)), XboxLive()))
    result.assert_same()
    assert str(result).splitlines() == [
        "lobby.har: 10 exchanges of 1 caller, 10 alike",
        "query-handles (HAND-10, HAND-11, HAND-12, HAND-14, SRCH-3, SRCH-4): 1 exchange, 1 alike",
        "put-session (PUT-1, PUT-2, PUT-3, PUT-7, PUT-8): 7 exchanges, 7 alike",
        "post-handle (HAND-2, HAND-3, HAND-4, HAND-5, HAND-20, SRCH-1, SRCH-6): 2 exchanges, 2 alike",
    ]


FORMLESS: dict[str, tuple[bytes, str]] = {
    # A recorded body, and what the difference says of it.
    "nothing": (b"", "no body in the recording"),
    "blanks": (b" \n", "no body in the recording"),
    "a text": (b"Forbidden", "recorded a text"),
    "JSON that is cut short": (b'{"a": ', "recorded a text"),
    "bytes": (b"\x00\xff\xfe\x89PNG", "recorded 7 bytes that are no JSON"),
    "a byte": (b"\xff", "recorded a byte that is no JSON"),
    "null": (b"null", "recorded null"),
}


@cases("body told", FORMLESS)
def test_a_body_that_is_no_json_is_named_by_its_form(body: bytes, told: str) -> None:
    """Where that of the fake is JSON (REPL-3)."""
    query = exchange(path=f"/serviceconfigs/{SCID}/sessions?xuid=81", status=200)
    [one] = play(of(query._replace(response=Message({}, body))), XboxLive(seed={"scid": SCID})).replayed
    assert str(one.unlike[-1]) == f'/: {told}, here {{"results": []}}'


def test_texts_are_not_compared() -> None:
    """Nor with bodies that are empty; JSON in the place of one is a difference (REPL-3)."""
    nowhere = exchange(path="/nowhere", status=404)
    for body in (b"Some other text.", b"", b"\xff"):
        [one] = play(of(nowhere._replace(response=Message({}, body))), XboxLive()).replayed
        assert [difference for difference in one.unlike if difference.place.startswith("/")] == []
    [refused] = play(of(exchange(path="/nowhere", status=404, answered={"a": 1})), XboxLive()).replayed
    assert str(refused.unlike[-1]) == '/: recorded {"a": 1}, here a text'
    leaves = exchange(2, method="DELETE", path=f"{LOBBY_PATH}/members/me", answered={})
    [_, left] = play(of(*from_story(LOBBY_AND_GAME[1]), leaves), XboxLive()).replayed
    assert str(left.unlike[-1]) == "/: recorded {}, here no body"


HEADERS: dict[str, tuple[dict[str, str], str]] = {
    # A recorded header of a read of no session, and the difference.
    "another value": ({"cache-control": "private"}, "cache-control: recorded private, here no-cache, no-store"),
    "one more": ({"retry-after": "1"}, "retry-after: recorded 1, missing here"),
}


@cases("recorded found", HEADERS)
def test_headers_differ_too(recorded: dict[str, str], found: str) -> None:
    """Those on which clients may depend (REPL-3)."""
    [created, *_] = from_story(LOBBY_AND_GAME[1])
    given = created._replace(response=created.response._replace(headers={**created.response.headers, **recorded}))
    [one] = play(of(given), XboxLive()).replayed
    assert [str(difference) for difference in one.unlike] == [
        found.replace("no-cache, no-store", "max-age=0, must-revalidate")
    ]


def test_a_header_that_was_not_recorded_is_a_difference() -> None:
    """As one that was (REPL-3)."""
    [created] = from_story(LOBBY_AND_GAME[1])
    headers = {name: it for name, it in created.response.headers.items() if name != "etag"}
    [one] = play(of(created._replace(response=created.response._replace(headers=headers))), XboxLive()).replayed
    [difference] = one.unlike
    assert (difference.place, difference.what[:19]) == ("etag", "not recorded, here ")


def test_a_part_of_a_document_may_be_all_that_is_known() -> None:
    """The rest is a difference, which a reader can tell from others (REPL-3)."""
    played = play(of(*from_story(OTHERS[1])), XboxLive())
    assert played.replayed[0].entry.status == 201
    places = {found.place for found in played.replayed[0].unlike if found.place.startswith("/")}
    assert {place.split("/")[1] for place in places} == {
        "members",
        "branch",
        "changeNumber",
        "contractVersion",
        "correlationId",
        "servers",
        "startTime",
    }
    assert BEDROCK["maxMembersCount"] == 30
