"""`xbl.stats`: set up what users have reached, and what a title says of its statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pytest_xbl import User, XblError, XboxLive
from pytest_xbl.userstats.model import Definition, Statistic, Value

SCID = XboxLive.scid
OTHER = "5c1d0000-0000-4000-8000-00000000000b"
TITLE = "1719000001"
NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
NO_STATISTIC = (
    "{} is no statistic: an integer of 64 bits, a finite float, a string or a datetime in a time zone.\n"
    "where: {}\nrule: STAT-5"
)
NO_NAME = "A statistic has a name without commas and slashes; {} is none."
NO_USER = "Statistics are a user's, as xbl.user makes them; {} is none."
NO_SCID = 'A service configuration is named by a GUID, not "nowhere".\nwhere: scid\nrule: CALL-5'

BAD_NAMES: list[tuple[Any, str]] = [
    ("", "''"),
    ("a,b", "'a,b'"),
    (",", "','"),
    ("a/b", "'a/b'"),
    (7, "7"),
    (None, "None"),
    (("a",), "('a',)"),
]
BAD_USERS: list[tuple[Any, str]] = [("7", "'7'"), (None, "None"), (7, "7")]


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """Somebody."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive) -> User:
    """Somebody else."""
    return xbl.user("Ana")


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


def held(xbl: XboxLive, user: User, scid: str = SCID) -> dict[str, Statistic]:
    """All that the world knows of somebody's statistics."""
    return dict(xbl._world._state.statistics.get((scid, user.xuid), {}))


# Set and get


def test_what_is_set_can_be_got(xbl: XboxLive, stacy: User, ana: User) -> None:
    """By name or all of it; somebody else has nothing (STAT-2)."""
    xbl.stats.set(stacy, {"kills": 7, "rank": "Major"})
    assert xbl.stats.get(stacy) == {"kills": 7, "rank": "Major"}
    assert xbl.stats.get(stacy, "rank") == "Major"
    assert xbl.stats.get(stacy, "Rank") is None
    assert xbl.stats.get(ana, "rank") is None
    assert xbl.stats.get(ana) == {}


def test_what_is_got_is_a_copy(xbl: XboxLive, stacy: User) -> None:
    """A test may do with it what it likes."""
    xbl.stats.set(stacy, {"kills": 7})
    xbl.stats.get(stacy)["kills"] = 8
    assert xbl.stats.get(stacy) == {"kills": 7}


def test_the_type_of_a_statistic_follows_its_value(xbl: XboxLive, stacy: User) -> None:
    """And changes with it, as long as the title has not defined it (STAT-5)."""
    values: list[tuple[Value, str]] = [
        (7, "Integer"),
        (7.0, "Double"),
        ("7", "String"),
        (NOON, "DateTime"),
        (8, "Integer"),
    ]
    for value, kind in values:
        xbl.stats.set(stacy, {"best": value})
        assert held(xbl, stacy) == {"best": (kind, value, None)}
        assert type(xbl.stats.get(stacy, "best")) is type(value)


def test_what_is_not_set_stays_as_it_is(xbl: XboxLive, stacy: User) -> None:
    """Other statistics of theirs keep value and metadata; those that are set lose theirs (STAT-4)."""
    xbl.stats.set(stacy, {"kills": 7, "deaths": 3}, metadata={"kills": {"map": "Forge"}, "deaths": {"a": [1, None]}})
    xbl.stats.set(stacy, {"kills": 8, "wins": 1})
    assert held(xbl, stacy) == {
        "kills": Statistic("Integer", 8),
        "deaths": Statistic("Integer", 3, '{"a": [1, null]}'),
        "wins": Statistic("Integer", 1),
    }


def test_metadata_is_a_string_that_holds_json(xbl: XboxLive, stacy: User) -> None:
    """Of values that have some; an empty object is one, too (STAT-4)."""
    metadata: dict[str, Any] = {"kills": {"map": "Größe"}, "wins": {}}
    xbl.stats.set(stacy, {"wins": 1, "kills": 7, "deaths": 3}, metadata=metadata)
    metadata["kills"]["map"] = "later"
    assert {name: one.metadata for name, one in held(xbl, stacy).items()} == {
        "wins": "{}",
        "kills": '{"map": "Gr\\u00f6\\u00dfe"}',
        "deaths": None,
    }


