"""The values that a session is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timezone
from pathlib import Path

import pytest

import pytest_xbl
from pytest_xbl.mpsd import model, value
from pytest_xbl.mpsd.model import EMPTY, EMPTY_BAG, Bag, Member, Server, Session, SessionRef, Template

FIELDS = {field.name for value in (Bag, Template, Member, Session, Server) for field in fields(value)}


def test_the_one_empty_object_stays_empty() -> None:
    """All values share it, also those of different worlds, so nobody writes into it."""
    with pytest.raises(TypeError, match="what the fake remembers is not changed from outside: 'a'"):
        EMPTY_BAG.system["a"] = 1
    assert EMPTY == {}


def assigned(code: ast.AST) -> Iterator[ast.Attribute]:
    """The attributes that code sets or deletes."""
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield node


def test_nobody_assigns_to_a_field_of_a_value() -> None:
    """Worlds, versions and threads share values; what is assigned otherwise is an object's own."""
    changed = [
        f"{path.name}: {ast.unparse(target)}"
        for path in Path(pytest_xbl.__file__).parent.rglob("*.py")
        for target in assigned(ast.parse(path.read_text(encoding="utf-8")))
        if target.attr in FIELDS and ast.unparse(target.value) != "self"
    ]
    assert changed == []


def test_values_do_not_change_themselves() -> None:
    """They keep what has been worked out of them, and set nothing else."""
    sources = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in (value, model)]
    assert [{target.attr for target in assigned(ast.parse(source))} for source in sources] == [{"_kept"}, set()]


def test_a_value_with_other_fields_leaves_the_first_as_it_was() -> None:
    """And takes nothing along that was worked out from the old fields."""
    session = Session(SessionRef("s", "t", "n"), datetime(2026, 1, 1, tzinfo=timezone.utc), Bag())
    session.once("x", lambda: 1)
    other = session.but(change_number=2)
    assert (session.change_number, other.change_number) == (1, 2)
    assert (session.once("x", lambda: 2), other.once("x", lambda: 3)) == (1, 3)
    assert repr(other) == "<s~t~n #2>"


def test_a_reference_gives_a_path_that_can_be_sent() -> None:
    """Quoted, whatever the names hold (CALL-11)."""
    ref = SessionRef("s", "a b", "größe?")
    assert ref.path == "/serviceconfigs/s/sessionTemplates/a%20b/sessions/gr%C3%B6%C3%9Fe%3F"
    assert str(ref) == "s~a b~größe?"
