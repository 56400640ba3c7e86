"""A convention de GUP: what each pledges, who may say how it is kept, and what follows."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.actions import pledging
from parvis.actions.models import Convention, Pledge
from parvis.meetings import acts as meetings
from parvis.partners.actors import NOBODY
from parvis.partners.models import Agreement, Signature
from parvis.thread.models import Event
from parvis.thread.reading import awaiting, due_for
from parvis.thread.register import Where
from parvis.upkeep.models import ManagedArea
from tests.actions.pact_scene import found, pledged, signed, today
from tests.cast import Cast
from tests.meetings.scene import cotech, sitting


def test_who_sees_a_convention_before_and_after_it_is_published(cast: Cast) -> None:
    convention = signed(cast)
    seen = Convention.objects.visible_to
    for person in (cast.claire, cast.karim, cast.luc, cast.ines):
        assert seen(cast.actor(person)).exists(), person
    for person in (cast.bruno, cast.nadia, cast.paul, cast.rose):
        assert not seen(cast.actor(person)).exists(), person
    assert not seen(NOBODY).exists()
    pledging.publish_convention(convention, actor=cast.actor(cast.claire))
    assert seen(NOBODY).exists()


def test_how_a_pledge_is_kept_is_read_by_those_who_signed_alone(cast: Cast, client: Client) -> None:
    pledge = found(cast, pledged(cast, signed(cast, public=True)), "unkept")
    for url in (
        reverse("actions:pledge", args=[pledge.pk]),
        reverse("actions:convention", args=[pledge.convention_id]),
        reverse("actions:conventions"),
    ):
        client.logout()
        page = client.get(url).content.decode()
        assert "non tenu" not in page
        client.force_login(cast.luc)
        assert "non tenu" in client.get(url).content.decode()


def test_only_the_coordination_of_all_its_communes_checks_a_pledge(
    cast: Cast, client: Client
) -> None:
    pledge = pledged(cast, signed(cast, public=True))
    url = reverse("actions:check_pledge", args=[pledge.pk])
    said = {"result": "kept", "checked_on": today().isoformat(), "evidence": "Vu sur place."}
    for person in (cast.luc, cast.karim, cast.bruno):
        client.force_login(person)
        assert client.post(url, said).status_code == 403
    client.force_login(cast.claire)
    client.post(url, said)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.checked_on) == ("kept", today())
    # A convention that reaches into the neighbour's communes is edited by neither alone.
    pledge.convention.agreement.communes.add(cast.raismes)
    assert client.post(url, said).status_code == 403


def test_a_check_without_evidence_is_refused_and_what_was_typed_stays(
    cast: Cast, client: Client
) -> None:
    pledge = pledged(cast)
    client.force_login(cast.claire)
    answer = client.post(
        reverse("actions:check_pledge", args=[pledge.pk]),
        {"result": "late", "checked_on": today(1).isoformat(), "evidence": "  "},
    )
    assert answer.status_code == 200
    assert today(1).isoformat() in answer.content.decode()
    assert not pledge.checks.exists()
    with pytest.raises(ValidationError, match="pas encore venu"):
        found(cast, pledge, "late", checked_on=today(1))


def test_the_latest_day_counts_whatever_the_order_of_the_checks(cast: Cast) -> None:
    pledge = pledged(cast)
    found(cast, pledge, "unkept", checked_on=today(-10))
    pledge = found(cast, pledge, "kept", checked_on=today(-40))
    assert (pledge.state, pledge.checks.count()) == ("unkept", 2)
    assert Event.objects.filter(thing_kind="pledge", code="checked").count() == 1


def test_an_organisation_that_does_not_sign_pledges_nothing(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="pas signataire"):
        pledged(cast, organisation=cast.other_landlord)


def test_pledges_are_numbered_in_their_convention(cast: Cast) -> None:
    convention = signed(cast)
    assert [pledged(cast, convention).number for _ in range(3)] == [1, 2, 3]
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.create(
            convention=convention, organisation=cast.town, number=2, task="Encore"
        )


def test_an_unkept_pledge_goes_on_the_agenda_of_the_next_sitting(cast: Cast) -> None:
    convention = signed(cast)
    kept, unkept = pledged(cast, convention), pledged(cast, convention, task="Vider les caves")
    found(cast, kept, "kept")
    found(cast, unkept, "unkept")
    claire = cast.actor(cast.claire)
    made = sitting(cast, cotech(cast))
    where = Where(quartiers=frozenset({cast.rives.pk}))
    awaited = [one for one in awaiting(claire, today(), where) if one.kind == "pledge"]
    assert [one.id for one in awaited] == [unkept.pk]
    elsewhere = Where(quartiers=frozenset({cast.faubourg.pk}))
    assert not [one for one in awaiting(claire, today(), elsewhere) if one.kind == "pledge"]
    meetings.add_things(made, [("pledge", unkept.pk)], actor=claire)
    assert made.items.filter(thing_kind="pledge", thing_id=unkept.pk).exists()


def test_what_is_not_kept_is_due_from_the_organisation_that_pledged(cast: Cast) -> None:
    pledge = pledged(cast)
    found(cast, pledge, "late", next_check_on=today(5))

    def due(person: object) -> int:
        spans = due_for(cast.actor(person), days=[today(), today(30)])  # type: ignore[arg-type]
        return sum(one.kind == "pledge" for span in spans for one in span.first)

    assert (due(cast.luc), due(cast.karim), due(cast.paul)) == (1, 0, 0)
    assert due(cast.claire) == 1  # who is to check it again


def test_a_convention_is_published_once_somebody_signed(cast: Cast, client: Client) -> None:
    convention = signed(cast)
    Signature.objects.update(signed_on=None)
    client.force_login(cast.claire)
    answer = client.post(reverse("actions:publish_convention", args=[convention.pk]), follow=True)
    assert "Aucune organisation" in answer.content.decode()
    convention.refresh_from_db()
    assert convention.published_at is None


def test_a_convention_is_written_from_its_form_to_its_avenant(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    said = {
        "kind": "charte_gup",
        "title": "Charte des Rives",
        "code": "charte-1",
        "starts_on": today(-10).isoformat(),
        "communes": [cast.anzin.pk],
        "quartiers": [cast.rives.pk],
        "signatories": [cast.town.pk, cast.association.pk],
    }
    client.post(reverse("actions:new_convention"), said)
    made = Convention.objects.get(agreement__code="CHARTE-1")
    assert made.agreement.signatures.count() == 2
    again = client.post(reverse("actions:new_convention"), said)
    assert "porte déjà ce code" in again.content.decode()
    client.post(
        reverse("actions:new_pledge", args=[made.pk]),
        {"organisation": cast.town.pk, "task": "Tailler les haies", "frequency": "yearly"},
    )
    assert made.pledges.get().task == "Tailler les haies"
    client.post(
        reverse("actions:new_ground", args=[made.pk]), {"name": "Square", "manager": cast.town.pk}
    )
    client.post(reverse("actions:edit_convention", args=[made.pk]), {"means": "Un poste."})
    avenant = {
        "title": "Avenant",
        "code": "CHARTE-1A",
        "communes": [cast.anzin.pk],
        "amends": made.agreement_id,
    }
    for prefix in ("signatures", "objectives"):
        avenant |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    client.post(f"{reverse('partners:create_agreement')}?modifie=CHARTE-1", avenant)
    assert Agreement.objects.get(code="CHARTE-1A").kind == "charte_gup"
    page = client.get(reverse("actions:convention", args=[made.pk])).content.decode()
    for words in ("Tailler les haies", "Square", "Un poste.", "Avenant"):
        assert words in page


def test_a_ground_that_somebody_else_keeps_up_today_is_shown(cast: Cast, client: Client) -> None:
    convention = signed(cast)
    area = ManagedArea.objects.create(name="Square", manager=cast.town, commune=cast.anzin)
    pledging.name_ground(
        convention, actor=cast.actor(cast.claire), name="Square", manager=cast.landlord, area=area
    )
    client.force_login(cast.luc)
    page = client.get(reverse("actions:convention", args=[convention.pk])).content.decode()
    assert "à revoir" in page


def test_the_page_of_a_convention_asks_the_same_whatever_its_pledges(
    cast: Cast, client: Client
) -> None:
    convention = signed(cast)
    client.force_login(cast.claire)
    url = reverse("actions:convention", args=[convention.pk])
    counts = []
    for more in (5, 60):
        last = convention.pledges.count()
        Pledge.objects.bulk_create(
            Pledge(convention=convention, organisation=cast.town, number=last + one, task="Balayer")
            for one in range(1, more)
        )
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16
