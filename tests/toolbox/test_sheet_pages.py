"""The pages where sheets are read: one sheet, the list, the versions, the feed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.rich_text import RichText

from parvis.thread.acts import link
from parvis.toolbox import sheet_text
from parvis.toolbox.models import (
    AdviceSheet,
    ExperienceSheet,
    MethodSheet,
    ResidentGuide,
    SeeAlso,
    Sheet,
    Shown,
    Version,
)
from tests.cast import Cast
from tests.toolbox.scene import a_picture, a_sheet
from tests.toolbox.sheet_scene import a_full_sheet, again, label, many_sheets, titles


def page(client: Client, sheet: Any, query: str = "") -> str:
    answer = client.get(reverse("toolbox:sheet", args=[sheet.pk]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def listed(client: Client, query: str) -> list[str]:
    answer = client.get(f"{reverse('toolbox:sheets')}?{query}")
    assert answer.status_code == 200
    shown = answer.context["page"]
    return [one.title for one in shown.rows]


# --- One sheet -----------------------------------------------------------------------------------


def test_a_method_is_told_in_the_order_a_reader_wants(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast)
    titles_read = [one.title for one in sheet_text.sections(sheet)]
    assert titles_read == [
        "Quand s’en servir",
        "Étapes",
        "Qui",
        "Moyens",
        "Durée",
        "Coût",
        "À éviter",
        "",
        "Modèles à télécharger",
    ]
    shown = page(client, sheet)
    assert "jusqu’à 200\u202f€" in shown
    assert '<th scope="col">Quoi</th>' in shown
    assert '<th scope="row">Halls</th>' in shown
    assert 'alt="Un hall vide"' in shown
    assert "La grille d’observation" in shown
    assert "(PDF, 1\u00a0ko)" in shown
    assert "Éclairage La commune" in sheet_text.plain(sheet)


def test_the_pictures_of_a_published_sheet_are_drawn_before_it_is_read(
    cast: Cast, client: Client
) -> None:
    sheet = a_full_sheet(cast)
    rendition = Shown.objects.get(sheet=sheet, paper=None).picture.renditions.get(
        filter_spec=sheet_text.PICTURE_SIZE
    )
    address = reverse("toolbox:picture", args=[rendition.pk])
    assert f'src="{address}"' in page(client, sheet)
    assert client.get(address).status_code == 200


def test_a_picture_stands_alone_without_a_word_around_it(cast: Cast) -> None:
    sheet = a_sheet(cast, kind=AdviceSheet, published=False)
    alone = {"picture": a_picture(sheet, shown=False), "alt": "Un hall vide", "caption": ""}
    sheet.body = [("picture", {**alone, "decorative": False})]
    sheet_text.draw_pictures(sheet)
    (section,) = sheet_text.sections(sheet)
    assert 'alt="Un hall vide"' in section.html


def test_what_text_embeds_by_itself_is_left_out(cast: Cast) -> None:
    sheet = a_sheet(cast, kind=AdviceSheet, body=[("text", '<p>Avant<embed url="x"/>après</p>')])
    assert [one.html for one in sheet_text.sections(sheet)] == ["<p>Avantaprès</p>"]


def test_an_expired_sheet_says_so_at_the_top_and_stays_readable(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast, expires_on=timezone.localdate() - timedelta(days=1))
    shown = page(client, sheet)
    assert "n’est plus tenue à jour depuis" in shown
    assert shown.index("n’est plus tenue à jour") < shown.index("Choisir le trajet")
    assert "n’est plus tenue à jour" not in page(client, again(sheet, expires_on=None))


def test_another_wording_is_read_in_its_language_and_marked_when_it_is_older(
    cast: Cast, client: Client
) -> None:
    sheet = a_full_sheet(cast)
    assert '<div class="prose" lang="ar" dir="rtl">' in page(client, sheet, "?texte=ar")
    assert "plus ancien que la fiche" not in page(client, sheet, "?texte=falc")
    sheet = again(sheet, duration="trois heures")
    shown = page(client, sheet, "?texte=falc")
    assert "On regarde." in shown
    assert "Choisir le trajet" not in shown
    assert "plus ancien que la fiche" in shown
    assert "Choisir le trajet" in page(client, sheet, "?texte=xx")


def test_a_draft_is_read_by_its_writers_alone(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast, published=False)
    addresses = [
        reverse(f"toolbox:{name}", args=[sheet.pk])
        for name in ("sheet", "sheet_versions", "sheet_changes")
    ]
    assert {client.get(one).status_code for one in addresses} == {404}
    client.force_login(cast.luc)
    assert {client.get(one).status_code for one in addresses} == {404}
    client.force_login(cast.karim)
    assert {client.get(one).status_code for one in addresses} == {200}
    assert "n’est pas publiée" in page(client, sheet)


def test_see_also_comes_first_then_what_shares_most(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast)
    pointed = a_sheet(cast, title="Un exemple")
    hidden = a_sheet(cast, title="Un brouillon", published=False)
    near = a_sheet(cast, kind=AdviceSheet, title="Tout proche")
    near.labels.set(sheet.labels.all())
    near.save_revision().publish()
    far = a_sheet(cast, kind=AdviceSheet, title="Moins proche")
    far.labels.set([label("public", "habitants")])
    far.save_revision().publish()
    sheet = again(sheet, see_also=[SeeAlso(other=pointed), SeeAlso(other=hidden)])
    answer = client.get(reverse("toolbox:sheet", args=[sheet.pk]))
    assert [one.title for one in answer.context["related"]] == [
        "Un exemple",
        "Tout proche",
        "Moins proche",
    ]


def test_what_followed_a_sheet_is_told_as_far_as_one_sees_it(cast: Cast, client: Client) -> None:
    sheet = a_sheet(cast)
    told = a_sheet(cast, kind=ExperienceSheet, title="La marche des Tilleuls")
    hidden = a_sheet(cast, kind=ExperienceSheet, title="Un secret", published=False)
    for one in (told, hidden):
        link(cast.actor(cast.karim), ("sheet", sheet.pk), ("sheet", one.pk))
    shown = page(client, sheet)
    assert "Utilisée par" in shown
    assert "La marche des Tilleuls" in shown
    assert "Un secret" not in shown
    client.force_login(cast.karim)
    assert "Un secret" in page(client, sheet)


def test_an_experience_shows_what_it_was_written_from(cast: Cast, client: Client) -> None:
    source = a_sheet(cast, title="La méthode suivie")
    hidden = a_sheet(cast, title="Un secret", published=False)
    sheet = a_sheet(
        cast, kind=ExperienceSheet, title="Notre marche", told_kind="sheet", told_id=source.pk
    )
    assert "La méthode suivie" in page(client, sheet)
    ExperienceSheet.objects.filter(pk=sheet.pk).update(told_id=hidden.pk)
    assert "Un secret" not in page(client, sheet)


def test_a_page_asks_the_same_number_of_queries_whatever_hangs_on_it(
    cast: Cast, client: Client
) -> None:
    sheet = a_full_sheet(cast)
    asked = []
    for names in (titles(2), titles(60, seed=5)):
        made = many_sheets(cast, names, indexed=False)
        through = Sheet.labels.through
        public = label("public", "habitants")
        through.objects.bulk_create([through(sheet_id=one.pk, label_id=public.pk) for one in made])
        for one in made:
            link(cast.actor(cast.karim), ("sheet", sheet.pk), ("sheet", one.pk))
        asked.append(queries(client, reverse("toolbox:sheet", args=[sheet.pk])))
    assert asked[0] == asked[1] <= 32


# --- The list ------------------------------------------------------------------------------------


def test_the_front_page_puts_forward_publics_guides_and_what_is_new(
    cast: Cast, client: Client
) -> None:
    sheet = a_full_sheet(cast)
    a_sheet(cast, kind=ResidentGuide, title="Aérer sans chauffer")
    a_sheet(cast, title="Un brouillon", published=False)
    front = client.get(reverse("toolbox:sheets")).context["front"]
    assert [(label, many) for label, _, many in front.publics] == [("Habitants", 1)]
    assert [one.title for one in front.guides] == ["Aérer sans chauffer"]
    assert [one.title for one in front.newest] == ["Aérer sans chauffer", sheet.title]


def test_filters_stand_in_the_address_and_cut_together(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast)
    a_sheet(cast, kind=AdviceSheet, title="Autre chose")
    theme = sheet.themes.get().code
    for query in (
        "nature=method",
        f"theme={theme}",
        "domaine=concertation",
        "public=habitants",
        f"quartier={cast.rives.code}",
        f"nature=method&theme={theme}&public=habitants&q=marchent",
    ):
        assert listed(client, query) == [sheet.title], query
    assert listed(client, "nature=advice&public=habitants") == []
    assert len(listed(client, "nature=inconnue&tri=")) == 2


def test_expired_sheets_come_last_whatever_the_order(cast: Cast, client: Client) -> None:
    old = timezone.localdate() - timedelta(days=1)
    a_sheet(cast, title="Abîmer moins", expires_on=old)
    a_sheet(cast, title="Zoner moins")
    for query in ("tri=titre", "tri=recentes", "q=moins", "q=moins&tri=recentes"):
        assert listed(client, query) == ["Zoner moins", "Abîmer moins"], query


def as_sent(client: Client, query: str) -> dict[str, str]:
    """The fields of the list's form as a browser sends them: with no choice, the first one."""
    form = client.get(f"{reverse('toolbox:sheets')}?{query}").context["form"]
    assert not form.errors, query
    first = {one.name: next(iter(one.field.choices))[0] for one in form.filters()}
    return {name: str(form[name].value() or value) for name, value in first.items()}


