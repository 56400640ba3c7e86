"""Choosing the course of the toolbox that a line pays for."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import actor_of
from parvis.tfpb.course_money import choose_course, course_of, courses_for
from parvis.tfpb.line_views import page_of
from parvis.tfpb.programme_answers import crumbs, fetch_line, line_crumb, programme_crumb


@require_http_methods(["GET", "HEAD", "POST"])
def line_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the course that a line pays for (`?mot=`), or none."""
    actor, found = actor_of(request), fetch_line(request, pk, "edit")
    if request.method == "POST":
        chosen = request.POST.get("formation", "")
        digits = chosen.isascii() and chosen.isdigit() and len(chosen) < 15
        try:
            if chosen and not digits:
                raise ValidationError("Choisissez une formation de la liste : rien n’a changé.")
            choose_course(found, int(chosen) if digits else None, actor=actor)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("tfpb:line_course", pk)
        words = "C’est lié : le fil le montre des deux côtés." if digits else "Lien retiré."
        messages.success(request, words)
        return redirect(page_of(found))
    word = request.GET.get("mot", "").replace("\0", "").strip()[:100]
    return render(
        request,
        "tfpb/line_course.html",
        {
            "line": found,
            "programme": found.programme,
            "word": word,
            "courses": courses_for(actor, found.programme, word),
            "chosen": course_of(actor, found),
            "back": page_of(found),
            "crumbs": crumbs(
                programme_crumb(found.programme), line_crumb(found), ("Formation", "")
            ),
        },
    )
