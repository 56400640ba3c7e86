"""The few addresses that belong to the shell itself."""

from __future__ import annotations

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from parvis.ui import branding, languages


@require_safe
@cache_control(public=True, max_age=3600)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The colours of the brand, asked for only when they are not the usual ones."""
    return HttpResponse(branding.sheet(), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Old browsers ask here whatever the page says."""
    return HttpResponsePermanentRedirect(static("ui/favicon.svg"))


@require_safe
@never_cache
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Read the site in that language from now on, and go back to the page one comes from (`vers`).

    A link and no form: a form would need a secret of its own on every page. What is kept is the
    language alone, in the reader's browser.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    back = request.GET.get("vers", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(back if safe else "/")
    response.set_cookie(
        languages.COOKIE,
        code,
        max_age=languages.KEPT_FOR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
