"""Bodies that are no JSON object, too large, or of another form than they should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bad_requests.forms import (
    FORM_107,
    OPTIONAL,
    POST_FORMS,
    PUT_FORMS,
    SAMPLES,
    field_of,
    is_wrong,
    objects,
    places,
    pointer,
    put_in,
    twice,
)
from bad_requests.request import MISSING, Bad, as_bytes, under
from bodies import ONE, TEMPLATES, me

MEBIBYTE = 1024 * 1024
VALID = json.dumps(
    {
        "properties": {"system": {"turn": [0]}, "custom": {"a": [1.5, None, "\u00e9\\"], "é": {}}},
        "members": {"me": {"properties": {"system": {"active": True}}}},
    },
    ensure_ascii=False,
).encode()


def malformed(body: bytes, path: str = ONE) -> Bad:
    """A PUT whose body is no JSON object."""
    return Bad(400, "PUT", path, body, rule="CALL-6", where="the body")


def wrong_types() -> Iterator[Bad]:
    """Every place of every body, with every sample of another type; under the older contracts with a third of them."""
    for contract, path, form in PUT_FORMS:
        for place, example in places(form):
            field = field_of(form, place)
            for value in SAMPLES[:: 1 if contract == "107" else 3]:
                if is_wrong(place, example, value):
                    yield Bad(
                        400, "PUT", path, as_bytes(put_in(field, place, value)), under(contract), where=pointer(place)
                    )


def unknown_fields() -> Iterator[Bad]:
    """A field too many in every object whose fields are known, also in another case."""
    for contract, path, form in PUT_FORMS:
        for place in objects(form):
            for name in ("zzz", "", "SYSTEM", "a/b~c", "é"):
                body = as_bytes(put_in(form, (*place, name), 1))
                yield Bad(400, "PUT", path, body, under(contract), where=pointer(place) + "/")


def other_contracts() -> Iterator[Bad]:
    """Fields that only the other contract knows."""
    timeouts = ("reservedRemovalTimeout", "inactiveRemovalTimeout", "readyRemovalTimeout", "sessionEmptyTimeout")
    constants = {"107": ("timeouts", "managedInitialization"), "105": (*timeouts, "memberInitialization")}
    properties = {"107": (), "105": ("matchmakingResubmit",)}
    groups = {"107": "group", "105": "initializationGroup"}
    for contract in ("107", "105"):
        fields: list[tuple[str, ...]] = [("constants", "system", name) for name in constants[contract]]
        fields += [("properties", "system", name) for name in properties[contract]]
        fields += [("members", "me", "properties", "system", groups[contract])]
        for place in fields:
            body = as_bytes(put_in({}, place, {}))
            yield Bad(400, "PUT", ONE, body, under(contract), rule="CALL-6", where=pointer(place))


def names_twice() -> Iterator[Bad]:
    """Every name of a body, twice in its object."""
    for contract, path, form in PUT_FORMS[:3]:
        for place, _ in places(form):
            yield malformed(twice(form, place).encode(), path)._replace(headers=under(contract))


def wrong_posts() -> Iterator[Bad]:
    """The same for POST: values of another type, a field too many, too few, or twice."""
    for contract, path, form in POST_FORMS:
        post = Bad(400, "POST", path, headers=under(contract))
        for place, example in places(form):
            for value in SAMPLES:
                if is_wrong(place, example, value):
                    yield post._replace(body=as_bytes(put_in(form, place, value)), where=pointer(place))
            yield post._replace(body=twice(form, place).encode(), rule="CALL-6", where="the body")
        for place in objects(form):
            for name in ("zzz", "", "Type", "XUIDS", "a/b~c", "é", "\ud800"):
                yield post._replace(body=as_bytes(put_in(form, (*place, name), 1)), where=pointer(place) + "/")
        for name in form.keys() - set(OPTIONAL):
            body = as_bytes({field: value for field, value in form.items() if field != name})
            yield post._replace(body=body, rule="CALL-6", where=f"/{name}")
        for data in (b"", b"{", b"[]", b"null", b"\xff", as_bytes(form)[:-1]):
            yield post._replace(body=data, rule="CALL-6", where="the body")
        large = b"{" + b" " * MEBIBYTE + b"}"
        yield post._replace(status=413, body=large, rule="CALL-12", where="the body")


def no_numbers() -> Iterator[Bad]:
    """Tokens that JSON does not call a number, or that are too large for one, in every place of a body."""
    tokens = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", str(2**64), str(-(2**63) - 1), "1" * 5000]
    others = ["01", "+1", ".5", "1.", "0x10", "1_000", "1e", "--1", "nan", "inf", "-", "1,5", "٣", "½"]
    for index, (place, _) in enumerate(places(FORM_107)):
        for token in tokens if index % 8 else tokens + others:
            body = json.dumps(put_in(FORM_107, place, "here")).replace('"here"', token)
            yield malformed(body.encode())


def broken_off() -> Iterator[Bad]:
    """A valid body, less its end."""
    yield from (malformed(VALID[:length]) for length in range(len(VALID)))


def spoilt_bytes() -> Iterator[Bad]:
    """A valid body with one byte that no JSON text has, in every position."""
    for position in range(len(VALID)):
        for byte in (b"\xff", b"\x00", b"\xc0"):
            yield malformed(VALID[:position] + byte + VALID[position + 1 :])


def no_objects() -> Iterator[Bad]:
    """Bodies that are not JSON, not UTF-8, or JSON but no object."""
    texts = ["", " ", "\n", "// {}", "\ufeff{}", '{"x":"\t"}', "\0", "\x1b[A", "null", "true", "1", '""', '"{}"', "[]"]
    texts += ["{}{}", "{},", "{}x", "{x:1}", "{'x':1}", "{'x'}", '{"x"}', '{"x":}', "{:1}", '{"x":1,}', "{,}", "{}/**/"]
    texts += ["[{}]", "undefined", "x=1&y=2", r'{"x":"\u12"}', r'{"x":"\x"}', "<x/>", "---", "%7B%7D"]
    bodies = [text.encode() for text in texts]
    bodies += [b"\xff\xfe{\0}\0", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"]
    bodies += ["{}".encode(code) for code in ("utf-16", "utf-32")]
    for path in (ONE, f"{ONE}/properties", MISSING):
        yield from (malformed(body, path) for body in bodies)


def deep_bodies() -> Iterator[Bad]:
    """Bodies that are deeper than they may be, closed or not."""
    for opening, ending in (("[", "]"), ('{"a":', "}"), ('[{"a":', "}]"), ('{"":[', "]}")):
        for depth in (65, 66, 100, 1_000, 10_000, 60_000):
            for start, end in (('{"properties":{"custom":{"a":', "}}}"), ("", ""), ('{"x":"]]","y":', "}")):
                for inner in ("1", "{}"):
                    whole = start + opening * depth + inner + ending * depth + end
                    yield malformed(whole.encode())._replace(rule="CALL-12")
                yield malformed((start + opening * depth).encode())._replace(rule="")


def huge_bodies() -> Iterator[Bad]:
    """Bodies of more than a mebibyte."""
    for body in (b"{" + b" " * MEBIBYTE + b"}", b"x" * (MEBIBYTE + 1), b"[" * (MEBIBYTE + 1), b"\0" * (2 * MEBIBYTE)):
        for path in (ONE, f"{ONE}/properties", MISSING):
            yield malformed(body, path)._replace(status=413, rule="CALL-12")


def half_characters() -> Iterator[Bad]:
    """Lone surrogates, which JSON can write and no encoding can, as names where none is known."""
    for half in ("\ud800", "\udfff", "é\udc80x", "\udc00\ud800"):
        for place in objects(FORM_107):
            yield Bad(400, "PUT", ONE, as_bytes(put_in(FORM_107, (*place, half), 1)), where=pointer(place) + "/")
        others: list[tuple[int, Any]] = [
            (400, {"servers": {half: 1}}),
            (400, {"roleTypes": {half: {}}}),
            (400, {"members": {"me": {"roles": {half: "red"}}}}),
            (400, me(RolePreference={half: -1})),
            (409, {"constants": {"custom": {half: 1}}}),
        ]
        yield from (Bad(status, "PUT", ONE, as_bytes(body)) for status, body in others)


def names_in_texts() -> Iterator[Bad]:
    """Names that would break the lines of a refusal, or make its header too long, if they came in as they are."""
    unprintable = ("a\nrule: CALL-1", "\r\nX-Injected: yes", "\x1b[2J", "\x00", "\u2028", "\u202e", "\x85")
    for name in (*unprintable, "x" * 20_000, "é" * 7_000, "🎮" * 5_000):
        yield Bad(404, "GET", f"/{quote(name)}", rule="CALL-7", where="the URI")
        yield Bad(404, "GET", TEMPLATES + quote(name), rule="CALL-7", where="the URI")
        yield Bad(400, "GET", f"{ONE}?{quote(name)}=1", rule="CALL-14", where="?")
        for place in ((), ("properties",), ("members", "me"), ("members", "me", "properties", "system")):
            body = as_bytes(put_in({}, (*place, name), 1))
            yield Bad(400, "PUT", ONE, body, rule="CALL-6", where=pointer(place) + "/")
        yield Bad(400, "PUT", ONE, as_bytes({"servers": {name: 1}}), rule="CALL-6", where="/servers/")
        yield Bad(409, "PUT", ONE, as_bytes({"constants": {"custom": {name: 1}}}), rule="TMPL-4")


KINDS = (
    *(wrong_types, unknown_fields, other_contracts, names_twice, wrong_posts, no_numbers, broken_off, spoilt_bytes),
    *(no_objects, deep_bodies, huge_bodies, half_characters, names_in_texts),
)
