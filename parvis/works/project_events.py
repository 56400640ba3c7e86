"""What happens to projects, operations and public meetings, in words, and who is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from parvis.gatherings.events import addresses_of
from parvis.notices import outbox
from parvis.notices.digests import Line
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.publishing import publish
from parvis.notices.subscribing import Topic
from parvis.partners.models import Organisation
from parvis.places import topics as places
from parvis.thread.acts import word_key
from parvis.thread.models import Event
from parvis.ui.words import day_in_words
from parvis.works.project_models import RenewalProject

PROJECT, OPERATION, MEETING = "project", "operation", "public_meeting"
PROJECT_SENTENCES = {
    "written": "Projet écrit par {who}",
    "changed": "Projet modifié par {who}",
    "published": "Projet publié",
    "moved": "Calendrier modifié : {old} devient {new}",
    "replanned": "Calendrier modifié : {new}",
    "dated": "Dates des phases complétées",
    "funded": "Argent du projet mis à jour",
    "joined": "Partenaires du projet mis à jour",
    "management": "Projet de gestion complété par {who}",
    "annexed": "Projet de gestion annexé à la convention",
    "ground": "Changement de gestion noté par {who}",
    "step": "Étape due aux habitants faite",
    "house": "Maison du projet mise à jour",
}
OPERATION_SENTENCES = {
    "written": "Opération écrite par {who}",
    "changed": "Opération modifiée par {who}",
    "moved": "Calendrier modifié : {old} devient {new}",
    "step": "Étape due aux habitants faite",
    "consulted": "Concertation des locataires complétée",
    "emptied": "Immeuble qui se vide noté par {who}",
    "counted": "{new} logements encore occupés",
    "visited": "Immeuble visité par {who} : {new}",
}
MEETING_SENTENCES = {
    "planned": "Réunion publique préparée par {who}",
    "invited": "Affiches et lettres notées",
    "asked": "Question confiée à {concerns}",
    "answered": "Réponse donnée par {who}",
    "account": "Compte rendu publié",
}


def page_url(kind: str, pk: int) -> str:
    """The absolute address of a project's, an operation's or a meeting's page."""
    name = {PROJECT: "project", OPERATION: "operation", MEETING: "public_meeting"}[kind]
    return f"{settings.SITE_URL}{reverse(f'works:{name}', args=[pk])}"


def span_of(start: date | None, end: date | None) -> str:
    """« 1/3/2026 au 30/6/2026 », short enough for an event."""
    if start is None and end is None:
        return "sans date"
    first, last = (f"{one.day}/{one.month}/{one.year}" if one else "?" for one in (start, end))
    return f"{first} au {last}"


def days_of(start: date | None, end: date | None) -> str:
    """« du mardi 3 mars au … », for people."""
    if start and end:
        return f"du {day_in_words(start)} au {day_in_words(end)}"
    if start:
        return f"à partir du {day_in_words(start)}"
    return f"jusqu’au {day_in_words(end)}" if end else "sans date"


def topic_of(project: RenewalProject) -> Topic:
    """What one follows on a project's page."""
    return Topic(f"project:{project.pk}", f"Le projet « {project.title} »")


def tell_followers(
    project: RenewalProject, key: str, *, title: str, text: str = "", url: str = ""
) -> int:
    """Tell who follows the project or one of its quartiers, once for that key; nobody hears of a
    project that is not published."""
    if project.published_at is None:
        return 0
    topics = [f"project:{project.pk}"]
    topics += [places.of_quartier(pk) for pk in project.quartiers.values_list("pk", flat=True)]
    line = Line(title=title, text=text, url=url or page_url(PROJECT, project.pk))
    return publish(topics, key, line)


def organisations_of(project: RenewalProject) -> Any:
    """Who carries the project, takes part in it, or owns one of its operations."""
    taking_part = project.partners.values("organisation_id")
    owning = project.operations.values("owner_id")
    return Organisation.objects.filter(
        Q(pk=project.carrier_id) | Q(pk__in=taking_part) | Q(pk__in=owning)
    )


def tell_of_timetable(
    project: RenewalProject, event: Event, lines: list[str], reason: str, url: str
) -> None:
    """New dates, to who follows and to the organisations of the project."""
    key = word_key(event)
    text = "\n".join([*lines, f"Pourquoi : {reason}"])
    tell_followers(project, key, title=f"Nouvelles dates : {project.title}", text=text, url=url)
    context = {"project": project, "lines": lines, "reason": reason, "link": url}

    def compose(who: Recipient) -> Mail:
        return render("works/notices/project_moved", context)

    outbox.put(key, addresses_of(organisations_of(project)), compose)
