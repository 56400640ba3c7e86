"""Planning, moving and calling off a gathering; registering for it; who came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from parvis.gatherings import events
from parvis.gatherings.kinds import kinds
from parvis.gatherings.models import Gathering, Guest, Registration, RegistrationContact
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.thread.acts import record
from parvis.ui import languages

KIND = "gathering"
WRITTEN = (
    *("kind", "title", "summary", "starts_at", "ends_at", "place_label", "online_url"),
    *("commune", "residence", "contact", "entry", "seats", "closes_at"),
)
TELLS = ("starts_at", "ends_at", "place_label", "online_url")  # a change of these is told
AT_MOST = 2000  # registrations, against a flood


def plan_gathering(
    *,
    actor: Actor,
    organiser: Organisation,
    quartiers: Iterable[Quartier] = (),
    now: datetime | None = None,
    **fields: Any,
) -> Gathering:
    """Write down a new gathering, which partners alone see until it is published.

    ValidationError when its fields contradict each other.
    """
    gathering = Gathering(organiser=organiser, changed_at=now or timezone.now(), **fields)
    _check(gathering)
    with transaction.atomic():
        gathering.save()
        gathering.quartiers.set(quartiers)
        record(actor, KIND, gathering.pk, "planned", concerns=organiser, public=False, at=now)
    return gathering


def change_gathering(
    gathering: Gathering,
    *,
    actor: Actor,
    quartiers: Iterable[Quartier] | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Gathering:
    """Change it; who registered or is asked to come is told of another date or place. More seats
    go to who waits, in their order."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(gathering)
        if fresh.cancelled_at:
            raise Refused("Ce rendez-vous est annulé.")
        before = {name: getattr(fresh, name) for name in TELLS}
        for name, value in fields.items():
            setattr(fresh, name, value)
        _check(fresh)
        fresh.changed_at = at
        fresh.save(update_fields=[*fields, "changed_at"])
        if quartiers is not None:
            fresh.quartiers.set(quartiers)
        moved = any(getattr(fresh, name) != value for name, value in before.items())
        event = record(
            actor,
            KIND,
            fresh.pk,
            "moved" if moved else "changed",
            public=moved and bool(fresh.published_at),
            at=at,
        )
        if moved:
            events.tell_everybody(fresh, event, "moved")
            if fresh.published_at:
                events.tell_followers(fresh, event, "moved")
        _seat(fresh, at)
    return fresh


def publish_gathering(
    gathering: Gathering, *, actor: Actor, now: datetime | None = None
) -> Gathering:
    """Show it to everybody; a second time changes nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(gathering)
        if fresh.cancelled_at:
            raise Refused("Ce rendez-vous est annulé.")
        kind = kinds().get(fresh.kind)
        if kind is not None and not kind.open:
            raise Refused("Ce rendez-vous réunit ceux qui y sont appelés : il n’est pas publié.")
        if fresh.published_at is None:
            fresh.published_at = fresh.changed_at = at
            fresh.save(update_fields=["published_at", "changed_at"])
            event = record(actor, KIND, fresh.pk, "published", at=at)
            events.tell_followers(fresh, event, "published")
    return fresh


def cancel_gathering(
    gathering: Gathering, *, actor: Actor, reason: str, now: datetime | None = None
) -> Gathering:
    """Call it off, and tell everybody who was to come."""
    at, reason = now or timezone.now(), reason.strip()
    if not reason:
        raise ValidationError({"reason": "Dites pourquoi : les inscrits le liront."})
    with transaction.atomic():
        fresh = held(gathering)
        if fresh.cancelled_at:
            raise Refused("Ce rendez-vous est déjà annulé.")
        fresh.cancelled_at = fresh.changed_at = at
        fresh.reason = reason
        fresh.full_clean(exclude=["kind"])
        fresh.save(update_fields=["cancelled_at", "changed_at", "reason"])
        event = record(actor, KIND, fresh.pk, "cancelled", public=bool(fresh.published_at), at=at)
        events.tell_everybody(fresh, event, "cancelled")
        if fresh.published_at:
            events.tell_followers(fresh, event, "cancelled")
    return fresh


def ask_organisations(
    gathering: Gathering, organisations: Iterable[Organisation], *, at: datetime | None
) -> list[Guest]:
    """Ask these organisations to come, once each: the guests that are new, or were chosen only.
    Call it in the transaction that says why; the word to them is the caller's. Without `at` they
    are chosen: nothing tells them yet."""
    wanted = {one.pk: one for one in organisations}
    known = {one.organisation_id: one for one in gathering.guests.order_by("pk")}
    chosen = [one for pk, one in known.items() if pk in wanted and one.invited_at is None]
    if at is None:
        chosen = []
    for one in chosen:
        one.invited_at, one.organisation = at, wanted[one.organisation_id]
    Guest.objects.bulk_update(chosen, ["invited_at"])
    fresh = Guest.objects.bulk_create(
        Guest(gathering=gathering, organisation=one, invited_at=at)
        for pk, one in sorted(wanted.items())
        if pk not in known
    )
    return [*chosen, *fresh]


def answer_invitation(
    gathering: Gathering, *, actor: Actor, answer: str, now: datetime | None = None
) -> Guest:
    """The actor's organisation says whether it comes."""
    if answer not in (Guest.Answer.COMING, Guest.Answer.EXCUSED):
        raise ValidationError("Dites si vous venez.")
    with transaction.atomic():
        held = Guest.objects.select_for_update(of=("self",))
        guest = held.get(gathering=gathering, organisation=actor.organisation_id)
        if guest.answer != answer:
            guest.answer = answer
            guest.save(update_fields=["answer"])
            record(
                actor,
                KIND,
                gathering.pk,
                "answered",
                new=answer,
                concerns=guest.organisation_id,
                public=False,
                at=now,
            )
    return guest