@pytest.mark.parametrize("query", ["", "tri=recentes", "tri=titre", "q=&tri=recentes", "q=hall"])
def test_a_search_sent_from_any_list_gives_what_answers_best_first(
    cast: Cast, client: Client, query: str
) -> None:
    a_sheet(cast, title="Les punaises de lit")
    a_sheet(cast, title="Un hall propre", summary="Contre les punaises.")  # the newest
    sent = {**as_sent(client, query), "q": "punaise"}
    assert listed(client, urlencode(sent)) == ["Les punaises de lit", "Un hall propre"]


def test_the_order_of_a_search_is_kept_from_one_search_to_the_next(
    cast: Cast, client: Client
) -> None:
    assert as_sent(client, "q=hall&tri=recentes")["tri"] == "recentes"


@pytest.mark.parametrize("order", ["titre", "recentes", ""])
def test_pages_follow_one_another_and_lose_nothing(cast: Cast, client: Client, order: str) -> None:
    names = titles(45)
    many_sheets(cast, names, indexed=False)
    address, read = f"{reverse('toolbox:sheets')}?tri={order}", []
    while address:
        shown = client.get(address).context["page"]
        assert shown.total == 45
        read += [one.title for one in shown.rows]
        address = shown.next_url
    assert len(read) == 45
    assert set(read) == set(names)
    assert read == (sorted(names) if order == "titre" else names)


