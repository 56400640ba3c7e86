"""Writing the articles of a version."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.councils import frame_articles as acts
from parvis.councils.frame_forms import ArticleForm
from parvis.councils.frame_models import Frame, FrameArticle
from parvis.councils.frame_views import fetch_frame
from parvis.councils.frame_write_views import form_page, tell

both = require_http_methods(["GET", "HEAD", "POST"])


def _there(frame: Frame, article: FrameArticle | None = None) -> str:
    page = reverse("councils:frame", args=[frame.pk])
    return f"{page}#{article.anchor}" if article else page


def _fetch(request: HttpRequest, pk: int, article: int) -> tuple[Frame, FrameArticle]:
    found = fetch_frame(request, pk, "edit")
    rows = FrameArticle.objects.select_related("frame")
    return found, get_object_or_404(rows, frame=found, pk=article)


@both
def new_article(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an article, last of all."""
    found = fetch_frame(request, pk, "edit")
    initial = {"number": str(found.articles.count() + 1)}
    return _write(request, found, None, ArticleForm(request.POST or None, initial=initial))


@both
def edit_article(request: HttpRequest, pk: int, article: int) -> HttpResponse:
    """Change an article."""
    found, row = _fetch(request, pk, article)
    form = ArticleForm(request.POST or None, initial=ArticleForm.of(row))
    return _write(request, found, row, form)


def _write(
    request: HttpRequest, found: Frame, row: FrameArticle | None, form: ArticleForm
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_article(found, row, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, f"Article {made.number} enregistré.")
            return redirect(_there(found, made))
    heading = f"Article {row.number}" if row else "Ajouter un article"
    removing = reverse("councils:remove_article", args=[found.pk, row.pk]) if row else ""
    return form_page(
        request,
        found,
        form,
        heading,
        "Enregistrer",
        removing=removing,
        removing_label="Retirer cet article",
    )


@require_POST
def move_article(request: HttpRequest, pk: int, article: int) -> HttpResponse:
    """Move an article one place up or down."""
    found, row = _fetch(request, pk, article)
    try:
        acts.move_article(row, up=request.POST.get("vers") != "bas")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(_there(found, row))


@require_POST
def number_articles(request: HttpRequest, pk: int) -> HttpResponse:
    """Number the articles anew in their order."""
    found = fetch_frame(request, pk, "edit")
    try:
        acts.number_articles(found)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Les articles sont numérotés dans leur ordre.")
    return redirect(_there(found))


@require_POST
def remove_article(request: HttpRequest, pk: int, article: int) -> HttpResponse:
    """Take an article out of the text."""
    found, row = _fetch(request, pk, article)
    try:
        acts.remove_article(row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(_there(found, row))
    messages.success(request, f"L’article {row.number} est retiré.")
    return redirect(_there(found))
