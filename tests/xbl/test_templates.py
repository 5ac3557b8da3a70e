"""`xbl.templates`: the session templates of a world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bodies import READY, SCID, TEMPLATES
from errors import error_of
from pytest_xbl import Seed, XboxLive
from pytest_xbl.world.ready_made import READY_MADE

OTHER = "5c1d0000-0000-4000-8000-00000000000A"


def test_a_few_templates_are_ready_made_and_belong_to_no_world(xbl: XboxLive) -> None:
    """They hold no defaults; changing or replacing one is a test's own business (TMPL-6, TMPL-9)."""
    facts = ("maxMembersCount", "visibility", "inviteProtocol")
    can = {name: [it for it, has in system["capabilities"].items() if has] for name, system in READY_MADE.items()}
    assert {name: [*map(system.get, facts), *can[name]] for name, system in READY_MADE.items()} == {
        "lobby": [8, "open", "game", "connectivity"],
        "game": [16, "open", "game", "connectivity", "gameplay"],
        "ticket": [8, "visible", None, "clientMatchmaking"],
        "large": [10_000, "open", None, "gameplay", "large"],
        "browse": [
            *(16, "open", "game"),
            *("connectivity", "gameplay", "hasOwners", "searchable", "userAuthorizationStyle"),
        ],
        "global(lfg)": [
            *(100, "open", None),
            *("hasOwners", "searchable", "suppressPresenceActivityCheck", "userAuthorizationStyle"),
        ],
    }
    for name, system in READY_MADE.items():
        assert xbl.templates[name] == {"contractVersion": 107, "constants": {"system": system, "custom": {}}}
    xbl.templates["lobby"]["constants"]["system"]["version"] = 7
    xbl.templates.add("lobby", {})
    assert xbl.templates["lobby"]["constants"]["system"] == {}
    assert XboxLive().templates["lobby"]["constants"]["system"] == READY_MADE["lobby"]


def test_a_template_is_added_and_read(xbl: XboxLive) -> None:
    """It comes back as GET would give it under contract 107, and is the test's own no more (TMPL-9)."""
    template: dict[str, Any] = {
        "constants": {"system": {"sessionEmptyTimeout": 60_000}, "custom": {"maps": ["dunes"]}},
        "roleTypes": {"team": {"roles": {"red": {"max": 2}}}},
    }
    expected = {"contractVersion": 107, **template}
    xbl.templates.add("Patient", template)
    answer = xbl.client(xbl.user("Stacy")).get(f"{TEMPLATES}/patient").get_json()
    assert xbl.templates["patient"] == xbl.templates["Patient"] == answer == expected
    template["constants"]["custom"]["maps"].append("hills")
    xbl.templates["patient"]["constants"]["custom"]["maps"].append("hills")
    assert xbl.templates["patient"]["constants"]["custom"] == {"maps": ["dunes"]}


def test_templates_are_counted_listed_and_looked_up_by_name(xbl: XboxLive) -> None:
    """In the default service configuration, or in any that a first template has made known (TMPL-1, CALL-5)."""
    xbl.templates.add("Mine", {})
    xbl.templates.add("MINE", {})
    xbl.templates.add("theirs", {"constants": {"custom": {"a": 1}}}, scid=OTHER)
    assert list(xbl.templates) == [*READY_MADE, "MINE"]
    assert len(xbl.templates) == 7
    here: list[Any] = ["mine", "LOBBY", (OTHER, "THEIRS"), (OTHER.lower(), "theirs")]
    missing: list[Any] = ["theirs", "nothing", (OTHER, "x")]
    assert [name for name in (*here, *missing) if name in xbl.templates] == here
    assert xbl.templates[OTHER.lower(), "Theirs"]["constants"]["custom"] == {"a": 1}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("nothing", f"There is no template nothing in {SCID}; it has {READY}."),
        ((OTHER, "lobby"), f"The service configuration {OTHER} is unknown; known are: {SCID}."),
        (7, "Expected the name of a template, or (scid, name); got 7."),
        (("a", 5), "Expected the name of a template, or (scid, name); got ('a', 5)."),
        (("a", "b", "c"), "Expected the name of a template, or (scid, name); got ('a', 'b', 'c')."),
    ],
)
def test_a_template_that_is_not_there_is_said_to_be_missing(xbl: XboxLive, name: Any, what: str) -> None:
    """Anything but a name, alone or with its service configuration, is a mistake (TMPL-1)."""
    assert error_of(lambda: xbl.templates[name]) == f"{what}\nwhere: name\nrule: TMPL-1"


@pytest.mark.parametrize(
    ("field", "hint"),
    [
        ("name", "known here: constants, roleTypes."),
        ("scid", "known here: constants, roleTypes."),
        ("contract", 'did you mean "constants"?'),
    ],
)
@pytest.mark.parametrize("add", [XboxLive().templates.add, Seed().template], ids=["xbl", "Seed"])
def test_the_body_of_a_template_does_not_say_which_one_it_is(add: Callable[..., object], field: str, hint: str) -> None:
    """Only the arguments besides do, so a name is always the one that the call gives (TMPL-2)."""
    assert error_of(lambda: add("mine", {"constants": {}, field: "other"})) == (
        f'The field "{field}" is not known here; {hint}\nwhere: template/{field}\nrule: SEED-1'
    )