def test_a_draft_is_no_place_to_go_on_from(cast: Cast, client: Client) -> None:
    for title in ("Abri", "Zone"):
        a_sheet(cast, title=title)
    draft = a_sheet(cast, title="Mur secret", published=False)
    assert listed(client, f"tri=titre&apres={draft.pk}") == ["Abri", "Zone"]


def test_what_is_found_is_paged_by_number(cast: Cast, client: Client) -> None:
    many_sheets(cast, [f"Fontaine numéro {number}" for number in range(130)])
    answer = client.get(f"{reverse('toolbox:sheets')}?q=fontaines")
    shown = answer.context["page"]
    assert (shown.total, shown.found.more, len(shown.rows)) == (100, True, 20)
    assert "Les 100 premières fiches" in answer.content.decode()
    last = client.get(f"{reverse('toolbox:sheets')}?q=fontaines&page=5").context["page"]
    assert len(last.rows) == 20
    assert not last.next_url


def test_a_misspelt_word_is_answered_and_said(cast: Cast, client: Client) -> None:
    a_sheet(cast, title="Les encombrants et l’éclairage")
    said = client.get(f"{reverse('toolbox:sheets')}?q=encombrans+zzzzzz").content.decode()
    assert "Vouliez-vous dire <b>encombrants zzzzzz</b>" in said
    said = client.get(f"{reverse('toolbox:sheets')}?q=encombrans+eclairage").content.decode()
    assert "Vouliez-vous dire <b>encombrants éclairage</b>" in said
    nothing = client.get(f"{reverse('toolbox:sheets')}?q=zzzzzz").content.decode()
    assert "Aucune fiche ne répond à ces mots" in nothing


def test_lists_ask_the_same_number_of_queries_with_a_thousand_sheets(
    cast: Cast, client: Client
) -> None:
    addresses = [
        reverse("toolbox:sheets") + query
        for query in ("", "?tri=titre", "?q=encombrants&public=habitants", "?q=gardiens")
    ]
    asked = []
    for names in ([*titles(9), "Encombrants et gardiens"], titles(990, seed=8)):
        made = many_sheets(cast, names)
        through, public = Sheet.labels.through, label("public", "habitants")
        through.objects.bulk_create([through(sheet_id=one.pk, label_id=public.pk) for one in made])
        asked.append([queries(client, one) for one in addresses])
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 12


# --- Versions ------------------------------------------------------------------------------------


