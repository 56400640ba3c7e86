"""Draws of a body: their list, the public page of one, its record and its report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import lot_acts, lot_erasing
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.draw_models import Draw
from parvis.councils.draw_record import canonical
from parvis.councils.lot_answers import DRAWS, fetch_draw, may_run, put_errors, trail, words_of
from parvis.councils.lot_content import content_of, file_name, people_words, version_of
from parvis.councils.lot_forms import DrawForm, RevealForm, TellForm
from parvis.councils.lot_lists import UNDECIDED, counts_of
from parvis.councils.lot_papers import report_paper
from parvis.councils.lot_people import empty_seats
from parvis.councils.tabs import tabs_of
from parvis.councils.workflow import DrawState
from parvis.partners.actors import Actor, actor_of
from parvis.toolbox.sheet_suggesting import suggest

FORM = "councils/lot_form.html"


@require_safe
def draws(request: HttpRequest, pk: int) -> HttpResponse:
    """The draws of a body; none is spoken of where members are not drawn."""
    actor, body = actor_of(request), fetch_body(request, pk)
    if not lot_acts.draws(body.regime):
        raise Http404
    rows = DRAWS.visible_to(actor).filter(body=body).defer("record")
    return render(
        request,
        "councils/lot_draws.html",
        {
            "body": body,
            "rows": [{"draw": one, "words": people_words(one)} for one in rows],
            "may_begin": lot_acts.drawable_bodies(actor).filter(pk=body.pk).exists(),
            "tabs": tabs_of(actor, body, "councils:draws"),
            "crumbs": crumbs(body, ("Tirages au sort", "")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_draw(request: HttpRequest) -> HttpResponse:
    """Open a draw, for a body that one coordinates or carries."""
    actor = actor_of(request)
    bodies = lot_acts.drawable_bodies(actor)
    asked = request.GET.get("instance", "")
    initial = {"inside": True, "body": asked if asked.isascii() and asked.isdigit() else None}
    form = DrawForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            found = lot_acts.begin_draw(given.pop("body"), actor=actor, **given)
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(request, "Le tirage est ouvert. Donnez maintenant une liste.")
            return redirect("councils:draw", found.pk)
    context = {
        "form": form,
        "heading": "Préparer un tirage au sort",
        "intro": "Votre organisation et l’instance voient seules ce tirage tant que ses règles ne "
        "sont pas publiées.",
        "action": "Ouvrir le tirage",
        "nothing": ""
        if bodies.exists()
        else "Aucune instance dont vous tirez les membres au sort : c’est le rôle de la "
        "coordination ou de la structure porteuse, là où les règles prévoient un tirage.",
        "back": reverse("councils:bodies"),
        "crumbs": crumbs(None, ("Préparer un tirage au sort", "")),
    }
    return render(request, FORM, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a draw is for, as long as its rules are not published."""
    found = fetch_draw(request, pk, "run")
    form = DrawForm(request.POST or None, initial=DrawForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            lot_acts.change_draw(found, **form.cleaned_data)
        except ValidationError as wrong:
            put_errors(form, wrong)
        else:
            messages.success(request, "C’est enregistré. Les chances sont à calculer de nouveau.")
            return redirect("councils:draw", pk)
    context = {
        "form": form,
        "heading": "Modifier le tirage",
        "action": "Enregistrer",
        "back": reverse("councils:draw", args=[pk]),
        "crumbs": trail(found, ("Modifier", "")),
    }
    return render(request, FORM, context)


@require_safe
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """A draw: for everybody its rules, its digests and whom it gave, by number; for who runs it,
    what is to do next."""
    actor, found = actor_of(request), fetch_draw(request, pk)
    running = may_run(actor, found)
    return render(
        request,
        "councils/lot_draw.html",
        {
            "draw": found,
            "body": found.body,
            "words": people_words(found),
            "running": running,
            "content": content_of(found),
            "version": version_of(found),
            "crumbs": trail(found),
            **(_running(actor, found) if running else {}),
        },
    )


def _running(actor: Actor, found: Draw) -> dict[str, Any]:
    """What who runs the draw sees besides."""
    counts = counts_of(found) if found.state == DrawState.PREPARED else {}
    sources = list(found.lists.order_by("pk"))
    return {
        "sources": sources,
        "unread": [one for one in sources if one.confirmed_at is None],
        "kept": counts.get("", 0),
        "undecided": sum(counts.get(why, 0) for why in UNDECIDED),
        "reveal_form": RevealForm(),
        "tell_form": TellForm(),
        "suggested": suggest(actor, labels=[("occasion", "tirage")])
        if found.state == DrawState.PREPARED
        else [],
        "empty_seats": empty_seats(found) if found.state == DrawState.DRAWN else 0,
        "again": Draw.objects.filter(again_of=found).defer("record").first(),
    }


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The public record, as the file that `parvis verify_draw` reads."""
    found = fetch_draw(request, pk)
    if found.record is None:
        raise Http404
    response = HttpResponse(canonical(found.record), content_type="application/json")
    response["Content-Disposition"] = str(content_disposition_header(True, file_name(found)))
    return response


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of the draw, without anybody's name."""
    found = fetch_draw(request, pk)
    if found.record is None:
        raise Http404
    return report_paper(found)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draw up: its lists are destroyed at once."""
    found = fetch_draw(request, pk, "run")
    try:
        lot_erasing.cancel(found, actor=actor_of(request))
    except ValidationError as wrong:
        messages.error(request, words_of(wrong))
    else:
        messages.success(request, "Le tirage est annulé, ses listes sont détruites.")
    return redirect("councils:draw", pk)
