"""Bodies that are forms, as those who sign in send them (NEAR-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import bad_body
from pytest_xbl.wire.body import BodyKind, encoding_in

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FORM_TYPE = "application/x-www-form-urlencoded"


def form_encoding_of(environ: WSGIEnvironment) -> str:
    """The compression of the body of a request that has to be a form; "" for none.

    Raises:
        Refusal: 400.
    """
    header = environ.get("CONTENT_TYPE")
    if parse_options_header(header)[0].lower() != FORM_TYPE:
        got = f"its Content-Type says {brief(header)}" if header else "it has no Content-Type"
        what = f"The body has to be a form, {FORM_TYPE}, and {got}; with requests or httpx, data= instead of json=."
        raise bad_body(what, where="Content-Type", rule="NEAR-3")
    return encoding_in(environ.get("HTTP_CONTENT_ENCODING", ""))


def form_of(data: bytes, _method: str) -> JsonObject:
    """The fields of a form, by name.

    Raises:
        Refusal: 400 for a form that is not UTF-8, or a field that appears twice.
    """
    form: JsonObject = {}
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise bad_body("The form is not UTF-8.", where="the body", rule="NEAR-3") from None
    for name, value in pairs:
        if name in form:
            raise bad_body(f"The field {brief(name)} appears twice.", where=(name,), rule="NEAR-3")
        form[name] = value
    return form


FORM_BODY = BodyKind(form_encoding_of, form_of)
