"""The frame of a page: head, style, script and policy; a page needs no other file."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup

from pytest_xbl.pages.markup import element, link, trusted

STYLE, SCRIPT = "page.css", "page.js"


@cache
def source(*names: str) -> Markup:
    """The text of style sheets, or of scripts, of this package."""
    here = Path(__file__)
    return trusted("".join(here.with_name(name).read_text(encoding="utf-8") for name in names))


@cache
def hash_of(*names: str) -> str:
    """The hash by which a Content-Security-Policy allows these sources as one element."""
    digest = hashlib.sha256(source(*names).encode()).digest()
    return f"sha256-{b64encode(digest).decode()}"


def policy(*, styles: Sequence[str] = (STYLE,), scripts: Sequence[str] = (SCRIPT,)) -> str:
    """The Content-Security-Policy of a page that stands alone: its own style and script, and nothing else."""
    allowed = f"style-src '{hash_of(*styles)}'; script-src '{hash_of(*scripts)}'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def page(
    title: str,
    *body: object,
    styles: Sequence[str] = (STYLE,),
    scripts: Sequence[str] = (SCRIPT,),
    allowed: str | None = None,
    icon: str | None = None,
) -> str:
    """A whole page.

    Args:
        body: header, navigation and main part.
        styles: the names of its style sheets.
        scripts: the names of its scripts.
        allowed: its Content-Security-Policy; None if a header says it.
        icon: the address of its icon; None for none.
    """
    security = element("meta", http_equiv="Content-Security-Policy", content=allowed) if allowed else None
    head = element(
        "head",
        element("meta", charset="utf-8"),
        security,
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("link", rel="icon", href=icon) if icon else None,
        element("style", source(*styles)),
    )
    script = element("script", source(*scripts)) if scripts else None
    return f"<!doctype html>\n{element('html', head, element('body', *body, script), lang='en')}\n"


def navigation(places: Sequence[tuple[str, str]]) -> Markup:
    """Links to the parts of a page, and a button that opens all folds, if scripts run.

    Args:
        places: names and addresses.
    """
    items = [element("li", link(name, to)) for name, to in places]
    button = element("button", "Unfold all", type="button", id="unfold", hidden=True)
    return element("nav", element("ul", *items, element("li", button)), aria_label="Parts of this page")


def section(title: str, *content: object, id_: str) -> Markup:
    """A part of a page under its heading."""
    heading = element("h2", title, id=f"{id_}-title")
    return element("section", heading, *content, id=id_, aria_labelledby=f"{id_}-title")
