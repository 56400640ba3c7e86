"""A sheet goes to another territory and comes in from one, whole, and as a draft."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from parvis.toolbox.booklet_files import offered_by
from parvis.toolbox.booklet_richtext import read, words_of
from parvis.toolbox.lists import load
from parvis.toolbox.models import Feed, KnownKey, Label, Package, Paper, Picture, Sheet
from parvis.toolbox.sheet_reading import wordings_of
from parvis.toolbox.swap_acts import erase_unconfirmed
from parvis.toolbox.swap_keys import fingerprint, is_signed, public_key
from parvis.upkeep.lists import load as load_themes
from parvis.upkeep.models import Theme
from tests.cast import Cast
from tests.toolbox.booklet_scene import ODT, full_sheet
from tests.toolbox.scene import a_sheet
from tests.toolbox.swap_scene import elsewhere, members_of, package_of, rewritten, send

pytestmark = pytest.mark.django_db
YES = {"unknown": "on"}


@pytest.fixture
def bruno(cast: Cast) -> Client:
    """The neighbour's coordination, at a browser."""
    client = Client()
    client.force_login(cast.bruno)
    return client


def bring_in(client: Client, package: bytes, **said: str) -> Any:
    answer = send(client, package)
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(answer["Location"], {**YES, **said})
    assert answer.status_code == 302, answer.content.decode()
    return Sheet.objects.order_by("-pk").first().specific


def content_of(paper: Paper) -> bytes:
    with paper.file.open("rb") as file:
        return bytes(file.read())


def words(html: Any) -> str:
    return words_of(read(str(html)))


def test_a_round_trip_keeps_text_files_licence_and_origin(cast: Cast, bruno: Client) -> None:
    load()
    load_themes()
    sheet = full_sheet(cast)
    sheet.themes = Theme.objects.all()[:2]
    sheet.labels = Label.objects.filter(group="moment")[:2]
    sheet.save_revision().publish()
    sheet.refresh_from_db()
    found = bring_in(bruno, package_of(sheet))
    for name in ("title", "summary", "question", "duration", "cost_from", "cost_to", "licence",
                 "contact", "expires_on", "kind"):  # fmt: skip
        assert getattr(found, name) == getattr(sheet, name), name
    for name in ("when", "steps", "who", "means", "pitfalls"):
        assert words(getattr(found, name)) == words(getattr(sheet, name)), name
    assert "<b>vingt</b>" in found.pitfalls
    assert [block.block_type for block in found.body] == [b.block_type for b in sheet.body]
    assert words(found.body[0].value) == words(sheet.body[0].value)
    assert 'href="https://exemple.test/charte"' in str(found.body[1].value.source)
    assert found.body[3].value.caption == "Qui fait quoi"
    assert [[str(cell.value) for cell in row] for row in found.body[3].value.rows] == [
        ["Le bailleur", "Les halls"],
        ["La ville", "La rue"],
    ]
    assert found.body[2].value["alt"] == "Un hall propre et éclairé"
    assert {one.language for one in found.wordings.all()} == {"falc", "ar"}
    assert {one.code for one in found.themes.all()} == {one.code for one in sheet.themes.all()}
    assert set(found.labels.all()) == set(sheet.labels.all())
    # Files are others, with the same content; links lead to them.
    old, new = offered_by(sheet), offered_by(found)
    assert [one.label for one in old] == [one.label for one in new]
    assert not {one.paper.pk for one in old} & {one.paper.pk for one in new}
    assert content_of(new[0].paper) == ODT
    assert f'linktype="document" id="{new[0].paper.pk}"' in found.body[1].value.source.replace(
        f'id="{new[0].paper.pk}" linktype="document"',
        f'linktype="document" id="{new[0].paper.pk}"',
    )
    picture = found.body[2].value["picture"]
    with picture.file.open("rb") as file, Image.open(file) as drawn:
        assert drawn.size == (640, 400)
        assert not drawn.getexif()
    # Where it comes from, and who wrote it there.
    assert found.origin == "Ville d’Anzin · Parvis d’ailleurs"
    assert found.origin_url == f"https://ailleurs.exemple.test/boite-a-outils/{sheet.pk}/"
    assert found.contributors == "Ville d’Anzin, Les Voisins"


def test_what_comes_in_is_a_draft_on_the_desk_of_the_coordination(
    cast: Cast, bruno: Client
) -> None:
    found = bring_in(bruno, package_of(full_sheet(cast)))
    assert not found.live
    assert found.author == cast.neighbour
    assert found.validated_on is None
    assert found.latest_revision.user == cast.bruno
    assert Client().get(f"/boite-a-outils/{found.pk}/").status_code == 404
    picture = found.body[2].value["picture"]
    assert not Picture.objects.visible_to(cast.actor(cast.rose)).filter(pk=picture.pk).exists()
    assert bruno.get(f"/boite-a-outils/{found.pk}/").status_code == 200


