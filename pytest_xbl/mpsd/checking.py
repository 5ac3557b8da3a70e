"""Checks of values and bags against shapes and tables of fields (CALL-6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Mistake, Parts, Place, Refusal, bad_body, not_yet
from pytest_xbl.mpsd.schema import HOMES, Field
from pytest_xbl.mpsd.shapes import Misfit, Shape
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest, or_meant
from pytest_xbl.secrets import cut_value, is_secret


def check(shape: Shape, value: Json, at: Place, rule: str, *, mistake: Mistake | None = "bad-body") -> None:
    """Refuse a value that has not the shape.

    Args:
        at: the place of the value.
        rule: the rule that asks for the shape.
        mistake: what kind of mistake it is of whoever wrote the client.

    Raises:
        Refusal: 400, naming the innermost place that does not fit (CALL-6).
    """
    misfit = shape.misfit(value)
    if misfit:
        raise _refused(misfit, at, rule, mistake=mistake)


def check_fields(
    table: Mapping[str, Field], bag: JsonObject, at: Parts = (), *, removable: bool = True, unknown: str = "CALL-6"
) -> None:
    """Refuse a bag with a field that its table does not know, or a value that does not fit.

    Args:
        table: the fields that may be there.
        bag: as it came.
        at: the place of the bag.
        removable: whether a null stands for "remove this" and fits every field (PUT-5, TMPL-5).
        unknown: the rule against fields that the table does not know.

    Raises:
        Refusal: 400 (CALL-6); 501 for a field that the service knows and the fake has not built (CODE-501).
    """
    for name, value in bag.items():
        field = table.get(name)
        if field is None:
            raise unknown_field(name, table, at, rule=unknown)
        misfit = None if value is None and removable else field.shape.misfit(value)
        if misfit:
            raise _refused(misfit.below(name), at, field.rule)
        if not field.built and value not in (None, False):
            raise not_yet(f"What {name} asks for", where=(*at, name), rule=field.rule)


def require_fields(table: Mapping[str, Field], body: JsonObject, at: Parts = ()) -> None:
    """Refuse a body that lacks a field which its table says it needs.

    Raises:
        Refusal: 400 (CALL-6).
    """
    for name, field in table.items():
        if field.needed and name not in body:
            raise missing_field(name, (*at, name))


def type_of(table: Mapping[str, Field], body: JsonObject, at: Parts = ()) -> Json:
    """The field `type` of a body, which decides what else may stand there.

    Raises:
        Refusal: 400.
    """
    field = table["type"]
    require_fields({"type": field}, body, at)
    check(field.shape, body["type"], (*at, "type"), field.rule)
    return body["type"]


def missing_field(name: str, where: Parts, *, rule: str = "CALL-6") -> Refusal:
    """The refusal of an object without a field that it needs (CALL-6)."""
    return bad_body(f"The field {name} is required here.", where=where, rule=rule)


def unknown_field(name: str, known: Collection[str], at: Parts = (), *, rule: str = "CALL-6") -> Refusal:
    """The refusal of a field that no table knows, with the bag it belongs to or the nearest known name (CALL-6)."""
    home = HOMES.get(name)
    hint = f"; it is a field of {home}." if home else _nearest_of(known, name)
    return bad_body(f"The field {brief(name)} is not known here{hint}", where=(*at, name), rule=rule)


def _nearest_of(known: Collection[str], name: str) -> str:
    near = nearest(name, known)
    return did_you_mean(near and brief(near), otherwise=f"; known here: {', '.join(known)}.")


def _nearest_choice(misfit: Misfit) -> str:
    words = [choice for choice in misfit.choices if isinstance(choice, str)]
    near = nearest(misfit.got, words) if isinstance(misfit.got, str) and len(words) > 1 else None
    return or_meant(near and brief(near))


def _refused(misfit: Misfit, at: Place, rule: str, *, mistake: Mistake | None = "bad-body") -> Refusal:
    where = at if isinstance(at, str) else (*at, *misfit.inside)
    got = cut_value(misfit.got) if is_secret(where) else brief(misfit.got)
    what = f"Expected {misfit.expected}; got {got}.{_nearest_choice(misfit)}"
    if misfit.known:
        name = str(misfit.inside[-1])
        what = f"The field {brief(name)} is not known here{_nearest_of(misfit.known, name)}"
    return Refusal(400, what, where=where, rule=rule, mistake=mistake)
