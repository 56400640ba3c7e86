"""What people thought of a gathering: a short questionnaire without a name, and what it shows.

Who registered answers by their own link, once; who came without registering, by the address that is
shown in the room. An answer keeps neither the person nor the hour.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.acts import held
from parvis.gatherings.kinds import kinds
from parvis.gatherings.models import Evaluation, Gathering, Registration
from parvis.partners.rights import Refused

FILE = Path(__file__).parent / "data" / "questions.toml"
OPEN_FOR = timedelta(days=30)  # after the end
TOLD_FROM = 3  # answers: fewer would tell who said what
AT_MOST = 2000  # answers, against a flood
GOOD = 3  # this answer and better ones
_SALT = "parvis.gatherings.evaluation"


@dataclass(frozen=True)
class Question:
    """One question of the file."""

    code: str
    label: str


@dataclass(frozen=True)
class Result:
    """How many gave each answer to a question, from the best to the worst, and the good share."""

    label: str
    counts: list[tuple[str, int]]
    answered: int
    good: int  # per cent


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def answers() -> dict[int, str]:
    """The words of the answers by value, from the best to the worst."""
    return {int(line["value"]): line["label"] for line in _read()["answer"]}


def questions_for(kind: str) -> list[Question]:
    """What is asked after a gathering of this kind, in the order of the file."""
    return [
        Question(one["code"], one["label"])
        for one in _read()["question"]
        if kind in one.get("kinds", [kind])
    ]


def takes_evaluations(gathering: Gathering, now: datetime) -> bool:
    """From its beginning, as people answer before they leave, to a month after its end."""
    kind = kinds().get(gathering.kind)
    if gathering.cancelled_at or not gathering.published_at or (kind and not kind.open):
        return False
    return gathering.starts_at <= now < gathering.ends_at + OPEN_FOR


def evaluate_by_link(
    registration: Registration,
    *,
    said: Mapping[str, int],
    words: str = "",
    now: datetime | None = None,
) -> Evaluation:
    """The answer of somebody who registered: once. It is not kept with the registration."""
    at = now or timezone.now()
    with transaction.atomic():
        gathering = held(registration.gathering)
        fresh = Registration.objects.get(pk=registration.pk)
        if fresh.evaluated:
            raise Refused("Vous avez déjà donné votre avis : merci.")
        if fresh.state != Registration.State.SEATED:
            raise Refused("Ce questionnaire est pour les personnes qui avaient une place.")
        made = _keep(gathering, said, words, at)
        fresh.evaluated = True
        fresh.save(update_fields=["evaluated"])
    return made


def evaluate_in_the_room(
    gathering: Gathering,
    *,
    said: Mapping[str, int],
    words: str = "",
    now: datetime | None = None,
) -> Evaluation:
    """The answer of somebody who came, by the address that is shown in the room."""
    with transaction.atomic():
        return _keep(held(gathering), said, words, now or timezone.now())


def _keep(gathering: Gathering, said: Mapping[str, int], words: str, at: datetime) -> Evaluation:
    if not takes_evaluations(gathering, at):
        raise Refused("Ce questionnaire est fermé.")
    if gathering.evaluations.count() >= AT_MOST:
        raise Refused("Trop de réponses ont été reçues.")
    asked = {one.code for one in questions_for(gathering.kind)}
    kept = {code: value for code, value in said.items() if code in asked and value in answers()}
    if not kept and not words.strip():
        raise ValidationError("Répondez à une question au moins.")
    made = Evaluation(
        gathering=gathering, answers=kept, words=words.strip(), on=timezone.localdate(at)
    )
    made.full_clean()
    made.save()
    return made


def results_of(gathering: Gathering) -> dict[str, Any]:
    """What the answers show: nothing but their number while they are too few to hide who spoke."""
    rows = list(gathering.evaluations.order_by("words", "pk").values_list("answers", "words"))
    enough = len(rows) >= TOLD_FROM
    return {
        "count": len(rows),
        "enough": enough,
        "questions": [result_of(one, rows) for one in questions_for(gathering.kind)]
        if enough
        else [],
        "words": [words for _, words in rows if words] if enough else [],
    }


def result_of(question: Question, rows: list[tuple[dict[str, int], str]]) -> Result:
    """What was answered to one question; `rows` are the answers and the words of each person."""
    tally = Counter(said[question.code] for said, _ in rows if question.code in said)
    answered = sum(tally.values())
    good = sum(count for value, count in tally.items() if value >= GOOD)
    return Result(
        label=question.label,
        counts=[(label, tally[value]) for value, label in answers().items()],
        answered=answered,
        good=round(100 * good / answered) if answered else 0,
    )


def room_address(gathering: Gathering) -> str:
    """The absolute address to show in the room; nobody finds it by counting."""
    token = f"{gathering.pk}.{_signer().signature(str(gathering.pk))}"
    return f"{settings.SITE_URL}{reverse('gatherings:say', args=[token])}"


def number_from_token(token: str) -> int | None:
    """The gathering of such an address; None for a wrong or cut one."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    try:
        _signer().unsign(f"{number}.{signature}")
    except signing.BadSignature:
        return None
    return int(number)


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)