def test_versions_are_listed_and_the_words_that_changed_are_marked(
    cast: Cast, client: Client
) -> None:
    sheet = a_sheet(cast, summary="Une marche de deux heures.", who="<p>Le bailleur.</p>")
    sheet = again(sheet, summary="Une marche de trois heures.", who="", means="<p>Une grille.</p>")
    sheet.summary = "Une marche secrète."
    sheet.save_revision()  # a draft: told to nobody
    answer = client.get(reverse("toolbox:sheet_versions", args=[sheet.pk]))
    assert [one.number for one in answer.context["versions"]] == [2, 1]
    answer = client.get(reverse("toolbox:sheet_changes", args=[sheet.pk]))
    told = answer.content.decode()
    assert '<del><span class="vh">Retiré&nbsp;: </span>deux ' in told
    assert '<ins><span class="vh">Ajouté&nbsp;: </span>trois ' in told
    states = {one.title: one.state for one in answer.context["changes"]}
    assert states == {"En une phrase": "changed", "Moyens": "new", "Qui": "gone"}
    assert "secrète" not in told
    old = client.get(reverse("toolbox:sheet_version", args=[sheet.pk, 1])).content.decode()
    assert "deux heures" in old
    assert "n’est plus celle qui se lit" in old


def test_a_text_without_parts_stands_under_a_heading_in_its_versions_too(
    cast: Cast, client: Client
) -> None:
    sheet = a_sheet(cast, kind=AdviceSheet, published=False)
    sheet.body = [("text", RichText("<h3>Repères</h3><p>Lentement.</p>"))]
    sheet.save_revision().publish()
    addresses = (("sheet", [sheet.pk]), ("sheet_version", [sheet.pk, 1]))
    for name, arguments in addresses:
        told = client.get(reverse(f"toolbox:{name}", args=arguments)).content.decode()
        assert re.findall(r"<h[1-3]", told)[:3] == ["<h1", "<h2", "<h3"], name


def test_each_version_says_the_day_on_which_its_own_text_was_validated(
    cast: Cast, client: Client
) -> None:
    sheet = a_sheet(cast)
    for number, days in ((1, 400), (2, 30)):
        # As if that version had been published so many days ago.
        then = timezone.now() - timedelta(days=days)
        Version.objects.filter(sheet=sheet, number=number).update(at=then)
        MethodSheet.objects.filter(pk=sheet.pk).update(validated_on=timezone.localdate(then))
        sheet = again(MethodSheet.objects.get(pk=sheet.pk), summary=f"Après {number}.")
    today = timezone.localdate()
    listed = client.get(reverse("toolbox:sheet_versions", args=[sheet.pk])).context["versions"]
    said = {one.number: (today - one.validated_on).days for one in listed}
    assert said == {3: 0, 2: 30, 1: 400}
    assert {one.validated_by for one in listed} == {sheet.validated_by}


# --- The feed ------------------------------------------------------------------------------------


def test_the_feed_tells_published_sheets_of_a_theme_or_of_all(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast, summary="Elle & lui")
    a_sheet(cast, title="Ailleurs")
    a_sheet(cast, title="Un brouillon", published=False)
    answer = client.get(reverse("toolbox:feed"))
    assert answer["Content-Type"] == "application/atom+xml"
    told = answer.content.decode()
    assert "Ailleurs" in told
    assert "Elle &amp; lui" in told
    assert "Un brouillon" not in told
    themed = client.get(f"{reverse('toolbox:feed')}?theme={sheet.themes.get().code}")
    assert sheet.title in themed.content.decode()
    assert "Ailleurs" not in themed.content.decode()


def test_the_feed_is_told_without_signs_that_xml_refuses(cast: Cast, client: Client) -> None:
    sheet = a_full_sheet(cast, title="Trier\x0b le tri", summary="Ver\x1bre")
    type(sheet.author).objects.filter(pk=sheet.author_id).update(name="Le\x08s Rives")
    told = client.get(reverse("toolbox:feed")).content.decode()
    assert "Trier le tri" in told
    assert "Verre" in told
    assert "Les Rives" in told


def test_what_was_chosen_is_told_above_what_was_found(cast: Cast, client: Client) -> None:
    # Nine fields stood between the choice and its sheets on a phone.
    a_sheet(cast)
    page = client.get("/boite-a-outils/?nature=method").content.decode()
    assert "Nature&nbsp;: Fiche méthodologique" in page
    assert '<details class="fold">' in page
    nothing = client.get("/boite-a-outils/?nature=news").content.decode()
    assert '<details class="fold" open>' in nothing
