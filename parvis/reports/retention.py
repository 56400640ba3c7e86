"""Erasing what is personal once it has served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.keeping import Due, Retention, due_among, due_together
from parvis.reports import photos as files
from parvis.reports.models import (
    Callback,
    Contact,
    Message,
    Photo,
    PrivatePlace,
    Report,
    WreckPlate,
)
from parvis.reports.searching import index_reports

# A report that nobody ever closed does not keep its contacts for ever.
NEVER_CLOSED = timedelta(days=2 * 365)
# Words and pictures that were never made public go this long after closing.
UNSHOWN = timedelta(days=2 * 365)
AT_ONCE = 500


@dataclass
class Erased:
    contacts: int = 0
    dwellings: int = 0
    plates: int = 0
    texts: int = 0
    photos: int = 0

    @property
    def total(self) -> int:
        """How many rows, of whatever kind."""
        return self.contacts + self.dwellings + self.plates + self.texts + self.photos


def _served(at: datetime) -> Q:
    """Reports whose contacts have served."""
    return _closed_before(at - timedelta(days=settings.CONTACT_RETENTION_DAYS)) | (
        _STILL_OPEN & Q(at__lt=at - NEVER_CLOSED)
    )


def _due(now: datetime) -> Due:
    reports = Report.objects.filter(_served(now))
    closed = Report.objects.filter(_closed_before(now - UNSHOWN))
    said = Message.objects.filter(report__in=closed, shown=False, organisation=None)
    return due_together(
        [
            due_among(Contact.objects.filter(report__in=reports), "report__at"),
            due_among(PrivatePlace.objects.filter(report__in=reports), "report__at"),
            due_among(WreckPlate.objects.filter(report__in=reports), "report__at"),
            due_among(closed.filter(text_shown=False).exclude(text=""), "at"),
            due_among(said, "at"),
            due_among(Photo.objects.filter(report__in=closed, shown=False), "at"),
        ]
    )


def erase_old(now: datetime | None = None) -> Erased:
    """Erase contacts, dwellings and plates a set time after closing, and unpublished words and
    photos much later. Running it again changes nothing."""
    at = now or timezone.now()
    old, erased = _served(at), Erased()
    while _erase_contacts(old, erased):
        pass
    places = PrivatePlace.objects.filter(report__in=Report.objects.filter(old))
    erased.dwellings += places.delete()[0]
    plates = WreckPlate.objects.filter(report__in=Report.objects.filter(old))
    erased.plates += plates.delete()[0]
    while _erase_unshown(_closed_before(at - UNSHOWN), erased):
        pass
    return erased


# Itself, or the one that it was united with.
_STILL_OPEN = Q(closed_at=None) | Q(merged_into__isnull=False, merged_into__closed_at=None)


def _closed_before(moment: datetime) -> Q:
    """Reports closed before that moment; those united with another, by the closing of that one."""
    alone = Q(merged_into=None, closed_at__lt=moment)
    return alone | Q(merged_into__closed_at__lt=moment)


def _erase_contacts(old: Q, erased: Erased) -> bool:
    with transaction.atomic():
        ids = list(
            Contact.objects.filter(report__in=Report.objects.filter(old))
            .order_by("pk")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        Callback.objects.filter(voice__in=ids, done_at=None).delete()
        Contact.objects.filter(pk__in=ids).delete()
        for pk in ids:
            outbox.forget(f"voice:{pk}")
    erased.contacts += len(ids)
    return bool(ids)


def _erase_unshown(old: Q, erased: Erased) -> bool:
    with transaction.atomic():
        reports = list(
            Report.objects.filter(old, text_shown=False)
            .exclude(text="")
            .select_related("category")
            .order_by("pk")[:AT_ONCE]
        )
        Report.objects.filter(pk__in=[report.pk for report in reports]).update(text="")
        for report in reports:
            report.text = ""
        index_reports(reports)
        closed = Report.objects.filter(old)
        said = Message.objects.filter(report__in=closed, shown=False, organisation=None)
        erased.texts += len(reports) + said.delete()[0]
        photos = list(Photo.objects.filter(report__in=closed, shown=False).order_by("pk")[:AT_ONCE])
        files.remove(photos)
    erased.photos += len(photos)
    return bool(reports or photos)


def _erase(now: datetime) -> int:
    return erase_old(now).total


RETENTIONS = (
    Retention("reports", "coordonnées, logements, textes et photos de signalements", _due, _erase),
)
