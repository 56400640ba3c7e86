"""Saved views: a list under a name, for oneself or for colleagues."""

from __future__ import annotations

from django.test import Client

from parvis.reports.acts import saving
from parvis.reports.models import SavedView
from tests.cast import Cast
from tests.reports.pages import text_of

NEW = "/signalements/vues/nouvelle/"


def kept(client: Client, query: str, name: str, **more: str) -> None:
    assert client.post(f"{NEW}?{query}", {"name": name, **more}).status_code == 302


def names(client: Client) -> list[str]:
    return [view.name for view in client.get("/signalements/").context["views"]]


def test_a_view_keeps_filters_and_order_and_nothing_else(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    kept(client, "late=1&tri=echeance&state=licorne&before=1&next=//mal.test&q=", "  En   retard ")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("En retard", "late=1&tri=echeance")
    assert (view.person, view.organisation, view.shared) == (town.karim, town.town, False)
    page = client.get("/signalements/").content.decode()
    assert 'href="/signalements/?late=1&amp;tri=echeance"' in page


def test_colleagues_see_what_is_shown_to_them_and_others_do_not(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    kept(client, "late=1", "En retard", shared="on")
    kept(client, "review=1", "À relire")
    assert names(client) == ["En retard", "À relire"]
    client.force_login(town.sofia)
    assert names(client) == ["En retard"]
    client.force_login(town.luc)
    assert names(client) == []


def test_only_its_owner_changes_or_deletes_a_view(town: Cast, client: Client) -> None:
    view = saving.save_view(
        actor=town.actor(town.karim), name="En retard", query="late=1", shared=True
    )
    url = f"/signalements/vues/{view.pk}/"
    for person, status in ((town.sofia, 403), (town.luc, 404), (town.nadia, 404)):
        client.force_login(person)
        assert client.post(url, {"name": "Pris"}).status_code == status
        assert client.post(f"{url}supprimer/").status_code == status
    client.force_login(town.karim)
    client.post(url, {"name": "Très en retard"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("Très en retard", False)
    client.post(f"{url}supprimer/")
    assert not SavedView.objects.exists()


def test_a_person_gives_a_name_once(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    kept(client, "late=1", "En retard")
    answer = client.post(f"{NEW}?review=1", {"name": "En retard"})
    assert "Une de vos vues porte déjà ce nom." in text_of(answer)
    client.force_login(town.sofia)
    kept(client, "review=1", "En retard")
    assert SavedView.objects.count() == 2


def test_a_person_keeps_thirty_views_at_most(town: Cast, client: Client) -> None:
    for number in range(saving.MOST):
        saving.save_view(
            actor=town.actor(town.karim), name=f"Vue {number}", query="late=1", shared=False
        )
    client.force_login(town.karim)
    answer = client.post(f"{NEW}?late=1", {"name": "Une de trop"})
    assert "supprimez-en une" in text_of(answer)
    assert SavedView.objects.count() == saving.MOST


def test_strangers_have_no_views(town: Cast, client: Client) -> None:
    assert client.get(NEW).status_code == 302
    assert "Enregistrer cette vue" not in text_of(client.get("/signalements/?state=open"))
