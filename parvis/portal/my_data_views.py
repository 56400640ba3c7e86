"""« Mes données »: a person reads, takes away and erases what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import second_factor
from parvis.partners.actors import Actor, ActorRequest
from parvis.portal import my_data
from parvis.portal.models import DataRequest
from parvis.portal.my_data_file import file_of
from parvis.ui.languages import in_every_language
from parvis.ui.unkept import unkept
from parvis.ui.visitors import too_often, visitor_key

SESSION_KEY = "my_data"
AN_HOUR = 3600  # seconds
ASKED_AN_HOUR = 20  # from one visitor: a centre social asks for several people
ASKED_FOR_ONE = 3  # an hour, for one address: nobody is flooded with mails
CODES_AN_HOUR = 5  # asked for in one visit


class AddressForm(forms.Form):
    """Whose data."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        help_text=_("Celle que vous nous avez laissée. Un lien y est envoyé."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # A field that people do not see: who fills it in is a machine.
    website = forms.CharField(required=False, label=_("Ne remplissez pas ce champ"))


class CodeForm(forms.Form):
    """The code that came by mail."""

    code = forms.CharField(
        label=_("Code reçu par courriel"),
        max_length=12,
        help_text=_("Six chiffres."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


Visited = Callable[..., HttpResponseBase]


def private(view: Visited) -> Visited:
    """A page that holds personal data: never kept, never indexed, named to nobody."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        return unkept(response)

    return wrapped


def in_visit(view: Visited) -> Visited:
    """A page of a visit under way; otherwise one begins anew by asking."""

    @private
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = my_data.visit(request.session.get(SESSION_KEY))
        if found is None:
            messages.info(request, gettext("Cette visite est terminée. Redemandez un lien."))
            return redirect("portal:my_data")
        return view(request, found, *args, **kwargs)

    return wrapped


@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """Ask by mail for what is kept of oneself; the same answer whatever is known."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("portal:my_data_asked")
        visitor, address = visitor_key(request), form.cleaned_data["email"].strip().lower()
        if too_often("portal.my_data", visitor, times=ASKED_AN_HOUR, seconds=AN_HOUR):
            form.add_error(None, gettext("Trop de demandes d’un coup : réessayez dans une heure."))
        else:
            # Said to nobody: it would tell that somebody else asked for this address.
            if not too_often("portal.my_data.of", address, times=ASKED_FOR_ONE, seconds=AN_HOUR):
                my_data.ask(address)
            return redirect("portal:my_data_asked")
    context = {"form": form, "signed_in": request.actor.user_id is not None}
    return render(request, "portal/my_data.html", context)


@in_every_language
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    return render(request, "portal/my_data_asked.html")


@in_every_language
@private
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link that was sent. A button uses it up, since mail scanners open every link."""
    found = my_data.request_of(token)
    if found is None:
        return render(request, "portal/my_data_closed.html", status=404)
    if request.method == "POST" and my_data.open_visit(found):
        request.session.cycle_key()  # whoever knew the key of before sees nothing
        request.session[SESSION_KEY] = found.pk
        return redirect("portal:my_data_shown")
    return render(request, "portal/my_data_open.html", {"token": token})


@in_every_language
@in_visit
@require_safe
def shown(request: HttpRequest, found: DataRequest) -> HttpResponse:
    """Everything that is kept at one's address, in words."""
    kept = my_data.kept_of(found.email)
    context = {
        "kept": kept,
        "address": found.email,
        "until": found.expires_at,
        "erasable": sum(one.erasable for one in kept),
        "waits": my_data.waits_for_a_code(found),
    }
    return render(request, "portal/my_data_shown.html", context)


@in_visit
@require_safe
def export(request: HttpRequest, found: DataRequest) -> HttpResponseBase:
    """The same, as a file to take away."""
    return file_of(my_data.kept_of(found.email), who=found.email)


@in_every_language
@in_visit
@require_POST
def erase(request: HttpRequest, found: DataRequest) -> HttpResponse:
    """What is ticked is to be erased: a code is sent first."""
    codes = request.POST.getlist("what")
    if too_often("portal.my_data.code", str(found.pk), times=CODES_AN_HOUR, seconds=AN_HOUR):
        messages.error(request, gettext("Trop de codes demandés : attendez une heure."))
    elif my_data.ask_to_erase(found, codes):
        return redirect("portal:my_data_confirm")
    else:
        messages.error(request, gettext("Cochez ce que vous voulez effacer."))
    return redirect("portal:my_data_shown")


@in_every_language
@in_visit
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, found: DataRequest) -> HttpResponse:
    """The code that came by mail: with it, what was ticked is erased."""
    if not my_data.waits_for_a_code(found):
        return redirect("portal:my_data_shown")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            my_data.erase(found, form.cleaned_data["code"])
        except my_data.WrongCode:
            found.refresh_from_db()
            if not my_data.waits_for_a_code(found):
                messages.error(
                    request, gettext("Trop d’essais : ce code ne vaut plus, demandez-en un autre.")
                )
                return redirect("portal:my_data_shown")
            form.add_error("code", gettext("Ce n’est pas le code du dernier message reçu."))
        else:
            messages.success(request, gettext("C’est effacé. Un message vous le confirme."))
            return redirect("portal:my_data_shown")
    labels = [my_data.holdings()[one].label for one in found.scope]
    return render(request, "portal/my_data_confirm.html", {"form": form, "labels": labels})


@in_every_language
@in_visit
@require_POST
def end(request: HttpRequest, found: DataRequest) -> HttpResponse:
    """Leave: the address that asked is forgotten at once."""
    my_data.end_visit(found)
    request.session.pop(SESSION_KEY, None)
    messages.success(request, gettext("Votre visite est terminée, votre demande est oubliée."))
    return redirect("portal:my_data")


@private
@require_safe
def account(request: ActorRequest) -> HttpResponseBase:
    """One's own account as a file: mandates, what one wrote and may still see, what one read. Who
    still has to prove a second factor gets what is kept at their address, and nothing they wrote.
    """
    actors: list[Actor] = list(request.actors)
    if not second_factor.is_proved(request):
        actors = [one for one in actors if not second_factor.is_asked_of(one)]
    kept = my_data.kept_of(request.user.email)
    for one in my_data.written().values():
        things = one.find(request.user.pk, actors)
        if things:
            pairs = tuple((thing, ()) for thing in things)
            kept.append(my_data.Kept(one.code, one.label, pairs))
    return file_of(kept, who=request.user.email, now=timezone.now())
