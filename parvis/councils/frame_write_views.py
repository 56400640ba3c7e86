"""Leading a version from its first words to its adoption."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.councils import frame_acts as acts
from parvis.councils.frame_articles import write_head
from parvis.councils.frame_forms import AdoptForm, AnswerForm, FrameForm, OpenForm, RemarkForm
from parvis.councils.frame_inventory_views import coordinator_of
from parvis.councils.frame_models import Frame, FrameArticle, FrameComment
from parvis.councils.frame_telling import asked
from parvis.councils.frame_views import fetch_frame, frame_page, trail
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation

both = require_http_methods(["GET", "HEAD", "POST"])


def tell(form: Any, refused: ValidationError) -> None:
    """What was refused, on its field when the form has it, above the form otherwise."""
    if hasattr(refused, "error_dict"):
        for name, errors in refused.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refused)


def form_page(
    request: HttpRequest, frame: Frame | None, form: Any, heading: str, action: str, **more: Any
) -> HttpResponse:
    """A page that asks something about a version."""
    back = reverse("councils:frame", args=[frame.pk]) if frame else reverse("councils:frames")
    given = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "crumbs": trail(frame, (heading, "")),
        **more,
    }
    return render(request, "councils/frame_form.html", given)


@both
def new_frame(request: HttpRequest) -> HttpResponse:
    """Begin a version: with the articles of the last one, in one click, when there is one."""
    coordinator = coordinator_of(request)
    last = Frame.objects.filter(coordinator=coordinator).order_by("-number").first()
    initial = {
        "title": last.title if last else "Cadre de référence de la participation",
        "introduction": last.introduction if last else "",
    }
    form = FrameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.begin_frame(coordinator, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "La nouvelle version est prête à écrire.")
            return redirect("councils:frame", made.pk)
    lead = (
        f"Les articles de la version {last.number} sont repris : vous n’aurez qu’à les changer."
        if last
        else "Le texte s’écrit article par article, puis s’ouvre aux remarques des organisations."
    )
    return form_page(
        request, None, form, "Préparer une version", "Commencer cette version", lead=lead
    )


@both
def edit_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title and the introduction."""
    found = fetch_frame(request, pk, "edit")
    initial = {"title": found.title, "introduction": found.introduction}
    form = FrameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_head(found, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("councils:frame", pk)
    return form_page(request, found, form, "Titre et introduction", "Enregistrer")


@both
def open_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who will be told, then put the text to remarks."""
    found = fetch_frame(request, pk, "edit")
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.open_frame(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Le texte est ouvert : les organisations sont prévenues.")
            return redirect("councils:frame", pk)
    names = [one.name for one in asked(found)]
    return form_page(
        request,
        found,
        form,
        "Ouvrir aux remarques",
        "Ouvrir et prévenir",
        lead="Chaque organisation du territoire pourra faire des remarques, article par article. "
        "Le texte ne changera plus jusqu’à la clôture.",
        named="Qui sera prévenu",
        names=names,
        without="Aucune organisation n’est connue sur ce territoire.",
    )


@require_POST
def remark(request: HttpRequest, pk: int, article: int) -> HttpResponse:
    """Keep a remark on an article."""
    actor, found = actor_of(request), fetch_frame(request, pk, "remark")
    row = get_object_or_404(FrameArticle.objects.select_related("frame"), frame=found, pk=article)
    by_letter = actor.organisation_id == found.coordinator_id
    form = RemarkForm(request.POST, frame=found, by_letter=by_letter, auto_id=f"r{article}_%s")
    if form.is_valid():
        given = form.cleaned_data
        mine = Organisation.objects.filter(pk=actor.organisation_id or 0)
        organisation = given.get("organisation") or mine.get()
        try:
            acts.remark(row, actor=actor, organisation=organisation, text=given["text"])
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, f"Remarque enregistrée sur l’article {row.number}.")
            there = reverse("councils:frame", args=[pk])
            return redirect(f"{there}#{row.anchor}")
    return frame_page(request, found, form=form, about=article)


@both
def answer_remark(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Answer a remark: followed, in part, or not, and why."""
    found = fetch_frame(request, pk, "edit")
    rows = FrameComment.objects.select_related("organisation", "article__frame")
    comment = get_object_or_404(rows, article__frame=found, pk=remark)
    initial = {"outcome": comment.outcome, "answer": comment.answer}
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer_remark(comment, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Réponse enregistrée : elle se lit sous la remarque.")
            there = reverse("councils:frame", args=[pk])
            return redirect(f"{there}#{comment.article.anchor}")
    return form_page(
        request,
        found,
        form,
        "Répondre à une remarque",
        "Enregistrer la réponse",
        quoted=comment.text,
        quoted_by=f"{comment.organisation.name}, sur l’article {comment.article.number}",
    )


@both
def adopt_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The text was adopted: it becomes public, and replaces the one in force."""
    found = fetch_frame(request, pk, "edit")
    form = AdoptForm(request.POST or None, frame=found)
    if request.method == "POST" and form.is_valid():
        try:
            acts.adopt_frame(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Le cadre est adopté : tout le monde peut le lire.")
            return redirect("councils:frame", pk)
    return form_page(
        request,
        found,
        form,
        "Adopter cette version",
        "Adopter et rendre public",
        lead="Le texte ne changera plus. La version en vigueur jusqu’ici sera remplacée, et "
        "restera lisible. Les remarques et leurs réponses se liront avec le texte.",
        warning="" if form.is_bound else acts.why_not_adopted(found),
    )
