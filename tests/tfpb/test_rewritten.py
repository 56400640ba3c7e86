"""A sheet sent back to its landlord: while he completes it, others read the version he sent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.circuit_dialogue import make_remark
from parvis.tfpb.models import Line, Programme
from tests.actions.scene import fiche
from tests.cast import Cast
from tests.tfpb.circuit_scene import a_sent_one
from tests.tfpb.scene import a_line, a_programme, an_officer, this_year
from tests.tfpb.test_matrix import content_of, shows_the_amount

pytestmark = pytest.mark.django_db
TITLE, AMOUNT = "PAS ENCORE TRANSMIS", Decimal("7391.13")


def rewritten(cast: Cast) -> tuple[Programme, Line]:
    """Sent once, asked for more, and written since: a line, a title, a head."""
    luc = cast.actor(cast.luc)
    programme = a_sent_one(cast)
    make_remark(programme, actor=luc, text="Le mardi.", line=programme.lines.get())
    advance_programme(programme, "ask", actor=cast.actor(cast.claire), reason="Précisez.")
    programme.lines.update(title=f"{TITLE} non plus")
    own = {"spending": AMOUNT, "own_funding": AMOUNT, "valued": AMOUNT, "other_funding": 0}
    line = a_line(programme, title=TITLE, action=fiche(cast), other_funder="", **own)
    Programme.objects.filter(pk=programme.pk).update(forecast=AMOUNT)
    return programme, line


def pages(programme: Programme, line: Line) -> list[str]:
    """Where a line of it, or what is summed of it, may stand."""
    own = ("programme", "circuit", "compare", "tables", "table_export", "spending", "checks")
    room = ("programmes", "overview", "data_csv", "data_json", "deliberation", "many_tables_export")
    return [
        *(reverse(f"tfpb:{one}", args=[programme.pk]) for one in (*own, "together")),
        reverse("tfpb:compare", args=[programme.pk]) + "?a=maintenant",
        reverse("tfpb:programme_stock", args=[programme.pk]),
        *(reverse(f"tfpb:{one}", args=[line.pk]) for one in ("line", "line_remarks")),
        reverse("tfpb:convention", args=[programme.convention_id]),
        *(reverse(f"tfpb:{one}") for one in room),
        *("/tfpb/lignes.xlsx", "/tfpb/consolidation.csv", "/chercher/?q=transmis"),
        reverse("actions:action", args=[line.action_id]),
    ]


def readers_of(browser: Client, urls: list[str]) -> list[str]:
    """The addresses at which somebody reads what was not sent."""
    found = []
    for url in urls:
        answer = browser.get(url)
        told = content_of(answer) if answer.status_code == 200 else b""
        if TITLE.encode() in told or shows_the_amount(told):
            found.append(url)
    return found


def test_what_is_being_rewritten_is_read_by_its_landlord_alone(cast: Cast, client: Client) -> None:
    programme, line = rewritten(cast)
    urls = pages(programme, line)
    for person in (cast.karim, cast.claire, an_officer(cast)):
        client.force_login(person)
        assert readers_of(client, urls) == []
        assert client.get(reverse("tfpb:line", args=[line.pk])).status_code == 404
        assert client.get(reverse("tfpb:tables", args=[programme.pk])).status_code == 403
    client.force_login(cast.luc)
    read = set(readers_of(client, urls))
    assert {urls[0], f"{urls[2]}?a=maintenant", reverse("tfpb:line", args=[line.pk])} <= read
    assert {reverse("tfpb:data_json"), "/tfpb/lignes.xlsx", "/tfpb/consolidation.csv"} <= read


def test_the_others_are_led_to_the_version_that_was_sent(cast: Cast, client: Client) -> None:
    programme, _ = rewritten(cast)
    client.force_login(cast.karim)
    page = client.get(reverse("tfpb:programme", args=[programme.pk])).content.decode()
    version = reverse("tfpb:version", args=[programme.pk, 1])
    assert "Le bailleur complète ce programme." in page
    assert f'href="{version}"' in page
    sent = client.get(version).content.decode()
    assert "Action 1" in sent
    assert "9\u202f000,00" in sent
    circuit = client.get(reverse("tfpb:circuit", args=[programme.pk])).content.decode()
    assert "sur la ligne Action 1" in circuit
    assert TITLE not in circuit
    compare = client.get(reverse("tfpb:compare", args=[programme.pk])).content.decode()
    assert "maintenant" not in compare
    assert programme.landlord.name in client.get(reverse("tfpb:programmes")).content.decode()
    # Sent again, it is read as before.
    advance_programme(programme, "send", actor=cast.actor(cast.luc))
    assert TITLE in client.get(reverse("tfpb:programme", args=[programme.pk])).content.decode()


def test_sheets_of_a_quartier_are_not_read_as_one_without_that_one(
    cast: Cast, client: Client
) -> None:
    programme, _ = rewritten(cast)
    other = a_programme(cast, commune=cast.valenciennes, year=this_year(), state="sent")
    client.force_login(cast.claire)
    for one in (programme, other):
        answer = client.get(reverse("tfpb:together", args=[one.pk]))
        assert answer.status_code == 302
    page = client.get(reverse("tfpb:programme", args=[other.pk])).content.decode()
    assert reverse("tfpb:programme", args=[programme.pk]) in page
    assert "Les lire comme une seule fiche" not in page
