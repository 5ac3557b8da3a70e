"""The neighbours: services that clients need beside sessions, handles and statistics."""

from pytest_xbl.rulebook.rule import Rule, Source

RULES = (
    Rule(
        "NEAR-1",
        "Of the services beside sessions, handles and statistics, the fake has what clients need to start; the page "
        "of operations names them. Each is at its real host. At `xbl.url` its paths are those that no operation on "
        "sessions, handles or statistics has. No contract version is asked for, and none makes a difference.",
        (
            Source("client", "python-xbox, xbox-webapi, friend-connect, bedrock-portal, go-xsapi, Broadcaster"),
            Source("the fake's own", part="xbl.url, and contract versions"),
        ),
    ),
    Rule(
        "NEAR-2",
        "The account that signs in is a user of the test: one of whom the test has said that they sign in next, each "
        "once; else the next in the order in which they were made, those with an unused code last. With none left: "
        "403, except in a served world (CMD-3). A code and a refresh token name their user, and no other. Nobody types "
        "a password, and nothing has to be waited for. Sign-ins are no part of a seed or a dump.",
        (Source("the fake's own"),),
    ),
    Rule(
        "NEAR-3",
        "At login.live.com, bodies are forms. `oauth20_connect.srf` gives a device code, `oauth20_authorize.srf` sends "
        "a browser back to `redirect_uri` with a code, and `oauth20_token.srf` gives an access token and a refresh "
        "token for a code, a device code or a refresh token, as often as it is asked. A device code is answered at "
        "once, never with `authorization_pending`. A field or a parameter that is not known here, one that is missing, "
        "and a grant of another type: 400. No client id, secret, scope or redirect is unknown.",
        (
            Source("client", "python-xbox, prismarine-auth, go-xsapi"),
            Source("the fake's own", part="no wait, reuse and refusals"),
        ),
    ),
    Rule(
        "NEAR-4",
        "Every code and token names its world, its kind and its user, and is the same whenever it is asked for. None "
        "expires: `NotAfter` is the end of 2099, whatever the clock of the world shows. The token for "
        "`http://xboxlive.com` is the one that the test has as `user.token`, with their userhash. A code or a refresh "
        "token that is none of this world: 400; any other token: 401. A request without a token in its Authorization "
        "reaches the world that was made last, whatever its body names.",
        (Source("the fake's own"),),
    ),
    Rule(
        "NEAR-5",
        "Tokens of tokens: `user/authenticate` takes an access token as `RpsTicket`, with `d=` or `t=` before it or "
        "not, and gives a user token; `device/authenticate` gives a device token; `title/authenticate` takes an access "
        "token and a device token, and gives a title token; `xsts/authorize` takes one user token, with a device token "
        "and a title token or without, and gives the token that services ask for. The relying party is "
        "`http://auth.xboxlive.com`, and `http://xboxlive.com` for the last: 400 otherwise. `SandboxId` is that of the "
        "user: 401 otherwise. Signatures and proof keys are not checked. The body is JSON, also as `text/plain`.",
        (
            Source("client", "python-xbox, prismarine-auth, Broadcaster"),
            Source("assumed", part="the refusals"),
            Source("the fake's own", part="signatures"),
        ),
    ),
    Rule(
        "NEAR-6",
        "`sisu.xboxlive.com/authorize` takes an access token and a device token, and gives all further tokens at once. "
        "`/authenticate` is not there.",
        (Source("client", "bedrock-portal, go-xsapi"),),
    ),
    Rule(
        "NEAR-7",
        "`title.mgt.xboxlive.com` says of every title that its tokens are good at `*.xboxlive.com`, whoever asks.",
        (Source("client", "go-xsapi, python-xbox"),),
    ),
    Rule(
        "NEAR-8",
        "A path names a person as `me`, `xuid(...)` or `gt(...)`, the latter in any case, where the same case wins: "
        "400 otherwise, and 404 for somebody who is no user of the test, also in a body. A service is nobody: 403 for "
        "`me`. What belongs to a user, such as whom they follow and their presence, is theirs alone: 403 for others.",
        (
            Source("documented", "people"),
            Source("client", "prismarine, bedrock-portal"),
            Source("assumed", part="404, services"),
        ),
    ),
    Rule(
        "NEAR-9",
        "`profile.xboxlive.com` gives the settings that are asked for, by `?settings=` for one user and in the body "
        "of a batch for several. The gamertag is that of the test, in each of its forms; all other settings are the "
        "same for everybody. An unknown setting: 400.",
        (
            Source("documented", "profile"),
            Source("client", "python-xbox, prismarine, bedrock-portal"),
            Source("the fake's own", part="values, and 400"),
        ),
    ),
    Rule(
        "NEAR-10",
        "`peoplehub.xboxlive.com` lists people with what they are to the caller: `social`, whom a user follows; "
        "`followers`; `friends`, who follow each other; `friendrequests(received)`, followers whom they do not "
        "follow; `friendrequests(sent)`, the other way round; and people by their xuids. Of the decorations only "
        "`detail` adds something. Users come in the order in which they were made, then strangers by xuid. An unknown "
        "list or decoration: 404.",
        (
            Source("client", "python-xbox, bedrock-portal, go-xsapi, Broadcaster"),
            Source("assumed", part="friends, requests, order, 404"),
        ),
    ),
    Rule(
        "NEAR-11",
        "`social.xboxlive.com` changes whom the caller follows, one by one or several at once, and takes a follower "
        "away; rules that ask who follows whom (JOIN-2, HAND-10) see it at the next request. Who is no longer followed "
        "is no favorite any more. To follow or unfollow somebody twice is the same as once; oneself: 400. A person "
        "whom the caller does not follow is 404 there; a summary counts both ways.",
        (Source("documented", "people"), Source("client", "Broadcaster, go-xsapi"), Source("assumed", part="400")),
    ),
    Rule(
        "NEAR-12",
        "`userpresence.xboxlive.com` says who is in the title they play (TIME-7): a POST of the caller's own title "
        "says that they are, or, with the state `inactive`, that they are not, and a DELETE that they have left. "
        "Rich presence is not kept, and the journal notes it; `deviceTypes` and `titles` of a batch are not built. "
        "Who is in no title is `Offline`, without a time when they were last seen.",
        (
            Source("documented", "presence"),
            Source("client", "Broadcaster, go-xsapi, python-xbox"),
            Source("the fake's own", part="inactive and rich presence"),
        ),
    ),
    Rule(
        "NEAR-13",
        "`achievements.xboxlive.com` has no achievements of anybody, whatever is asked for.",
        (Source("client", "friend-connect, python-xbox"), Source("the fake's own", part="none")),
    ),
)
