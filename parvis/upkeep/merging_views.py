"""The page on which the coordination writes that a landlord was merged into another one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Organisation
from parvis.ui.fields import day_field
from parvis.upkeep import merging
from parvis.upkeep.acts import Refused


class MergerForm(forms.Form):
    """Which landlord is merged into which, and when; `sure` once what passes was read."""

    old = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Bailleur qui disparaît",
        empty_label="Choisissez un bailleur",
    )
    new = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Organisation.Kind.BAILLEUR, closed_on=None),
        label="Bailleur qui le reprend",
        empty_label="Choisissez un bailleur",
    )
    on = day_field(
        "Jour de la fusion", help_text="Dès ce jour, c’est le nouveau bailleur qui répond."
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        fields: dict[str, Any] = self.fields
        fields["old"].queryset = Organisation.objects.filter(merging.mergeable(actor))

    def clean(self) -> dict[str, Any]:
        """Refuse at once what the act would refuse."""
        data = super().clean() or {}
        old, new, on = (data.get(name) for name in ("old", "new", "on"))
        if old and new and isinstance(on, date):
            words = merging.why_not(old, new, on=on, actor=self.actor)
            if words:
                raise forms.ValidationError(words)
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Choose, read what passes, then confirm: a merger cannot be undone."""
    actor = actor_of(request)
    form = MergerForm(request.POST or None, actor=actor, initial={"on": timezone.localdate()})
    passing = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        old, new, on = data["old"], data["new"], data["on"]
        if data["sure"]:
            try:
                merging.merge_landlords(old, new, on=on, actor=actor)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(
                    request, f"{old} est repris par {new}. Ce qu’il a fait reste à son nom."
                )
                return redirect("upkeep:holdings")
        else:
            passing = {"old": old, "new": new, "on": on, "what": merging.merger_of(old, on=on)}
    crumbs = [
        {"label": "Qui gère quoi", "url": reverse("upkeep:areas")},
        {"label": "Résidences et bailleurs", "url": reverse("upkeep:holdings")},
        {"label": "Fusion de bailleurs", "url": ""},
    ]
    context = {"form": form, "passing": passing, "crumbs": crumbs}
    return render(request, "upkeep/merge.html", context)
