"""What a visitor reads when something broke: no room, no database, or a fault of ours."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from parvis.operations.health import is_full

WAIT = 60  # seconds before a machine may ask again


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of an error that nobody caught; Django calls it where the error is at hand.

    507 when a disk is full, 503 when the database is away or busy, 500 otherwise. The pages ask
    nothing of the database.
    """
    fault = sys.exc_info()[1]
    told: BaseException | None = fault
    while told is not None:
        if is_full(told):
            return _calm("507.html", 507)
        told = told.__cause__ or told.__context__
    if isinstance(fault, OperationalError | InterfaceError):
        return _calm("503.html", 503)
    return defaults.server_error(request)


def _calm(template: str, status: int) -> HttpResponse:
    page = loader.get_template(template).render()
    return HttpResponse(page, status=status, headers={"Retry-After": str(WAIT)})
