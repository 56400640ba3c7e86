"""An opinion from debate to publication: written, put on an agenda, adopted, sent, shown.

What comes before stands in `opinion_request_acts`, what comes after in `opinion_reply_acts`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.councils.body_acts import held
from parvis.councils.body_models import Body
from parvis.councils.opinion_events import OPINION, REQUEST
from parvis.councils.opinion_indexing import index_opinion
from parvis.councils.opinion_models import Asking, DivergentView, Opinion, OpinionVersion
from parvis.councils.opinion_reply_acts import add_to_reply, held_opinion, reply
from parvis.councils.opinion_request_acts import (
    named_subject,
    send_request,
    take_request,
    withdraw_request,
    write_request,
)
from parvis.councils.opinion_telling import tell_residents, tell_sent
from parvis.councils.sorting import settings
from parvis.councils.workflow import OpinionState
from parvis.meetings.acts import add_things
from parvis.meetings.models import AgendaItem, Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record
from parvis.thread.edges import Node

__all__ = [
    "add_to_reply",
    "adopt",
    "choose_subject",
    "drop_opinion",
    "open_opinion",
    "publish_opinion",
    "put_on_agenda",
    "reply",
    "resume_opinion",
    "send_opinion",
    "send_request",
    "take_request",
    "withdraw_request",
    "write_opinion",
    "write_request",
]

ASKINGS_AT_MOST = 30
CHANGED = (
    "Quelqu’un a changé cet avis pendant que vous écriviez. Rien n’est perdu : votre texte est"
    " ci-dessous, le sien à côté. Reprenez ce qui manque, puis enregistrez de nouveau."
)
CHANGED_SINCE = (
    "Quelqu’un a changé cet avis depuis que cette page est ouverte : revenez à l’avis, relisez-le,"
    " puis adoptez-le."
)


class Changed(Refused):
    """Somebody else saved the opinion since it was read."""


def open_opinion(
    body: Body,
    *,
    actor: Actor,
    title: str,
    subject: Node | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Opinion:
    """The body takes up something by itself: an opinion opens, in debate. Sent twice, the same
    form opens one."""
    title = title.strip()
    with transaction.atomic():
        fresh = held(body)
        if fresh.closed_on and fresh.closed_on <= timezone.localdate():
            raise Refused("Cette instance est dissoute : elle ne rend plus d’avis.")
        named = named_subject(actor, subject)
        drafts = Opinion.objects.filter(body=fresh, state=OpinionState.DRAFT, request=None)
        twin = drafts.filter(title=title, versions=None, **named).first()
        if twin is not None:
            return twin
        opinion = Opinion(
            body=fresh,
            title=title,
            written_at=now or timezone.now(),
            **named,
            **fields,
        )
        opinion.full_clean()
        opinion.save()
    return opinion


def choose_subject(opinion: Opinion, *, actor: Actor, subject: Node | None) -> Opinion:
    """Say what an opinion in debate is about; None: nothing in particular."""
    with transaction.atomic():
        fresh = held_opinion(opinion)
        _refuse_not_in_debate(fresh)
        for name, value in named_subject(actor, subject).items():
            setattr(fresh, name, value)
        fresh.save(update_fields=["subject_kind", "subject_id"])
    return fresh


def write_opinion(
    opinion: Opinion,
    *,
    actor: Actor,
    version: int,
    text: str,
    asked: list[str],
    views: list[str],
    now: datetime | None = None,
    **fields: Any,
) -> Opinion:
    """Save the opinion in debate with what it asks, in order, and the views that diverge; what
    stood before stays as a version. `version` is the number of the one that was read.

    Changed when somebody else saved meanwhile, Refused once it is adopted.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_opinion(opinion)
        _refuse_not_in_debate(fresh)
        last = last_version(fresh)
        if version != last:
            raise Changed(CHANGED)
        if len(asked) > ASKINGS_AT_MOST:
            raise ValidationError({"asked": f"{ASKINGS_AT_MOST} demandes au plus."})
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.text = text.strip()
        fresh.full_clean()
        fresh.save(update_fields=["text", *fields])
        kept = OpinionVersion(
            opinion=fresh,
            number=last + 1,
            title=fresh.title,
            text=fresh.text,
            asked="\n".join(asked),
            views="\n\n".join(views),
            by_id=actor.user_id,
            at=at,
        )
        kept.full_clean()
        kept.save()
        fresh.askings.all().delete()
        Asking.objects.bulk_create(
            Asking(opinion=fresh, position=place, text=one) for place, one in enumerate(asked, 1)
        )
        fresh.divergent_views.all().delete()
        DivergentView.objects.bulk_create(
            DivergentView(opinion=fresh, text=one, at=at) for one in views
        )
    return fresh


def last_version(opinion: Opinion) -> int:
    """The number of the version that stands now; 0 when nothing was saved yet."""
    found = OpinionVersion.objects.filter(opinion=opinion).aggregate(last=Max("number"))
    return int(found["last"] or 0)


def put_on_agenda(opinion: Opinion, sitting: Sitting, *, actor: Actor) -> bool:
    """Have the opinion debated at a sitting of its body; whether it was not there before. Others
    who are called read a neutral title (`opinion_things.TITLE`)."""
    if sitting.instance.organiser_id != opinion.body.organisation_id:
        raise Refused("Cette séance n’est pas une séance de votre instance.")
    with transaction.atomic():
        fresh = held_opinion(opinion)
        _refuse_not_in_debate(fresh)
        added = add_things(sitting, [(OPINION, fresh.pk)], actor=actor)
        item = AgendaItem.objects.filter(sitting=sitting, thing_kind=OPINION, thing_id=fresh.pk)
        item.update(asked=AgendaItem.Asked.OPINION)
    return bool(added)


