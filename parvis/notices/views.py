"""Following something by e-mail: asking, and the page of one's own subscriptions."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parvis.notices import subscribing
from parvis.notices.forms import SubscribeForm
from parvis.notices.models import Subscriber, Subscription
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR = 3600  # seconds
ASKED_AN_HOUR = 20  # from one visitor: a centre social asks for several people


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Follow what one of our pages offered (`sujet`): a first mail asks whether that is so."""
    posted = request.method == "POST"
    signed = (request.POST if posted else request.GET).get("sujet", "")
    topic = subscribing.offered(signed)
    form = SubscribeForm(request.POST if posted and topic else None)
    if topic and posted and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("notices:asked")
        if too_often("notices.ask", visitor_key(request), times=ASKED_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, "Trop de demandes d’un coup : réessayez dans une heure.")
        else:
            try:
                subscribing.subscribe(
                    form.cleaned_data["email"], topic, pace=form.cleaned_data["pace"]
                )
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                return redirect("notices:asked")
    context = {"form": form, "topic": topic, "signed": signed}
    return render(request, "notices/subscribe.html", context)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Look into your mail: the same page whatever is known of the address."""
    return render(request, "notices/asked_page.html")


@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """Nothing is followed any more, nothing is kept."""
    return render(request, "notices/ended.html")


@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: HttpRequest, token: str) -> HttpResponse:
    """What the bearer of this link follows: to say yes to, to change, to stop."""
    subscriber = subscribing.subscriber_from_token(token)
    if subscriber is None:
        raise Http404
    mine = list(subscriber.subscriptions.order_by("label", "pk"))
    if request.method == "POST":
        response = _answer(request, token, subscriber, mine)
    else:
        context = {
            "waiting": [one for one in mine if one.confirmed_at is None],
            "followed": [one for one in mine if one.confirmed_at is not None],
            "paces": Subscription.Pace.choices,
        }
        response = render(request, "notices/subscriptions.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(
    request: HttpRequest, token: str, subscriber: Subscriber, mine: list[Subscription]
) -> HttpResponse:
    """One button was pressed, on one subscription or (to stop) on all."""
    pressed = request.POST.get("do", "")
    if pressed == "stop-all":
        subscribing.unsubscribe(subscriber, mine)
        return redirect("notices:ended")
    chosen = next((one for one in mine if str(one.pk) == request.POST.get("subscription")), None)
    if chosen is None:
        messages.error(request, "Cet abonnement n’existe plus.")
    elif pressed == "confirm":
        subscribing.confirm(chosen)
        messages.success(request, f"C’est noté : vous suivez « {chosen.label} ».")
    elif pressed == "stop":
        if subscribing.unsubscribe(subscriber, [chosen]):
            return redirect("notices:ended")
        messages.success(request, f"Vous ne suivez plus « {chosen.label} ».")
    else:
        try:
            subscribing.change_pace(chosen, request.POST.get("pace", ""))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, "Le rythme est changé.")
    return redirect("notices:subscriptions", token)
