"""What a project owes to residents: steps, houses, public meetings, questions, consultations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.gatherings import acts as gatherings
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.acts import link, record, word_key
from parvis.thread.models import Event
from parvis.ui.words import span_in_words
from parvis.works.models import (
    MeetingQuestion,
    Operation,
    ProjectHouse,
    PublicMeeting,
    RenewalProject,
    ResidentStep,
    TenantConsultation,
)
from parvis.works.project_duties import duties
from parvis.works.project_events import MEETING, OPERATION, PROJECT, page_url, tell_followers

KIND = "reunion_publique"


def not_to_come(name: str, day: date | None, now: datetime | None = None) -> None:
    """ValidationError when something is said to be done on a day that is not there yet."""
    if day is not None and day > timezone.localdate(now):
        raise ValidationError({name: "Ce jour n’est pas encore venu."})


def make_step(
    project: RenewalProject,
    code: str,
    *,
    actor: Actor,
    done_on: date,
    operation: Operation | None = None,
    note: str = "",
    upload: Any = None,
    now: datetime | None = None,
) -> ResidentStep:
    """Say that a step owed to residents was made; saying it again corrects it.

    ValidationError for a step that is not owed here, or a day to come.
    """
    duty = duties().get(code)
    owed = duty is not None and (
        duty.concerns(operation) if operation else duty.applies == "project"
    )
    if not owed:
        raise ValidationError("Cette étape n’est pas due ici.")
    not_to_come("done_on", done_on, now)
    with transaction.atomic():
        RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        step = ResidentStep.objects.filter(project=project, operation=operation, code=code).first()
        step = step or ResidentStep(project=project, operation=operation, code=code)
        step.done_on, step.note = done_on, note.strip()
        if upload is not None:
            step.file = upload
        step.full_clean()
        step.save()
        thing = (OPERATION, operation.pk) if operation else (PROJECT, project.pk)
        record(actor, *thing, "step", new=code, at=now, public=bool(project.published_at))
    return step


def write_house(
    project: RenewalProject, house: ProjectHouse | None = None, *, actor: Actor, **fields: Any
) -> ProjectHouse:
    """Open a maison du projet or an itinerant stop, or change one; an end closes it."""
    fresh = house or ProjectHouse(project=project)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.full_clean()
    with transaction.atomic():
        fresh.save()
        record(actor, PROJECT, project.pk, "house", public=bool(project.published_at))
    return fresh


# --- Public meetings ----------------------------------------------------------------------------


def plan_meeting(
    project: RenewalProject,
    *,
    actor: Actor,
    organiser: Organisation,
    now: datetime | None = None,
    **fields: Any,
) -> PublicMeeting:
    """Plan a public meeting of the project: its date is a gathering, which partners alone see
    until it is published."""
    communes = list(project.communes.defer("outline")[:2])
    with transaction.atomic():
        gathering = gatherings.plan_gathering(
            actor=actor,
            organiser=organiser,
            kind=KIND,
            commune=communes[0] if len(communes) == 1 else None,
            quartiers=project.quartiers.defer("outline"),
            now=now,
            **fields,
        )
        meeting = PublicMeeting.objects.create(project=project, gathering=gathering)
        link(actor, (PROJECT, project.pk), (MEETING, meeting.pk))
        record(actor, MEETING, meeting.pk, "planned", public=False, at=now)
    return meeting


def publish_meeting(
    meeting: PublicMeeting, *, actor: Actor, now: datetime | None = None
) -> PublicMeeting:
    """Show its date to everybody, and tell who follows the quartier or the project."""
    return _through(meeting, "published", gatherings.publish_gathering, actor=actor, now=now)


def change_meeting(
    meeting: PublicMeeting, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> PublicMeeting:
    """Change its words, its date or its place; who is to come is told of the last two."""
    change = gatherings.change_gathering
    return _through(meeting, "moved", change, actor=actor, now=now, **fields)


def cancel_meeting(
    meeting: PublicMeeting, *, actor: Actor, reason: str, now: datetime | None = None
) -> PublicMeeting:
    """Call it off, with a reason."""
    cancel = gatherings.cancel_gathering
    return _through(meeting, "cancelled", cancel, actor=actor, now=now, reason=reason)


HEADINGS = {
    "published": "Réunion publique",
    "moved": "Réunion publique déplacée",
    "cancelled": "Réunion publique annulée",
}


def _through(
    meeting: PublicMeeting, code: str, act: Any, *, actor: Actor, **more: Any
) -> PublicMeeting:
    """Do this to the gathering; its own room tells the quartier, and who follows the project hears
    of it too, once: the key of the message is the gathering's own event."""
    with transaction.atomic():
        events = Event.objects.filter(thing_kind="gathering", thing_id=meeting.gathering_id)
        before = events.order_by("-pk").values_list("pk", flat=True).first() or 0
        gathering: Gathering = act(meeting.gathering, actor=actor, **more)
        happened = events.filter(pk__gt=before, code=code).first()
        if happened is not None and gathering.published_at:
            where = f"{span_in_words(gathering.starts_at, gathering.ends_at)}, "
            tell_followers(
                meeting.project,
                word_key(happened),
                title=f"{HEADINGS[code]} : {gathering.title}",
                text=f"{where}{gathering.place_label}\n{gathering.reason}".strip(" ,\n"),
                url=page_url(MEETING, meeting.pk),
            )
    meeting.gathering = gathering
    return meeting


