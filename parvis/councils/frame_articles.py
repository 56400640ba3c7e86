"""Writing the articles of a version: their order, their numbers, the rules that they set."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils.frame_models import Frame, FrameArticle
from parvis.councils.regimes import rule_labels
from parvis.councils.workflow import FrameState
from parvis.partners.rights import Refused
from parvis.ui.words import day_in_words

AT_MOST = 60
WRITTEN = ("number", "title", "text", "may", "may_not", "rules")


def held_frame(frame: Frame) -> Frame:
    """The version as it stands, held until the end of the transaction."""
    rows = Frame.objects.select_for_update(of=("self",)).select_related("coordinator")
    return rows.get(pk=frame.pk)


def why_not_written(frame: Frame) -> str:
    """Why the text cannot change today, for people; nothing when it can. While remarks come in,
    everybody must read the same words."""
    if frame.state in (FrameState.ADOPTED, FrameState.REPLACED):
        return "Cette version est adoptée : son texte ne change plus. Préparez la suivante."
    if frame.state == FrameState.OPEN and timezone.localdate() <= _closing(frame):
        until = day_in_words(_closing(frame))
        return f"Le texte est ouvert aux remarques jusqu’au {until} : il changera ensuite."
    return ""


def _closing(frame: Frame) -> Any:
    return frame.closes_on or timezone.localdate()


def refuse_unwritable(frame: Frame) -> None:
    """Refused, in words, when the text cannot change today."""
    if why := why_not_written(frame):
        raise Refused(why)


def write_head(frame: Frame, *, title: str, introduction: str) -> Frame:
    """Change the title and the introduction."""
    with transaction.atomic():
        fresh = held_frame(frame)
        refuse_unwritable(fresh)
        fresh.title, fresh.introduction = title, introduction
        fresh.full_clean()
        fresh.save(update_fields=["title", "introduction"])
    return fresh


def write_article(frame: Frame, article: FrameArticle | None = None, **given: Any) -> FrameArticle:
    """Write a new article, last of all, or change one. ValidationError when its number is taken,
    or when another article sets one of its rules already."""
    with transaction.atomic():
        fresh = held_frame(frame)
        refuse_unwritable(fresh)
        mine = article.pk if article else 0
        others = list(fresh.articles.exclude(pk=mine))
        if article is None:
            if len(others) >= AT_MOST:
                raise Refused(f"Un cadre de référence compte {AT_MOST} articles au plus.")
            last = max((one.position for one in others), default=0)
            article = FrameArticle(frame=fresh, position=last + 1)
        for name in WRITTEN:
            if name in given:
                setattr(article, name, given[name])
        _check_rules(article, others)
        article.full_clean()
        article.save()
    return article


def _check_rules(article: FrameArticle, others: list[FrameArticle]) -> None:
    known = rule_labels()
    for code in article.rules:
        if code not in known:
            raise ValidationError({"rules": "Choisissez des règles de la liste."})
        taken = next((one for one in others if code in one.rules), None)
        if taken is not None:
            words = f"« {known[code]} » est déjà fixée par l’article {taken.number}."
            raise ValidationError({"rules": words})


def move_article(article: FrameArticle, *, up: bool) -> None:
    """Exchange an article with the one before it, or after it; numbers stay as they are."""
    with transaction.atomic():
        fresh = held_frame(article.frame)
        refuse_unwritable(fresh)
        rows = list(fresh.articles.order_by("position", "pk"))
        here = next(place for place, one in enumerate(rows) if one.pk == article.pk)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
        _place(rows)


def number_articles(frame: Frame) -> None:
    """Number the articles anew in their order, from 1."""
    with transaction.atomic():
        fresh = held_frame(frame)
        refuse_unwritable(fresh)
        rows = list(fresh.articles.order_by("position", "pk"))
        # Through numbers that nobody uses, so that no two are alike on the way.
        for step, one in enumerate(rows, 1):
            FrameArticle.objects.filter(pk=one.pk).update(number=f"~{step}")
        for step, one in enumerate(rows, 1):
            one.number = str(step)
        FrameArticle.objects.bulk_update(rows, ["number"])


def remove_article(article: FrameArticle) -> None:
    """Take an article out of the text. Refused when somebody remarked on it: their words stay."""
    with transaction.atomic():
        fresh = held_frame(article.frame)
        refuse_unwritable(fresh)
        if article.comments.exists():
            raise Refused(
                "Des organisations ont fait des remarques sur cet article : il ne peut plus être "
                "retiré. Changez son texte, et dites pourquoi en leur répondant."
            )
        article.delete()
        _place(list(fresh.articles.order_by("position", "pk")))


def _place(rows: list[FrameArticle]) -> None:
    for step, one in enumerate(rows, 1):
        one.position = step
    FrameArticle.objects.bulk_update(rows, ["position"])
