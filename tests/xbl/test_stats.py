"""`xbl.stats`: the values that users have reached, and the definitions of titles."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bodies import SCID
from errors import error_of
from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.titles import Title
from pytest_xbl.userstats.model import Definition
from pytest_xbl.world.statistics import reached

OTHER = "5c1d0000-0000-4000-8000-00000000000b"
STATISTIC = "an integer of 64 bits, a finite float, a string or a datetime in a time zone"


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first user."""
    return xbl.user("Stacy")


def held(xbl: XboxLive, user: User, scid: str = SCID) -> dict[str, tuple[object, ...]]:
    """Type, value and metadata of a user's statistics."""
    return dict(reached(xbl._world, scid, user.xuid))


# Set and get


def test_a_value_that_is_set_can_be_got(xbl: XboxLive, stacy: User) -> None:
    """By name, or in a copy of all of them; another user has nothing (STAT-2)."""
    assert xbl.stats is xbl.stats
    xbl.stats.set(stacy, {"kills": 7, "rank": "Major"})
    xbl.stats.get(stacy)["kills"] = 8
    assert xbl.stats.get(stacy) == {"kills": 7, "rank": "Major"}
    assert [xbl.stats.get(stacy, name) for name in ("rank", "Rank")] == ["Major", None]
    ana = xbl.user("Ana")
    assert (xbl.stats.get(ana), xbl.stats.get(ana, "rank")) == ({}, None)


def test_a_moment_is_shown_in_utc(xbl: XboxLive, stacy: User) -> None:
    """In whatever time zone, and of whatever class of datetimes, it was set (STAT-5, CALL-8)."""

    class Moment(datetime):
        pass

    xbl.stats.set(stacy, {"won": Moment(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))})
    path = f"/users/xuid({stacy.xuid})/scids/{SCID}/stats/won"
    answer = xbl.client(stacy).get(path, headers={"X-Xbl-Contract-Version": "1"})
    [stat] = answer.get_json()["user"]["stats"]
    assert stat == {"statname": "won", "type": "DateTime", "value": "2026-01-01T10:00:00.0000000Z"}


def test_setting_some_values_leaves_the_others(xbl: XboxLive, stacy: User) -> None:
    """They keep value and metadata; those that are set lose theirs (STAT-4)."""
    metadata: dict[str, Any] = {"kills": {"map": "Größe"}, "deaths": {"a": [1, None]}}
    xbl.stats.set(stacy, {"kills": 7, "deaths": 3}, metadata=metadata)
    metadata["deaths"]["a"] = "later"
    xbl.stats.set(stacy, {"kills": 8, "wins": 1}, metadata={"wins": {}})
    assert held(xbl, stacy) == {
        "kills": ("Integer", 8, None),
        "deaths": ("Integer", 3, '{"a": [1, null]}'),
        "wins": ("Integer", 1, "{}"),
    }


def test_each_service_configuration_has_statistics_of_its_own(xbl: XboxLive, stacy: User) -> None:
    """Named in whatever case, in every method (CALL-5)."""
    xbl.stats.set(stacy, {"kills": 7})
    xbl.stats.set(stacy, {"kills": 9, "wins": 1}, scid=OTHER.upper())
    assert xbl.stats.get(stacy) == xbl.stats.get(stacy, scid=SCID.upper()) == {"kills": 7}
    assert xbl.stats.add(stacy, "kills", scid=OTHER.upper()) == 10
    xbl.stats.clear(stacy, "wins", scid=OTHER.upper())
    assert (xbl.stats.get(stacy, scid=OTHER), xbl.stats.get(stacy, "kills", scid=OTHER)) == ({"kills": 10}, 10)


# Add


def test_adding_starts_from_nothing(xbl: XboxLive, stacy: User) -> None:
    """One at a time unless said otherwise; it gives the sum, and metadata stays (STAT-4)."""
    add = xbl.stats.add
    assert [add(stacy, "kills"), add(stacy, "kills", 5), add(stacy, "kills", -8)] == [1, 6, -2]
    assert add(stacy, "wins", 0) == 0
    xbl.stats.set(stacy, {"kills": 7}, metadata={"kills": {"map": "Größe"}})
    add(stacy, "kills")
    assert held(xbl, stacy) == {"kills": ("Integer", 8, '{"map": "Gr\\u00f6\\u00dfe"}'), "wins": ("Integer", 0, None)}


def test_adding_a_float_makes_a_double(xbl: XboxLive, stacy: User) -> None:
    """Unless the title has defined another type; then the sum is of that (STAT-5, STAT-11)."""
    xbl.stats.define("time", type="Double")
    xbl.stats.set(stacy, {"best": 7})
    sums = [xbl.stats.add(stacy, "best", 0.5), xbl.stats.add(stacy, "best"), xbl.stats.add(stacy, "time", 7)]
    assert (sums, [type(it) for it in sums]) == ([7.5, 8.5, 7.0], [float] * 3)


NAMELESS = 'A statistic has a name without commas and slashes, not "{}".'


