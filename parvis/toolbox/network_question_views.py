"""Questions to the network: for its partners, and nobody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import thread_of
from parvis.toolbox import network_question_acts as acts
from parvis.toolbox import network_reading as reading
from parvis.toolbox.models import NetworkAnswer, Question, Sheet, ThemeFollowing
from parvis.toolbox.network_access import may_write
from parvis.toolbox.network_acts import theme_label
from parvis.toolbox.network_advice import make_advice, sheets_of
from parvis.toolbox.network_events import QUESTION
from parvis.toolbox.network_forms import (
    AnswerForm,
    HideForm,
    QuestionFilterForm,
    QuestionForm,
    ThemesForm,
)
from parvis.toolbox.network_views import both, crumbs, form_page, tabs, tell

LABEL = "Questions"
QUESTIONS = Question.objects.select_related("organisation", "quartier", "by").defer(
    "quartier__outline"
)
ANSWERS = NetworkAnswer.objects.select_related("question", "organisation", "by")
RIGHTS = ("answer", "edit", "close", "hide", "advise")
ANSWER_RIGHTS = ("edit", "mark", "hide")


def trail(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page below the questions."""
    return crumbs((LABEL, reverse("toolbox:network_questions") if pairs else ""), *pairs)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of one's network, those that moved last on top."""
    actor = actor_of(request)
    form = QuestionFilterForm(request.GET, of=("theme", "quartier", "etat"))
    asked = reading.chosen(form)
    rows, pager = reading.cut(request, reading.questions(actor, asked))
    return render(
        request,
        "toolbox/network_questions.html",
        {
            "rows": [{"one": one, "theme": theme_label(one.theme_code)} for one in rows],
            "form": form,
            "filtered": bool(asked),
            "tabs": tabs(actor, "toolbox:network_questions"),
            "may_ask": may_write(actor),
            "follows": ThemeFollowing.objects.filter(mandate_id=actor.mandate_id or 0).count(),
            "crumbs": trail(),
            **pager,
        },
    )


@both
def themes(request: HttpRequest) -> HttpResponse:
    """The themes on which one hears of new questions."""
    actor = actor_of(request)
    mine = ThemeFollowing.objects.filter(mandate_id=actor.mandate_id or 0)
    initial = {"themes": list(mine.values_list("theme_code", flat=True))}
    form = ThemesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        acts.follow_themes(form.cleaned_data["themes"], actor=actor)
        messages.success(
            request, "C’est noté : vous lirez ces questions dans votre résumé du matin."
        )
        return redirect("toolbox:network_questions")
    back = reverse("toolbox:network_questions")
    return form_page(
        request,
        form,
        "Les thèmes que vous suivez",
        "Enregistrer",
        back,
        trail(("Thèmes suivis", "")),
        lead="Une question du réseau sur l’un de ces thèmes vient dans votre résumé du matin, "
        "jamais plus d’un message par jour.",
    )


@both
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the network."""
    actor = actor_of(request)
    form = QuestionForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.ask_network(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Votre question est posée. Vous serez prévenu des réponses.")
            return redirect("toolbox:network_question", made.pk)
    return form_page(
        request,
        form,
        "Poser une question au réseau",
        "Poser la question",
        reverse("toolbox:network_questions"),
        trail(("Poser une question", "")),
        lead="Les partenaires de votre agglomération la lisent et y répondent, personne d’autre.",
    )


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question and its answers."""
    return _page(request, rights.fetch(QUESTIONS, actor_of(request), pk=pk), AnswerForm())


def _page(request: HttpRequest, found: Question, form: Any) -> HttpResponse:
    actor = actor_of(request)
    may = {
        right: Question.objects.allowed(actor, right).filter(pk=found.pk).exists()
        for right in RIGHTS
    }
    rows = found.answers.select_related("organisation", "by")
    some, pager = reading.cut(request, rows)
    ids = [one.pk for one in some]
    allowed = {
        right: set(
            NetworkAnswer.objects.allowed(actor, right)
            .filter(pk__in=ids)
            .values_list("pk", flat=True)
        )
        for right in ANSWER_RIGHTS
    }
    lines = [
        {
            "answer": one,
            "who": _name(one, actor),
            # What is hidden is read by its author and by the coordination that hid it.
            "read": one.hidden_at is None
            or one.pk in allowed["hide"]
            or (one.by_id is not None and one.by_id == actor.user_id),
            **{f"may_{right}": one.pk in allowed[right] for right in ANSWER_RIGHTS},
        }
        for one in some
    ]
    return render(
        request,
        "toolbox/network_question.html",
        {
            "question": found,
            "who": _name(found, actor),
            "theme": theme_label(found.theme_code),
            "lines": lines,
            "form": form if may["answer"] else None,
            "may": may,
            "sheet": Sheet.objects.visible_to(actor).filter(pk__in=sheets_of(found.pk)).first(),
            "steps": thread_of(actor, QUESTION, found.pk),
            "crumbs": trail((found.title, "")),
            **pager,
        },
    )