def register_person(
    gathering: Gathering,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    now: datetime | None = None,
) -> Registration:
    """Give somebody a seat, or the next place on the waiting list; a receipt leaves with their own
    link. The same address twice gives the first registration back.

    ValidationError when a contact is missing, Refused when registrations are closed.
    """
    at = now or timezone.now()
    name, email, phone = name.strip(), email.strip().lower(), phone.strip()
    if not name:
        raise ValidationError({"name": gettext("Donnez un nom ou un prénom.")})
    if not email and not phone:
        raise ValidationError(
            {"email": gettext("Donnez une adresse électronique ou un téléphone.")}
        )
    if email:
        validate_email(email)
    with transaction.atomic():
        fresh = held(gathering)
        if not fresh.takes_registrations(at):
            raise Refused(gettext("Les inscriptions sont closes."))
        known = _standing(fresh).filter(
            **({"contact__email": email} if email else {"contact__phone": phone})
        )
        again: Registration | None = known.first()
        if again is not None:
            return again
        if fresh.ranks >= AT_MOST:
            raise Refused(gettext("Trop d’inscriptions ont été reçues : appelez l’organisateur."))
        fresh.ranks += 1
        fresh.save(update_fields=["ranks"])
        registration = Registration.objects.create(
            gathering=fresh,
            rank=fresh.ranks,
            state=_state_of_next(fresh),
            at=at,
        )
        RegistrationContact.objects.create(
            registration=registration,
            name=name,
            email=email,
            phone=phone,
            language=languages.current(),
        )
        events.tell_person(registration, "registered", str(registration.pk))
    return registration


def withdraw_registration(
    registration: Registration, *, now: datetime | None = None
) -> Registration:
    """Give the seat back: the first who waits has it and is told. The contact is erased."""
    at = now or timezone.now()
    with transaction.atomic():
        gathering = held(registration.gathering)
        fresh = Registration.objects.get(pk=registration.pk)
        if fresh.state != Registration.State.WITHDRAWN:
            fresh.state = Registration.State.WITHDRAWN
            fresh.save(update_fields=["state"])
            RegistrationContact.objects.filter(registration=fresh).delete()
            events.forget_person(fresh)
            _seat(gathering, at)
    return fresh


def mark_attendance(
    gathering: Gathering,
    *,
    actor: Actor,
    guests: Mapping[int, bool | None],
    people: Mapping[int, bool | None],
    now: datetime | None = None,
) -> None:
    """Who came: organisations and registered people, by the ids of their rows."""
    with transaction.atomic():
        fresh = held(gathering)
        for rows, came in ((fresh.guests, guests), (fresh.registrations, people)):
            for one in rows.filter(pk__in=came).order_by("pk"):
                if one.came != came[one.pk]:
                    one.came = came[one.pk]
                    one.save(update_fields=["came"])
        record(actor, KIND, fresh.pk, "attended", public=False, at=now)


def held(gathering: Gathering) -> Gathering:
    """The gathering as it stands, held until the end of the transaction."""
    rows = Gathering.objects.select_for_update(of=("self",)).select_related("organiser")
    return rows.get(pk=gathering.pk)


def _standing(gathering: Gathering) -> Any:
    return gathering.registrations.exclude(state=Registration.State.WITHDRAWN)


def _free_seats(gathering: Gathering) -> int | None:
    """How many seats nobody has; None without a limit."""
    if gathering.seats is None:
        return None
    taken = gathering.registrations.filter(state=Registration.State.SEATED).count()
    return max(gathering.seats - taken, 0)


def _state_of_next(gathering: Gathering) -> str:
    free = _free_seats(gathering)
    # A seat that is free belongs to who waits: `_seat` has given it, so nobody waits then.
    return Registration.State.SEATED if free is None or free else Registration.State.WAITING


def _seat(gathering: Gathering, at: datetime) -> None:
    """Give free seats to who waits, in their order, and tell them."""
    if gathering.ends_at < at:
        return
    waiting = gathering.registrations.filter(state=Registration.State.WAITING).order_by("rank")
    free = _free_seats(gathering)
    for registration in waiting if free is None else waiting[:free]:
        registration.state = Registration.State.SEATED
        registration.save(update_fields=["state"])
        events.tell_person(registration, "seated", f"{registration.pk}.{at:%Y%m%d%H%M%S}")


def _check(gathering: Gathering) -> None:
    """ValidationError, by field, for what contradicts itself."""
    if gathering.kind not in kinds():
        raise ValidationError({"kind": "Choisissez une nature de la liste."})
    if gathering.ends_at <= gathering.starts_at:
        raise ValidationError({"ends_at": "La fin vient après le début."})
    if gathering.closes_at and gathering.closes_at > gathering.starts_at:
        raise ValidationError({"closes_at": "Les inscriptions se ferment avant le début."})
    gathering.full_clean(exclude=["kind"], validate_unique=False, validate_constraints=False)
