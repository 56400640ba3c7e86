"""Moving a report to the category that it should have had."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports import followers
from parvis.reports.acts.sharing import hand_over_held
from parvis.reports.counting import local_day, lock, recount
from parvis.reports.delays import expect_anew
from parvis.reports.models import Category, Part, Report
from parvis.reports.owners import owners_of
from parvis.reports.searching import index_report
from parvis.reports.workflow import CLOSED, OPEN, Forbidden, State
from parvis.thread.acts import record


def recategorise(
    report: Report,
    *,
    actor: Actor,
    category: Category,
    give: bool = False,
    now: datetime | None = None,
) -> Organisation | None:
    """Move an open report to another category: answers stay readable, parts that nobody took yet
    are due by the new delay, and what may not be public any more is hidden at once.

    With `give`, its only open part also goes to whoever answers for the new theme here: gives that
    organisation, None when the part stays where it is.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh, parts = lock(report.pk)
        _refuse(fresh, category)
        old = fresh.category
        fresh.answers = kept_answers(old, category, fresh.answers)
        fresh.category = category
        if category.in_dwelling or not category.may_be_public:
            fresh.public = fresh.text_shown = False
            followers.silence_all(fresh.pk)
        fresh.private = fresh.private or category.in_dwelling
        fresh.save(update_fields=["category", "answers", "public", "text_shown", "private"])
        record(
            actor,
            "report",
            fresh.pk,
            "recategorised",
            old=old.label[:60],
            new=category.label[:60],
            at=at,
        )
        for part in parts:
            if part.state == State.NEW:
                expect_anew(part, category)
                part.save(update_fields=["due_on", "commitment"])
        given = _give(fresh, parts, actor, at) if give else None
        recount(fresh, parts)
        index_report(fresh)
    report.category, report.answers = fresh.category, fresh.answers
    report.public, report.private = fresh.public, fresh.private
    return given


def _refuse(report: Report, category: Category) -> None:
    if report.state in CLOSED:
        raise Forbidden("Ce signalement est clos : rouvrez d’abord une de ses parts.")
    if category.pk == report.category_id:
        raise ValidationError({"category": "C’est déjà sa catégorie."})
    if not category.active or category.children.exists():
        raise ValidationError({"category": "Cette catégorie n’est pas proposée."})
    if category.inside_only and report.residence_id is None:
        raise ValidationError({"category": "Cette catégorie vaut seulement dans une résidence."})
    if report.private and not category.in_dwelling:
        # It was told in confidence: only its author may tell it again for others to see.
        raise ValidationError(
            {"category": "Ce signalement concerne un logement : il ne peut pas en sortir."}
        )
    if category.in_dwelling and not report.private and report.voice_count > 1:
        raise ValidationError(
            {"category": "Plusieurs personnes le suivent : il ne peut pas devenir privé."}
        )


def kept_answers(old: Category, new: Category, answers: dict[str, str]) -> dict[str, str]:
    """Answers as they stay readable: by their code where the new category asks the same, else by
    the words of the question that was asked."""
    asked = {question["code"]: question for question in old.questions}
    same = {question["code"]: question for question in new.questions}
    kept = {}
    for code, answer in answers.items():
        question = asked.get(code)
        if question is None or _alike(question, same.get(code), answer):
            kept[code] = answer
        else:
            kept[question["label"]] = answer
    return kept


def _alike(one: dict, other: dict | None, answer: str) -> bool:
    if other is None or one["label"] != other["label"]:
        return False
    return not other.get("choices") or answer in other["choices"]


def _give(report: Report, parts: list[Part], actor: Actor, at: datetime) -> Organisation | None:
    """The only open part, to whoever answers for the theme at this place."""
    still_open = [part for part in parts if part.state in OPEN]
    if len(still_open) != 1:
        raise Forbidden("Plusieurs organisations ont une part : confiez chacune à part.")
    (owner,) = owners_of([report], local_day(at))
    (part,) = still_open
    if owner.organisation_id is None or owner.organisation_id == part.organisation_id:
        return None
    organisation = Organisation.objects.get(pk=owner.organisation_id)
    hand_over_held(part, organisation, report, actor=actor, at=at)
    return organisation
