"""Who came: noted by the organiser, confirmed by the person in the room, added at the door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.search.words import fold, words_of
from parvis.toolbox import after_certifying
from parvis.toolbox.after_tokens import is_open
from parvis.toolbox.models import (
    Course,
    CourseDate,
    Enrolment,
    EnrolmentContact,
    Presence,
    Trainee,
)

AT_MOST = 2000  # enrolments of a course, against a flood


def mark_date(date: CourseDate, *, came: Iterable[int], now: datetime | None = None) -> None:
    """The organiser notes who came among those who have a seat, by the ids of their enrolments;
    everybody else was not there. It wins over what people confirmed themselves.

    Certificates that it contradicts are taken back.
    """
    at, there = now or timezone.now(), set(came)
    if date.gathering.starts_at > at + timedelta(hours=1):
        raise Refused("Cette date n’a pas encore commencé.")
    with transaction.atomic():
        course = held(date.course)
        seated = list(course.enrolments.seated().select_related("contact", "person"))
        known = {one.enrolment_id: one for one in date.presences.all()}
        fresh, changed = [], []
        for enrolment in seated:
            said = enrolment.pk in there
            found = known.get(enrolment.pk)
            if found is None:
                fresh.append(_presence(enrolment, date, came=said, at=at))
            elif found.came != said:
                found.came, found.by, found.at = said, Presence.By.ORGANISER, at
                changed.append(found)
        Presence.objects.bulk_create(fresh)
        Presence.objects.bulk_update(changed, ["came", "by", "at"])
        know_trainees(one for one in seated if one.pk in there)
        after_certifying.take_back_wrong(course, at)


def confirm_presence(
    enrolment: Enrolment, date: CourseDate, *, now: datetime | None = None
) -> Presence:
    """The person says that they are in the room, which the caller knows by what is shown there.
    What the organiser noted stays as it is."""
    at = now or timezone.now()
    if enrolment.course_id != date.course_id:
        raise Refused("Votre inscription est pour une autre formation.")
    if not is_open(date, at):
        raise Refused("On confirme sa présence pendant la séance.")
    with transaction.atomic():
        held(date.course)
        fresh = Enrolment.objects.select_related("contact", "person").get(pk=enrolment.pk)
        if fresh.state != Enrolment.State.SEATED:
            raise Refused("Vous n’avez pas de place pour cette séance : voyez l’organisateur.")
        known = Presence.objects.filter(enrolment=fresh, date=date).first()
        if known is not None:
            return known
        made = _presence(fresh, date, came=True, at=at, by=Presence.By.SELF)
        made.save()
        know_trainees([fresh])
    return made


def add_walk_in(
    date: CourseDate,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    organisation: Organisation | None = None,
    now: datetime | None = None,
) -> Enrolment:
    """Somebody came without being enrolled: the organiser gives them a seat, full or not, and notes
    them present. Who is enrolled already, or waits, is found by the address and their name."""
    at = now or timezone.now()
    name, email, phone = name.strip(), email.strip().lower(), phone.strip()
    if not name:
        raise ValidationError({"name": "Donnez un nom ou un prénom."})
    if not email and not phone:
        raise ValidationError({"email": "Donnez une adresse électronique ou un téléphone."})
    if email:
        validate_email(email)
    with transaction.atomic():
        course = held(date.course)
        if date.gathering.starts_at > at + timedelta(hours=1):
            raise Refused("Cette date n’a pas encore commencé.")
        enrolment = _known(date, name, email, phone)
        if enrolment is None:
            if course.ranks >= AT_MOST:
                raise Refused("Trop d’inscriptions ont été reçues.")
            course.ranks += 1
            course.save(update_fields=["ranks"])
            enrolment = Enrolment.objects.create(
                course=course,
                rank=course.ranks,
                state=Enrolment.State.SEATED,
                organisation=organisation,
                at=at,
            )
            EnrolmentContact.objects.create(
                enrolment=enrolment, name=name, email=email, phone=phone
            )
        elif enrolment.state != Enrolment.State.SEATED:
            enrolment.state = Enrolment.State.SEATED
            enrolment.save(update_fields=["state"])
        Presence.objects.update_or_create(
            enrolment=enrolment,
            date=date,
            defaults={"came": True, "by": Presence.By.ORGANISER, "at": at},
        )
        know_trainees([enrolment])
    return enrolment


def know_trainees(enrolments: Iterable[Enrolment]) -> None:
    """Keep a row without a name for each of them, under the key of the same person's other courses
    when there are any."""
    wanted = {one.pk: one for one in enrolments}
    have = set(Trainee.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    for pk, enrolment in sorted(wanted.items()):
        if pk not in have:
            key = _key_of(enrolment)
            Trainee.objects.create(enrolment=enrolment, **({"key": key} if key else {}))


def held(course: Course) -> Course:
    """The course as it stands, held until the end of the transaction."""
    return Course.objects.select_for_update(of=("self",)).get(pk=course.pk)


def _presence(
    enrolment: Enrolment,
    date: CourseDate,
    *,
    came: bool,
    at: datetime,
    by: str = Presence.By.ORGANISER,
) -> Presence:
    return Presence(enrolment=enrolment, date=date, came=came, by=by, at=at)


def _known(date: CourseDate, name: str, email: str, phone: str) -> Enrolment | None:
    """Who that is among those of this address: a family or a lodge may share one, so that two names
    are two people; one name is often written two ways."""
    same = (
        Q(contact__email=email) | Q(person__email__iexact=email)
        if email
        else Q(contact__phone=phone)
    )
    rows = Enrolment.objects.standing().filter(same, course=date.course_id)
    found = list(rows.select_related("contact", "person").order_by("rank"))
    for one in found:
        if fold(one.name) == fold(name):
            return one
    here = set(date.presences.filter(came=True).values_list("enrolment_id", flat=True))
    words = set(words_of(name))
    near = (one for one in found if one.pk not in here and words & set(words_of(one.name)))
    return next(near, None)


def _key_of(enrolment: Enrolment) -> str | None:
    same = Q()
    if enrolment.person_id is not None:
        same |= Q(enrolment__person_id=enrolment.person_id)
    if enrolment.email:
        same |= Q(enrolment__contact__email__iexact=enrolment.email)
        same |= Q(enrolment__person__email__iexact=enrolment.email)
    contact = getattr(enrolment, "contact", None)
    if contact is not None and not contact.email:
        # Several of one household share a telephone: the name tells them apart.
        same |= Q(enrolment__contact__phone=contact.phone, enrolment__contact__name=contact.name)
    if not same:
        return None
    # Several of one lodge share an address: in one course they are as many people.
    taken = Trainee.objects.filter(enrolment__course=enrolment.course_id).values("key")
    rows = Trainee.objects.filter(same).exclude(key__in=taken).order_by("pk")
    return rows.values_list("key", flat=True).first()
