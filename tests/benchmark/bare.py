"""The control `bare`: Django with no middleware and no application, and one JSON answer."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY="nothing is signed here",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    THREADS=int(os.environ.get("PARVIS_THREADS", "4")),
)
django.setup()


def page(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


urlpatterns = [path("", page)]

# Behind the same front as Parvis: it is part of the web server.
from parvis.operations.front import Front  # noqa: E402 - settings come first

application = Front(get_wsgi_application(), settings.THREADS)
