"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from parvis.councils.opinion_request_acts import give_request_document
from tests.cast import Cast
from tests.councils.opinion_scene import a_draft, a_request, sent

ARGUMENTS: dict[str, Any] = {
    "councils:opinions_export": lambda side: {"form": "csv"},
    "councils:request_document": lambda side: {
        "pk": side.opinionrequest.pk,
        "document": side.request_document.pk,
    },
    "councils:remove_request_document": lambda side: {
        "pk": side.opinionrequest.pk,
        "document": side.request_document.pk,
    },
}
BY_RESOURCE: dict[str, Any] = {
    "councils.opinion": lambda side: {"pk": side.opinion.pk},
    "councils.opinionrequest": lambda side: {"pk": side.opinionrequest.pk},
}
OBJECTS: dict[str, str] = {
    "councils.opinion": "opinion",
    "councils.opinionrequest": "opinionrequest",
}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A request to the body and its opinion: of a public body, ours is in debate and the
    neighbour's is published; of the others, both are sent to who replies."""
    replier = cast.town if ours else cast.other_town
    asked = a_request(cast, body, asker=cast.karim if ours else cast.nadia, replier=replier)
    given = give_request_document(
        asked, title="Plan", file=ContentFile(b"%PDF-1.7 essai", name="plan.pdf")
    )
    if ours and public:
        opinion = a_draft(cast, body, asked)
    else:
        opinion = sent(cast, body, asked, public=public)
    return {"opinion": opinion, "opinionrequest": asked, "request_document": given}
