"""What search engines are told: which addresses to leave, and the public pages there are.

Rooms say in the register where everybody reads their things (`public_url`); a room that says
nothing, as that of signalements, is left out: what residents wrote is not for engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import NOBODY
from parvis.places.models import Quartier
from parvis.portal import menu
from parvis.thread.register import Kind, kinds
from parvis.toolbox.models import ContentPage
from parvis.toolbox.office import PATH as OFFICE
from parvis.ui import languages
from parvis.vigilance.door_reading import communes_with_doors

IN_ONE_FILE = 10_000  # addresses; the protocol allows 50,000
VOUCHED_FOR = 180  # days for which one may rely on what is said of security
SITE = "site"  # the file of the pages that are no thing of the register
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XML = "application/xml; charset=utf-8"
# What one reaches by a link of one's own, or to write something: nothing to be found there.
LEFT = (
    OFFICE,
    "/atelier/",
    "/connexion/",
    "/suivre/",
    "/chercher/",
    "/signaler/",
    "/a-traiter/",
    languages.PATH,
)


def mapped() -> dict[str, Kind]:
    """The kinds of things of which engines are told, by code."""
    return {code: kind for code, kind in sorted(kinds().items()) if kind.public_url is not None}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What engines leave aside: everything of a demonstration, whose territory is invented."""
    lines = ["User-agent: *"]
    if settings.DEMO:
        lines.append("Disallow: /")
    else:
        lines += [f"Disallow: {path}" for path in LEFT]
        lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('portal:sitemap')}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); where no address is set, the legal notice says it."""
    legal = settings.SITE_URL + reverse("portal:legal")
    address = settings.PUBLISHER["email"]
    until = timezone.now().replace(microsecond=0) + timedelta(days=VOUCHED_FOR)
    lines = [
        f"Contact: {f'mailto:{address}' if address else legal}",
        f"Expires: {until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('portal:security')}",
        f"Policy: {legal}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> StreamingHttpResponse:
    """The files of the map: one of the site's pages, and as many as it takes of each kind."""
    return StreamingHttpResponse(_written("sitemapindex", "sitemap", _files()), content_type=XML)


def _files() -> Iterator[str]:
    yield reverse("portal:sitemap_of", args=[SITE, 1])
    for code, kind in mapped().items():
        for number in range(1, ceil(kind.rows(NOBODY).count() / IN_ONE_FILE) + 1):
            yield reverse("portal:sitemap_of", args=[code, number])


@require_safe
def sitemap_of(request: HttpRequest, kind: str, number: int) -> StreamingHttpResponse:
    """The addresses of one file."""
    if kind == SITE and number == 1:
        addresses: Iterable[str] = _site()
    elif (found := mapped().get(kind)) is not None and 1 <= number < 10_000:
        addresses = _things(found, number)
    else:
        raise Http404
    return StreamingHttpResponse(_written("urlset", "url", addresses), content_type=XML)


def _site() -> Iterator[str]:
    for item in menu.flat([*menu.for_residents(), *menu.footer()]):
        yield item.url
    for code in Quartier.objects.in_force(timezone.localdate()).order_by("pk").values_list("code"):
        yield reverse("portal:quartier", args=code)
    for code in communes_with_doors(timezone.localdate()).values_list("code", flat=True):
        yield reverse("vigilance:bill_commune", args=[code])
    free = ContentPage.objects.visible_to(NOBODY).filter(place="").order_by("pk")
    for slug in free.values_list("slug"):
        yield reverse("toolbox:content", args=slug)


def _things(kind: Kind, number: int) -> Iterator[str]:
    start = (number - 1) * IN_ONE_FILE
    rows: Any = kind.rows(NOBODY).order_by("thing_pk").values_list("thing_pk", flat=True)
    for pk in rows[start : start + IN_ONE_FILE].iterator():
        yield kind.public_url(pk)  # type: ignore[misc]


def _written(whole: str, part: str, addresses: Iterable[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole} xmlns="{SPACE}">\n'
    for address in addresses:
        yield f"<{part}><loc>{escape(settings.SITE_URL + address)}</loc></{part}>\n"
    yield f"</{whole}>\n"
