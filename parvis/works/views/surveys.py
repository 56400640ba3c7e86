"""Surveys: the page that residents answer without a name, paper answers, letter and results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.partners.actors import actor_of
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key
from parvis.ui.words import NBSP, counted, day_in_words
from parvis.works.acts import surveys as acts
from parvis.works.handover_forms import AnswerForm, PaperSet, SurveyForm
from parvis.works.handover_models import Delivery, Survey
from parvis.works.sorting import lines
from parvis.works.surveying import chart_of, results_of
from parvis.works.views.deliveries import (
    METHODS,
    add_errors,
    fetch_delivery,
    form_page,
    there,
    trail,
)

AN_HOUR = 3600  # seconds
ANSWERS_AN_HOUR = 20  # from one address: a household, or a hall with one telephone


# --- Residents --------------------------------------------------------------------------------


def _by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that the link on the letter opens: never kept, never indexed."""

    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        found = acts.survey_from_token(token)
        if found is None:
            raise Http404
        response = view(request, token, found)
        return unkept(response)

    return wrapped


# Nothing is done here in the name of who is signed in: the answer holds nobody, and it asks for
# no cookie.
@csrf_exempt
@require_http_methods(METHODS)
@_by_link
def answer(request: HttpRequest, token: str, found: Survey) -> HttpResponse:
    """The questions, and what a resident answers."""
    state = found.state_on(timezone.localdate())
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and state == "open" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("works:answered", token)
        who = f"{found.pk}.{visitor_key(request)}"
        if too_often("works.survey", who, times=ANSWERS_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, "Trop de réponses d’un coup : réessayez dans une heure.")
        else:
            try:
                acts.answer_survey(found, marks=form.given(), sent_as=form.cleaned_data["sent_as"])
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                return redirect("works:answered", token)
    context = {"survey": found, "delivery": found.delivery, "state": state, "form": form}
    return render(request, "works/survey_answer.html", context)


@require_safe
@_by_link
def answered(request: HttpRequest, token: str, found: Survey) -> HttpResponse:
    """Thanks, and what becomes of the answers."""
    context = {
        "survey": found,
        "delivery": found.delivery,
        "again": reverse("works:answer", args=[token]),
    }
    return render(request, "works/survey_thanks.html", context)


# --- Partners ---------------------------------------------------------------------------------


def _survey(request: HttpRequest, pk: int, months: int, action: str) -> tuple[Delivery, Survey]:
    found = fetch_delivery(request, pk, action)
    one: Survey = get_object_or_404(found.surveys, months=months)
    return found, one


def _url(survey: Survey) -> str:
    return f"{settings.SITE_URL}{reverse('works:answer', args=[acts.token_of(survey)])}"


@require_safe
def survey(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """One survey: its link, its letter, how many answered, its results once it is closed."""
    actor = actor_of(request)
    found, one = _survey(request, pk, months, "follow")
    (result,) = results_of([one])
    may = {
        action: Delivery.objects.allowed(actor, action).filter(pk=pk).exists()
        for action in ("edit", "check")
    }
    heading = f"Enquête à {months}{NBSP}mois"
    return render(
        request,
        "works/survey.html",
        {
            "delivery": found,
            "survey": one,
            "result": result,
            "may": may,
            "link": _url(one),
            "fewest": acts.fewest(),
            "chart": chart_of([result], f"Ce que disent les habitants, à {result.label}"),
            "heading": heading,
            "crumbs": trail((found.title, there(found)), (heading, "")),
        },
    )


@require_http_methods(METHODS)
def dates(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """Move the days between which residents answer."""
    found, one = _survey(request, pk, months, "edit")
    form = SurveyForm(request.POST or None, initial=SurveyForm.initial_of(one))
    if request.method == "POST" and form.is_valid():
        try:
            acts.date_survey(one, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Dates enregistrées.")
            return redirect("works:survey", pk, months)
    back = reverse("works:survey", args=[pk, months])
    heading = f"Dates de l’enquête à {months}{NBSP}mois"
    return form_page(request, found, form, heading, "Enregistrer", back=back)


@require_http_methods(METHODS)
def paper(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """Enter what came back on paper, several answers at once."""
    found, one = _survey(request, pk, months, "check")
    forms = PaperSet(request.POST or None, prefix="r")
    if request.method == "POST" and forms.is_valid():
        given = [marks for marks in (form.given() for form in forms if form.has_changed()) if marks]
        try:
            kept = acts.enter_paper(one, answers=given)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            words = counted(len(kept), "réponse saisie", "réponses saisies")
            messages.success(request, f"{words.capitalize()}. Vous pouvez en saisir d’autres.")
            return redirect("works:enter_paper", pk, months)
    back = reverse("works:survey", args=[pk, months])
    heading = "Saisir des réponses sur papier"
    return render(
        request,
        "works/survey_paper.html",
        {
            "delivery": found,
            "survey": one,
            "state": one.state_on(timezone.localdate()),
            "forms": forms,
            "entered": one.answers.filter(channel="paper").count(),
            "heading": heading,
            "back": back,
            "crumbs": trail(
                (found.title, there(found)), (f"Enquête à {months}{NBSP}mois", back), (heading, "")
            ),
        },
    )


@require_POST
def publish(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """Show the results to everybody, or to partners alone again."""
    _, one = _survey(request, pk, months, "edit")
    shown = request.POST.get("shown") == "yes"
    try:
        acts.publish_survey(one, actor=actor_of(request), shown=shown)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        words = "Chacun peut lire ces résultats." if shown else "Les partenaires seuls les lisent."
        messages.success(request, words)
    return redirect("works:survey", pk, months)


@require_safe
def letter(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """A page to hand out and to hang in the halls: the link as a code, and the questions."""
    found, one = _survey(request, pk, months, "follow")
    address = _url(one)
    residence = found.residence
    data: dict[str, Any] = {
        "months": counted(one.months, "mois", "mois"),
        "place": found.title,
        "residence": residence.name if residence else "",
        "owner": found.operation.owner.name,
        "closes": day_in_words(one.closes_on),
        "questions": [line["label"] for line in lines("question").values()],
        "marks": list(acts.MARKS.values()),
        "fewest": acts.fewest(),
        "address": address,
    }
    title = "Votre avis compte"
    content = make_pdf("works/survey", data, title=title, files={"/qr.svg": qr_code(address)})
    return pdf_response(f"enquete-{months}-mois-{found.title}", content)


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What residents answered at each survey, side by side: those that are published, and for
    partners those that are closed."""
    actor, found = actor_of(request), fetch_delivery(request, pk)
    follows = actor.is_partner and Delivery.objects.allowed(actor, "follow").filter(pk=pk).exists()
    surveys = list(found.surveys.all())
    read = results_of(one for one in surveys if follows or one.published_at)
    title = f"Ce que disent les habitants : {found.title}"
    return render(
        request,
        "works/survey_results.html",
        {
            "delivery": found,
            "results": read,
            "shown": [one for one in read if one.state == "shown"],
            "chart": chart_of(read, title),
            "marks": list(acts.MARKS.values()),
            "fewest": acts.fewest(),
            "crumbs": trail((found.title, there(found)), ("Résultats", "")),
        },
    )
