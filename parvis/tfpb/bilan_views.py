"""The tab « Bilan » of a programme: read, written, sent, judged, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.partners.actors import actor_of
from parvis.tfpb import bilan_acts as acts
from parvis.tfpb.bilan_content import Content, content_of, read_content
from parvis.tfpb.bilan_forms import AnswerForm, BilanForm, ReviewForm, WordForm
from parvis.tfpb.bilan_models import Bilan, BilanWord, LineReview
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.dialogue_models import SentVersion
from parvis.tfpb.effect import reports_chart
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.spending_views import (
    bilan_of,
    both,
    crumbs,
    fetch_line,
    fetch_programme,
    form_page,
    refuse,
)
from parvis.tfpb.tabs import tabs_of
from parvis.tfpb.workflow import BILAN_STEPS, BILAN_WRITTEN, BilanState, Step, bilan_steps_from

JUDGED = ("question", "contest")
SETTLED = ("accept", "reserve", "publish")
DONE = {
    "send": "Bilan transmis aux parties. Il est gardé tel quel.",
    "question": "Question transmise au bailleur.",
    "contest": "Contestation transmise au bailleur.",
    "accept": "Bilan accepté.",
    "reserve": "Bilan accepté, avec vos réserves.",
    "publish": "Bilan publié. Les habitants qui avaient signalé sont prévenus.",
}


@require_safe
def bilan(request: HttpRequest, pk: int) -> HttpResponse:
    """The bilan: live for its landlord while it is written, as it was sent for everybody else."""
    actor, found = actor_of(request), fetch_programme(request, pk)
    mine = {
        right: actor.is_partner and Programme.objects.allowed(actor, right).filter(pk=pk).exists()
        for right in ("follow", "spend", "judge", "steer")
    }
    account = bilan_of(found)
    sent = list(
        SentVersion.objects.filter(programme=found, of=SentVersion.Of.BILAN).order_by("-number")
    )
    if not mine["follow"]:  # everybody reads what was published, not what led there
        sent = sent[:1]
    writes = mine["spend"] and not acts.why_not_written(found, account)
    content, version = _shown(request, found, account, sent, live=writes)
    words: Any = BilanWord.objects.none()
    if account is not None and mine["follow"]:
        words = account.words.select_related("organisation", "line")
    return render(
        request,
        "tfpb/bilan.html",
        {
            "programme": found,
            "bilan": account,
            "tabs": tabs_of(actor, found, "tfpb:bilan"),
            "content": content,
            "version": version,
            "versions": sent if mine["follow"] else [],
            "writes": writes,
            "chart": reports_chart(actor, found, [axis.code for axis in content.axes])
            if content
            else None,
            "why": acts.why_not_written(found, account) if mine["spend"] and not sent else "",
            "lacks": acts.missing_from(found, account) if writes else [],
            "steps": _steps(found, account, mine),
            "words": list(words),
            "may_answer": mine["spend"]
            and account is not None
            and account.state != BilanState.PUBLISHED,
            "convention": _convention(request, found) if mine["follow"] else None,
            "crumbs": crumbs(found, ("Bilan", "")) if mine["follow"] else _public_crumbs(found),
        },
    )


def _public_crumbs(found: Programme) -> list[dict[str, str]]:
    there = reverse("tfpb:quartier_abatement", args=[found.quartier.code])
    return [
        {"label": "Accueil", "url": "/"},
        {"label": f"Ce que la baisse de taxe a payé, {found.quartier.name}", "url": there},
        {"label": f"Bilan {found.year}, {found.landlord}", "url": ""},
    ]


def _shown(
    request: HttpRequest,
    found: Programme,
    account: Bilan | None,
    sent: list[SentVersion],
    *,
    live: bool,
) -> tuple[Content | None, SentVersion | None]:
    """What is read, and which version that is (none: as it is being written)."""
    asked = request.GET.get("version", "")
    if asked:
        chosen = next((one for one in sent if str(one.number) == asked), None)
        if chosen is None:
            raise Http404
        return read_content(chosen.content), chosen
    if sent and not live:
        return read_content(sent[0].content), sent[0]
    if live or found.published_at:
        return read_content(content_of(found, account)), None
    return None, None


def _steps(found: Programme, account: Bilan | None, mine: dict[str, bool]) -> list[dict[str, Any]]:
    """The steps that this actor may take now, each with its address."""
    if acts.why_not_written(found, None):
        return []
    state = account.state if account else BilanState.TO_WRITE
    return [
        {"step": step, "url": _address(found, step)}
        for step in bilan_steps_from(state)
        if mine[step.right]
    ]


def _address(found: Programme, step: Step) -> str:
    if step.code == "send":
        return reverse("tfpb:send_bilan", args=[found.pk])
    name = "tfpb:judge_bilan" if step.code in JUDGED else "tfpb:settle_bilan"
    return reverse(name, args=[found.pk, step.code])


def _convention(request: HttpRequest, found: Programme) -> Convention | None:
    seen: Convention | None = (
        Convention.objects.visible_to(actor_of(request)).filter(pk=found.convention_id).first()
    )
    return seen


def _back(found: Programme) -> str:
    return reverse("tfpb:bilan", args=[found.pk])


def _form(
    request: HttpRequest, found: Programme, form: Any, heading: str, **more: Any
) -> HttpResponse:
    back = _back(found)
    trail = crumbs(found, ("Bilan", back), (heading, ""))
    return form_page(request, found, form, heading=heading, back=back, crumbs=trail, **more)


@both
def write_bilan(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the words of the bilan, and the real abatement."""
    found = fetch_programme(request, pk, "spend")
    account = bilan_of(found)
    initial: dict[str, Any] = {name: getattr(account, name, "") for name in acts.TEXT_FIELDS}
    initial |= {name: getattr(found, name) for name in acts.REAL_FIELDS}
    initial["read"] = acts.stamp_of(found, account)
    form = BilanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_bilan(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
            # What stands there has now been shown: saving again puts one's own words in its place.
            form.data = request.POST.copy()
            form.data["read"] = initial["read"]
        else:
            messages.success(request, "Bilan enregistré. Il n’est pas encore transmis.")
            return redirect("tfpb:bilan", pk)
    return _form(request, found, form, "Écrire le bilan")


@both
def review_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of a line."""
    line = fetch_line(request, pk, "spend")
    review = LineReview.objects.filter(line=line).first()
    initial = {name: getattr(review, name, "") for name in ("done", "comment", "indicators")}
    form = ReviewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.review_line(line, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "C’est noté.")
            return redirect("tfpb:bilan", line.programme_id)
    return _form(request, line.programme, form, line.title)


@both
def send_bilan(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the bilan to the parties; what lacks is said on its page."""
    found = fetch_programme(request, pk, "spend")
    if request.method == "POST":
        _step(request, found, "send")
    return redirect("tfpb:bilan", pk)


def _step(request: HttpRequest, found: Programme, code: str) -> bool:
    """Take that step, and say how it went."""
    try:
        acts.advance_bilan(found, code, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return False
    messages.success(request, DONE[code])
    return True


@both
def judge_bilan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A party asks a question, or contests."""
    found = fetch_programme(request, pk, "judge")
    return _worded(request, found, code, JUDGED)


@both
def settle_bilan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The coordination accepts, with reservations or not, and publishes."""
    found = fetch_programme(request, pk, "steer")
    return _worded(request, found, code, SETTLED)


def _worded(
    request: HttpRequest, found: Programme, code: str, known: tuple[str, ...]
) -> HttpResponse:
    if code not in known:
        raise Http404
    step = BILAN_STEPS[code]
    if not step.needs:
        if request.method == "POST":
            _step(request, found, code)
        return redirect("tfpb:bilan", found.pk)
    form = WordForm(request.POST or None, programme=found)
    if request.method == "POST" and form.is_valid():
        try:
            acts.advance_bilan(found, code, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, DONE[code])
            return redirect("tfpb:bilan", found.pk)
    return _form(request, found, form, step.label, action=step.label)


@both
def answer_bilan(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """The landlord answers what was said."""
    found = fetch_programme(request, pk, "spend")
    words = BilanWord.objects.select_related("organisation", "bilan__programme")
    word = get_object_or_404(words, bilan__programme=found, pk=part)
    form = AnswerForm(request.POST or None, initial={"answer": word.answer})
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer_word(word, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            again = word.bilan.state in BILAN_WRITTEN
            more = " Transmettez de nouveau le bilan quand tout est prêt." if again else ""
            messages.success(request, f"Réponse enregistrée.{more}")
            return redirect("tfpb:bilan", pk)
    lead = f"{word.organisation} : {word.text}"
    return _form(request, found, form, "Répondre", lead=lead, action="Répondre")
