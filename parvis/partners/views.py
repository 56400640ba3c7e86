"""My account, whom I act for, and answering an invitation."""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners import invitations
from parvis.partners.actors import SESSION_KEY, ActorRequest
from parvis.partners.forms import AcceptForm, NameForm, PasswordForm
from parvis.partners.models import Role
from parvis.ui.visitors import too_often

FRESH_CODE = 15 * 60  # seconds during which a code stands for the old password


@require_POST
def act_for(request: ActorRequest) -> HttpResponse:
    """Choose the mandate to use; only one's own that is in force."""
    wanted = request.POST.get("mandate", "")
    for actor in request.actors:
        if str(actor.mandate_id) == wanted:
            request.session[SESSION_KEY] = actor.mandate_id
            messages.success(request, f"Vous agissez maintenant pour {actor.organisation_name}.")
            break
    else:
        messages.error(request, "Ce mandat n’est pas à vous, ou il est terminé.")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = settings.LOGIN_REDIRECT_URL
    return redirect(target)


@require_http_methods(["GET", "POST"])
def account(request: ActorRequest) -> HttpResponse:
    """My name, my mandates, my password."""
    form = NameForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
        messages.success(request, "Votre nom est enregistré.")
        return redirect("partners:account")
    roles = dict(Role.choices)
    mandates = [(actor, roles[actor.role]) for actor in request.actors]
    return render(request, "partners/account.html", {"form": form, "mandates": mandates})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: ActorRequest) -> HttpResponse:
    """Choose a password, or change it."""
    user = request.user
    ask_old = user.has_usable_password() and not _signed_in_by_fresh_code(request)
    form = PasswordForm(user, request.POST or None, ask_old=ask_old)
    if request.method == "POST":
        if ask_old and too_often("old password", str(user.pk), times=5, seconds=300):
            form.add_error(None, "Trop d’essais. Attendez cinq minutes, puis recommencez.")
        elif form.is_valid():
            user.set_password(form.cleaned_data["new_password"])
            user.save(update_fields=["password"])
            update_session_auth_hash(request, user)  # other sessions end, this one goes on
            messages.success(request, "Votre mot de passe est enregistré.")
            return redirect("partners:account")
    return render(request, "partners/password.html", {"form": form})


def _signed_in_by_fresh_code(request: ActorRequest) -> bool:
    records = get_authentication_records(request, request.user)
    since = time.time() - FRESH_CODE
    return any(record["method"] == "code" and record["at"] > since for record in records)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: ActorRequest, token: str) -> HttpResponse:
    """Read an invitation, and accept it by a button: reading never uses it up, since mail
    scanners open every link."""
    found = invitations.from_token(token)
    if found is None:
        return render(request, "partners/invitation_closed.html", status=404)
    if closed := invitations.why_closed(found):
        return _closed(request, closed)
    signed_in = request.user.is_authenticated
    context = {
        "invitation": found,
        "perimeter": invitations.perimeter_of(found),
        "other_account": signed_in and request.user.email != found.email,
    }
    known = invitations.account_for(found)
    form = None if known else AcceptForm(request.POST or None)
    if request.method == "POST":
        if context["other_account"]:
            if "sign_out" in request.POST:
                logout(request)
                return redirect(request.path)
        elif known and not signed_in:
            # An account may hold other mandates: a forwarded link must not open it.
            messages.info(request, "Vous avez déjà un compte : connectez-vous, puis acceptez.")
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        elif form is None or form.is_valid():
            name = form.cleaned_data["name"] if form else ""
            try:
                mandate = invitations.accept(found, name=name)
            except invitations.InvitationRefused as refusal:
                return _closed(request, str(refusal))
            if not signed_in:
                login(
                    request,
                    mandate.person,
                    backend="allauth.account.auth_backends.AuthenticationBackend",
                )
            request.session[SESSION_KEY] = mandate.pk
            messages.success(request, f"Bienvenue. Vous agissez pour {mandate.organisation}.")
            return redirect(settings.LOGIN_REDIRECT_URL)
    context |= {"form": form, "known": known}
    return render(request, "partners/invitation.html", context)


def _closed(request: ActorRequest, why: str) -> HttpResponse:
    return render(request, "partners/invitation_closed.html", {"why": why}, status=410)
