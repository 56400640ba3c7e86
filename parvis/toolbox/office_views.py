"""The door of the editor's office."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parvis.partners.actors import ActorRequest
from parvis.toolbox import office


def enter(request: ActorRequest) -> HttpResponse:
    """What the office is for; a button opens it with the rights of the mandate in use."""
    error = ""
    if request.method == "POST":
        try:
            office.open_office(request.actor)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            return redirect("wagtailadmin_home")
    return render(
        request, "toolbox/office.html", {"error": error, "reads": office.reads(request.actor)}
    )