@pytest.mark.parametrize(
    ("name", "amount", "what", "where"),
    [
        ("rank", 1, "The statistic rank of Stacy is '7', not a number to add to.", "name STAT-5"),
        ("a,b", 1, NAMELESS.format("a,b"), "name STAT-4"),
        (["kills"], 1, "Expected the name of a statistic; got ['kills'].", "name STAT-4"),
        ("kills", "1", "Expected a number to add to kills; got '1'.", "amount STAT-5"),
        ("kills", True, "Expected a number to add to kills; got True.", "amount STAT-5"),
        ("kills", 2**63 - 1, f"{2**63} is no statistic: {STATISTIC}.", "amount STAT-5"),
        ("best", 1e308, "Expected a finite number; got inf.", "amount SEED-1"),
        ("best", 10**400, "The sum is too large: int too large to convert to float.", "amount STAT-5"),
        ("wins", 0.5, "The statistic wins is defined as Integer; 3.5 is Double.", "amount STAT-5"),
    ],
)
def test_a_sum_that_cannot_be_is_refused(
    xbl: XboxLive, stacy: User, name: Any, amount: Any, what: str, where: str
) -> None:
    """The place is the argument of `add`, and the statistic stays as it is (STAT-5)."""
    xbl.stats.define("wins", type="Integer")
    xbl.stats.set(stacy, {"kills": 1, "best": 1e308, "wins": 3, "rank": "7"})
    before = xbl._world.snapshot()
    place, rule = where.split()
    assert error_of(lambda: xbl.stats.add(stacy, name, amount)) == f"{what}\nwhere: {place}\nrule: {rule}"
    assert xbl._world.snapshot() == before


# Get and clear


def test_clearing_takes_these_or_all(xbl: XboxLive, stacy: User) -> None:
    """Nobody else loses anything, and where nothing is left nothing is missing."""
    ana = xbl.user("Ana")
    for user in (stacy, ana):
        xbl.stats.set(user, {"kills": 7, "deaths": 3, "wins": 1})
    xbl.stats.set(stacy, {"kills": 9}, scid=OTHER)
    xbl.stats.clear(stacy, "deaths", "kills")
    assert xbl.stats.get(stacy) == {"wins": 1}
    for _ in range(2):
        xbl.stats.clear(stacy)
        assert xbl.stats.get(stacy) == {}
    assert (xbl.stats.get(stacy, scid=OTHER), len(xbl.stats.get(ana))) == ({"kills": 9}, 3)


def test_clearing_a_statistic_that_is_not_there_takes_nothing(xbl: XboxLive, stacy: User) -> None:
    """It is misspelt more often than not, so the text says which there are (STAT-5)."""
    text = "Stacy has no statistic 'Kills'; they have: {}.\nwhere: names\nrule: STAT-5"
    assert error_of(lambda: xbl.stats.clear(stacy, "Kills")) == text.format("none")
    xbl.stats.set(stacy, {"kills": 7, "wins": 1})
    assert error_of(lambda: xbl.stats.clear(stacy, "wins", "Kills", "deaths")) == text.format("kills, wins")
    assert xbl.stats.get(stacy) == {"kills": 7, "wins": 1}


def test_a_statistic_is_asked_for_by_its_name(xbl: XboxLive, stacy: User) -> None:
    """A name that nobody can have is an error, and not a statistic that nobody has (STAT-4)."""
    text = f"{NAMELESS}\nwhere: name\nrule: STAT-4"
    for name in ("", "a,b", "a/b"):
        assert error_of(lambda name=name: xbl.stats.get(stacy, name)) == text.format(name)  # type: ignore[misc]
    text = "Expected the names of statistics one by one; got ['kills'].\nwhere: names\nrule: STAT-4"
    assert error_of(lambda: xbl.stats.clear(stacy, ["kills"])) == text  # type: ignore[arg-type]


# Definitions, titles, settings


def test_a_title_belongs_to_one_service_configuration(xbl: XboxLive, stacy: User) -> None:
    """The last one that it was said to belong to; the title of users belongs to the default one (STAT-6, STAT-10)."""
    xbl.stats.title("5", scid=OTHER, platforms={"uwp-desktop": {}})
    xbl.stats.title("5")
    assert dict(xbl._world.snapshot().titles) == {stacy.title_id: Title(SCID), "5": Title(SCID)}


def test_a_platform_of_a_title_is_kept_as_it_was_given(xbl: XboxLive) -> None:
    """Nobody changes it afterwards, be it through the dict that it came from (STAT-16)."""
    pfn = {"pfn": "Contoso.Game_8wekyb3d8bbwe"}
    xbl.stats.title("5", scid=OTHER, platforms={"uwp-desktop": pfn, "era": {}})
    pfn["pfn"] = "later"
    platforms = {"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}, "era": {}}
    assert xbl._world.snapshot().titles["5"] == (OTHER, platforms)


def test_a_definition_adds_to_what_was_said_before(xbl: XboxLive) -> None:
    """Arguments that are left out leave it as it was, also in a group (STAT-14)."""
    xbl.stats.define("wins", type="Integer", display_name="Wins")
    xbl.stats.define("wins", group="Hero", ordinal=2, sort_order="Descending")
    xbl.stats.define("wins", ordinal=1, display_format="Integer", display_semantic="Best")
    assert xbl._world.snapshot().definitions[SCID] == {
        "wins": Definition("Integer", "open", "Hero", 1, "Descending", "Wins", "Integer", "Best")
    }


def test_a_world_shows_numbers_of_the_public_sandbox_unless_a_test_says_otherwise(xbl: XboxLive) -> None:
    """Both can be changed at any time; a misspelt setting is an error (STAT-6, STAT-8)."""
    assert (xbl.stats.values, xbl.stats.sandbox) == ("numbers", "RETAIL")
    xbl.stats.values, xbl.stats.sandbox = "strings", "XDKS.1"
    assert (xbl.stats.values, xbl.stats.sandbox) == ("strings", "XDKS.1")
    assert (XboxLive().stats.values, XboxLive().stats.sandbox) == ("numbers", "RETAIL")
    with pytest.raises(AttributeError):
        xbl.stats.value = "strings"  # type: ignore[attr-defined]
