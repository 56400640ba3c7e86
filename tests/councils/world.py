"""Objects of this room for the walk over every URL; each part brings its own."""

from __future__ import annotations

from typing import Any

from parvis.partners.models import Organisation
from tests.cast import Cast
from tests.councils import (
    world_aside,
    world_body,
    world_challenge,
    world_draw,
    world_frame,
    world_opinion,
    world_proposition,
    world_referent,
    world_space,
)
from tests.councils.scene import a_body, a_member, hugo_in, other_body

PARTS = (
    world_body,
    world_space,
    world_referent,
    world_aside,
    world_frame,
    world_challenge,
    world_opinion,
    world_proposition,
    world_draw,
)
ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}
for part in PARTS:
    ARGUMENTS |= part.ARGUMENTS
    BY_RESOURCE |= part.BY_RESOURCE
    OBJECTS |= part.OBJECTS


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A body of our agglomération or of the neighbour's, public or not, and all that hangs on it.

    The two that are public are those of the cast; hugo is a member of ours. The two others belong
    to organisations of their own, for which nobody signs in.
    """
    fields: dict[str, Any] = {}
    if not public:
        fields["organisation"] = Organisation.objects.create(
            name=f"Collectif {'d’ici' if ours else 'd’à côté'}",
            kind=Organisation.Kind.PARTICIPATION,
        )
    body = (a_body if ours else other_body)(cast, public=public, **fields)
    member = hugo_in(cast, body) if ours and public else a_member(body)
    found: dict[str, Any] = {"body": body, "member": member}
    for part in PARTS:
        found |= part.side(cast, body, ours=ours, public=public)
    return found