def _name(message: Any, actor: Any) -> str:
    """Who wrote it; a member of a body of participation is a resident, whose name is not told."""
    if message.by is None:
        return ""
    body = message.organisation.kind == "participation"
    if body and message.organisation_id != actor.organisation_id:
        return ""
    return str(message.by.name)


@both
def edit_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's question as long as nobody answered."""
    actor = actor_of(request)
    found = rights.fetch(QUESTIONS, actor, "edit", pk=pk)
    form = QuestionForm(request.POST or None, actor=actor, question=found)
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_question(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Votre question est modifiée.")
            return redirect("toolbox:network_question", pk)
    back = reverse("toolbox:network_question", args=[pk])
    return form_page(
        request,
        form,
        "Modifier la question",
        "Enregistrer",
        back,
        trail((found.title, back), ("Modifier", "")),
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """NetworkAnswer a question."""
    actor = actor_of(request)
    found = rights.fetch(QUESTIONS, actor, "answer", pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        acts.answer_question(found, actor=actor, **form.cleaned_data)
    except ValidationError as refused:
        tell(form, refused)
        return _page(request, found, form)
    messages.success(request, "Votre réponse est publiée dans le réseau.")
    return redirect("toolbox:network_question", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a question, or open it again."""
    actor = actor_of(request)
    found = rights.fetch(QUESTIONS, actor, "close", pk=pk)
    closed = request.POST.get("rouvrir") != "oui"
    acts.close_question(found, actor=actor, closed=closed)
    messages.success(request, "La question est close." if closed else "La question est rouverte.")
    return redirect("toolbox:network_question", pk)


@require_POST
def advise(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a conseil of it, as a draft on the desk of the coordination."""
    actor = actor_of(request)
    found = rights.fetch(QUESTIONS, actor, "advise", pk=pk)
    try:
        sheet, made = make_advice(found, actor=actor)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("toolbox:network_question", pk)
    if made:
        messages.success(
            request, "Le conseil est en brouillon sur votre bureau : relisez, puis publiez-le."
        )
    else:
        messages.info(request, "Un conseil a déjà été fait de cette question : le voici.")
    return redirect("wagtailadmin_pages:edit", sheet.pk)


@both
def hide_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a question with a reason, or show it again."""
    found = rights.fetch(QUESTIONS, actor_of(request), "hide", pk=pk)
    return _hide(request, found, found)


@both
def hide_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide an answer with a reason, or show it again."""
    found = rights.fetch(ANSWERS, actor_of(request), "hide", pk=pk)
    return _hide(request, found, found.question)


def _hide(request: HttpRequest, message: Question | NetworkAnswer, about: Question) -> HttpResponse:
    actor = actor_of(request)
    back = reverse("toolbox:network_question", args=[about.pk])
    if request.method == "POST" and request.POST.get("montrer") == "oui":
        acts.hide_message(message, actor=actor, reason="")
        messages.success(request, "Le message est de nouveau montré.")
        return redirect(back)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        acts.hide_message(message, actor=actor, reason=form.cleaned_data["reason"])
        messages.success(request, "Le message est masqué ; sa raison se lit à sa place.")
        return redirect(back)
    return form_page(
        request,
        form,
        "Masquer ce message",
        "Masquer",
        back,
        trail((about.title, back), ("Masquer", "")),
        lead="Son texte ne sera plus lu que par son auteur et par vous. Vous pourrez le montrer de "
        "nouveau.",
        quote=message.text,
    )


@both
def edit_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one's answer as long as nobody wrote after it."""
    found = rights.fetch(ANSWERS, actor_of(request), "edit", pk=pk)
    back = reverse("toolbox:network_question", args=[found.question_id])
    form = AnswerForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit_answer(found, text=form.cleaned_data["text"])
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Votre réponse est modifiée.")
            return redirect(back)
    return form_page(
        request,
        form,
        "Modifier votre réponse",
        "Enregistrer",
        back,
        trail((found.question.title, back), ("Modifier", "")),
    )


@require_POST
def helped(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an answer helped, or take it back."""
    actor = actor_of(request)
    found = rights.fetch(ANSWERS, actor, "mark", pk=pk)
    acts.mark_helpful(found, actor=actor, helped=request.POST.get("retirer") != "oui")
    return redirect("toolbox:network_question", found.question_id)
