"""How residents make a delivered place their own: workshops, guides, visits at home."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.gatherings import acts as gatherings
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.works.acts.handover import KIND
from parvis.works.handover_models import Delivery, EquipmentGuide, HomeVisits

WORKSHOP = "atelier"
GUIDES_AT_MOST = 30


def plan_workshop(
    delivery: Delivery, *, actor: Actor, organiser: Organisation, published: bool, **fields: Any
) -> Gathering:
    """Plan a workshop and attach it, in one step; it lies where the delivery does."""
    with transaction.atomic():
        residence = delivery.residence
        made = gatherings.plan_gathering(
            actor=actor,
            organiser=organiser,
            kind=WORKSHOP,
            commune=residence.commune if residence else None,
            residence=residence,
            quartiers=list(delivery.operation.project.quartiers.defer("outline")),
            **fields,
        )
        if published:
            gatherings.publish_gathering(made, actor=actor)
        attach_gathering(delivery, made, actor=actor)
    return made


def attach_gathering(delivery: Delivery, gathering: Gathering, *, actor: Actor) -> None:
    """A date that helps residents to make this place their own; twice changes nothing."""
    with transaction.atomic():
        if not delivery.gatherings.filter(pk=gathering.pk).exists():
            delivery.gatherings.add(gathering)
            record(actor, KIND, delivery.pk, "gathered", public=bool(gathering.published_at))


def detach_gathering(delivery: Delivery, gathering: Gathering) -> None:
    """It has nothing to do with this place; the date itself stays."""
    delivery.gatherings.remove(gathering)


def give_guide(
    delivery: Delivery, *, title: str, file: Any = None, url: str = ""
) -> EquipmentGuide:
    """Give residents how to use what is new: a file or an address."""
    if not file and not url:
        raise ValidationError({"file": "Joignez un document ou donnez une adresse."})
    with transaction.atomic():
        Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        if delivery.guides.count() >= GUIDES_AT_MOST:
            raise Refused(f"Un lieu garde {GUIDES_AT_MOST} modes d’emploi au plus.")
        guide = EquipmentGuide(delivery=delivery, title=title.strip(), file=file or "", url=url)
        guide.full_clean()
        guide.save()
    return guide


def remove_guide(guide: EquipmentGuide) -> None:
    """Take it away, from the disk too once the change is sure."""
    storage, name = guide.file.storage, str(guide.file.name or "")
    with transaction.atomic():
        guide.delete()
        if name:
            transaction.on_commit(lambda: storage.delete(name))


def note_visits(
    delivery: Delivery, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> HomeVisits:
    """Write down a round of visits at home: how many, and nobody's name."""
    visits = HomeVisits(delivery=delivery, **fields)
    visits.full_clean()
    with transaction.atomic():
        visits.save()
        record(actor, KIND, delivery.pk, "visited", public=False, at=now)
    return visits
