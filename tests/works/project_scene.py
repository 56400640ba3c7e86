"""A project with all its parts, told through its acts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parvis.gatherings.models import Gathering
from parvis.works.acts import emptied, management, projects, residents
from parvis.works.models import OccupancyCount, PublicMeeting, RenewalProject
from parvis.works.project_management import edition_of
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.works.scene import a_delivery, a_project, a_worksite, an_operation, day


def phases(**dates: tuple[int | None, int | None]) -> list[dict[str, Any]]:
    """Rows of phases planned between so many days from today."""
    return [
        {
            "code": code,
            "starts_on": None if first is None else day(first),
            "ends_on": None if last is None else day(last),
        }
        for code, (first, last) in dates.items()
    ]


def a_held_meeting(cast: Cast, project: RenewalProject, **fields: Any) -> PublicMeeting:
    """A public meeting of three days ago, which everybody saw announced."""
    given = {
        "kind": "reunion_publique",
        "title": "Présentation du projet",
        "starts_at": in_days(-3),
        "ends_at": in_days(-3, 2),
        "place_label": "École Jean-Zay",
        "organiser": cast.agglomeration,
        "published_at": in_days(-30),
        "changed_at": in_days(-30),
        **fields,
    }
    gathering = Gathering.objects.create(**given)
    return PublicMeeting.objects.create(project=project, gathering=gathering)


def complete(cast: Cast, project: RenewalProject, *, but: str = "") -> None:
    """Finish every part of its projet de gestion, but one."""
    for part in edition_of(project.rules).asks:
        if part.code != but:
            management.write_part(
                project,
                part.code,
                actor=cast.actor(cast.claire),
                version=0,
                text="Ce qui est prévu.",
                done_on=day(-1),
            )


def a_whole_project(cast: Cast) -> dict[str, Any]:
    """Its phases contradict each other; parts, steps and an answer lack; a building is emptied."""
    claire, luc = cast.actor(cast.claire), cast.actor(cast.luc)
    project = a_project(cast, public=False, summary="Des logements mieux isolés.\nUn parc.")
    projects.write_phases(
        project,
        phases(
            protocole=(-900, -700),
            conception=(-700, -400),
            convention=(-800, -390),
            operationnel=(-380, 400),
        ),
        actor=claire,
    )
    projects.publish_project(project, actor=claire)
    project.refresh_from_db()
    projects.write_phases(
        project, phases(operationnel=(-380, 500)), actor=claire, reason="Le marché est relancé."
    )
    projects.set_amounts(
        project,
        [
            {
                "funder": "ANRU",
                "label": "Subvention",
                "planned": Decimal("12000000.00"),
                "spent": Decimal("3400000.50"),
                "noted_on": day(-40),
                "source": "Convention",
            },
            {"funder": "Ville d’Anzin", "planned": Decimal("800000"), "noted_on": day(-40)},
        ],
        actor=claire,
    )
    projects.set_partners(
        project,
        [(cast.landlord, "Rénove ses résidences"), (cast.town, "Refait les rues")],
        actor=claire,
    )
    operation = an_operation(
        cast,
        project,
        changes_rents=True,
        dwellings=120,
        amount=Decimal("4500000"),
        ends_on=day(600),
        summary="Isoler les façades.",
    )
    an_operation(
        cast,
        project,
        title="Démolition de la tour",
        kind="demolition",
        starts_on=None,
        ends_on=None,
    )
    a_worksite(cast, operation=operation, ends_on=day(700))
    a_delivery(cast, operation)
    residents.write_house(
        project,
        actor=claire,
        name="Maison du projet",
        place="3 place du Marché",
        hours="Le mercredi de 14 h à 17 h",
        contact="03 00 00 00 00",
        starts_on=day(-200),
    )
    residents.write_house(project, actor=claire, name="Au marché", place="Marché", itinerant=True)
    residents.write_consultation(
        operation,
        "loyers",
        {"met_on": day(-100), "representatives": "Amicale des Tilleuls"},
        actor=luc,
    )
    residents.make_step(
        project, "diagnostic", actor=claire, done_on=day(-690), note="Trois ateliers"
    )
    held = a_held_meeting(cast, project)
    question = residents.ask_question(
        held,
        actor=claire,
        text="Quand l’ascenseur sera-t-il réparé ?",
        organisation=cast.landlord,
        due_on=day(-1),
    )
    residents.answer_question(question, actor=luc, answer="En mars.")
    residents.ask_question(
        held, actor=claire, text="Et le stationnement ?", organisation=cast.town, due_on=day(-1)
    )
    residents.write_account(held, actor=claire, account="Quarante personnes.", attendance=40)
    residents.publish_account(held, actor=claire)
    to_come = residents.plan_meeting(
        project,
        actor=claire,
        organiser=cast.agglomeration,
        title="Le parc, parlons-en",
        starts_at=in_days(20),
        ends_at=in_days(20, 2),
        place_label="École Jean-Zay",
    )
    residents.publish_meeting(to_come, actor=claire)
    management.write_ground(
        project,
        actor=claire,
        name="Pieds d’immeuble",
        manager_before=cast.landlord,
        owner_before=cast.landlord,
        manager_after=cast.town,
        owner_after=cast.town,
        cost_before=Decimal(4000),
        cost_after=Decimal("5500.50"),
        changes_on=day(300),
        changes_charges=True,
    )
    management.write_ground(project, actor=claire, name="Parking", cost_before=Decimal(900))
    complete(cast, project, but="pilotage")
    made = emptied.write_emptied(
        operation,
        actor=luc,
        residence=cast.tilleuls,
        building=cast.entrance.building,
        dwellings=40,
        upkeep_by=cast.landlord,
        starts_on=day(-300),
    )
    for days, occupied in ((-300, 40), (-200, 31), (-20, 12)):
        OccupancyCount.objects.create(emptied=made, counted_on=day(days), occupied=occupied)
    emptied.visit_emptied(
        made, actor=luc, by=cast.landlord, visited_on=day(-45), result="partly", note="Hall sale."
    )
    return {
        "project": project.pk,
        "operation": operation.pk,
        "held": held.pk,
        "to_come": to_come.pk,
        "emptied": made.pk,
    }
