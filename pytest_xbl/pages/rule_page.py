"""The page of a rule of the service, as refusals name it."""

from __future__ import annotations

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.pages.asked import Asked
from pytest_xbl.pages.markup import coded, element, joined, link
from pytest_xbl.pages.scene import Scene
from pytest_xbl.pages.sheet import NoPageError, Sheet
from pytest_xbl.pages.words import facts, listed
from pytest_xbl.rulebook import FAMILIES, RULES
from pytest_xbl.rulebook.rule import Rule, Source


def rule_page(scene: Scene, _asked: Asked, rule_id: str) -> Sheet:
    """The page of a rule.

    Raises:
        NoPageError: 404 for an id that no rule has.
    """
    rule = RULES.get(rule_id.upper())
    if rule is None:
        raise NoPageError(f"No rule has the id {brief(rule_id)}.{or_meant(nearest(rule_id, RULES))}")
    refused = link("in the journal", scene.at.page("journal", show="refused", rule=rule.id))
    shown = {"How it is known": listed(map(_source, rule.sources), "; "), "Requests that it refused": refused}
    text = element("p", coded(rule.text), class_="rule")
    return Sheet(f"{rule.id}, {FAMILIES[rule.family]}", joined([text, _missing(rule), facts(shown)]))


def _missing(rule: Rule) -> object:
    if rule.built:
        return element("p", f"Not built yet: {rule.missing}.") if rule.missing else None
    return element("p", "The fake does not act on it yet, and refuses with 501.")


def _source(source: Source) -> str:
    text = f"{source.kind}, {source.detail}" if source.detail else source.kind
    return f"{source.part}: {text}" if source.part else text
