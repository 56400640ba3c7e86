"""Asking a body for its opinion: written, given documents, sent, withdrawn, taken up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils.body_acts import held
from parvis.councils.body_models import Body
from parvis.councils.opinion_events import REQUEST
from parvis.councils.opinion_models import Opinion, OpinionRequest, RequestDocument
from parvis.councils.opinion_telling import tell_request, tell_withdrawn
from parvis.councils.workflow import Level
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record
from parvis.thread.edges import Node
from parvis.thread.reading import rows_of

DOCUMENTS_AT_MOST = 20
REPLY_DAYS_AT_MOST = 365


def named_subject(actor: Actor, subject: Node | None) -> dict[str, Any]:
    """The columns that name what something is about; Refused when this actor does not see it."""
    if subject is None:
        return {"subject_kind": "", "subject_id": None}
    if subject not in rows_of(actor, {subject}):
        raise Refused("Ce sujet n’existe plus, ou vous ne pouvez pas le lire.")
    return {"subject_kind": subject[0], "subject_id": subject[1]}


def write_request(
    request: OpinionRequest | None = None,
    *,
    actor: Actor,
    body: Body | None = None,
    now: datetime | None = None,
    subject: Node | None = None,
    **fields: Any,
) -> OpinionRequest:
    """Write a request to a body, or change one that is not sent yet. One that leaves nothing open
    is kept as information. The same words sent twice make one request.

    ValidationError when it contradicts itself, Refused once it is sent.
    """
    at = now or timezone.now()
    with transaction.atomic():
        if request is None:
            asked = held(body)  # type: ignore[arg-type]
            _refuse_closed(asked, actor)
            fresh = OpinionRequest(
                body=asked, asker_id=actor.organisation_id or 0, written_at=at, level=Level.CONSULT
            )
            for name, value in named_subject(actor, subject).items():
                setattr(fresh, name, value)
        else:
            fresh = held_request(request)
            _refuse_sent(fresh)
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.still_open = fresh.still_open.strip()
        if not fresh.still_open:
            fresh.level = Level.INFORM
        if request is None and (twin := _twin(fresh)):
            return twin
        if not 1 <= fresh.reply_days <= REPLY_DAYS_AT_MOST:
            raise ValidationError(
                {"reply_days": f"Entre 1 et {REPLY_DAYS_AT_MOST} jours pour répondre."}
            )
        fresh.full_clean()
        fresh.save()
    return fresh


def _twin(request: OpinionRequest) -> OpinionRequest | None:
    """The same request, written and not sent yet: a form was sent twice."""
    rows = OpinionRequest.objects.filter(sent_at=None, withdrawn_at=None, body=request.body)
    return rows.filter(
        asker=request.asker_id, title=request.title, text=request.text, decided=request.decided
    ).first()


def choose_request_subject(
    request: OpinionRequest, *, actor: Actor, subject: Node | None
) -> OpinionRequest:
    """Say what a request that is not sent yet is about; None: nothing in particular."""
    with transaction.atomic():
        fresh = held_request(request)
        _refuse_sent(fresh)
        for name, value in named_subject(actor, subject).items():
            setattr(fresh, name, value)
        fresh.save(update_fields=["subject_kind", "subject_id"])
    return fresh


def give_request_document(request: OpinionRequest, *, title: str, file: Any) -> RequestDocument:
    """Keep a file with a request; more may be given once it is sent, none is taken back then."""
    with transaction.atomic():
        fresh = held_request(request)
        if fresh.withdrawn_at:
            raise Refused("Cette demande est retirée.")
        if fresh.documents.count() >= DOCUMENTS_AT_MOST:
            raise Refused(f"Une demande garde {DOCUMENTS_AT_MOST} documents au plus.")
        document = RequestDocument(
            request=fresh, title=title.strip(), file=file, size=file.size, at=timezone.now()
        )
        document.full_clean()
        document.save()
    return document


def remove_request_document(document: RequestDocument) -> None:
    """Take a file away before the request is sent, from the disk too once the change is sure."""
    storage, name = document.file.storage, str(document.file.name)
    with transaction.atomic():
        _refuse_sent(held_request(document.request))
        document.delete()
        transaction.on_commit(lambda: storage.delete(name))


def send_request(
    request: OpinionRequest, *, actor: Actor, now: datetime | None = None, today: date | None = None
) -> OpinionRequest:
    """The body has it from now on, and is told. Refused once sent, or for a day that is past."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_request(request)
        _refuse_sent(fresh)
        _refuse_closed(fresh.body, actor)
        if fresh.wanted_on < (today or timezone.localdate(at)):
            raise Refused("Le jour souhaité est passé : donnez-en un autre avant d’envoyer.")
        fresh.sent_at = at
        fresh.save(update_fields=["sent_at"])
        code = "informed" if fresh.level == Level.INFORM else "sent"
        concerned = fresh.body.organisation
        event = record(actor, REQUEST, fresh.pk, code, concerns=concerned, public=False, at=at)
        if fresh.subject:
            link(actor, fresh.subject, (REQUEST, fresh.pk))
        tell_request(fresh, event)
    return fresh


