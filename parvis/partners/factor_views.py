"""Pages of the second factor: adding one, proving it, removing it, recovery codes.

allauth does the proving; these pages show it in our shell and keep to our rules.
"""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.internal import flows as totp
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal import flows as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.partners import second_factor
from parvis.partners.actors import ActorRequest
from parvis.partners.sessions import end_sessions

NEXT = "after_second_factor"  # session key: the page that was asked for before


@never_cache
@require_GET
def factors(request: ActorRequest) -> HttpResponse:
    """My factors; where those who must add or prove one are led."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        request.session[NEXT] = wanted
    context = {
        "factors": [
            {
                "row": one,
                "is_passkey": one.type == Authenticator.Type.WEBAUTHN,
                "name": one.wrap().name if one.type == Authenticator.Type.WEBAUTHN else "",
            }
            for one in second_factor.factors_of(request.user)
        ],
        "held_back": request.actor.held_back,
        "proved": second_factor.is_proved(request),
        "asked": any(map(second_factor.is_asked_of, request.actors)),
    }
    return render(request, "mfa/index.html", context)


@never_cache
@require_GET
def proved(request: ActorRequest) -> HttpResponse:
    """Goes on to the page that was asked for before the factor was."""
    return redirect(request.session.pop(NEXT, None) or reverse("partners:account"))


class ActivateApp(ActivateTOTPView):  # type: ignore[misc]  # it has no types
    """An application that gives codes; the code just typed proves the factor too."""

    def form_valid(self, form: Any) -> HttpResponse:
        kept, codes = totp.activate_totp(self.request, form)
        end_sessions(self.request.user, but=self.request)
        second_factor.prove(self.request, self.request.user, kept.type, kept.pk)
        return _added(self.request, codes)


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # it has no types
    """A passkey kept by the device, which checks a finger, a face or a PIN: it serves alone."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super(AddWebAuthnView, self).get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return {**context, "options": options}

    def form_valid(self, form: Any) -> HttpResponse:
        kept, codes = webauthn.add_authenticator(
            self.request,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
        )
        end_sessions(self.request.user, but=self.request)
        second_factor.prove(self.request, self.request.user, kept.type, kept.pk)
        return _added(self.request, codes)


add_app = never_cache(ActivateApp.as_view())
add_passkey = never_cache(AddPasskey.as_view())


def _added(request: Any, codes: Authenticator | None) -> HttpResponse:
    """The first factor comes with its recovery codes, shown at once."""
    if codes is None:
        return redirect("mfa_proved")
    return _show_codes(request, first=True)


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def recovery_codes(request: ActorRequest) -> HttpResponse:
    """How many are left; a button shows them, another one makes new ones."""
    kept = Authenticator.objects.filter(
        user=request.user, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    if kept is None:
        return redirect("mfa_index")
    if request.method == "GET":
        left = len(kept.wrap().get_unused_codes())
        return render(request, "mfa/recovery_codes/index.html", {"left": left})
    if request.POST.get("action") == "renew":
        generate_recovery_codes(request)
        end_sessions(request.user, but=request)
    return _show_codes(request)


def _show_codes(request: Any, *, first: bool = False) -> HttpResponse:
    codes, _ = view_recovery_codes(request)
    context = {"codes": codes.get_unused_codes() if codes else [], "first": first}
    return render(request, "mfa/recovery_codes/codes.html", context)


@require_POST
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove one of my factors; the last one stays where a mandate asks for one."""
    mine = second_factor.factors_of(request.user)
    removed = get_object_or_404(Authenticator, pk__in=[one.pk for one in mine], pk=pk)
    if len(mine) == 1 and any(map(second_factor.is_asked_of, request.actors)):
        messages.error(
            request, "C’est votre seul second facteur : ajoutez-en un autre avant de le retirer."
        )
    else:
        if removed.type == Authenticator.Type.WEBAUTHN:
            webauthn.remove_authenticator(request, removed)
        else:
            totp.deactivate_totp(request, removed)
        end_sessions(request.user, but=request)
    return redirect("mfa_index")
