"""What residents are told of works: the page, the poster, the calendar file, and writing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.notices.forms import SubscribeForm
from parvis.notices.subscribing import Topic, offer
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import thread_of
from parvis.works import site_events as events
from parvis.works.acts import announcements as acts
from parvis.works.acts.sites import Overtaken
from parvis.works.models import WorksAnnouncement, Worksite
from parvis.works.site_calendars import entry_of
from parvis.works.site_forms import AnnouncementForm, WithdrawForm
from parvis.works.sorting import label_of, lines, settings
from parvis.works.views.site_writing import both, page_of, refuse, to_write
from parvis.works.views.sites import crumbs, replaced

ROWS = WorksAnnouncement.objects.select_related(
    "worksite__manager", "worksite__commune", "replaces", "replaced_by"
).defer("worksite__outline", "worksite__commune__outline")
PAPERS = {"a4": "Affiche A4", "a3": "Affiche A3"}


def _url(announcement: WorksAnnouncement) -> str:
    return reverse("works:announcement", args=[announcement.pk])


def _when(announcement: WorksAnnouncement) -> str:
    return events.days_in_words(announcement.starts_on, announcement.ends_on)


def _crumbs(announcement: WorksAnnouncement, *more: tuple[str, str]) -> list[dict[str, str]]:
    site = announcement.worksite
    return crumbs((site.title, page_of(site)), (announcement.title, _url(announcement)), *more)


@require_safe
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens, when, for whom, why, what changes, and whom to call."""
    actor = actor_of(request)
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor, pk=pk)
    may_edit = (
        actor.is_partner and WorksAnnouncement.objects.allowed(actor, "edit").filter(pk=pk).exists()
    )
    today = timezone.localdate()
    known = lines("nuisance")
    site = found.worksite
    before = found.replaces
    return render(
        request,
        "works/announcement.html",
        {
            "announcement": found,
            "worksite": site,
            "when": _when(found),
            "replaced": replaced(found),
            "before": before if before is not None and before.published_at else None,
            "residences": list(found.residences.defer("outline")),
            "nuisances": [
                {
                    "label": label_of("nuisance", code),
                    "icon": known.get(code, {}).get("icon", "info"),
                }
                for code in found.nuisances
            ],
            "past": found.ends_on < today,
            "may_edit": may_edit,
            "short": None if found.published_at else acts.short_notice(found.starts_on, today),
            "notice_days": settings()["notice_days"],
            "papers": list(PAPERS.items()),
            "steps": thread_of(actor, events.ANNOUNCEMENT, pk),
            "form": SubscribeForm(),
            "signed": offer(Topic(f"{events.WORKSITE}:{site.pk}", site.title)),
            "crumbs": _crumbs(found),
        },
    )


@both
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an announcement of a worksite."""
    actor, site = actor_of(request), to_write(request, pk)
    form = AnnouncementForm(request.POST or None, worksite=site, initial={"contact": site.contact})
    if request.method == "POST" and form.is_valid():
        made = _draft(form, site, actor)
        if made is not None:
            messages.success(request, "Brouillon enregistré. Relisez-le, puis publiez-le.")
            return redirect("works:announcement", made.pk)
    heading = "Nouvelle annonce"
    trail = crumbs((site.title, page_of(site)), (heading, ""))
    return _form(request, form, heading, page_of(site), trail)


def _draft(
    form: AnnouncementForm, site: Worksite, actor: Any, replaces: WorksAnnouncement | None = None
) -> WorksAnnouncement | None:
    try:
        return acts.draft_announcement(site, actor=actor, replaces=replaces, **form.cleaned_data)
    except ValidationError as refused:
        refuse(form, refused)
        return None


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft; what is published stays as it was."""
    actor = actor_of(request)
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    if found.published_at or found.withdrawn_at:
        messages.error(request, "Une annonce publiée n’est pas réécrite : corrigez-la.")
        return redirect(_url(found))
    initial = AnnouncementForm.initial_of(found, acts.WRITTEN)
    form = AnnouncementForm(request.POST or None, worksite=found.worksite, initial=initial)
    read_at, overtaken = found.changed_at, False
    if request.method == "POST":
        read_at = parse_datetime(request.POST.get("read_at", "")) or read_at
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_announcement(found, actor=actor, read_at=read_at, **form.cleaned_data)
        except Overtaken:
            read_at, overtaken = found.changed_at, True
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Brouillon modifié.")
            return redirect(_url(found))
    heading = "Modifier l’annonce"
    more = {"read_at": read_at.isoformat(), "overtaken": overtaken, "stored": found}
    return _form(request, form, heading, _url(found), _crumbs(found, (heading, "")), **more)


@both
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what takes the place of a published announcement, beginning with its words."""
    actor = actor_of(request)
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor, "edit", pk=pk)
    initial = AnnouncementForm.initial_of(found, acts.WRITTEN)
    form = AnnouncementForm(request.POST or None, worksite=found.worksite, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _draft(form, found.worksite, actor, replaces=found)
        if made is not None:
            messages.success(request, "Correction enregistrée. Elle remplacera l’annonce publiée.")
            return redirect("works:announcement", made.pk)
    heading = "Corriger l’annonce"
    return _form(request, form, heading, _url(found), _crumbs(found, (heading, "")))


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it to everybody concerned."""
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk)
    try:
        acts.publish_announcement(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Annonce publiée : ceux qui suivent le lieu sont prévenus.")
    return redirect(_url(found))


@both
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not hold any more, and why."""
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.withdraw_announcement(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Annonce retirée. Elle reste lisible, et dit pourquoi.")
            return redirect(_url(found))
    heading = "Retirer l’annonce"
    trail = _crumbs(found, (heading, ""))
    return _form(request, form, heading, _url(found), trail, action=heading)


def _form(
    request: HttpRequest, form: Any, heading: str, back: str, trail: list[Any], **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": "Enregistrer",
        "back": back,
        "crumbs": trail,
        "read_at": "",
        "overtaken": False,
        **more,
    }
    return render(request, "works/announcement_form.html", context)


@require_safe
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    """Its days, for one's own calendar."""
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor_of(request), pk=pk)
    return calendar_response(found.title, calendar(found.title, [entry_of(found)]))


@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A page to hang in the halls, A4 or A3 (`?format=a3`)."""
    found: WorksAnnouncement = rights.fetch(ROWS.all(), actor_of(request), pk=pk)
    paper = request.GET.get("format", "a4").lower()
    paper = paper if paper in PAPERS else "a4"
    address = events.announcement_url(pk)
    state = ""
    if not found.published_at:
        state = "Brouillon : ne pas afficher."
    elif found.withdrawn_at:
        state = f"Annonce retirée : {found.reason}"
    elif replaced(found):
        state = "Annonce remplacée par une autre : voir en ligne."
    site = found.worksite
    content = make_pdf(
        "works/announcement",
        {
            "paper": paper,
            "state": state,
            "when": _when(found)[:1].upper() + _when(found)[1:],
            "hours": found.hours,
            "place": ", ".join(filter(None, [site.place_label, site.commune.name])),
            "site": site.title,
            "what": found.what,
            "for_whom": found.for_whom or ", ".join(str(one) for one in found.residences.all()),
            "why": found.why,
            "changes": found.changes,
            "contact": found.contact or site.contact,
            "manager": site.manager.name,
            "address": address,
        },
        title=found.title,
        files={"/qr.svg": qr_code(address)},
    )
    return pdf_response(f"{found.title} {paper.upper()}", content)
