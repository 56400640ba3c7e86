"""What tests of works build: a project of the agglomération, its operation, a worksite of the
landlord, something delivered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.works.models import Delivery, Operation, ProjectPartner, RenewalProject, Worksite
from tests.cast import Cast, box


def day(offset: int = 0) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=offset)


def a_project(cast: Cast, *, public: bool = True, **fields: Any) -> RenewalProject:
    """The renewal of Rives, in Anzin, carried by the agglomération; the landlord is a partner."""
    communes = fields.pop("communes", [cast.anzin])
    partners = fields.pop("partners", [cast.landlord])
    given = {
        "code": f"NPNRU-{RenewalProject.objects.count() + 1}",
        "title": "Renouvellement des Rives",
        "programme": "npnru",
        "carrier": cast.agglomeration,
        "rules": "anru-2014",
        "created_at": timezone.now(),
        "published_at": timezone.now() if public else None,
        **fields,
    }
    made = RenewalProject.objects.create(**given)
    made.communes.set(communes)
    made.quartiers.set([cast.rives])
    for one in partners:
        ProjectPartner.objects.create(project=made, organisation=one)
    return made


def an_operation(cast: Cast, project: RenewalProject | None = None, **fields: Any) -> Operation:
    """The landlord mends Les Tilleuls."""
    given = {
        "project": project or a_project(cast),
        "kind": "rehabilitation",
        "title": "Réhabilitation des Tilleuls",
        "owner": cast.landlord,
        "starts_on": day(-60),
        "ends_on": day(120),
        **fields,
    }
    made = Operation.objects.create(**given)
    made.residences.set([cast.tilleuls])
    return made


def a_worksite(cast: Cast, *, public: bool = True, **fields: Any) -> Worksite:
    """Under way around Les Tilleuls for the landlord, who answers for it."""
    given = {
        "title": "Chantier des Tilleuls",
        "kind": "rehabilitation",
        "owner": cast.landlord,
        "manager": cast.landlord,
        "commune": cast.anzin,
        "place_label": "Les Tilleuls",
        "starts_on": day(-10),
        "ends_on": day(30),
        "began_on": day(-10),
        "published_at": timezone.now() if public else None,
        "changed_at": timezone.now(),
        **box(3.505, 50.378, 3.515, 50.382),
        **fields,
    }
    made = Worksite.objects.create(**given)
    made.quartiers.set([cast.rives] if given["commune"] == cast.anzin else [])
    if given["commune"] == cast.anzin:
        made.residences.set([cast.tilleuls])
    return made


def a_delivery(cast: Cast, operation: Operation | None = None, **fields: Any) -> Delivery:
    """A square that the town takes over, delivered a hundred days ago."""
    given = {
        "operation": operation or an_operation(cast),
        "title": "Square des Tilleuls",
        "kind": "espace",
        "delivered_on": day(-100),
        "taker": cast.town,
        **fields,
    }
    return Delivery.objects.create(**given)
