"""Objects of this room for the walk over every URL."""

from __future__ import annotations

from typing import Any

from parvis.gatherings.models import Registration, RegistrationContact
from tests.cast import Cast
from tests.gatherings.scene import in_days, workshop

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "gatherings.gathering": lambda side: {"pk": side.gathering.pk},
}
OBJECTS = {
    "gatherings.gathering": "gathering",
    "gatherings.registration": "registration",
}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A workshop of our town, or of the neighbour's, with somebody registered."""
    gathering = workshop(
        cast,
        public=public,
        actor=cast.actor(cast.karim if ours else cast.nadia),
        organiser=cast.town if ours else cast.other_town,
        commune=cast.anzin if ours else cast.raismes,
        quartiers=[],
    )
    registration = Registration.objects.create(
        gathering=gathering, state="seated", rank=1, at=in_days(0)
    )
    RegistrationContact.objects.create(
        registration=registration, name="Léa", email="lea@exemple.test"
    )
    return {"gathering": gathering, "registration": registration}
