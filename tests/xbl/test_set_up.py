"""Set-up by calls: every argument reaches its field, and every mistake has the same three lines (SEED-12)."""

from __future__ import annotations

import enum
import json
import math
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from bodies import ref
from errors import error_of
from people import person
from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.world.state import DEFAULT_SCID

BASE = """
users: [Ana, Bob]
sessions: {one: {template: lobby, members: [Ana]}, two: {template: game, members: [Ana]}}
statistics: {definitions: {level: {type: Integer}}, users: {Ana: {rank: Major}}}
"""


Status = enum.Enum("Status", {"ACTIVE": "active"})
Text = enum.Enum("Text", {"ACTIVE": "active"}, type=str)


def scene() -> dict[str, Any]:
    """A world, its users Ana and Bob, and all that the calls of the tables below name."""
    xbl = XboxLive(seed=yaml.safe_load(BASE))
    loop: list[Any] = []
    loop.append(loop)
    return {
        "xbl": xbl,
        "ana": person(xbl, "Ana"),
        "bob": person(xbl, "Bob"),
        "one": xbl.sessions["one"],
        "two": xbl.sessions["two"],
        "other": "5c1d0000-0000-4000-8000-00000000000a",
        "noon": datetime(2026, 1, 1, 12, tzinfo=timezone.utc),
        "loop": loop,
        "huge": 10**5000,
        **{it.__name__: it for it in (Seed, XboxLive, Status, Text, date, datetime, timedelta, ref)},
        "nan": math.nan,
    }


def call(source: str, names: dict[str, Any]) -> None:
    """Run a line of a table."""
    exec(source, names)  # noqa: S102 -- the lines of the tables below


def rows(table: str) -> list[list[str]]:
    """The rows of a table, with their columns, between which there are bars; indented lines continue a row."""
    lines = re.split(r"\n(?=\S)", table.strip())
    return [re.split(r" \|(?: |$)", re.sub(r"\n +", " ", line)) for line in lines]


# Each call, and the part of a seed that says the same

