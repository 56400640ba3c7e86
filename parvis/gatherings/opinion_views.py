"""What people thought of a gathering: the questionnaire, and its results for who organises."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.gatherings import evaluating
from parvis.gatherings.forms import OpinionForm
from parvis.gatherings.models import Gathering, Registration
from parvis.gatherings.views import ROWS, by_link
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.ui.languages import in_every_language
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR = 3600  # seconds
OPINIONS_AN_HOUR = 40  # from one address: a tablet goes round the room


@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def opinion(request: HttpRequest, token: str, found: Registration) -> HttpResponse:
    """The questionnaire of somebody who registered."""

    def keep(form: OpinionForm) -> None:
        evaluating.evaluate_by_link(found, said=form.said(), words=form.cleaned_data["words"])

    return _page(request, found.gathering, keep, already=found.evaluated)


@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, token: str) -> HttpResponse:
    """The questionnaire that is opened in the room, by its code."""
    number = evaluating.number_from_token(token)
    if number is None:
        raise Http404
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), pk=number)

    def keep(form: OpinionForm) -> None:
        who = visitor_key(request)
        if too_often("gatherings.opinion", who, times=OPINIONS_AN_HOUR, seconds=AN_HOUR):
            raise ValidationError(gettext("Trop de réponses d’un coup : réessayez dans une heure."))
        evaluating.evaluate_in_the_room(found, said=form.said(), words=form.cleaned_data["words"])

    response = _page(request, found, keep)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(
    request: HttpRequest,
    found: Gathering,
    keep: Callable[[OpinionForm], None],
    *,
    already: bool = False,
) -> HttpResponse:
    """The form; once it is kept, thanks, at the same address and without any trace of who."""
    opened = evaluating.takes_evaluations(found, timezone.now())
    form = OpinionForm(request.POST or None, kind=found.kind)
    thanked = False
    if request.method == "POST" and form.is_valid():
        try:
            keep(form)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            thanked = True
    context = {
        "gathering": found,
        "form": form,
        "opened": opened,
        "thanked": thanked,
        "already": already and not thanked,
    }
    return render(request, "gatherings/opinion.html", context)


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What people thought of it, for who organises."""
    found: Gathering = rights.fetch(ROWS.all(), actor_of(request), "attend", pk=pk)
    seated = found.registrations.filter(state=Registration.State.SEATED)
    return render(
        request,
        "gatherings/results.html",
        {
            "gathering": found,
            "results": evaluating.results_of(found),
            "told_from": evaluating.TOLD_FROM,
            "opened": evaluating.takes_evaluations(found, timezone.now()),
            "came": seated.filter(came=True).count(),
            "address": evaluating.room_address(found) if found.published_at else "",
            "crumbs": [
                {"label": "Rendez-vous", "url": reverse("gatherings:list")},
                {"label": found.title, "url": reverse("gatherings:gathering", args=[pk])},
                {"label": "Avis"},
            ],
        },
    )
