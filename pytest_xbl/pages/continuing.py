"""The ways to go on after a failure: the world as a download, the marker that starts from it, and commands."""

from __future__ import annotations

import shlex
from base64 import b64encode

from markupsafe import Markup

from pytest_xbl.pages.markup import element, joined

LONGEST = 200_000
"""The most characters of a seed that a page holds."""
SEED = "world.json"


def continuing(seed: str, test_id: str) -> Markup:
    """The ways to go on.

    Args:
        seed: the world as the text of a seed.
        test_id: of pytest.
    """
    steps = (
        ("Keep the world", download(seed)),
        ("Start a test from it", _copied(f'@pytest.mark.xbl(seed="{SEED}")')),
        ("Run the test again", _copied(f"python -m pytest {shlex.quote(test_id)}")),
        ("Look around in it", _copied(f"pytest-xbl serve --seed {SEED}")),
    )
    items = [joined([element("dt", name), element("dd", shown)]) for name, shown in steps]
    note = (
        "The commands of requests need two variables: XBL_URL is the address that serve prints, "
        "and XBL_TOKEN the Authorization header of the caller, which it prints, too."
    )
    return joined([element("dl", *items), element("p", note, class_="quiet")])


def download(seed: str) -> Markup:
    """A link to a seed, which is in the link itself unless it is too long."""
    if len(seed) > LONGEST:
        return joined([element("a", SEED, href=SEED), " beside this page, which is too long to be in it"])
    data = b64encode(seed.encode()).decode()
    return element("a", SEED, href=f"data:application/json;base64,{data}", download=SEED)


def _copied(text: str) -> Markup:
    return element("code", text, class_="copied")
