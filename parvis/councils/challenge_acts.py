"""What a body brings to the préfet: written, adopted, sent, followed step by step, answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.councils.body_models import Body
from parvis.councils.challenge_events import CHALLENGE
from parvis.councils.challenge_rules import ANSWER, Rule, rule_on, steps
from parvis.councils.challenge_telling import tell_answered, tell_passed_on, tell_sent
from parvis.councils.frame_models import Challenge, ChallengeStep
from parvis.meetings.acts import SITTING
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record

KIND = Organisation.Kind
STEPS_AT_MOST = 200
NO_RULE = (
    "Ce jour-là, aucune loi ne permettait encore d’interpeller le préfet : ce droit date de la loi "
    "du 27 janvier 2017."
)


def held_challenge(challenge: Challenge) -> Challenge:
    """The case as it stands, held until the end of the transaction."""
    rows = Challenge.objects.select_for_update(of=("self",)).select_related(
        "body__organisation", "body__coordinator"
    )
    return rows.get(pk=challenge.pk)


def write_challenge(
    body: Body,
    challenge: Challenge | None = None,
    *,
    title: str,
    text: str,
    file: Any = None,
    now: datetime | None = None,
) -> Challenge:
    """Write a case down, or change it until it is adopted; `file` is left as it stands when None,
    taken away when False. Nobody else hears of it: no event, no link."""
    with transaction.atomic():
        if challenge is None:
            fresh = Challenge(body=body, written_at=now or timezone.now())
        else:
            fresh = held_challenge(challenge)
            if fresh.adopted_on is not None:
                raise Refused("Ce texte est adopté : il ne change plus. Revenez d’abord au débat.")
        fresh.title, fresh.text = title, text
        former = str(fresh.file.name) if fresh.file else ""
        storage = fresh.file.storage if former else None
        if file is not None:
            fresh.file = file or ""
        fresh.full_clean()
        fresh.save()
        if storage is not None and str(fresh.file.name or "") != former:
            transaction.on_commit(lambda: storage.delete(former))
    return fresh


def adopt_challenge(
    challenge: Challenge, *, adopted_on: date, now: datetime | None = None
) -> Challenge:
    """The body adopted this text that day; it is still private until it is sent."""
    with transaction.atomic():
        fresh = held_challenge(challenge)
        if fresh.adopted_on is not None:
            raise Refused("Ce texte est déjà adopté.")
        if adopted_on > timezone.localdate(now or timezone.now()):
            raise Refused("Le jour d’adoption n’est pas à venir.")
        if rule_on(adopted_on) is None:
            raise Refused(NO_RULE)
        fresh.adopted_on = adopted_on
        fresh.save(update_fields=["adopted_on"])
    return fresh


def reopen_challenge(challenge: Challenge) -> Challenge:
    """Back to the debate, as long as it was not sent."""
    with transaction.atomic():
        fresh = held_challenge(challenge)
        if fresh.sent_at is not None:
            raise Refused("Le préfet a reçu ce texte : il ne change plus.")
        fresh.adopted_on = None
        fresh.save(update_fields=["adopted_on"])
    return fresh


def send_challenge(
    challenge: Challenge, *, actor: Actor, prefet: Organisation, now: datetime | None = None
) -> Challenge:
    """Send it to the State's service, with the steps that the rule of the day gives.

    Refused when the body has not adopted it, or when no law gave that right yet.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_challenge(challenge)
        if fresh.sent_at is not None:
            raise Refused("Cette interpellation est déjà envoyée.")
        if fresh.adopted_on is None:
            raise Refused("L’instance doit d’abord adopter ce texte.")
        if prefet.kind != KIND.ETAT or prefet.closed_on is not None:
            raise Refused("Choisissez un service de l’État en activité.")
        rule = rule_on(timezone.localdate(at))
        if rule is None:
            raise Refused(NO_RULE)
        fresh.prefet, fresh.sent_at, fresh.rule = prefet, at, rule.code
        fresh.full_clean(exclude=["file"])
        fresh.save(update_fields=["prefet", "sent_at", "rule"])
        ChallengeStep.objects.bulk_create(first_steps(fresh, rule))
        record(actor, CHALLENGE, fresh.pk, "sent", concerns=prefet, at=at)
        tell_sent(fresh)
    return fresh


def first_steps(challenge: Challenge, rule: Rule) -> list[ChallengeStep]:
    """The steps of a case that is sent, in their order, with whose they are as far as it is
    known; a step of nobody known stands all the same."""
    sent_on = timezone.localdate(challenge.sent_at)
    whose = _whose(challenge)
    unknown: list[int | None] = [None]
    return [
        ChallengeStep(
            challenge=challenge,
            code=step.code,
            organisation_id=pk,
            due_on=sent_on + timedelta(days=step.days) if step.days else None,
        )
        for step in rule.steps
        for pk in whose[step.who] or unknown
    ]


