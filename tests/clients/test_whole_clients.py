"""Clients that others wrote, nothing of them replaced: they sign in, look around, and open sessions.

Each begins with nothing but the real names that are written into it (HOST-1), and signs in as Stacy (NEAR-1).
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from subprocess import PIPE
from typing import Any, TypeAlias

import pytest

from bodies import SCID
from pytest_xbl import User, XboxLive

Run: TypeAlias = Callable[..., str]

HERE = Path(__file__).parent
DIRECTORIES = f"--import={HERE / 'node/directories.mjs'}"


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """A friend of Stacy's, made after her."""
    ana = xbl.user("Ana")
    xbl.follow(stacy, ana)
    xbl.follow(ana, stacy)
    return ana


async def looked_around(package: str, stacy: User, ana: User) -> dict[str, Any]:
    """The outcome of each step of a client in Python that signs in with a code, and reads."""
    client = import_module(f"{package}.api.client")
    manager = import_module(f"{package}.authentication.manager")
    signed_session = import_module(f"{package}.common.signed_session")
    async with signed_session.SignedSession() as session:
        signing_in = manager.AuthenticationManager(session, "id", "secret", "http://localhost/auth/callback")
        await signing_in.request_tokens(stacy.sign_in_code)
        signing_in.oauth = await signing_in.refresh_oauth_token()
        xbox = client.XboxLiveClient(signing_in)
        profile = await xbox.profile.get_profile_by_gamertag(ana.gamertag)
        friends = await xbox.people.get_friends_own()
        summary = await xbox.people.get_friends_summary_own()
        presence = await xbox.presence.get_presence(stacy.xuid)
        statistics = await xbox.userstats.get_stats(ana.xuid, SCID, ["Kills"])
        return {
            "xuid": xbox.xuid,
            "profile": [user.id for user in profile.profile_users],
            "friends": [person.gamertag for person in friends.people],
            "following": summary.target_following_count,
            "presence": presence.state,
            "kills": [(stat.name, stat.value) for held in statistics.statlistscollection for stat in held.stats],
        }


@pytest.mark.parametrize("package", ["pythonxbox", "xbox.webapi"])
def test_both_clients_of_pypi_sign_in_and_read(xbl: XboxLive, stacy: User, ana: User, package: str) -> None:
    """python-xbox and xbox-webapi: authorization code, refresh, profile, people, presence and statistics."""
    pytest.importorskip(package)
    xbl.stats.set(ana, {"Kills": 7})

    outcome = asyncio.run(looked_around(package, stacy, ana))

    assert outcome == {
        "xuid": stacy.xuid,
        "profile": [ana.xuid],
        "friends": ["Ana"],
        "following": 1,
        "presence": "Online",
        "kills": [("Kills", "7")],
    }
    assert stacy.signed_in


@pytest.mark.usefixtures("_packages", "ana")
def test_the_client_of_npm_signs_in_and_reads(stacy: User, run: Run) -> None:
    """xbox-webapi for Node: authorization code, profile, people, social, presence and a batch of statistics."""
    outcome = json.loads(run("node", HERE / "node/xbox_webapi.cjs", CODE=stacy.sign_in_code))

    assert outcome["gamertag"] == "Stacy"
    assert [user["id"] for user in outcome["profile"]] == [stacy.xuid]
    assert outcome["friends"] == ["Ana"]
    assert outcome["summary"]["targetFollowingCount"] == 1
    assert outcome["presence"] == "Online"
    assert outcome["statistics"] == ["xuid"]


@pytest.mark.usefixtures("_packages")
def test_friend_connect_signs_in_and_opens_a_lobby(
    xbl: XboxLive, stacy: User, ana: User, run: Run, tmp_path: Path
) -> None:
    """friend-connect: device code, title and device tokens, social, people, achievements, session and activity."""
    program = HERE / "node/friend_connect.mjs"

    printed = run("node", DIRECTORIES, program, SCID=SCID, FRIEND=ana.xuid, CACHE=tmp_path / "cache")
    outcome = json.loads(printed.splitlines()[-1])

    assert outcome == {
        "xuid": stacy.xuid,
        "achievements": [],
        "follow": 204,
        "friends": [ana.xuid],
        "followers": [ana.xuid],
        "unfollow": 204,
        "session": 201,
        "activity": 201,
        "read": 200,
    }
    xbl.sessions["one"].assert_members({stacy: "active"})


@pytest.mark.usefixtures("_packages")
def test_friend_connect_keeps_its_session_alive(xbl: XboxLive, stacy: User, tmp_path: Path) -> None:
    """friend-connect: it connects, creates, is tapped, loses the connection, and comes back with another (TAP-4)."""
    variables = {"SCID": SCID, "CACHE": str(tmp_path / "cache")}
    command = ["node", DIRECTORIES, str(HERE / "node/friend_connect_live.mjs")]
    environ = {**os.environ, **xbl.environ, **variables}
    with subprocess.Popen(command, env=environ, cwd=tmp_path, stdin=PIPE, stdout=PIPE, text=True) as program:
        first = words_after(program, "ACTIVITY")
        lobby = xbl.sessions[first]
        lobby.assert_matches({"properties": {"custom": {"map": "canyon"}}})
        assert stacy.activity

        xbl.client(stacy).put(lobby.ref.path, json={"properties": {"custom": {"map": "river"}}})
        assert f"~lobby~{first}" in words_after(program, "TAPPED")

        xbl.rta.drop(stacy)
        words_after(program, "CLOSED")
        assert words_after(program, "ACTIVITY") != first
        program.communicate("")
    assert program.returncode == 0


def words_after(program: subprocess.Popen[str], event: str) -> str:
    """The rest of the next line that a program prints about an event."""
    assert program.stdout
    for line in program.stdout:
        if line.startswith(event):
            return line.removeprefix(event).strip()
    raise AssertionError(f"The program has ended without {event}.")
