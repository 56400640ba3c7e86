"""Answer templates: the page where an organisation writes those that it sends often."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.reports import acts
from parvis.reports.forms.wording import TemplateForm
from parvis.reports.models import AnswerTemplate
from parvis.reports.views.shared import add_errors, crumbs
from parvis.reports.wordings import PLACEHOLDERS

WRITERS = ("coordination", "responsable")


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates of one's organisation, by name."""
    actor = actor_of(request)
    rows = AnswerTemplate.objects.visible_to(actor).select_related("category")
    context = {
        "templates": list(rows.order_by("title", "pk")),
        "may_write": actor.role in WRITERS,
    }
    return render(request, "reports/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_template(request: HttpRequest) -> HttpResponse:
    """Write one more."""
    return _written(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    return _written(request, rights.fetch(AnswerTemplate.objects, actor_of(request), "edit", pk=pk))


def _written(request: HttpRequest, template: AnswerTemplate | None) -> HttpResponse:
    form = TemplateForm(request.POST or None, instance=template)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            acts.write_template(
                template,
                actor=actor_of(request),
                title=data["title"],
                text=data["text"],
                category=data["category"],
            )
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, f"Réponse type « {data['title']} » enregistrée.")
            return redirect("reports:templates")
    context = {
        "form": form,
        "template": template,
        "placeholders": [(f"{{{name}}}", words) for name, words in PLACEHOLDERS.items()],
        "crumbs": crumbs(
            ("Réponses types", reverse("reports:templates")),
            (template.title if template else "Nouvelle réponse", ""),
        ),
    }
    return render(request, "reports/template_form.html", context)


@require_POST
def remove_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one away."""
    template = rights.fetch(AnswerTemplate.objects, actor_of(request), "edit", pk=pk)
    acts.remove_template(template)
    messages.success(request, f"Réponse type « {template.title} » enlevée.")
    return redirect("reports:templates")
