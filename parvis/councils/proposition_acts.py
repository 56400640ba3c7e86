"""Proposing, reviewing before anybody reads, carrying, answering, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.councils import proposition_access as access
from parvis.councils.body_models import Body
from parvis.councils.models import Proposition, PropositionContact
from parvis.councils.proposition_events import (
    MICRO_PROJECT,
    PROPOSITION,
    acknowledge,
    forget_author,
    tell_author,
)
from parvis.councils.workflow import PropositionState as State
from parvis.notices.phones import normalise
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.reports import proofs
from parvis.search import index
from parvis.thread.acts import Thing, link, record, unlink
from parvis.thread.models import Link
from parvis.upkeep.themes import themes

AN_HOUR = timedelta(hours=1)
ONLINE_AN_HOUR = 20  # propositions of one quartier, from people without an account
SUPPORTED = (State.OPEN, State.TAKEN_UP)
FULL = (
    "Beaucoup de propositions viennent d’arriver pour ce quartier : la vôtre n’est pas partie. "
    "Ce que vous avez écrit est gardé ici. Réessayez dans une heure, ou dites-la à une maison de "
    "quartier."
)
Origin = Proposition.Origin


def propose(
    *,
    actor: Actor,
    quartier: Quartier,
    title: str,
    text: str,
    theme_code: str = "",
    name: str = "",
    email: str = "",
    phone: str = "",
    proof: proofs.Proof | None = None,
    now: datetime | None = None,
) -> Proposition:
    """Write down what somebody would like to see done; nobody but who reviews reads it yet.

    ValidationError by field; Refused when too many came for this quartier within the hour.
    """
    at = now or timezone.now()
    email, phone = email.strip(), normalise(phone)
    if email:
        validate_email(email)
    _check_words(title, text, theme_code)
    origin = origin_of(actor, quartier)
    with transaction.atomic():
        # Held, so that twenty at once count one after the other.
        Quartier.objects.select_for_update().only("pk").get(pk=quartier.pk)
        if origin == Origin.ONLINE:
            recent = Proposition.objects.filter(quartier=quartier, origin=origin)
            if recent.filter(at__gt=at - AN_HOUR).count() >= ONLINE_AN_HOUR:
                raise Refused(FULL)
        if proof is not None:
            proofs.spend(proof)
        made = Proposition.objects.create(
            quartier=quartier,
            body=_body_for(actor, quartier, at, origin),
            origin=origin,
            title=title.strip(),
            text=text.strip(),
            theme_code=theme_code,
            at=at,
        )
        if name.strip() or email or phone:
            PropositionContact.objects.create(
                proposition=made, name=name.strip(), email=email, phone=phone
            )
        record(actor, PROPOSITION, made.pk, "proposed", public=False, at=at)
        acknowledge(made)
    return made


def origin_of(actor: Actor, quartier: Quartier) -> str:
    """How a proposition of this actor reaches this quartier: as a member's, at a desk, online."""
    here = Quartier.objects.filter(pk=quartier.pk)
    if here.filter(access.quartiers_of_my_body(actor)).exists():
        return Origin.MEMBER
    if here.filter(access.quartiers_of_our_desks(actor)).exists():
        return Origin.DESK
    return Origin.ONLINE


def _body_for(actor: Actor, quartier: Quartier, at: datetime, origin: str) -> Body | None:
    """The body of a quartier that is in activity and shown to everybody; the member's own first."""
    today = timezone.localdate(at)
    rows = Body.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=today), quartiers=quartier, published_at__isnull=False
    ).order_by("created_on", "pk")
    if origin == Origin.MEMBER:
        own = rows.filter(organisation=actor.organisation_id).first()
        if own is not None:
            return own
    return rows.first()


def publish_proposition(
    proposition: Proposition,
    *,
    actor: Actor,
    title: str,
    text: str,
    theme_code: str,
    now: datetime | None = None,
) -> Proposition:
    """Show it to everybody, in the words that were read again: what told of somebody is out."""
    at = now or timezone.now()
    _check_words(title, text, theme_code)
    with transaction.atomic():
        fresh = _awaiting_review(proposition)
        fresh.title, fresh.text, fresh.theme_code = title.strip(), text.strip(), theme_code
        fresh.state, fresh.reviewed_at = State.OPEN, at
        fresh.save(update_fields=["title", "text", "theme_code", "state", "reviewed_at"])
        index_proposition(fresh)
        event = record(actor, PROPOSITION, fresh.pk, "published", at=at)
        tell_author(fresh, event, "published")
    return fresh


def refuse_proposition(
    proposition: Proposition, *, actor: Actor, reason: str, now: datetime | None = None
) -> Proposition:
    """Do not show it; its author reads why."""
    if not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi : son auteur le lira."})
    with transaction.atomic():
        fresh = _awaiting_review(proposition)
        fresh.state, fresh.reason = State.REFUSED, reason.strip()
        fresh.reviewed_at = now or timezone.now()
        fresh.save(update_fields=["state", "reason", "reviewed_at"])
        event = record(actor, PROPOSITION, fresh.pk, "refused", public=False, at=now)
        tell_author(fresh, event, "refused", words=fresh.reason)
    return fresh