def test_each_service_configuration_has_statistics_of_its_own(xbl: XboxLive, stacy: User) -> None:
    """Named in whatever case (CALL-5)."""
    xbl.stats.set(stacy, {"kills": 7})
    xbl.stats.set(stacy, {"kills": 9}, scid=OTHER.upper())
    xbl.stats.set(stacy, {"wins": 1}, scid=OTHER)
    assert xbl.stats.get(stacy) == xbl.stats.get(stacy, scid=SCID.upper()) == {"kills": 7}
    assert xbl.stats.get(stacy, scid=OTHER) == {"kills": 9, "wins": 1}
    assert xbl.stats.get(stacy, "kills", scid=OTHER.upper()) == 9
    assert xbl.stats.add(stacy, "kills", scid=OTHER.upper()) == 10
    xbl.stats.clear(stacy, "wins", scid=OTHER.upper())
    assert xbl.stats.get(stacy, scid=OTHER) == {"kills": 10}


BAD_VALUES: list[tuple[object, str]] = [
    (None, "None"),
    (True, "True"),
    (2**63, "9223372036854775808"),
    (float("nan"), "nan"),
    (float("-inf"), "-inf"),
    (["a"], "['a']"),
    (datetime(2026, 1, 1, 12), "datetime.datetime(2026, 1, 1, 12, 0)"),  # noqa: DTZ001 -- that is the point
]


@pytest.mark.parametrize(("value", "shown"), BAD_VALUES)
def test_a_value_that_is_no_statistic_is_an_error_and_nothing_is_set(
    xbl: XboxLive, stacy: User, value: Any, shown: str
) -> None:
    """Of all the values that were to be set together (STAT-5)."""
    xbl.stats.set(stacy, {"kills": 7})
    before = held(xbl, stacy)
    text = error_of(lambda: xbl.stats.set(stacy, {"wins": 1, "kills": 8, "best": value, "deaths": 3}))
    assert text == NO_STATISTIC.format(shown, "best")
    assert held(xbl, stacy) == before


def test_an_error_leaves_a_service_configuration_as_unknown_as_it_was(xbl: XboxLive, stacy: User) -> None:
    """Nothing at all is set, not even that it is known (STAT-7)."""
    error_of(lambda: xbl.stats.set(stacy, {"best": True}, scid=OTHER))
    assert OTHER not in xbl._world._state.definitions
    assert held(xbl, stacy, OTHER) == {}


@pytest.mark.parametrize(("name", "shown"), BAD_NAMES)
def test_a_statistic_has_a_name_that_can_stand_in_a_path(xbl: XboxLive, stacy: User, name: Any, shown: str) -> None:
    """Or nobody could ask for it (STAT-4)."""
    for action in (
        lambda: xbl.stats.set(stacy, {"kills": 7, name: 7}),
        lambda: xbl.stats.add(stacy, name),
        lambda: xbl.stats.define(name),
    ):
        assert error_of(action) == NO_NAME.format(shown)
    assert (xbl.stats.get(stacy), dict(xbl._world._state.definitions)) == ({}, {})


@pytest.mark.parametrize(("user", "shown"), BAD_USERS)
def test_statistics_are_those_of_users(xbl: XboxLive, user: Any, shown: str) -> None:
    """A xuid is none."""
    for action in (
        lambda: xbl.stats.set(user, {"kills": 7}),
        lambda: xbl.stats.add(user, "kills"),
        lambda: xbl.stats.get(user),
        lambda: xbl.stats.clear(user),
    ):
        assert error_of(action) == NO_USER.format(shown)


def test_a_service_has_no_statistics(xbl: XboxLive) -> None:
    """Not even one that acts for somebody."""
    text = error_of(lambda: xbl.stats.set(xbl.service("server"), {"kills": 7}))  # type: ignore[arg-type]
    assert text == NO_USER.format("<service server>")


