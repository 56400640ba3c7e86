"""Preparing a walk by hand: its date, its route, its stops, who does what; without JavaScript."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.acts import register_person
from parvis.gatherings.models import Gathering
from parvis.walks import planning
from parvis.walks.models import Stop, Walk
from parvis.walks.prepare_route import RouteRefused, read_route
from tests.cast import IN_ANZIN, IN_VALENCIENNES, Cast
from tests.walks.scene import a_walk, again, called, first_stop, found, walked

LINE = {"type": "LineString", "coordinates": [[3.51, 50.38], [3.512, 50.381]]}


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def written(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the form of a walk sends."""
    start = timezone.localtime() + timedelta(days=9)
    return {
        "title": "Diagnostic du soir",
        "purpose": "L’éclairage, une fois la nuit tombée.",
        "quartiers": [cast.rives.pk],
        "commune": cast.anzin.pk,
        "starts_at": f"{start:%Y-%m-%d}T18:00",
        "ends_at": f"{start:%Y-%m-%d}T20:00",
        "place_label": "Devant l’école",
        "contact": "Maison de quartier, 03 27 00 00 00",
        "entry": "free",
        **changes,
    }


def test_from_the_date_to_the_stops_by_hand(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    client.post(reverse("walks:new"), written(cast))
    walk = Walk.objects.get()
    assert list(walk.gathering.quartiers.all()) == [cast.rives]
    assert walk.gathering.organiser == cast.agglomeration
    stop = {"kind": "rue", "title": "Rue des Lilas", "latitude": "50,38", "longitude": "3,51"}
    answer = client.post(reverse("walks:add_stop", args=[walk.pk]), {**stop, "again": "1"})
    assert answer["Location"] == reverse("walks:add_stop", args=[walk.pk])
    client.post(
        reverse("walks:add_stop", args=[walk.pk]),
        {"kind": "hall", "title": "Hall A", "residence": cast.tilleuls.pk},
    )
    first, second = walk.stops.all()
    assert (first.latitude, first.longitude) == (50.38, 3.51)
    assert (second.latitude, second.longitude) == IN_ANZIN  # where the residence is
    client.post(reverse("walks:route", args=[walk.pk]), {"route_text": json.dumps(LINE)})
    assert again(walk).route == LINE
    shown = page(client, "walks:walk", walk.pk)
    assert "Rue des Lilas" in shown
    assert "L’éclairage, une fois la nuit tombée." in shown
    assert "invitez les participants" in shown


def test_what_lacks_before_inviting_is_said(cast: Cast, client: Client) -> None:
    walk = a_walk(cast, stops=False, purpose="")
    client.force_login(cast.claire)
    shown = page(client, "walks:walk", walk.pk)
    for words in ("Poser les arrêts", "Dire ce que l’on veut regarder", "Dire qui renseigne"):
        assert words in shown
    assert "Donner le point de rendez-vous" not in shown
    planning.add_stop(walk, actor=cast.actor(cast.claire), kind="rue", title="Rue sans repère")
    assert "Rue sans repère" in page(client, "walks:walk", walk.pk).split("arrets")[0]


def test_a_landlord_prepares_where_its_residences_lie(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(reverse("walks:new"), written(cast))
    assert Walk.objects.get().gathering.organiser == cast.landlord
    answer = client.post(reverse("walks:new"), written(cast, quartiers=[cast.faubourg.pk]))
    assert "Il reste" in answer.content.decode()
    assert Walk.objects.count() == 1


def test_a_walk_needs_a_quartier_or_the_commune(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    answer = client.post(reverse("walks:new"), written(cast, quartiers=[], commune=""))
    assert "Choisissez un quartier, ou la commune." in answer.content.decode()


def test_changing_keeps_what_the_form_says(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    client.force_login(cast.claire)
    assert "Regarder la propreté" in page(client, "walks:edit", walk.pk)
    client.post(
        reverse("walks:edit", args=[walk.pk]), written(cast, entry="registered", seats="12")
    )
    assert again(walk).gathering.seats == 12
    assert again(walk).purpose == "L’éclairage, une fois la nuit tombée."


def test_calling_off_needs_a_reason_and_closes_the_preparation(cast: Cast, client: Client) -> None:
    walk = called(cast)
    client.force_login(cast.claire)
    client.post(reverse("walks:cancel", args=[walk.pk]), {"reason": ""})
    assert again(walk).gathering.cancelled_at is None
    client.post(reverse("walks:cancel", args=[walk.pk]), {"reason": "Tempête"})
    assert again(walk).state == "cancelled"
    shown = page(client, "walks:walk", walk.pk)
    assert "Tempête" in shown
    assert reverse("walks:route", args=[walk.pk]) not in shown
    for name in ("walks:route", "walks:edit", "walks:add_stop", "walks:roles", "walks:cancel"):
        assert client.get(reverse(name, args=[walk.pk])).status_code == 302, name


def test_the_checklist_is_saved_by_one_button(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    client.force_login(cast.claire)
    client.post(reverse("walks:tick", args=[walk.pk]), {"ready": ["route", "inventé"]})
    assert again(walk).ready == ["route"]
    client.post(reverse("walks:tick", args=[walk.pk]))
    assert again(walk).ready == []


# --- The route --------------------------------------------------------------------------------


def test_a_route_comes_as_a_file(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    client.force_login(cast.claire)
    feature = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": LINE}]}
    sent = SimpleUploadedFile("parcours.geojson", json.dumps(feature).encode())
    client.post(reverse("walks:route", args=[walk.pk]), {"route_file": sent})
    assert again(walk).route == LINE


def test_an_empty_route_goes_from_stop_to_stop(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    planning.draw_route(walk, actor=cast.actor(cast.claire), route=LINE)
    client.force_login(cast.claire)
    client.post(reverse("walks:route", args=[walk.pk]), {"route_text": ""})
    assert again(walk).route is None


@pytest.mark.parametrize(
    "text",
    [
        "pas du GeoJSON",
        "[1, 2]",
        "null",
        "[" * 3000,
        '{"type": "LineString"}',
        '{"type": "FeatureCollection", "features": 3}',
        '{"type": "LineString", "coordinates": [[NaN, 50], [3, 50]]}',
        '{"type": "LineString", "coordinates": [[3, 50], [1e999, 50]]}',
        json.dumps({"type": "LineString", "coordinates": [["x", 1]] * 900}),
    ],
)
def test_what_is_no_route_is_refused_in_words(text: str) -> None:
    with pytest.raises(RouteRefused):
        read_route(text)


def test_a_track_with_too_many_corners_is_made_simpler() -> None:
    track = [[3.5 + number * 1e-5, 50.38 + (number % 2) * 1e-6] for number in range(3000)]
    kept = read_route(json.dumps({"type": "LineString", "coordinates": track}))
    assert 2 <= len(kept["coordinates"]) <= planning.CORNERS_AT_MOST
    assert kept["coordinates"][0] == [3.5, 50.38]


# --- Stops ------------------------------------------------------------------------------------


def stop_form(stop: Stop, **changes: Any) -> dict[str, Any]:
    """What the form of a stop sends when nothing is changed."""
    return {
        "kind": stop.kind,
        "title": stop.title,
        "latitude": str(stop.latitude),
        "longitude": str(stop.longitude),
        "kept": [f"{line['theme']}:{line['label']}" for line in stop.looks],
        **changes,
    }


def change(client: Client, stop: Stop, **changes: Any) -> Stop:
    url = reverse("walks:stop", args=[stop.walk_id, stop.pk])
    client.post(url, stop_form(stop, **changes))
    return Stop.objects.get(pk=stop.pk)


def test_lines_of_the_grid_are_kept_unticked_and_added(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    client.force_login(cast.claire)
    one = stop.looks[0]
    said = {"kept": [f"{one['theme']}:{one['label']}"]}
    own = {"label_1": "Boîte à livres", "theme_1": "vie_sociale"}
    changed = change(client, stop, **said, **own)
    assert changed.looks == [one, {"theme": "vie_sociale", "label": "Boîte à livres"}]
    shown = page(client, "walks:stop", stop.walk_id, stop.pk)
    assert "Boîte à livres" in shown
    assert "Plantations" in shown  # a line of the model stays on offer


def test_another_type_brings_its_grid_and_keeps_own_lines(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    client.force_login(cast.claire)
    stop = change(client, stop, label_1="Boîte à livres", theme_1="vie_sociale")
    changed = change(client, stop, kind="hall")
    assert changed.looks[0]["theme"] == "acces_immeuble"
    assert changed.looks[-1]["label"] == "Boîte à livres"
    assert "Façades : tags, dégradations" not in [line["label"] for line in changed.looks]


def test_another_residence_takes_the_stop_with_it(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    client.force_login(cast.claire)
    moved = change(client, stop, residence=cast.peupliers.pk)
    assert (moved.latitude, moved.longitude) == IN_VALENCIENNES
    placed = change(client, moved, residence=cast.tilleuls.pk, latitude="50.381", longitude="3.52")
    assert (placed.latitude, placed.longitude) == (50.381, 3.52)  # the mark says more


def test_residences_are_those_of_the_walk(cast: Cast, client: Client) -> None:
    walk = a_walk(cast, quartiers=[], commune=cast.anzin)
    client.force_login(cast.claire)
    shown = page(client, "walks:add_stop", walk.pk)
    assert "Les Tilleuls" in shown
    assert "Les Peupliers" not in shown


def test_half_a_line_and_half_a_point_are_said(cast: Cast, client: Client) -> None:
    stop = first_stop(a_walk(cast))
    client.force_login(cast.claire)
    url = reverse("walks:stop", args=[stop.walk_id, stop.pk])
    answer = client.post(url, stop_form(stop, label_1="Boîte à livres"))
    assert "Donnez les mots et le thème." in answer.content.decode()
    answer = client.post(url, stop_form(stop, longitude=""))
    assert "Donnez les deux nombres, ou aucun." in answer.content.decode()
    answer = client.post(url, stop_form(stop, latitude="nord"))
    assert "Écrivez un nombre, comme 50,3812." in answer.content.decode()
    answer = client.post(url, stop_form(stop, latitude="nan"))
    assert answer.status_code == 200


def test_stops_are_moved_and_taken_off(cast: Cast, client: Client) -> None:
    walk = called(cast)
    client.force_login(cast.claire)
    url = reverse("walks:arrange", args=[walk.pk])
    second = walk.stops.get(title="Rue des Lilas")
    client.post(url, {"stop": second.pk, "do": "up"})
    assert first_stop(walk) == second
    client.post(url, {"stop": second.pk, "do": "remove"})
    assert walk.stops.count() == 2
    found(cast, walk)
    answer = client.post(url, {"stop": first_stop(walk).pk, "do": "remove"}, follow=True)
    assert "cet arrêt reste sur le parcours" in answer.content.decode()
    answer = client.post(url, {"stop": "²", "do": "remove"}, follow=True)
    assert "plus sur le parcours" in answer.content.decode()


def test_a_stop_of_another_walk_is_not_there(cast: Cast, client: Client) -> None:
    walk, other = a_walk(cast), a_walk(cast)
    client.force_login(cast.claire)
    for name in ("walks:stop", "walks:proposals"):
        assert client.get(reverse(name, args=[walk.pk, first_stop(other).pk])).status_code == 404


# --- Roles ------------------------------------------------------------------------------------


def registered(walk: Walk) -> Any:
    """Somebody who registered for it."""
    Gathering.objects.filter(pk=walk.gathering_id).update(
        entry="registered", published_at=timezone.now()
    )
    return register_person(again(walk).gathering, name="Mme Dupont", email="d@exemple.test")


def test_roles_are_given_to_who_comes_and_taken_back(cast: Cast, client: Client) -> None:
    walk = called(cast)
    guest = walk.gathering.guests.get(organisation=cast.town)
    person = registered(walk)
    client.force_login(cast.claire)
    url = reverse("walks:roles", args=[walk.pk])
    client.post(url, {"code": "photo", "who": f"guest:{guest.pk}"})
    client.post(url, {"code": "parole", "who": f"person:{person.pk}"})
    assert walk.roles.count() == 2
    assert "Mme Dupont" in page(client, "walks:walk", walk.pk)
    role = walk.roles.get(code="photo")
    client.post(reverse("walks:take_role_back", args=[walk.pk]), {"role": role.pk})
    assert [one.code for one in walk.roles.all()] == ["parole"]


def test_names_of_people_are_for_who_organises(cast: Cast, client: Client) -> None:
    walk = called(cast, organiser=cast.town, actor=cast.actor(cast.karim))
    person = registered(walk)
    planning.give_role(walk, "parole", registration=person)
    client.force_login(cast.claire)  # coordinates there, does not organise
    shown = page(client, "walks:roles", walk.pk) + page(client, "walks:walk", walk.pk)
    assert "Mme Dupont" not in shown
    assert "une personne inscrite" in shown
    url = reverse("walks:roles", args=[walk.pk])
    client.post(url, {"code": "photo", "who": f"person:{person.pk}"})
    assert walk.roles.count() == 1
    client.force_login(cast.karim)
    assert "Mme Dupont" in page(client, "walks:roles", walk.pk)


# --- Rights -----------------------------------------------------------------------------------


def test_the_neighbour_and_who_was_not_called_find_nothing(cast: Cast, client: Client) -> None:
    walk = called(cast, quartiers=[], commune=cast.anzin)
    stop = first_stop(walk)
    pages = [
        reverse(f"walks:{name}", args=[walk.pk])
        for name in ("walk", "edit", "cancel", "route", "add_stop", "roles")
    ]
    pages += [reverse(f"walks:{name}", args=[walk.pk, stop.pk]) for name in ("stop", "proposals")]
    for person in (cast.bruno, cast.paul):
        client.force_login(person)
        assert {client.get(url).status_code for url in pages} == {404}
        assert walk.gathering.title not in page(client, "walks:walks")
    client.post(reverse("walks:arrange", args=[walk.pk]), {"stop": stop.pk, "do": "remove"})
    assert walk.stops.count() == 3


def test_who_is_called_reads_and_does_not_write(cast: Cast, client: Client) -> None:
    walk = called(cast)
    client.force_login(cast.luc)
    shown = page(client, "walks:walk", walk.pk)
    assert "Pied des Tilleuls" in shown
    assert "Enregistrer la liste" not in shown
    for name in ("edit", "cancel", "route", "add_stop", "roles"):
        assert client.get(reverse(f"walks:{name}", args=[walk.pk])).status_code == 403


def test_everybody_reads_the_titles_of_public_accounts_and_no_others(
    cast: Cast, client: Client
) -> None:
    a_walk(cast, title="À venir")
    walked(cast, title="Pas encore publié")
    public = walked(cast, title="Publié")
    now = timezone.now()
    Walk.objects.filter(pk=public.pk).update(sent_at=now, published_at=now)
    shown = page(client, "walks:walks")
    assert "Publié" in shown
    assert "À venir" not in shown
    assert "Pas encore publié" not in shown
    assert "Préparer un diagnostic" not in shown


def test_the_list_is_to_come_or_past_and_by_quartier(cast: Cast, client: Client) -> None:
    a_walk(cast, title="Dans les Rives")
    a_walk(cast, title="Au Faubourg", quartiers=[cast.faubourg], commune=cast.valenciennes)
    walked(cast, title="Hier")
    client.force_login(cast.claire)
    url = reverse("walks:walks")
    to_come = client.get(url).content.decode()
    assert "Dans les Rives" in to_come
    assert "Hier" not in to_come
    assert "Hier" in client.get(f"{url}?passes=1").content.decode()
    faubourg = client.get(f"{url}?quartier={cast.faubourg.pk}").content.decode()
    assert "Au Faubourg" in faubourg
    assert "Dans les Rives" not in faubourg
    assert client.get(f"{url}?quartier=²&apres=99999999999999999999").status_code == 200
