"""The services at *.auth.xboxlive.com and sisu.xboxlive.com, which make tokens of tokens (NEAR-5, NEAR-6)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.checking import check_fields, require_fields
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, OneOf, Record, Shape, boolean, object_, text
from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.tokens import issue, require, user_with
from pytest_xbl.world.people import token_of
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

NEVER = "2099-12-31T23:59:59.0000000Z"
"""The end of all tokens: clients compare it with a clock that the world does not have (NEAR-4)."""
XBOX_LIVE = "http://xboxlive.com"
PROOF: Mapping[str, Shape] = {"ProofKey": object_}
TICKET: Mapping[str, Shape] = {"AuthMethod": OneOf(("RPS",)), "RpsTicket": text, "SiteName": text, **PROOF}
only_xbox_live = OneOf((XBOX_LIVE,), words=f'"{XBOX_LIVE}", since the fake has no service of another party')


def _table(properties: Record, party: Shape, *, needed: bool) -> Mapping[str, Field]:
    """The fields of a request for a token.

    Args:
        needed: whether clients always name the party and the type.
    """
    return {
        "RelyingParty": Field(party, "NEAR-5", needed=needed),
        "TokenType": Field(OneOf(("JWT",)), "NEAR-5", needed=needed),
        "Properties": Field(properties, "NEAR-5", needed=True),
    }


_OF_TOKENS = OneOf(("http://auth.xboxlive.com",))
USER = _table(Record(TICKET, needed=("AuthMethod", "RpsTicket")), _OF_TOKENS, needed=True)
TITLE = _table(
    Record({**TICKET, "DeviceToken": text}, needed=("AuthMethod", "RpsTicket", "DeviceToken")),
    _OF_TOKENS,
    needed=False,
)
DEVICE = _table(
    Record(
        {
            "AuthMethod": OneOf(("ProofOfPossession",)),
            **dict.fromkeys(("Id", "DeviceType", "SerialNumber", "Version"), text),
            **PROOF,
        },
        needed=("AuthMethod", "Id", "DeviceType", "ProofKey"),
    ),
    _OF_TOKENS,
    needed=False,
)
XSTS = _table(
    Record(
        {
            "UserTokens": ListOf(text, filled=True),
            "SandboxId": text,
            "DeviceToken": text,
            "TitleToken": text,
            "OptionalDisplayClaims": ListOf(text),
            **PROOF,
        },
        needed=("UserTokens", "SandboxId"),
    ),
    only_xbox_live,
    needed=True,
)
SISU: Mapping[str, Field] = {
    "AccessToken": Field(text, "NEAR-6", needed=True),
    "DeviceToken": Field(text, "NEAR-6", needed=True),
    "Sandbox": Field(text, "NEAR-6", needed=True),
    "AppId": Field(text, "NEAR-6", needed=True),
    "RelyingParty": Field(only_xbox_live, "NEAR-6"),
    "UseModernGamertag": Field(boolean, "NEAR-6"),
    "ProofKey": Field(object_, "NEAR-6"),
    "SiteName": Field(text, "NEAR-6"),
}
"""The bodies of the requests."""


def authenticate_user(call: Call) -> Answer:
    """Make a user token of an access token."""
    account = _holder(call, USER)
    return content(_user_token(call.world, account))


def authenticate_title(call: Call) -> Answer:
    """Make a title token of an access token and a device token."""
    account = _holder(call, TITLE)
    _require_device(call.world, call.body["Properties"], ("Properties",))
    return content(_title_token(call.world, account))


def authenticate_device(call: Call) -> Answer:
    """Make a device token, which is the same for all devices."""
    _check(DEVICE, call.body)
    return content(_token(call.world, issue(call.world, "device"), xdi={"did": call.body["Properties"]["Id"]}))


def authorize_xsts(call: Call) -> Answer:
    """Make the token of a user that services ask for of their user token."""
    _check(XSTS, call.body)
    asked = call.body["Properties"]
    account = _only_user(call.world, asked["UserTokens"])
    call.visit.caller = account.caller
    _require_device(call.world, asked, ("Properties",))
    if "TitleToken" in asked:
        user_with(call.world, asked["TitleToken"], "title", where=("Properties", "TitleToken"))
    _require_sandbox(account, asked["SandboxId"], where=("Properties", "SandboxId"))
    return content(_final_token(call.world, account))


def authorize_sisu(call: Call) -> Answer:
    """Make all tokens of a user of an access token and a device token, in one request."""
    _check(SISU, call.body)
    account = _signed_in(call, call.body["AccessToken"], ("AccessToken",))
    _require_device(call.world, call.body, ())
    _require_sandbox(account, call.body["Sandbox"], where=("Sandbox",))
    return content(
        {
            "DeviceToken": call.body["DeviceToken"],
            "TitleToken": _title_token(call.world, account),
            "UserToken": _user_token(call.world, account),
            "AuthorizationToken": _final_token(call.world, account),
            "Sandbox": call.body["Sandbox"],
        }
    )


def _holder(call: Call, table: Mapping[str, Field]) -> Account:
    """The user whose access token is the ticket in a body."""
    _check(table, call.body)
    return _signed_in(call, call.body["Properties"]["RpsTicket"], ("Properties", "RpsTicket"))


def _signed_in(call: Call, ticket: str, where: Parts) -> Account:
    """The user whose access token it is; a letter before it says how the client has got it."""
    token = ticket[2:] if ticket.startswith(("d=", "t=")) else ticket
    account = user_with(call.world, token, "access", where=where)
    call.visit.caller = account.caller
    return account


def _only_user(world: World, tokens: list[str]) -> Account:
    at = ("Properties", "UserTokens")
    accounts = [user_with(world, token, "user", where=(*at, number)) for number, token in enumerate(tokens)]
    if len(accounts) > 1:
        what = f"The fake makes a token for one user at a time; got {len(accounts)} user tokens."
        raise Refusal(400, what, where=at, rule="NEAR-5")
    return accounts[0]


def _require_device(world: World, asked: JsonObject, at: Parts) -> None:
    """Refuse a device token that is none; not every client has one."""
    if "DeviceToken" in asked:
        require(world, asked["DeviceToken"], "device", where=(*at, "DeviceToken"))


def _require_sandbox(account: Account, asked: str, *, where: Parts) -> None:
    sandbox = account.caller.sandbox
    if asked != sandbox:
        what = f"The sandbox of {account.caller.name} is {sandbox}; got {brief(asked)}."
        raise Refusal(401, what, where=where, rule="NEAR-5")


def _check(table: Mapping[str, Field], body: JsonObject) -> None:
    check_fields(table, body, removable=False, unknown=table[next(iter(table))].rule)
    require_fields(table, body)


def _user_token(world: World, account: Account) -> JsonObject:
    return _token(world, issue(world, "user", account.key), xui=[{"uhs": account.userhash}])


def _title_token(world: World, account: Account) -> JsonObject:
    return _token(world, issue(world, "title", account.key), xti={"tid": account.caller.title_id})


def _final_token(world: World, account: Account) -> JsonObject:
    """The token that the test has, too, as `user.token` (NEAR-4)."""
    gamertag = {"gtg": account.caller.gamertag} if account.caller.gamertag else {}
    claims = {"uhs": account.userhash, "xid": account.key, **gamertag}
    return _token(world, token_of(world, account), xui=[claims])


def _token(world: World, token: str, **claims: object) -> JsonObject:
    return {"IssueInstant": timestamp(world.now), "NotAfter": NEVER, "Token": token, "DisplayClaims": claims}
