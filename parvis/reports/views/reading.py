"""The page of one report: the same for a stranger and for partners, cut by rights."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from parvis.notices.phones import spoken
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.readings import note_readings
from parvis.reports import followers, wordings
from parvis.reports.forms.handling import AssignForm, TextForm
from parvis.reports.forms.wrecking import WreckForm
from parvis.reports.models import (
    Callback,
    Contact,
    Note,
    Photo,
    PrivatePlace,
    Report,
    Voice,
    WreckPlate,
)
from parvis.reports.views import story
from parvis.reports.views.shared import crumbs
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept

VOICE = "voice"  # under which a reading of a contact is logged
ROWS = Report.objects.select_related("category", "commune", "residence", "merged_into").defer(
    "commune__outline", "residence__outline"
)


@in_every_language
@require_safe
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """By its reference; a number alone leads to the reference, and one that was united with another
    leads to that one (partners who see it read what became of it)."""
    where: dict[str, Any] = {"reference": reference}
    if reference.isascii() and reference.isdigit() and len(reference) < 19:
        where = {"pk": int(reference)}
    try:
        found: Report = rights.fetch(ROWS.all(), actor_of(request), **where)
    except Http404:
        found = _home(request, where)
    if found.reference != reference:
        return redirect("reports:report", found.reference)
    return page(request, found)


def _home(request: HttpRequest, where: dict[str, Any]) -> Report:
    """The report that this one was united with, for who sees that one alone."""
    merged = Report.objects.filter(**where).values("merged_into")
    found: Report = rights.fetch(ROWS.all(), actor_of(request), pk__in=merged)
    return found


def page(request: HttpRequest, report: Report, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a report this actor may see; `forms` are those that came back with an error."""
    actor = actor_of(request)
    context = story.told(actor, report)
    may = context["may"]
    context["crumbs"] = crumbs(
        (gettext("Signalements"), reverse("reports:list")), (report.reference, "")
    )
    context["review_forms"] = "moderate" in may
    context["offered"] = (
        wordings.offered(actor, report, request.GET.get("modele", "")) if "answer" in may else {}
    )
    context["answer_form"] = forms.get("answer_form") or (
        TextForm(
            label="Réponse",
            auto_id="answer_%s",
            initial={"text": context["offered"]["text"]},
        )
        if "answer" in may
        else None
    )
    context["note_form"] = forms.get("note_form") or (
        TextForm(label="Note interne", auto_id="note_%s") if "note" in may else None
    )
    context["assign_form"] = forms.get("assign_form") or (
        AssignForm() if "assign" in may and context["open"] else None
    )
    context["wreck_form"] = forms.get("wreck_form") or (
        WreckForm(initial=model_to_dict(context["wreck"]), auto_id="wreck_%s")
        if "wreck" in may and context["wreck"]
        else None
    )
    context["followed_at"] = "" if actor.is_partner else followers.followed_at(report)
    context["inside"] = "read" in may and actor.is_partner
    if actor.is_partner:
        context |= _inside(actor, report)
        context["contacts"] = forms.get("contacts") or []
        context["home_url"] = settings.LOGIN_REDIRECT_URL
    return render(request, "reports/report.html", context, status=status)


@require_POST
def contacts(request: HttpRequest, reference: str) -> HttpResponse:
    """The same page with how to reach those who spoke; it is logged that this was read."""
    actor = actor_of(request)
    found: Report = rights.fetch(ROWS.all(), actor, reference=reference)
    rows = _contacts(actor, found)
    if not rows:
        raise Http404
    about = f"signalement {found.reference}"
    note_readings(actor, VOICE, [(contact.pk, about) for contact, _ in rows])
    return unkept(page(request, found, contacts=rows))


def _contacts(actor: Actor, report: Report) -> list[tuple[Contact, str]]:
    """How to reach those who spoke, each with the number as it is spoken."""
    rows = Contact.objects.visible_to(actor).filter(report=report)
    rows = rows.select_related("voice").order_by("voice__at", "pk")
    return [(contact, spoken(contact.phone)) for contact in rows]


def _inside(actor: Actor, report: Report) -> dict[str, Any]:
    """What partners alone see: notes, the dwelling, whether somebody can be reached, and what
    people say now."""
    united = list(Report.objects.filter(merged_into=report).order_by("at", "pk"))
    places = PrivatePlace.objects.visible_to(actor).filter(report__in=[report, *united])
    plates = WreckPlate.objects.visible_to(actor).filter(report__in=[report, *united])
    contacts = Contact.objects.visible_to(actor).filter(report=report)
    says = Voice.objects.filter(report__in=[report, *united], withdrawn_at=None).exclude(says="")
    notes = Note.objects.visible_to(actor).filter(report=report)
    pairable = Photo.objects.allowed(actor, "pair").filter(report=report)
    return {
        "may_pair": set(pairable.values_list("pk", flat=True)),
        "notes": list(notes.select_related("organisation", "by").order_by("at", "pk")),
        "reachable": contacts.count(),
        "united": united,
        "dwellings": list(places.order_by("report__at").values_list("dwelling", flat=True)),
        "plates": list(plates.order_by("report__at").values_list("number", flat=True)),
        "says": list(says.order_by("said_at", "pk")),
        "to_call": Callback.objects.visible_to(actor).filter(report=report, done_at=None).count(),
    }
