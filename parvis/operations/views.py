"""Health of the installation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.notices import standing
from parvis.operations import health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database takes writes and the disks have room, 503 otherwise. That messages do
    not leave is said and is no 503: the site serves. `parvis doctor` says the rest to whoever runs
    the installation."""
    if not health.is_well():
        return HttpResponse("unwell\n", status=503, content_type="text/plain")
    said = "ok\noutbox stuck\n" if standing.is_stuck() else "ok\n"
    return HttpResponse(said, content_type="text/plain")
