"""Writing a project: publishing it, moving its dates, its money, its partners."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from parvis.notices.models import Envelope
from parvis.thread.reading import events_of
from parvis.works.acts import projects as acts
from parvis.works.models import Operation, ProjectPhase, RenewalProject, TimetableChange
from parvis.works.project_events import span_of
from tests.cast import Cast
from tests.gatherings.test_following import follow
from tests.works.project_scene import phases
from tests.works.scene import a_project, an_operation, day


def told(address: str = "lea@exemple.test") -> list[str]:
    rows = Envelope.objects.filter(address=address).order_by("pk")
    return list(rows.values_list("subject", flat=True))


def dated(cast: Cast, **fields: Any) -> RenewalProject:
    """A published project whose works are planned."""
    project = a_project(cast, **fields)
    acts.write_phases(
        project, phases(operationnel=(0, 300)), actor=cast.actor(cast.claire), reason="Au départ."
    )
    TimetableChange.objects.all().delete()
    Envelope.objects.all().delete()
    return project


def test_a_project_is_published_once_it_has_words_and_a_dated_phase(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = a_project(cast, public=False)
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    with pytest.raises(ValidationError, match="une présentation pour tous et au moins une phase"):
        acts.publish_project(project, actor=claire)
    acts.rewrite_project(project, actor=claire, summary="Un parc.")
    acts.write_phases(project, phases(conception=(0, 10)), actor=claire)
    for _ in range(2):
        acts.publish_project(project, actor=claire)
    assert told() == ["Projet : Renouvellement des Rives"]


def test_before_publication_dates_move_without_a_word(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = a_project(cast, public=False)
    for last in (10, 20):
        acts.write_phases(project, phases(conception=(0, last)), actor=claire)
    assert project.phases.get().ends_on == day(20)
    assert not TimetableChange.objects.exists()
    assert not Envelope.objects.exists()


def test_after_publication_a_planned_date_that_moves_asks_a_reason(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = dated(cast)
    with pytest.raises(ValidationError, match="dites pourquoi"):
        acts.write_phases(project, phases(operationnel=(0, 400)), actor=claire, reason="  ")
    assert project.phases.get().ends_on == day(300)
    assert not TimetableChange.objects.exists()


def test_what_moved_is_kept_and_told_to_followers_and_to_organisations(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = dated(cast)
    follow("lea@exemple.test", f"project:{project.pk}")
    acts.write_phases(
        project, phases(operationnel=(0, 400)), actor=claire, reason="Le marché est relancé."
    )
    change = TimetableChange.objects.get()
    assert (change.project, change.ends_before, change.ends_on) == (project, day(300), day(400))
    assert change.by == cast.agglomeration
    assert told() == ["Nouvelles dates : Renouvellement des Rives"]
    assert told("luc@exemple.test") == told()  # a partner
    assert told("claire@exemple.test") == told()  # the carrier
    assert told("paul@exemple.test") == []
    assert events_of(claire, "project", project.pk)[-1].code == "moved"


def test_several_phases_that_move_are_one_message(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = dated(cast)
    follow("lea@exemple.test", f"project:{project.pk}")
    rows = phases(operationnel=(0, 400), livraison=(400, 500))
    acts.write_phases(project, rows, actor=claire, reason="Le marché est relancé.")
    assert TimetableChange.objects.count() == 2
    assert len(told()) == 1
    last = events_of(claire, "project", project.pk)[-1]
    assert last.sentence == "Calendrier modifié : 2 phases ont d’autres dates"


def test_who_follows_both_the_project_and_its_quartier_is_told_once(cast: Cast) -> None:
    project = dated(cast)
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    follow("lea@exemple.test", f"project:{project.pk}")
    acts.write_phases(
        project, phases(operationnel=(0, 9)), actor=cast.actor(cast.claire), reason="Plus vite."
    )
    assert len(told()) == 1


def test_real_dates_and_the_same_dates_again_ask_nothing(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = dated(cast)
    rows = [{**row, "began_on": day()} for row in phases(operationnel=(0, 300))]
    acts.write_phases(project, rows, actor=claire)
    assert project.phases.get().began_on == day()
    assert not TimetableChange.objects.exists()
    assert not Envelope.objects.exists()


def test_a_phase_that_ends_before_it_starts_is_refused_by_name(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="La fin prévue précède"):
        acts.write_phases(
            a_project(cast, public=False),
            phases(protocole=(0, 5), conception=(10, 5)),
            actor=cast.actor(cast.claire),
        )
    assert not ProjectPhase.objects.exists()  # nothing is half written


def test_an_operation_that_moves_is_kept_and_told(cast: Cast, client: Client) -> None:
    operation = an_operation(cast)
    follow("lea@exemple.test", f"project:{operation.project_id}")
    client.force_login(cast.luc)
    url = reverse("works:edit_operation", args=[operation.pk])
    given = {
        "title": operation.title,
        "kind": operation.kind,
        "owner": operation.owner_id,
        "starts_on": day(-60).isoformat(),
        "ends_on": day(200).isoformat(),
        "residences": [cast.tilleuls.pk],
        "amount": "1 200,50 €",
    }
    refused = client.post(url, given).content.decode()
    assert "dites pourquoi" in refused
    assert "1 200,50" in refused  # nothing typed is lost
    assert client.post(url, {**given, "reason": "Amiante."}).status_code == 302
    change = TimetableChange.objects.get()
    assert (change.what, change.reason) == ("Opération : Réhabilitation des Tilleuls", "Amiante.")
    assert change.by == cast.landlord
    assert len(told()) == 1
    operation.refresh_from_db()
    assert str(operation.amount) == "1200.50"


def test_a_landlord_writes_its_own_operation_and_not_the_neighbour_s(
    cast: Cast, client: Client
) -> None:
    project = a_project(cast)
    own = an_operation(cast, project)
    other = an_operation(cast, project, owner=cast.other_landlord, title="Les Peupliers")
    client.force_login(cast.luc)
    status = {
        one: client.get(reverse("works:edit_operation", args=[one.pk])).status_code
        for one in (own, other)
    }
    assert status == {own: 200, other: 403}
    assert client.get(reverse("works:project_phases", args=[project.pk])).status_code == 403


def test_a_project_is_written_by_hand_from_the_first_word_to_the_page(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.claire)
    given = {
        "title": "Le Faubourg",
        "code": "faubourg",
        "programme": "local",
        "carrier": cast.agglomeration.pk,
        "communes": [cast.valenciennes.pk],
        "quartiers": [cast.faubourg.pk],
        "rules": "local",
        "summary": "Une place.",
    }
    client.post(reverse("works:new_project"), given)
    project = RenewalProject.objects.get()
    assert project.code == "FAUBOURG"
    again = client.post(reverse("works:new_project"), given).content.decode()
    assert "porte déjà ce code" in again
    url = reverse("works:project_phases", args=[project.pk])
    client.post(url, {"conception-starts_on": "2026-01-10", "conception-ends_on": "2026-06-10"})
    assert project.phases.get().starts_on == date(2026, 1, 10)
    client.post(reverse("works:publish_project", args=[project.pk]))
    client.post(
        reverse("works:project_amounts", args=[project.pk]),
        {
            "a-TOTAL_FORMS": 3,
            "a-INITIAL_FORMS": 0,
            "a-0-funder": "Région",
            "a-0-planned": "12 000,50",
            "a-0-noted_on": "2026-01-01",
        },
    )
    client.post(
        reverse("works:project_partners", args=[project.pk]),
        {
            "p-TOTAL_FORMS": 2,
            "p-INITIAL_FORMS": 0,
            "p-0-organisation": cast.other_landlord.pk,
            "p-0-part": "Rénove",
        },
    )
    client.post(
        reverse("works:new_operation", args=[project.pk]),
        {"title": "La place", "kind": "amenagement", "owner": cast.agglomeration.pk},
    )
    assert Operation.objects.get().project == project
    client.logout()
    words = client.get(reverse("works:project", args=[project.pk])).content.decode()
    for said in ("Une place.", "Région", "Rénove", "La place"):
        assert said in words


def test_a_row_of_money_that_is_begun_and_not_finished_is_said(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    client.force_login(cast.claire)
    url = reverse("works:project_amounts", args=[project.pk])
    rows = {"a-TOTAL_FORMS": 1, "a-INITIAL_FORMS": 0, "a-0-funder": "Région"}
    words = client.post(url, rows).content.decode()
    assert "Complétez cette ligne" in words
    assert "Région" in words
    assert not project.amounts.exists()


def test_a_partner_stands_once(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    client.force_login(cast.claire)
    rows = {
        "p-TOTAL_FORMS": 2,
        "p-INITIAL_FORMS": 0,
        "p-0-organisation": cast.town.pk,
        "p-1-organisation": cast.town.pk,
    }
    url = reverse("works:project_partners", args=[project.pk])
    assert "notée deux fois" in client.post(url, rows).content.decode()
    assert [one.organisation for one in project.partners.all()] == [cast.landlord]


def test_a_span_of_days_fits_into_an_event() -> None:
    longest = span_of(date(2026, 12, 31), date(2036, 12, 31))
    assert longest == "31/12/2026 au 31/12/2036"
    assert span_of(None, None) == "sans date"
    assert span_of(None, date(2026, 1, 2)) == "? au 2/1/2026"
