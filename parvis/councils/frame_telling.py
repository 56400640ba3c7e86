"""Who is asked to remark on a version, told once when it opens, reminded once before it closes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from parvis.councils.body_models import Body
from parvis.councils.frame_models import Frame, FrameComment
from parvis.councils.sorting import settings as figures
from parvis.councils.workflow import FrameState
from parvis.gatherings.events import addresses_of
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.models import Mandate, Organisation, Perimeter

KIND = Organisation.Kind


def asked(frame: Frame) -> Any:
    """The organisations that may remark on a version: those seated in the agglomération or acting
    on its communes, and the bodies that it coordinates."""
    bodies = Body.objects.filter(
        organisation_id=OuterRef("pk"), coordinator_id=frame.coordinator_id, closed_on=None
    )
    wanted = Q(kind=KIND.PARTICIPATION) & Q(Exists(bodies))
    seat = frame.coordinator.commune
    if seat is not None and seat.epci_siren:
        running = Mandate.objects.in_force(timezone.localdate()).values("pk")
        acting = Perimeter.objects.filter(
            commune__epci_siren=seat.epci_siren,
            mandate__organisation_id=OuterRef("pk"),
            mandate_id__in=running,
        )
        here = Q(commune__epci_siren=seat.epci_siren) | Q(Exists(acting))
        wanted |= ~Q(kind__in=(KIND.PARTICIPATION, KIND.OPERATOR)) & here
    rows = Organisation.objects.filter(wanted, closed_on=None)
    return rows.exclude(pk=frame.coordinator_id).order_by("name", "pk")


def asked_by_letter(frame: Frame) -> Any:
    """Of those who are asked, the organisations for which nobody acts here: what they write back
    is noted in their name."""
    acting = Mandate.objects.in_force(timezone.localdate()).exclude(role="lecteur")
    return asked(frame).exclude(Exists(acting.filter(organisation_id=OuterRef("pk"))))


def tell_opened(frame: Frame) -> int:
    """Tell everybody who is asked that the text is open; how many messages leave."""
    return outbox.put(
        f"frame.opened:{frame.pk}", addresses_of(asked(frame)), _mail(frame, "frame_opened")
    )


def remind_frames(now: datetime | None = None) -> int:
    """Remind who has not remarked on a text that closes soon, once; how many messages leave."""
    today = timezone.localdate(now or timezone.now())
    last = today + timedelta(days=figures()["frame_reminder_days"])
    told = 0
    rows = Frame.objects.filter(state=FrameState.OPEN, closes_on__range=(today, last))
    for frame in rows.select_related("coordinator__commune"):
        said = FrameComment.objects.filter(article__frame=frame, organisation_id=OuterRef("pk"))
        silent = asked(frame).exclude(Exists(said))
        told += outbox.put(
            f"frame.closing:{frame.pk}", addresses_of(silent), _mail(frame, "frame_closing")
        )
    return told


def _mail(frame: Frame, name: str) -> Any:
    context = {
        "frame": frame,
        "link": f"{settings.SITE_URL}{reverse('councils:frame', args=[frame.pk])}",
        "contact": frame.coordinator.email,
    }

    def compose(who: Recipient) -> Mail:
        # A service's address has no account: it writes back instead.
        service = who.key.startswith("organisation:")
        return render(f"councils/notices/{name}", {**context, "service": service})

    return compose
