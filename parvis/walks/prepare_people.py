"""Who comes to a walk, as far as one may read it, and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.partners.actors import Actor
from parvis.walks.models import HeldRole, Walk
from parvis.walks.practice import roles


@dataclass(frozen=True)
class Held:
    """A role with who holds it, in words."""

    pk: int
    label: str
    who: str


def may_name(actor: Actor, walk: Walk) -> bool:
    """Whether this actor may read the names of who registered. One query."""
    rows = Gathering.objects.allowed(actor, "attend")
    return bool(rows.filter(pk=walk.gathering_id).exists())


def guests_of(walk: Walk) -> list[Guest]:
    """The organisations that are called, by name. One query."""
    return list(walk.gathering.guests.select_related("organisation"))


def people_of(walk: Walk) -> dict[int, str]:
    """The names of who registered, by the id of their row, in the order they came. One query."""
    standing = walk.gathering.registrations.exclude(state=Registration.State.WITHDRAWN)
    return {one.pk: _name(one) for one in standing.select_related("contact").order_by("rank")}


def roles_held(walk: Walk, *, named: bool) -> list[Held]:
    """The roles that somebody holds, in the order of the list. One query. `named`: with the names
    of people who registered; without, that somebody does."""
    held = walk.roles.select_related("guest__organisation", "registration__contact")
    order = list(roles())
    found = [Held(one.pk, roles().get(one.code, one.code), _who(one, named)) for one in held]
    codes = {one.pk: one.code for one in held}
    return sorted(found, key=lambda one: (_place(order, codes[one.pk]), one.who))


def who_holds(value: str, guests: Iterable[Guest], people: Iterable[int]) -> dict[str, int]:
    """What a choice of the form names: {"guest": 12} or {"person": 3}; empty for nobody here."""
    letter, _, number = value.partition(":")
    known = {f"guest:{one.pk}" for one in guests} | {f"person:{pk}" for pk in people}
    return {letter: int(number)} if value in known else {}


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


def _name(registration: Registration) -> str:
    contact = getattr(registration, "contact", None)
    return contact.name if contact else f"Personne inscrite n° {registration.rank}"


def _who(role: HeldRole, named: bool) -> str:
    if role.guest is not None:
        return role.guest.organisation.name
    if role.registration is None or not named:
        return "une personne inscrite"
    return _name(role.registration)