def _whose(challenge: Challenge) -> dict[str, list[int | None]]:
    body = challenge.body
    towns = Organisation.objects.filter(
        kind=KIND.COMMUNE, closed_on=None, commune__quartiers__in=body.quartiers.values("pk")
    )
    communes: list[int | None] = list(towns.order_by("pk").values_list("pk", flat=True).distinct())
    known = {*communes, body.coordinator_id, challenge.prefet_id, body.organisation_id}
    signatories: list[int | None] = []
    if body.agreement is not None:
        rows = body.agreement.signatures.filter(refused_on=None).order_by("pk")
        signed = list(rows.values_list("organisation_id", flat=True))
        signatories = [pk for pk in signed if pk not in known]
    return {
        "communes": communes,
        "agglomeration": [body.coordinator_id],
        "signatories": signatories,
        "prefet": [challenge.prefet_id] if challenge.prefet_id else [],
    }


def write_step(
    challenge: Challenge,
    step: ChallengeStep | None = None,
    *,
    actor: Actor,
    code: str = "",
    organisation: Organisation | None = None,
    due_on: date | None = None,
    done_on: date | None = None,
    sitting: Sitting | None = None,
    outcome: str = "",
    now: datetime | None = None,
) -> ChallengeStep:
    """Write what became of a step, or add one. An organisation to which the préfet's service
    passed the case on is told once."""
    today = timezone.localdate(now or timezone.now())
    with transaction.atomic():
        fresh = held_challenge(challenge)
        if fresh.sent_at is None:
            raise Refused("Les étapes commencent quand l’interpellation est envoyée.")
        if step is None:
            if code not in steps() or code == ANSWER:
                raise Refused("Choisissez une étape de la liste.")
            if fresh.steps.count() >= STEPS_AT_MOST:
                raise Refused(f"{STEPS_AT_MOST} étapes au plus.")
            row = ChallengeStep(challenge=fresh, code=code)
        else:
            row = fresh.steps.select_for_update().get(pk=step.pk)
        if done_on and not timezone.localdate(fresh.sent_at) <= done_on <= today:
            raise Refused("Une étape est faite après l’envoi, et pas dans l’avenir.")
        newly_done = done_on is not None and row.done_on is None
        if organisation is not None:
            row.organisation = organisation
        row.due_on, row.done_on, row.sitting, row.outcome = due_on, done_on, sitting, outcome
        row.full_clean()
        row.save()
        event = "done" if newly_done else "planned"
        record(
            actor, CHALLENGE, fresh.pk, event, new=row.code, concerns=row.organisation_id, at=now
        )
        if sitting is not None:
            link(actor, (CHALLENGE, fresh.pk), (SITTING, sitting.pk))
        if newly_done and row.code in steps() and steps()[row.code].tells:
            tell_passed_on(fresh, row)
    return row


def answer_challenge(
    challenge: Challenge,
    *,
    actor: Actor,
    answer: str,
    answered_on: date,
    now: datetime | None = None,
) -> Challenge:
    """The préfet's service answers, once; the body is told."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_challenge(challenge)
        if fresh.sent_at is None:
            raise Refused("Cette interpellation n’est pas envoyée.")
        if fresh.answered_on is not None:
            raise Refused("Une réponse est déjà donnée.")
        if not timezone.localdate(fresh.sent_at) <= answered_on <= timezone.localdate(at):
            raise Refused("La réponse suit l’envoi, et n’est pas à venir.")
        fresh.answer, fresh.answered_on = answer, answered_on
        fresh.full_clean(exclude=["file"])
        fresh.save(update_fields=["answer", "answered_on"])
        fresh.steps.filter(code=ANSWER, done_on=None).update(done_on=answered_on)
        record(actor, CHALLENGE, fresh.pk, "answered", concerns=fresh.prefet_id, at=at)
        tell_answered(fresh)
    return fresh


def show_challenge(
    challenge: Challenge, *, actor: Actor, shown: bool, now: datetime | None = None
) -> Challenge:
    """The body lets everybody read the case, or takes it back; only once it was sent."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_challenge(challenge)
        if fresh.sent_at is None:
            raise Refused(
                "Envoyez d’abord cette interpellation : elle pourra ensuite être publiée."
            )
        if (fresh.published_at is not None) != shown:
            fresh.published_at = at if shown else None
            fresh.save(update_fields=["published_at"])
            event = "published" if shown else "unpublished"
            record(actor, CHALLENGE, fresh.pk, event, public=shown, at=at)
    return fresh