@pytest.mark.parametrize(
    ("values", "shown"), [(7, "7"), (None, "None"), (["kills"], "['kills']"), ("kills", "'kills'")]
)
def test_values_are_a_dict(xbl: XboxLive, stacy: User, values: Any, shown: str) -> None:
    """By the names of statistics."""
    text = error_of(lambda: xbl.stats.set(stacy, values))
    assert text == f"Values are a dict by the names of statistics; {shown} is none."


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"wins": {}}, "There is metadata for 'wins', and no value."),
        ({"kills": {}, "Kills": {}, "wins": {}}, "There is metadata for 'Kills', and no value."),
        ({"kills": "Forge"}, "metadata of kills is a dict of JSON values, not 'Forge'."),
        ({"kills": None}, "metadata of kills is a dict of JSON values, not None."),
        (
            {"kills": {"at": NOON}},
            "metadata of kills holds what JSON cannot say: Object of type datetime is not JSON serializable.",
        ),
        ({"kills": {7: 7}}, "metadata of kills holds what JSON cannot say: keys are strings, and 7 is none."),
    ],
)
def test_metadata_is_a_json_object_about_a_value(xbl: XboxLive, stacy: User, metadata: Any, text: str) -> None:
    """Anything else is an error, and nothing is set (STAT-4)."""
    assert error_of(lambda: xbl.stats.set(stacy, {"deaths": 3, "kills": 7}, metadata=metadata)) == text
    assert held(xbl, stacy) == {}


@pytest.mark.parametrize(
    "method",
    [
        lambda stats, stacy, scid: stats.set(stacy, {"kills": 7}, scid=scid),
        lambda stats, stacy, scid: stats.add(stacy, "kills", scid=scid),
        lambda stats, stacy, scid: stats.get(stacy, scid=scid),
        lambda stats, stacy, scid: stats.clear(stacy, scid=scid),
        lambda stats, _stacy, scid: stats.define("kills", scid=scid),
        lambda stats, _stacy, scid: stats.title("7", scid=scid),
    ],
    ids=["set", "add", "get", "clear", "define", "title"],
)
def test_a_service_configuration_is_a_guid(xbl: XboxLive, stacy: User, method: Callable[..., object]) -> None:
    """In every method that takes one (CALL-5)."""
    assert error_of(lambda: method(xbl.stats, stacy, "nowhere")) == NO_SCID
    assert error_of(lambda: method(xbl.stats, stacy, 7)) == "A scid is a string; 7 is none."
    assert list(xbl._world._state.titles) == [TITLE]


# Add


def test_adding_starts_from_nothing(xbl: XboxLive, stacy: User, ana: User) -> None:
    """One at a time unless said otherwise; it gives what the statistic is then."""
    assert [xbl.stats.add(stacy, "kills"), xbl.stats.add(stacy, "kills"), xbl.stats.add(stacy, "kills", 5)] == [1, 2, 7]
    assert xbl.stats.add(stacy, "kills", -8) == -1
    assert held(xbl, stacy) == {"kills": Statistic("Integer", -1)}
    assert xbl.stats.add(ana, "kills", 0) == 0
    assert xbl.stats.get(ana) == {"kills": 0}


def test_adding_a_float_makes_a_double(xbl: XboxLive, stacy: User) -> None:
    """The type follows from the value here, too (STAT-5)."""
    xbl.stats.set(stacy, {"best": 7, "kills": 3})
    assert xbl.stats.add(stacy, "best", 0.5) == 7.5
    assert xbl.stats.add(stacy, "best") == 8.5
    assert held(xbl, stacy) == {"best": Statistic("Double", 8.5), "kills": Statistic("Integer", 3)}


def test_adding_keeps_metadata(xbl: XboxLive, stacy: User) -> None:
    """It is about the statistic, and nobody has said otherwise (STAT-4)."""
    xbl.stats.set(stacy, {"kills": 7, "wins": 1}, metadata={"kills": {"map": "Größe", "n": [1.5]}, "wins": {}})
    xbl.stats.add(stacy, "kills")
    xbl.stats.add(stacy, "wins")
    assert held(xbl, stacy) == {
        "kills": Statistic("Integer", 8, '{"map": "Gr\\u00f6\\u00dfe", "n": [1.5]}'),
        "wins": Statistic("Integer", 2, "{}"),
    }


def test_adding_gives_what_is_there_then(xbl: XboxLive, stacy: User) -> None:
    """A float, where the title has defined a Double (STAT-11)."""
    xbl.stats.define("time", type="Double")
    total = xbl.stats.add(stacy, "time", 7)
    assert (total, type(total)) == (7.0, float)
    assert held(xbl, stacy) == {"time": Statistic("Double", 7.0)}


