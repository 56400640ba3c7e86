"""The few questions of a category, and what may be answered to them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from parvis.reports.models import Category

ANSWER_LENGTH = 200  # characters


def clean_answers(category: Category, answers: dict[str, Any]) -> dict[str, str]:
    """The answers to keep, by the code of their question; unknown codes are left out.

    Raises ValidationError, by field ("q_<code>"), for a choice that is not in the list or a
    required question left without an answer.
    """
    kept: dict[str, str] = {}
    errors: dict[str, str] = {}
    for question in category.questions:
        code = question["code"]
        answer = str(answers.get(code) or "").strip()
        if not answer:
            if question.get("required"):
                errors[f"q_{code}"] = gettext("Choisissez une réponse.")
            continue
        choices = question.get("choices")
        if choices and answer not in choices:
            errors[f"q_{code}"] = gettext("Choisissez une des réponses proposées.")
        elif len(answer) > ANSWER_LENGTH:
            errors[f"q_{code}"] = gettext("Répondez en {n} caractères au plus.").format(
                n=ANSWER_LENGTH
            )
        else:
            kept[code] = answer
    if errors:
        raise ValidationError({name: [message] for name, message in errors.items()})
    return kept


def answered(category: Category, answers: dict[str, str]) -> list[tuple[str, str]]:
    """Questions and answers as they are read, in the order of the category; then what was answered
    for a category that it had before, kept by the words of the question (a code has no capital)."""
    now = [
        (question["label"], answers[question["code"]])
        for question in category.questions
        if answers.get(question["code"])
    ]
    return now + [(words, said) for words, said in answers.items() if words[:1].isupper()]
