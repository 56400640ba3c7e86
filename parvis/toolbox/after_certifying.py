"""Certificates: who followed enough of a course, the paper, and whether a paper is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf
from parvis.partners.leaving import is_forgotten
from parvis.partners.rights import Refused
from parvis.toolbox import after_telling
from parvis.toolbox.models import Certificate, Course, CourseDate, Enrolment
from parvis.toolbox.models.afters import CODE_LENGTH, SIGNS
from parvis.ui.words import day_in_words

ROWS = Certificate.objects.select_related(
    "enrolment__course__organiser",
    "enrolment__contact",
    "enrolment__person",
    "enrolment__organisation",
)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Followed:
    """What one person followed of a course."""

    days: list[str]  # ISO days of the dates on which they came
    came: int
    dates: int  # that were held
    hours: Decimal
    enough: bool  # for a certificate


def followed(course: Course) -> dict[int, Followed]:
    """What each seated person followed, by enrolment, in two queries."""
    held = held_dates(course)
    rows = (
        course.enrolments.seated()
        .filter(presences__came=True, presences__date__in=[one.pk for one in held])
        .order_by("pk")
        .values_list("pk", "presences__date_id")
    )
    came: dict[int, set[int]] = {}
    for pk, date_id in rows:
        came.setdefault(pk, set()).add(date_id)
    return {pk: _followed(course, held, dates) for pk, dates in came.items()}


def held_dates(course: Course) -> list[CourseDate]:
    """The dates of a course that were not called off, in order."""
    dates = course.dates.filter(gathering__cancelled_at=None)
    return list(dates.select_related("gathering").order_by("number"))


def hours_of(hours: Decimal, came: int, dates: int) -> Decimal:
    """The hours of so many dates of a course that lasts so long in all."""
    if not dates:
        return Decimal("0.00")
    return (hours * came / dates).quantize(CENT, rounding=ROUND_HALF_UP)


def issue_certificates(course: Course, *, now: datetime | None = None) -> list[Certificate]:
    """Give one to each person who followed enough of the course, once it is over, and tell them.
    Again: only who has none.

    Refused before the end of the course, or when it was called off.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
        if fresh.cancelled_at or fresh.ends_at is None or fresh.ends_at > at:
            raise Refused("Les attestations se délivrent une fois la formation terminée.")
        have = set(_standing(fresh).values_list("enrolment_id", flat=True))
        known = fresh.enrolments.select_related("contact", "person")
        have |= {one.pk for one in known if not is_named(one)}  # there is nothing to print
        made = []
        for pk, what in sorted(followed(fresh).items()):
            if what.enough and pk not in have:
                made.append(
                    Certificate.objects.create(
                        enrolment_id=pk,
                        days=what.days,
                        dates=what.dates,
                        hours=what.hours,
                        issued_at=at,
                    )
                )
        after_telling.tell_certified(ROWS.filter(pk__in=[one.pk for one in made]))
    return made


def take_back_wrong(course: Course, at: datetime) -> int:
    """Take back the certificates that say other dates or hours than those now noted; how many."""
    standing = list(_standing(course).filter(enrolment__state=Enrolment.State.SEATED))
    if not standing:
        return 0
    now_followed = followed(course)
    wrong = [one.pk for one in standing if not _is_true(one, now_followed.get(one.enrolment_id))]
    return Certificate.objects.filter(pk__in=wrong).update(revoked_at=at)


def _is_true(said: Certificate, what: Followed | None) -> bool:
    if what is None or not what.enough:
        return False
    return (said.days, said.dates, said.hours) == (what.days, what.dates, what.hours)


def certificate_pdf(certificate: Certificate) -> bytes:
    """The paper. Refused once the name was erased: the paper that was given stays good."""
    enrolment = certificate.enrolment
    if not is_named(enrolment):
        raise Refused(
            "Le nom a été effacé de nos fichiers, comme prévu : l’attestation déjà remise reste "
            "valable et se vérifie avec son code."
        )
    course = enrolment.course
    address = check_address(certificate)
    data: dict[str, Any] = {
        "name": enrolment.name,
        "for_whom": enrolment.organisation.name if enrolment.organisation else "",
        "course": course.title,
        "what": "l’atelier" if course.nature == Course.Nature.WORKSHOP else "la formation",
        "organiser": course.organiser.name,
        "days": [day_in_full(day) for day in certificate.followed_on],
        "came": len(certificate.days),
        "dates": certificate.dates,
        "hours": hours_in_words(certificate.hours),
        "number": certificate.number,
        "code": certificate.shown_code,
        "issued": day_in_full(timezone.localtime(certificate.issued_at).date()),
        "address": address,
    }
    return make_pdf(
        "toolbox/after_certificate",
        data,
        title="Attestation de suivi",
        files={"/qr.svg": qr_code(address)},
    )


def is_named(enrolment: Enrolment) -> bool:
    """Whether it is still known who that is."""
    if getattr(enrolment, "contact", None) is not None:
        return True
    return enrolment.person is not None and not is_forgotten(enrolment.person)


def check_address(certificate: Certificate) -> str:
    """The absolute address that says whether the paper is true."""
    return settings.SITE_URL + reverse("toolbox:after_checked", args=[certificate.shown_code])


def certificate_of_code(given: str) -> Certificate | None:
    """The certificate of this code, however it was typed; None when there is none."""
    code = "".join(sign for sign in given.upper() if sign in SIGNS)
    if len(code) != CODE_LENGTH:
        return None
    return ROWS.filter(code=code).first()


def hours_in_words(hours: Decimal) -> str:
    """« 3 h », « 10 h 30 »."""
    minutes = int((hours * 60).to_integral_value(ROUND_HALF_UP))
    whole, rest = divmod(minutes, 60)
    return f"{whole}\u00a0h" + (f"\u00a0{rest:02d}" if rest else "")


def day_in_full(day: date) -> str:
    """« mardi 3 mars 2026 »: a paper is read in other years."""
    words = day_in_words(day)
    return words if words.endswith(str(day.year)) else f"{words}\u00a0{day.year}"


def _standing(course: Course) -> Any:
    return Certificate.objects.standing().filter(enrolment__course=course)


def _followed(course: Course, held: list[CourseDate], came: set[int]) -> Followed:
    days = [
        timezone.localtime(one.gathering.starts_at).date().isoformat()
        for one in held
        if one.pk in came
    ]
    return Followed(
        days=days,
        came=len(days),
        dates=len(held),
        hours=hours_of(course.hours, len(days), len(held)),
        enough=len(days) * 100 >= course.share * len(held),
    )
