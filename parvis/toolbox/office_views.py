"""The door of the editor's office."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.partners.actors import ActorRequest
from parvis.toolbox import office
from parvis.toolbox.scopes import reads


def enter(request: ActorRequest) -> HttpResponse:
    """What the office is for; a button opens it with the rights of the mandate in use."""
    error = ""
    if request.method == "POST":
        try:
            office.open_office(request.actor)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            return redirect(_wanted(request) or "wagtailadmin_home")
    return render(request, "toolbox/office.html", {"error": error, "reads": reads(request.actor)})


def _wanted(request: ActorRequest) -> str:
    """The page of the office that a mail led to, if any; never another place."""
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.startswith(office.PATH) else ""