def note_invitations(
    meeting: PublicMeeting,
    *,
    actor: Actor,
    posters_on: date | None,
    letters_on: date | None,
    now: datetime | None = None,
) -> PublicMeeting:
    """Note when posters were hung and letters were put in the boxes."""
    not_to_come("posters_on", posters_on, now)
    not_to_come("letters_on", letters_on, now)
    with transaction.atomic():
        meeting.posters_on, meeting.letters_on = posters_on, letters_on
        meeting.save(update_fields=["posters_on", "letters_on"])
        record(actor, MEETING, meeting.pk, "invited", public=False, at=now)
    return meeting


def write_account(
    meeting: PublicMeeting, *, actor: Actor, account: str, attendance: int | None
) -> PublicMeeting:
    """Write the account; ValidationError once it is published: what was read stays as it was."""
    with transaction.atomic():
        fresh = _held(meeting)
        if fresh.account_published_at:
            raise ValidationError("Ce compte rendu est publié : il reste comme chacun l’a lu.")
        fresh.account, fresh.attendance = account.strip(), attendance
        fresh.full_clean()
        fresh.save(update_fields=["account", "attendance"])
    return fresh


def publish_account(
    meeting: PublicMeeting, *, actor: Actor, now: datetime | None = None
) -> PublicMeeting:
    """Let everybody read the account and the questions, and tell who follows the project.

    ValidationError before the meeting is over, or while nothing is written.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(meeting)
        if fresh.account_published_at:
            return fresh
        gathering = fresh.gathering
        if gathering.cancelled_at:
            raise ValidationError("Cette réunion est annulée : elle n’a pas de compte rendu.")
        if gathering.ends_at > at:
            raise ValidationError("La réunion n’est pas encore terminée.")
        if gathering.published_at is None:
            raise ValidationError(
                "Publiez d’abord la réunion : personne ne lirait ce compte rendu."
            )
        fresh.account_published_at = at
        fresh.full_clean()
        fresh.save(update_fields=["account_published_at"])
        event = record(actor, MEETING, fresh.pk, "account", at=at)
        tell_followers(
            fresh.project,
            word_key(event),
            title=f"Compte rendu : {gathering.title}",
            text="Ce qui s’est dit, les questions posées et qui y répond.",
            url=page_url(MEETING, fresh.pk),
        )
    return fresh


def _held(meeting: PublicMeeting) -> PublicMeeting:
    rows = PublicMeeting.objects.select_for_update(of=("self",))
    return rows.select_related("gathering", "project").get(pk=meeting.pk)


def ask_question(
    meeting: PublicMeeting,
    *,
    actor: Actor,
    text: str,
    organisation: Organisation,
    due_on: date | None = None,
) -> MeetingQuestion:
    """Write down a question that was put, who answers and by when."""
    question = MeetingQuestion(
        meeting=meeting, text=text.strip(), organisation=organisation, due_on=due_on
    )
    question.full_clean()
    with transaction.atomic():
        question.save()
        record(actor, MEETING, meeting.pk, "asked", concerns=organisation, public=False)
    return question


def answer_question(
    question: MeetingQuestion, *, actor: Actor, answer: str, now: datetime | None = None
) -> MeetingQuestion:
    """Answer it; everybody reads the answer once the account is published, and who follows the
    project is told then. An answer may be completed later."""
    at = now or timezone.now()
    with transaction.atomic():
        rows = MeetingQuestion.objects.select_for_update(of=("self",))
        fresh = rows.select_related("meeting__project", "meeting__gathering").get(pk=question.pk)
        fresh.answer, fresh.answered_on = answer.strip(), timezone.localdate(at)
        fresh.full_clean()
        fresh.save(update_fields=["answer", "answered_on"])
        meeting = fresh.meeting
        shown = bool(meeting.account_published_at)
        event = record(
            actor,
            MEETING,
            meeting.pk,
            "answered",
            concerns=fresh.organisation_id,
            public=shown,
            at=at,
        )
        if shown:
            tell_followers(
                meeting.project,
                word_key(event),
                title=f"Une réponse : {meeting.gathering.title}",
                text=f"« {fresh.text} »\n{fresh.answer}",
                url=page_url(MEETING, meeting.pk),
            )
    return fresh


# --- Tenants ------------------------------------------------------------------------------------


def write_consultation(
    operation: Operation,
    subject: str,
    fields: Mapping[str, Any],
    *,
    actor: Actor,
    upload: Any = None,
    now: datetime | None = None,
) -> TenantConsultation:
    """Write how tenants are consulted before the works of an operation.

    ValidationError for days to come that are said to be done, or a balance sent that says nothing.
    """
    for name in ("met_on", "balance_sent_on"):
        not_to_come(name, fields.get(name), now)
    with transaction.atomic():
        Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
        known = TenantConsultation.objects.filter(operation=operation, subject=subject).first()
        consultation = known or TenantConsultation(operation=operation, subject=subject)
        if known and known.balance_sent_on and not fields.get("balance_sent_on"):
            raise ValidationError("Ce bilan a été envoyé : il ne peut plus être repris.")
        for name, value in fields.items():
            setattr(consultation, name, value)
        if upload is not None:
            consultation.balance_file = upload
        consultation.full_clean()
        consultation.save()
        record(actor, OPERATION, operation.pk, "consulted", new=subject, public=False, at=now)
    return consultation
