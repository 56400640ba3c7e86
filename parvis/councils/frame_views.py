"""Reading the cadre de référence: its versions, one text with its remarks, what changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.councils import frame_acts as acts
from parvis.councils import frame_reading as reading
from parvis.councils.answers import crumbs, page_of
from parvis.councils.frame_access import writes_frames
from parvis.councils.frame_articles import why_not_written
from parvis.councils.frame_comparing import Plain, compare, plain_articles
from parvis.councils.frame_events import FRAME
from parvis.councils.frame_forms import RemarkForm
from parvis.councils.frame_models import Frame
from parvis.councils.frame_papers import frame_paper
from parvis.councils.workflow import FrameState
from parvis.meetings.models import Sitting
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.thread.reading import thread_of

LABEL = "Cadre de référence"
OPENED = "ouverture"  # the text as it was put to remarks, among what is compared
BY_PAGE = 30


def fetch_frame(request: HttpRequest, pk: int, action: str = "see") -> Frame:
    """The version, with the right to do that on it."""
    found: Frame = rights.fetch(reading.FRAMES, actor_of(request), action, pk=pk)
    return found


def trail(frame: Frame | None, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below a version."""
    if frame is None:
        return crumbs(None, (LABEL, reverse("councils:frames") if pairs else ""), *pairs)
    here = reverse("councils:frame", args=[frame.pk]) if pairs else ""
    label = f"Version {frame.number}"
    return crumbs(None, (LABEL, reverse("councils:frames")), (label, here), *pairs)


@require_safe
def frames(request: HttpRequest) -> HttpResponse:
    """The versions that one may see, the one in force first in each agglomération."""
    actor, page = actor_of(request), page_of(request)
    first = (page - 1) * BY_PAGE
    rows = reading.FRAMES.visible_to(actor).order_by("coordinator__name", "coordinator", "-number")
    some = list(rows[first : first + BY_PAGE + 1])
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in some[:BY_PAGE]:
        tone = reading.TONES[FrameState(one.state)]
        groups.setdefault(one.coordinator.name, []).append({"frame": one, "tone": tone})
    writes = writes_frames(actor)
    unfinished = any(
        one.state in acts.UNFINISHED and one.coordinator_id == actor.organisation_id for one in some
    )
    return render(
        request,
        "councils/frame_list.html",
        {
            "groups": list(groups.items()),
            "may_begin": writes and not unfinished,
            "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
            "first_url": "?" if first else "",
            "crumbs": trail(None),
        },
    )


def frame_page(
    request: HttpRequest, found: Frame, *, form: Any = None, about: int | None = None
) -> HttpResponse:
    """The page of a version; `form` is a remark that could not be kept, on the article `about`."""
    actor = actor_of(request)
    may = {
        right: Frame.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in ("edit", "remark")
    }
    articles = reading.read_articles(found)
    remarking = may["remark"] and acts.takes_remarks(found)
    if remarking:
        by_letter = may["edit"] and actor.organisation_id == found.coordinator_id
        for line in articles:
            pk = line["article"].pk
            blank = RemarkForm(frame=found, by_letter=by_letter, auto_id=f"r{pk}_%s")
            line["form"] = form if form is not None and pk == about else blank
            line["unfolded"] = form is not None and pk == about
    waiting = sum(one["remark"].answered_at is None for line in articles for one in line["remarks"])
    return render(
        request,
        "councils/frame_text.html",
        {
            "frame": found,
            "tone": reading.TONES[FrameState(found.state)],
            "articles": articles,
            "summary": reading.summary_of(line["article"] for line in articles),
            "may": may,
            "remarking": remarking,
            "closed": found.state == FrameState.OPEN and not acts.takes_remarks(found),
            "waiting": waiting,
            "writable": may["edit"] and not why_not_written(found),
            "locked": why_not_written(found) if may["edit"] and may["remark"] else "",
            "answering": may["edit"] and found.state == FrameState.OPEN,
            "why_not_adopted": acts.why_not_adopted(found) if may["edit"] else "",
            "held_on": timezone.localdate(found.sitting.gathering.starts_at)
            if found.sitting
            else None,
            "sitting_url": _sitting_url(actor, found),
            "compares": bool(_comparable(actor, found)),
            "steps": thread_of(actor, FRAME, found.pk),
            "crumbs": trail(found),
        },
    )


def _sitting_url(actor: Actor, frame: Frame) -> str:
    """The page of the sitting, for those who were called to it."""
    seen = Sitting.objects.visible_to(actor).filter(pk=frame.sitting_id)
    if frame.sitting_id is None or not seen.exists():
        return ""
    return reverse("meetings:sitting", args=[frame.sitting_id])


@require_safe
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what a body may decide, article by article, with the remarks and answers."""
    return frame_page(request, fetch_frame(request, pk))


@require_safe
def frame_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper."""
    return frame_paper(fetch_frame(request, pk))


def _comparable(actor: Actor, frame: Frame) -> list[tuple[str, str]]:
    """What a version may be compared with, newest first: its own text when remarks were asked,
    then the earlier versions that this actor may see."""
    found = []
    if frame.opened_as is not None:
        found.append((OPENED, "le texte soumis aux remarques"))
    rows = Frame.objects.visible_to(actor).filter(
        Q(coordinator_id=frame.coordinator_id), number__lt=frame.number
    )
    for pk, number in rows.order_by("-number").values_list("pk", "number"):
        found.append((str(pk), f"la version {number}"))
    return found


@require_safe
def frame_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since an earlier text, article by article. Of two adopted versions, everybody
    reads it."""
    actor, found = actor_of(request), fetch_frame(request, pk)
    offered = _comparable(actor, found)
    versions = [code for code, _ in offered if code != OPENED]
    default = versions[0] if versions else (offered[0][0] if offered else "")
    wanted = request.GET.get("avec", default)
    if wanted and wanted not in dict(offered):
        raise Http404
    old: list[Plain] | None = None
    if wanted == OPENED:
        old = found.opened_as
    elif wanted:
        old = plain_articles(Frame.objects.visible_to(actor).get(pk=int(wanted)).articles.all())
    changes = compare(old, plain_articles(found.articles.all())) if old is not None else []
    return render(
        request,
        "councils/frame_compare.html",
        {
            "frame": found,
            "offered": offered,
            "wanted": wanted,
            "label": dict(offered).get(wanted, ""),
            "changes": [one for one in changes if one.state != "same"],
            "same": sum(one.state == "same" for one in changes),
            "crumbs": trail(found, ("Ce qui a changé", "")),
        },
    )
