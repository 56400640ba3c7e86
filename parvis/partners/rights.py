"""The one access policy: rows say who may do what where; a right is a queryset.

Each room states its `Policy` objects and its doors (`DOORS`, who may open which URL) in
`access.py`. Models attach a policy through `GuardedQuerySet`; views fetch with `fetch`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404

from parvis.partners.actors import Actor

ANYONE = "anyone"
BEARER = "bearer"
NOTHING = Q(pk__in=())
LARGEST = 2**63 - 1  # what a column of numbers holds
MINE = "mine"  # the scope of what is one's own: to see it is to see nobody else's data

Scope = Callable[[Actor], Q]
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Row:
    """`who` (anyone, bearer, or a role held for one of `kinds`) may do `actions` within `scope`."""

    who: str
    actions: tuple[str, ...]
    scope: str
    kinds: tuple[str, ...] = ()  # kinds of organisation; empty means every kind

    def grants(self, actor: Actor, action: str) -> bool:
        if action not in self.actions:
            return False
        if self.who == ANYONE:
            return True
        if self.who == BEARER:
            return actor.bearer is not None
        return actor.role == self.who and (not self.kinds or actor.kind in self.kinds)


@dataclass(frozen=True)
class Policy:
    """What may be done with one kind of resource; `scopes` names one `Q` per scope."""

    resource: str  # "reports.report"
    label: str  # what people call it, for docs/access.md
    scopes: dict[str, Scope]
    rows: tuple[Row, ...]
    personal: bool = False  # to see it is to see personal data of residents

    def condition(self, actor: Actor, action: str) -> Q:
        """The `Q` of the rows on which this actor may do this; nothing when no row grants it."""
        wanted = sorted({row.scope for row in self.rows if row.grants(actor, action)})
        condition = NOTHING
        for scope in wanted:
            found = self.scopes[scope](actor)
            if not found:
                return found  # an empty Q means every row, but `|` would drop it
            if found != NOTHING:
                condition = found if condition == NOTHING else condition | found
        return condition

    def actions(self) -> set[str]:
        return {action for row in self.rows for action in row.actions}


class GuardedQuerySet(models.QuerySet[M]):
    """A queryset that knows its policy."""

    policy: ClassVar[Policy]

    def allowed(self, actor: Actor, action: str) -> Any:
        """The rows on which this actor may do this."""
        return self.filter(self.policy.condition(actor, action))

    def visible_to(self, actor: Actor) -> Any:
        """The rows that this actor may see."""
        return self.allowed(actor, "see")


class Refused(ValidationError):  # noqa: N818 - what happened
    """What one has the right to do cannot be done now; the message says why, for people."""


def fetch(rows: Any, actor: Actor, action: str = "see", **where: Any) -> Any:
    """One object, with the right to do `action` on it.

    Http404 for what this actor may not see, PermissionDenied for what it sees but may not do.
    """
    if any(isinstance(one, int) and one > LARGEST for one in where.values()):
        raise Http404  # no column holds that number, and the database would not compare with it
    found = rows.visible_to(actor).filter(**where).first()
    if found is None:
        raise Http404
    if (
        action != "see"
        and not rows.model.objects.allowed(actor, action).filter(pk=found.pk).exists()
    ):
        raise PermissionDenied
    return found


def within(actor: Actor, *, commune: str, quartiers: Callable[[Iterable[int]], Q]) -> Q:
    """The rows inside the actor's perimeter: `commune` names the foreign key's column, `quartiers`
    makes the `Q` of the rows lying in some of these quartiers (an `Exists`, never a join)."""
    if not (actor.communes or actor.quartiers or actor.crossings):
        return NOTHING
    condition = Q(**{f"{commune}__in": sorted(actor.communes)})
    if actor.quartiers:
        condition |= quartiers(sorted(actor.quartiers))
    crossed: dict[int, list[int]] = {}
    for commune_id, quartier_id in sorted(actor.crossings):
        crossed.setdefault(commune_id, []).append(quartier_id)
    for commune_id, quartier_ids in crossed.items():
        condition |= Q(**{commune: commune_id}) & quartiers(quartier_ids)
    return condition


# --- Doors: who may open which URL ------------------------------------------------------------

EVERYONE = "everyone"
SIGNED_IN = "signed in"
PARTNERS = "partners"
NOBODY_AT_ALL = "nobody"  # what a library brings and nobody here uses


@dataclass(frozen=True)
class Door:
    """Who may open a URL; with a `resource`, the view fetches its object with that right."""

    opens_to: str  # EVERYONE, SIGNED_IN, PARTNERS (a mandate in force) or NOBODY_AT_ALL
    resource: str = ""  # policy of the object shown, if the URL names one
    action: str = "see"
    sees: str = "see"  # the right without which the object is not even there (404)
    roles: tuple[str, ...] = field(default=())  # for PARTNERS: only these roles


def rooms_with(module: str) -> list[Any]:
    """The module of that name in every installed room that has one, in the order of settings."""
    names = [f"{room}.{module}" for room in settings.ROOMS]
    return [import_module(name) for name in names if find_spec(name)]


def doors() -> dict[str, Door]:
    """Every declared URL name with its door: the rooms' and those of third parties."""
    found: dict[str, Door] = {}
    for module in [*rooms_with("access"), import_module(settings.ROOT_URLCONF)]:
        found |= getattr(module, "DOORS", {})
    return found


def policies() -> list[Policy]:
    """Every policy of the installed rooms, lowest room first."""
    return [
        value
        for module in reversed(rooms_with("access"))
        for value in vars(module).values()
        if isinstance(value, Policy)
    ]