CALLS = """
xbl.user('Zoe') | users: [Zoe]
xbl.user('Zoe', xuid=None, sandbox=None) | users: [Zoe]
xbl.user('Zoe', xuid='77', gamertag='', device_id='F1', title_id='99', token='t!', userhash='h') |
    users: {Zoe: {xuid: '77', gamertag: '', deviceId: F1, titleId: '99', token: t!, userhash: h}}
xbl.user('Zoe', privileges=(), sandbox='X', present=False) |
    users: {Zoe: {privileges: [], sandbox: X, present: false}}
xbl.user('Zoe', follows=('Ana', 'Bob'), favorites=iter(['Bob']), blocks={'Ana'}) |
    users: {Zoe: {follows: [Ana, Bob], favorites: [Bob], blocks: [Ana]}}
xbl.users('Zoe', 'Cid') | users: [Zoe, Cid]
xbl.users() |
xbl.service('server') | services: {server: {}}
xbl.service('agent', on_behalf_of=ana) | services: {agent: {onBehalfOf: Ana}}
xbl.service('agent', acting_for=iter([bob, ana])) | services: {agent: {actingFor: [Bob, Ana]}}
xbl.service('agent', acting_for=[]) | services: {agent: {}}
one.match_found(two) | sessions: {one: {changeNumber: 2, servers: {matchmaking: {properties: {system:
    {status: found, targetSessionRef: {templateName: game, name: two}}}}}}}
xbl.follow(ana, bob); xbl.follow(bob, ana, favorite=True); xbl.follow(bob, ana) |
    users: {Ana: {follows: [Bob]}, Bob: {follows: [Ana], favorites: [Ana]}}
xbl.block(ana, bob); xbl.block(ana, bob) | users: {Ana: {blocks: [Bob]}, Bob: {}}
xbl.set_presence(ana, bob, present=False); xbl.set_presence(bob, present=True) |
    users: {Ana: {present: false}, Bob: {}}
xbl.set_presence(present=False) |
xbl.templates.add('mine', {'constants': {'custom': {'maps': ('a', 'b')}}, 'roleTypes': {'t': {'roles': {}}}}) |
    templates: {mine: {constants: {custom: {maps: [a, b]}}, roleTypes: {t: {roles: {}}}}}
xbl.templates.add('mine', {'constants': {'system': {'timeouts': {'ready': 1}}}}, scid=other, contract=105) |
    templates: {mine: {scid: OTHER, contract: 105, constants: {system: {timeouts: {ready: 1}}}}}
xbl.sessions.create('lobby', name='p', members=reversed([ana, bob]), constants={'custom': {'a': 1}}) |
    sessions: {p: {template: lobby, members: {Bob: active, Ana: active}, constants: {custom: {a: 1}}}}
xbl.sessions.create('lobby', name='p', members={ana: {'properties': {'custom': {'a': 1}}}, bob: 'reserved'}) |
    sessions: {p: {template: lobby, members: {Ana: {properties: {custom: {a: 1}}}, Bob: reserved}}}
xbl.sessions.create('lobby', name='p', members={ana: Text.ACTIVE}, properties={'system': {'keywords': ['a']}}) |
    sessions: {p: {template: lobby, members: [Ana], properties: {system: {keywords: [a]}}}}
xbl.templates.add('raid', {'constants': {'system': {'capabilities': {'hasOwners': True}}}}); xbl.sessions.create(
    'raid', name='p', members=[ana, bob], owners=iter([bob]), role_types={'t': {'roles': {}}}) |
    {templates: {raid: {constants: {system: {capabilities: {hasOwners: true}}}}},
    sessions: {p: {template: raid, members: [Ana, Bob], owners: [Bob], roleTypes: {t: {roles: {}}}}}}
xbl.sessions.create('lobby', name='p', members={'Ana': 'active', bob: 'reserved'}) |
    sessions: {p: {template: lobby, members: {Ana: active, Bob: reserved}}}
xbl.sessions.create('lobby', name='p', members=['Ana', bob.xuid]) |
    sessions: {p: {template: lobby, members: [Ana, Bob]}}
xbl.templates.add('t', {}, scid=other); xbl.sessions.create('t', name='p', members=[ana], scid=other.upper()) |
    {templates: {t: {scid: OTHER}}, sessions: {p: {template: t, members: [Ana], scid: OTHER}}}
xbl.sessions.create('lobby', name='p', members=[ana], servers={'s': {'properties': {'custom': {'a': 1}}}}) |
    sessions: {p: {template: lobby, members: [Ana], servers: {s: {properties: {custom: {a: 1}}}}}}
xbl.handles.create('activity', one, owner=ana) | handles: {h: {type: activity, session: one, owner: Ana}}
xbl.handles.create('invite', one.ref, owner=ana, invited=bob, attributes={'context': 'level 3'}) |
    handles: {h: {type: invite, session: one, owner: Ana, invited: Bob, attributes: {context: level 3}}}
xbl.handles.create('transfer', tuple(one.ref), owner=xbl.service('party'), origin=two) |
    {services: {party: {}}, handles: {h: {type: transfer, session: one, origin: two}}}
one.invite(bob, sender=ana, attributes={'titleId': '7'}) |
    handles: {h: {type: invite, session: one, owner: Ana, invited: Bob, attributes: {titleId: '7'}}}
xbl.stats.set(ana, {'a': 7, 'b': 0.5, 'c': 'x', 'd': noon}, metadata={'a': {'map': 'Größe'}}) |
    statistics: {users: {Ana: {a: {value: 7, metadata: {map: Größe}}, b: 0.5, c: x, d: {value: '2026-01-01T12:00:00Z',
    type: DateTime}}}}
xbl.stats.set(ana, {'a': 7}, scid=other) | statistics: {users: {Ana: {a: {value: 7, scid: OTHER}}}}
xbl.stats.set(ana, {}, scid=other.upper()) | statistics: {scids: [OTHER]}
xbl.stats.define('a', type='Double', access='restricted', scid=other) |
    statistics: {definitions: {a: {type: Double, access: restricted, scid: OTHER}}}
xbl.stats.define('a', type='Double'); xbl.stats.define('a', access='restricted') |
    statistics: {definitions: {a: {type: Double, access: restricted}}}
xbl.stats.define('a', type='Integer', group='Hero', ordinal=0, sort_order='Ascending', display_name='A',
    display_format='Integer', display_semantic='Best') |
    statistics: {definitions: {a: {type: Integer, group: Hero, ordinal: 0, sortOrder: Ascending, displayName: A,
    displayFormat: Integer, displaySemantic: Best}}}
xbl.stats.define('a', type='Integer'); xbl.stats.define('a', group='Hero'); xbl.stats.define('a', ordinal=2) |
    statistics: {definitions: {a: {type: Integer, group: Hero, ordinal: 2}}}
xbl.stats.title('5', scid=other); xbl.stats.title('6') | statistics: {titles: {'5': OTHER, '6': {}}}
xbl.stats.title('5', scid=other, platforms={'uwp-desktop': {'pfn': 'A.B_8'}, 'era': {}}) |
    statistics: {titles: {'5': {scid: OTHER, platforms: {era: {}, uwp-desktop: {pfn: A.B_8}}}}}
xbl.stats.title(ana.title_id, platforms={'win32': {}}) | statistics: {titles: {'1719000001': {platforms: {win32: {}}}}}
xbl.stats.values = 'strings'; xbl.stats.sandbox = 'X' | statistics: {values: strings, sandbox: X}
"""


