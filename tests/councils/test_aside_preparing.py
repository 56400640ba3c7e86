"""Preparing a sitting of others: which ones are listed, the note, the words, the names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import aside_acts, aside_word_acts
from parvis.councils.aside_papers import note_bytes, poster_bytes
from parvis.councils.aside_plain import advice_on
from parvis.councils.aside_reading import sittings_of
from parvis.councils.models import Body, Preparation, Referent, ResidentWord, WordName
from parvis.councils.referent_models import NOTE_LENGTH, TOLD_LENGTH, WORD_LENGTH
from parvis.meetings.models import Instance, Sitting
from tests.cast import Cast
from tests.councils.aside_scene import (
    NOTE,
    a_call,
    a_consent,
    a_preparation,
    a_speaker,
    a_word,
)
from tests.councils.scene import a_body, a_member, hugo_in, other_body
from tests.documents.pdfs import assert_accessible, page_count
from tests.gatherings.scene import in_days
from tests.meetings.scene import cotech, sitting
from tests.works.scene import a_project


@pytest.fixture
def body(cast: Cast) -> Body:
    made = a_body(cast)
    hugo_in(cast, made)
    return made


def designate(body: Body, cast: Cast, **where: Any) -> Referent:
    member = body.members.get()
    given = {"quartier": cast.rives, "starts_on": timezone.localdate(), **where}
    return Referent.objects.create(member=member, **given)


def convene(made: Sitting) -> Sitting:
    Sitting.objects.filter(pk=made.pk).update(convened_at=timezone.now())
    return made


def test_a_sitting_is_prepared_where_a_referent_is_invited_or_designated(
    cast: Cast, body: Body
) -> None:
    project = a_project(cast)
    named, steering = cotech(cast), cotech(cast, name="Comité du projet")
    Instance.objects.filter(pk=steering.pk).update(subject_kind="project", subject_id=project.pk)
    designate(body, cast, instance=named)
    designate(body, cast, project=project)
    invited = a_call(cast, body.members.get(), instance=cotech(cast, name="Autre comité"))
    both = [convene(sitting(cast, one)) for one in (named, steering)]
    convene(sitting(cast, cotech(cast, name="Sans référent")))
    assert set(sittings_of(body)) == {invited, *both}


def test_a_sitting_that_its_organiser_still_prepares_is_not_told_to_the_body(
    cast: Cast, body: Body
) -> None:
    instance = cotech(cast)
    designate(body, cast, instance=instance)
    sitting(cast, instance)
    assert not sittings_of(body).exists()


def test_a_designation_that_ends_before_the_day_calls_nobody(cast: Cast, body: Body) -> None:
    instance = cotech(cast)
    designate(body, cast, instance=instance, ends_on=timezone.localdate() + timedelta(days=6))
    convene(sitting(cast, instance, days=7))
    assert not sittings_of(body).exists()


def test_another_body_prepares_nothing_of_it(cast: Cast, body: Body) -> None:
    made = a_call(cast, body.members.get())
    other = other_body(cast)
    with pytest.raises(ValidationError):
        aside_acts.open_preparation(other, made)


def test_the_list_asks_as_much_for_six_sittings_as_for_three(
    cast: Cast, body: Body, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.hugo)
    url = reverse("councils:preparations", args=[body.pk])
    instance = cotech(cast)
    for _ in range(2):
        for _ in range(3):
            made = a_preparation(cast, body, instance=instance)
            aside_acts.choose_words(made, [a_word(cast, body)])
        client.get(url)
        with django_assert_num_queries(8):
            client.get(url)


def test_the_notebook_asks_as_much_for_a_thousand_words_as_for_ten(
    cast: Cast, body: Body, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.hugo)
    url = reverse("councils:notebook", args=[body.pk])
    a_speaker(a_word(cast, body))
    member = body.members.get()

    def more(count: int) -> None:
        ResidentWord.objects.bulk_create(
            ResidentWord(
                body=body,
                text=f"Parole {one}",
                heard_on=timezone.localdate(),
                quartier=cast.rives,
                noted_by=member,
            )
            for one in range(count)
        )

    for count in (9, 990):
        more(count)
        client.get(url)
        with django_assert_num_queries(8):
            client.get(url)


def test_the_notebook_is_searched_by_words_theme_and_quartier(
    cast: Cast, body: Body, client: Client
) -> None:
    a_word(cast, body)
    aside_word_acts.note_word(
        body,
        actor=cast.actor(cast.hugo),
        text="Le hall est sombre.",
        heard_on=timezone.localdate(),
        quartier=cast.rives,
        theme_code="proprete",
    )
    client.force_login(cast.hugo)
    url = reverse("councils:notebook", args=[body.pk])
    for query, seen, hidden in (
        ("q=bus+pluie", "sous la pluie", "sombre"),
        ("theme=eclairage", "sous la pluie", "sombre"),
        (f"quartier={cast.rives.pk}", "sombre", "sous la pluie"),
    ):
        page = client.get(f"{url}?{query}").content.decode()
        assert seen in page, query
        assert hidden not in page, query


@pytest.mark.parametrize(
    "text", ["Appelez-moi au 06 12 34 56 78.", "voisine@exemple.test m’a dit", "+33612345678"]
)
def test_words_hold_no_way_to_reach_anybody(cast: Cast, body: Body, text: str) -> None:
    with pytest.raises(ValidationError, match="aucune coordonnée"):
        a_word(cast, body, text)


def test_the_member_who_notes_is_kept(cast: Cast, body: Body, client: Client) -> None:
    client.force_login(cast.hugo)
    said = {"text": "Le hall est sombre.", "heard_on": timezone.localdate().isoformat()}
    client.post(reverse("councils:new_word", args=[body.pk]), said)
    assert ResidentWord.objects.get().noted_by == body.members.get()


def test_a_name_needs_its_consent_and_its_day(cast: Cast, body: Body, client: Client) -> None:
    word = a_word(cast, body)
    url = reverse("councils:word_speaker", args=[word.pk])
    client.force_login(cast.hugo)
    whole = {"name": "Voisine Essai", "consent_on": timezone.localdate().isoformat()}
    forged = a_consent("accord.pdf", b"MZ pas un PDF")
    office = a_consent("accord.docx", b"PK\x03\x04")
    for given in (
        whole,
        {**whole, "consent_file": forged},
        {**whole, "consent_file": office},
        {"name": whole["name"], "consent_file": a_consent()},
        {**whole, "consent_on": "2999-01-01", "consent_file": a_consent()},
    ):
        assert client.post(url, given).status_code == 200
        assert not WordName.objects.exists()
    assert client.post(url, {**whole, "consent_file": a_consent()}).status_code == 302
    assert WordName.objects.get().name == "Voisine Essai"


def test_the_database_keeps_no_name_without_a_file(cast: Cast, body: Body) -> None:
    word = a_word(cast, body)
    with pytest.raises(IntegrityError), transaction.atomic():
        WordName.objects.create(word=word, name="Voisine", consent_on=timezone.localdate())


def test_to_forget_a_name_takes_its_file_away(
    cast: Cast, body: Body, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    word = a_speaker(a_word(cast, body))
    file = str(WordName.objects.get().consent_file.name)
    assert default_storage.exists(file)
    client.force_login(cast.hugo)
    got: Any = client.get(reverse("councils:word_consent", args=[word.pk]))
    assert b"".join(got.streaming_content) == b"%PDF-1.7 accord"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("councils:forget_speaker", args=[word.pk]))
    assert not WordName.objects.exists()
    assert not default_storage.exists(file)


def test_erased_words_take_the_name_and_the_file_with_them(
    cast: Cast, body: Body, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    word = a_speaker(a_word(cast, body))
    file = str(WordName.objects.get().consent_file.name)
    client.force_login(cast.hugo)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("councils:delete_word", args=[word.pk]))
    assert not ResidentWord.objects.exists()
    assert not default_storage.exists(file)


def test_old_names_are_forgotten_and_the_words_stay(cast: Cast, body: Body) -> None:
    old, recent = a_speaker(a_word(cast, body)), a_speaker(a_word(cast, body))
    long_ago = timezone.localdate() - timedelta(days=24 * 31)
    ResidentWord.objects.filter(pk=old.pk).update(heard_on=long_ago)
    assert aside_word_acts.forget_old_speakers() == 1
    assert WordName.objects.get().word_id == recent.pk
    assert ResidentWord.objects.count() == 2


def test_long_sentences_and_acronyms_are_pointed_out() -> None:
    long = "Nous " + "voulons " * 26 + "cela. Merci."
    assert "28 mots" in advice_on(long)[0]
    assert advice_on("Le NPNRU change la rue.") == ["« NPNRU » : écrivez aussi les mots entiers."]
    assert not advice_on("Le renouvellement urbain (NPNRU) change la rue. Nous venons.")


def test_a_long_sentence_is_kept_and_pointed_out(cast: Cast, body: Body, client: Client) -> None:
    made = a_preparation(cast, body)
    client.force_login(cast.hugo)
    url = reverse("councils:preparation_note", args=[made.pk])
    answer: Any = client.post(url, {**NOTE, "asked": "mot " * 30}, follow=True)
    assert "a 30 mots" in answer.content.decode()
    beside = client.get(url).content.decode()
    assert "a 30 mots" in beside
    assert "119 caractères écrits, 500 au plus" in beside
    assert Preparation.objects.get(pk=made.pk).asked == ("mot " * 30).strip()


def test_a_note_that_would_pass_one_page_is_refused_in_words(cast: Cast, body: Body) -> None:
    made = a_preparation(cast, body)
    for text in ("ligne\n" * 8, "x" * (NOTE_LENGTH + 1)):
        with pytest.raises(ValidationError, match="une page"):
            aside_acts.write_note(made, **{**NOTE, "decided": text})
    with pytest.raises(ValidationError, match="une page"):
        aside_acts.choose_words(made, [a_word(cast, body) for _ in range(5)])


def test_the_meeting_comes_before_the_sitting_and_is_never_published(
    cast: Cast, body: Body
) -> None:
    made, actor = a_preparation(cast, body), cast.actor(cast.hugo)
    with pytest.raises(ValidationError, match="avant que la séance"):
        aside_acts.plan_meeting(
            made, actor=actor, starts_at=in_days(9), ends_at=in_days(9, 1), place_label=""
        )
    when = {"starts_at": in_days(2), "ends_at": in_days(2, 1), "place_label": "Local"}
    made = aside_acts.plan_meeting(made, actor=actor, **when)
    again = aside_acts.plan_meeting(made, actor=actor, **{**when, "place_label": "École"})
    assert again.meeting_id == made.meeting_id
    assert again.meeting is not None
    assert again.meeting.published_at is None
    assert aside_acts.drop_meeting(again, actor=actor).meeting is None


def test_the_fullest_note_is_one_page(cast: Cast, body: Body) -> None:
    full = ("Une phrase pleine de mots simples. " * 20)[: NOTE_LENGTH - 10]
    lines = "\n".join(["Une ligne de mots simples, et encore des mots pour la remplir."] * 6)
    made = a_preparation(
        cast,
        body,
        member=a_member(body),
        instance=cotech(cast, name="Comité de pilotage du renouvellement urbain " * 3),
        companion="y" * 120,
        asked=full,
        decided=full,
        still_open=lines,
    )
    made = aside_acts.plan_meeting(
        made,
        actor=cast.actor(cast.hugo),
        starts_at=in_days(2),
        ends_at=in_days(2, 1),
        place_label="Salle " * 33,
    )
    text = ("Des mots entendus au marché. " * 20)[: WORD_LENGTH - 5].strip()
    words = [a_speaker(a_word(cast, body, text)) for _ in range(4)]
    content = note_bytes(made, words)
    assert_accessible(content)
    assert page_count(content) == 1
    assert page_count(note_bytes(a_preparation(cast, body, asked=""), [])) == 1


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_the_fullest_poster_is_one_sheet(cast: Cast, body: Body, paper: str) -> None:
    made = a_preparation(cast, body, told=True)
    made.said = ("Une phrase pleine de mots simples. " * 60)[:TOLD_LENGTH]
    made.answered = "Ligne\n" * 15
    content = poster_bytes(made, ["Rives de l’Escaut"] * 4, paper)
    assert_accessible(content)
    assert page_count(content) == 1
