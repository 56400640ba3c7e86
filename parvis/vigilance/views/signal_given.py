"""What the actor's organisation signalled: the list, a new one, one taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners.actors import actor_of
from parvis.partners.rights import fetch
from parvis.vigilance.door_tabs import tabs_of
from parvis.vigilance.models import DwellingSignal
from parvis.vigilance.scopes import meets_households
from parvis.vigilance.signal_acts import give_signal
from parvis.vigilance.signal_forms import SignalForm, month_in_words

SHOWN = 60


@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    """The last signals of my organisation."""
    actor = actor_of(request)
    rows = DwellingSignal.objects.visible_to(actor).select_related(
        "commune", "quartier", "residence"
    )
    rows = rows.defer("commune__outline", "quartier__outline", "residence__outline")
    found = list(rows.order_by("-month", "-pk")[: SHOWN + 1])
    context = {
        "signals": [(one, month_in_words(one.month)) for one in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "may_signal": meets_households(actor),
        "tabs": tabs_of(actor, "vigilance:signals"),
    }
    return render(request, "vigilance/signal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Note that dwellings of a place are cold or damp."""
    actor, allowed = actor_of(request), meets_households(actor_of(request))
    form = SignalForm(request.POST or None, actor=actor, today=timezone.localdate())
    if request.method == "POST" and allowed and form.is_valid():
        said = form.cleaned_data
        signal, is_new = give_signal(actor=actor, **said)
        place = signal.residence or signal.quartier or signal.commune
        if not is_new:
            messages.info(
                request,
                f"Votre organisation l’avait déjà noté ce mois-ci pour {place} :"
                " cela compte une fois.",
            )
        elif said["residence"] and signal.residence is None:
            messages.success(
                request, f"C’est noté pour {place}. La résidence, trop petite, n’est pas gardée."
            )
        else:
            messages.success(request, f"C’est noté pour {place}. Merci.")
        return redirect("vigilance:signals")
    context = {
        "form": form,
        "may_signal": allowed,
        "crumbs": [
            {"label": "Logements froids ou humides", "url": reverse("vigilance:signals")},
            {"label": "Noter un constat"},
        ],
    }
    return render(request, "vigilance/signal_form.html", context)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was given by mistake."""
    found = fetch(DwellingSignal.objects.all(), actor_of(request), "remove", pk=pk)
    found.delete()
    messages.success(request, "Ce constat est retiré.")
    return redirect("vigilance:signals")
