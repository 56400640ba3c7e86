"""Residents are asked some months after a delivery: answering, entering paper, publishing.

Results are read once nobody answers any more, all at once: who looks twice at an open survey would
know what the last person said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.ui.words import day_in_words
from parvis.works.acts.handover import KIND
from parvis.works.handover_models import Survey, SurveyAnswer
from parvis.works.sorting import lines, settings

MARKS = {1: "Pas du tout", 2: "Plutôt non", 3: "Plutôt oui", 4: "Tout à fait"}
Marks = Mapping[str, int]
_SALT = "parvis.works.survey"


def token_of(survey: Survey) -> str:
    """The unguessable part of the link that residents are given."""
    return f"{survey.pk}.{_signer().signature(f'{survey.pk}:{survey.nonce}')}"


def survey_from_token(token: str) -> Survey | None:
    """The survey of a link, with what was delivered; None for a wrong or cut one."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    rows = Survey.objects.select_related("delivery__operation__owner", "delivery__residence")
    found = rows.defer("delivery__residence__outline").filter(pk=int(number)).first()
    if found is None:
        return None
    try:
        _signer().unsign(f"{found.pk}:{found.nonce}.{signature}")
    except signing.BadSignature:
        return None
    return found


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)


def answer_survey(
    survey: Survey, *, marks: Marks, sent_as: str, today: date | None = None
) -> SurveyAnswer:
    """Keep what a resident answers online; the same sending twice counts once."""
    day = today or timezone.localdate()
    with transaction.atomic():
        fresh = _held(survey)
        _refuse_unless_open(fresh, day)
        kept, _ = SurveyAnswer.objects.get_or_create(
            sent_as=sent_as,
            defaults={
                "survey": fresh,
                "marks": _checked(marks),
                "channel": SurveyAnswer.Channel.LINK,
                "on": day,
            },
        )
    return kept


def enter_paper(
    survey: Survey, *, answers: Iterable[Marks], today: date | None = None
) -> list[SurveyAnswer]:
    """Keep what came back on paper."""
    day = today or timezone.localdate()
    given = [_checked(marks) for marks in answers]
    if not given:
        raise ValidationError("Cochez au moins une réponse.")
    with transaction.atomic():
        fresh = _held(survey)
        _refuse_unless_open(fresh, day)
        paper = SurveyAnswer.Channel.PAPER
        return SurveyAnswer.objects.bulk_create(
            SurveyAnswer(survey=fresh, marks=marks, channel=paper, on=day) for marks in given
        )


def date_survey(
    survey: Survey, *, opens_on: date, closes_on: date, today: date | None = None
) -> Survey:
    """Move its days; once it is closed its results are read, and it does not open again."""
    day = today or timezone.localdate()
    with transaction.atomic():
        fresh = _held(survey)
        if fresh.state_on(day) == "closed":
            raise Refused("Cette enquête est close : ses dates ne changent plus.")
        delivered = fresh.delivery.delivered_on
        if delivered and opens_on < delivered:
            raise ValidationError({"opens_on": "L’enquête s’ouvre après la livraison."})
        fresh.opens_on, fresh.closes_on = opens_on, closes_on
        fresh.full_clean()
        fresh.save(update_fields=["opens_on", "closes_on"])
    return fresh


def publish_survey(
    survey: Survey, *, actor: Actor, shown: bool, now: datetime | None = None
) -> Survey:
    """Show its results to everybody, or to partners alone again."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(survey)
        if shown == bool(fresh.published_at):
            return fresh
        if shown and fresh.state_on(timezone.localdate(at)) != "closed":
            raise Refused(
                f"Les réponses arrivent encore, jusqu’au {day_in_words(fresh.closes_on)}."
            )
        if shown and fresh.answers.count() < fewest():
            raise Refused(f"Il faut {fewest()} réponses au moins : chacun doit rester inconnu.")
        fresh.published_at = at if shown else None
        fresh.save(update_fields=["published_at"])
        code = "surveyed" if shown else "unsurveyed"
        record(actor, KIND, fresh.delivery_id, code, new=str(fresh.months), public=shown, at=at)
    return fresh


def fewest() -> int:
    """How many answers there must be before any result is shown."""
    found: int = settings()["fewest_answers"]
    return found


def _checked(marks: Marks) -> dict[str, int]:
    """The marks given to questions that are asked; ValidationError when there is none."""
    asked = lines("question")
    kept = {code: int(mark) for code, mark in marks.items() if code in asked and mark in MARKS}
    if not kept:
        raise ValidationError("Répondez au moins à une question.")
    return kept


def _refuse_unless_open(survey: Survey, day: date) -> None:
    state = survey.state_on(day)
    if state == "coming":
        raise Refused(f"Cette enquête s’ouvre le {day_in_words(survey.opens_on)}.")
    if state == "closed":
        raise Refused(f"Cette enquête est close depuis le {day_in_words(survey.closes_on)}.")


def _held(survey: Survey) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("delivery")
    return rows.get(pk=survey.pk)