def withdraw_request(
    request: OpinionRequest, *, actor: Actor, why: str, now: datetime | None = None
) -> OpinionRequest:
    """The institution takes its request back and tells the body why. What the body has begun to
    debate stays its own."""
    at, why = now or timezone.now(), why.strip()
    if not why:
        raise ValidationError({"why": "Dites pourquoi : l’instance le lira."})
    with transaction.atomic():
        fresh = held_request(request)
        if fresh.withdrawn_at:
            raise Refused("Cette demande est déjà retirée.")
        if Opinion.objects.filter(request=fresh, sent_at__isnull=False).exists():
            raise Refused("L’avis est déjà rendu : la demande reste avec lui.")
        fresh.withdrawn_at, fresh.withdrawn_why = at, why
        fresh.full_clean()
        fresh.save(update_fields=["withdrawn_at", "withdrawn_why"])
        if fresh.sent_at:
            event = record(actor, REQUEST, fresh.pk, "withdrawn", public=False, at=at)
            tell_withdrawn(fresh, event)
    return fresh


def take_request(request: OpinionRequest, *, actor: Actor, now: datetime | None = None) -> Opinion:
    """The body takes up a request: its opinion opens, in debate. Taken twice, it is the same one.
    Nobody else is told."""
    with transaction.atomic():
        fresh = held_request(request)
        taken = Opinion.objects.filter(request=fresh).first()
        if taken is not None:
            return taken
        if fresh.sent_at is None or fresh.withdrawn_at:
            raise Refused("Cette demande est retirée : il n’y a plus d’avis à rendre.")
        return Opinion.objects.create(
            body=fresh.body,
            request=fresh,
            title=fresh.title,
            subject_kind=fresh.subject_kind,
            subject_id=fresh.subject_id,
            phase=fresh.phase,
            pillar=fresh.pillar,
            written_at=now or timezone.now(),
        )


def held_request(request: OpinionRequest) -> OpinionRequest:
    """The request as it stands, held until the end of the transaction."""
    rows = OpinionRequest.objects.select_for_update(of=("self",))
    return rows.select_related("body__organisation", "asker", "replier").get(pk=request.pk)


def _refuse_sent(request: OpinionRequest) -> None:
    if request.withdrawn_at:
        raise Refused("Cette demande est retirée.")
    if request.sent_at:
        raise Refused("Cette demande est envoyée : elle ne change plus.")


def _refuse_closed(body: Body, actor: Actor) -> None:
    if body.closed_on and body.closed_on <= timezone.localdate():
        raise Refused("Cette instance est dissoute : elle ne rend plus d’avis.")
    if body.organisation_id == actor.organisation_id:
        raise Refused("Votre instance ne se demande pas d’avis : elle s’en saisit.")