def test_a_wording_that_was_older_than_its_text_is_so_here_too(cast: Cast, bruno: Client) -> None:
    sheet = full_sheet(cast)
    sheet.save_revision().publish()  # once more
    sheet.refresh_from_db()
    falc = sheet.wordings.get(language="falc")
    falc.of_version = sheet.version
    sheet.wordings = [falc, sheet.wordings.get(language="ar")]
    sheet.save()
    found = bring_in(bruno, package_of(sheet))
    found.save_revision().publish()
    found.refresh_from_db()
    assert {one.code: one.older for one in wordings_of(found, "")[0]} == {"falc": False, "ar": True}
    found.save_revision().publish()
    found.refresh_from_db()
    assert {one.older for one in wordings_of(found, "")[0]} == {True}


def test_origin_stays_that_of_the_first_place_when_it_goes_further(
    cast: Cast, bruno: Client
) -> None:
    found = bring_in(bruno, package_of(full_sheet(cast)))
    found.save_revision().publish()
    again = json.loads(members_of(package_of(found))["sheet.json"])
    assert again["origin"]["name"] == "Ville d’Anzin · Parvis d’ailleurs"
    assert again["exporter"]["sheet"].endswith(f"/{found.pk}/")


def test_only_a_published_text_is_given_and_its_draft_is_not_in_it(
    cast: Cast, client: Client
) -> None:
    sheet = full_sheet(cast)
    sheet.summary = "Un secret de brouillon"
    sheet.save_revision()
    answer = client.get(reverse("toolbox:swap_export", args=[sheet.pk]))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "secret" not in members_of(answer.content)["sheet.json"].decode()
    draft = a_sheet(cast, title="Un brouillon", published=False)
    address = reverse("toolbox:swap_export", args=[draft.pk])
    assert client.get(address).status_code == 404
    client.force_login(cast.karim)
    assert client.get(address).status_code == 409


def test_the_public_key_is_read_where_others_look_for_it(client: Client) -> None:
    told = client.get("/.well-known/parvis-fiches.json").json()
    assert told["key"] == public_key()
    assert told["fingerprint"] == fingerprint(public_key())
    with elsewhere():
        assert public_key() != told["key"]
    assert not is_signed(b"x", "pas du base64", "non plus")


def test_an_unknown_signature_is_shown_and_confirmed_then_known(cast: Cast, bruno: Client) -> None:
    package = package_of(full_sheet(cast))
    address = send(bruno, package)["Location"]
    page = bruno.get(address).content.decode()
    assert "Signature inconnue" in page
    with elsewhere():
        assert fingerprint(public_key()) in page
    assert "Vérifiez d’abord" in bruno.post(address, {}).content.decode()
    assert Sheet.objects.count() == 1
    bruno.post(address, {**YES, "trust": "on"})
    assert KnownKey.objects.get().name == "Parvis d’ailleurs"
    page = bruno.get(send(bruno, package)["Location"]).content.decode()
    assert "Signature reconnue" in page
    # The neighbour's trust is not ours.
    claire = Client()
    claire.force_login(cast.claire)
    page = claire.get(send(claire, package)["Location"]).content.decode()
    assert "Signature inconnue" in page


def test_a_second_import_says_so_and_wants_to_be_meant(cast: Cast, bruno: Client) -> None:
    package = package_of(full_sheet(cast))
    first = bring_in(bruno, package)
    address = send(bruno, package)["Location"]
    page = bruno.get(address).content.decode()
    assert "déjà importée" in page
    assert f"/boite-a-outils/{first.pk}/" in page
    assert bruno.post(address, YES).status_code == 200
    assert Sheet.objects.count() == 2
    assert bruno.post(address, {**YES, "again": "on"}).status_code == 302
    assert Sheet.objects.count() == 3
    assert bruno.post(address, {**YES, "again": "on"}).status_code == 302  # sent twice
    assert Sheet.objects.count() == 3


def test_packages_are_the_affair_of_their_coordination_alone(cast: Cast, bruno: Client) -> None:
    address = send(bruno, package_of(full_sheet(cast)))["Location"]
    for who, code in ((cast.claire, 404), (cast.nadia, 403), (cast.karim, 403)):
        other = Client()
        other.force_login(who)
        assert other.get(address).status_code == code
        assert other.post(address, YES).status_code == code
    assert Sheet.objects.count() == 1


def test_a_package_that_nobody_confirms_is_erased_after_a_day(cast: Cast, bruno: Client) -> None:
    send(bruno, package_of(full_sheet(cast)))
    package = Package.objects.get()
    path = Path(package.file.path)
    assert path.exists()
    assert "un nom" not in path.name
    assert erase_unconfirmed(timezone.now() + timedelta(hours=23)) == 0
    Package.objects.update(received_at=timezone.now() - timedelta(hours=25))
    call_command("erase_booklets", stdout=io.StringIO())
    assert not path.exists()
    assert not Package.objects.exists()


