"""Sign-in by a provider of OpenID Connect, such as ProConnect: who is let in by its word.

Only a person already known by an address that the provider has verified: an account comes by
invitation, never from here. Nothing of the exchange is kept, neither tokens nor a link to the
account.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import get_random_string

from parvis.partners.models import User

PROVIDER = "openid_connect"
UNGUESSABLE = 43  # signs; ProConnect asks for at least 32


def name() -> str:
    """What the button says; empty when no provider is set."""
    return str(settings.OIDC["name"]) if settings.OIDC["server_url"] else ""


def verified_address(claims: dict[str, Any]) -> str:
    """The address that the provider vouches for; empty when it does not."""
    said = claims.get("userinfo") or claims.get("id_token") or {}
    vouched = settings.OIDC["trust_email"] or said.get("email_verified") is True
    return str(said.get("email") or "").strip().lower() if vouched else ""


def proved_a_second_factor(claims: dict[str, Any]) -> bool:
    """Whether the provider says that it asked two factors, in the words that settings accept."""
    said, accepted = claims.get("id_token") or {}, settings.OIDC
    methods = said.get("amr")
    methods = methods if isinstance(methods, list) else []
    return said.get("acr") in accepted["acr"] or any(one in accepted["amr"] for one in methods)


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # it has no types
    """One provider, from settings; persons already known, and nobody else."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        told = settings.OIDC
        if not told["server_url"]:
            return []
        app = SocialApp(
            provider=PROVIDER,
            provider_id=PROVIDER,
            name=told["name"],
            client_id=told["client_id"],
            secret=told["client_secret"],
            settings={
                "server_url": told["server_url"],
                "scope": told["scopes"],
                "oauth_pkce_enabled": True,
                "auth_params": {"acr_values": " ".join(told["acr"])} if told["acr"] else {},
            },
        )
        return [app]

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return get_random_string(UNGUESSABLE)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.token = None  # it has served
        address = verified_address(sociallogin.account.extra_data)
        person = User.objects.filter(email=address, is_active=True).first() if address else None
        if person is None:
            raise ImmediateHttpResponse(
                refused(request, status=403, unknown=address, unsure=not address)
            )
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(refused(request, status=401))


def refused(
    request: HttpRequest, *, status: int, unknown: str = "", unsure: bool = False
) -> HttpResponse:
    """Why nobody came in: an address that nobody has here, or not vouched for, or no answer."""
    page = {"provider": name(), "unknown": unknown, "unsure": unsure}
    return render(request, "socialaccount/refused.html", page, status=status)
