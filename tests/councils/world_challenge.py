"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.councils.models import Challenge, ChallengeStep
from parvis.partners.models import Organisation
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {
    "councils:challenge_step": lambda side: {"pk": side.challenge.pk, "step": side.step.pk},
}
BY_RESOURCE: dict[str, Any] = {"councils.challenge": lambda side: {"pk": side.challenge.pk}}
OBJECTS: dict[str, str] = {"councils.challenge": "challenge"}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """A case that was sent and published, or is still debated, with a step of the town."""
    now = timezone.now()
    states: dict[str, Any] = {}
    if public:
        states = {
            "adopted_on": timezone.localdate(),
            "prefet": Organisation.objects.create(
                name="Préfecture Essai", kind=Organisation.Kind.ETAT
            ),
            "sent_at": now,
            "published_at": now,
            "rule": "2017",
        }
    challenge = Challenge.objects.create(
        body=body,
        title="Ascenseurs arrêtés",
        text="Depuis six mois, rien ne bouge.",
        written_at=now,
        file=ContentFile(b"%PDF-1.7", name="courrier.pdf"),
        **states,
    )
    step = ChallengeStep.objects.create(
        challenge=challenge,
        code="mayor",
        organisation=cast.town if ours else cast.other_town,
    )
    return {"challenge": challenge, "step": step}
