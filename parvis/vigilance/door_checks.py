"""Asking who keeps a door to look at it again, every six months: a wrong telephone number is the
end of the way for somebody who dared to call."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.models import Mandate, Perimeter
from parvis.vigilance.door_reading import CHECKED_FOR, unchecked
from parvis.vigilance.models import SupportDoor

HOURS = range(7, 20)  # nobody is written to at night


def remind_doors(now: datetime | None = None) -> int:
    """Write to who keeps a door that nobody has checked for six months; how many mails. Once, then
    again each time that six more months have passed."""
    today = timezone.localdate(now or timezone.now())
    rows = SupportDoor.objects.filter(unchecked(today)).exclude(closes_on__lt=today)
    return sum(_remind(door, today) for door in rows.select_related("organisation").order_by("pk"))


def keepers(door: SupportDoor, today: date) -> list[Recipient]:
    """Who answers for the organisation that keeps a door; without anybody there, its service; for a
    door that no organisation keeps, the coordinations of its communes."""
    if door.organisation is not None:
        found = _acting(
            today, organisation_id=door.organisation_id, role__in=("responsable", "coordination")
        )
        service = Recipient(f"organisation:{door.organisation_id}", door.organisation.email)
        return found or [service]
    served = SupportDoor.communes.through.objects.filter(supportdoor_id=door.pk)
    near = Perimeter.objects.filter(
        mandate_id=OuterRef("pk"), quartier=None, commune_id__in=served.values("commune_id")
    )
    return _acting(today, Exists(near), role="coordination")


def _acting(today: date, *conditions: Any, **where: Any) -> list[Recipient]:
    mandates = Mandate.objects.in_force(today).filter(*conditions, person__is_active=True, **where)
    rows = mandates.order_by("pk").values_list("person_id", "person__email")
    return [Recipient(f"user:{pk}", email) for pk, email in rows]


def _remind(door: SupportDoor, today: date) -> int:
    return outbox.put(_key(door, today), keepers(door, today), partial(_mail, door))


def _key(door: SupportDoor, today: date) -> str:
    """The same for six months, so that the message leaves once in that time."""
    if door.checked_on is None:
        return f"door.check:{door.pk}:{today.toordinal() // CHECKED_FOR.days}"
    times = (today - door.checked_on) // CHECKED_FOR
    return f"door.check:{door.pk}:{door.checked_on}:{times}"


def _mail(door: SupportDoor, who: Recipient) -> Mail:
    link = f"{settings.SITE_URL}{reverse('vigilance:door', args=[door.pk])}"
    return render("vigilance/notices/door_check", {"door": door, "link": link})
