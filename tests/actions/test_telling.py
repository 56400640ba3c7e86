"""An action told in the toolbox, in one click."""

from __future__ import annotations

from decimal import Decimal

from django.test import Client
from django.urls import reverse

from parvis.thread.models import Link
from parvis.toolbox.models import ExperienceSheet
from tests.actions.scene import fiche
from tests.cast import Cast


def test_one_click_writes_the_draft_with_what_the_fiche_knows(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    client.force_login(cast.luc)
    answer = client.post(reverse("actions:tell", args=[made.pk]))
    sheet = ExperienceSheet.objects.get()
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    assert (sheet.author, sheet.live, sheet.owner) == (cast.landlord, False, cast.luc)
    assert sheet.title == made.title
    assert "Les sacs restent au pied des halls." in sheet.context
    assert "Choisir les lieux" in sheet.done
    assert "Poser les bacs" not in sheet.done  # not done yet
    assert sheet.cost == Decimal("7500.00")
    assert "8 000" in sheet.funding.replace("\u202f", " ").replace("\xa0", " ")
    assert "visé 3 dépôts" in sheet.results
    assert "Ville d’Anzin" in sheet.contributors
    assert list(sheet.quartiers.all()) == [cast.rives]
    draft = sheet.get_latest_revision_as_object()
    assert [theme.code for theme in draft.themes.all()] == [
        theme.code for theme in sheet.themes.all()
    ]
    link = Link.objects.get(target_kind="sheet")
    assert (link.source_kind, link.source_id, link.target_id) == ("action", made.pk, sheet.pk)


def test_an_action_is_not_told_twice_without_saying_so(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    for who in (cast.luc, cast.claire):
        client.force_login(who)
        answer = client.post(reverse("actions:tell", args=[made.pk]), follow=who == cast.claire)
    assert ExperienceSheet.objects.count() == 1
    assert "Une fiche raconte déjà cette expérience" in answer.content.decode()


def test_who_may_not_write_the_fiche_tells_nothing(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    for who in (cast.karim, cast.nadia, cast.rose, cast.theo):
        client.force_login(who)
        assert client.post(reverse("actions:tell", args=[made.pk])).status_code in {403, 404}
    assert not ExperienceSheet.objects.exists()
