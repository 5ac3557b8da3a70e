"""Who signs in next (NEAR-2)."""

from __future__ import annotations

from errors import told_of
from pytest_xbl import User, XboxLive
from pytest_xbl.world.sign_in import begin_sign_in, finish_sign_in, repeat_sign_ins
from pytest_xbl.world.world import World


def begun(world: World, times: int) -> list[str]:
    """The names of those who sign in, one after the other."""
    return [begin_sign_in(world, where="the body").caller.name for _ in range(times)]


def test_users_sign_in_in_the_order_in_which_they_were_made(xbl: XboxLive, world: World) -> None:
    """Those who have a code already, and have not used it, come last (NEAR-2)."""
    stacy, _ana = xbl.users("Stacy", "Ana")
    assert begun(world, 4) == ["Stacy", "Ana", "Stacy", "Stacy"]
    finish_sign_in(world, stacy.xuid)
    xbl.user("Bo")
    assert begun(world, 2) == ["Bo", "Ana"]


def test_whom_a_test_names_signs_in_first(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Each once, in the order of the calls, whether or not they have signed in before (NEAR-2)."""
    finish_sign_in(world, stacy.xuid)
    for user in (ana, stacy, ana):
        xbl.signs_in(user)
    assert begun(world, 3) == ["Ana", "Stacy", "Ana"]
    assert begun(world, 1) == ["Ana"]


def test_everybody_may_sign_in_again(xbl: XboxLive, world: World) -> None:
    """In the same order, once everybody has signed in, if the world repeats it (CMD-3)."""
    users = xbl.users("Stacy", "Ana")
    repeat_sign_ins(world)
    for name, user in zip(("Stacy", "Ana") * 2, (*users, *users), strict=True):
        assert begun(world, 1) == [name]
        finish_sign_in(world, user.xuid)


def test_past_the_last_one_nobody_signs_in(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """403, which names the users, and the ways to get another (NEAR-2)."""
    finish_sign_in(world, stacy.xuid)
    finish_sign_in(world, ana.xuid)
    ways = 'make one with xbl.user("..."), or name one with xbl.signs_in(user).'
    why = "Nobody is left to sign in: every user of this world has signed in (Stacy, Ana)"
    assert told_of(lambda: begin_sign_in(world, where="the URI")) == (403, "the URI", f"{why}; {ways}", "NEAR-2")
    xbl.reset()
    why = "Nobody is left to sign in: this world has no users"
    assert told_of(lambda: begin_sign_in(world, where="the URI")) == (403, "the URI", f"{why}; {ways}", "NEAR-2")


def test_a_snapshot_knows_who_has_signed_in(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """And who was to be the next; a dump knows neither (NEAR-2)."""
    xbl.signs_in(ana)
    before, dumped = xbl.snapshot(), xbl.dump()
    finish_sign_in(world, stacy.xuid)
    assert begun(world, 1) == ["Ana"]
    assert (stacy.signed_in, ana.signed_in) == (True, False)
    assert xbl.dump() == dumped
    xbl.restore(before)
    assert not stacy.signed_in
    assert begun(world, 1) == ["Ana"]
