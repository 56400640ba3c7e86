"""Pages for the walk over every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parvis.partners.models import Organisation
from parvis.upkeep.models import ManagedArea
from parvis.works.acts import appropriation, handover, surveys
from parvis.works.models import GroundChange
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.pages.sheet import COORDINATION, Sheet
from tests.works.handover_scene import answered, checked, delivered, minutes, taken
from tests.works.scene import a_delivery, a_project, an_operation, day

CHART = ("works/survey_results.html", "/livraisons/{lasting}/resultats/")
SHEETS: list[Sheet] = [
    Sheet("works/deliveries.html", "/livraisons/"),
    Sheet("works/deliveries.html", "/livraisons/?nature=espace", COORDINATION),
    Sheet("works/delivery.html", "/livraisons/{lasting}/"),
    Sheet("works/delivery.html", "/livraisons/{lasting}/", COORDINATION),
    Sheet("works/delivery.html", "/livraisons/{waiting}/", "luc"),
    Sheet("works/delivery.html", "/livraisons/{planned}/", "luc"),
    Sheet("works/delivery_form.html", "/livraisons/nouvelle/", "luc"),
    Sheet("works/delivery_form.html", "/livraisons/{waiting}/remise/", "luc"),
    Sheet("works/delivery_form.html", "/livraisons/{waiting}/ateliers/nouveau/", "luc"),
    Sheet("works/delivery_form.html", "/livraisons/verifications/{worse}/faire/", "karim"),
    Sheet("works/survey.html", "/livraisons/{waiting}/enquetes/3/", "luc"),
    Sheet("works/survey.html", "/livraisons/{lasting}/enquetes/3/", COORDINATION),
    Sheet("works/survey_paper.html", "/livraisons/{waiting}/enquetes/3/papier/", "luc"),
    Sheet("works/survey_answer.html", "/livraisons/enquete/{survey}/"),
    Sheet("works/survey_answer.html", "/livraisons/enquete/{closed}/"),
    Sheet("works/survey_thanks.html", "/livraisons/enquete/{survey}/merci/"),
    Sheet(*CHART),
    Sheet(*CHART, COORDINATION),
    Sheet("works/durability.html", "/livraisons/verifications/", COORDINATION),
    Sheet("works/checks.html", "/livraisons/{lasting}/verifications/", COORDINATION),
    Sheet("works/check.html", "/livraisons/verifications/{worse}/", "karim"),
    Sheet("works/check.html", "/livraisons/verifications/{coming}/", COORDINATION),
]
MARKS = [
    {"confort": 4, "equipements": 2, "temperature": 3, "charges": 1, "proprete": 3},
    {"confort": 3, "equipements": 3, "temperature": 2, "charges": 2, "proprete": 4},
    {"confort": 4, "equipements": 1, "temperature": 4, "charges": 1, "interlocuteur": 3},
    {"confort": 2, "equipements": 2, "temperature": 3, "charges": 3, "proprete": 2},
    {"confort": 4, "equipements": 4, "temperature": 3, "charges": 2, "proprete": 3},
    {"confort": 3, "equipements": 3, "temperature": 1, "charges": 2, "proprete": 1},
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A square that lasted and worsened, a building that waits for its remise, one to deliver."""
    luc = cast.actor(cast.luc)
    project = a_project(cast, partners=[cast.landlord, cast.town])
    operation = an_operation(cast, project)
    lasting = taken(
        cast,
        days_ago=1200,
        operation=operation,
        planned_use="Un lieu pour tous, avec des jeux et des bancs.",
        planned_cost=Decimal("4200.00"),
        residence=cast.tilleuls,
    )
    appropriation.plan_workshop(
        lasting,
        actor=luc,
        organiser=Organisation.objects.get(pk=cast.landlord.pk),
        published=True,
        title="Le nouveau tri, pas à pas",
        starts_at=in_days(6),
        ends_at=in_days(6, 2),
        place_label="Square des Tilleuls",
    )
    appropriation.give_guide(lasting, title="Le tri au square", file=minutes())
    appropriation.give_guide(lasting, title="La charte des jeux", url="https://exemple.test/jeux")
    appropriation.note_visits(
        lasting,
        actor=luc,
        starts_on=day(-1100),
        ends_on=day(-1070),
        offered=48,
        made=31,
        by="Les médiateurs",
        note="Le tri reste mal compris.",
    )
    first = answered(lasting.surveys.get(months=3), *MARKS)
    surveys.publish_survey(first, actor=luc, shown=True)
    last = answered(lasting.surveys.get(months=12), *MARKS, {"confort": 4, "charges": 4})
    surveys.publish_survey(last, actor=luc, shown=True)
    checked(cast, lasting, 1, damage=1, reports=2, cost=Decimal("3900.00"))
    worse = checked(
        cast,
        lasting,
        3,
        "degrade",
        "autrement",
        note="Les bancs sont cassés, des scooters traversent.",
        damage=6,
        reports=14,
        cost=Decimal("6100.00"),
    )
    area = ManagedArea.objects.create(
        name="Pied du bâtiment A", manager=cast.landlord, residence=cast.tilleuls
    )
    ground = GroundChange.objects.create(
        project=project, name="Parvis", area=area, manager_after=cast.town, cost_after="1500"
    )
    waiting = delivered(
        cast,
        operation=operation,
        title="Bâtiment B des Tilleuls",
        kind="batiment",
        ground=ground,
        residence=cast.tilleuls,
    )
    answered(waiting.surveys.get(months=3), *MARKS[:2], closed=False)
    handover.note_reserve(
        waiting, actor=luc, text="Porte du hall qui frotte", place="Entrée 3", found_on=day(-90)
    )
    handover.note_reserve(
        waiting, actor=luc, text="Peinture", firm="Peintures", found_on=day(-90), due_on=day(-9)
    )
    planned = a_delivery(
        cast, operation, title="Jardin", delivered_on=None, planned_on=day(-3), taker=cast.town
    )
    return {
        "lasting": lasting.pk,
        "waiting": waiting.pk,
        "planned": planned.pk,
        "survey": surveys.token_of(waiting.surveys.get(months=3)),
        "closed": surveys.token_of(first),
        "worse": worse.pk,
        "coming": lasting.checks.get(year=5).pk,
    }