@pytest.mark.parametrize(
    ("value", "shown"), [("7", "'7'"), (NOON, "datetime.datetime(2026, 1, 1, 12, 0, tzinfo=datetime.timezone.utc)")]
)
def test_only_to_numbers_can_be_added(xbl: XboxLive, stacy: User, value: Value, shown: str) -> None:
    """A string of digits is none (STAT-5)."""
    xbl.stats.set(stacy, {"rank": value})
    text = error_of(lambda: xbl.stats.add(stacy, "rank"))
    assert text == f"The statistic rank of Stacy is {shown}, and no number to add to."
    assert xbl.stats.get(stacy) == {"rank": value}


@pytest.mark.parametrize(("amount", "shown"), [("1", "'1'"), (None, "None"), (True, "True"), (1j, "1j")])
def test_only_numbers_can_be_added(xbl: XboxLive, stacy: User, amount: Any, shown: str) -> None:
    """A bool is none."""
    assert error_of(lambda: xbl.stats.add(stacy, "kills", amount)) == f"One adds a number to kills; {shown} is none."
    assert xbl.stats.get(stacy) == {}


def test_a_sum_that_is_no_statistic_is_an_error(xbl: XboxLive, stacy: User) -> None:
    """It is checked like any other value, and the statistic stays as it is (STAT-5)."""
    xbl.stats.define("wins", type="Integer")
    xbl.stats.set(stacy, {"kills": 2**63 - 1, "best": 1e308, "wins": 3})
    before = held(xbl, stacy)
    assert error_of(lambda: xbl.stats.add(stacy, "kills")) == NO_STATISTIC.format(2**63, "kills")
    assert error_of(lambda: xbl.stats.add(stacy, "best", 1e308)) == NO_STATISTIC.format("inf", "best")
    text = "The statistic wins is defined as Integer; 3.5 is Double.\nwhere: wins\nrule: STAT-5"
    assert error_of(lambda: xbl.stats.add(stacy, "wins", 0.5)) == text
    assert held(xbl, stacy) == before


# Clear


