"""The directory of the network, its calendar, and one's own entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.calendars import calendar, calendar_response
from parvis.gatherings.calendars import entry_of
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Organisation
from parvis.toolbox import network_acts as acts
from parvis.toolbox import network_reading as reading
from parvis.toolbox.models import DirectoryEntry, StructureCard
from parvis.toolbox.network_forms import CardForm, EntryForm, FilterForm
from parvis.toolbox.scopes import HEADS, WRITERS

both = require_http_methods(["GET", "HEAD", "POST"])
IN_FEED = 200
TABS = (
    ("toolbox:network", "Structures", False),
    ("toolbox:network_people", "Personnes", False),
    ("toolbox:network_questions", "Questions", True),
    ("toolbox:network_calendar", "Rendez-vous", False),
    ("toolbox:experiments", "Expérimentations", False),
)


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The pages of the network that this actor may open, side by side."""
    return [
        {"url": reverse(name), "label": label, "here": name == here}
        for name, label, partners in TABS
        if actor.is_partner or not partners
    ]


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below the network; the last one is where the reader is."""
    top = [("Boîte à outils", reverse("toolbox:sheets")), ("Réseau", reverse("toolbox:network"))]
    return [{"label": label, "url": url} for label, url in [*top, *pairs]]


def tell(form: Any, refused: ValidationError) -> None:
    """Say on the form why it could not be done, beside the field when it has that field."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def form_page(
    request: HttpRequest,
    form: Any,
    heading: str,
    action: str,
    back: str,
    trail: list[dict[str, str]],
    **more: Any,
) -> HttpResponse:
    """A page that asks something."""
    given = {"form": form, "heading": heading, "action": action, "back": back, "crumbs": trail}
    return render(request, "toolbox/network_form.html", {**given, **more})


@require_safe
def structures(request: HttpRequest) -> HttpResponse:
    """The structures of the territory: who does what, where, for whom."""
    actor = actor_of(request)
    form = FilterForm(request.GET, of=("theme", "quartier", "public", "nature"))
    asked = reading.chosen(form)
    rows, pager = reading.cut(request, reading.structures(actor, asked))
    return render(
        request,
        "toolbox/network_structures.html",
        {
            "rows": rows,
            "form": form,
            "filtered": bool(asked),
            "tabs": tabs(actor, "toolbox:network"),
            "may_edit": actor.is_partner and actor.role in HEADS,
            "crumbs": crumbs()[:1] + [{"label": "Réseau", "url": ""}],
            **pager,
        },
    )


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people who agreed to be found."""
    actor = actor_of(request)
    form = FilterForm(request.GET, of=("theme", "quartier", "nature"))
    asked = reading.chosen(form)
    rows, pager = reading.cut(request, reading.people(actor, asked))
    mine = False
    if actor.is_partner:
        mine = DirectoryEntry.objects.filter(mandate_id=actor.mandate_id or 0).exists()
    return render(
        request,
        "toolbox/network_people.html",
        {
            "rows": rows,
            "form": form,
            "filtered": bool(asked),
            "tabs": tabs(actor, "toolbox:network_people"),
            "partner": actor.is_partner,
            "mine": mine,
            "crumbs": crumbs(("Personnes", "")),
            **pager,
        },
    )


@require_safe
def structure(request: HttpRequest, pk: int) -> HttpResponse:
    """One structure: what it does, how to reach its service, who of it may be found."""
    actor = actor_of(request)
    cards = StructureCard.objects.select_related("organisation__commune")
    found: StructureCard = rights.fetch(cards, actor, pk=pk)
    there = DirectoryEntry.objects.visible_to(actor).filter(
        mandate__organisation_id=found.organisation_id
    )
    rows, pager = reading.cut(
        request,
        there.select_related("mandate__person", "mandate__organisation").order_by(
            "mandate__person__name", "pk"
        ),
    )
    return render(
        request,
        "toolbox/network_structure.html",
        {
            "card": found,
            "themes": list(found.themes.all()),
            "publics": list(found.publics.all()),
            "quartiers": list(found.quartiers.only("pk", "name").order_by("name", "pk")),
            "people": rows,
            "may_edit": StructureCard.objects.allowed(actor, "edit").filter(pk=pk).exists(),
            "crumbs": crumbs((found.organisation.name, "")),
            **pager,
        },
    )


@both
def card(request: HttpRequest) -> HttpResponse:
    """Write the card of one's own organisation."""
    actor = actor_of(request)
    rows = StructureCard.objects.allowed(actor, "edit")
    found = rows.filter(organisation_id=actor.organisation_id or 0).first()
    form = CardForm(request.POST or None, actor=actor, card=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_card(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            shown = "Tout le monde peut la lire." if made.published_at else "Elle reste entre vous."
            messages.success(request, f"La fiche est enregistrée. {shown}")
            return redirect("toolbox:network_structure", made.pk)
    own = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    return form_page(
        request,
        form,
        "La fiche de votre structure",
        "Enregistrer",
        reverse("toolbox:network"),
        crumbs(("Votre structure", "")),
        lead="Ce que vous faites, pour qui et où. Les autres partenaires et les habitants vous "
        "trouvent par là.",
        service=own,
    )


@both
def entry(request: HttpRequest) -> HttpResponse:
    """Agree to be found, or change what is shown: each for oneself and for the mandate in use."""
    actor = actor_of(request)
    rows = DirectoryEntry.objects.allowed(actor, "edit")
    found = rows.filter(mandate_id=actor.mandate_id or 0).first()
    form = EntryForm(request.POST or None, actor=actor, entry=found)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "agreed"}
        try:
            acts.join_directory(actor=actor, **given)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Vous êtes dans l’annuaire. Vous pouvez en sortir ici.")
            return redirect("toolbox:network_entry")
    return form_page(
        request,
        form,
        "Vous dans l’annuaire",
        "Enregistrer",
        reverse("toolbox:network_people"),
        crumbs(("Personnes", reverse("toolbox:network_people")), ("Vous", "")),
        lead=f"Vous agissez pour {actor.organisation_name}. C’est vous qui décidez d’apparaître. "
        "Rien ne se montre plus dès que vous retirez votre accord, ou que ce mandat se termine.",
        withdraw=reverse("toolbox:network_withdraw") if found else "",
    )


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Leave the directory, at once."""
    if acts.leave_directory(actor=actor_of(request)):
        messages.success(request, "Vous n’êtes plus dans l’annuaire : ce qui y était est effacé.")
    else:
        messages.info(request, "Vous n’étiez pas dans l’annuaire.")
    return redirect("toolbox:network_people")


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """The meetings of the network to come."""
    actor = actor_of(request)
    rows, pager = reading.cut(request, reading.gatherings(actor))
    return render(
        request,
        "toolbox/network_calendar.html",
        {
            "rows": rows,
            "tabs": tabs(actor, "toolbox:network_calendar"),
            "may_plan": actor.is_partner and actor.role in WRITERS,
            "crumbs": crumbs(("Rendez-vous", "")),
            **pager,
        },
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The same dates for calendars: those that the bearer of this session sees, and for a
    calendar that fetches them by itself, those that everybody sees."""
    dates = [entry_of(one) for one in reading.gatherings(actor_of(request))[:IN_FEED]]
    name = "Rendez-vous du réseau"
    return calendar_response(name, calendar(name, dates))
