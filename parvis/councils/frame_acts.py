"""A version of the cadre de référence: begun, opened to remarks, answered, adopted, replaced."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.councils.frame_articles import held_frame
from parvis.councils.frame_comparing import plain_articles
from parvis.councils.frame_events import FRAME
from parvis.councils.frame_models import Frame, FrameArticle, FrameComment
from parvis.councils.frame_telling import tell_opened
from parvis.councils.workflow import FrameState, Outcome
from parvis.meetings.acts import SITTING
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record

REMARKS_AT_MOST = 10  # of one organisation, on one article
UNFINISHED = (FrameState.DRAFT, FrameState.OPEN)
# What is answered to a remark: it is never left "under study" in a text that is adopted.
OUTCOMES = (Outcome.FOLLOWED, Outcome.PARTLY, Outcome.NOT_FOLLOWED)


def begin_frame(
    coordinator: Organisation, *, title: str = "", introduction: str = "", **copied: Any
) -> Frame:
    """Begin the next version, with the articles of the last one when there is one.

    Refused while another version is being written: two texts at once would lose remarks.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=coordinator.pk)
        rows = Frame.objects.filter(coordinator=coordinator)
        if rows.filter(state__in=UNFINISHED).exists():
            raise Refused("Une version est déjà en préparation : menez-la d’abord à son terme.")
        last = rows.order_by("-number").first()
        frame = Frame(
            coordinator=coordinator,
            number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
            title=title or (last.title if last else "Cadre de référence de la participation"),
            introduction=introduction or (last.introduction if last else ""),
        )
        frame.full_clean()
        frame.save()
        if last is not None:
            _copy_articles(last, frame)
    return frame


def _copy_articles(source: Frame, target: Frame) -> None:
    FrameArticle.objects.bulk_create(
        FrameArticle(
            frame=target,
            key=one.key,
            number=one.number,
            position=one.position,
            title=one.title,
            text=one.text,
            may=one.may,
            may_not=one.may_not,
            rules=one.rules,
        )
        for one in source.articles.all()
    )


def open_frame(
    frame: Frame, *, actor: Actor, closes_on: date, now: datetime | None = None
) -> Frame:
    """Put the text before the organisations of the territory until that day, included, and tell
    them once."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_frame(frame)
        if fresh.state != FrameState.DRAFT:
            raise Refused("Cette version est déjà ouverte aux remarques.")
        if closes_on <= timezone.localdate(at):
            raise Refused("Donnez un jour de clôture à venir.")
        articles = list(fresh.articles.all())
        if not articles:
            raise Refused("Écrivez au moins un article avant de demander des remarques.")
        fresh.state, fresh.opened_at, fresh.closes_on = FrameState.OPEN, at, closes_on
        fresh.opened_as = plain_articles(articles)
        fresh.save(update_fields=["state", "opened_at", "closes_on", "opened_as"])
        record(actor, FRAME, fresh.pk, "opened", public=False, at=at)
        tell_opened(fresh)
    return fresh


def takes_remarks(frame: Frame) -> bool:
    """Whether remarks may still be written today."""
    return (
        frame.state == FrameState.OPEN
        and frame.closes_on is not None
        and timezone.localdate() <= frame.closes_on
    )


def remark(
    article: FrameArticle,
    *,
    actor: Actor,
    organisation: Organisation,
    text: str,
    now: datetime | None = None,
) -> FrameComment:
    """An organisation says what it thinks of an article; said twice in the same words, once."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_frame(article.frame)
        if not takes_remarks(fresh):
            raise Refused("Les remarques sont closes : cette version n’en reçoit plus.")
        mine = article.comments.filter(organisation=organisation)
        same = mine.filter(text=text).first()
        if same is not None:
            return same
        if mine.count() >= REMARKS_AT_MOST:
            raise Refused(f"{REMARKS_AT_MOST} remarques au plus par organisation et par article.")
        made = FrameComment(
            article=article, organisation=organisation, by_id=actor.user_id, text=text, at=at
        )
        made.full_clean()
        made.save()
        record(actor, FRAME, fresh.pk, "remarked", concerns=organisation, public=False, at=at)
    return made


