"""The bilan: written by the landlord, sent and frozen, questioned, accepted, published."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb.bilan_content import content_of
from parvis.tfpb.bilan_models import Bilan, BilanWord, LineReview
from parvis.tfpb.bilan_word_back import tell_who_reported
from parvis.tfpb.dialogue_models import SentVersion
from parvis.tfpb.holding import held
from parvis.tfpb.programme_merging import plain
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.programme_things import LINE, PROGRAMME
from parvis.tfpb.voucher_acts import CONTROLLED
from parvis.tfpb.workflow import BILAN_STEPS, BILAN_WRITTEN, BilanState
from parvis.thread.acts import Happening, record, record_many

EVENTS = {
    "send": "bilan_sent",
    "question": "bilan_questioned",
    "contest": "bilan_contested",
    "accept": "bilan_accepted",
    "reserve": "bilan_reserved",
    "publish": "bilan_published",
}
# What a step's reason is kept as.
WORDS = {
    "question": BilanWord.Kind.QUESTION,
    "contest": BilanWord.Kind.CONTEST,
    "reserve": BilanWord.Kind.RESERVATION,
}
EXPLAINED = (LineReview.Done.POSTPONED, LineReview.Done.CANCELLED)


def why_not_written(programme: Programme, bilan: Bilan | None) -> str:
    """Why the bilan is not written now, in words; empty when it is."""
    if programme.state not in CONTROLLED:
        return (
            f"Ce programme est {programme.get_state_display()} : son bilan s’écrit une fois qu’il "
            "est annexé à la convention."
        )
    if bilan is not None and bilan.state not in BILAN_WRITTEN:
        return f"Ce bilan est {bilan.get_state_display()} : il ne change plus."
    return ""


def _in_hand(programme: Programme) -> tuple[Programme, Bilan]:
    """The programme locked and its bilan, begun if it was not."""
    fresh = held(programme)
    bilan, _ = Bilan.objects.get_or_create(programme=fresh, defaults={"moved_at": timezone.now()})
    return fresh, bilan


def _written(programme: Programme) -> tuple[Programme, Bilan]:
    fresh, bilan = _in_hand(programme)
    if why := why_not_written(fresh, bilan):
        raise Refused(f"{why} Ce que vous venez d’écrire n’a pas été enregistré.")
    return fresh, bilan


TEXT_FIELDS = ("summary", "worked", "difficulties", "prospects")
REAL_FIELDS = ("real", "real_on", "real_source")


def written_now(programme: Programme, bilan: Bilan | None) -> dict[str, str]:
    """What stands in the bilan and of the real abatement, by field, as text."""
    texts = {name: getattr(bilan, name, "") for name in TEXT_FIELDS}
    return texts | {name: str(getattr(programme, name) or "") for name in REAL_FIELDS}


def stamp_of(programme: Programme, bilan: Bilan | None) -> str:
    """A short mark of what stands there, to tell whether somebody wrote since it was read."""
    told = json.dumps(written_now(programme, bilan), ensure_ascii=False)
    return sha256(told.encode()).hexdigest()[:16]


def write_bilan(
    programme: Programme,
    *,
    actor: Actor,
    read: str = "",
    summary: str,
    worked: str,
    difficulties: str,
    prospects: str,
    real: Decimal | None,
    real_on: date | None,
    real_source: str,
) -> Bilan:
    """Write the words of the bilan, and the real abatement when the tax notice is known.

    `read` is the stamp of what its writer had read. ValidationError, with what stands there now
    beside each field that differs, when somebody else wrote meanwhile.
    """
    if real is not None and (real_on is None or not real_source.strip()):
        raise ValidationError(
            {"real_source": "Dites de quel avis d’imposition vient ce montant, et sa date."}
        )
    with transaction.atomic():
        fresh, bilan = _written(programme)
        if read and read != stamp_of(fresh, bilan):
            mine = {"summary": summary, "worked": worked, "difficulties": difficulties}
            mine |= {"prospects": prospects, "real_source": real_source}
            mine |= {"real": str(real or ""), "real_on": str(real_on or "")}
            _tell_overtaken(written_now(fresh, bilan), mine)
        bilan.summary, bilan.worked = summary.strip(), worked.strip()
        bilan.difficulties, bilan.prospects = difficulties.strip(), prospects.strip()
        bilan.save(update_fields=["summary", "worked", "difficulties", "prospects"])
        before = (fresh.real, fresh.real_on, fresh.real_source)
        if (real, real_on, real_source.strip()) != before:
            fresh.real, fresh.real_on, fresh.real_source = real, real_on, real_source.strip()
            fresh.version += 1
            fresh.save(update_fields=["real", "real_on", "real_source", "version"])
            old, new = plain(before[0]) or "", plain(real) or ""
            record(actor, PROGRAMME, fresh.pk, "real", old=old, new=new, public=False)
    return bilan


def _tell_overtaken(theirs: dict[str, str], mine: dict[str, str]) -> None:
    """ValidationError with what somebody else wrote, beside each field where it differs."""
    differing = {
        name: f"Écrit entre-temps par quelqu’un d’autre : « {theirs[name] or 'rien'} ». Votre "
        "texte est gardé ici ; enregistrez de nouveau pour le mettre à la place."
        for name in theirs
        if theirs[name].strip() != mine[name].strip()
    }
    if differing:
        raise ValidationError(differing)


def review_line(
    line: Line, *, actor: Actor, done: str, comment: str = "", indicators: str = ""
) -> LineReview:
    """Say what became of a line; one that was postponed or cancelled says why."""
    if done in EXPLAINED and not comment.strip():
        raise ValidationError({"comment": "Dites pourquoi : chacun le lira."})
    with transaction.atomic():
        _written(line.programme)
        review = LineReview.objects.filter(line=line).first() or LineReview(line=line)
        review.done, review.comment, review.indicators = done, comment.strip(), indicators.strip()
        review.full_clean(exclude=["line"])
        review.save()
        record(actor, LINE, line.pk, "reviewed", new=done, public=False)
    return review


def missing_from(programme: Programme, bilan: Bilan | None) -> list[str]:
    """What a bilan still lacks before it is sent, in words; the same list blocks the button."""
    lacks = []
    unsaid = programme.lines.filter(review=None).count()
    if unsaid:
        lacks.append(f"Dites ce qu’est devenue chaque ligne : il en reste {unsaid}.")
    if bilan is None or not bilan.summary.strip():
        lacks.append("Écrivez le résumé pour tous.")
    if bilan is not None and bilan.words.filter(answered_at=None).exists():
        lacks.append("Répondez à chaque question, réserve ou contestation.")
    return lacks


def advance_bilan(
    programme: Programme,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    line: Line | None = None,
) -> Bilan:
    """Take a bilan to its next state. Sent, it is frozen; published, everybody reads it and those
    who had reported what a line answers get word back.

    The caller has asked for the step's right. ValidationError when something lacks.
    """
    wanted = BILAN_STEPS[step]
    with transaction.atomic():
        fresh, bilan = _in_hand(programme)
        if fresh.state not in CONTROLLED or bilan.state not in wanted.sources:
            raise Refused(f"Ce bilan est déjà noté : {bilan.get_state_display()}.")
        if wanted.needs == "reason" and not reason.strip():
            raise ValidationError({"reason": "Dites pourquoi : le bailleur le lira."})
        if step == "send" and (lacks := missing_from(fresh, bilan)):
            raise Refused(" ".join(lacks))
        now, old = timezone.now(), bilan.state
        # A question does not make a contested bilan a questioned one.
        if not (step == "question" and old == BilanState.CONTESTED):
            bilan.state = wanted.target
        bilan.moved_at = now
        if step in WORDS:
            _say(bilan, WORDS[step], actor=actor, text=reason, line=line)
        if step == "send":
            bilan.sent_at = now
            _freeze(fresh, bilan, actor)
        bilan.save(update_fields=["state", "moved_at", "sent_at"])
        if step == "publish":
            _publish(fresh, actor, old)
        else:
            record(
                actor,
                PROGRAMME,
                fresh.pk,
                EVENTS[step],
                old=old,
                new=bilan.state,
                concerns=fresh.landlord_id,
                public=False,
            )
    return bilan


def _say(bilan: Bilan, kind: str, *, actor: Actor, text: str, line: Line | None) -> None:
    if line is not None and line.programme_id != bilan.programme_id:
        raise ValidationError({"line": "Cette ligne est d’un autre programme."})
    word = BilanWord(
        bilan=bilan,
        line=line,
        organisation_id=actor.organisation_id or 0,
        kind=kind,
        text=text.strip(),
        at=timezone.now(),
    )
    word.full_clean(exclude=["bilan", "line", "organisation"])
    word.save()


def _freeze(programme: Programme, bilan: Bilan, actor: Actor) -> None:
    """Keep the bilan as it is sent."""
    earlier = SentVersion.objects.filter(programme=programme, of=SentVersion.Of.BILAN)
    SentVersion.objects.create(
        programme=programme,
        of=SentVersion.Of.BILAN,
        number=earlier.count() + 1,
        content=content_of(programme, bilan),
        sent_at=bilan.moved_at,
        organisation_id=actor.organisation_id or 0,
    )


def _publish(programme: Programme, actor: Actor, old: str) -> None:
    programme.published_at = timezone.now()
    programme.save(update_fields=["published_at"])
    lines = list(programme.lines.order_by("-valued", "pk"))
    told = [
        Happening(
            PROGRAMME,
            programme.pk,
            "bilan_published",
            old=old,
            new=BilanState.PUBLISHED,
            concerns=programme.landlord_id,
        ),
        *(Happening(LINE, line.pk, "bilan_published") for line in lines),
    ]
    event = record_many(actor, told)[0]
    tell_who_reported(programme, lines, event)


def answer_word(word: BilanWord, *, actor: Actor, answer: str) -> BilanWord:
    """The landlord answers a question, a reservation or a contestation."""
    if not answer.strip():
        raise ValidationError({"answer": "Écrivez votre réponse."})
    with transaction.atomic():
        programme, bilan = _in_hand(word.bilan.programme)
        if bilan.state == BilanState.PUBLISHED:
            raise Refused("Ce bilan est publié : les réponses ne changent plus.")
        fresh = BilanWord.objects.select_for_update(of=("self",)).get(pk=word.pk)
        fresh.answer, fresh.answered_at = answer.strip(), timezone.now()
        fresh.full_clean(exclude=["bilan", "line", "organisation"])
        fresh.save(update_fields=["answer", "answered_at"])
        record(
            actor,
            PROGRAMME,
            programme.pk,
            "bilan_answered",
            concerns=fresh.organisation_id,
            public=False,
        )
    return fresh
