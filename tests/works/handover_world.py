"""Objects for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.works.models import (
    Delivery,
    DurabilityCheck,
    EquipmentGuide,
    HomeVisits,
    Operation,
    ProjectPartner,
    RenewalProject,
    Reserve,
    Survey,
)
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.works.scene import day


def _of(**names: str) -> Any:
    """The delivery's number, and what hangs from it."""
    return lambda side: {
        "pk": side.delivery.pk,
        **{name: getattr(side, attribute).pk for name, attribute in names.items()},
    }


def _survey(side: Any) -> dict[str, Any]:
    return {"pk": side.delivery.pk, "months": 3}


ARGUMENTS: dict[str, Any] = {
    "works:guide": _of(guide="guide"),
    "works:remove_guide": _of(guide="guide"),
    "works:lift_reserve": _of(reserve="reserve"),
    "works:remove_visits": _of(visits="visits"),
    "works:detach_gathering": _of(gathering="workshop"),
    **{
        f"works:{name}": _survey
        for name in ("survey", "survey_letter", "date_survey", "enter_paper", "publish_survey")
    },
}
BY_RESOURCE: dict[str, Any] = {
    "works.delivery": lambda side: {"pk": side.delivery.pk},
    "works.durabilitycheck": lambda side: {"pk": side.check.pk},
}
OBJECTS: dict[str, str] = {
    "works.delivery": "delivery",
    "works.durabilitycheck": "check",
}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """What our agglomération's project delivered in Anzin, or the neighbour's in Raismes; its
    project is published or not."""
    owner, taker = (cast.landlord, cast.town) if ours else (cast.other_landlord, cast.other_town)
    project = RenewalProject.objects.create(
        code=f"L{RenewalProject.objects.count()}",
        title="Renouvellement",
        programme="npnru",
        carrier=cast.agglomeration if ours else cast.neighbour,
        rules="anru-2014",
        created_at=timezone.now(),
        published_at=timezone.now() if public else None,
    )
    project.communes.set([cast.anzin if ours else cast.raismes])
    ProjectPartner.objects.create(project=project, organisation=taker)
    operation = Operation.objects.create(
        project=project, kind="amenagement", title="Square", owner=owner
    )
    delivery = Delivery.objects.create(
        operation=operation,
        title="Square",
        kind="espace",
        taker=taker,
        delivered_on=day(-120),
        minutes=ContentFile(b"%PDF-1.7 pv", "pv.pdf"),
    )
    workshop = Gathering.objects.create(
        kind="atelier",
        title="Atelier",
        organiser=owner,
        starts_at=in_days(3),
        ends_at=in_days(3, 2),
        changed_at=timezone.now(),
    )
    delivery.gatherings.set([workshop])
    Survey.objects.create(delivery=delivery, months=3, opens_on=day(-30), closes_on=day(30))
    return {
        "delivery": delivery,
        "workshop": workshop,
        "guide": EquipmentGuide.objects.create(
            delivery=delivery, title="Guide", file=ContentFile(b"%PDF-1.7 g", "guide.pdf")
        ),
        "reserve": Reserve.objects.create(delivery=delivery, text="Grille", found_on=day(-120)),
        "visits": HomeVisits.objects.create(
            delivery=delivery, starts_on=day(-90), ends_on=day(-60), offered=10, made=4
        ),
        "check": DurabilityCheck.objects.create(delivery=delivery, year=1, due_on=day(200)),
    }