def test_clearing_takes_what_is_named(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Or everything; nobody else loses anything."""
    for user in (stacy, ana):
        xbl.stats.set(user, {"kills": 7, "deaths": 3, "wins": 1})
    xbl.stats.set(stacy, {"kills": 9}, scid=OTHER)
    xbl.stats.clear(stacy, "deaths", "kills")
    assert xbl.stats.get(stacy) == {"wins": 1}
    xbl.stats.clear(stacy)
    assert xbl.stats.get(stacy) == {}
    assert xbl.stats.get(stacy, scid=OTHER) == {"kills": 9}
    assert xbl.stats.get(ana) == {"kills": 7, "deaths": 3, "wins": 1}


def test_clearing_what_is_empty_is_no_error(xbl: XboxLive, stacy: User) -> None:
    """There is nothing left, as asked."""
    xbl.stats.clear(stacy)
    xbl.stats.clear(stacy, scid=OTHER)
    assert (xbl.stats.get(stacy), xbl.stats.get(stacy, scid=OTHER)) == ({}, {})


def test_clearing_what_is_not_there_is_an_error_and_takes_nothing(xbl: XboxLive, stacy: User) -> None:
    """It is misspelt more often than not, so the text says what there is."""
    assert error_of(lambda: xbl.stats.clear(stacy, "kills")) == "Stacy has no statistic 'kills'; they have: none."
    xbl.stats.set(stacy, {"kills": 7, "wins": 1})
    text = error_of(lambda: xbl.stats.clear(stacy, "wins", "Kills", "deaths"))
    assert text == "Stacy has no statistic 'Kills'; they have: kills, wins."
    assert xbl.stats.get(stacy) == {"kills": 7, "wins": 1}


# Define


def test_a_definition_is_remembered_for_its_service_configuration(xbl: XboxLive) -> None:
    """Open and of any type unless said otherwise; what is left out stays (STAT-5, STAT-6)."""
    xbl.stats.define("kills", type="Integer", access="restricted")
    xbl.stats.define("best")
    xbl.stats.define("kills", access="restricted", scid=OTHER.upper())
    assert xbl._world._state.definitions == {
        SCID: {"kills": Definition("Integer", "restricted"), "best": Definition(None, "open")},
        OTHER: {"kills": Definition(None, "restricted")},
    }
    xbl.stats.define("kills", type="String")
    assert xbl._world._state.definitions[SCID]["kills"] == Definition("String", "restricted")
    xbl.stats.define("kills", access="open")
    assert xbl._world._state.definitions[SCID]["kills"] == Definition("String", "open")


@pytest.mark.parametrize(
    ("kind", "good", "bad", "is_of"),
    [
        ("Integer", 7, 7.0, "Double"),
        ("Double", 7.0, "7", "String"),
        ("String", "7", 7, "Integer"),
        ("DateTime", NOON, "7", "String"),
    ],
)
def test_a_defined_statistic_takes_values_of_its_type(
    xbl: XboxLive, stacy: User, kind: Any, good: Value, bad: Value, is_of: str
) -> None:
    """In its own service configuration only, and others as before (STAT-5, STAT-11)."""
    xbl.stats.define("best", type=kind)
    xbl.stats.set(stacy, {"best": good})
    text = error_of(lambda: xbl.stats.set(stacy, {"wins": 1, "best": bad}))
    assert text == f"The statistic best is defined as {kind}; {bad!r} is {is_of}.\nwhere: best\nrule: STAT-5"
    assert xbl.stats.get(stacy) == {"best": good}
    xbl.stats.set(stacy, {"Best": bad})
    xbl.stats.set(stacy, {"best": bad}, scid=OTHER)


@pytest.mark.parametrize("kind", ["integer", "Bool", "", 7, int])
def test_a_type_is_one_of_four(xbl: XboxLive, kind: Any) -> None:
    """Spelt as the service does (STAT-5)."""
    text = error_of(lambda: xbl.stats.define("kills", type=kind))
    assert text == f"A statistic is of type Integer, Double, String, DateTime; not {kind!r} (STAT-5)."
    assert xbl._world._state.definitions == {}


@pytest.mark.parametrize("access", ["Open", "closed", "", True])
def test_access_is_open_or_restricted(xbl: XboxLive, access: Any) -> None:
    """There is no third (STAT-6)."""
    text = error_of(lambda: xbl.stats.define("kills", access=access))
    assert text == f'The access to a statistic is "open" or "restricted"; not {access!r} (STAT-6).'
    assert xbl._world._state.definitions == {}


def test_a_definition_that_does_not_fit_the_values_that_are_there_is_an_error(
    xbl: XboxLive, stacy: User, ana: User
) -> None:
    """Whoever has them; and then it is not remembered (STAT-5)."""
    xbl.stats.set(stacy, {"best": 7})
    xbl.stats.set(ana, {"best": "seven"})
    text = error_of(lambda: xbl.stats.define("best", type="Integer", access="restricted"))
    assert text == "The statistic best is defined as Integer; 'seven' is String.\nwhere: best\nrule: STAT-5"
    assert xbl._world._state.definitions == {SCID: {}}


def test_a_definition_that_fits_the_values_that_are_there_leaves_them(xbl: XboxLive, stacy: User, ana: User) -> None:
    """What has another name, or belongs to another service configuration, is not asked (STAT-5)."""
    xbl.stats.set(stacy, {"best": 7, "Best": "seven"}, metadata={"best": {}})
    xbl.stats.set(ana, {"rank": "Major"})
    xbl.stats.set(ana, {"best": "seven"}, scid=OTHER)
    before = held(xbl, stacy)
    xbl.stats.define("best", type="Integer")
    xbl.stats.define("Best", access="restricted")
    assert held(xbl, stacy) == before
    assert xbl._world._state.definitions[SCID] == {
        "best": Definition("Integer"),
        "Best": Definition(None, "restricted"),
    }


# Titles, sandboxes, and how values are shown


def test_the_default_title_belongs_to_the_default_service_configuration(xbl: XboxLive, stacy: User) -> None:
    """So users read what is restricted unless a test says otherwise (STAT-6)."""
    assert xbl._world._state.titles == {stacy.title_id: SCID} == {TITLE: SCID}


def test_a_title_belongs_to_one_service_configuration(xbl: XboxLive) -> None:
    """The last one that it was said to belong to (STAT-10)."""
    xbl.stats.title("5", scid=OTHER)
    xbl.stats.title("6")
    assert xbl._world._state.titles == {TITLE: SCID, "5": OTHER, "6": SCID}
    xbl.stats.title("5")
    assert xbl._world._state.titles == {TITLE: SCID, "5": SCID, "6": SCID}


@pytest.mark.parametrize(
    ("title_id", "text"),
    [
        (5, "A title id is a string of decimal digits; 5 is none."),
        (None, "A title id is a string of decimal digits; None is none."),
        ("", "A title id is a string of decimal digits; '' is none."),
        ("0x5", "A title id is a string of decimal digits; '0x5' is none."),
        ("5\n", "A title id is a string of decimal digits; '5\\n' is none."),
        ("5" * 21, f"A title id is a string of decimal digits; '{'5' * 21}' is none."),
    ],
)
def test_a_title_id_is_a_string_of_digits(xbl: XboxLive, title_id: Any, text: str) -> None:
    """As a user has it (CALL-10)."""
    assert error_of(lambda: xbl.stats.title(title_id)) == text
    assert list(xbl._world._state.titles) == [TITLE]


def test_values_are_shown_as_numbers_unless_a_test_says_otherwise(xbl: XboxLive) -> None:
    """It is the world's setting, and can be changed at any time (STAT-8)."""
    shown: list[str] = [xbl.stats.values]
    xbl.stats.values = "strings"
    shown.append(xbl.stats.values)
    assert xbl._world._state.values == "strings"
    xbl.stats.values = "numbers"
    assert [*shown, xbl.stats.values] == ["numbers", "strings", "numbers"]
    assert XboxLive().stats.values == "numbers"


@pytest.mark.parametrize("values", ["string", "Strings", "", None, str])
def test_values_have_two_forms(xbl: XboxLive, values: Any) -> None:
    """And no third (STAT-8)."""
    text = error_of(lambda: setattr(xbl.stats, "values", values))
    assert text == f'Values are "numbers" or "strings"; not {values!r} (STAT-8).'
    assert xbl.stats.values == "numbers"


def test_a_world_has_the_statistics_of_one_sandbox(xbl: XboxLive) -> None:
    """The public one unless a test says otherwise (STAT-6)."""
    assert xbl.stats.sandbox == "RETAIL"
    xbl.stats.sandbox = "XDKS.1"
    assert xbl.stats.sandbox == xbl._world._state.sandbox == "XDKS.1"


@pytest.mark.parametrize("sandbox", [None, 1, b"RETAIL"])
def test_a_sandbox_is_a_string(xbl: XboxLive, sandbox: Any) -> None:
    """That of a world and that of a user's token (STAT-6)."""
    text = f"A sandbox is a string; {sandbox!r} is none."
    assert error_of(lambda: setattr(xbl.stats, "sandbox", sandbox)) == text
    assert xbl.stats.sandbox == "RETAIL"
    if sandbox is not None:
        assert error_of(lambda: xbl.user("Stacy", sandbox=sandbox)) == text


def test_the_token_of_a_user_is_for_one_sandbox(xbl: XboxLive, stacy: User) -> None:
    """The public one unless a test says otherwise; a service that acts for them has it, too (STAT-6)."""
    tester = xbl.user("Tessa", sandbox="XDKS.1")
    agent = xbl.service("agent", on_behalf_of=tester)
    server = xbl.service("server")
    assert (stacy.sandbox, tester.sandbox) == ("RETAIL", "XDKS.1")
    assert [one.caller.sandbox for one in (stacy, tester, agent, server)] == ["RETAIL", "XDKS.1", "XDKS.1", "RETAIL"]


def test_each_world_has_statistics_of_its_own(xbl: XboxLive, stacy: User) -> None:
    """And `xbl.stats` is the same object each time."""
    xbl.stats.set(stacy, {"kills": 7})
    assert xbl.stats is xbl.stats
    other = XboxLive()
    assert other.stats.get(other.user("Stacy")) == {}


def test_integers_that_are_there_become_doubles(xbl: XboxLive, stacy: User) -> None:
    """Where the title defines them as such, with what was said of them (STAT-5, STAT-11)."""
    xbl.stats.set(stacy, {"best": 7, "kills": 3}, metadata={"best": {"car": "red"}})
    xbl.stats.define("best", type="Double")
    held = xbl._world._state.statistics[SCID, stacy.xuid]
    assert held == {"best": ("Double", 7.0, '{"car": "red"}'), "kills": ("Integer", 3, None)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**5000, "An integer of 16610 bits"),
        (2**63, "9223372036854775808 is no statistic"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=2))), "datetime.datetime(1, 1, 1, 0, 0, tzinfo="),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=2))), "datetime.datetime(9999, 12, 31, 23, 59, 59"),
    ],
    ids=["huge", "just too long", "before the calendar", "after it"],
)
def test_a_value_that_cannot_be_told_is_an_error(xbl: XboxLive, stacy: User, value: Any, text: str) -> None:
    """More bits than the service has, or a moment that is none in UTC (STAT-5, CALL-8)."""
    assert error_of(lambda: xbl.stats.set(stacy, {"best": value})).startswith(text)
    assert xbl.stats.get(stacy) == {}