@pytest.mark.parametrize(("source", "document"), rows(CALLS))
def test_a_call_puts_the_same_into_a_world_as_a_seed(source: str, document: str) -> None:
    """Every argument reaches its field (SEED-12, JOIN-2, HAND-10, OWN-4, TIME-7, STAT-4, STAT-7)."""
    names, before = scene(), scene()["xbl"].dump()
    call(source, names)
    record = yaml.safe_load(document.replace("OTHER", names["other"]).replace("SCID", DEFAULT_SCID))
    seed = Seed(yaml.safe_load(BASE)) | (record or {})
    assert names["xbl"].dump() == XboxLive(seed=seed).dump()
    assert (names["xbl"].dump() != before) == bool(document)


# The same mistake in a call, a `Seed` and a document; argument, place and rule; the text

SAME = """
xbl.user('Zoe', xuid='12ab') | Seed().user('Zoe', xuid='12ab') | users: {Zoe: {xuid: 12ab}} |
    xuid /users/Zoe/xuid CALL-10 | Expected a string of decimal digits; got "12ab".
xbl.user('Zoe', devise_id='F1') | Seed().user('Zoe', devise_id='F1') | users: {Zoe: {deviseId: F1}} |
    devise_id /users/Zoe/deviseId SEED-1 | The field "deviseId" is not known here; did you mean "deviceId"?
xbl.user('Ana') | Seed().user('Ana') | users: {Ana: {}} | name /users/Ana SEED-11 |
    The name 'Ana' is taken; every caller needs a unique name.
xbl.user('Zoe', follows=['Cid']) | Seed().user('Zoe', follows=['Cid']) | users: {Zoe: {follows: [Cid]}} |
    follows /users/Zoe/follows SEED-2 | There is no user "Cid"; there are: Ana, Bob, Zoe.
xbl.user('Zoe', follows=['Ana'], favorites=['Bob']) | Seed().user('Zoe', follows=['Ana'], favorites=['Bob']) |
    users: {Zoe: {follows: [Ana], favorites: [Bob]}} | favorites /users/Zoe/favorites HAND-10 |
    Favorites are among the people whom a user follows; name them under follows, too.
xbl.service('Bob', on_behalf_of=ana) | Seed().service('Bob', on_behalf_of='Ana') | services: {Bob: {onBehalfOf: Ana}} |
    name /services/Bob SEED-11 | The name 'Bob' is taken; every caller needs a unique name.
xbl.service('Bob', acting_for=[ana, ana]) | Seed().service('Bob', acting_for=['Ana', 'Ana']) |
    services: {Bob: {actingFor: [Ana, Ana]}} | acting_for/1 /services/Bob/actingFor/1 S2S-1 | Ana appears twice.
xbl.service('agent', acting_for=[ana], on_behalf_of=bob) |
    Seed().service('agent', acting_for=['Ana'], on_behalf_of='Bob') |
    services: {agent: {actingFor: [Ana], onBehalfOf: Bob}} | acting_for /services/agent/actingFor S2S-1 |
    A service acts for the user in its token, or for those in its headers; give one of the two.
xbl.templates.add('t', {'constants': {'system': {'maxMembersCount': 0}}}) |
    Seed().template('t', {'constants': {'system': {'maxMembersCount': 0}}}) |
    templates: {t: {constants: {system: {maxMembersCount: 0}}}} |
    template/constants/system/maxMembersCount /templates/t/constants/system/maxMembersCount CONST-2 |
    Expected an integer from 1 to 10000; got 0.
xbl.sessions.create('lobby', members=[ana], properties={'system': {'closed': 1}}) |
    Seed().session('p', 'lobby', members=['Ana'], properties={'system': {'closed': 1}}) |
    sessions: {p: {template: lobby, members: [Ana], properties: {system: {closed: 1}}}} |
    properties/system/closed /sessions/p/properties/system/closed PROP-8 | Expected true or false; got 1.
xbl.sessions.create('lobby', members=[ana], properties={'system': {'locked': True}}) |
    Seed().session('p', 'lobby', members=['Ana'], properties={'system': {'locked': True}}) |
    sessions: {p: {template: lobby, members: [Ana], properties: {system: {locked: true}}}} |
    properties/system/locked /sessions/p/properties/system/locked JOIN-5 |
    Only a closed session can be locked; closed must be true too.
xbl.sessions.create('lobby', members={ana: {'statsu': 'ready'}}) |
    Seed().session('p', 'lobby', members={'Ana': {'statsu': 'ready'}}) |
    sessions: {p: {template: lobby, members: {Ana: {statsu: ready}}}} |
    members/Ana/statsu /sessions/p/members/Ana/statsu SEED-1 |
    The field "statsu" is not known here; did you mean "status"?
xbl.handles.create('invite', one, owner=ana, invited=bob, attributes={'title': '7'}) |
    Seed().handle('h', 'invite', ref(), owner='Ana', invited='Bob', attributes={'title': '7'}) |
    handles: {h: {type: invite, session: one, owner: Ana, invited: Bob, attributes: {title: '7'}}} |
    attributes/title /handles/h/attributes/title HAND-3 |
    The field "title" is not known here; did you mean "titleId"?
xbl.stats.set(ana, {'kills': True}) | Seed().statistics('Ana', {'kills': {'value': True}}) |
    statistics: {users: {Ana: {kills: {value: true}}}} | values/kills /statistics/users/Ana/kills/value STAT-5 |
    Expected a number, a string or a datetime in its zone; got true.
xbl.stats.define('kills', access='closed') | Seed().definition('kills', access='closed') |
    statistics: {definitions: {kills: {access: closed}}} | access /statistics/definitions/kills/access STAT-6 |
    Expected one of "open", "restricted"; got "closed".
xbl.stats.define('kills', type='Integer', sort_order='Best') | Seed().definition('kills', type='Integer',
    sort_order='Best') | statistics: {definitions: {kills: {type: Integer, sortOrder: Best}}} |
    name /statistics/definitions/kills STAT-14 |
    The statistic kills is in no group, and only a group shows its sort order.
xbl.stats.define('kills', type='Integer', group='Hero', ordinal=-1) | Seed().definition('kills', type='Integer',
    group='Hero', ordinal=-1) | statistics: {definitions: {kills: {type: Integer, group: Hero, ordinal: -1}}} |
    ordinal /statistics/definitions/kills/ordinal STAT-14 | Expected an integer of 0 or more; got -1.
xbl.stats.define('kills', display_semantic=7) | Seed().definition('kills', display_semantic=7) |
    statistics: {definitions: {kills: {displaySemantic: 7}}} |
    display_semantic /statistics/definitions/kills/displaySemantic STAT-14 | Expected a string; got 7.
xbl.clock.move_to('2026-01-01T11:59:59Z') | Seed().now('2026-01-01T11:59:59Z') | now: '2026-01-01T11:59:59Z' |
    time /now TIME-1 |
    The clock shows 2026-01-01 12:00:00+00:00 and does not run backwards to 2026-01-01 11:59:59+00:00.
"""


