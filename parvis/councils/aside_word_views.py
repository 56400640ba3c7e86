"""The notebook of residents' words, for the body alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import aside_word_acts as acts
from parvis.councils.answers import fetch_body, page_of
from parvis.councils.aside_answers import PAGE, answer_form, pager, trail_of_notebook
from parvis.councils.aside_forms import NotebookFilters, SpeakerForm, WordForm
from parvis.councils.referent_models import ResidentWord, WordName
from parvis.councils.sorting import settings
from parvis.councils.tabs import tabs_of
from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.upkeep.themes import labels

both = require_http_methods(["GET", "HEAD", "POST"])
WORDS = ResidentWord.objects.select_related(
    *("body__organisation", "quartier", "speaker", "noted_by__contact"),
    "preparation__sitting__instance",
).defer("quartier__outline")


@require_safe
def notebook(request: HttpRequest, pk: int) -> HttpResponse:
    """What people of the quartier said, the last first."""
    actor, body, page = actor_of(request), fetch_body(request, pk, "enter"), page_of(request)
    filters = NotebookFilters(request.GET, body=body)
    rows, sought = filters.cut(WORDS.visible_to(actor).filter(body=body))
    start = (page - 1) * PAGE
    some = list(rows[start : start + PAGE + 1])
    return render(
        request,
        "councils/aside_notebook.html",
        {
            "body": body,
            "filters": filters,
            "sought": sought,
            "rows": [
                {"word": one, "theme": "".join(labels([one.theme_code])) if one.theme_code else ""}
                for one in some[:PAGE]
            ],
            **pager(request, page, len(some) > PAGE),
            "tabs": tabs_of(actor, body, "councils:preparations"),
            "crumbs": trail_of_notebook(body),
        },
    )


@both
def new_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what somebody said."""
    body = fetch_body(request, pk, "enter")
    return answer_form(
        request,
        WordForm(request.POST or None, body=body),
        lambda data: acts.note_word(body, actor=actor_of(request), **data),
        done="C’est noté dans le carnet.",
        to=reverse("councils:notebook", args=[pk]),
        heading="Noter une parole",
        lead="Ce qu’une personne du quartier vous a dit. Votre instance seule le lit.",
        action="Noter",
        crumbs=trail_of_notebook(body, "Noter une parole"),
    )


def _fetch(request: HttpRequest, pk: int, action: str = "edit") -> ResidentWord:
    found: ResidentWord = rights.fetch(WORDS.all(), actor_of(request), action, pk=pk)
    return found


@both
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was noted, erase it, or keep the name of who spoke."""
    found = _fetch(request, pk)
    return answer_form(
        request,
        WordForm(request.POST or None, body=found.body, word=found),
        lambda data: acts.change_word(found, **data),
        done="La parole est corrigée.",
        to=reverse("councils:notebook", args=[found.body_id]),
        heading="Une parole du carnet",
        action="Enregistrer",
        word=found,
        speaker=getattr(found, "speaker", None),
        crumbs=trail_of_notebook(found.body, "Une parole"),
    )


@require_POST
def delete_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase what was noted, and the name with it."""
    found = _fetch(request, pk)
    acts.delete_word(found)
    messages.success(request, "La parole est effacée, et le nom avec elle s’il y en avait un.")
    return redirect("councils:notebook", found.body_id)


@both
def speaker(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the name of who spoke, with their written consent."""
    found = _fetch(request, pk)
    months = settings()["word_name_months"]
    return answer_form(
        request,
        SpeakerForm(request.POST or None, request.FILES or None),
        lambda data: acts.name_speaker(found, **data),
        done="Le nom et l’accord écrit sont gardés.",
        to=reverse("councils:word", args=[pk]),
        heading="Le nom de qui a parlé",
        lead="Seulement avec son accord écrit. Votre instance seule le lit ; il s’efface"
        f" {months} mois après le jour où la parole a été entendue, ou dès que la personne le"
        " demande.",
        action="Garder le nom",
        multipart=True,
        crumbs=trail_of_notebook(found.body, "Nom"),
    )


@require_POST
def forget_speaker(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase the name and the consent at once."""
    if acts.forget_speaker(_fetch(request, pk)):
        messages.success(request, "Le nom et l’accord écrit sont effacés.")
    return redirect("councils:word", pk)


@require_safe
def consent(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The written consent, as a file to keep."""
    found = _fetch(request, pk, "see")
    kept = WordName.objects.filter(word=found).first()
    if kept is None:
        raise Http404
    try:
        return file_response(kept.consent_file, "accord-ecrit")
    except FileNotFoundError:
        raise Http404 from None
