"""The cadre de référence of claire's agglomération, at each of its states."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.councils import frame_acts as acts
from parvis.councils.frame_articles import write_article
from parvis.councils.frame_inventory import write_participation
from parvis.councils.models import Frame, FrameArticle, FrameComment, Participation
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Sitting
from parvis.partners.models import Organisation
from tests.cast import Cast
from tests.meetings.scene import begun, cotech, sitting

ARTICLES: tuple[dict[str, Any], ...] = (
    {
        "title": "Qui compose une instance",
        "text": "Des habitants volontaires, et des acteurs du quartier.",
        "may": "Choisir ses règles de vie",
        "may_not": "Accueillir un élu parmi ses membres",
        "rules": ["residents", "no_elected"],
    },
    {
        "title": "Ce qu’elle décide",
        "text": "L’instance décide de son ordre du jour et de l’emploi de son budget.",
        "may": "Employer son budget\nPrendre un avis de sa propre initiative",
        "may_not": "Décider des dépenses d’une commune",
        "rules": [],
    },
    {"title": "Combien de temps", "text": "Un mandat dure trois ans.", "rules": ["term"]},
)


def a_frame(cast: Cast, coordinator: Organisation | None = None) -> Frame:
    """The next version, being written: three articles when it is the first."""
    frame = acts.begin_frame(coordinator or cast.agglomeration, title="Cadre de référence")
    if not frame.articles.exists():
        for number, given in enumerate(ARTICLES, 1):
            write_article(frame, number=str(number), **given)
    return frame


def opened(cast: Cast, frame: Frame | None = None, *, days: int = 10) -> Frame:
    """Open to remarks for some days."""
    closes_on = timezone.localdate() + timedelta(days=days)
    return acts.open_frame(
        frame or a_frame(cast), actor=cast.actor(cast.claire), closes_on=closes_on
    )


def closed(frame: Frame) -> Frame:
    """The same, its last day for remarks being yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Frame.objects.filter(pk=frame.pk).update(closes_on=yesterday)
    return Frame.objects.select_related("coordinator").get(pk=frame.pk)


def article(frame: Frame, number: str = "1") -> FrameArticle:
    """An article by its number."""
    return FrameArticle.objects.select_related("frame").get(frame=frame, number=number)


def remarked(
    cast: Cast, frame: Frame, number: str = "1", text: str = "Et les jeunes ?"
) -> FrameComment:
    """The town of Anzin remarks on an article."""
    return acts.remark(
        article(frame, number), actor=cast.actor(cast.karim), organisation=cast.town, text=text
    )


def held_sitting(cast: Cast, organiser: Organisation | None = None) -> Sitting:
    """A sitting that begins today, of an instance that claire's agglomération organises."""
    given = {"organiser": organiser} if organiser else {}
    return begun(sitting(cast, cotech(cast, **given)))


def adopted(cast: Cast, frame: Frame | None = None) -> Frame:
    """Adopted today in a sitting."""
    found = closed(frame or opened(cast))
    return acts.adopt_frame(found, actor=cast.actor(cast.claire), sitting=held_sitting(cast))


def a_past_sitting(made: Sitting, days: int) -> Sitting:
    """The same sitting, so many days ago."""
    at = timezone.now() - timedelta(days=days)
    Gathering.objects.filter(pk=made.gathering_id).update(
        starts_at=at, ends_at=at + timedelta(hours=2)
    )
    return Sitting.objects.select_related("instance", "gathering").get(pk=made.pk)


def listed(cast: Cast, coordinator: Organisation | None = None, **fields: Any) -> Participation:
    """A way of taking part in Rives."""
    given = {
        "quartier": cast.rives,
        "form": "table_de_quartier",
        "name": "Table des Rives",
        "run_by": "Les Voisins",
        "audience": "tous les habitants",
        "rhythm": "une fois par mois",
        "since": date(2023, 9, 1),
        **fields,
    }
    return write_participation(None, coordinator=coordinator or cast.agglomeration, **given)