@pytest.mark.parametrize(("source", "built", "document", "places", "what"), rows(SAME))
def test_a_mistake_gets_the_same_text_and_rule_whichever_way_it_is_made(
    source: str, built: str, document: str, places: str, what: str, tmp_path: Path
) -> None:
    """From Python its place is the argument; in a seed it is the pointer and the source (SEED-12)."""
    argument, place, rule = places.split()
    names = scene()
    xbl, before, path = names["xbl"], names["xbl"]._world.snapshot(), tmp_path / "wrong.json"
    record = yaml.safe_load(document.replace("session: one", f"session: {json.dumps(ref())}"))
    path.write_text(json.dumps(record), encoding="utf-8")
    assert error_of(lambda: call(source, names)) == f"{what}\nwhere: {argument}\nrule: {rule}"
    in_a_seed = f"{what}\nwhere: {place} in the seed\nrule: {rule}"
    assert error_of(lambda: xbl.seed(eval(built, names))) == in_a_seed  # noqa: S307 -- a line of the table
    assert error_of(lambda: xbl.seed(record)) == in_a_seed
    assert error_of(lambda: xbl.seed(path)) == in_a_seed.replace("the seed", str(path))
    assert xbl._world.snapshot() == before


# What else the arguments of calls cannot be: the argument, the rule and the text

