"""The table of the operations of neighbours (NEAR)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.wire.forms import FORM_BODY
from pytest_xbl.wire.neighbours import (
    achievements,
    authentication,
    login,
    peoplehub,
    presence,
    profile,
    social,
    title_management,
)
from pytest_xbl.wire.neighbours.answers import any_contract, anybody
from pytest_xbl.wire.neighbours.naming import require_person
from pytest_xbl.wire.route import Route

_Neighbour = partial(Route, contract=any_contract)
_SignIn = partial(_Neighbour, identify=anybody)
_Form = partial(_SignIn, hosts=("login.live.com",), has_body=True, body=FORM_BODY)

SIGN_IN = (
    _Form("connect-device", "POST", "/oauth20_connect.srf", login.connect_device, (200,), ("NEAR-2", "NEAR-3")),
    _SignIn(
        "authorize-login",
        "GET",
        "/oauth20_authorize.srf",
        login.authorize_login,
        (302,),
        ("NEAR-2", "NEAR-3"),
        hosts=("login.live.com",),
        parameters=login.AUTHORIZE,
    ),
    _Form(
        "grant-token",
        "POST",
        "/oauth20_token.srf",
        login.grant_token,
        (200,),
        ("NEAR-2", "NEAR-3", "NEAR-4"),
        parameters=login.TOKEN_QUERY,
    ),
    *(
        _SignIn(operation, "POST", path, run, (200,), (rule, "NEAR-4"), hosts=(host,), has_body=True)
        for operation, host, path, run, rule in (
            (
                "authenticate-user",
                "user.auth.xboxlive.com",
                "/user/authenticate",
                authentication.authenticate_user,
                "NEAR-5",
            ),
            (
                "authenticate-device",
                "device.auth.xboxlive.com",
                "/device/authenticate",
                authentication.authenticate_device,
                "NEAR-5",
            ),
            (
                "authenticate-title",
                "title.auth.xboxlive.com",
                "/title/authenticate",
                authentication.authenticate_title,
                "NEAR-5",
            ),
            ("authorize-xsts", "xsts.auth.xboxlive.com", "/xsts/authorize", authentication.authorize_xsts, "NEAR-5"),
            ("authorize-sisu", "sisu.xboxlive.com", "/authorize", authentication.authorize_sisu, "NEAR-6"),
        )
    ),
    _SignIn(
        "get-endpoints",
        "GET",
        "/titles/{title}/endpoints",
        title_management.get_endpoints,
        (200,),
        ("NEAR-7",),
        hosts=("title.mgt.xboxlive.com",),
        parameters=title_management.TYPE,
        checks={"title": title_management.require_title},
    ),
)

_ONE = {"who": require_person}
_TWO = {"who": require_person, "person": require_person}
_Profile = partial(_Neighbour, hosts=("profile.xboxlive.com",), checks=_ONE)
_PeopleHub = partial(
    _Neighbour,
    hosts=("peoplehub.xboxlive.com",),
    checks={
        "who": require_person,
        "group": peoplehub.require_group,
        "decorations": peoplehub.require_decorations,
    },
)
_Social = partial(_Neighbour, hosts=("social.xboxlive.com",), checks=_TWO)
_Presence = partial(_Neighbour, hosts=("userpresence.xboxlive.com",), checks=_ONE)
PEOPLE = "/users/{who}/people"
TITLE_PRESENCE = "/users/{who}/devices/current/titles/current"

PROFILES = (
    *(
        _Profile(operation, "GET", path, profile.get_profile, (200,), ("NEAR-8", "NEAR-9"), parameters=profile.SETTINGS)
        for operation, path in (
            ("get-profile", "/users/{who}/profile/settings"),
            ("get-settings", "/users/{who}/settings"),
        )
    ),
    _Profile(
        "batch-profiles",
        "POST",
        "/users/batch/profile/settings",
        profile.batch_profiles,
        (200,),
        ("NEAR-9",),
        has_body=True,
    ),
)
RELATIONS = (
    *(
        _PeopleHub(operation, "GET", f"{PEOPLE}/{group}", run, (200,), ("NEAR-10",))
        for operation, group, run in (
            ("list-social", "social", peoplehub.list_social),
            ("list-followers", "followers", peoplehub.list_followers),
            ("list-friends", "friends", peoplehub.list_friends),
            ("list-received-requests", "friendrequests(received)", peoplehub.list_received_requests),
            ("list-sent-requests", "friendrequests(sent)", peoplehub.list_sent_requests),
        )
    ),
    _PeopleHub(
        "list-people",
        "GET",
        f"{PEOPLE}/{{group}}/decoration/{{decorations}}",
        peoplehub.list_people,
        (200,),
        ("NEAR-10",),
    ),
    _PeopleHub(
        "look-up-people",
        "POST",
        f"{PEOPLE}/batch/decoration/{{decorations}}",
        peoplehub.look_up_people,
        (200,),
        ("NEAR-10",),
        has_body=True,
    ),
    _Social("list-following", "GET", PEOPLE, social.list_following, (200,), ("NEAR-11",), parameters=social.LIST),
    _Social("get-following", "GET", f"{PEOPLE}/{{person}}", social.get_following, (200,), ("NEAR-11",)),
    _Social("follow", "PUT", f"{PEOPLE}/{{person}}", social.follow, (204,), ("NEAR-8", "NEAR-11")),
    _Social("unfollow", "DELETE", f"{PEOPLE}/{{person}}", social.unfollow_person, (204,), ("NEAR-11",)),
    _Social("remove-follower", "DELETE", f"{PEOPLE}/follower/{{person}}", social.remove_follower, (204,), ("NEAR-11",)),
    _Social(
        "change-friends",
        "POST",
        f"/bulk{PEOPLE}/friends/v2",
        social.change_friends,
        (200,),
        ("NEAR-11",),
        parameters=social.METHOD,
        has_body=True,
    ),
    _Social("get-summary", "GET", "/users/{who}/summary", social.get_summary, (200,), ("NEAR-11",)),
)
PRESENCE = (
    _Presence(
        "get-presence", "GET", "/users/{who}", presence.get_presence, (200,), ("NEAR-12",), parameters=presence.LEVEL
    ),
    _Presence("batch-presence", "POST", "/users/batch", presence.batch_presence, (200,), ("NEAR-12",), has_body=True),
    _Presence(
        "put-title-presence",
        "POST",
        TITLE_PRESENCE,
        presence.put_title_presence,
        (200,),
        ("NEAR-12", "TIME-7"),
        has_body=True,
    ),
    _Presence(
        "delete-title-presence", "DELETE", TITLE_PRESENCE, presence.delete_title_presence, (204,), ("NEAR-12", "TIME-7")
    ),
)
ACHIEVEMENTS = (
    _Neighbour(
        "list-achievements",
        "GET",
        "/users/{who}/achievements",
        achievements.list_achievements,
        (200,),
        ("NEAR-13",),
        hosts=("achievements.xboxlive.com",),
        parameters=achievements.FILTERS,
        checks=_ONE,
    ),
)

ROUTES: tuple[Route, ...] = (*SIGN_IN, *PROFILES, *RELATIONS, *PRESENCE, *ACHIEVEMENTS)

BODIES: Mapping[str, Mapping[str, Field]] = {
    "connect-device": login.CONNECT,
    "grant-token": login.TOKEN,
    "authenticate-user": authentication.USER,
    "authenticate-device": authentication.DEVICE,
    "authenticate-title": authentication.TITLE,
    "authorize-xsts": authentication.XSTS,
    "authorize-sisu": authentication.SISU,
    "batch-profiles": profile.BATCH,
    "look-up-people": peoplehub.BATCH,
    "change-friends": social.BULK,
    "batch-presence": presence.BATCH,
    "put-title-presence": presence.TITLE,
}
"""The tables of what the bodies hold, by operation, for the documentation."""
