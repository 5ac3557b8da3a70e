"""The people of a world: accounts, their tokens, and who is in the title."""

from __future__ import annotations

import pytest

from errors import told_of
from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.world import people
from pytest_xbl.world.state import Account
from pytest_xbl.world.stored import blocked_by, followed_by
from pytest_xbl.world.world import World

STACY, ANA = (Account(Caller(name, xuid), xuid, "hash") for name, xuid in (("Stacy", "77"), ("Ana", "7")))
SERVER = Account(Caller("server", server=True), "service-1", "hash")


def world_of(*accounts: Account, name: str = "world") -> World:
    """A world with these people in it."""
    world = World(name)
    for account in accounts:
        people.add_account(world, account)
    return world


def chosen(account: Account, token: str) -> Account:
    """The same account with a token that a test has chosen."""
    return Account(account.caller, account.key, account.userhash, token)


def test_people_are_found_by_name_and_xuid() -> None:
    """Users apart from services; names are as the test wrote them (CALL-4)."""
    world = world_of(STACY, SERVER, ANA)
    assert [people.account_called(world, name) for name in ("Stacy", "server", "Ana")] == [STACY, SERVER, ANA]
    assert [people.account_called(world, name) for name in ("stacy", "", "77")] == [None] * 3
    assert [people.account_of(world, xuid) for xuid in ("77", "7", "service-1", "8")] == [STACY, ANA, None, None]
    assert people.users(world) == [STACY, ANA]
    assert (people.count(world), people.count(world, services=True)) == (2, 1)
    assert people.names(world) == ["Stacy", "server", "Ana"]


def test_a_token_follows_from_the_name_of_the_world_and_the_key() -> None:
    """Unless one was chosen, so that worlds that begin alike can share accounts (CALL-3)."""
    ana = chosen(ANA, "chosen")
    world = world_of(STACY, ana, SERVER)
    tokens = {"world.77": STACY, "chosen": ana, "world.service-1": SERVER}
    for token, account in tokens.items():
        assert (people.token_of(world, account), people.account_with(world, token)) == (token, account)
    assert [people.is_token_of(world, token) for token in tokens] == [True] * 3
    other = World("other", world.snapshot())
    assert (people.token_of(other, STACY), people.account_with(other, "other.77")) == ("other.77", STACY)
    assert (people.account_with(other, "world.77"), people.account_with(other, "chosen")) == (None, ana)
    assert people.account_with(world_of(STACY, name="a.b.c"), "a.b.c.77") is STACY


@pytest.mark.parametrize(
    "token",
    ["", ".", "world", "world.", "world.8", "World.77", "other.77", "77", ".77", "x.world.77", "world.7", "world.nat"],
)
def test_another_token_is_nobodys(token: str) -> None:
    """Not that of another world, nor the one that a chosen token replaces (CALL-3)."""
    assert people.account_with(world_of(STACY, chosen(ANA, "chosen")), token) is None


NAME_TAKEN = "The name 'Stacy' is taken; every caller needs a unique name."


@pytest.mark.parametrize(
    ("before", "account", "where", "what"),
    [
        (STACY, Account(Caller("Stacy", server=True), "service-1", ""), "", NAME_TAKEN),
        (STACY, Account(Caller("Zoe", "77"), "77", ""), "/xuid", "The xuid 77 is Stacy's already."),
        (STACY, chosen(ANA, "world.77"), "/token", "The token is Stacy's already."),
        (SERVER, chosen(ANA, "world.service-1"), "/token", "The token is server's already."),
        (chosen(ANA, "world.77"), STACY, "/token", "The token is Ana's already."),
        (chosen(ANA, "world.service-1"), SERVER, "/token", "The token is Ana's already."),
        (chosen(ANA, "t"), chosen(STACY, "t"), "/token", "The token is Ana's already."),
    ],
)
def test_names_xuids_and_tokens_belong_to_one(before: Account, account: Account, where: str, what: str) -> None:
    """Whoever comes later is refused, and nothing of them stays (SEED-11)."""
    world = world_of(before)
    state = world.snapshot()
    assert told_of(lambda: people.add_account(world, account)) == (400, where, what, "SEED-11")
    assert world.snapshot() == state


def test_a_token_of_a_seed_must_fit_the_world_that_begins_with_it() -> None:
    """It was chosen before the world had its name (SEED-11)."""
    state = world_of(STACY, chosen(ANA, "mine.77"), SERVER, name="nobody's").snapshot()
    people.require_own_tokens(World("other", state))
    text = (400, "/users/Ana/token", "The token of Ana is Stacy's already.", "SEED-11")
    assert told_of(lambda: people.require_own_tokens(World("mine", state))) == text
    people.require_own_tokens(world_of(chosen(ANA, "world.7")))


def test_an_account_that_is_removed_leaves_nothing_behind() -> None:
    """Neither its name nor its key nor its token (SEED-11)."""
    world = world_of(STACY)
    before = world.snapshot()
    for account in (chosen(ANA, "chosen"), SERVER):
        people.add_account(world, account)
        people.remove_account(world, account)
        assert world.snapshot() == before


def test_the_tokens_that_were_chosen_are_remembered() -> None:
    """Also those of a state that the world has no longer; to ask makes no table of a copy (SEEN-13)."""
    world = World("world", world_of(chosen(STACY, "first")).snapshot())
    assert people.given_tokens(world) == {"first"}
    assert "tokens" not in vars(world._state)
    people.add_account(world, chosen(ANA, "second"))
    world.restore(World().snapshot())
    assert people.given_tokens(world) == {"first", "second"}
    assert people.given_tokens(World()) == set()


def test_relations_are_added_and_favorites_are_among_those_followed() -> None:
    """A refused favorite changes nothing (JOIN-2, HAND-10, OWN-4)."""
    world, none = world_of(STACY, ANA), frozenset[str]()
    people.relate(world, "77", follows={"7"}, favorites=none, blocks={"7", "8"})
    people.relate(world, "77", follows={"8"}, favorites={"7", "8"}, blocks=none)
    before = world.snapshot()
    assert [dict(graph) for graph in (before.follows, before.favorites, before.blocks)] == [{"77": {"7", "8"}}] * 3
    what = "Favorites are among the people whom a user follows; name them under follows, too."
    refused = told_of(lambda: people.relate(world, "7", follows={"8"}, favorites={"77"}, blocks={"77"}))
    assert (refused, world.snapshot()) == ((400, "/favorites", what, "HAND-10"), before)


def test_relations_are_listed_in_the_order_of_xuids() -> None:
    """As numbers; who has none has an empty list (JOIN-2, OWN-4)."""
    world = world_of(STACY, ANA)
    xuids = {"100", "20", "3", "44", "5"}
    people.relate(world, "77", follows=xuids, favorites=frozenset(), blocks=xuids)
    expected = ["3", "5", "20", "44", "100"]
    assert (followed_by(world, "77"), blocked_by(world, "77")) == (expected, expected)
    assert (followed_by(world, "7"), blocked_by(world, "7")) == ([], [])


def test_presence_is_each_users_own(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Everybody is in the title until set-up says otherwise, and twice is as good as once (TIME-7)."""
    for present in (True, False, False, True, True):
        people.set_presence(world, ana.xuid, present=present)
        assert (people.is_present(world, ana.xuid), people.is_present(world, stacy.xuid)) == (present, True)