WRONG = """
xbl.user(7) | name SEED-1 Expected the name of a user; got 7.
xbl.user('') | name SEED-1 The name of a caller is not empty.
xbl.user('Zoe\\nCid') | name SEED-1 Expected a name of printable characters; got "Zoe\\nCid".
xbl.user('Zoe', xuid=ana.xuid) | xuid SEED-11 The xuid 2533274790000001 is Ana's already.
xbl.user('Zoe', token=bob.token) | token SEED-11 The token is Bob's already.
xbl.user('Zoe', device_id=b'F1') | device_id SEED-1 Expected JSON or a datetime; got b'F1'.
xbl.user('Zoe', follows='Ana') | follows JOIN-2 Expected a list; got "Ana".
xbl.user('Zoe', favorites=loop) | favorites CALL-12 Objects and lists lie more than 72 deep inside each other.
xbl.user('Zoe', blocks=[ana]) | blocks/0 SEED-1 Expected JSON or a datetime; got <user Ana 2533274790000001>.
xbl.user('Zoe', Colour='red') |
    Colour SEED-1 The field "Colour" is not known here; known here: xuid, gamertag, deviceId, titleId, token,
    userhash, privileges, sandbox, present, follows, favorites, blocks.
xbl.users('Zoe', 'Ana', 'Cid') |
    names SEED-11 The name 'Ana' is taken; every caller needs a unique name.
xbl.users(['Zoe', 'Cid']) |
    names SEED-1 Expected names one by one, xbl.users('Stacy', 'Ana'), or xbl.users(*names); got ['Zoe', 'Cid'].
xbl.service('\\ud800') | name SEED-1 Expected a name of printable characters; got "\\ud800".
xbl.service('agent', on_behalf_of='Ana') | on_behalf_of SEED-2 Expected a user of this world; got 'Ana'.
xbl.service('agent', acting_for=ana) |
    acting_for SEED-2 Expected users of this world in a list; got <user Ana 2533274790000001>.
xbl.service('agent', acting_for='Ana') | acting_for SEED-2 Expected users of this world in a list; got 'Ana'.
xbl.service('agent', acting_for={ana: 1}) |
    acting_for SEED-2 Expected users of this world in a list; got {<user Ana 2533274790000001>: 1}.
xbl.service('agent', acting_for=[ana, 'Bob']) | acting_for SEED-2 Expected a user of this world; got 'Bob'.
xbl.follow(ana, ana) | followed SEED-2 Ana cannot follow themselves.
xbl.follow(ana, bob, favorite='no') | favorite HAND-10 Expected True or False; got 'no'.
xbl.block(ana, ana) | blocked SEED-2 Ana cannot block themselves.
xbl.set_presence(ana, present=None) | present TIME-7 Expected true or false; got null.
xbl.set_presence(ana, 'Bob', present=False) | users SEED-2 Expected a user of this world; got 'Bob'.
xbl.templates.add('mine', {}, scid='mine') | scid CALL-5 Expected a GUID; got "mine".
xbl.templates.add('a/b', {}) | name CALL-15 Expected a name of 1 to 99 printable characters, no slash; got "a/b".
xbl.templates.add('mine', {}, contract=106) | contract TMPL-7 Expected 104, 105 or 107; got 106.
xbl.templates.add('mine', []) | template TMPL-2 Expected a dict of constants and roleTypes; got [].
xbl.templates.add('mine', {'constants': {'custom': {'a': [{1: 2}]}}}) |
    template/constants/custom/a/0 SEED-1 Expected a string as the name of a field; got 1. Put it in quotes.
xbl.templates.add('Lobby', {}) | name TMPL-4 The template Lobby cannot be replaced: a session has been made from it.
xbl.sessions.create('x', members=[ana]) |
    template TMPL-1 There is no template x in 5c1d0000-0000-4000-8000-000000000001; it has
    lobby, game, ticket, large, browse, global(lfg).
xbl.sessions.create(7, members=[ana]) | template TMPL-1 Expected a string; got 7.
xbl.sessions.create('lobby', name='ONE', members=[ana]) |
    name PUT-8 There is a session 5c1d0000-0000-4000-8000-000000000001~lobby~ONE already.
xbl.sessions.create('lobby', name='\\ud800', members=[ana]) |
    name CALL-15 Expected a name of 1 to 99 printable characters, no slash; got "\\ud800".
xbl.sessions.create('lobby', scid=7, members=[ana]) | scid CALL-5 Expected a GUID; got 7.
xbl.sessions.create('lobby', members=7) |
    members MEMB-8 Expected users in a list, or in a dict with their statuses; got 7.
xbl.sessions.create('lobby', members='Ana') |
    members MEMB-8 Expected users in a list, or in a dict with their statuses; got 'Ana'.
xbl.sessions.create('lobby', members=['Anna']) |
    members SEED-2 There is no user "Anna"; there are: Ana, Bob. Did you mean "Ana"?
xbl.sessions.create('lobby', members=['7']) |
    members SEED-2 Expected users of this world; nobody here has the xuid 7.
xbl.sessions.create('lobby', members=[7]) |
    members SEED-2 Expected a user of this world, their name or their xuid, a string; got 7.
xbl.sessions.create('lobby', members={ana: 'active', 'Ana': 'reserved'}) |
    members MEMB-1 A member is named twice.
xbl.sessions.create('lobby', members={ana: 'away'}) |
    members/Ana MEMB-8 Expected a status, active, ready, inactive, reserved, or an object; got "away".
xbl.sessions.create('lobby', members={ana: Status.ACTIVE}) |
    members/Ana SEED-1 Expected JSON or a datetime; got <Status.ACTIVE: 'active'>.
xbl.sessions.create('lobby', members=[ana, ana]) |
    members MEMB-1 A member is named twice.
xbl.sessions.create('lobby', members={ana: 'active', bob: 'inactive'}) |
    members TIME-3 The first access would remove Bob (inactive): the timeout of that status is 0 in this template.
xbl.sessions.create('lobby') |
    members TIME-4 The session would be deleted at once: no member may stay in it, and its
    sessionEmptyTimeout is 0. Give it active members, or a template with longer timeouts; or set emptySince or
    since.
xbl.sessions.create('lobby', members=[ana], constants=[]) | constants TMPL-3 Expected an object; got [].
xbl.sessions.create('lobby', members=[ana], properties={'custom': {'a': nan}}) |
    properties/custom/a SEED-1 Expected a finite number; got nan.
xbl.sessions.create('lobby', members=[ana], servers={'s': {'a': 1}}) |
    servers/s/a CALL-6 The field "a" is not known here; known here: constants, properties.
xbl.handles.create('party', one, owner=ana) |
    type HAND-1 Expected one of "activity", "invite", "transfer", "search"; got "party".
xbl.handles.create('activity', 'one', owner=ana) |
    session SEED-2 Expected a session, or its reference (scid, template, name); got 'one'.
xbl.handles.create('activity', one, owner='Ana') | owner SEED-2 Expected a user or a service of this world; got 'Ana'.
xbl.handles.create('activity', one, owner=bob) |
    session HAND-2 Bob is no active member of that session, so it cannot be their activity.
xbl.handles.create('activity', one, owner=ana, invited=bob) | invited SEED-1 Only a handle of type invite has invited.
xbl.handles.create('invite', one, owner=ana) | type SEED-1 The field invited is required here.
xbl.handles.create('transfer', one, owner=ana, origin=('a', 'b')) |
    origin SEED-2 Expected a session, or its reference (scid, template, name); got ('a', 'b').
xbl.handles.create('transfer', one, owner=ana, origin=one.ref._replace(name='x')) |
    origin HAND-17 The session whose members the transfer lets in does not exist.
one.invite('Bob') | user SEED-2 Expected a user of this world; got 'Bob'.
one.invite(ana, sender=bob) | sender HAND-17 Bob is no member of that session, so cannot let others in.
one.invite(bob, attributes={'context': 7}) |
    attributes/context HAND-3 Expected a string of at most 256 characters, URI-encoded; got 7.
one.as_seen_by('Ana') | caller SEED-2 Expected a user or a service of this world; got 'Ana'.
xbl.client('Ana') | caller SEED-2 Expected a user or a service of this world; got 'Ana'.
xbl.stats.set(ana, {'wins': 1, 'kills': 2**63, 'best': 2}, scid=other) |
    values/kills STAT-5 9223372036854775808 is no statistic: an integer of 64 bits, a finite float, a string or a
    datetime in a time zone.
xbl.stats.set(ana, {'wins': 1, 'kills': huge}) |
    values/kills SEED-1 Expected an integer of at most 64 bits; got an integer of thousands of digits.
xbl.stats.set(ana, {'wins': 1, 'level': 'one'}) |
    values/level STAT-5 The statistic level is defined as Integer; 'one' is String.
xbl.stats.set(ana, {7: 1}) | values SEED-1 Expected a string as the name of a field; got 7. Put it in quotes.
xbl.stats.set(ana, {'wins': 1, 'a/b': 1}) |
    values/a~1b STAT-4 A statistic has a name without commas and slashes, not "a/b".
xbl.stats.set(ana, ['kills']) | values SEED-1 Expected a dict of values by the names of statistics; got ['kills'].
xbl.stats.set(ana, {'wins': 1}, metadata={'wins': None}) | metadata/wins STAT-4 Expected an object; got null.
xbl.stats.set(ana, {'wins': 1}, metadata={'wins': {'at': date(2026, 1, 1)}}) |
    metadata/wins/at SEED-1 Expected JSON; got the date 2026-01-01, without a time and a zone as in
    "2026-01-01T12:00:00Z".
xbl.stats.set(ana, {'wins': 1}, metadata={'Wins': {}}) | metadata STAT-4 There is metadata for 'Wins', and no value.
xbl.stats.set(ana, {'wins': 1}, metadata='wins') |
    metadata SEED-1 Expected a dict of metadata by the names of statistics; got 'wins'.
xbl.stats.set(ana, {}, scid='mine') | scid CALL-5 Expected a GUID; got "mine".
xbl.stats.set('Ana', {}) | user SEED-2 Expected a user of this world; got 'Ana'.
xbl.stats.define('kills', type=int) | type SEED-1 Expected JSON or a datetime; got <class 'int'>.
xbl.stats.define('rank', type='Integer') | name STAT-5 The statistic rank is defined as Integer; 'Major' is String.
xbl.stats.define('a,b') | name STAT-4 A statistic has a name without commas and slashes, not "a,b".
xbl.stats.define('kills', group='Hero') |
    name STAT-14 A group also shows statistics without a value, so kills needs a type: Integer, Double, String,
    DateTime.
xbl.stats.define('kills', type='Integer', group='a,b') | group STAT-14 Expected a name without a comma; got "a,b".
xbl.stats.define('kills', display_name=b'Kills') | display_name SEED-1 Expected JSON or a datetime; got b'Kills'.
xbl.stats.title('5', scid='mine') | scid CALL-5 Expected a GUID; got "mine".
xbl.stats.title('5', platforms=['era']) | platforms STAT-16 Expected an object; got ["era"].
xbl.stats.title('5', platforms={'Era': {}}) |
    platforms/Era STAT-16 Expected a key that is a name in lower case; got "Era".
xbl.stats.title('5', platforms={'era': None}) | platforms/era STAT-16 Expected an object; got null.
xbl.stats.title('5', platforms={'era': {'pfn': 7}}) | platforms/era/pfn STAT-16 Expected a string; got 7.
xbl.stats.title('5', platforms={'era': {'id': 'x'}}) |
    platforms/era/id STAT-16 The field "id" is not known here; known here: pfn.
xbl.stats.title('0x5') | title_id CALL-10 Expected a string of decimal digits; got "0x5".
xbl.stats.values = None | values STAT-8 Expected one of "numbers", "strings"; got null.
xbl.stats.sandbox = None | sandbox STAT-6 Expected a string; got null.
xbl.clock.move_to(None) | time TIME-1 Expected a time with its zone, as "2026-01-01T12:00:00Z"; got null.
xbl.clock.move_to(datetime(2027, 1, 1)) |
    time TIME-1 Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "2027-01-01 00:00:00".
xbl.restore(XboxLive().snapshot()) | snapshot SEED-2 The snapshot belongs to another world.
xbl.restore({}) | snapshot SEED-1 Expected a snapshot of xbl.snapshot(); got {}.
xbl.dump(7) | path SEED-1 Expected the name of a file; got 7.
"""


