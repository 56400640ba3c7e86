"""Objects for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from parvis.works.models import CharterPledge, CharterSigner, Nuisance, WorksitePhase
from tests.cast import Cast
from tests.works.scene import a_worksite
from tests.works.site_scene import an_announcement


def _part(name: str) -> Any:
    return lambda side: {"pk": side.worksite.pk, "part": getattr(side, name).pk}


ARGUMENTS: dict[str, Any] = {
    "works:site_phase": _part("site_phase"),
    "works:drop_site_phase": _part("site_phase"),
    "works:nuisance": _part("nuisance"),
    "works:drop_nuisance": _part("nuisance"),
    "works:drop_signer": _part("signer"),
    "works:charter_pledge": _part("charter_pledge"),
    "works:check_charter_pledge": _part("charter_pledge"),
}
BY_RESOURCE: dict[str, Any] = {
    "works.worksite": lambda side: {"pk": side.worksite.pk},
    "works.worksannouncement": lambda side: {"pk": side.announcement.pk},
}
OBJECTS = {"works.worksite": "worksite", "works.worksannouncement": "announcement"}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A worksite of our landlord in our town, or of the neighbour's town in hers."""
    who = cast.landlord if ours else cast.other_town
    worksite = a_worksite(
        cast,
        public=public,
        owner=who,
        manager=who,
        commune=cast.anzin if ours else cast.raismes,
        charter_title="Charte",
    )
    worksite.charter_file.save("charte.pdf", ContentFile(b"%PDF-1.7"))
    return {
        "worksite": worksite,
        "site_phase": WorksitePhase.objects.create(worksite=worksite, title="Gros œuvre"),
        "nuisance": Nuisance.objects.create(worksite=worksite, kind="bruit"),
        "signer": CharterSigner.objects.create(worksite=worksite, name="Bâti Nord"),
        "charter_pledge": CharterPledge.objects.create(worksite=worksite, number=1, text="Laver."),
        "announcement": an_announcement(worksite, public=public),
    }
