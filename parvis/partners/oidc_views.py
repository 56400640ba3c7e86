"""Going to the provider of OpenID Connect and coming back."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from parvis.partners import oidc
from parvis.partners.provider import Exchange


@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider."""
    return _exchange(OAuth2LoginView, request)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with what it says."""
    return _exchange(OAuth2CallbackView, request)


def _exchange(view: Any, request: HttpRequest) -> HttpResponse:
    if not oidc.name():
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(Exchange(request, oidc.PROVIDER))(request)
    except (OAuth2Error, RequestException):  # it does not answer, or not in its own words
        return oidc.refused(request, status=502)
    return answer
