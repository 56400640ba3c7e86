"""The account of a walk: who reads what, in every variant; what is frozen when it is sent."""

from __future__ import annotations

import io
import subprocess
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from parvis.partners.actors import NOBODY
from parvis.reports.acts import advance_part
from parvis.reports.models import Report
from parvis.walks import account_acts as acts
from parvis.walks.account_content import account_of
from parvis.walks.account_kept import read_version
from parvis.walks.account_telling import forget_notes
from parvis.walks.links import bearing
from parvis.walks.models import Observation, Picture, Presence, SentAccount, Walk
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.figures.counting import counted
from tests.reports.scene import only_part
from tests.walks.account_scene import reviewed, sorted_out, tellable
from tests.walks.scene import a_picture, again, found, walked, walking

VARIANTS = ("page", "pdf", "xlsx", "ods")
# What partners alone read: names in notes, words of the desk, an unreviewed finding.
INSIDE = ("Duval", "Petit", "Relancer", "Vu avec le gardien", "Rien n’a bougé", "à trier")


def address(walk: Walk, variant: str) -> str:
    if variant == "page":
        return reverse("walks:account", args=[walk.pk])
    if variant == "pdf":
        return reverse("walks:account_pdf", args=[walk.pk])
    return reverse("walks:account_table", args=[walk.pk, variant])


