"""Preparing a return walk: the same way, and every finding that is not settled."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.gatherings.models import Gathering, Guest
from parvis.thread.models import Link
from parvis.walks import planning
from parvis.walks.models import Check, Observation, Walk
from parvis.walks.returning import prepare_return
from tests.cast import IN_ANZIN, Cast
from tests.gatherings.scene import in_days
from tests.walks.return_scene import prepared
from tests.walks.scene import STOPS, a_check, a_walk, called, first_stop, found, walked


def asked(walk: Walk) -> dict[int, str]:
    """What a walk asks to look at again, and from which stop."""
    rows = Check.objects.filter(stop__walk=walk, thing_kind="observation")
    return dict(rows.values_list("thing_id", "stop__title"))


def test_the_way_and_its_grids_are_taken_over(cast: Cast) -> None:
    walk = walked(cast)
    drawn = {"type": "LineString", "coordinates": [[3.51, 50.38], [3.512, 50.381]]}
    claire = cast.actor(cast.claire)
    planning.draw_route(walk, actor=claire, route=drawn)
    own = [{"theme": "voirie", "label": "Le banc de l’arrêt de bus"}]
    planning.write_stop(first_stop(walk), actor=claire, looks=own, note="Côté école")
    made = prepared(cast, walk)
    assert (made.before, made.route, made.purpose) == (walk, drawn, walk.purpose)
    assert made.gathering.title == "Retour : Diagnostic des Rives"
    assert made.gathering.place_label == walk.gathering.place_label
    assert list(made.gathering.quartiers.all()) == [cast.rives]
    assert [one.title for one in made.stops.all()] == [title for _, title in STOPS]
    assert (first_stop(made).looks, first_stop(made).note) == (own, "Côté école")
    assert first_stop(made).pk != first_stop(walk).pk


def test_what_is_not_settled_is_asked_at_the_copy_of_its_stop(cast: Cast) -> None:
    walk = walked(cast)
    second = walk.stops.get(title="Rue des Lilas")
    kept, other = found(cast, walk), found(cast, walk, stop=second)
    found(cast, walk, strength=True)
    found(cast, walk, withdrawn_at=timezone.now())
    found(cast, walk, same_as=kept)
    found(cast, walk, condition="settled", condition_on=timezone.localdate())
    made = prepared(cast, walk)
    assert asked(made) == {kept.pk: "Pied des Tilleuls", other.pk: "Rue des Lilas"}
    assert not Check.objects.exclude(stop__walk=made).exists()
    assert Check.objects.first().organisation == cast.agglomeration  # type: ignore[union-attr]


def test_what_was_seen_on_the_way_is_asked_at_the_nearest_stop(cast: Cast) -> None:
    walk = walked(cast)
    near = found(cast, walk, latitude=IN_ANZIN[0] + 0.0021, longitude=IN_ANZIN[1] + 0.002)
    nowhere = found(cast, walk, latitude=None, longitude=None)
    Observation.objects.filter(pk__in=[near.pk, nowhere.pk]).update(stop=None)
    assert asked(prepared(cast, walk)) == {
        near.pk: "Placette de l’Écluse",
        nowhere.pk: "Pied des Tilleuls",
    }


def test_a_walk_without_a_stop_has_a_return_with_one(cast: Cast) -> None:
    walk = a_walk(cast, stops=False)
    Gathering.objects.filter(pk=walk.gathering_id).update(
        starts_at=in_days(-2), ends_at=in_days(-2, 2)
    )
    walk.gathering.refresh_from_db()
    finding = Observation.objects.create(
        uid="11111111-1111-4111-8111-111111111111",
        walk=walk,
        theme_code="voirie",
        title="Trou",
        strength=False,
        severity=2,
        noted_at=timezone.now(),
        received_at=timezone.now(),
    )
    made = prepared(cast, walk)
    assert asked(made) == {finding.pk: "Sur le parcours"}


def test_a_return_to_a_return_asks_what_is_still_there(cast: Cast) -> None:
    walk = walked(cast)
    still, settled = found(cast, walk), found(cast, walk)
    first = prepared(cast, walk)
    Gathering.objects.filter(pk=first.gathering_id).update(
        starts_at=in_days(-1), ends_at=in_days(-1, 2)
    )
    first.gathering.refresh_from_db()
    Observation.objects.filter(pk=settled.pk).update(
        condition="settled", condition_on=timezone.localdate()
    )
    new = found(cast, first, stop=first.stops.get(title="Rue des Lilas"))
    second = prepared(cast, first)
    assert asked(second) == {still.pk: "Pied des Tilleuls", new.pk: "Rue des Lilas"}
    assert second.gathering.title == "Retour : Diagnostic des Rives"
    assert prepared(cast, walk).before == walk  # a walk may have several returns


def test_a_thing_of_another_room_is_not_taken_over(cast: Cast) -> None:
    walk = walked(cast)
    a_check(walk, ("report", 1), cast)
    assert not Check.objects.filter(stop__walk=prepared(cast, walk)).exists()


def test_who_was_called_is_proposed_and_nobody_is_told(cast: Cast) -> None:
    walk = walked(cast)
    made = prepared(cast, walk)
    guests = Guest.objects.filter(gathering=made.gathering)
    assert {one.organisation for one in guests} == {cast.town, cast.landlord, cast.association}
    assert {(one.invited_at, one.answer) for one in guests} == {(None, "awaited")}
    assert made.convened_at is None


def test_the_return_arises_from_the_walk(cast: Cast) -> None:
    made = prepared(cast)
    link = Link.objects.get(target_kind="walk", target_id=made.pk)
    assert (link.source_kind, link.source_id) == ("walk", made.before_id)


@pytest.mark.parametrize("why", ["to come", "cancelled"])
def test_only_a_walk_that_is_over_has_a_return(cast: Cast, why: str) -> None:
    walk = walked(cast) if why == "cancelled" else called(cast)
    if why == "cancelled":
        Gathering.objects.filter(pk=walk.gathering_id).update(cancelled_at=timezone.now())
    with pytest.raises(ValidationError):
        prepared(cast, walk)
    assert not Walk.objects.exclude(before=None).exists()


def test_nothing_is_made_when_the_dates_contradict_each_other(cast: Cast) -> None:
    walk = walked(cast)
    with pytest.raises(ValidationError):
        prepared(cast, walk, ends_at=in_days(29))
    assert Walk.objects.count() == 1


def test_three_hundred_findings_are_asked_in_the_same_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    few, many = walked(cast), walked(cast)
    for _ in range(2):
        found(cast, few)
    Observation.objects.bulk_create(
        Observation(
            uid=f"11111111-1111-4111-8111-{number:012}",
            walk=many,
            stop=first_stop(many),
            theme_code="voirie",
            title="Trou",
            strength=False,
            severity=2,
            noted_at=timezone.now(),
            received_at=timezone.now(),
        )
        for number in range(300)
    )
    for walk in (few, many):
        dates = {"starts_at": in_days(30), "ends_at": in_days(30, 2)}
        with django_assert_max_num_queries(40):
            made = prepare_return(walk, actor=cast.actor(cast.claire), **dates)
    assert len(asked(made)) == 300


# --- Its page ---------------------------------------------------------------------------------


def test_claire_prepares_it_with_a_date_alone(client: Any, cast: Cast) -> None:
    walk = walked(cast)
    found(cast, walk)
    client.force_login(cast.claire)
    page = client.get(f"/diagnostics/{walk.pk}/retour/").content.decode()
    assert "1\N{NO-BREAK SPACE}constat" in page
    assert "Escaut Habitat" in page
    day = f"{in_days(20):%Y-%m-%d}"
    sent = {"title": "Retour d’hiver", "starts_at": f"{day}T14:00", "place_label": "École"}
    answer = client.post(f"/diagnostics/{walk.pk}/retour/", sent)
    made = Walk.objects.get(before=walk)
    assert answer["Location"] == f"/diagnostics/{made.pk}/"
    assert made.gathering.title == "Retour d’hiver"
    length = walk.gathering.ends_at - walk.gathering.starts_at
    assert made.gathering.ends_at - made.gathering.starts_at == length


def test_a_wrong_date_is_told_and_nothing_is_made(client: Any, cast: Cast) -> None:
    walk = walked(cast)
    client.force_login(cast.claire)
    day = f"{in_days(20):%Y-%m-%d}"
    sent = {"title": "Retour", "starts_at": f"{day}T14:00", "ends_at": f"{day}T13:00"}
    page = client.post(f"/diagnostics/{walk.pk}/retour/", sent).content.decode()
    assert "La fin vient après le début" in page
    assert not Walk.objects.filter(before=walk).exists()


def test_a_walk_that_is_not_over_says_so(client: Any, cast: Cast) -> None:
    walk = called(cast)
    client.force_login(cast.claire)
    answer = client.get(f"/diagnostics/{walk.pk}/retour/", follow=True)
    assert answer.redirect_chain == [(f"/diagnostics/{walk.pk}/", 302)]
    assert "pas terminé" in answer.content.decode()


def test_only_who_may_write_the_walk_prepares_its_return(client: Any, cast: Cast) -> None:
    url = f"/diagnostics/{walked(cast).pk}/retour/"
    for person, status in (
        (cast.karim, 403),  # was called, and does not lead it
        (cast.luc, 403),
        (cast.bruno, 404),
        (cast.paul, 404),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status, person.name
        assert client.post(url, {}).status_code == status, person.name
