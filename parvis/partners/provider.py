"""The provider of OpenID Connect as allauth sees it; allauth finds it by the name of this module.

More than allauth's own: a nonce, the same person in both answers, and what a provider says of a
person read when it comes as a signed token too, as from ProConnect.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string

from parvis.partners.oidc import UNGUESSABLE

NONCE = "oidc_nonce"  # session key


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # it has no types
    """What is said between the provider and us."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return f"{settings.SITE_URL}{reverse('oidc_back')}"

    def complete_login(self, request: HttpRequest, *args: Any, **kwargs: Any) -> SocialLogin:
        login = super().complete_login(request, *args, **kwargs)
        claims = login.account.extra_data
        token = claims.get("id_token") or {}
        nonce = request.session.pop(NONCE, "")
        if not nonce or not constant_time_compare(str(token.get("nonce", "")), nonce):
            raise OAuth2Error("the identity token answers another question")
        if claims.get("userinfo", token).get("sub") != token.get("sub"):
            raise OAuth2Error("the two answers speak of two persons")
        return login

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers=headers)
        answer.raise_for_status()
        if not answer.headers.get("Content-Type", "").startswith("application/jwt"):
            found: dict[str, Any] = answer.json()
            return found
        signed: dict[str, Any] = jwtkit.verify_and_decode(
            credential=answer.text,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=settings.OIDC["client_id"],
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return signed


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # it has no types
    """What is asked of the provider is set here alone: the visitor's address adds nothing."""

    oauth2_adapter_class = Exchange

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        nonce = request.session[NONCE] = get_random_string(UNGUESSABLE)
        return {**self.get_auth_params(), "nonce": nonce}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())


provider_classes = [Provider]
