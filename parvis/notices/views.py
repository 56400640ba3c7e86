"""Following something by e-mail: asking, and the page of one's own subscriptions."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.notices import publishing, subscribing
from parvis.notices import standing as standings
from parvis.notices.fingerprints import choices_url
from parvis.notices.forms import SubscribeForm
from parvis.notices.models import Subscriber, Subscription
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR = 3600  # seconds
ASKED_AN_HOUR = 20  # from one visitor: a centre social asks for several people


@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Follow what one of our pages offered (`sujet`): a first mail asks whether that is so."""
    posted = request.method == "POST"
    subjects = (request.POST if posted else request.GET).getlist("sujet")[: subscribing.AT_ONCE]
    topics = [topic for topic in map(subscribing.offered, subjects) if topic is not None]
    form = SubscribeForm(request.POST if posted and topics else None)
    if topics and posted and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("notices:asked")
        if too_often("notices.ask", visitor_key(request), times=ASKED_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, gettext("Trop de demandes d’un coup : réessayez dans une heure."))
        else:
            try:
                subscribing.subscribe(
                    form.cleaned_data["email"], *topics, pace=form.cleaned_data["pace"]
                )
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                return redirect("notices:asked")
    context = {
        "form": form,
        "topics": topics,
        "subjects": [subscribing.offer(topic) for topic in topics],
        "nothing": posted,
    }
    return render(request, "notices/subscribe.html", context)


@in_every_language
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Look into your mail: the same page whatever is known of the address."""
    return render(request, "notices/asked_page.html")


@in_every_language
@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """Nothing is followed any more, nothing is kept."""
    return render(request, "notices/ended.html")


@in_every_language
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
        waiting = [one for one in mine if one.confirmed_at is None]
        wider = subscribing.proposed(mine) if len(waiting) < len(mine) else []
        context = {
            "waiting": waiting,
            "several": len(waiting) > 1,
            "groups": subscribing.grouped(one for one in mine if one.confirmed_at is not None),
            "paces": Subscription.Pace.choices,
            "at_once": publishing.AT_ONCE_A_DAY,
            "proposed": [(subscribing.offer(topic), topic.label) for topic in wider],
            "choices": choices_url(subscriber.email),
        }
        response = render(request, "notices/subscriptions.html", context)
    return unkept(response)


@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """How messages leave: numbers and kinds of errors, for a coordination."""
    return render(request, "notices/standing.html", {"standing": standings.standing()})


def _answer(
    request: HttpRequest, token: str, subscriber: Subscriber, mine: list[Subscription]
) -> HttpResponse:
    """One button was pressed, on one subscription or on all."""
    pressed = request.POST.get("do", "")
    if pressed == "stop-all":
        subscribing.unsubscribe(subscriber, mine)
        return redirect("notices:ended")
    if pressed == "confirm-all":
        subscribing.confirm(*mine)
        messages.success(request, gettext("C’est noté : vous suivez tout cela."))
        return redirect("notices:subscriptions", token)
    if pressed == "follow":
        _follow_too(request, subscriber)
        return redirect("notices:subscriptions", token)
    chosen = next((one for one in mine if str(one.pk) == request.POST.get("subscription")), None)
    if chosen is None:
        messages.error(request, gettext("Cet abonnement n’existe plus."))
    elif pressed == "confirm":
        subscribing.confirm(chosen)
        messages.success(
            request, gettext("C’est noté : vous suivez « {what} ».").format(what=chosen.label)
        )
    elif pressed == "stop":
        if subscribing.unsubscribe(subscriber, [chosen]):
            return redirect("notices:ended")
        messages.success(
            request, gettext("Vous ne suivez plus « {what} ».").format(what=chosen.label)
        )
    else:
        try:
            subscribing.change_pace(chosen, request.POST.get("pace", ""))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, gettext("Le rythme est changé."))
    return redirect("notices:subscriptions", token)


def _follow_too(request: HttpRequest, subscriber: Subscriber) -> None:
    """One thing more, among those that the page proposed."""
    topic = subscribing.offered(request.POST.get("sujet", ""))
    if topic is None:
        messages.error(
            request, gettext("Cette proposition n’est plus valable : rechargez la page.")
        )
    elif subscribing.follow_too(subscriber, topic, pace=Subscription.Pace.DAILY):
        messages.success(
            request,
            gettext("C’est noté : vous suivez « {what} », un résumé par jour.").format(
                what=topic.label
            ),
        )
    else:
        messages.error(
            request,
            gettext(
                "Vous suivez déjà {n} choses : arrêtez-en une pour en suivre une autre."
            ).format(n=subscribing.AT_MOST),
        )
