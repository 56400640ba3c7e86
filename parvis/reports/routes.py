"""What a commune wants done with the reports of a category: the most precise of its routes wins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import QuerySet

from parvis.partners.models import Organisation
from parvis.reports.models import Category, Report, Route, Way

KEPT = 60  # seconds: another process may go by an older route for so long


class Rule(NamedTuple):
    """What is to be done, and the commune's own tool: its name, where it receives, its page."""

    way: str = Way.HERE.value
    tool: str = ""
    email: str = ""
    url: str = ""


HERE = Rule()


class _Routes(NamedTuple):
    towns: frozenset[int]  # the organisations that govern the commune
    rules: dict[int | None, Rule]  # by category or family; None is for all


def rule_for(commune_id: int | None, category: Category) -> Rule:
    """The rule of a commune for a category: written for it, for its family, or for all; handled
    here by default. From memory: no query once a commune was looked up."""
    if commune_id is None:
        return HERE
    return _best(_routes_of(commune_id).rules, category)


def not_taken(commune_id: int | None, categories: Iterable[Category]) -> set[int]:
    """Which of these categories residents may not report online in a commune; one look."""
    if commune_id is None:
        return set()
    rules = _routes_of(commune_id).rules
    return {one.pk for one in categories if _best(rules, one).way == Way.PARTNERS}


def _best(rules: dict[int | None, Rule], category: Category) -> Rule:
    if category.in_dwelling:  # its landlord's, whatever the commune does with the rest
        return HERE
    for key in (category.pk, category.parent_id, None):
        if key in rules:
            return rules[key]
    return HERE


def rule_of_part(commune_id: int | None, category: Category, organisation_id: int | None) -> Rule:
    """The rule for what one organisation answers for: what is not the commune's own to settle (a
    landlord's hall, a departmental road) is not handed to the commune's tool."""
    rule = rule_for(commune_id, category)
    if rule.way == Way.HANDED and (
        commune_id is None or organisation_id not in _routes_of(commune_id).towns
    ):
        return HERE
    return rule


def tool_of(report: Report, organisation_id: int | None) -> Rule | None:
    """The commune's tool to which this organisation's part of a handed report is told, as the
    commune's routes stand now; None when the organisation is told itself."""
    if report.way != Way.HANDED:
        return None
    rule = rule_of_part(report.commune_id, report.category, organisation_id)
    return rule if rule.way == Way.HANDED else None


def town_of(commune_id: int) -> Organisation | None:
    """The organisation that governs a commune."""
    return _towns(commune_id).order_by("pk").first()


def forget(commune_id: int) -> None:
    """The routes of a commune have changed: look them up again."""
    cache.delete(_key(commune_id))


def _key(commune_id: int) -> str:
    return f"reports:routes:{commune_id}"


def _routes_of(commune_id: int) -> _Routes:
    found = cache.get(_key(commune_id))
    if found is None:
        rows = Route.objects.filter(commune_id=commune_id).order_by()
        found = _Routes(
            frozenset(_towns(commune_id).values_list("pk", flat=True)),
            {
                category: Rule(way, tool, email, url)
                for category, way, tool, email, url in rows.values_list(
                    "category_id", "way", "tool", "email", "url"
                )
            },
        )
        cache.set(_key(commune_id), found, KEPT)
    routes: _Routes = found
    return routes


def _towns(commune_id: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        kind=Organisation.Kind.COMMUNE, commune_id=commune_id, closed_on=None
    )