def adopt(
    opinion: Opinion,
    *,
    actor: Actor,
    sitting: Sitting,
    votes_for: int,
    votes_against: int,
    abstentions: int,
    version: int | None = None,
    now: datetime | None = None,
) -> Opinion:
    """The body adopts the opinion at one of its sittings, by these votes: its words are frozen.
    `version` is the number of the one that was read.

    Changed when somebody else saved meanwhile. Refused when nothing is written, when the sitting is
    not the body's or has not begun, or when the votes do not carry it.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_opinion(opinion)
        _refuse_not_in_debate(fresh)
        if version is not None and version != last_version(fresh):
            raise Changed(CHANGED_SINCE)
        if not fresh.text.strip():
            raise Refused("Écrivez l’avis avant de l’adopter.")
        if sitting.instance.organiser_id != fresh.body.organisation_id:
            raise ValidationError({"sitting": "Ce n’est pas une séance de votre instance."})
        if sitting.gathering.cancelled_at or sitting.gathering.starts_at > at:
            raise ValidationError({"sitting": "Cette séance n’a pas encore eu lieu."})
        if min(votes_for, votes_against, abstentions) < 0:
            raise ValidationError("Un nombre de voix n’est pas négatif.")
        if votes_for <= votes_against:
            raise ValidationError({"votes_for": "Un avis adopté a plus de voix pour que contre."})
        fresh.state = OpinionState.ADOPTED
        fresh.sitting = sitting
        fresh.adopted_on = timezone.localdate(sitting.gathering.starts_at)
        fresh.votes_for, fresh.votes_against = votes_for, votes_against
        fresh.abstentions = abstentions
        fresh.full_clean()
        fresh.save()
        # Only the body reads it before the opinion is sent: events follow the right to the thing.
        record(actor, OPINION, fresh.pk, "adopted", public=False, at=at)
    return fresh


def drop_opinion(opinion: Opinion) -> Opinion:
    """The body gives up an opinion in debate; nobody else has known of it."""
    return _turned(opinion, OpinionState.DRAFT, OpinionState.DROPPED)


def resume_opinion(opinion: Opinion) -> Opinion:
    """The body takes up again an opinion that it had given up."""
    return _turned(opinion, OpinionState.DROPPED, OpinionState.DRAFT)


def _turned(opinion: Opinion, old: str, new: str) -> Opinion:
    with transaction.atomic():
        fresh = held_opinion(opinion)
        if fresh.state != old:
            raise Refused(f"Cet avis est déjà noté : {fresh.get_state_display()}.")
        fresh.state = new
        fresh.save(update_fields=["state"])
    return fresh


def send_opinion(
    opinion: Opinion,
    *,
    actor: Actor,
    replier: Organisation | None = None,
    public: bool = False,
    now: datetime | None = None,
    today: date | None = None,
) -> Opinion:
    """Send an adopted opinion to who owes the reply: whom the request names, or `replier`. The
    thread tells it from now on; everybody reads it when `public`."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_opinion(opinion)
        if fresh.state != OpinionState.ADOPTED:
            raise Refused(
                "Adoptez l’avis avant de l’envoyer."
                if fresh.state in (OpinionState.DRAFT, OpinionState.DROPPED)
                else "Cet avis est déjà envoyé."
            )
        asked = fresh.request
        fresh.replier = asked.replier if asked else replier
        if fresh.replier is None:
            raise ValidationError({"replier": "Dites qui doit répondre."})
        if fresh.replier_id == fresh.body.organisation_id:
            raise ValidationError({"replier": "Votre instance ne se répond pas à elle-même."})
        held(fresh.body)
        last = Opinion.objects.filter(body=fresh.body).aggregate(last=Max("number"))["last"]
        fresh.number = (last or 0) + 1
        days = asked.reply_days if asked else settings()["reply_days"]
        fresh.reply_due_on = (today or timezone.localdate(at)) + timedelta(days=days)
        fresh.state, fresh.sent_at = OpinionState.SENT, at
        fresh.published_at = at if public else None
        fresh.full_clean()
        fresh.save()
        event = record(
            actor, OPINION, fresh.pk, "sent", concerns=fresh.replier, public=public, at=at
        )
        if fresh.subject:
            link(actor, fresh.subject, (OPINION, fresh.pk))
        if asked:
            link(actor, (REQUEST, asked.pk), (OPINION, fresh.pk))
        tell_sent(fresh, event)
        if public:
            _show(fresh, actor, at)
    return fresh


def publish_opinion(opinion: Opinion, *, actor: Actor, now: datetime | None = None) -> Opinion:
    """Everybody reads the opinion that was sent, its votes, the views that diverge, the request
    and the reply when there is one."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_opinion(opinion)
        if fresh.sent_at is None:
            raise Refused("Envoyez l’avis avant de le rendre public.")
        if fresh.published_at:
            raise Refused("Cet avis est déjà public.")
        fresh.published_at = at
        fresh.save(update_fields=["published_at"])
        _show(fresh, actor, at)
    return fresh


def _show(opinion: Opinion, actor: Actor, at: datetime) -> None:
    event = record(actor, OPINION, opinion.pk, "published", public=True, at=at)
    index_opinion(opinion)
    tell_residents(opinion, event)


def _refuse_not_in_debate(opinion: Opinion) -> None:
    if opinion.state == OpinionState.DROPPED:
        raise Refused("Cet avis est abandonné : reprenez-le d’abord.")
    if opinion.state != OpinionState.DRAFT:
        raise Refused("Cet avis est adopté : ses mots ne changent plus.")
