"""The reasoned reply to an opinion: asking by asking and as a whole, once; then what is added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils.opinion_events import OPINION, acts_here
from parvis.councils.opinion_indexing import index_opinion
from parvis.councils.opinion_models import Opinion, ReplyAddition
from parvis.councils.opinion_telling import tell_reply
from parvis.councils.workflow import OpinionState, Outcome
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record


def reply(
    opinion: Opinion,
    *,
    actor: Actor,
    text: str,
    outcomes: Mapping[int, tuple[str, str]],
    entered: bool = False,
    now: datetime | None = None,
) -> Opinion:
    """Keep the reply: for each asking, by its id, what is decided and why, and the whole. Once.
    `entered`: the body writes down what an organisation gave it that does not come here.

    ValidationError when an asking has no decision or no reason.
    """
    at, text = now or timezone.now(), text.strip()
    with transaction.atomic():
        fresh = held_opinion(opinion)
        if fresh.state == OpinionState.ANSWERED:
            raise Refused("La réponse est déjà envoyée : ajoutez-y un complément.")
        if fresh.state != OpinionState.SENT:
            raise Refused("Cet avis n’attend pas de réponse.")
        _refuse_entered(fresh, entered)
        askings = list(fresh.askings.all())
        for one in askings:
            outcome, why = outcomes.get(one.pk, ("", ""))
            if outcome not in Outcome.values or not why.strip():
                raise ValidationError(
                    f"Demande {one.position} : dites ce que vous décidez et pourquoi."
                )
            one.outcome, one.why, one.answered_at = outcome, why.strip(), at
            one.full_clean(validate_unique=False)
            one.save(update_fields=["outcome", "why", "answered_at"])
        if not text:
            raise ValidationError({"text": "Écrivez la réponse et ses raisons."})
        fresh.reply, fresh.replied_at, fresh.reply_entered = text, at, entered
        fresh.state = OpinionState.ANSWERED
        fresh.full_clean()
        fresh.save(update_fields=["reply", "replied_at", "reply_entered", "state"])
        event = record(
            actor,
            OPINION,
            fresh.pk,
            "replied",
            concerns=fresh.replier,
            public=fresh.published_at is not None,
            at=at,
        )
        if fresh.published_at:
            index_opinion(fresh)
        tell_reply(fresh, event)
    return fresh


def add_to_reply(
    opinion: Opinion,
    *,
    actor: Actor,
    text: str,
    entered: bool = False,
    now: datetime | None = None,
) -> ReplyAddition:
    """Add to a reply that was sent; the reply itself stays as it was. The same words sent twice
    are added once."""
    at, text = now or timezone.now(), text.strip()
    with transaction.atomic():
        fresh = held_opinion(opinion)
        if fresh.state != OpinionState.ANSWERED:
            raise Refused("Répondez d’abord : un complément vient après la réponse.")
        _refuse_entered(fresh, entered)
        last = fresh.additions.last()
        if last is not None and last.text == text:
            return last
        added = ReplyAddition(opinion=fresh, text=text, at=at, entered=entered)
        added.full_clean()
        added.save()
        event = record(
            actor,
            OPINION,
            fresh.pk,
            "added",
            concerns=fresh.replier,
            public=fresh.published_at is not None,
            at=at,
        )
        tell_reply(fresh, event, addition=text)
    return added


def _refuse_entered(opinion: Opinion, entered: bool) -> None:
    if entered and opinion.replier and acts_here(opinion.replier):
        raise Refused(f"{opinion.replier} répond ici : sa réponse ne se saisit pas à sa place.")


def held_opinion(opinion: Opinion) -> Opinion:
    """The opinion as it stands, held until the end of the transaction."""
    rows = Opinion.objects.select_for_update(of=("self",))
    found = rows.select_related(
        "body__organisation", "replier", "request__asker", "request__replier"
    )
    return found.get(pk=opinion.pk)