@pytest.mark.parametrize(("source", "said"), rows(WRONG))
def test_what_cannot_be_is_refused_with_the_argument_and_the_rule(source: str, said: str) -> None:
    """And nothing changes: neither a name nor an id is used up (SEED-9, SEED-11, SEED-12, HAND-1)."""
    names, (argument, rule, what) = scene(), said.split(" ", 2)
    before = names["xbl"]._world.snapshot()
    assert error_of(lambda: call(source, names)) == f"{what}\nwhere: {argument}\nrule: {rule}"
    assert names["xbl"]._world.snapshot() == before


# Whoever is of another world

STRANGER = """
xbl.service('agent', on_behalf_of=zoe)
xbl.service('agent', acting_for=[ana, zoe])
xbl.follow(zoe, ana)
xbl.follow(ana, zoe)
xbl.block(zoe, ana)
xbl.block(ana, zoe)
xbl.set_presence(ana, zoe, present=False)
xbl.sessions.create('lobby', members=[ana, zoe])
xbl.sessions.create('lobby', members={ana: 'active', zoe: 'active'})
xbl.handles.create('activity', one, owner=zoe)
xbl.handles.create('invite', one, owner=ana, invited=zoe)
one.invite(zoe)
one.invite(bob, sender=zoe)
one.as_seen_by(zoe)
one.assert_members({ana: 'active', zoe: 'active'})
one.assert_matches({'members': {zoe: {}}})
xbl.journal.filter(caller=zoe)
xbl.journal.one(caller=zoe)
xbl.journal.assert_called('get-session', caller=zoe)
xbl.journal.assert_not_called(caller=zoe)
xbl.stats.set(zoe, {'kills': 1})
xbl.stats.add(zoe, 'kills')
xbl.stats.get(zoe)
xbl.stats.clear(zoe)
xbl.client(zoe)
"""


