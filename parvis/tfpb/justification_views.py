"""The yearly justification file of a convention, in one click."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from parvis.documents.tables import safe_name
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.justification import justification_file

ROWS = Convention.objects.select_related("agreement", "landlord")


@require_safe
def justification(request: HttpRequest, pk: int, year: int) -> FileResponse:
    """The zip: for who sees the convention, of the programmes that they see."""
    actor = actor_of(request)
    found: Convention = rights.fetch(ROWS.all(), actor, pk=pk)
    name = safe_name(f"justification-{found.agreement.code}-{year}", "zip")
    response = FileResponse(
        justification_file(actor, found, year),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
    )
    response["Cache-Control"] = "private, no-store"
    return response
