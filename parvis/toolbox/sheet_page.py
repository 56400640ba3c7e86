"""The page of a sheet, its versions, and the files that it shows."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from parvis.partners.actors import NOBODY, ActorRequest
from parvis.partners.rights import fetch
from parvis.thread.reading import thread_of
from parvis.toolbox import sheet_alerts
from parvis.toolbox import sheet_reading as reading
from parvis.toolbox.labels import licences
from parvis.toolbox.models import Paper, Picture, PictureRendition, Sheet, Verdict
from parvis.toolbox.scopes import WRITERS
from parvis.toolbox.sheet_forms import UseForm
from parvis.toolbox.sheet_suggesting import related
from parvis.toolbox.sheet_text import draw_pictures, question_of, sections
from parvis.toolbox.sheet_versions import changes, text_of, versions_of


@require_safe
def sheet(request: ActorRequest, pk: int) -> HttpResponse:
    """A published sheet, as everybody reads it; its writers and readers see it before."""
    return show(request, fetch(Sheet.objects, request.actor, pk=pk).specific)


def show(request: ActorRequest, found: Any, form: UseForm | None = None) -> HttpResponse:
    """The page of a sheet; `form` when what was said of its use was wrong."""
    actor = request.actor
    context = _text(found, request.GET.get("texte", ""))
    uses = reading.uses_of(actor, found.pk)
    writes = actor.role in WRITERS and found.live
    context |= {
        "actor": actor,
        "related": related(actor, found),
        "thread": thread_of(actor, "sheet", found.pk, seen=True),
        "told": reading.told_of(actor, found),
        "used_by": reading.used_by(actor, found.pk),
        "uses": uses,
        "use_form": (form or UseForm()) if writes else None,
        "form_open": form is not None,
        "verdict": Verdict.objects.filter(pk=found.pk).first(),
        "judges": found.live and not actor.is_partner,
        "judged": judged_cookie(found.pk) in request.COOKIES,
        "follows": sheet_alerts.offers(one.code for one in found.themes.all()),
        "crumbs": _crumbs(found.title),
    }
    return render(request, "toolbox/sheet.html", context)


def preview(request: HttpRequest, draft: Page) -> HttpResponse:
    """The draft as its page will look; only the editor makes such a request."""
    draw_pictures(draft)
    nothing: dict[str, Any] = {
        **dict.fromkeys(("told", "uses", "use_form", "verdict")),
        **{name: [] for name in ("related", "thread", "used_by", "follows")},
        **dict.fromkeys(("form_open", "judges", "judged"), False),
    }
    context = {**_text(draft, ""), **nothing, "preview": True, "crumbs": _crumbs(draft.title)}
    return render(request, "toolbox/sheet.html", {**context, "actor": NOBODY})


def _text(found: Any, chosen: str) -> dict[str, Any]:
    wordings, words = reading.wordings_of(found, chosen)
    return {
        "sheet": found,
        "preview": False,
        "question": question_of(found),
        "sections": [] if words else sections(found),
        "wordings": wordings,
        "words": words,
        "labels": reading.labels_of(found),
        "themes": list(found.themes.all()),
        "quartiers": list(found.quartiers.all().defer("outline")),
        "licence": licences().get(found.licence),
    }


def _crumbs(*labels: str, sheet: Any = None) -> list[dict[str, str]]:
    trail = [{"label": "Boîte à outils", "url": reverse("toolbox:sheets")}]
    if sheet is not None:
        trail.append({"label": sheet.title, "url": reverse("toolbox:sheet", args=[sheet.pk])})
    return [*trail, *({"label": label, "url": ""} for label in labels)]


def judged_cookie(pk: int) -> str:
    """What remembers, in the browser alone, that one has judged a sheet."""
    return f"fiche-{pk}"


@require_safe
def versions(request: ActorRequest, pk: int) -> HttpResponse:
    """The published versions of a sheet."""
    found = fetch(Sheet.objects, request.actor, pk=pk)
    context = {
        "sheet": found,
        "versions": versions_of(found),
        "crumbs": _crumbs("Versions", sheet=found),
    }
    return render(request, "toolbox/sheet_versions.html", context)


@require_safe
def version(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """A version as it was published."""
    found = fetch(Sheet.objects, request.actor, pk=pk)
    old = text_of(found, number)
    if old is None:
        return redirect("toolbox:sheet_versions", pk)
    context = {
        "sheet": found,
        "old": old,
        "number": number,
        "question": question_of(old),
        "sections": sections(old),
        "crumbs": _crumbs(f"Version {number}", sheet=found),
    }
    return render(request, "toolbox/sheet_version.html", context)


@require_safe
def changed(request: ActorRequest, pk: int) -> HttpResponse:
    """What changed between two published versions: from `de` to `a`, the last two without them."""
    found = fetch(Sheet.objects, request.actor, pk=pk)
    known = versions_of(found)
    numbers = {one.number for one in known}

    def asked(name: str, otherwise: int) -> int:
        given = request.GET.get(name, "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
        return number if number in numbers else otherwise

    last = max(numbers, default=0)
    after = asked("a", last)
    before = asked("de", max((one for one in numbers if one < after), default=0))
    old, new = text_of(found, before), text_of(found, after)
    context = {
        "sheet": found,
        "versions": known,
        "before": before,
        "after": after,
        "compared": old is not None and new is not None,
        "changes": changes(old, new) if old is not None and new is not None else [],
        "crumbs": _crumbs("Ce qui a changé", sheet=found),
    }
    return render(request, "toolbox/sheet_changes.html", context)


def picture(request: ActorRequest, pk: int) -> Any:
    """A picture in one size, to whoever may see it."""
    rendition = PictureRendition.objects.filter(pk=pk).first()
    if rendition is None:
        raise Http404
    fetch(Picture.objects, request.actor, pk=rendition.image_id)
    return _inline(rendition.file.open("rb"))


def paper(request: ActorRequest, pk: int) -> Any:
    """A document, to whoever may see it; always downloaded, never shown by the browser."""
    found = fetch(Paper.objects, request.actor, pk=pk)
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.filename)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _inline(file: Any) -> FileResponse:
    answer = FileResponse(file)
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