@pytest.mark.parametrize("source", STRANGER.strip().splitlines())
def test_whoever_is_of_another_world_is_refused_everywhere(source: str) -> None:
    """They are nobody here, though somebody here has their xuid (SEED-2)."""
    names = scene()
    names["zoe"] = XboxLive().user("Zoe")
    assert names["zoe"].xuid == names["ana"].xuid
    before = names["xbl"]._world.snapshot()
    said = error_of(lambda: call(source, names))
    assert re.fullmatch(r"Zoe belongs to another world, not to this one\.\nwhere: [a-z_/]+\nrule: SEED-2", said)
    assert names["xbl"]._world.snapshot() == before


GONE = """
xbl.service('agent', on_behalf_of=zoe) | on_behalf_of
xbl.service('agent', acting_for=[ana, zoe]) | acting_for/1
xbl.follow(zoe, ana) | follower
xbl.follow(ana, zoe) | followed
xbl.block(zoe, ana) | blocker
xbl.block(ana, zoe) | blocked
xbl.set_presence(ana, zoe, present=False) | users
xbl.sessions.create('lobby', members=[ana, zoe]) | members
xbl.stats.set(zoe, {'kills': 1}) | user
xbl.stats.add(zoe, 'kills') | user
xbl.stats.get(zoe) | user
xbl.stats.clear(zoe) | user
"""


