"""A sheet as a PDF, and the booklet that a visitor puts together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.pdf import pdf_response
from parvis.partners.actors import NOBODY, ActorRequest
from parvis.partners.rights import fetch
from parvis.toolbox import booklet_basket as basket
from parvis.toolbox.booklet_acts import KEPT, ask_for, holds_a_withdrawn_sheet, sheet_pdf
from parvis.toolbox.labels import languages
from parvis.toolbox.models import Booklet, Sheet
from parvis.ui.visitors import too_often, visitor_key

TITLE = "Fiches de la boîte à outils"
AN_HOUR = 3600
A_VISITOR = 12  # booklets an hour
NOT_DRAWN = (
    "Le PDF n’existe pas dans cette langue : nos polices n’en dessinent pas les lettres. "
    "Imprimez plutôt cette page."
)


class TitleForm(forms.Form):
    """The name of a booklet."""

    title = forms.CharField(
        label="Titre du livret", max_length=120, help_text="Écrit sur la couverture."
    )


def _crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    trail = [("Boîte à outils", reverse("toolbox:sheets")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


@require_safe
def pdf(request: ActorRequest, pk: int) -> HttpResponse:
    """A sheet on paper, or (`?texte=`) one of its other wordings."""
    sheet = fetch(Sheet.objects, request.actor, pk=pk).specific
    wanted = request.GET.get("texte", "")
    if not wanted:
        return pdf_response(sheet.title, sheet_pdf(sheet))
    wording = sheet.wordings.filter(language=wanted).first()
    if wording is None:
        raise Http404
    if languages()[wording.language].rtl:
        messages.warning(request, NOT_DRAWN)
        return redirect(f"{reverse('toolbox:sheet', args=[pk])}?texte={wording.language}")
    return pdf_response(f"{wording.title} {wording.language}", sheet_pdf(sheet, wording))


def _chosen(request: HttpRequest) -> list[Any]:
    """The sheets set aside that everybody may still read, in their order."""
    pks = basket.held(request)
    known = Sheet.objects.visible_to(NOBODY).filter(pk__in=pks, live=True)
    found = known.select_related("author").in_bulk()
    return [found[pk] for pk in pks if pk in found]


@require_http_methods(["GET", "HEAD", "POST"])
def booklet(request: HttpRequest) -> HttpResponse:
    """The sheets set aside: put them in order, then make the booklet."""
    chosen = _chosen(request)
    form = TitleForm(request.POST or None, initial={"title": TITLE})
    if request.method == "POST" and form.is_valid():
        if not chosen:
            form.add_error(None, "Choisissez d’abord une fiche.")
        elif too_often("booklet", visitor_key(request), times=A_VISITOR, seconds=AN_HOUR):
            form.add_error(None, "Vous avez fait beaucoup de livrets : attendez une heure.")
        else:
            made = ask_for(form.cleaned_data["title"], [sheet.pk for sheet in chosen])
            return redirect(made)
    context = {"chosen": chosen, "form": form, "crumbs": _crumbs(("Mon livret", ""))}
    return render(request, "toolbox/booklet.html", context)


@require_POST
def put(request: ActorRequest, pk: int) -> HttpResponse:
    """Set a published sheet aside, or take it out; back to where one was."""
    sheet = fetch(Sheet.objects, request.actor, pk=pk)
    if request.POST.get("do") == "remove":
        basket.take_out(request, pk)
        messages.success(request, "La fiche n’est plus dans votre livret.")
    elif not sheet.live:
        messages.error(request, "Seule une fiche publiée entre dans un livret.")
    elif basket.put(request, pk):
        messages.success(request, "La fiche est dans votre livret.")
    else:
        messages.error(request, f"Un livret contient {basket.MOST} fiches au plus.")
    back = {"list": reverse("toolbox:sheets")}
    return redirect(back.get(request.POST.get("back", ""), reverse("toolbox:sheet", args=[pk])))


@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """Move a sheet of the booklet, take it out, or begin again."""
    what, _, number = request.POST.get("do", "").partition(" ")
    if what == "empty":
        basket.keep(request, [])
        messages.success(request, "Votre livret est vide.")
        return redirect("toolbox:booklet")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    if what == "up":
        basket.move(request, pk, -1)
    elif what == "down":
        basket.move(request, pk, 1)
    elif what == "remove":
        basket.take_out(request, pk)
    return redirect(f"{reverse('toolbox:booklet')}#fiches")


def _booklet_of(token: str) -> Booklet:
    found = Booklet.objects.filter(token=token).first()
    if found is None:
        raise Http404
    return found


@require_safe
def made(request: HttpRequest, token: str) -> HttpResponse:
    """Where a booklet is waited for, then downloaded: this page may be left and come back to."""
    found = _booklet_of(token)
    context = {
        "booklet": found,
        "withdrawn": holds_a_withdrawn_sheet(found),
        "until": found.asked_at + KEPT,
        "crumbs": _crumbs(("Mon livret", reverse("toolbox:booklet")), (found.title, "")),
    }
    answer = render(request, "toolbox/booklet_made.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def made_file(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF of a booklet."""
    found = _booklet_of(token)
    if found.state != Booklet.State.MADE:
        raise Http404
    if holds_a_withdrawn_sheet(found):
        return redirect(found)
    with found.file.open("rb") as file:
        answer = pdf_response(found.title, file.read())
    answer["X-Robots-Tag"] = "noindex"
    return answer
