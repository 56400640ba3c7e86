"""The few addresses that belong to the shell itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parvis.ui import branding


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
