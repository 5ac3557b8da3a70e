"""The users of a world who sign in (NEAR-2)."""

from __future__ import annotations

from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World


def await_sign_in(world: World, xuid: str) -> None:
    """Let a user be the one who signs in next, or after those of whom this was said before."""
    with world.exclusively():
        sign_ins = world._state.sign_ins
        world._state.sign_ins = sign_ins._replace(awaited=(*sign_ins.awaited, xuid))


def repeat_sign_ins(world: World) -> None:
    """Let everybody sign in again, in the same order, whenever everybody has signed in (CMD-3)."""
    world._repeats_sign_ins = True


def begin_sign_in(world: World, *, where: Place) -> Account:
    """The user who signs in next: one of whom the test has said so, or the next in the order in which they were made.

    Who has been given a code and has not used it comes after those who have been given none.

    Args:
        where: the place of a request that asks for it.

    Raises:
        Refusal: 403 if everybody has had their turn.
    """
    with world.exclusively():
        users, sign_ins = world._state.users, world._state.sign_ins
        waiting = sign_ins.awaited or sorted(
            (xuid for xuid in users if xuid not in sign_ins.done), key=sign_ins.begun.__contains__
        )
        if world._repeats_sign_ins and not waiting:
            sign_ins, waiting = sign_ins._replace(begun=frozenset(), done=frozenset()), [*users]
        if not waiting:
            raise Refusal(403, _nobody_left(world), where=where, rule="NEAR-2")
        xuid, begun = waiting[0], sign_ins.begun.union(waiting[:1])
        world._state.sign_ins = sign_ins._replace(awaited=sign_ins.awaited[1:], begun=begun)
        return users[xuid]


def finish_sign_in(world: World, xuid: str) -> None:
    """Remember that a client has a token of this user."""
    with world.exclusively():
        sign_ins = world._state.sign_ins
        world._state.sign_ins = sign_ins._replace(done=sign_ins.done | {xuid})


def has_signed_in(world: World, xuid: str) -> bool:
    """Whether a client has got a token of this user."""
    return xuid in world._state.sign_ins.done


def _nobody_left(world: World) -> str:
    names = [account.caller.name for account in world._state.users.values()]
    why = f"every user of this world has signed in ({', '.join(names)})" if names else "this world has no users"
    return f'Nobody is left to sign in: {why}; make one with xbl.user("..."), or name one with xbl.signs_in(user).'