def answer_remark(
    comment: FrameComment, *, actor: Actor, outcome: str, answer: str, now: datetime | None = None
) -> FrameComment:
    """Say what becomes of a remark, and why; until the text is adopted, it may be said better."""
    at = now or timezone.now()
    if outcome not in OUTCOMES:
        raise Refused("Dites si la remarque est suivie, suivie en partie ou non suivie.")
    if not answer.strip():
        raise Refused("Dites pourquoi : une remarque sans raison donnée n’est pas répondue.")
    with transaction.atomic():
        fresh = held_frame(comment.article.frame)
        if fresh.state != FrameState.OPEN:
            raise Refused("Cette version est adoptée : ses réponses ne changent plus.")
        comment.outcome, comment.answer, comment.answered_at = outcome, answer, at
        comment.full_clean()
        comment.save(update_fields=["outcome", "answer", "answered_at"])
        record(
            actor,
            FRAME,
            fresh.pk,
            "answered",
            new=outcome,
            concerns=comment.organisation_id,
            public=False,
            at=at,
        )
    return comment


def why_not_adopted(frame: Frame) -> str:
    """Why a version cannot be adopted yet, for people; nothing when it can."""
    if frame.state == FrameState.DRAFT:
        return "Ouvrez d’abord le texte aux remarques des organisations du territoire."
    if frame.state != FrameState.OPEN:
        return "Cette version est déjà adoptée."
    if takes_remarks(frame):
        return "Attendez la clôture des remarques : des organisations peuvent encore en écrire."
    waiting = FrameComment.objects.filter(article__frame=frame, answered_at=None).count()
    if waiting:
        return (
            "Une remarque attend sa réponse."
            if waiting == 1
            else f"{waiting} remarques attendent leur réponse."
        )
    return ""


def adopt_frame(
    frame: Frame,
    *,
    actor: Actor,
    sitting: Sitting,
    adopted_on: date | None = None,
    now: datetime | None = None,
) -> Frame:
    """The text is adopted in that sitting, on its day unless another is given; the version in
    force until then is replaced in the same transaction.

    Refused while a remark is unanswered, or when the sitting is not the agglomération's.
    """
    at = now or timezone.now()
    held_on = timezone.localdate(sitting.gathering.starts_at)
    day = adopted_on or held_on
    with transaction.atomic():
        # One at a time for the agglomération: the version in force is changed under this lock.
        Organisation.objects.select_for_update().get(pk=frame.coordinator_id)
        fresh = held_frame(frame)
        if why := why_not_adopted(fresh):
            raise Refused(why)
        if sitting.instance.organiser_id != fresh.coordinator_id or sitting.gathering.cancelled_at:
            raise Refused("Choisissez une séance que votre agglomération a tenue.")
        if day < held_on or day > timezone.localdate(at):
            raise Refused("Le jour d’adoption suit la séance, et n’est pas à venir.")
        former = Frame.objects.filter(
            coordinator_id=fresh.coordinator_id, state=FrameState.ADOPTED
        ).first()
        if former is not None:
            if former.adopted_on is not None and day < former.adopted_on:
                raise Refused("La version en vigueur a été adoptée après ce jour.")
            former.state = FrameState.REPLACED
            former.save(update_fields=["state"])
            record(actor, FRAME, former.pk, "replaced", at=at)
            link(actor, (FRAME, former.pk), (FRAME, fresh.pk))
        fresh.state, fresh.sitting, fresh.adopted_on = FrameState.ADOPTED, sitting, day
        fresh.save(update_fields=["state", "sitting", "adopted_on"])
        record(actor, FRAME, fresh.pk, "adopted", at=at)
        link(actor, (SITTING, sitting.pk), (FRAME, fresh.pk))
    return fresh
