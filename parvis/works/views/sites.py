"""Worksites for everybody: the list with its map, and the page of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.notices.forms import SubscribeForm
from parvis.notices.subscribing import Topic, offer
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.models import Quartier
from parvis.places.outlines import quartier_outlines
from parvis.thread.reading import events_of, thread_of
from parvis.toolbox.sheet_suggesting import suggest
from parvis.works import site_events as events
from parvis.works.dates import State
from parvis.works.models import CharterPledge, Nuisance, WorksAnnouncement, Worksite
from parvis.works.project_access import WRITERS
from parvis.works.site_calendars import entries_of
from parvis.works.site_faults import faults_of
from parvis.works.sorting import label_of, lines

LIGHT = ("commune__outline", "operation__summary")
ROWS = Worksite.objects.select_related("owner", "manager", "commune", "operation__project").defer(
    *LIGHT
)
SHOWN = 50  # of one page of the list
TONES = {State.RUNNING: "soon", State.PLANNED: "", State.ENDED: "done", State.UNDATED: ""}
TABS = {
    "": ("En cours et à venir", (State.RUNNING, State.PLANNED, State.UNDATED)),
    "termines": ("Terminés", (State.ENDED,)),
}
PLEDGE_TONES = {"kept": "done", "partly": "soon", "unkept": "late", "unchecked": ""}
FEED_ROWS = 200
OCCASION = (("occasion", "chantier"), ("moment", "pendant"))


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of worksites down."""
    trail = [("Chantiers", reverse("works:worksites")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


def state_of(worksite: Worksite) -> dict[str, str]:
    """The state of today, its tone and its words."""
    state = worksite.state_on(timezone.localdate())
    return {"code": state.value, "label": state.label, "tone": TONES[state]}


@require_safe
def worksites(request: HttpRequest) -> HttpResponse:
    """Worksites under way and to come, or those that ended; all of a quartier, or everywhere."""
    actor, today = actor_of(request), timezone.localdate()
    tab = request.GET.get("etat", "")
    tab = tab if tab in TABS else ""
    rows = ROWS.visible_to(actor)
    quartier = (
        Quartier.objects.filter(code=request.GET.get("quartier", "")).defer("outline").first()
    )
    if quartier is not None:
        lying = Worksite.quartiers.through.objects.filter(quartier_id=quartier.pk)
        rows = rows.filter(pk__in=lying.values("worksite_id"))
    over = Worksite.objects.standing(State.ENDED, today).values("pk")
    if tab:
        rows = rows.filter(pk__in=over).order_by(F("ends_on").desc(nulls_last=True), "title", "pk")
    else:
        rows = rows.exclude(pk__in=over).order_by(
            F("starts_on").asc(nulls_last=True), "title", "pk"
        )
    given = request.GET.get("page", "")
    page = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    found = list(rows[page * SHOWN : page * SHOWN + SHOWN + 1])
    more, found = len(found) > SHOWN, found[:SHOWN]
    for one in found:
        one.today = state_of(one)  # type: ignore[attr-defined]
        one.icon = lines("operation").get(one.kind, {}).get("icon", "hammer")  # type: ignore[attr-defined]
    groups = [
        (state.label.capitalize(), [one for one in found if one.today["code"] == state.value])  # type: ignore[attr-defined]
        for state in TABS[tab][1]
    ]
    query = {"etat": tab, "quartier": quartier.code if quartier else ""}

    def address(number: int, **others: str) -> str:
        wanted = {**query, **others, "page": str(number) if number else ""}
        return f"{request.path}?{urlencode({k: v for k, v in wanted.items() if v})}".rstrip("?")

    drawn = [_feature(one) for one in found if one.outline]
    return render(
        request,
        "works/sites.html",
        {
            "groups": [(label, rows) for label, rows in groups if rows],
            "tab": tab,
            "tabs": [
                (label, address(0, etat=code), code == tab) for code, (label, _) in TABS.items()
            ],
            "quartier": quartier,
            "features": {"type": "FeatureCollection", "features": drawn} if drawn else None,
            "outlines": quartier_outlines([quartier.pk] if quartier else None),
            "next_url": address(page + 1) if more else "",
            "first_url": address(0) if page else "",
            "may_write": actor.role in WRITERS,
        },
    )


def _feature(worksite: Worksite) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": worksite.outline,
        "properties": {
            "id": worksite.pk,
            "title": worksite.title,
            "text": worksite.today["label"],  # type: ignore[attr-defined]
            "url": reverse("works:worksite", args=[worksite.pk]),
            "tone": "mine" if worksite.today["code"] == State.RUNNING.value else "",  # type: ignore[attr-defined]
            "kind": "outline",
        },
    }


@require_safe
def worksite(request: HttpRequest, pk: int) -> HttpResponse:
    """One worksite: what is done, when, what it disturbs and what reduces it, whom to call."""
    actor, today = actor_of(request), timezone.localdate()
    found: Worksite = rights.fetch(ROWS.all(), actor, pk=pk)
    may = {
        action: actor.is_partner and Worksite.objects.allowed(actor, action).filter(pk=pk).exists()
        for action in ("edit", "follow", "check")
    }
    phases = list(found.phases.order_by(F("starts_on").asc(nulls_last=True), "pk"))
    for phase in phases:
        phase.tone = TONES[phase.state_on(today)]  # type: ignore[attr-defined]
        phase.words = phase.state_on(today).label  # type: ignore[attr-defined]
        phase.days = events.days_in_words(phase.first_day, phase.last_day)  # type: ignore[attr-defined]
    nuisances = list(found.nuisances.order_by(F("starts_on").asc(nulls_first=True), "pk"))
    announcements = list(
        WorksAnnouncement.objects.visible_to(actor)
        .filter(worksite=found)
        .select_related("replaced_by")
    )
    standing = [
        one
        for one in announcements
        if one.published_at and one.withdrawn_at is None and not replaced(one)
    ]
    drawn = {
        "type": "Feature",
        "geometry": found.outline,
        "properties": {"id": pk, "title": found.title, "tone": "mine", "kind": "outline"},
    }
    quartiers = list(found.quartiers.defer("outline"))
    pledges = list(found.pledges.all())
    for one in pledges:
        one.tone = PLEDGE_TONES[one.state]  # type: ignore[attr-defined]
    return render(
        request,
        "works/site.html",
        {
            "worksite": found,
            "may": may,
            "state": state_of(found),
            "days": events.days_in_words(found.first_day, found.last_day),
            "planned": events.days_in_words(found.starts_on, found.ends_on)
            if found.began_on or found.ended_on
            else "",
            "phases": phases,
            "nuisances": [told(one, worksite=found) for one in nuisances],
            "residences": list(
                found.residences.select_related("commune").defer("outline", "commune__outline")
            ),
            "quartiers": quartiers,
            "faults": faults_of(found, phases, nuisances, standing, today),
            "coming": [dated(one) for one in standing if one.ends_on >= today],
            "earlier": [
                dated(one)
                for one in announcements
                if one.published_at and (one not in standing or one.ends_on < today)
            ],
            "drafts": [
                dated(one) for one in announcements if not one.published_at and not one.withdrawn_at
            ],
            "changes": [
                {
                    "row": one,
                    "before": events.days_in_words(one.starts_before, one.ends_before),
                    "after": events.days_in_words(one.starts_on, one.ends_on),
                }
                for one in found.changes.select_related("by")
            ],
            "signers": list(found.signers.all()),
            "pledges": pledges,
            "features": {"type": "FeatureCollection", "features": [drawn]}
            if found.outline
            else None,
            "outlines": quartier_outlines([one.pk for one in quartiers]),
            "suggested": suggest(actor, labels=OCCASION) if nuisances else [],
            "steps": thread_of(actor, events.WORKSITE, pk),
            "events": events_of(actor, events.WORKSITE, pk) if may["follow"] else [],
            "form": SubscribeForm(),
            "signed": offer(Topic(f"{events.WORKSITE}:{pk}", found.title)),
            "crumbs": crumbs((found.title, "")),
        },
    )


def replaced(announcement: WorksAnnouncement) -> WorksAnnouncement | None:
    """The published announcement that took its place."""
    later: WorksAnnouncement | None = getattr(announcement, "replaced_by", None)
    return later if later is not None and later.published_at else None


def dated(announcement: WorksAnnouncement) -> dict[str, Any]:
    """An announcement in a list, with its days in words."""
    return {
        "row": announcement,
        "days": events.days_in_words(announcement.starts_on, announcement.ends_on),
        "replaced": replaced(announcement),
    }


def told(nuisance: Nuisance, worksite: Worksite) -> dict[str, Any]:
    """A nuisance with its icon and its days; by itself it lasts as long as the worksite."""
    own = nuisance.starts_on or nuisance.ends_on
    return {
        "row": nuisance,
        "icon": lines("nuisance").get(nuisance.kind, {}).get("icon", "info"),
        "days": events.days_in_words(nuisance.starts_on, nuisance.ends_on)
        if own
        else "pendant tout le chantier",
    }


@require_safe
def calendar_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Its phases and announcements, as a calendar to subscribe to."""
    actor = actor_of(request)
    found: Worksite = rights.fetch(ROWS.all(), actor, pk=pk)
    rows = WorksAnnouncement.objects.visible_to(actor).filter(
        worksite=found, published_at__isnull=False
    )
    told_rows = list(rows.select_related("replaced_by").order_by("starts_on", "pk")[:FEED_ROWS])
    entries = entries_of(found, list(found.phases.all()), told_rows)
    return calendar_response(found.title, calendar(found.title, entries))


def chapters(pledges: list[CharterPledge]) -> list[tuple[str, list[CharterPledge]]]:
    """Commitments under their chapters, in the order of the list; those without one come last."""
    order = [*lines("chapter"), ""]
    found: dict[str, list[CharterPledge]] = {}
    for one in pledges:
        found.setdefault(one.chapter if one.chapter in order else "", []).append(one)
    return [
        (label_of("chapter", code).capitalize() if code else "Autres engagements", found[code])
        for code in order
        if code in found
    ]