def words_of(answer: Any, variant: str) -> str:
    """What one reads in a variant of the account."""
    assert answer.status_code == 200, answer
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if variant == "page":
        return str(content.decode())
    if variant == "pdf":
        return pdf_words(content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return "\n".join(" | ".join(map(str, row)) for row in rows)


def pdf_words(content: bytes) -> str:
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return " ".join(made.stdout.decode().split())


def published(cast: Cast, walk: Walk) -> Walk:
    acts.send_account(walk, actor=cast.actor(cast.claire))
    acts.publish_account(walk, actor=cast.actor(cast.claire))
    return again(walk)


# --- What it tells ----------------------------------------------------------------------------


def test_the_account_tells_who_came_without_any_name(cast: Cast) -> None:
    walk = tellable(cast)
    now = timezone.now()
    guest = walk.gathering.guests.get(organisation=cast.association)
    times = {"noted_at": now, "received_at": now}
    Presence.objects.create(uid=uuid4(), walk=walk, guest=guest, came=True, **times)
    Presence.objects.create(uid=uuid4(), walk=walk, count=7, **times)
    head = account_of(walk, cast.actor(cast.claire))["head"]
    assert head["organisations"] == ["Les Voisins", "Ville d’Anzin"]
    assert head["residents"] == 7
    assert str(timezone.localdate().year) in head["when"]


def test_a_row_says_what_the_finding_became_and_how_that_stands(cast: Cast) -> None:
    walk = tellable(cast)
    row = next(
        one for one in account_of(walk, cast.actor(cast.claire))["rows"] if one["severity"]
        and one["followed"]
    )  # fmt: skip
    assert row["who"] == "Escaut Habitat"
    assert row["action"].startswith("Signalement")
    assert row["url"].startswith("/signalements/")
    assert row["state"] == "nouveau"
    assert row["planned"] == "Relancer le prestataire avant Noël."
    assert len(row["pictures"]) == 3


def test_a_report_that_was_settled_closes_its_row(cast: Cast) -> None:
    walk = tellable(cast)
    part = only_part(Report.objects.latest("pk"))
    advance_part(part, "settle", actor=cast.actor(cast.karim), answer="C’est fait.")
    row = next(one for one in account_of(walk, cast.actor(cast.claire))["rows"] if one["action"])
    assert (row["state"], row["tone"]) == ("réglé", "done")
    assert row["closed"] == timezone.localdate().isoformat()


def test_a_finding_seen_settled_says_so_before_all_else(cast: Cast) -> None:
    walk = tellable(cast)
    day = timezone.localdate()
    Observation.objects.filter(walk=walk, outcome="report").update(
        condition="settled", condition_on=day
    )
    row = next(one for one in account_of(walk, cast.actor(cast.claire))["rows"] if one["action"])
    assert (row["state"], row["tone"], row["closed"]) == ("vu réglé", "done", day.isoformat())


def test_doubles_are_told_once_with_their_pictures_and_what_was_set_aside_is_not(
    cast: Cast,
) -> None:
    walk = walked(cast)
    first = found(cast, walk)
    second = found(cast, walk, same_as=first)
    third = found(cast, walk, same_as=second)
    a_picture(first)
    a_picture(third)
    found(cast, walk, withdrawn_at=timezone.now(), note="Écarté.")
    rows = account_of(walk, cast.actor(cast.claire))["rows"]
    assert [one["id"] for one in rows] == [first.pk]
    assert len(rows[0]["pictures"]) == 2


@pytest.mark.parametrize("more", [10, 300])
def test_the_page_asks_twelve_queries_at_most(cast: Cast, client: Client, more: int) -> None:
    walk = tellable(cast, more=more // 2)
    acts.send_account(walk, actor=cast.actor(cast.claire)) if more == 10 else sorted_out(walk)
    client.force_login(cast.claire)
    client.get(address(walk, "page"))
    with counted() as queries:
        assert client.get(address(walk, "page")).status_code == 200
    assert len(queries) <= 12, "\n".join(queries)


# --- Who reads what ---------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_stranger_reads_what_was_reviewed_and_nothing_else(
    cast: Cast, client: Client, variant: str
) -> None:
    walk = published(cast, tellable(cast))
    words = words_of(client.get(address(walk, variant)), variant)
    assert "matelas au pied" in words.replace("\n", " ")
    for inside in INSIDE:
        assert inside not in words
    if variant in ("page", "pdf"):
        assert words.index("massifs sont refaits") < words.index("matelas au pied")


@pytest.mark.parametrize("variant", VARIANTS)
def test_nobody_but_partners_reads_it_before_it_is_public(
    cast: Cast, client: Client, variant: str
) -> None:
    walk = tellable(cast)
    acts.send_account(walk, actor=cast.actor(cast.claire))
    for person in (None, cast.bruno, cast.nadia, cast.paul):
        if person:
            client.force_login(person)
        assert client.get(address(walk, variant)).status_code == 404
    client.force_login(cast.luc)
    assert "Relancer" in words_of(client.get(address(walk, variant)), variant)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("who", ["bruno", "nadia", "paul"])
def test_a_neighbour_and_a_landlord_not_called_read_the_public_version(
    cast: Cast, client: Client, who: str, variant: str
) -> None:
    walk = published(cast, tellable(cast))
    client.force_login(getattr(cast, who))
    words = words_of(client.get(address(walk, variant)), variant)
    assert not [inside for inside in INSIDE if inside in words]


def test_who_holds_the_link_of_the_walk_reads_no_more_than_a_stranger(cast: Cast) -> None:
    walk = published(cast, tellable(cast))
    assert account_of(walk, bearing(NOBODY, walk)) == account_of(walk, NOBODY)


def test_pictures_that_were_not_reviewed_or_show_somebody_stay_with_partners(cast: Cast) -> None:
    walk = published(cast, tellable(cast))
    shown = [one["id"] for row in account_of(walk, NOBODY)["rows"] for one in row["pictures"]]
    assert Picture.objects.filter(pk__in=shown, shown=True).count() == len(shown) == 1


def test_a_finding_that_was_not_reviewed_is_not_even_counted(cast: Cast) -> None:
    walk = published(cast, tellable(cast))
    told = account_of(walk, NOBODY)
    shown = set(Observation.objects.filter(walk=walk, shown=True).values_list("pk", flat=True))
    assert {one["id"] for one in (*told["rows"], *told["strengths"])} == shown
    assert (told["figures"]["strengths"], told["figures"]["weaknesses"]) == (1, 1)


def test_a_picture_of_a_double_is_public_with_the_finding_that_tells_it(cast: Cast) -> None:
    walk = walked(cast)
    first = found(cast, walk, outcome="noted", **reviewed())
    picture = a_picture(found(cast, walk, same_as=first), **reviewed())
    published(cast, walk)
    told = account_of(again(walk), NOBODY)["rows"][0]["pictures"]
    assert [one["id"] for one in told] == [picture.pk]
    assert picture in Picture.objects.visible_to(NOBODY)
    Observation.objects.filter(pk=first.pk).update(shown=False)
    assert picture not in Picture.objects.visible_to(NOBODY)


def test_a_draft_of_the_summary_is_not_public(cast: Cast, client: Client) -> None:
    walk = published(cast, tellable(cast))
    acts.write_summary(walk, summary="Brouillon à revoir.")
    words = client.get(address(walk, "page")).content.decode()
    assert "Brouillon" not in words
    assert "Les entrées sont propres" in words


def test_what_was_not_sorted_is_not_told_to_strangers_were_it_reviewed(cast: Cast) -> None:
    walk = published(cast, tellable(cast))
    found(cast, walk, **reviewed(public_note="Arrivé plus tard."))
    assert "Arrivé plus tard" not in str(account_of(walk, NOBODY))


# --- Papers -----------------------------------------------------------------------------------


def test_the_paper_is_accessible_and_prints_nobody_without_consent(
    cast: Cast, client: Client
) -> None:
    walk = tellable(cast)
    client.force_login(cast.claire)
    content = client.get(address(walk, "pdf")).content
    assert_accessible(content)
    words = pdf_words(content)
    assert "1 photo de plus à voir en ligne" in words.replace("\u00a0", " ")
    assert "Tableau de suivi" in words


def test_a_long_account_repeats_the_head_of_its_table(cast: Cast, client: Client) -> None:
    walk = walked(cast)
    for number in range(300):
        found(cast, walk, outcome="noted", note=f"Constat {number}, " + "à reprendre. " * 8)
    client.force_login(cast.claire)
    content = client.get(address(walk, "pdf")).content
    assert page_count(content) > 20
    words = pdf_words(content)
    assert "Constat 299" in words
    assert words.count("Responsable") > 5


@pytest.mark.parametrize("variant", ["xlsx", "ods"])
def test_the_table_holds_its_columns_and_no_formula(
    cast: Cast, client: Client, variant: str
) -> None:
    walk = tellable(cast)
    Observation.objects.filter(walk=walk, outcome="report").update(note="=1+1")
    client.force_login(cast.claire)
    answer = client.get(address(walk, variant))
    content = b"".join(answer.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert head == [
        "Numéro", "Constat", "Lieu", "Photo", "Thème", "Responsable", "Action", "Échéance", "État",
        "Date de clôture",
    ]  # fmt: skip
    row = next(one for one in rows if "Signalement" in str(one[6]))
    assert str(row[1]).endswith(": =1+1")
    assert len(str(row[3]).split()) == 3
    assert str(row[3]).split()[0].endswith("/large.jpg")
    assert str(row[7])[:4] == str(timezone.localdate().year) or row[7]


def test_there_is_no_other_format(cast: Cast, client: Client) -> None:
    walk = tellable(cast)
    client.force_login(cast.claire)
    assert client.get(reverse("walks:account_table", args=[walk.pk, "csv"])).status_code == 404


# --- Sending and freezing ---------------------------------------------------------------------


def test_a_later_change_does_not_change_what_was_sent(cast: Cast, client: Client) -> None:
    walk = tellable(cast)
    acts.send_account(walk, actor=cast.actor(cast.claire))
    before = SentAccount.objects.get().content
    Observation.objects.filter(walk=walk).update(note="Tout autre chose.", title="Autre")
    Walk.objects.filter(pk=walk.pk).update(summary="Autre synthèse.")
    acts.send_account(walk, actor=cast.actor(cast.claire))
    assert SentAccount.objects.get(number=1).content == before
    client.force_login(cast.luc)
    for number, words in ((1, "Les entrées sont propres"), (2, "Autre synthèse.")):
        page = client.get(reverse("walks:sent_account", args=[walk.pk, number]))
        assert words in page.content.decode()
        paper = client.get(reverse("walks:sent_account_pdf", args=[walk.pk, number]))
        assert words in pdf_words(paper.content)


def version(client: Client, walk: Walk, variant: str) -> str:
    name = "walks:sent_account" if variant == "page" else "walks:sent_account_pdf"
    return words_of(client.get(reverse(name, args=[walk.pk, 1])), variant)


@pytest.mark.parametrize("variant", ["page", "pdf"])
def test_a_version_tells_each_reader_what_they_may_see_of_what_findings_became(
    variant: str, cast: Cast, client: Client
) -> None:
    walk = tellable(cast)
    (report,) = Report.objects.all()
    acts.send_account(walk, actor=cast.actor(cast.claire))
    kept = SentAccount.objects.get().content
    (title,) = [one["action"] for one in kept["rows"] if one["action"]]
    # luc, who was called, has no part of that report, which is not public.
    Report.objects.filter(pk=report.pk).update(public=False)
    client.force_login(cast.claire)
    page = version(client, walk, variant)
    assert title.partition("\N{NO-BREAK SPACE}: ")[2] in page
    assert "Rien n’a bougé" in page
    client.force_login(cast.luc)
    page = version(client, walk, variant)
    assert "Des matelas" in page  # what was found is theirs to read
    assert "signalement confié" in page or variant == "pdf"  # cut by its narrow column
    for words in (f"/signalements/{report.pk}/", "Rien n’a bougé", title):
        assert words not in page, words
    assert SentAccount.objects.get().content == kept


def test_a_version_does_not_print_who_was_recognised_since(cast: Cast, client: Client) -> None:
    walk = tellable(cast)
    acts.send_account(walk, actor=cast.actor(cast.claire))
    content = read_version(SentAccount.objects.get(), cast.actor(cast.claire))
    assert [one["paper"] for one in content["rows"][0]["pictures"]] == [True, True, False]
    Picture.objects.filter(people=False).update(people=True, shown=False)
    content = read_version(SentAccount.objects.get(), cast.actor(cast.claire))
    assert [one["paper"] for one in content["rows"][0]["pictures"]] == [False] * 3


def test_a_version_holds_nobody_s_name(cast: Cast) -> None:
    walk = tellable(cast)
    Observation.objects.filter(walk=walk).update(by=cast.rose, note="")
    content = str(acts.freeze(walk, cast.actor(cast.claire)))
    assert not [name for name in ("Rose", "Claire", "exemple.test") if name in content]


def test_a_version_forgets_what_was_noted_when_asked(cast: Cast) -> None:
    walk = tellable(cast)
    acts.send_account(walk, actor=cast.actor(cast.claire))
    assert forget_notes([walk]) == 1
    assert "Petit" not in str(SentAccount.objects.get().content)
    assert forget_notes([walk]) == 0


def test_a_picture_erased_since_leaves_the_version_readable(cast: Cast, client: Client) -> None:
    walk = tellable(cast)
    acts.send_account(walk, actor=cast.actor(cast.claire))
    Picture.objects.all().delete()
    client.force_login(cast.claire)
    page = client.get(reverse("walks:sent_account", args=[walk.pk, 1])).content.decode()
    assert "Photo&nbsp;:" not in page
    paper = client.get(reverse("walks:sent_account_pdf", args=[walk.pk, 1]))
    assert_accessible(paper.content)


def test_nothing_is_sent_while_something_is_to_sort(cast: Cast) -> None:
    walk = tellable(cast)
    found(cast, walk)
    found(cast, walk)
    found(cast, walk, strength=True)
    with pytest.raises(ValidationError, match="sont encore à trier"):
        acts.send_account(walk, actor=cast.actor(cast.claire))
    assert not SentAccount.objects.exists()


def test_nothing_is_sent_before_the_walk_is_over(cast: Cast) -> None:
    walk = walking(cast)
    with pytest.raises(ValidationError, match="pas encore eu lieu"):
        acts.send_account(walk, actor=cast.actor(cast.claire))


def test_nothing_is_sent_when_there_is_nothing_to_tell(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Aucun constat n’est arrivé"):
        acts.send_account(walked(cast), actor=cast.actor(cast.claire))


def test_a_version_that_says_the_same_is_not_sent_twice(cast: Cast) -> None:
    walk = tellable(cast)
    acts.send_account(walk, actor=cast.actor(cast.claire))
    with pytest.raises(ValidationError, match="Rien n’a changé"):
        acts.send_account(walk, actor=cast.actor(cast.claire))


@pytest.mark.parametrize(
    "name", ["write_account", "send_account", "publish_account", "unpublish_account"]
)
def test_writing_is_for_who_leads_the_walk(cast: Cast, client: Client, name: str) -> None:
    walk = published(cast, tellable(cast))
    url = reverse(f"walks:{name}", args=[walk.pk])
    for person in (cast.luc, cast.karim, cast.bruno, cast.paul):
        client.force_login(person)
        assert client.post(url, {"summary": "À moi."}).status_code == 403
    assert again(walk).published_at
    assert again(walk).summary.startswith("Les entrées")


def test_from_the_summary_to_the_public_page_by_hand(cast: Cast, client: Client) -> None:
    walk = tellable(cast)
    client.force_login(cast.claire)

    def at(name: str) -> str:
        return reverse(f"walks:{name}", args=[walk.pk])

    client.post(at("write_account"), {"summary": "Un quartier propre."})
    client.post(at("publish_account"))
    assert again(walk).published_at is None
    client.post(at("send_account"))
    asked = client.get(at("publish_account")).content.decode().replace("\u00a0", " ")
    assert "2 constats relus" in asked
    assert "1 constat attend une relecture, 2 photos attendent aussi" in asked
    client.post(at("publish_account"))
    assert "Un quartier propre." in Client().get(at("account")).content.decode()
    client.post(at("unpublish_account"))
    assert Client().get(at("account")).status_code == 404
