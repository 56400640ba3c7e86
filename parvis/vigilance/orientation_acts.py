"""What is done to an orientation: written, sent, answered, taken back. Each act locks the row,
looks at the state it starts from, and leaves its line in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.models import Commune, Quartier
from parvis.vigilance import orientation_telling as telling
from parvis.vigilance.catalogue import agreement_text_on, labels
from parvis.vigilance.models import (
    Entry,
    Orientation,
    OrientationSecret,
    SpokenAgreement,
    SupportDoor,
)
from parvis.vigilance.orientation_doors import doors_taking
from parvis.vigilance.orientation_erasing import SHORT, erase_content
from parvis.vigilance.scopes import meets_households
from parvis.vigilance.sealing import seal
from parvis.vigilance.workflow import ANSWERS, ENDED, STEPS, State, may

ALREADY = {
    State.DRAFT: "Cette orientation n’est pas encore envoyée.",
    State.SENT: "Cette orientation est déjà envoyée : elle attend la réponse du service.",
    State.ACCEPTED: "Cette orientation vient d’être prise en charge{who} : rien d’autre à faire.",
    State.REFUSED: "Cette orientation vient d’être refusée{who}.",
    State.CLOSED: "Cette orientation est déjà terminée{who}.",
    State.WITHDRAWN: "La personne ne souhaite plus être orientée : le contenu est effacé.",
}


@dataclass(frozen=True)
class Spoken:
    """That the person agreed: how, on which day, and whether to be passed on to another service."""

    how: str
    given_on: date
    may_be_redirected: bool


@dataclass(frozen=True)
class Asked:
    """What stands in the row of an orientation: where, what for, and at which door."""

    commune: Commune
    need: str
    door: SupportDoor
    quartier: Quartier | None = None


@contextmanager
def held(one: Orientation, act: str) -> Iterator[Orientation]:
    """The row as it is now, held until the end; Refused, kindly, when this act may not start."""
    with transaction.atomic():
        rows = Orientation.objects.select_for_update(of=("self",))
        now = rows.select_related("door__organisation", "commune").get(pk=one.pk)
        # Whoever answers had fetched it at another door: it is not theirs to answer any more.
        if act in ANSWERS and now.door_id != one.door_id:
            raise Refused("Cette orientation vient d’être transmise à un autre service.")
        if not may(act, now.state):
            raise Refused(_already(now))
        if now.erased_at is not None:
            raise Refused("Le contenu de cette orientation est déjà effacé.")
        yield now


# --- Writing and sending ----------------------------------------------------------------------


@sensitive_variables("secret")
def write(
    code: str,
    asked: Asked,
    secret: Mapping[str, str],
    spoken: Spoken | None,
    *,
    actor: Actor,
) -> Orientation:
    """Keep a draft under this code, of a form that may come twice: it is the same orientation."""
    organisation_id = actor.organisation_id
    if not meets_households(actor) or organisation_id is None:
        raise Refused("Votre organisation n’oriente pas de personnes par ce site.")
    try:
        with transaction.atomic():
            one = Orientation.objects.create(
                code=code,
                sender_id=actor.user_id,
                sender_organisation_id=organisation_id,
                commune=asked.commune,
                need=asked.need,
                door=asked.door,
                quartier=asked.quartier,
                erase_on=timezone.localdate() + SHORT,
            )
            log(one, Entry.Code.WRITTEN, actor)
            _keep(one, secret, spoken)
    except IntegrityError:
        mine = Orientation.objects.filter(code=code, sender_id=actor.user_id)
        same = mine.filter(sender_organisation_id=organisation_id).first()
        if same is None:
            raise Refused(
                "Ce brouillon est écrit au nom d’une autre organisation : choisissez-la en haut de"
                " la page pour le reprendre."
            ) from None
        return rewrite(same, asked, secret, spoken)
    return one


@sensitive_variables("secret")
def rewrite(
    one: Orientation, asked: Asked, secret: Mapping[str, str], spoken: Spoken | None
) -> Orientation:
    """Change a draft; it is kept thirty days more."""
    with held(one, "write") as now:
        now.commune, now.need = asked.commune, asked.need
        now.door, now.quartier = asked.door, asked.quartier
        now.erase_on = timezone.localdate() + SHORT
        now.save(update_fields=["commune", "need", "door", "quartier", "erase_on"])
        _keep(now, secret, spoken)
    return now


def send(one: Orientation, *, actor: Actor) -> Orientation:
    """Send a draft to its door. Refused without an agreement, or when nobody receives there."""
    today = timezone.localdate()
    with held(one, "send") as now:
        if not SpokenAgreement.objects.filter(orientation=now, withdrawn_at=None).exists():
            raise Refused("Sans l’accord de la personne, rien ne peut être envoyé.")
        if now.door not in doors_taking(now.commune_id, now.need, today).receiving:
            raise Refused(
                "Ce service ne reçoit plus d’orientations par ce site : choisissez-en un autre. "
                "Ce que vous avez écrit est gardé."
            )
        now.sent_at = timezone.now()
        _await_answer(now, today)
        _move(now, "send", "sent_at", *AWAITED)
        telling.tell_arrival(now, log(now, Entry.Code.SENT, actor, now.door))
    return now


# --- Answering --------------------------------------------------------------------------------


def accept(one: Orientation, *, actor: Actor) -> Orientation:
    """The service takes it over. Of two who accept at once, one is told that it is done."""
    with held(one, "accept") as now:
        now.answered_at = timezone.now()
        now.erase_on = timezone.localdate() + _kept(now.door)
        _move(now, "accept", "answered_at", "erase_on")
        entry = log(now, Entry.Code.ACCEPTED, actor)
        telling.tell_sender(now, entry, "un service a pris le relais")
    return now


def refuse(one: Orientation, *, actor: Actor, refusal: str) -> Orientation:
    """The service cannot take it; the content is erased after thirty days."""
    with held(one, "refuse") as now:
        now.answered_at, now.refusal = timezone.now(), refusal
        now.erase_on = timezone.localdate() + SHORT
        _move(now, "refuse", "answered_at", "refusal", "erase_on")
        entry = log(now, Entry.Code.REFUSED, actor)
        telling.tell_sender(now, entry, f"{labels('refusal')[refusal]} ; cherchez une autre aide")
    return now


def redirect(one: Orientation, *, actor: Actor, door: SupportDoor) -> Orientation:
    """Pass it on to another door, if the person agreed to that; that door has its own delay."""
    today = timezone.localdate()
    with held(one, "redirect") as now:
        agreed = SpokenAgreement.objects.filter(
            orientation=now, may_be_redirected=True, withdrawn_at=None
        )
        if not agreed.exists():
            raise Refused("La personne n’a pas donné son accord pour un autre service.")
        others = doors_taking(now.commune_id, now.need, today).receiving
        if door == now.door or door not in others:
            raise Refused("Choisissez un autre service, où quelqu’un reçoit les orientations.")
        telling.take_back_arrival(now)
        now.door, now.answered_at = door, None
        _await_answer(now, today)
        _move(now, "redirect", "door", "answered_at", *AWAITED)
        entry = log(now, Entry.Code.REDIRECTED, actor, door)
        telling.tell_arrival(now, entry)
        telling.tell_sender(now, entry, f"l’orientation est transmise à {door.name}")
    return now


def note_contact(one: Orientation, *, actor: Actor, on: date) -> Orientation:
    """The service spoke with the person that day; what is kept is kept from the last time."""
    with held(one, "contact") as now:
        _check_day(now, on)
        _reach(now, on)
        _move(now, "contact", "first_contact_on", "last_contact_on", "erase_on")
        log(now, Entry.Code.CONTACTED, actor)
    return now


def close(one: Orientation, *, actor: Actor, outcome: str, on: date | None = None) -> Orientation:
    """What came of it, from the closed list; with the day of the last contact, if there was one."""
    with held(one, "close") as now:
        if on is not None:
            _check_day(now, on)
            _reach(now, on)
        now.outcome, now.closed_at = outcome, timezone.now()
        _move(
            now, "close", "outcome", "closed_at", "first_contact_on", "last_contact_on", "erase_on"
        )
        entry = log(now, Entry.Code.CLOSED, actor)
        telling.tell_sender(now, entry, labels("outcome")[outcome])
    return now


def withdraw(one: Orientation, *, actor: Actor) -> Orientation:
    """The person takes her word back: the content is erased at once, whatever the state. What was
    answered already stays counted."""
    with transaction.atomic():
        rows = Orientation.objects.select_for_update(of=("self",))
        now = rows.select_related("door__organisation", "commune").get(pk=one.pk)
        if not OrientationSecret.objects.filter(orientation=now).exists():
            raise Refused("Le contenu de cette orientation est déjà effacé.")
        was_sent = now.sent_at is not None
        telling.take_back_arrival(now)
        SpokenAgreement.objects.filter(orientation=now).update(withdrawn_at=timezone.now())
        now.erase_on = timezone.localdate() + SHORT
        if now.state in ENDED:
            now.save(update_fields=["erase_on"])
        else:
            _move(now, "withdraw", "erase_on")
        entry = log(now, Entry.Code.WITHDRAWN, actor)
        erase_content(now, actor=actor)
        if was_sent:
            telling.tell_withdrawal(now, entry, by_sender=now.sender_id == actor.user_id)
    return now


def log(
    one: Orientation,
    code: str,
    actor: Actor | None,
    door: SupportDoor | None = None,
    reason: str = "",
) -> Entry:
    """One more line in the log of this orientation; by itself when there is no actor."""
    return Entry.objects.create(
        orientation=one,
        code=code,
        person_id=actor.user_id if actor else None,
        organisation_id=actor.organisation_id if actor else None,
        door=door,
        reason=reason,
    )


AWAITED = ("answer_due_on", "chases", "chased_at", "erase_on")


def _await_answer(one: Orientation, today: date) -> None:
    """The delay of the door starts; nobody was reminded yet."""
    one.answer_due_on = today + timedelta(days=one.door.answers_within_days)
    one.chases, one.chased_at = 0, None
    one.erase_on = today + _kept(one.door)


def _kept(door: SupportDoor) -> timedelta:
    return timedelta(days=door.kept_for_days)


def _check_day(one: Orientation, on: date) -> None:
    """Refused for a contact before it was sent, or still to come."""
    if on > timezone.localdate():
        raise Refused("Ce jour n’est pas encore passé.")
    if one.sent_at and on < timezone.localdate(one.sent_at):
        raise Refused("Ce jour précède l’envoi de l’orientation.")


def _reach(one: Orientation, on: date) -> None:
    """There was a contact that day, perhaps noted after a later one."""
    one.first_contact_on = min(one.first_contact_on or on, on)
    one.last_contact_on = max(one.last_contact_on or on, on)
    one.erase_on = one.last_contact_on + _kept(one.door)


def _move(one: Orientation, act: str, *fields: str) -> None:
    one.state = STEPS[act][1]
    one.save(update_fields=["state", *fields])


@sensitive_variables("secret")
def _keep(one: Orientation, secret: Mapping[str, str], spoken: Spoken | None) -> None:
    """Seal what was written, inside the transaction: a key that is being replaced waits for it."""
    sealed = seal(secret)
    OrientationSecret.objects.update_or_create(orientation=one, defaults={"sealed": sealed})
    if spoken is None:
        SpokenAgreement.objects.filter(orientation=one).delete()
        return
    given: dict[str, Any] = {
        "how": spoken.how,
        "given_on": spoken.given_on,
        "may_be_redirected": spoken.may_be_redirected,
        "text_version": agreement_text_on(spoken.given_on).version,
    }
    SpokenAgreement.objects.update_or_create(orientation=one, defaults=given)


def _already(one: Orientation) -> str:
    """Why it is too late, and who was there first."""
    last = one.entries.exclude(person=None).select_related("person").order_by("-at", "-pk").first()
    who = f" par {last.person.name}" if last and last.person and one.state in _DONE_BY else ""
    return ALREADY[State(one.state)].format(who=who)


_DONE_BY = (State.ACCEPTED, State.REFUSED, State.CLOSED)
