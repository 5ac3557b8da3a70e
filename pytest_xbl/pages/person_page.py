"""The page of one person: who they are, where they are, whom they know, and what they have reached."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.handle_list import handle_table
from pytest_xbl.pages.layout import section
from pytest_xbl.pages.markup import counted, element, joined, link, quiet
from pytest_xbl.pages.people_list import linked, presence
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.session_list import session_table
from pytest_xbl.pages.sheet import NoPageError, Sheet
from pytest_xbl.pages.statistic_list import statistics_of
from pytest_xbl.pages.tokens import export
from pytest_xbl.pages.words import facts, listed
from pytest_xbl.world import people
from pytest_xbl.world.activity import open_connections
from pytest_xbl.world.state import Account
from pytest_xbl.world.stored import blocked_by, handles_of, sessions_with

MOST = 100
"""The most sessions, and the most people or handles of a kind, that the page shows."""


def person_page(scene: Scene, _asked: Asked, xuid: str) -> Sheet:
    """The page of a user, or of a stranger who is in a session.

    Raises:
        NoPageError: 404 for somebody who is neither.
    """
    account, sessions = people.account_of(scene.world, xuid), sessions_with(scene.world, xuid)
    handles = handles_of(scene.world, xuid)
    if not (account or sessions or handles):
        raise NoPageError(f"Nobody in this world has the xuid {xuid}.")
    parts = [_about(scene, account) if account else quiet(f"A stranger with the xuid {xuid}: no user of this world.")]
    records = [scene.world.record(session.ref) for session in sessions[:MOST]]
    shown = session_table(scene, records, nothing="They are in none.")
    parts.append(section("Sessions", shown, _left(len(sessions), "session"), id_="sessions"))
    if handles:
        parts.append(
            section("Handles", handle_table(scene, handles[:MOST]), _left(len(handles), "handle"), id_="handles")
        )
    if reached := statistics_of(scene, xuid):
        parts.append(section("Statistics", reached, id_="statistics"))
    return Sheet(account.caller.name if account else xuid, joined(parts), "People")


def service_page(scene: Scene, asked: Asked) -> Sheet:
    """The page of the service that the parameter `name` names: any text, which no path could hold.

    Raises:
        NoPageError: 404 for another name.
    """
    account = people.account_called(scene.world, asked.text("name"))
    if account is None or not account.caller.server:
        raise NoPageError(f"No service of this world has the name {brief(asked.text('name'))}.")
    acting = [str(user.xuid) for user in account.acting_for]
    shown = {"Kind": "a service", "Acts for": listed(linked(scene, acting)), **_calls(scene, account)}
    return Sheet(account.caller.name, facts(shown), "People")


def _about(scene: Scene, account: Account) -> Markup:
    caller, xuid, world = account.caller, account.key, scene.world
    connected = [one.id for one in open_connections(world) if one.account.key == xuid]
    return facts(
        {
            "Gamertag": caller.gamertag,
            "Xuid": element("code", xuid),
            "Presence": presence(scene, xuid),
            "Follows": _people(scene, people.following(world, xuid), favorites=xuid),
            "Followed by": _people(scene, people.followers(world, xuid)),
            "Blocks": _people(scene, blocked_by(world, xuid)),
            "Connected as": listed(element("code", id_) for id_ in connected),
            "Title": caller.title_id,
            "Device": caller.device_id,
            "Sandbox": caller.sandbox,
            **_calls(scene, account),
        }
    )


def _calls(scene: Scene, account: Account) -> dict[str, object]:
    """The way to the requests of somebody, and the command that lets a shell call as them."""
    requests = link("in the journal", scene.at.page("journal", caller=account.caller.name))
    return {"Requests": requests, "To call as them": export(scene, account)}


def _people(scene: Scene, xuids: list[str], favorites: str = "") -> Markup:
    """People, those marked whom somebody favors.

    Args:
        favorites: the xuid of whoever favors them; "" for nobody.
    """
    shown: Iterator[Markup] | list[Markup] = linked(scene, xuids[:MOST])
    if favorites:
        shown = [joined([one, _mark(scene, favorites, xuid)]) for one, xuid in zip(shown, xuids, strict=False)]
    more = [f"{len(xuids) - MOST:,} more"] if len(xuids) > MOST else []
    return listed([*shown, *more])


def _mark(scene: Scene, xuid: str, other: str) -> Markup | None:
    return element("small", " favorite") if people.is_favorite(scene.world, xuid, other) else None


def _left(count: int, what: str) -> Markup | None:
    return quiet(f"{counted(count - MOST, f'more {what}')} left out here.") if count > MOST else None
