"""Pages of who keeps up what: each partner sees their own part, the coordination writes its own."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.partners.models import User
from parvis.places.models import Residence
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import Cast, box, cast

__all__ = ["cast"]

pytestmark = pytest.mark.django_db
SQUARE = box(3.505, 50.376, 3.515, 50.384)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def the_area(name: str) -> ManagedArea:
    return ManagedArea.objects.get(name=name)


def form_of(cast: Cast, **others: Any) -> dict[str, Any]:
    return {
        "name": "Square des Tilleuls",
        "manager": cast.town.pk,
        "theme_codes": ["espaces_verts"],
        "commune": cast.anzin.pk,
        **others,
    }


def test_a_stranger_is_asked_to_sign_in(cast: Cast) -> None:
    response = Client().get("/gestion/")
    assert response.status_code == 302


def test_a_person_without_a_mandate_is_refused(cast: Cast) -> None:
    assert signed_in(cast.theo).get("/gestion/").status_code == 403


@pytest.mark.parametrize(
    ("person", "sees", "misses"),
    [
        ("claire", "Voirie d’Anzin", "Voirie de Raismes"),
        ("bruno", "Voirie de Raismes", "Voirie d’Anzin"),
        ("karim", "Voirie d’Anzin", "Voirie de Raismes"),
        ("nadia", "Voirie de Raismes", "Voirie d’Anzin"),
        ("luc", "", "Voirie d’Anzin"),
    ],
)
def test_each_partner_sees_the_areas_of_their_perimeter(
    cast: Cast, person: str, sees: str, misses: str
) -> None:
    page = signed_in(getattr(cast, person)).get("/gestion/").content.decode()
    assert sees in page
    assert misses not in page


def test_an_organisation_sees_what_it_keeps_up_outside_any_perimeter(cast: Cast) -> None:
    ManagedArea.objects.create(name="Pieds d’immeuble", manager=cast.landlord, commune=cast.anzin)
    assert "Pieds d’immeuble" in signed_in(cast.luc).get("/gestion/").content.decode()
    assert "Pieds d’immeuble" not in signed_in(cast.paul).get("/gestion/").content.decode()


def test_a_neighbour_s_area_is_not_found(cast: Cast) -> None:
    raismes = the_area("Voirie de Raismes")
    client = signed_in(cast.claire)
    for name in ("area", "change_area"):
        assert client.get(reverse(f"upkeep:{name}", args=[raismes.pk])).status_code == 404
    address = reverse("upkeep:end_area", args=[raismes.pk])
    assert client.post(address, {"last_day": "2026-01-01"}).status_code == 404
    raismes.refresh_from_db()
    assert raismes.ends_on is None


def test_only_the_coordination_writes(cast: Cast) -> None:
    anzin = the_area("Voirie d’Anzin")
    client = signed_in(cast.karim)
    assert client.get(reverse("upkeep:area", args=[anzin.pk])).status_code == 200
    assert client.get(reverse("upkeep:change_area", args=[anzin.pk])).status_code == 403
    assert client.post(reverse("upkeep:new_area"), form_of(cast)).status_code == 403
    assert ManagedArea.objects.count() == 2


def test_a_quartier_shared_with_a_neighbour_is_changed_by_neither_alone(cast: Cast) -> None:
    rives = ManagedArea.objects.create(name="Rives", manager=cast.association, quartier=cast.rives)
    for person in (cast.claire, cast.bruno):
        client = signed_in(person)
        assert client.get(reverse("upkeep:area", args=[rives.pk])).status_code == 200
        assert client.get(reverse("upkeep:change_area", args=[rives.pk])).status_code == 403


def test_a_bare_outline_over_a_neighbour_s_commune_is_changed_by_neither_alone(
    cast: Cast,
) -> None:
    across = ManagedArea.objects.create(
        name="Berge", manager=cast.association, **box(3.495, 50.376, 3.505, 50.38)
    )
    ours = ManagedArea.objects.create(
        name="Mail", manager=cast.association, **box(3.525, 50.376, 3.53, 50.38)
    )
    client = signed_in(cast.claire)
    assert client.get(reverse("upkeep:change_area", args=[across.pk])).status_code == 403
    assert client.get(reverse("upkeep:change_area", args=[ours.pk])).status_code == 200
    assert signed_in(cast.bruno).get(reverse("upkeep:area", args=[ours.pk])).status_code == 404


class TestWriting:
    def test_an_area_over_a_pasted_outline_is_kept(self, cast: Cast) -> None:
        response = signed_in(cast.claire).post(
            reverse("upkeep:new_area"),
            form_of(cast, outline_text=json.dumps(SQUARE["outline"]), starts_on="2026-01-01"),
        )
        area = the_area("Square des Tilleuls")
        assert response.status_code == 302
        assert response.headers["Location"] == reverse("upkeep:area", args=[area.pk])
        assert (area.west, area.north, area.theme_codes) == (3.505, 50.384, ["espaces_verts"])
        page = signed_in(cast.claire).get(response.headers["Location"]).content.decode()
        assert "contour dessiné" in page

    def test_an_area_over_a_sent_file_is_kept(self, cast: Cast) -> None:
        feature = {"type": "Feature", "properties": {}, "geometry": SQUARE["outline"]}
        sent = SimpleUploadedFile("square.geojson", json.dumps(feature).encode())
        signed_in(cast.claire).post(reverse("upkeep:new_area"), form_of(cast, outline_file=sent))
        assert the_area("Square des Tilleuls").outline

    @pytest.mark.parametrize(
        ("others", "message"),
        [
            ({"outline_text": "bonjour"}, "n’est pas du GeoJSON"),
            ({"outline_text": json.dumps({"type": "Point", "coordinates": [3, 50]})}, "surface"),
            (
                {"outline_text": json.dumps(box(3.54, 50.40, 3.55, 50.41)["outline"])},
                "en dehors de la commune choisie",
            ),
            ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "La fin précède le début"),
            ({"name": ""}, "obligatoire"),
            ({"manager": "999999"}, "Sélectionnez un choix valide"),
        ],
    )
    def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(
        self, cast: Cast, others: dict[str, Any], message: str
    ) -> None:
        response = signed_in(cast.claire).post(
            reverse("upkeep:new_area"), form_of(cast, owner=cast.landlord.pk, **others)
        )
        page = response.content.decode().replace("&#x27;", "’")
        assert response.status_code == 200
        assert message in page
        assert f'<option value="{cast.landlord.pk}" selected>' in page
        assert ManagedArea.objects.count() == 2

    def test_a_commune_of_the_neighbour_is_not_offered(self, cast: Cast) -> None:
        response = signed_in(cast.claire).post(
            reverse("upkeep:new_area"), form_of(cast, commune=cast.raismes.pk)
        )
        assert response.status_code == 200
        assert ManagedArea.objects.count() == 2

    def test_a_quartier_elsewhere_than_the_commune_is_refused(self, cast: Cast) -> None:
        response = signed_in(cast.claire).post(
            reverse("upkeep:new_area"), form_of(cast, quartier=cast.faubourg.pk)
        )
        assert "ne touche pas Anzin" in response.content.decode()


class TestChanging:
    def test_a_change_ends_the_area_and_starts_another(self, cast: Cast) -> None:
        today = timezone.localdate()
        anzin = the_area("Voirie d’Anzin")
        response = signed_in(cast.claire).post(
            reverse("upkeep:change_area", args=[anzin.pk]),
            form_of(cast, name="Voirie", manager=cast.association.pk, starts_on=today.isoformat()),
        )
        anzin.refresh_from_db()
        made = the_area("Voirie")
        assert response.headers["Location"] == reverse("upkeep:area", args=[made.pk])
        assert (anzin.ends_on, anzin.manager_id) == (today - timedelta(days=1), cast.town.pk)
        assert (made.starts_on, made.replaces_id) == (today, anzin.pk)
        page = signed_in(cast.claire).get(reverse("upkeep:area", args=[anzin.pk]))
        assert "Ensuite" in page.content.decode()

    def test_an_area_is_replaced_once(self, cast: Cast) -> None:
        anzin = the_area("Voirie d’Anzin")
        client = signed_in(cast.claire)
        start = (timezone.localdate() + timedelta(days=5)).isoformat()
        address = reverse("upkeep:change_area", args=[anzin.pk])
        client.post(address, form_of(cast, starts_on=start))
        response = client.post(address, form_of(cast, starts_on=start))
        assert "déjà été remplacé" in response.content.decode()
        assert ManagedArea.objects.count() == 3

    def test_an_area_that_has_not_started_is_corrected_in_place(self, cast: Cast) -> None:
        soon = timezone.localdate() + timedelta(days=20)
        area = ManagedArea.objects.create(
            name="Futur", manager=cast.town, commune=cast.anzin, starts_on=soon
        )
        signed_in(cast.claire).post(
            reverse("upkeep:change_area", args=[area.pk]),
            form_of(cast, name="Futur square", starts_on=(soon - timedelta(days=5)).isoformat()),
        )
        area.refresh_from_db()
        assert (area.name, area.starts_on) == ("Futur square", soon - timedelta(days=5))
        assert ManagedArea.objects.count() == 3

    def test_a_change_before_the_start_is_refused(self, cast: Cast) -> None:
        today = timezone.localdate()
        area = ManagedArea.objects.create(
            name="Mail", manager=cast.town, commune=cast.anzin, starts_on=today
        )
        response = signed_in(cast.claire).post(
            reverse("upkeep:change_area", args=[area.pk]),
            form_of(cast, starts_on=today.isoformat()),
        )
        assert "doit commencer après le début" in response.content.decode()

    def test_the_outline_is_kept_or_taken_away_as_asked(self, cast: Cast) -> None:
        client = signed_in(cast.claire)
        area = ManagedArea.objects.create(
            name="Mail", manager=cast.town, commune=cast.anzin, **SQUARE
        )
        today = timezone.localdate()
        client.post(
            reverse("upkeep:change_area", args=[area.pk]),
            form_of(cast, name="Gardé", keep_outline="on", starts_on=today.isoformat()),
        )
        kept = the_area("Gardé")
        assert kept.outline == area.outline
        client.post(
            reverse("upkeep:change_area", args=[kept.pk]),
            form_of(cast, name="Ôté", starts_on=(today + timedelta(days=2)).isoformat()),
        )
        assert ManagedArea.objects.filter(name="Ôté", outline__isnull=True).exists()

    def test_an_area_is_ended_by_its_last_day(self, cast: Cast) -> None:
        anzin = the_area("Voirie d’Anzin")
        signed_in(cast.claire).post(
            reverse("upkeep:end_area", args=[anzin.pk]), {"last_day": "2026-01-31"}
        )
        anzin.refresh_from_db()
        assert str(anzin.ends_on) == "2026-01-31"
        address = reverse("upkeep:end_area", args=[anzin.pk])
        response = signed_in(cast.claire).post(address, {"last_day": "2026-06-30"}, follow=True)
        assert "déjà terminé" in response.content.decode()
        anzin.refresh_from_db()
        assert str(anzin.ends_on) == "2026-01-31"

    def test_a_last_day_that_is_no_day_is_asked_again(self, cast: Cast) -> None:
        anzin = the_area("Voirie d’Anzin")
        response = signed_in(cast.claire).post(
            reverse("upkeep:end_area", args=[anzin.pk]), {"last_day": "bientôt"}, follow=True
        )
        assert "Choisissez le dernier jour" in response.content.decode()


class TestFilters:
    def test_ended_areas_are_shown_when_asked(self, cast: Cast) -> None:
        ManagedArea.objects.create(
            name="Ancien", manager=cast.town, commune=cast.anzin, ends_on="2020-01-01"
        )
        client = signed_in(cast.claire)
        assert "Ancien" not in client.get("/gestion/").content.decode()
        assert "Ancien" in client.get("/gestion/?ended=on").content.decode()

    def test_a_theme_shows_its_areas_and_those_of_all_themes(self, cast: Cast) -> None:
        for name, codes in (("Parcs", ["espaces_verts"]), ("Routes", ["voirie", "eclairage"])):
            ManagedArea.objects.create(
                name=name, manager=cast.town, commune=cast.anzin, theme_codes=codes
            )
        page = signed_in(cast.claire).get("/gestion/?theme=eclairage").content.decode()
        assert "Routes" in page
        assert "Voirie d’Anzin" in page
        assert "Parcs" not in page

    def test_a_commune_and_an_organisation_narrow_the_list(self, cast: Cast) -> None:
        ManagedArea.objects.create(
            name="Centre", manager=cast.association, commune=cast.valenciennes
        )
        client = signed_in(cast.claire)
        page = client.get(f"/gestion/?commune={cast.valenciennes.pk}").content.decode()
        assert "Centre" in page
        assert "Voirie d’Anzin" not in page
        page = client.get(f"/gestion/?organisation={cast.association.pk}").content.decode()
        assert "Voirie d’Anzin" not in page

    def test_nonsense_in_the_address_is_harmless(self, cast: Cast) -> None:
        client = signed_in(cast.claire)
        for query in ("apres=x", "apres=²", "apres=999999999999999999999", "theme=zz&commune=-1"):
            assert client.get(f"/gestion/?{query}").status_code == 200

    def test_the_list_pages_by_key_and_shows_each_area_once(self, cast: Cast) -> None:
        ManagedArea.objects.bulk_create(
            ManagedArea(name=f"Espace {n % 7}", manager=cast.town, commune=cast.anzin)
            for n in range(120)
        )
        client = signed_in(cast.claire)
        seen: list[int] = []
        url = "/gestion/"
        while url:
            response = client.get(url)
            seen += [area.pk for area in response.context["areas"]]
            url = response.context["next_url"]
        assert len(seen) == len(set(seen)) == 121


@pytest.mark.parametrize("path", ["/gestion/", "/gestion/residences/"])
def test_pages_take_the_same_number_of_queries_with_ten_rows_as_with_hundreds(
    cast: Cast, path: str
) -> None:
    def fill(count: int) -> None:
        residences = Residence.objects.bulk_create(
            Residence(
                code=f"R{count}-{n}",
                name=f"Résidence {n}",
                commune=cast.anzin,
                latitude=50.38,
                longitude=3.51,
            )
            for n in range(count)
        )
        Holding.objects.bulk_create(
            Holding(residence=residence, organisation=cast.landlord)
            for residence in residences[::2]
        )
        ManagedArea.objects.bulk_create(
            ManagedArea(name=f"Espace {n}", manager=cast.town, commune=cast.anzin, **SQUARE)
            for n in range(count)
        )

    client = signed_in(cast.claire)
    counts = []
    for count in (10, 300):
        fill(count)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


class TestHoldings:
    def test_each_coordination_sees_the_residences_of_its_communes(self, cast: Cast) -> None:
        ours = signed_in(cast.claire).get("/gestion/residences/").content.decode()
        theirs = signed_in(cast.bruno).get("/gestion/residences/").content.decode()
        assert "Les Tilleuls" in ours
        assert "Escaut Habitat" in ours
        assert "Les Tilleuls" not in theirs

    def test_a_residence_that_nobody_holds_is_listed(self, cast: Cast) -> None:
        Holding.objects.filter(residence=cast.tilleuls).delete()
        page = signed_in(cast.claire).get("/gestion/residences/").content.decode()
        assert "Sans bailleur" in page

    def test_a_new_holder_ends_the_one_before_it(self, cast: Cast) -> None:
        today = timezone.localdate()
        response = signed_in(cast.claire).post(
            reverse("upkeep:new_holding"),
            {
                "residence": cast.tilleuls.pk,
                "organisation": cast.other_landlord.pk,
                "from_day": today.isoformat(),
            },
        )
        assert response.status_code == 302
        before, after = Holding.objects.filter(residence=cast.tilleuls).order_by("pk")
        assert before.ends_on == today - timedelta(days=1)
        assert (after.organisation, after.starts_on) == (cast.other_landlord, today)

    def test_the_holder_it_has_already_is_refused_clearly(self, cast: Cast) -> None:
        response = signed_in(cast.claire).post(
            reverse("upkeep:new_holding"),
            {
                "residence": cast.tilleuls.pk,
                "organisation": cast.landlord.pk,
                "from_day": timezone.localdate().isoformat(),
            },
        )
        assert "tient déjà" in response.content.decode()

    def test_a_neighbour_s_residence_is_not_offered(self, cast: Cast) -> None:
        response = signed_in(cast.bruno).post(
            reverse("upkeep:new_holding"),
            {
                "residence": cast.tilleuls.pk,
                "organisation": cast.other_landlord.pk,
                "from_day": timezone.localdate().isoformat(),
            },
        )
        assert response.status_code == 200
        assert Holding.objects.count() == 2
