"""What was sent, readable as it was, and what changed from one version to another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.partners.actors import actor_of
from parvis.tfpb import circuit_reading as reading
from parvis.tfpb.circuit_events import title
from parvis.tfpb.circuit_views import circuit_crumb, crumbs, fetch_programme
from parvis.tfpb.dialogue_models import SentVersion
from parvis.tfpb.programme_models import Programme

NOW = "maintenant"


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A version as it was sent."""
    found = fetch_programme(request, pk)
    sent = _version(found, str(number))
    context = {
        "programme": found,
        "version": sent,
        "sheet": reading.sheet_sent(sent),
        "crumbs": crumbs(found, circuit_crumb(found), (f"Version {number}", "")),
    }
    return render(request, "tfpb/circuit_version.html", context)


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """From a version (`?de=`) to another one or to what stands now (`?a=`); without a word, from
    the last one sent to what stands now. Who does not read what its landlord is completing compares
    what was sent: without a word, the last two versions."""
    found = fetch_programme(request, pk)
    live = Programme.objects.allowed(actor_of(request), "read").filter(pk=pk).exists()
    versions = reading.versions_of(found)
    if not versions:
        raise Http404
    usual = versions[0] if live else versions[:2][-1]
    old = _version(found, request.GET.get("de") or str(usual.number))
    asked = request.GET.get("a") or NOW
    if asked == NOW and not live:
        asked = str(versions[0].number)
    new = None if asked == NOW else _version(found, asked)
    context = {
        "programme": found,
        "title": title(found),
        "versions": versions,
        "live": live,
        "old": old,
        "new": new,
        "comparison": reading.compared(found, old, new),
        "crumbs": crumbs(found, circuit_crumb(found), ("Comparer", "")),
    }
    return render(request, "tfpb/circuit_compare.html", context)


def _version(programme: Programme, number: str) -> SentVersion:
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise Http404
    rows = programme.sent.filter(of=SentVersion.Of.PROGRAMME).select_related("organisation")
    found: SentVersion | None = rows.filter(number=int(number)).first()
    if found is None:
        raise Http404
    return found
