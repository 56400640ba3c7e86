"""Seats of a course: enrolling, waiting in one's order, giving a seat back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from parvis.partners.models import Mandate, Organisation, User
from parvis.partners.rights import Refused
from parvis.toolbox import course_events as events
from parvis.toolbox.models import Course, Enrolment, EnrolmentContact

AT_MOST = 2000  # enrolments in a course, against a flood


def enrol_person(
    course: Course,
    *,
    person: User,
    organisation: Organisation | int | None,
    now: datetime | None = None,
) -> Enrolment:
    """Give somebody who signs in a seat, or the next place on the waiting list; a second time
    gives the first enrolment back. They are told by mail. Refused when enrolments are closed."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(course)
        _refuse_closed(fresh, at)
        again = fresh.enrolments.standing().filter(person=person).first()
        if again is not None:
            return again
        made = _next(fresh, at, person=person, organisation_id=_pk(organisation))
        events.tell_person(made, "enrolled", str(made.pk))
    return made


def enrol_contact(
    course: Course,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    organisation: Organisation | int | None = None,
    now: datetime | None = None,
) -> Enrolment:
    """The same for somebody without an account, by a name and one way to reach them; an address of
    a person who acts for that organisation is theirs.

    ValidationError when a contact is missing, Refused when enrolments are closed.
    """
    at = now or timezone.now()
    name, email, phone = name.strip(), email.strip().lower(), phone.strip()
    if not name:
        raise ValidationError({"name": "Donnez un nom ou un prénom."})
    if not email and not phone:
        raise ValidationError({"email": "Donnez une adresse électronique ou un téléphone."})
    if email:
        validate_email(email)
    known = colleagues(_pk(organisation), at).filter(email=email).first() if email else None
    if known is not None:
        return enrol_person(course, person=known, organisation=organisation, now=at)
    with transaction.atomic():
        fresh = held(course)
        _refuse_closed(fresh, at)
        same = {"contact__email": email} if email else {"contact__phone": phone}
        # A family or a lodge may share an address: two names are two people.
        again = fresh.enrolments.standing().filter(contact__name__iexact=name, **same).first()
        if again is not None:
            return again
        made = _next(fresh, at, organisation_id=_pk(organisation))
        EnrolmentContact.objects.create(enrolment=made, name=name, email=email, phone=phone)
        events.tell_person(made, "enrolled", str(made.pk))
    return made


def colleagues(organisation_id: int | None, at: datetime) -> Any:
    """Who acts today for this organisation."""
    mandates = Mandate.objects.in_force(timezone.localdate(at))
    acting = mandates.filter(organisation_id=organisation_id or 0).values("person_id")
    return User.objects.filter(pk__in=acting, is_active=True).order_by("name", "pk")


def withdraw_enrolment(
    enrolment: Enrolment, *, by_another: bool = False, now: datetime | None = None
) -> Enrolment:
    """Give the seat back: the first who waits has it and is told; the contact is erased. Once the
    course is over the seat stays, for what was learned was learned: the contact alone goes."""
    at = now or timezone.now()
    with transaction.atomic():
        course = held(enrolment.course)
        fresh = Enrolment.objects.select_related("contact", "person").get(pk=enrolment.pk)
        if fresh.state == Enrolment.State.WITHDRAWN:
            return fresh
        if is_over(course, at):
            forget_contact(fresh)
            return fresh
        fresh.state = Enrolment.State.WITHDRAWN
        fresh.save(update_fields=["state"])
        events.forget_person(fresh)
        if by_another:
            events.tell_person(fresh, "withdrawn", str(fresh.pk))
        EnrolmentContact.objects.filter(enrolment=fresh).delete()
        give_free_seats(course, at)
    return fresh


def forget_contact(enrolment: Enrolment) -> None:
    """Erase how to reach somebody, and what still waits for them."""
    events.forget_person(enrolment)
    EnrolmentContact.objects.filter(enrolment=enrolment).delete()


def is_over(course: Course, at: datetime) -> bool:
    """Whether its last date has passed."""
    return course.ends_at is not None and course.ends_at < at


def give_free_seats(course: Course, at: datetime) -> None:
    """Give free seats to who waits, in their order, and tell them. The course is held."""
    if course.cancelled_at or is_over(course, at):
        return
    waiting = course.enrolments.filter(state=Enrolment.State.WAITING).order_by("rank")
    free = free_seats(course)
    for one in waiting if free is None else waiting[:free]:
        one.state = Enrolment.State.SEATED
        one.save(update_fields=["state"])
        events.tell_person(one, "seated", f"{one.pk}.{at:%Y%m%d%H%M%S}")


def free_seats(course: Course) -> int | None:
    """How many seats nobody has; None without a limit."""
    if course.seats is None:
        return None
    return max(course.seats - course.enrolments.seated().count(), 0)


def _next(course: Course, at: datetime, **who: Any) -> Enrolment:
    if course.ranks >= AT_MOST:
        raise Refused("Trop d’inscriptions ont été reçues : appelez l’organisateur.")
    course.ranks += 1
    course.save(update_fields=["ranks"])
    free = free_seats(course)
    # A seat that is free belongs to who waits: it was given then, so nobody waits now.
    state = Enrolment.State.SEATED if free is None or free else Enrolment.State.WAITING
    return Enrolment.objects.create(course=course, rank=course.ranks, state=state, at=at, **who)


def _refuse_closed(course: Course, at: datetime) -> None:
    if not course.takes_enrolments(at):
        raise Refused("Les inscriptions sont closes.")


def held(course: Course) -> Course:
    """The course as it stands, held until the end of the transaction."""
    rows = Course.objects.select_for_update(of=("self",)).select_related("organiser")
    return rows.get(pk=course.pk)


def _pk(organisation: Organisation | int | None) -> int | None:
    return organisation.pk if isinstance(organisation, Organisation) else organisation