def test_a_package_that_became_a_draft_leaves_no_file(
    cast: Cast, bruno: Client, django_capture_on_commit_callbacks: Any
) -> None:
    address = send(bruno, package_of(full_sheet(cast)))["Location"]
    path = Path(Package.objects.get().file.path)
    with django_capture_on_commit_callbacks(execute=True):
        bruno.post(address, YES)
    assert not path.exists()
    assert Package.objects.get().sheet is not None


def test_the_pictures_of_a_draft_that_came_in_are_drawn_at_once(
    cast: Cast, bruno: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        found = bring_in(bruno, package_of(full_sheet(cast)))
    (shown,) = [block.value["picture"] for block in found.body if block.block_type == "picture"]
    assert shown.renditions.exists()


def test_a_package_may_be_dropped(cast: Cast, bruno: Client) -> None:
    send(bruno, package_of(full_sheet(cast)))
    bruno.post(reverse("toolbox:swap_drop", args=[Package.objects.get().pk]))
    assert not Package.objects.exists()


def test_new_files_take_no_others_place(cast: Cast, bruno: Client) -> None:
    sheet = full_sheet(cast)
    before = {paper.file.name: content_of(paper) for paper in Paper.objects.all()}
    package = package_of(sheet)
    bring_in(bruno, package)
    bring_in(bruno, package, again="on")
    assert {p.file.name: content_of(p) for p in Paper.objects.filter(file__in=before)} == before
    assert len({paper.file.name for paper in Paper.objects.all()}) == 6


def test_rich_text_of_a_package_is_what_the_editor_could_have_written(
    cast: Cast, bruno: Client
) -> None:
    hidden = a_sheet(cast, of=cast.town, title="Un brouillon caché", published=False)
    hostile = (
        "<p onclick='alert(1)'>Bonjour <script>alert(2)</script><b style='x'>vous</b> "
        "<a href='javascript:alert(3)'>a</a> <a href='JaVa\tScript:alert(4)'>b</a> "
        "<a href='data:text/html,x'>c</a> <a href='//ailleurs.test'>d</a> "
        f"<a linktype='page' id='{hidden.pk}'>e</a> <a linktype='document' id='1'>f</a> "
        "<embed embedtype='image' id='1'/><img src=x onerror='alert(5)'></p>"
        "<iframe src='https://x.test'></iframe><svg onload='alert(6)'><a href='/admin'>g</a></svg>"
    )

    def change(said: Any) -> None:
        said["sheet"]["when"] = hostile
        said["sheet"]["body"] = [
            {"type": "text", "value": hostile},
            {"type": "note", "value": {"tone": "retenir", "text": hostile}},
            {"type": "steps", "value": {"title": "<b>x</b>", "steps": [hostile]}},
        ]
        said["sheet"]["wordings"] = [
            {"language": "en", "title": "<script>", "text": hostile, "of_version": 1}
        ]
        said["files"] = []

    package = members_of(package_of(full_sheet(cast)))
    from tests.toolbox.swap_scene import packed, signed

    kept = {name: one for name, one in package.items() if not name.startswith("files/")}
    said = json.loads(kept["sheet.json"])
    change(said)
    kept["sheet.json"] = json.dumps(said).encode()
    found = bring_in(bruno, packed(signed(kept)))
    texts = [
        found.when,
        found.body[0].value.source,
        found.body[1].value["text"].source,
        found.body[2].value["steps"][0].source,
        found.wordings.get().text,
    ]
    for text in texts:
        assert "Bonjour" in text
        assert "<b>vous</b>" in text
        for trace in ("script", "alert", "on", "href", "linktype", "<embed", "<img", "<svg",
                      "<iframe", "style"):  # fmt: skip
            assert trace not in text.replace("Bonjour", ""), (trace, text)
    page = bruno.get(f"/boite-a-outils/{found.pk}/").content.decode()
    assert "alert(" not in page


def test_what_is_followed_from_elsewhere_is_the_affair_of_its_coordination(cast: Cast) -> None:
    feed = Feed.objects.create(
        coordination=cast.neighbour, name="X", url="https://x.test/", added_at=timezone.now()
    )
    assert Feed.objects.visible_to(cast.actor(cast.bruno)).get() == feed
    for who in ("claire", "nadia", "karim"):
        assert not Feed.objects.visible_to(cast.actor(getattr(cast, who))).exists()


def test_a_changed_text_of_ours_is_told_as_not_signed(cast: Cast) -> None:
    package = rewritten(package_of(full_sheet(cast)), lambda said: None)
    seal = json.loads(members_of(package)["signature.json"])
    assert is_signed(members_of(package)["sheet.json"], seal["signature"], seal["key"])
    assert not is_signed(members_of(package)["sheet.json"] + b" ", seal["signature"], seal["key"])
