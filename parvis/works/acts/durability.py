"""Delivered places are looked at again after some years; what worsens becomes an action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record
from parvis.thread.models import Link
from parvis.thread.register import Order, Where, kinds, makings
from parvis.works.handover_models import Delivery, DurabilityCheck
from parvis.works.sorting import choices, settings

KIND = "durability_check"
REPORT = "report"  # the kind of thing that residents say, whichever room brings it
AS_PLANNED = "prevu"


def make_check(
    check: DurabilityCheck,
    *,
    actor: Actor,
    by: Organisation,
    done_on: date,
    now: datetime | None = None,
    **found: Any,
) -> DurabilityCheck:
    """Write down what was seen, or correct it; whether it got worse follows."""
    with transaction.atomic():
        fresh = DurabilityCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        delivered = fresh.delivery.delivered_on
        if done_on > timezone.localdate():
            raise ValidationError({"done_on": "Ce jour n’est pas encore venu."})
        if delivered and done_on < delivered:
            raise ValidationError({"done_on": "La vérification vient après la livraison."})
        for name, known in (("condition", "condition"), ("use", "use")):
            if found.get(name) not in choices(known):
                raise ValidationError({name: "Choisissez dans la liste."})
        again = fresh.done_on is not None
        fresh.done_on, fresh.by = done_on, by
        for name, value in found.items():
            setattr(fresh, name, value)
        fresh.full_clean(exclude=["condition", "use"])
        fresh.save(update_fields=["done_on", "by", *found])
        _compare(fresh.delivery)
        fresh.refresh_from_db(fields=["worsened"])
        code = "corrected" if again else "checked"
        record(actor, KIND, fresh.pk, code, new=fresh.condition, public=False, at=now)
    return fresh


def _compare(delivery: Delivery) -> None:
    """Keep beside each check whether it is worse than the one before."""
    done = list(delivery.checks.filter(done_on__isnull=False).order_by("year"))
    for check, worse in zip(done, worsening([(c.condition, c.use) for c in done]), strict=True):
        if check.worsened != worse:
            check.worsened = worse
            check.save(update_fields=["worsened"])


def worsening(found: Sequence[tuple[str, str]]) -> list[bool]:
    """For each (condition, use), oldest first: worse than the one before, and no better since.

    The first is compared with what a delivered place is expected to be.
    """
    rank = {code: number for number, code in enumerate(choices("condition"))}

    def worse(one: tuple[str, str], before: tuple[str, str]) -> bool:
        strayed = one[1] != AS_PLANNED and before[1] == AS_PLANNED
        return strayed or rank.get(one[0], 0) > rank.get(before[0], 0)

    before = [(settings()["first_condition"], AS_PLANNED), *found]
    return [
        worse(one, before[number]) and not any(worse(one, later) for later in found[number + 1 :])
        for number, one in enumerate(found)
    ]


# --- Something is made of it ------------------------------------------------------------------


def unanswered(checks: Any) -> Any:
    """Of these checks, those that got worse and of which nothing was made yet."""
    made = Link.objects.filter(source_kind=KIND, source_id=OuterRef("pk"))
    return checks.filter(~Exists(made), worsened=True)


def act_on(
    check: DurabilityCheck,
    making: str,
    *,
    actor: Actor,
    title: str,
    organisation: Organisation,
    due_on: date | None = None,
) -> tuple[str, int]:
    """Make something of a check that got worse, such as an action of the plan; what was made."""
    with transaction.atomic():
        fresh = DurabilityCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        if not unanswered(DurabilityCheck.objects.filter(pk=fresh.pk)).exists():
            raise Refused(
                "Une suite est déjà donnée à cette vérification, ou elle n’en demande pas."
            )
        offered = {one.code: one for one in makings(actor, KIND)}
        if making not in offered:
            raise ValidationError({"making": "Ce choix n’est pas possible ici."})
        quartiers = fresh.delivery.operation.project.quartiers.values_list("pk", flat=True)
        order = Order(
            source=(KIND, fresh.pk),
            title=title,
            text=fresh.note,
            about=(KIND, fresh.pk),
            organisation_id=organisation.pk,
            due_on=due_on,
            where=Where(quartiers=frozenset(quartiers)),
        )
        made = offered[making].make(actor, order)
        link(actor, (KIND, fresh.pk), made)
        record(actor, KIND, fresh.pk, "acted", concerns=organisation, public=False)
    return made


# --- What is reported there -------------------------------------------------------------------


def homes_of(delivery: Delivery) -> dict[int, str]:
    """The residences whose reports tell of this place, by their ids."""
    if delivery.residence is not None:
        return {delivery.residence.pk: delivery.residence.name}
    return dict(delivery.operation.residences.order_by("name").values_list("pk", "name"))


def reports_since(actor: Actor, delivery: Delivery) -> int | None:
    """How many reports that this actor may see lie there since the delivery; None where that
    cannot be counted."""
    kind = kinds().get(REPORT)
    homes = homes_of(delivery)
    if kind is None or kind.lies_in is None or not homes or delivery.delivered_on is None:
        return None
    there = kind.lies_in(Where(residences=frozenset(homes)))
    rows = kind.rows(actor).filter(pk__in=there, thing_day__gte=delivery.delivered_on)
    return int(rows.count())
