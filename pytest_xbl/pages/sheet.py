"""A sheet: the part of a page that differs from page to page; or the reason why there is none."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple, NoReturn

from markupsafe import Markup

from pytest_xbl.pages.markup import element


class Sheet(NamedTuple):
    """The part of a page that differs from page to page.

    Args:
        title: of the page.
        content: below the title.
        part: the place in the navigation that it belongs to; "" for none.
    """

    title: str
    content: Markup
    part: str = ""


class NoPageError(Exception):
    """A request for a page that there is not, or not so.

    Args:
        status: 404 for a page, 400 for its parameters.
    """

    def __init__(self, what: str, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> None:
        super().__init__(what)
        self.what = what
        self.status = status

    @property
    def sheet(self) -> Sheet:
        """The page that says so."""
        return Sheet(self.status.phrase, element("p", self.what))


def refuse(what: str) -> NoReturn:
    """Refuse the parameters of a page.

    Raises:
        NoPageError: 400.
    """
    raise NoPageError(what, HTTPStatus.BAD_REQUEST)
