"""What everybody and partners read of a project, in how many queries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.thread.finding import thing_at
from parvis.thread.reading import due_for, rows_lying, thread_of
from parvis.thread.register import Where, kind_of
from parvis.works.models import (
    Delivery,
    Operation,
    ProjectAmount,
    ProjectHouse,
    ProjectPhase,
    PublicMeeting,
    RenewalProject,
    TimetableChange,
    Worksite,
)
from tests.cast import Cast
from tests.figures.counting import counted
from tests.works.project_scene import a_whole_project
from tests.works.scene import a_delivery, a_project, a_worksite, an_operation, day


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"works:{name}", args=args))
    assert answer.status_code == 200, answer
    return str(answer.content.decode()).replace("\xa0", " ").replace("&nbsp;", " ")


def test_everybody_reads_what_when_with_what_money_and_who(cast: Cast, client: Client) -> None:
    made = a_whole_project(cast)
    words = page(client, "project", made["project"])
    for said in (
        "NPNRU",
        "Agglomération de l’Escaut",
        "Refait les rues",
        "Réhabilitation des Tilleuls",
        "120 logements",
        "Les Tilleuls",
        "Chantier des Tilleuls",
        "Square des Tilleuls",
        "Le mercredi de 14 h à 17 h",
        "Le parc, parlons-en",
        "Suivi des chantiers, relogement",
        "12 800 000,00",
        "3 400 000,50",
    ):
        assert said in words.replace("\u202f", " "), said


def test_a_contradiction_is_shown_to_everybody(cast: Cast, client: Client) -> None:
    made = a_whole_project(cast)
    words = page(client, "project", made["project"])
    assert "Des dates à vérifier" in words
    assert "Phase convention : Commence avant la phase conception" in words
    assert "Réhabilitation des Tilleuls : Finit après la phase travaux" in words
    assert "Chantier des Tilleuls : Finit après l’opération" in words


def test_what_lacks_and_why_dates_moved_is_for_partners_of_the_project(
    cast: Cast, client: Client
) -> None:
    made = a_whole_project(cast)
    for person in (None, cast.paul, cast.bruno):
        client.logout()
        if person:
            client.force_login(person)
        words = page(client, "project", made["project"])
        assert "Ce qui manque" not in words
        assert "Le marché est relancé" not in words
    for person in (cast.claire, cast.luc, cast.karim):
        client.force_login(person)
        words = page(client, "project", made["project"])
        for said in (
            "Phase gestion : pas de dates",
            "Opération « Démolition de la tour » : pas de dates",
            "Coordination, pilotage, suivi et évaluation",
            "1 question attend une réponse en retard",
            "« Pieds d’immeuble » change les charges",
            "Les Tilleuls, Bâtiment A : encore habité",
            "Le marché est relancé",
        ):
            assert said in words, (person, said)


def test_a_project_that_is_not_published_is_for_its_partners(cast: Cast, client: Client) -> None:
    project = a_project(cast, public=False)
    operation = an_operation(cast, project)
    urls = [reverse("works:project", args=[project.pk])]
    urls += [reverse("works:operation", args=[operation.pk])]
    for url in urls:
        assert client.get(url).status_code == 404
    assert "Renouvellement des Rives" not in page(client, "projects")
    client.force_login(cast.luc)
    for url in urls:
        assert client.get(url).status_code == 200
    assert "Renouvellement des Rives" in page(client, "projects")


def test_a_worksite_that_is_not_published_stays_out_of_the_public_page(
    cast: Cast, client: Client
) -> None:
    operation = an_operation(cast)
    a_worksite(cast, public=False, operation=operation)
    assert "Chantier des Tilleuls" not in page(client, "project", operation.project_id)
    assert "Chantier des Tilleuls" not in page(client, "operation", operation.pk)


def grow(cast: Cast, project: RenewalProject, many: int) -> None:
    """That many of each child of a project."""
    now = timezone.now()
    Operation.objects.bulk_create(
        Operation(
            project=project,
            kind="rehabilitation",
            title=f"Opération {number}",
            owner=cast.landlord,
            starts_on=day(-number - 1),
            ends_on=day(-1),
        )
        for number in range(many)
    )
    operation = project.operations.first()
    assert operation
    Worksite.objects.bulk_create(
        Worksite(
            title=f"Chantier {number}",
            kind="demolition",
            owner=cast.landlord,
            manager=cast.landlord,
            commune=cast.anzin,
            operation=operation,
            published_at=now,
            changed_at=now,
        )
        for number in range(many)
    )
    Delivery.objects.bulk_create(
        Delivery(
            operation=operation,
            title=f"Lieu {number}",
            kind="espace",
            taker=cast.town,
            delivered_on=day(-1),
        )
        for number in range(many)
    )
    ProjectAmount.objects.bulk_create(
        ProjectAmount(project=project, funder=f"F{number}", planned=Decimal(1), noted_on=day())
        for number in range(many)
    )
    ProjectHouse.objects.bulk_create(
        ProjectHouse(project=project, name=f"Maison {number}", place="Rue")
        for number in range(many)
    )
    TimetableChange.objects.bulk_create(
        TimetableChange(project=project, what="Phase", reason="Pluie", at=now)
        for number in range(many)
    )
    dates = Gathering.objects.bulk_create(
        Gathering(
            kind="reunion_publique",
            title=f"Réunion {number}",
            starts_at=now + timedelta(days=number - 5),
            ends_at=now + timedelta(days=number - 5, hours=2),
            organiser=cast.agglomeration,
            published_at=now,
            changed_at=now,
        )
        for number in range(many)
    )
    PublicMeeting.objects.bulk_create(
        PublicMeeting(project=project, gathering=one) for one in dates
    )


@pytest.mark.parametrize("who", ["stranger", "claire", "luc"])
def test_the_page_of_a_project_asks_sixteen_queries_at_most_whatever_its_rows(
    cast: Cast, client: Client, who: str
) -> None:
    made = a_whole_project(cast)
    project = RenewalProject.objects.get(pk=made["project"])
    url = reverse("works:project", args=[project.pk])
    if who != "stranger":
        client.force_login(getattr(cast, who))

    def asked() -> int:
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    grow(cast, project, 10)
    few = asked()
    assert few <= 16, few  # four of them for what upper rooms say beside it
    grow(cast, project, 1000)
    assert asked() == few
    assert "Opération 999" in client.get(f"{url}?tout=1").content.decode()


@pytest.mark.parametrize(
    ("name", "most"), [("projects", 8), ("operation", 20), ("management", 11), ("emptied", 12)]
)
def test_the_other_pages_ask_as_much_for_many_rows(
    cast: Cast, client: Client, name: str, most: int
) -> None:
    made = a_whole_project(cast)
    client.force_login(cast.claire)
    key = {"projects": None, "management": "project"}.get(name, name)
    url = reverse(f"works:{name}", args=[made[key]] if key else [])

    def asked() -> int:
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked()
    assert few <= most, few
    for number in range(10):
        more = a_project(cast, title=f"Projet {number}")
        ProjectPhase.objects.create(project=more, code="conception", starts_on=day(-5))
    operation = Operation.objects.get(pk=made["operation"])
    for number in range(10):
        a_worksite(cast, title=f"Chantier {number}", operation=operation)
        a_delivery(cast, operation, title=f"Lieu {number}")
        operation.emptied.create(
            residence=cast.peupliers, dwellings=number + 1, upkeep_by=cast.landlord
        )
    assert asked() == few


def test_a_project_stands_on_the_thread_with_its_meetings(cast: Cast) -> None:
    made = a_whole_project(cast)
    claire = cast.actor(cast.claire)
    steps = thread_of(claire, "project", made["project"])
    assert "Le parc, parlons-en" in [step.title for step in steps]
    where = Where(quartiers=frozenset({cast.rives.pk}))
    found = rows_lying(claire, where, ["project", "operation", "public_meeting"])
    assert {one.kind for one in found} == {"project", "operation", "public_meeting"}
    elsewhere = Where(quartiers=frozenset({cast.faubourg.pk}))
    assert rows_lying(claire, elsewhere, ["project", "operation", "public_meeting"]) == []


def test_a_draft_project_tells_that_it_exists_and_nothing_more(cast: Cast) -> None:
    from parvis.partners.actors import NOBODY
    from parvis.thread.acts import link

    project = a_project(cast, public=False)
    shown = a_project(cast)
    link(cast.actor(cast.claire), ("project", project.pk), ("project", shown.pk))
    steps = thread_of(NOBODY, "project", shown.pk)
    assert [step.hidden for step in steps].count(True) == 1
    assert all(step.url == "" for step in steps if step.hidden)


def test_things_have_places_for_a_plan(cast: Cast) -> None:
    operation = an_operation(cast)
    assert kind_of("operation").places([operation.pk])  # type: ignore[misc]
    middle = kind_of("project").places([operation.project_id])[operation.project_id]  # type: ignore[misc]
    assert middle == pytest.approx((50.380, 3.510))


def test_a_project_is_put_on_an_agenda_by_its_code_or_its_address(cast: Cast) -> None:
    project = a_project(cast, code="NPNRU-RIVES")
    for text in ("npnru-rives", reverse("works:project", args=[project.pk])):
        assert thing_at(text) == ("project", project.pk)


def test_a_question_without_answer_is_due_by_who_answers_and_by_no_other(cast: Cast) -> None:
    made = a_whole_project(cast)

    def due(person: Any) -> list[tuple[str, int]]:
        return [
            (one.kind, one.id)
            for span in due_for(cast.actor(person), days=[day()])
            for one in span.first
            if one.kind == "public_meeting"
        ]

    assert due(cast.karim) == [("public_meeting", made["held"])]
    assert due(cast.luc) == []  # its own question is answered
    assert due(cast.nadia) == []