@pytest.mark.parametrize(("source", "argument"), rows(GONE))
def test_a_user_who_is_gone_is_refused_at_the_argument(source: str, argument: str) -> None:
    """Whoever was made in a sandbox is nobody behind it (SEED-2)."""
    names = scene()
    with names["xbl"].sandbox():
        names["zoe"] = names["xbl"].user("Zoe")
    before = names["xbl"]._world.snapshot()
    what = 'There is no user "Zoe"; there are: Ana, Bob.'
    assert error_of(lambda: call(source, names)) == f"{what}\nwhere: {argument}\nrule: SEED-2"
    assert names["xbl"]._world.snapshot() == before


# Whatever is given

TEXTS: list[Any] = ["", "a/b", "\ud800", b"x"]
ANYTHING = [*TEXTS, None, 7, True, 1.5, math.nan, 10**5000, (1,), [7], {"a": 1}, object, {7}]
PLACES = """
xbl.user(it)
xbl.user('Zoe', **dict.fromkeys(['xuid', 'gamertag', 'token', 'privileges', 'present', 'follows'], it))
xbl.users(it)
xbl.service(it, on_behalf_of=it)
xbl.service('agent', acting_for=it)
one.match_status(it, status_details=it, typical_wait=it)
one.match_status('failed', status_details=it)
one.match_status('failed', typical_wait=it)
one.match_found(it)
one.match_found((it, it, it))
xbl.follow(ana, bob, favorite=it)
xbl.set_presence(ana, present=it)
xbl.templates.add(it, it, scid=it, contract=it)
xbl.templates.add('mine', it)
xbl.templates[it]
it in xbl.templates
xbl.sessions.create(it, members=it)
xbl.sessions.create('lobby', members={ana: it}, name=it, constants=it, properties=it, servers=it, scid=it)
xbl.sessions[it]
it in xbl.sessions
xbl.handles.create(it, one, owner=ana)
xbl.handles.create('invite', it, owner=it, invited=it, origin=it, attributes=it)
xbl.handles[it]
it in xbl.handles
one.invite(bob, attributes=it)
one.invite(it, sender=it)
xbl.stats.define(it, type=it, access=it, scid=it)
xbl.stats.define('a', type=it)
xbl.stats.define('a', access=it)
xbl.stats.define('a', type='Integer', group=it)
xbl.stats.define('a', type='Integer', group='Hero', ordinal=it)
xbl.stats.define('a', type='Integer', group='Hero', sort_order=it)
xbl.stats.define('a', display_name=it)
xbl.stats.define('a', type='Integer', group='Hero', display_format=it, display_semantic=it)
xbl.stats.define('a', scid=it)
xbl.stats.title(it, scid=it)
xbl.stats.title('5', scid=it)
xbl.stats.title('5', platforms=it)
xbl.stats.title('5', platforms={'era': it})
xbl.stats.title('5', platforms={'era': {'pfn': it}})
xbl.stats.set(it, {})
xbl.stats.set(ana, it)
xbl.stats.set(ana, {'a': it, 'b': 1}, metadata=it)
xbl.stats.set(ana, {'a': 1}, metadata={'a': it}, scid=it)
xbl.stats.add(ana, it)
xbl.stats.add(ana, 'a', it)
xbl.stats.add(it, 'a', scid=it)
xbl.stats.add(ana, 'a', scid=it)
xbl.stats.get(ana, it)
xbl.stats.get(it)
xbl.stats.get(ana, scid=it)
xbl.stats.clear(it)
xbl.stats.clear(ana, scid=it)
xbl.stats.clear(ana, it)
xbl.stats.values = it
xbl.stats.sandbox = it
xbl.clock.advance(it)
xbl.clock.advance(seconds=it)
xbl.clock.move_to(it)
xbl.seed(it)
xbl.scenario[it]
xbl.restore(it)
xbl.client(it)
Seed().user(it)
Seed().user('Zoe', xuid=it, privileges=it, follows=it)
Seed().users(it)
Seed().service(it, on_behalf_of=it)
Seed().service('agent', acting_for=it)
Seed().template(it, {})
Seed().template('t', it)
Seed().session(it, it, members=it)
Seed().handle(it, it, it)
Seed().handle('h', it, it)
Seed().statistics(it, it)
Seed().definition(it, type=it)
Seed().definition('a', type='Integer', group=it, ordinal=it, display_name=it)
Seed().now(it)
Seed().expecting(it)
"""


@pytest.mark.parametrize("source", PLACES.strip().splitlines())
def test_nothing_that_is_given_raises_anything_but_an_xbl_error(source: str) -> None:
    """Wrong types, things without a hash and numbers without an end; and a call that is refused changes nothing."""
    names = scene()
    before = names["xbl"].snapshot()
    for given in ANYTHING:
        try:
            call(source, {**names, "it": given})
        except XblError:
            assert names["xbl"]._world.snapshot() == before.state
        names["xbl"].restore(before)
