"""The toolbox of the demonstration: sheets that are useful as they are, in several languages, one
out of date and one waiting to be read."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import Comment, WorkflowState

from parvis.demo import toolbox_files
from parvis.demo.accounts import read
from parvis.demo.toolbox import FILES
from parvis.demo.toolbox_files import PAPERS, PICTURES
from parvis.demo.toolbox_text import BLOCKS, rich, typeset
from parvis.notices.models import Message
from parvis.partners.actors import NOBODY
from parvis.partners.models import User
from parvis.toolbox.after_questions import END, results_of
from parvis.toolbox.models import (
    Certificate,
    Course,
    DirectoryEntry,
    Enrolment,
    EnrolmentContact,
    Experiment,
    Label,
    Need,
    Paper,
    Picture,
    Question,
    Sheet,
    StructureCard,
    Version,
    Wording,
)
from parvis.toolbox.network_workflow import ExperimentState

TOLD = [row for name in FILES for row in read(f"toolbox_{name}")["sheet"]]
KEYS = [row["key"] for row in TOLD]
SOURCE = Path(toolbox_files.__file__).read_text()


def words_of(told: Any) -> list[str]:
    """All words that a part of the file holds."""
    if isinstance(told, str):
        return told.split()
    if isinstance(told, dict):
        return [one for value in told.values() for one in words_of(value)]
    return [one for value in told for one in words_of(value)] if isinstance(told, list) else []


# --- What is written ------------------------------------------------------------------------------


def test_a_text_is_long_enough_to_help_and_short_enough_to_be_read() -> None:
    names = ("themes", "labels", "see", "quartiers", "older", "key", "kind", "by")
    bounds = {"advice": (120, 290), "experience": (170, 900), "news": (150, 400)}
    counts = {
        row["key"]: (row["kind"], len(words_of({k: v for k, v in row.items() if k not in names})))
        for row in TOLD
    }
    for key, (kind, count) in counts.items():
        shortest, longest = bounds.get(kind, (220, 1000))
        assert shortest <= count <= longest, (key, count)


def test_headings_pictures_tables_and_links_are_understood_without_seeing_them() -> None:
    for block in (block for row in TOLD for block in row["block"]):
        text = block.get("text", "")
        assert not re.search(r"\[(ici|cliquez ici|lien)\]|(?<!\()https?://", text)
        assert all(re.match(r"[^\n]+\n\n[^\s#]", one) for one in text.split("## ")[1:])
        if "picture" in block:
            assert len(block["alt"]) > 30
        if "table" in block:
            assert block["table"]
            assert all(block["columns"])
            assert all(len(row) == len(block["columns"]) for row in block["rows"])
            assert all(cell for row in block["rows"] for cell in row)


def test_methods_and_guides_name_their_sources_and_say_what_is_only_usual() -> None:
    for row in TOLD:
        if row["kind"] in ("method", "guide"):
            words = " ".join(words_of(row["block"]))
            assert "## Repères" in words
            assert re.search(r"usage|conseil|propos|notice|font foi|pratique", words), row["key"]


def test_french_is_set_with_its_spaces_and_apostrophes() -> None:
    assert typeset("Oui : 12 000 € « là » !") == "Oui\xa0: 12\xa0000\xa0€ «\xa0là\xa0»\xa0!"
    assert typeset("Le 03 00 00 00 10") == "Le 03\xa000\xa000\xa000\xa010"
    files = [*(f"toolbox_{name}" for name in FILES), "toolbox_wordings"]
    french = " ".join(one for name in files for one in words_of(read(name)) if "http" not in one)
    assert "'" not in french
    assert rich("## Un\n\n- **a**\n- b <c>\n\nFin") == (
        "<h3>Un</h3><ul><li><b>a</b></li><li>b &lt;c&gt;</li></ul><p>Fin</p>"
    )


def test_easy_to_read_texts_keep_to_short_sentences() -> None:
    for row in read("toolbox_wordings")["wording"]:
        if row["language"] == "falc":
            lines = [one for one in row["text"].split("\n") if one.strip()]
            assert max(len(line.split()) for line in lines) <= 14
            assert not re.search(r"\b(TFPB|GUP|QPV|NPNRU)\b", row["text"])


# --- What is loaded -------------------------------------------------------------------------------


def test_all_kinds_all_blocks_and_all_languages_are_shown(demo: None) -> None:
    sheets = Sheet.objects.visible_to(NOBODY)
    assert sheets.count() == len(KEYS) >= 16  # but the draft, and one that came of a question
    assert set(sheets.values_list("kind", flat=True)) == set(Sheet.Kind.values)
    used = {block.block_type for one in sheets.specific() for block in one.body}
    assert used == set(BLOCKS)
    assert sorted(Wording.objects.values_list("language", flat=True)) == [
        "ar",
        "en",
        "falc",
        "falc",
    ]
    unused = Label.objects.filter(sheets=None).exclude(group="cout")
    assert not unused.exclude(group__in=("axe", "domaine")).exists()


def test_a_corrected_guide_keeps_both_versions_and_its_english_is_older(demo: None) -> None:
    guide = Sheet.objects.get(slug="mon-immeuble-va-etre-renove")
    first, second = Version.objects.filter(sheet=guide).order_by("number")
    assert guide.version == second.number == 2
    assert first.at < second.at
    old = first.revision.as_object()
    assert old.title != guide.title
    assert len(str(old.body)) < len(str(guide.specific.body))
    assert guide.wordings.get().of_version < guide.version
    assert guide.first_published_at == first.at


def test_one_is_out_of_date_and_says_so(demo: None, client: Client) -> None:
    today = timezone.localdate()
    (old,) = Sheet.objects.filter(live=True).expired(today)
    assert old.expires_on == today - timedelta(days=40)
    assert "plus tenue à jour" in client.get(f"/boite-a-outils/{old.pk}/").content.decode()


def test_one_waits_for_its_reading_and_nobody_else_sees_it(demo: None, client: Client) -> None:
    draft = Sheet.objects.get(live=False)
    assert draft.owner == User.objects.get(email="gardienne@demo.invalid")  # opens it again
    state = WorkflowState.objects.get(object_id=str(draft.pk))
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    remark = Comment.objects.get()
    assert (remark.page_id, remark.contentpath) == (draft.pk, "summary")
    assert client.get(f"/boite-a-outils/{draft.pk}/").status_code == 404


def test_everybody_reads_all_that_is_published(demo: None, client: Client) -> None:
    for sheet in Sheet.objects.visible_to(NOBODY):
        page = client.get(f"/boite-a-outils/{sheet.pk}/")
        assert page.status_code == 200
        assert sheet.title in unescape(page.content.decode())
        assert sheet.validated_on == timezone.localdate(sheet.last_published_at)


def test_its_pictures_and_papers_are_made_when_it_is_loaded(demo: None, client: Client) -> None:
    assert Picture.objects.visible_to(NOBODY).count() == len(PICTURES)
    for picture in Picture.objects.all():
        with picture.file.open() as file:
            assert Image.open(file).width == 960
        # A big one is drawn through a temporary file, which must not stay open.
        assert picture.get_rendition("max-480x480").width == 480
    assert Paper.objects.visible_to(NOBODY).count() == len(PAPERS)
    for paper in Paper.objects.all():
        answer = client.get(f"/boite-a-outils/documents/{paper.pk}/")
        held = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert ZipFile(BytesIO(held)).read("mimetype").endswith(b"opendocument.spreadsheet")


def test_experiences_say_that_their_territory_is_invented(demo: None) -> None:
    told = Sheet.objects.filter(kind="experience").values_list("summary", flat=True)
    assert len(told) == 2
    assert all(one.startswith("Territoire inventé pour la démonstration") for one in told)


def test_loading_it_tells_nobody_again(demo: None) -> None:
    assert not Message.objects.filter(event__startswith="sheet").exists()


# --- Courses and the network ----------------------------------------------------------------------


def test_a_course_of_three_dates_was_followed_certified_and_evaluated(demo: None) -> None:
    course = Course.objects.filter(nature="training").earliest("starts_at")
    assert (course.dates.count(), course.state) == (3, "past")
    assert course.enrolments.seated().count() == course.seats
    # Who came to two dates out of three has enough; who came to one has not.
    assert Certificate.objects.standing().filter(enrolment__course=course).count() == 6
    results = results_of(course)[END]
    assert results["enough"]
    assert results["words"]
    assert course.enrolments.values("organisation").distinct().count() >= 5


def test_a_workshop_to_come_is_full_and_people_wait_in_order(demo: None, client: Client) -> None:
    course = Course.objects.get(nature="workshop")
    assert course.starts_at is not None
    assert course.starts_at > timezone.now()
    waiting = course.enrolments.filter(state=Enrolment.State.WAITING)
    assert (course.enrolments.seated().count(), waiting.count()) == (5, 3)
    assert client.get(f"/formations/{course.pk}/").status_code == 200


def test_a_training_to_come_stands_in_the_calendar_of_the_network(
    demo: None, client: Client
) -> None:
    page = client.get("/reseau/rendez-vous/").content.decode()
    assert "Parler d’une facture impayée sans blesser" in page


def test_needs_are_open_answered_by_a_course_and_closed_with_a_reason(demo: None) -> None:
    assert sorted(Need.objects.values_list("state", flat=True)) == ["answered", "closed", "open"]
    assert Need.objects.get(state="open").voices.count() == 3


def test_structures_and_people_are_found_as_far_as_they_agreed(demo: None) -> None:
    assert StructureCard.objects.visible_to(NOBODY).count() == 3
    assert DirectoryEntry.objects.count() == 3
    assert DirectoryEntry.objects.visible_to(NOBODY).get().shown == "everybody"


def test_a_question_with_its_answers_became_a_conseil(demo: None, client: Client) -> None:
    question = Question.objects.get()
    assert question.answers.filter(helped_at__isnull=False).count() == 2
    advice = Sheet.objects.visible_to(NOBODY).get(title=question.title)
    assert (advice.kind, advice.live) == ("advice", True)
    assert client.get(f"/boite-a-outils/{advice.pk}/").status_code == 200


def test_one_experiment_was_spread_and_one_is_under_way(demo: None) -> None:
    states = Experiment.objects.visible_to(NOBODY).values_list("state", flat=True)
    assert set(states) == {ExperimentState.SPREAD, ExperimentState.RUNNING}


def test_whoever_enrolled_is_invented_and_nobody_was_written_to(demo: None) -> None:
    rows = EnrolmentContact.objects.all()
    assert rows
    assert all(one.name.endswith("(exemple)") for one in rows)
    assert all(one.email.endswith("@demo.invalid") for one in rows)
    assert not Message.objects.filter(event__startswith="course").exists()


def test_no_letter_of_a_drawing_is_missing() -> None:
    font = toolbox_files._font(24)
    hole = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))
    drawn = set(re.findall(r'_words\(draw, \(\d+, \d+\), "([^"]+)"', SOURCE))
    assert len(drawn) > 8
    for letter in {one for words in drawn for one in words} - {toolbox_files.ACUTE, " "}:
        assert (font.getmask(letter).getbbox(), bytes(font.getmask(letter))) != hole, letter
