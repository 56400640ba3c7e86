"""Making the seed of a draw, before everybody: commitments, sealing, values, drawing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.councils import lot_acts
from parvis.councils.draw_models import SeedParty
from parvis.councils.lot_answers import fetch_draw, put_errors, trail, words_of
from parvis.councils.lot_forms import (
    CommitmentForm,
    NumberForm,
    PartiesForm,
    RevealForm,
    TellForm,
)
from parvis.councils.lot_seed import commitment_of
from parvis.councils.workflow import DrawState
from parvis.partners.actors import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def parties(request: HttpRequest, pk: int) -> HttpResponse:
    """Who makes the seed, with a commitment each."""
    found = fetch_draw(request, pk, "run")
    known = found.parties.filter(dropped_at=None).order_by("position")
    sealed = found.state != DrawState.PREPARED
    initial = [(one.name, "" if sealed else one.commitment) for one in known]
    form = PartiesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            lot_acts.set_parties(found, form.parties, actor=actor_of(request))
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(request, "Les engagements sont enregistrés.")
            return redirect("councils:draw", pk)
    context = {
        "draw": found,
        "form": form,
        "lines": form.lines(),
        "sealed": sealed,
        "crumbs": trail(found, ("Parties à la graine", "")),
    }
    return render(request, "councils/lot_parties.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """The commitment to a value typed twice; the value is kept nowhere, and not shown again."""
    found = fetch_draw(request, pk, "run")
    form = CommitmentForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = commitment_of(form.cleaned_data["value"])
        except ValueError as error:
            form.add_error("value", str(error))
    context = {
        "form": form if not made else CommitmentForm(),
        "made": made,
        "heading": "Calculer un engagement",
        "intro": "Chaque partie choisit une valeur que personne ne connaît. Son engagement est "
        "publié d’abord ; la valeur, une fois les règles publiées. Rien n’est gardé ici.",
        "action": "Calculer",
        "back": reverse("councils:draw_parties", args=[pk]),
        "crumbs": trail(found, ("Calculer un engagement", "")),
    }
    response = render(request, "councils/lot_form.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """A public number of a later date, instead of parties."""
    found = fetch_draw(request, pk, "run")
    initial = {"label": found.public_number, "on": found.number_on}
    form = NumberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            lot_acts.await_number(found, **form.cleaned_data)
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(request, "Le résultat attendu est enregistré.")
            return redirect("councils:draw", pk)
    context = {
        "form": form,
        "heading": "Attendre un résultat public",
        "intro": "La graine viendra d’un résultat que personne ne connaît encore et que chacun "
        "pourra lire : une loterie nationale, par exemple.",
        "action": "Enregistrer",
        "back": reverse("councils:draw", args=[pk]),
        "crumbs": trail(found, ("Résultat attendu", "")),
    }
    return render(request, "councils/lot_form.html", context)


@require_POST
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish rules, digests and how the seed will be made."""
    found = fetch_draw(request, pk, "run")
    try:
        lot_acts.seal_draw(found, actor=actor_of(request))
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    else:
        messages.success(request, "Les règles et les empreintes sont publiées.")
    return redirect("councils:draw", pk)


@require_POST
def reveal(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    """A party reveals its value."""
    found = fetch_draw(request, pk, "run")
    row = SeedParty.objects.select_related("draw").filter(draw=found, pk=party).first()
    if row is None:
        raise Http404
    form = RevealForm(request.POST)
    try:
        if form.is_valid():
            lot_acts.reveal(row, form.cleaned_data["value"], actor=actor_of(request))
            messages.success(request, f"La valeur de « {row.name} » est celle de son engagement.")
        else:
            messages.error(request, "Écrivez la valeur révélée.")
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    return redirect(reverse("councils:draw", args=[pk]) + "#graine")


@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the public number down, once it is known."""
    found = fetch_draw(request, pk, "run")
    form = TellForm(request.POST)
    try:
        if form.is_valid():
            lot_acts.tell_number(found, actor=actor_of(request), **form.cleaned_data)
            messages.success(request, "Le résultat est enregistré.")
        else:
            messages.error(request, "Donnez le résultat, et où chacun peut le lire.")
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    return redirect(reverse("councils:draw", args=[pk]) + "#graine")


@require_POST
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw, and verify at once."""
    found = fetch_draw(request, pk, "run")
    try:
        lot_acts.draw_now(found, actor=actor_of(request))
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    else:
        messages.success(request, "Le tirage est fait, et vérifié.")
    return redirect("councils:draw", pk)
