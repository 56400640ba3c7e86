"""What happens to worksites and announcements, in words, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from parvis.gatherings.events import addresses_of
from parvis.notices import outbox
from parvis.notices.digests import Line
from parvis.notices.mail import render
from parvis.notices.publishing import publish, take_back
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places import topics as places
from parvis.thread.acts import word_key
from parvis.thread.models import Event
from parvis.ui.words import day_in_words
from parvis.works.site_models import TimetableChange, WorksAnnouncement, Worksite
from parvis.works.site_near import addresses_near

WORKSITE, ANNOUNCEMENT = "worksite", "announcement"
WAITS = timedelta(days=2)  # a piece of news waits for a digest no longer
WORKSITE_SENTENCES = {
    "opened": "Chantier préparé par {who}",
    "changed": "Page du chantier complétée",
    "perimeter": "Périmètre dessiné ou modifié",
    "moved": "Calendrier modifié",
    "published": "Chantier publié",
    "unpublished": "Chantier retiré du public",
    "chartered": "Charte de chantier complétée",
    "checked": "Charte vérifiée par {who} : {new}",
}
ANNOUNCEMENT_SENTENCES = {
    "drafted": "Annonce préparée par {who}",
    "changed": "Annonce modifiée avant sa publication",
    "published": "Annonce publiée",
    "corrected": "Annonce corrigée par une autre",
    "withdrawn": "Annonce retirée",
}


def worksite_url(pk: int) -> str:
    """The absolute address of a worksite's page."""
    return f"{settings.SITE_URL}{reverse('works:worksite', args=[pk])}"


def announcement_url(pk: int) -> str:
    """The absolute address of an announcement's page."""
    return f"{settings.SITE_URL}{reverse('works:announcement', args=[pk])}"


def days_in_words(start: date | None, end: date | None) -> str:
    """« du lundi 2 mars au mardi 3 mars », « mardi 3 mars », « dates à préciser »."""
    if start is None and end is None:
        return gettext("dates à préciser")
    if start is None or end is None:
        known = start or end
        assert known is not None  # noqa: S101 - one of both is
        words = gettext("à partir du {day}") if start else gettext("jusqu’au {day}")
        return words.format(day=day_in_words(known))
    if start == end:
        return day_in_words(start)
    return gettext("du {start} au {end}").format(start=day_in_words(start), end=day_in_words(end))


def topics_of(worksite: Worksite, residences: Iterable[int] = ()) -> list[str]:
    """What those concerned follow: the worksite, its residences, its quartiers, addresses near it;
    its commune when it has neither. What is for some residences is told to no other."""
    here = [f"{WORKSITE}:{worksite.pk}"]
    only = sorted(residences)
    if only:
        return here + [places.of_residence(pk) for pk in only]
    found = [places.of_residence(pk) for pk in worksite.residences.values_list("pk", flat=True)]
    found += [places.of_quartier(pk) for pk in worksite.quartiers.values_list("pk", flat=True)]
    return here + (found or [places.of_commune(worksite.commune_id)]) + addresses_near(worksite)


def partners_of(worksite: Worksite) -> list[Organisation]:
    """Who builds, who answers for the site, and the towns that live with it."""
    lying = worksite.quartiers.through.objects.filter(worksite_id=worksite.pk)
    towns = Q(kind=Organisation.Kind.COMMUNE) & (
        Q(commune_id=worksite.commune_id)
        | Q(commune__in=_communes_of(list(lying.values_list("quartier_id", flat=True))))
    )
    wanted = Q(pk__in=[worksite.owner_id, worksite.manager_id]) | towns
    return list(Organisation.objects.filter(wanted, closed_on=None).order_by("pk"))


def _communes_of(quartiers: list[int]) -> list[int]:
    from parvis.places.models import Quartier

    through = Quartier.communes.through.objects.filter(quartier_id__in=quartiers)
    return sorted(set(through.values_list("commune_id", flat=True)))


def tell_opening(worksite: Worksite, event: Event) -> None:
    """A worksite is published: those who follow the place hear of it."""
    text = f"{days_in_words(worksite.first_day, worksite.last_day)}\n{worksite.summary}".strip()
    line = Line(f"Chantier : {worksite.title}", text, worksite_url(worksite.pk))
    publish(topics_of(worksite), word_key(event), line)


def tell_moved(worksite: Worksite, change: TimetableChange, event: Event, actor: Actor) -> None:
    """Dates moved: followers of the place, and the partners of the site but who moved them."""
    words = (
        f"{change.what} : {days_in_words(change.starts_on, change.ends_on)} "
        f"(avant : {days_in_words(change.starts_before, change.ends_before)})."
    )
    line = Line(
        f"Calendrier modifié : {worksite.title}",
        f"{words}\nPourquoi : {change.reason}",
        worksite_url(worksite.pk),
    )
    key = word_key(event)
    others = [one for one in partners_of(worksite) if one.pk != actor.organisation_id]
    people = addresses_of(others)
    publish(topics_of(worksite), key, line, told=lambda: people)
    context = {"worksite": worksite, "line": line}
    words_of = render("works/notices/worksite_moved", context)
    outbox.put(f"{key}:partners", people, lambda who: words_of)


def silence(worksite: Worksite) -> None:
    """It is not public any more: what followers have not heard of it they do not hear."""
    told = Event.objects.filter(
        thing_kind=WORKSITE,
        thing_id=worksite.pk,
        code__in=("published", "moved"),
        at__gte=timezone.now() - WAITS,
    )
    for event in told.order_by("pk"):
        take_back(word_key(event))


HEADINGS = {
    "published": "Travaux",
    "corrected": "Annonce corrigée",
    "withdrawn": "Annonce retirée",
}


def tell_announcement(announcement: WorksAnnouncement, event: Event, what: str) -> None:
    """An announcement is published, corrected or withdrawn."""
    when = days_in_words(announcement.starts_on, announcement.ends_on)
    hours = f" · {announcement.hours}" if announcement.hours else ""
    said = announcement.reason if what == "withdrawn" else announcement.what
    line = Line(
        f"{HEADINGS[what]} : {announcement.title}",
        f"{when}{hours}\n{said}",
        announcement_url(announcement.pk),
    )
    only = announcement.residences.values_list("pk", flat=True)
    # Water cut tomorrow morning: the digest of tomorrow would come too late.
    publish(topics_of(announcement.worksite, only), word_key(event), line, urgent=True)
