"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.councils import referent_acts
from parvis.councils.models import Call
from tests.cast import Cast
from tests.councils.referent_scene import (
    a_document,
    a_request,
    called_to,
    over,
    phase,
    referent,
    seated,
    steering,
)
from tests.pages.sheet import COORDINATION, Sheet
from tests.works.scene import a_project

YEAR = timezone.localdate().year
SHEETS: list[Sheet] = [
    Sheet("councils/referents.html", "/participation/referents/"),
    Sheet("councils/referent_body.html", "/participation/{council}/referents/", "yasmine"),
    Sheet("councils/referent_form.html", "/participation/{council}/referents/designer/", "yasmine"),
    Sheet("councils/referent_form.html", "/participation/invitations/{referent_call}/", "hugo"),
    Sheet(
        "councils/referent_sitting.html", "/participation/seances/{referent_sitting}/", "yasmine"
    ),
    Sheet(
        "councils/referent_sitting.html", "/participation/seances/{referent_held}/", COORDINATION
    ),
    Sheet("councils/referent_sittings.html", f"/participation/seances/?annee={YEAR}"),
    Sheet(
        "councils/referent_sittings.html",
        f"/participation/seances/?annee={YEAR}&instance={{referent_instance}}",
        COORDINATION,
    ),
    Sheet("councils/referent_year.html", f"/participation/bilans/{YEAR}/"),
    Sheet("works/project.html", "/projets/{referent_project}/"),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """What the pages of this part show, by the names that their addresses use."""
    project = a_project(cast, title="Les Rives autrement")
    instance = steering(cast, project, members=[cast.landlord, cast.council])
    hugo = body.members.get(user=cast.hugo)
    referent(cast, hugo, project)
    silent = seated(cast, body, "Jeanne Essai", contact={"phone": "03 27 00 00 00"})
    referent(cast, silent, project, place=2)
    made, held = called_to(cast, instance, days=6), called_to(cast, instance, days=30)
    a_document(made)
    for one in (made, held):
        referent_acts.invite(one, actor=None)
    over(held, days=0)
    over(called_to(cast, instance), days=0)
    a_request(cast, body, phase=phase(project, "conception"))
    return {
        "referent_call": Call.objects.get(member=hugo, sitting=made).pk,
        "referent_sitting": made.pk,
        "referent_held": held.pk,
        "referent_instance": instance.pk,
        "referent_project": project.pk,
    }