def take_up(proposition: Proposition, *, actor: Actor, now: datetime | None = None) -> Proposition:
    """The body that follows it makes it its own; a second time changes nothing."""
    with transaction.atomic():
        fresh = held(proposition)
        if fresh.state == State.TAKEN_UP:
            return fresh
        if fresh.state != State.OPEN or fresh.body is None:
            raise Refused("Seule une proposition publiée et ouverte aux soutiens peut être portée.")
        fresh.state = State.TAKEN_UP
        fresh.save(update_fields=["state"])
        event = record(
            actor, PROPOSITION, fresh.pk, "taken_up", concerns=fresh.body.organisation_id, at=now
        )
        tell_author(fresh, event, "taken_up")
    return fresh


def answer_proposition(
    proposition: Proposition, *, actor: Actor, answer: str, now: datetime | None = None
) -> Proposition:
    """Answer it, for everybody to read; its author is told. Supporters left no address."""
    if not answer.strip():
        raise ValidationError({"answer": "Écrivez la réponse."})
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(proposition)
        if fresh.state not in (State.OPEN, State.TAKEN_UP, State.ANSWERED):
            raise Refused("Cette proposition n’attend pas de réponse dans son état.")
        fresh.state, fresh.answer, fresh.answered_at = State.ANSWERED, answer.strip(), at
        fresh.save(update_fields=["state", "answer", "answered_at"])
        event = record(actor, PROPOSITION, fresh.pk, "answered", at=at)
        tell_author(fresh, event, "answered", words=fresh.answer)
    return fresh


def count_paper(
    proposition: Proposition, *, actor: Actor, number: int, now: datetime | None = None
) -> Proposition:
    """So many signatures were gathered on paper in all; told apart from supports online."""
    with transaction.atomic():
        fresh = held(proposition)
        if fresh.state not in SUPPORTED:
            raise Refused("Cette proposition n’est pas ouverte aux soutiens.")
        if fresh.on_paper != number:
            old, fresh.on_paper = fresh.on_paper, number
            fresh.save(update_fields=["on_paper"])
            record(actor, PROPOSITION, fresh.pk, "paper", old=str(old), new=str(number), at=now)
    return fresh


def link_things(
    proposition: Proposition, things: Iterable[Thing], *, actor: Actor, before: bool
) -> int:
    """What led to a published proposition (`before`), or what it led to; how many are linked.
    Whoever calls has asked whether the actor sees these things."""
    here = (PROPOSITION, proposition.pk)
    with transaction.atomic():
        fresh = held(proposition)
        if fresh.state in access.HIDDEN:
            raise Refused("Une proposition se lie une fois publiée.")
        chosen = [thing for thing in things if thing != here]
        for thing in chosen:
            link(actor, *((thing, here) if before else (here, thing)))
    return len(chosen)


def unlink_things(proposition: Proposition, things: Iterable[Thing], *, actor: Actor) -> None:
    """Take back links that the actor's organisation made, whichever way they went.

    Refused for what others linked, and for the project that it became.
    """
    here = (PROPOSITION, proposition.pk)
    with transaction.atomic():
        for thing in things:
            made = Link.objects.filter(
                Q(source_kind=here[0], source_id=here[1], target_kind=thing[0], target_id=thing[1])
                | Q(
                    source_kind=thing[0], source_id=thing[1], target_kind=here[0], target_id=here[1]
                )
            )
            if (
                thing[0] == MICRO_PROJECT
                or made.exclude(organisation_id=actor.organisation_id or 0).exists()
            ):
                raise Refused("Ce lien a été fait par d’autres : eux seuls le retirent.")
            unlink(thing, here)
            unlink(here, thing)


def withdraw_proposition(
    proposition: Proposition, *, actor: Actor, now: datetime | None = None
) -> Proposition:
    """Its author takes it back: how to reach them and who supported are erased at once. What became
    a project goes on without them."""
    with transaction.atomic():
        fresh = held(proposition)
        forget_author(fresh)
        if fresh.state in (State.WITHDRAWN, State.PROJECT):
            return fresh
        fresh.state = State.WITHDRAWN
        fresh.save(update_fields=["state"])
        fresh.supports.all().delete()
        index.drop(PROPOSITION, fresh.pk)
        record(actor, PROPOSITION, fresh.pk, "withdrawn", public=False, at=now)
    return fresh


def told_by_phone(proposition: Proposition) -> None:
    """Somebody called who proposed."""
    PropositionContact.objects.filter(proposition=proposition).update(to_tell="")


def index_proposition(proposition: Proposition) -> None:
    """Let a published proposition be found by its words; nothing unreviewed is ever indexed."""
    words = f"{proposition.title} {proposition.text} {proposition.quartier.name}"
    index.put(PROPOSITION, proposition.pk, words)


def held(proposition: Proposition) -> Proposition:
    """The proposition as it stands, held until the end of the transaction."""
    rows = Proposition.objects.select_for_update(of=("self",))
    return rows.select_related("body", "quartier").defer("quartier__outline").get(pk=proposition.pk)


def _awaiting_review(proposition: Proposition) -> Proposition:
    fresh = held(proposition)
    if fresh.state != State.TO_REVIEW:
        raise Refused("Cette proposition a déjà été relue, ou son auteur l’a retirée.")
    return fresh


def _check_words(title: str, text: str, theme_code: str) -> None:
    if not title.strip():
        raise ValidationError({"title": "Dites l’idée en une phrase."})
    if not text.strip():
        raise ValidationError({"text": "Expliquez l’idée en quelques mots."})
    if theme_code and theme_code not in themes():
        raise ValidationError({"theme_code": "Choisissez un thème de la liste."})
