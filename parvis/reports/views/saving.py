"""Saved views: keeping a list under a name, renaming it, taking it away."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners.actors import actor_of
from parvis.partners.rights import fetch
from parvis.reports import acts
from parvis.reports.forms.filters import FilterForm
from parvis.reports.models import SavedView
from parvis.reports.views.shared import add_errors, crumbs


class ViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "shared")
        labels = {"name": "Nom de la vue"}


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters and the order of the address under a name; nothing else of it is kept."""
    actor = actor_of(request)
    asked = FilterForm(request.GET, actor=actor)
    query = asked.query()
    form = ViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            view = acts.save_view(actor=actor, query=query, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, f"Vue enregistrée : {view.name}.")
            return redirect(f"{reverse('reports:list')}?{query}")
    return _page(request, form, "Enregistrer cette vue", f"{reverse('reports:list')}?{query}")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view of one's own, or show it to colleagues."""
    view = fetch(SavedView.objects.all(), actor_of(request), "edit", pk=pk)
    form = ViewForm(request.POST or None, instance=view)
    back = f"{reverse('reports:list')}?{view.query}"
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_view(view, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Vue modifiée.")
            return redirect(back)
    return _page(request, form, "Modifier la vue", back, view)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a view of one's own away."""
    view = fetch(SavedView.objects.all(), actor_of(request), "edit", pk=pk)
    acts.delete_view(view)
    messages.success(request, f"Vue supprimée : {view.name}.")
    return redirect("reports:list")


def _page(
    request: HttpRequest, form: ViewForm, title: str, back: str, view: SavedView | None = None
) -> HttpResponse:
    way = crumbs(("Signalements", back), (title, ""))
    context = {"form": form, "title": title, "back": back, "view": view, "crumbs": way}
    return render(request, "reports/view_form.html", context)
