"""Supporting a proposition: by an address that confirms, or in one click for who is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.councils import proposition_supports as supporting
from parvis.councils.proposition_acts import SUPPORTED
from parvis.councils.proposition_digest import person_of, support_from_token
from parvis.councils.proposition_forms import SupportForm
from parvis.councils.proposition_views import fetch_proposition, show
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

AN_HOUR = 3600  # seconds
ASKED_AN_HOUR = 20  # by one visitor, whatever the addresses
SENT = (
    "Un message part vers cette adresse : ouvrez-le et confirmez, votre soutien sera compté. "
    "Rien ne vient ? Regardez dans les indésirables, ou réessayez dans une heure."
)
TOO_MANY = "Beaucoup de soutiens viennent de votre connexion : réessayez dans une heure."


@require_POST
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """Support it: the same words are answered whether this address already does or not."""
    found = fetch_proposition(request, pk, "support")
    user: Any = request.user
    try:
        if user.is_authenticated:
            supporting.support_signed_in(found, user.email)
            messages.success(request, "Votre soutien est compté.")
            return redirect("councils:proposition", pk)
        form = SupportForm(request.POST)
        if not form.is_valid():
            return show(request, found, form)
        who = visitor_key(request)
        if too_often("councils.support.visitor", who, times=ASKED_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, TOO_MANY)
            return show(request, found, form)
        if not form.cleaned_data["website"]:
            supporting.ask_support(found, form.cleaned_data["email"])
        messages.success(request, SENT)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("councils:proposition", pk)


@require_POST
def unsupport(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is signed in takes their support back."""
    found = fetch_proposition(request, pk, "support")
    user: Any = request.user
    if user.is_authenticated:
        supporting.drop_support(found, person=person_of(found.pk, user.email))
        messages.success(request, "Votre soutien est retiré.")
    else:
        messages.error(request, "Pour retirer un soutien, ouvrez le lien du message reçu.")
    return redirect("councils:proposition", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def my_support(request: HttpRequest, token: str) -> HttpResponse:
    """The link that was mailed: pressing the button confirms. Programs that open the links of a
    mail to look at them confirm nothing."""
    found = support_from_token(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            supporting.confirm_support(found)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return unkept(redirect("councils:my_support", token))
    return unkept(
        render(
            request,
            "councils/proposition_support.html",
            {
                "support": found,
                "proposition": found.proposition,
                "opened": found.proposition.state in SUPPORTED,
                "token": token,
            },
        )
    )


@require_POST
def drop_support(request: HttpRequest, token: str) -> HttpResponse:
    """The same link takes the support back; nothing of it stays."""
    found = support_from_token(token)
    if found is None:
        raise Http404
    supporting.drop_support(found.proposition, person=found.person)
    messages.success(request, "Votre soutien est retiré, rien n’en est gardé.")
    return unkept(redirect("councils:proposition", found.proposition_id))
