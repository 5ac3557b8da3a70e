"""The frame of a page, and its style."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

import pytest

from elements import parsed
from pytest_xbl.pages.layout import hash_of, navigation, page, policy, section, source

COLORS = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
TEXTS = ("text", "quiet", "link", "good", "bad", "fault")
PAIRS = [
    *((text, paper) for text in TEXTS for paper in ("paper", "panel")),
    *((text, "bad-panel") for text in ("text", "link")),
]
"""The colors of text, and those behind it."""
LEAST = 4.5
"""The contrast of text that WCAG 2.2 asks for (1.4.3)."""
LEAST_OF_SIGNS = 3
"""The contrast of what is no text, such as the outline of what has the focus (1.4.11)."""


def test_a_page_has_what_a_browser_and_a_screen_reader_need() -> None:
    """Language, title, letters and width; and nothing from elsewhere (SEEN-8)."""
    tree = parsed(page("<Title>", section("Part", "text", id_="part"), allowed=policy()))
    html = tree.one("html")
    assert html.attributes == {"lang": "en"}
    assert html.one("title").text == "<Title>"
    assert len(html.all("meta", charset="utf-8")) == 1
    assert html.one("meta", name="viewport").attributes["content"] == "width=device-width, initial-scale=1"
    part = html.one("section")
    assert part.attributes == {"id": "part", "aria-labelledby": "part-title"}
    assert part.one("h2", id="part-title").text == "Part"
    assert not [it for it in tree.all() if {"src", "srcset", "data", "poster"} & it.attributes.keys()]
    assert not tree.all("link")


def test_its_policy_allows_its_own_style_and_script_only() -> None:
    """By their hashes, so that what a user wrote never runs (SEEN-8)."""
    tree = parsed(page("", allowed=policy()))
    said = tree.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    hashes = [b64encode(hashlib.sha256(tree.one(name).raw.encode()).digest()).decode() for name in ("style", "script")]
    assert said == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_a_page_may_have_other_styles_and_no_script() -> None:
    """A header may say the policy (SEEN-8)."""
    tree = parsed(page("", styles=("page.css", "page.css"), scripts=()))
    assert tree.one("style").raw == source("page.css") * 2
    assert hash_of("page.css", "page.css") != hash_of("page.css")
    assert (tree.all("script"), tree.all("meta", http_equiv="Content-Security-Policy")) == ([], [])


def test_the_navigation_leads_to_the_parts() -> None:
    """The button needs a script, which shows it (SEEN-8)."""
    nav = parsed(navigation([("One", "#one"), ("Two", "#two")])).one("nav")
    assert nav.attributes == {"aria-label": "Parts of this page"}
    assert [(it.text, it.attributes["href"]) for it in nav.all("a")] == [("One", "#one"), ("Two", "#two")]
    assert nav.one("button").attributes == {"type": "button", "id": "unfold", "hidden": ""}


def palettes() -> dict[str, dict[str, str]]:
    """The colors by name, for light, dark and print."""
    blocks = re.findall(r":root \{(.*?)\}", source("page.css"), re.DOTALL)
    return dict(zip(("light", "dark", "print"), (dict(COLORS.findall(block)) for block in blocks), strict=True))


def luminance(color: str) -> float:
    """The relative luminance of a color, as WCAG has it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colors."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("text", "paper"), PAIRS)
def test_text_has_enough_contrast(scheme: str, text: str, paper: str) -> None:
    """In light and dark, and printed (SEEN-8)."""
    colors = palettes()[scheme]
    assert contrast(colors[text], colors[paper]) >= LEAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_can_be_seen(scheme: str) -> None:
    """By its outline (SEEN-8)."""
    colors = palettes()[scheme]
    assert contrast(colors["focus"], colors["paper"]) >= LEAST_OF_SIGNS


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white has the most, and a color on itself none."""
    assert (contrast("#000000", "#ffffff"), contrast("#777777", "#777777")) == (21, 1)
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_a_page_printed_is_as_in_light() -> None:
    """Whatever the screen shows (SEEN-8)."""
    light, printed = palettes()["light"], palettes()["print"]
    assert printed == {name: light[name] for name in printed}
    assert light.keys() == palettes()["dark"].keys()


def test_colors_come_from_the_palette() -> None:
    """So that their contrast is known (SEEN-8)."""
    rules = re.sub(r":root \{.*?\}", "", source("page.css"), flags=re.DOTALL)
    used = re.findall(r"(?:color|background|border[a-z-]*|box-shadow|outline): ([^;]+);", rules)
    assert not [value for value in used if re.search(r"#[0-9a-f]{3}|rgb|hsl|\b(?:black|white|gr[ae]y|red)\b", value)]
    assert {name for value in used for name in re.findall(r"var\(--([a-z-]+)\)", value)} <= palettes()["light"].keys()
