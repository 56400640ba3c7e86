"""Preparing sittings of others: their list, and the pages of one, for the body alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import aside_acts as acts
from parvis.councils.answers import crumbs, fetch_body, page_of
from parvis.councils.aside_answers import PAGE, answer_form, fetch_preparation, pager, trail
from parvis.councils.aside_forms import CarriedForm, MeetingForm, NoteForm
from parvis.councils.aside_papers import note_paper
from parvis.councils.aside_plain import advice_on
from parvis.councils.aside_reading import called_to, lines_of, meeting_of, sittings_of, steps_of
from parvis.councils.referent_models import Preparation, ResidentWord
from parvis.councils.tabs import tabs_of
from parvis.meetings.models import Sitting
from parvis.partners.actors import actor_of

both = require_http_methods(["GET", "HEAD", "POST"])
OFFERED = 60  # words of the notebook that may be carried


@require_safe
def preparations(request: HttpRequest, pk: int) -> HttpResponse:
    """The sittings where référents of the body are called, and what is ready for each."""
    body = fetch_body(request, pk, "enter")
    past, page = request.GET.get("passees") == "1", page_of(request)
    lines, more = lines_of(body, past=past, now=timezone.now(), start=(page - 1) * PAGE, count=PAGE)
    return render(
        request,
        "councils/aside_preparations.html",
        {
            "body": body,
            "lines": lines,
            "past": past,
            **pager(request, page, more),
            "tabs": tabs_of(actor_of(request), body, "councils:preparations"),
            "crumbs": crumbs(body, ("Préparer les séances", "")),
        },
    )


@require_POST
def prepare(request: HttpRequest, pk: int, sitting: int) -> HttpResponse:
    """Begin to prepare a sitting."""
    body = fetch_body(request, pk, "enter")
    found = get_object_or_404(sittings_of(body), pk=sitting)
    return redirect("councils:preparation", acts.open_preparation(body, found).pk)


@require_safe
def preparation(request: HttpRequest, pk: int) -> HttpResponse:
    """One sitting to prepare: the meeting, the note, who goes along, the words, what came of it."""
    actor, found, now = actor_of(request), fetch_preparation(request, pk), timezone.now()
    words = list(_carried(found))
    return render(
        request,
        "councils/aside_preparation.html",
        {
            "preparation": found,
            "gathering": found.sitting.gathering,
            "seen": Sitting.objects.visible_to(actor).filter(pk=found.sitting_id).exists(),
            "called": called_to(found),
            "meeting": meeting_of(found),
            "steps": steps_of(found, len(words)),
            "note": [
                (NoteForm.base_fields[name].label, text, advice_on(text))
                for name in acts.NOTE
                if (text := getattr(found, name))
            ],
            "words": words,
            "begun": found.sitting.gathering.starts_at <= now,
            "why": acts.why_not_told(found, now),
            "tells": Preparation.objects.allowed(actor, "tell").filter(pk=pk).exists(),
            "crumbs": trail(found),
        },
    )


def _carried(found: Preparation) -> QuerySet[ResidentWord]:
    rows = ResidentWord.objects.filter(preparation=found)
    return rows.select_related("quartier", "speaker").defer("quartier__outline")


@both
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the date of the preparatory meeting."""
    found = fetch_preparation(request, pk)
    standing, names = meeting_of(found), ("starts_at", "ends_at", "place_label")
    initial = {name: getattr(standing, name) for name in names} if standing else {}
    return answer_form(
        request,
        MeetingForm(request.POST or None, initial=initial),
        lambda data: acts.plan_meeting(found, actor=actor_of(request), **data),
        done="Réunion de préparation notée. Votre instance seule la voit.",
        to=reverse("councils:preparation", args=[pk]),
        heading="La réunion de préparation",
        lead="Elle n’est jamais publiée : votre instance seule en voit la date.",
        action="Enregistrer",
        crumbs=trail(found, "Réunion"),
    )


@require_POST
def drop_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the preparatory meeting off."""
    acts.drop_meeting(fetch_preparation(request, pk), actor=actor_of(request))
    messages.success(request, "La réunion de préparation est annulée.")
    return redirect("councils:preparation", pk)


@both
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the note in plain words, and who goes along."""
    found = fetch_preparation(request, pk)
    initial = {name: getattr(found, name) for name in ("companion", *acts.NOTE)}
    return answer_form(
        request,
        NoteForm(request.POST or None, initial=initial),
        lambda data: acts.write_note(found, **data),
        done="Note enregistrée. Les conseils pour l’écrire plus simplement sont à côté du texte.",
        to=reverse("councils:preparation", args=[pk]),
        heading="La note en mots simples",
        lead="Des phrases courtes, un fait par phrase, pas de sigle. Votre instance seule la lit.",
        action="Enregistrer la note",
        crumbs=trail(found, "Note"),
    )


@both
def carried(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose words of the notebook to carry to the sitting."""
    found = fetch_preparation(request, pk)
    free = ResidentWord.objects.filter(body=found.body).filter(
        Q(preparation=None) | Q(preparation=found)
    )
    newest = free.order_by("-heard_on", "-pk").values_list("pk", flat=True)[:OFFERED]
    mine = list(_carried(found).values_list("pk", flat=True))
    rows = ResidentWord.objects.filter(pk__in=[*newest, *mine])
    form = CarriedForm(request.POST or None, rows=rows, initial={"words": mine})
    notebook = reverse("councils:notebook", args=[found.body_id])
    if request.method == "POST" and form.is_valid():
        try:
            acts.choose_words(found, form.cleaned_data["words"])
        except ValidationError as refused:
            form.add_error("words", refused)
        else:
            messages.success(request, "Les paroles à porter sont choisies.")
            return redirect("councils:preparation", pk)
    return render(
        request,
        "councils/aside_carried.html",
        {
            "preparation": found,
            "form": form,
            "any": rows.exists(),
            "most": acts.WORDS_AT_MOST,
            "notebook": notebook,
            "crumbs": trail(found, "Paroles"),
        },
    )


@require_safe
def note_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The note on one page, to hold in the hand."""
    found = fetch_preparation(request, pk)
    return note_paper(found, list(_carried(found)))
