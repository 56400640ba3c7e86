"""The works of the demonstration: two projects, what they owe to residents, five worksites."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.demo.accounts import address_of, read
from parvis.demo.handover import load_deliveries
from parvis.demo.worksites import around, load_site
from parvis.gatherings import acts as gatherings
from parvis.meetings.models import Instance, Sitting
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Organisation, User, start_of_day
from parvis.places.models import Building, Commune, Quartier, Residence
from parvis.thread.acts import link
from parvis.upkeep.models import Holding, ManagedArea
from parvis.works.models import (
    EmptiedBuilding,
    GroundChange,
    ManagementPart,
    MeetingQuestion,
    OccupancyCount,
    Operation,
    ProjectAmount,
    ProjectHouse,
    ProjectPartner,
    ProjectPhase,
    PublicMeeting,
    RenewalProject,
    ResidentStep,
    TenantConsultation,
    UpkeepVisit,
)
from parvis.works.project_events import PROJECT

DATED = ("starts_on", "ends_on", "began_on", "ended_on")


class Ground:
    """What everything here is written with: organisations, residences, days from today."""

    def __init__(self, organisations: dict[str, Organisation], now: datetime) -> None:
        self.organisations, self.now = organisations, now
        self.today = timezone.localdate(now)
        homes = Residence.objects.select_related("commune").order_by("pk")
        self.homes = {one.name: one for one in homes}
        held = Holding.objects.select_related("organisation").order_by("pk")
        self.holders = {one.residence_id: one.organisation for one in held}
        self.actor: Actor = actors_of(User.objects.get(email=address_of("coordination")))[0]

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=days)

    def known(self, days: int | None) -> date | None:
        """The same, of a day that the file may not give."""
        return None if days is None else self.day(days)

    def moment(self, days: int) -> datetime:
        """The morning of that day."""
        return start_of_day(self.today + timedelta(days=days))

    def dates(self, days: list[int]) -> dict[str, date | None]:
        """Planned and real dates, as far as the file gives them."""
        given = zip(DATED, days, strict=False)
        return {name: self.day(value) for name, value in given}

    def who(self, key: str, residences: list[str]) -> Organisation:
        """An organisation by its key; "holder": who holds the first of these residences."""
        if key == "holder":
            return self.holders[self.homes[residences[0]].pk]
        return self.organisations[key]


def load_works(organisations: dict[str, Organisation], now: datetime) -> None:
    """Write everything that data/works.toml tells."""
    facts, ground = read("works"), Ground(organisations, now)
    projects, operations, grounds = {}, {}, {}
    for row in facts["project"]:
        project = _project(row, ground)
        projects[row["key"]] = project
        for one in row["operation"]:
            operations[one["key"]] = _operation(project, one, ground)
        for one in row["ground"]:
            grounds[one["key"]] = _ground_change(project, one, ground)
    _owed_to_residents(facts, projects, operations, ground)
    for row in facts["site"]:
        load_site(row, operations[row["operation"]], ground)
    load_deliveries(facts["delivery"], operations, grounds, ground)
    _steered(projects["rives"], ground)


def _steered(project: RenewalProject, ground: Ground) -> None:
    """The COTECH steers the project: its sittings stand on its thread."""
    steering = Instance.objects.filter(kind="cotech")
    steering.update(subject_kind=PROJECT, subject_id=project.pk)
    for pk in (
        Sitting.objects.filter(instance__in=steering).order_by("pk").values_list("pk", flat=True)
    ):
        link(ground.actor, (PROJECT, project.pk), ("sitting", pk))


# --- Projects ---------------------------------------------------------------------------------


def _project(row: dict[str, Any], ground: Ground) -> RenewalProject:
    begins = row["phases"][0][1][0]
    project = RenewalProject.objects.create(
        **{name: row[name] for name in ("code", "title", "programme", "rules", "summary")},
        carrier=ground.organisations[row["carrier"]],
        annexed_on=ground.known(row.get("annexed")),
        created_at=ground.moment(begins),
        published_at=ground.moment(begins + 60),
    )
    project.communes.set(Commune.objects.filter(code__in=row["communes"]))
    project.quartiers.set(Quartier.objects.filter(code__in=row["quartiers"]))
    ProjectPartner.objects.bulk_create(
        ProjectPartner(project=project, organisation=ground.organisations[key], part=part)
        for key, part in row["partners"]
    )
    ProjectAmount.objects.bulk_create(
        ProjectAmount(
            project=project,
            funder=funder,
            label=label,
            planned=Decimal(planned),
            spent=Decimal(spent),
            noted_on=ground.day(-25),
            source="Chiffres inventés pour la démonstration",
        )
        for funder, label, planned, spent in row["amounts"]
    )
    ProjectPhase.objects.bulk_create(
        ProjectPhase(project=project, code=code, **ground.dates(days))
        for code, days in row["phases"]
    )
    ResidentStep.objects.bulk_create(
        ResidentStep(project=project, code=code, done_on=ground.day(days), note=note)
        for code, days, note in row["steps"]
    )
    ManagementPart.objects.bulk_create(
        ManagementPart(
            project=project,
            code=part["code"],
            text=part["text"],
            done_on=ground.known(part.get("done")),
        )
        for part in row["management"]
    )
    return project


def _operation(project: RenewalProject, row: dict[str, Any], ground: Ground) -> Operation:
    operation = Operation.objects.create(
        project=project,
        **{name: row[name] for name in ("kind", "title", "summary")},
        owner=ground.who(row["owner"], row["residences"]),
        dwellings=row.get("dwellings"),
        amount=Decimal(row["amount"]),
        changes_rents=row.get("rents", False),
        **ground.dates(row["days"]),
    )
    operation.residences.set(ground.homes[name] for name in row["residences"])
    return operation


def _ground_change(project: RenewalProject, row: dict[str, Any], ground: Ground) -> GroundChange:
    """The ground as it was managed before; its remise en gestion comes with what is delivered."""
    before, home = ground.who(row["before"], [row["residence"]]), ground.homes[row["residence"]]
    # A private foot of a building is its residence; a public square is drawn beside one.
    place = {"residence": home} if row["before"] == "holder" else around(home)
    area = ManagedArea.objects.create(
        name=f"{row['name']} (démonstration)",
        manager=before,
        owner=before,
        theme_codes=["espaces_verts", "aires_de_jeux"],
        starts_on=ground.day(-3200),
        **place,
    )
    after = ground.organisations[row["after"]]
    return GroundChange.objects.create(
        project=project,
        name=row["name"],
        area=area,
        owner_before=before,
        manager_before=before,
        owner_after=after,
        manager_after=after,
        changes_on=ground.day(row["changes"]),
        cost_before=row.get("cost_before"),
        cost_after=row["cost_after"],
        changes_charges=row.get("charges", False),
        involved_on=ground.known(row.get("involved")),
        involvement=row.get("involvement", ""),
    )


# --- What is owed to residents ----------------------------------------------------------------


def _owed_to_residents(
    facts: dict[str, Any],
    projects: dict[str, RenewalProject],
    operations: dict[str, Operation],
    ground: Ground,
) -> None:
    ProjectHouse.objects.bulk_create(
        ProjectHouse(
            project=projects[row["project"]],
            **{name: row[name] for name in ("name", "place", "hours", "contact")},
            itinerant=row.get("itinerant", False),
            starts_on=ground.day(row["starts"]),
            ends_on=ground.known(row.get("ends")),
        )
        for row in facts["house"]
    )
    for row in facts["meeting"]:
        _meeting(projects[row["project"]], row, ground)
    TenantConsultation.objects.bulk_create(
        TenantConsultation(
            operation=operations[row["operation"]],
            subject=row["subject"],
            met_on=ground.day(row["met"]),
            representatives=row["representatives"],
            documents_place=row["place"],
            documents_from=ground.day(row["from"]),
            documents_until=ground.day(row["until"]),
            balance=row.get("balance", ""),
            balance_sent_on=ground.known(row.get("sent")),
        )
        for row in facts["consultation"]
    )
    _emptied(facts["emptied"], operations, ground)


def _meeting(project: RenewalProject, row: dict[str, Any], ground: Ground) -> None:
    day = ground.today + timedelta(days=row["day"])
    starts = timezone.make_aware(datetime.combine(day, time(row["hour"])))
    announced = ground.moment(row["posters"])
    gathering = gatherings.plan_gathering(
        actor=ground.actor,
        organiser=ground.organisations[row["organiser"]],
        quartiers=project.quartiers.defer("outline"),
        kind="reunion_publique",
        title=row["title"],
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place_label=row["place"],
        commune=project.communes.order_by("pk").first(),
        now=announced,
    )
    gatherings.publish_gathering(gathering, actor=ground.actor, now=announced)
    meeting = PublicMeeting.objects.create(
        project=project,
        gathering=gathering,
        posters_on=ground.day(row["posters"]),
        letters_on=ground.day(row["letters"]),
        attendance=row["attendance"],
        account=row["account"],
        account_published_at=ground.moment(row["day"] + 10),
    )
    MeetingQuestion.objects.bulk_create(
        MeetingQuestion(
            meeting=meeting,
            text=text,
            organisation=ground.organisations[key],
            due_on=ground.day(due),
            answer=answer,
            answered_on=ground.day(answered) if answer else None,
        )
        for text, key, due, answer, answered in row["questions"]
    )


def _emptied(row: dict[str, Any], operations: dict[str, Operation], ground: Ground) -> None:
    home = ground.homes[row["residence"]]
    holder = ground.holders[home.pk]
    emptied = EmptiedBuilding.objects.create(
        operation=operations[row["operation"]],
        residence=home,
        building=Building.objects.get(residence=home, name=row["building"]),
        dwellings=row["dwellings"],
        upkeep_by=holder,
        starts_on=ground.day(row["starts"]),
        planned_empty_on=ground.day(row["empty"]),
    )
    OccupancyCount.objects.bulk_create(
        OccupancyCount(emptied=emptied, counted_on=ground.day(days), occupied=occupied)
        for days, occupied in row["counts"]
    )
    UpkeepVisit.objects.bulk_create(
        UpkeepVisit(
            emptied=emptied,
            visited_on=ground.day(days),
            result=result,
            note=note,
            by=ground.organisations["agglomeration"],
        )
        for days, result, note in row["visits"]
    )
