"""The seed form of statistics: every field that this section of a seed may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pytest_xbl.mpsd.moments import time
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import (
    Either,
    Integer,
    ListOf,
    MapOf,
    Matching,
    OfType,
    OneOf,
    OrNull,
    Record,
    digits,
    guid,
    object_,
    text,
)
from pytest_xbl.userstats.requests import name as statistic_name

A_VALUE = "a number, a string or a datetime in its zone"
value = Either(
    time,
    OfType("a number or a string", (int, float, str)),
    is_one=datetime,
    expected=A_VALUE,
)
DEFINITION: Mapping[str, Field] = {
    "name": Field(text, "STAT-5", "the label unless given"),
    "scid": Field(guid, "CALL-5", "that of the world unless given"),
    "type": Field(OneOf(("Integer", "Double", "String", "DateTime")), "STAT-5", "that of its value unless given"),
    "access": Field(OneOf(("open", "restricted")), "STAT-6", "`open` unless given"),
    "group": Field(statistic_name, "STAT-14", "the group that shows it, such as `Hero`; it needs a `type` then"),
    "ordinal": Field(Integer(0), "STAT-14", "with `group`: its place there"),
    "sortOrder": Field(text, "STAT-14", "with `group`: such as `Descending`"),
    "displayName": Field(text, "STAT-14", "its name for players, in a group or not"),
    "displayFormat": Field(text, "STAT-14", "with `group`: such as `Integer`"),
    "displaySemantic": Field(text, "STAT-14", "with `group`: such as `Best`"),
}
TITLE: Mapping[str, Field] = {
    "scid": Field(guid, "CALL-5", "that of the world unless given"),
    "platforms": Field(
        MapOf(Record({"pfn": text}), keys=Matching("a name in lower case", "[a-z0-9][a-z0-9-]*")),
        "STAT-16",
        'by name: an object, which may have a `pfn`; `{"era": {}}` unless given',
    ),
}
REACHED: Mapping[str, Field] = {
    "value": Field(value, "STAT-5", "the value itself", needed=True),
    "type": Field(OneOf(("DateTime",)), "STAT-5", "for a value that is a time, written as a string"),
    "metadata": Field(object_, "STAT-4", "an object about the value"),
    "name": Field(text, "STAT-5", "the label unless given"),
    "scid": Field(guid, "CALL-5", "that of the world unless given"),
}
title = Either(guid, object_, is_one=str, expected="a GUID, or an object with scid and platforms")
one = Either(object_, value, is_one=dict, expected=f"{A_VALUE}, or an object with one")
reached = MapOf(OrNull(MapOf(OrNull(one))))
STATISTICS: Mapping[str, Field] = {
    "users": Field(reached, "STAT-5", "by name of user, by label: a value, or [an object](#values-of-statistics)"),
    "definitions": Field(
        MapOf(OrNull(object_)), "STAT-5", "by label: [what a title says](#definitions) of a statistic"
    ),
    "titles": Field(
        MapOf(title, keys=digits),
        "STAT-6",
        "by id of title: the GUID of its service configuration, or [an object](#titles)",
    ),
    "scids": Field(ListOf(guid), "STAT-7", "service configurations that are known though nothing is held there"),
    "values": Field(OneOf(("numbers", "strings")), "STAT-8", "how contract 1 shows values; `numbers` unless given"),
    "sandbox": Field(text, "STAT-6", "whose statistics these are; `RETAIL` unless given"),
}
