"""One action on the reports chosen in a list, what became of each, and undoing it all."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from parvis.partners.actors import Actor, actor_of
from parvis.reports import acts
from parvis.reports.acts.batching import AT_MOST, Batch, actions_of
from parvis.reports.acts.chasing import Chased
from parvis.reports.acts.handling import UNDO
from parvis.reports.forms.batching import BatchForm
from parvis.reports.models import AnswerTemplate, Part, Report
from parvis.reports.views.shared import crumbs, way_back
from parvis.reports.workflow import STEPS
from parvis.ui.words import counted

LABELS = {
    "give": "Confier",
    "entrust": "Confier à qui répond du lieu",
    "chase": "Relancer",
    **{code: STEPS[code].label for code in ("take", "schedule", "settle", "drop")},
}
NOBODY = (
    "Rien à confier : personne ne répond de ces lieux pour ces sujets. Complétez « Qui gère quoi »."
)
LATE = "Il est trop tard pour annuler : les messages sont partis."
_SALT = "parvis.reports.batch"
_SESSION = "batch"


@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Do at once what asks for nothing more; ask for the rest on a page first."""
    actor, action = actor_of(request), request.POST.get("action", "")
    references = list(dict.fromkeys(request.POST.getlist("r")))
    back = way_back(request, reverse("reports:list"))
    every = action == "entrust" and "every" in request.POST
    if every and not references:
        references = acts.entrustable(actor, at_most=AT_MOST)
    fault = NOBODY if every and not references else _fault(action, references)
    if fault:
        messages.error(request, fault)
        return redirect(back)
    form = BatchForm(request.POST if "confirm" in request.POST else None, action=action)
    if (form.fields or action == "entrust") and not form.is_valid():
        return _ask(request, actor, action, references, form, back)
    given = form.cleaned_data if form.fields else {}
    done = acts.run_batch(action, references, actor=actor, **given)
    request.session[_SESSION] = _told(done, actor)
    _say(request, LABELS[action], done.lines, "faite", "faites")
    return redirect(back)


def _fault(action: str, references: list[str]) -> str:
    if action not in LABELS:
        return "Choisissez ce qu’il faut faire des signalements cochés."
    if not references:
        return "Cochez d’abord les signalements dans la liste."
    if len(references) > AT_MOST:
        return f"Choisissez {AT_MOST} signalements au plus."
    return ""


def _ask(
    request: HttpRequest,
    actor: Actor,
    action: str,
    references: list[str],
    form: BatchForm,
    back: str,
) -> HttpResponse:
    """The page that asks for what the action needs, or tells to whom each would go."""
    rows = Report.objects.allowed(actor, "work").filter(reference__in=references)
    foreseen = acts.foresee(references, actor=actor) if action == "entrust" else {}
    ready = sum(one.organisation is not None for one in foreseen.values())
    if action == "entrust" and not ready:
        messages.error(request, NOBODY)
        return redirect(back)
    templates = AnswerTemplate.objects.visible_to(actor).order_by("title", "pk")
    offered = [{"pk": one.pk, "title": one.title, "text": one.text} for one in templates]
    context = {
        "action": action,
        "label": LABELS[action],
        "form": form,
        "lines": [
            {"report": report, "goes": foreseen.get(report.reference)}
            for report in rows.select_related("category").order_by("-at", "-pk")
        ],
        "ready": ready,
        "references": references,
        "offered": {"templates": offered} if "answer" in form.fields else {},
        "back": back,
        "crumbs": crumbs(("Signalements", back), (LABELS[action], "")),
    }
    return render(request, "reports/batch.html", context)


def _say(request: HttpRequest, what: str, lines: list[acts.Line], one: str, several: str) -> None:
    """ "Programmer : 12 faites, 3 laissées : cette part est close (3)." """
    done = sum(line.done for line in lines)
    left = Counter(line.why for line in lines if not line.done)
    words = f"{what} : {counted(done, one, several)}"
    if left:
        reasons = " ; ".join(f"{why} ({number})" for why, number in left.most_common())
        words += f", {counted(left.total(), 'laissée', 'laissées')} : {reasons}"
    (messages.warning if left else messages.success)(request, f"{words}.")


def _told(done: Batch, actor: Actor) -> dict[str, Any]:
    """What the next pages show for as long as the batch may be undone."""
    undo = {
        "action": done.action,
        "mandate": actor.mandate_id,
        "at": done.at.isoformat(),
        "parts": done.parts,
        "chased": [
            [one.key, {pk: day.isoformat() if day else "" for pk, day in one.days.items()}]
            for one in done.chased
        ],
    }
    return {
        "label": LABELS[done.action],
        "token": signing.dumps(undo, salt=_SALT, compress=True),
        "may_undo": bool(done.parts or done.chased),
        "lines": [asdict(line) for line in done.lines],
    }


def told(request: HttpRequest) -> dict[str, Any] | None:
    """The last batch of this person, while it may still be undone; None afterwards."""
    last: dict[str, Any] | None = request.session.get(_SESSION)
    return last if last and _undoing(last["token"], actor_of(request)) else None


def _undoing(token: str, actor: Actor) -> Batch | None:
    """The batch of a token, when it is this actor's and not too old."""
    try:
        undo = signing.loads(token, salt=_SALT, max_age=UNDO)
    except signing.BadSignature:
        return None
    if undo["mandate"] != actor.mandate_id:
        return None
    chased = [
        Chased(key, {int(pk): date.fromisoformat(day) if day else None for pk, day in days.items()})
        for key, days in undo["chased"]
    ]
    at = datetime.fromisoformat(undo["at"])
    return Batch(undo["action"], at, parts=undo["parts"], chased=chased)


def chase_all(request: HttpRequest, parts: list[Part]) -> int:
    """Remind one organisation of these parts, so that it may be undone as a batch is; how many."""
    done = Batch("chase", timezone.now())
    done.chased = [acts.chase_parts(parts, actor=actor_of(request), now=done.at)]
    days = done.chased[0].days
    done.lines = [acts.Line(part.report.reference) for part in parts if part.pk in days]
    request.session[_SESSION] = _told(done, actor_of(request))
    return len(days)


@require_POST
def undo_batch(request: HttpRequest) -> HttpResponse:
    """Take back all that the last batch did, as far as nobody was told and nothing moved since."""
    actor = actor_of(request)
    last = _undoing(request.POST.get("token", ""), actor)
    if last is None:
        messages.error(request, LATE)
    else:
        lines = acts.undo_batch(last, actor=actor)
        request.session.pop(_SESSION, None)
        _say(request, f"{LABELS[last.action]}, annulation", lines, "annulée", "annulées")
    return redirect(way_back(request, reverse("reports:list")))


def offered(request: HttpRequest) -> dict[str, Any]:
    """What a list needs to offer actions on its rows; empty for who may do nothing with any."""
    actor = actor_of(request)
    actions = [(code, LABELS[code]) for code in actions_of(actor)] if actor.is_partner else []
    if not actions:
        return {}
    every = request.GET.copy()
    every["tout"] = "1"
    return {
        "actions": actions,
        "all_url": f"?{every.urlencode()}",
        "all": "tout" in request.GET,
        "may_entrust": "ownerless" in request.GET and "entrust" in dict(actions),
        "told": told(request),
    }
