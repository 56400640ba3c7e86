"""From the plan to the toolbox: an action that others may learn from."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from parvis.actions.telling import tell_action
from parvis.actions.views.fiches import fetch_action
from parvis.partners.actors import actor_of


@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the draft of a fiche d'expérience from the action, and open it."""
    found = fetch_action(request, pk, "edit")
    try:
        sheet = tell_action(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("actions:action", pk)
    messages.success(request, "Le brouillon est écrit : relisez-le, complétez-le, proposez-le.")
    return redirect("wagtailadmin_pages:edit", sheet)
