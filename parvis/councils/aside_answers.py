"""What the pages of preparations share: what is fetched, the trail, the form that is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parvis.councils.answers import crumbs
from parvis.councils.aside_reading import PREPARATIONS
from parvis.councils.body_models import Body
from parvis.councils.referent_models import Preparation
from parvis.partners.actors import actor_of

PAGE = 20


def fetch_preparation(request: HttpRequest, pk: int, action: str = "prepare") -> Preparation:
    """The preparation, for who is of the body: to others it is not there, told back or not."""
    actor = actor_of(request)
    found: Preparation | None = PREPARATIONS.allowed(actor, "prepare").filter(pk=pk).first()
    if found is None:
        raise Http404
    if action != "prepare":
        granted = Preparation.objects.allowed(actor, action)
        if not granted.filter(pk=pk).exists():
            raise PermissionDenied
    return found


def trail(preparation: Preparation, *labels: str) -> list[dict[str, str]]:
    """From the body to one of the pages of a preparation."""
    body = preparation.body
    pairs = [("Préparer les séances", reverse("councils:preparations", args=[body.pk]))]
    here = reverse("councils:preparation", args=[preparation.pk]) if labels else ""
    pairs.append((preparation.sitting.instance.name, here))
    return crumbs(body, *pairs, *((label, "") for label in labels))


def trail_of_notebook(body: Body, *labels: str) -> list[dict[str, str]]:
    """From the body to one of the pages of its notebook."""
    pairs = [("Préparer les séances", reverse("councils:preparations", args=[body.pk]))]
    here = reverse("councils:notebook", args=[body.pk]) if labels else ""
    pairs.append(("Carnet de paroles", here))
    return crumbs(body, *pairs, *((label, "") for label in labels))


def pager(request: HttpRequest, page: int, more: bool) -> dict[str, str]:
    """The addresses of the first page and of the one that follows, filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    kept = query.urlencode()
    joined = f"{kept}&" if kept else ""
    return {
        "next_url": f"?{joined}page={page + 1}" if more else "",
        "first_url": f"{request.path}?{kept}" if page > 1 else "",
    }


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    to: str,
    **page: Any,
) -> HttpResponse:
    """Do what a valid form asks and go on; show it again with what stops it, nothing lost."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refused:
            known = getattr(refused, "error_dict", None) or {}
            form.add_error(None, refused if known.keys() <= form.fields.keys() else str(refused))
        else:
            messages.success(request, done)
            return redirect(to)
    return render(request, "councils/aside_form.html", {"form": form, "back": to, **page})