def test_a_sum_that_is_too_large_is_an_error(xbl: XboxLive, stacy: User) -> None:
    """And the statistic stays what it was (STAT-5)."""
    xbl.stats.set(stacy, {"best": 1.5})
    text = "The sum is too large: int too large to convert to float."
    assert error_of(lambda: xbl.stats.add(stacy, "best", 10**5000)) == text
    assert xbl.stats.get(stacy) == {"best": 1.5}


@pytest.mark.parametrize("metadata", [None, ["best"], "best"])
def test_metadata_is_by_name(xbl: XboxLive, stacy: User, metadata: Any) -> None:
    """A dict of JSON objects (STAT-4)."""
    text = error_of(lambda: xbl.stats.set(stacy, {"best": 1}, metadata=metadata))
    assert text == f"Metadata is a dict by the names of statistics; {metadata!r} is none."


def test_a_moment_is_told_in_utc(xbl: XboxLive, stacy: User) -> None:
    """Whatever its time zone; a kind of datetime of another's making is one too (STAT-5, CALL-8)."""

    class Moment(datetime):
        pass

    noon = Moment(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    xbl.stats.set(stacy, {"won": noon})
    path = f"/users/xuid({stacy.xuid})/scids/{SCID}/stats/won"
    answer = xbl.client(stacy).get(path, headers={"X-Xbl-Contract-Version": "1"})
    assert answer.get_json()["user"]["stats"] == [
        {"statname": "won", "type": "DateTime", "value": "2026-01-01T10:00:00.0000000Z"}
    ]


@pytest.mark.parametrize(
    "action",
    [
        lambda stats, user: stats.set(user, {"kills": 1}),
        lambda stats, user: stats.add(user, "kills"),
        lambda stats, user: stats.get(user),
        lambda stats, user: stats.clear(user),
    ],
    ids=["set", "add", "get", "clear"],
)
def test_statistics_are_those_of_users_of_this_world(xbl: XboxLive, stacy: User, action: Any) -> None:
    """Another world has other people with the same xuids (STAT-7)."""
    xbl.stats.set(stacy, {"kills": 7})
    other = XboxLive().user("Ben")
    assert other.xuid == stacy.xuid
    text = "Ben is a user of another world than these statistics."
    assert error_of(lambda: action(xbl.stats, other)) == text
    assert xbl.stats.get(stacy) == {"kills": 7}


@pytest.mark.parametrize("name", [["kills"], "a,b", "", 3])
def test_a_statistic_is_asked_for_by_its_name(xbl: XboxLive, stacy: User, name: Any) -> None:
    """What cannot be a name is an error, and not a statistic that nobody has."""
    text = f"A statistic has a name without commas and slashes; {name!r} is none."
    assert error_of(lambda: xbl.stats.get(stacy, name)) == text
    assert error_of(lambda: xbl.stats.clear(stacy, name)) == text


def test_a_setting_that_is_misspelt_is_an_error(xbl: XboxLive) -> None:
    """It would have changed nothing."""
    with pytest.raises(AttributeError):
        xbl.stats.value = "strings"  # type: ignore[attr-defined]
