from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.notices.outbox import send_due
from parvis.places.locate import locate
from parvis.reports import acts
from parvis.reports.acts import filing
from parvis.reports.followup import greet_voices, tell_organisations
from parvis.reports.links import code_of, follow_url
from parvis.reports.models import Category, Contact, Part, Photo, PrivatePlace, Report, Voice
from parvis.reports.placing import Place
from parvis.reports.searching import holding
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, IN_VALENCIENNES, Cast
from tests.reports.scene import at_point, codes, filed, in_hall, only_part, photo, sent_to, waiting


def counted(queries: CaptureQueriesContext) -> list[str]:
    """Queries without what opens and closes transactions."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [one["sql"] for one in queries if not one["sql"].startswith(words)]


def test_a_report_goes_to_who_answers_for_the_place(town: Cast) -> None:
    voice = filed(text="Un gros trou.", answers={"ou": "Sur la route"})
    report = voice.report
    part = only_part(report)
    assert part.organisation == town.town
    assert report.commune == town.anzin
    assert list(report.quartiers.all()) == [town.rives]
    assert report.answers == {"ou": "Sur la route"}
    assert (report.state, part.state) == ("new", "new")
    assert (report.voice_count, voice.kind) == (1, "author")
    assert codes(report) == ["filed"]
    assert report.reference.startswith(f"R-{timezone.localdate().year}-")


def test_what_is_inside_a_residence_goes_to_its_landlord(town: Cast) -> None:
    report = filed(in_hall(town), "hall_sale", dwelling="A 32").report
    assert only_part(report).organisation == town.landlord
    assert report.residence == town.tilleuls
    assert report.entrance == town.entrance
    assert report.building == town.entrance.building
    assert report.commune == town.anzin
    assert "Les Tilleuls" in report.place_label
    assert "A 32" not in report.place_label
    assert PrivatePlace.objects.get().dwelling == "A 32"


@pytest.mark.parametrize(("inside", "owner"), [("", "landlord"), ("surroundings", "town")])
def test_who_does_not_know_where_in_the_building_is_heard_by_its_landlord(
    town: Cast, inside: str, owner: str
) -> None:
    """The theme of what is left at the foot of a building is not one of buildings."""
    place = Place(residence=town.tilleuls, inside=inside)
    part = only_part(filed(place, "encombrants_immeuble").report)
    assert part.organisation == getattr(town, owner)


def test_a_place_that_nobody_answers_for_is_filed_without_a_manager(town: Cast) -> None:
    part = only_part(filed(at_point(IN_VALENCIENNES)).report)
    assert part.organisation is None


def test_a_place_far_from_every_outline_is_to_be_confirmed(town: Cast) -> None:
    report = filed(at_point((48.0, 2.0), "loin")).report
    assert report.commune is None
    assert report.place_to_confirm
    assert report.quartiers.count() == 0


def test_a_point_outside_every_quartier_has_its_commune_all_the_same(town: Cast) -> None:
    report = filed(at_point(IN_ANZIN_OUTSIDE_RIVES)).report
    assert report.commune == town.anzin
    assert report.quartiers.count() == 0


def test_a_quartier_alone_is_enough(town: Cast) -> None:
    report = filed(Place(quartier=town.rives)).report
    assert list(report.quartiers.all()) == [town.rives]
    assert report.place_to_confirm
    assert report.place_label == "Rives de l’Escaut"


def test_a_place_must_be_given(town: Cast) -> None:
    with pytest.raises(ValidationError, match="Dites où"):
        filed(Place())
    assert not Report.objects.exists()


def test_an_entrance_of_another_residence_is_refused(town: Cast) -> None:
    with pytest.raises(ValidationError, match="n’est pas dans cette résidence"):
        filed(Place(residence=town.peupliers, entrance=town.entrance), "hall_sale")


def test_an_unknown_spot_inside_is_refused(town: Cast) -> None:
    with pytest.raises(ValidationError, match="Cet endroit"):
        filed(Place(residence=town.tilleuls, inside="bedroom"), "hall_sale")


def test_a_point_off_the_globe_is_refused(town: Cast) -> None:
    with pytest.raises(ValidationError, match="pas sur la carte"):
        filed(at_point((150.380, 3.5)))


def test_the_due_day_counts_working_days(town: Cast) -> None:
    friday = datetime(2026, 7, 10, 8, tzinfo=UTC)  # then a week-end, Monday, and 14 July
    report = filed(code="poubelles", now=friday).report
    assert report.due_on == date(2026, 7, 16)
    assert only_part(report).due_on == date(2026, 7, 16)


def test_the_day_of_filing_is_that_of_paris(town: Cast) -> None:
    late = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # 2 June, 0 h 30 in Paris
    report = filed(code="poubelles", now=late).report
    assert report.due_on == date(2026, 6, 5)
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert filed(now=new_year).report.reference.startswith("R-2026-")


def test_email_and_phone_are_kept_apart_from_the_report(town: Cast) -> None:
    voice = filed(email=" jeanne@exemple.test ", phone="06 12 34 56 78")
    contact = Contact.objects.get()
    assert contact.voice == voice
    assert (contact.email, contact.phone) == ("jeanne@exemple.test", "+33612345678")


def test_nobody_has_to_leave_a_contact(town: Cast) -> None:
    filed()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "jeanne"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"text": "x" * 2001}, "text"),
        ({"dwelling": "x" * 41}, "dwelling"),
        ({"answers": {"ou": "Sur la lune"}}, "q_ou"),
    ],
)
def test_nonsense_is_refused_by_its_field_and_nothing_is_kept(
    town: Cast, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        filed(**given)
    assert list(refused.value.message_dict) == [field]
    assert not Report.objects.exists()


def test_a_category_inside_asks_for_a_residence(town: Cast) -> None:
    with pytest.raises(ValidationError, match="choisissez d’abord une résidence"):
        filed(code="ascenseur_panne")


def test_a_category_that_is_no_longer_offered_is_refused(town: Cast) -> None:
    Category.objects.filter(code="trou_chaussee").update(active=False)
    with pytest.raises(ValidationError, match="n’est plus proposée"):
        filed()


def test_an_answer_to_no_question_is_left_out(town: Cast) -> None:
    assert filed(answers={"ou": "Sur la route", "autre": "x"}).report.answers == {
        "ou": "Sur la route"
    }


def test_a_report_is_never_public_before_it_is_reviewed(town: Cast) -> None:
    report = filed(text="Mots", photos=[photo()]).report
    assert not report.public
    assert not report.text_shown
    assert not Photo.objects.get().shown


def test_a_reference_that_is_taken_is_drawn_again(town: Cast, monkeypatch: Any) -> None:
    taken = filed().report.reference
    drawn = iter([taken, taken, "R-2026-ZZZZZ"])
    monkeypatch.setattr(filing, "new_reference", lambda at: next(drawn))
    assert filed().report.reference == "R-2026-ZZZZZ"
    assert Report.objects.count() == 2


def test_a_report_without_a_free_reference_is_refused(town: Cast, monkeypatch: Any) -> None:
    taken = filed().report.reference
    monkeypatch.setattr(filing, "new_reference", lambda at: taken)
    with pytest.raises(IntegrityError):
        filed()
    assert Report.objects.count() == 1


def test_filing_with_five_photos_takes_twelve_queries_at_most(town: Cast) -> None:
    from tests.reports.scene import category

    one = category("hall_sale")
    place = in_hall(town)
    photos = [photo() for _ in range(5)]
    locate(*IN_ANZIN)  # the atlas is in memory
    with CaptureQueriesContext(connection) as queries:
        acts.file_report(
            actor=filing.Actor(),
            place=place,
            category=one,
            text="Sale",
            answers={},
            photos=photos,
            email="jeanne@exemple.test",
        )
    # The view adds the category, the residence and the entrance; a dwelling's number is one more.
    assert len(counted(queries)) <= 12, "\n".join(counted(queries))
    assert Photo.objects.count() == 5


def test_photos_come_in_one_insert(town: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        filed(photos=[photo() for _ in range(5)])
    inserts = [sql for sql in counted(queries) if 'INSERT INTO "reports_photo"' in sql]
    assert len(inserts) == 1


def test_a_sixth_photo_is_refused(town: Cast) -> None:
    with pytest.raises(ValidationError, match="5 photos au plus"):
        filed(photos=[photo()] * 6)
    assert not Report.objects.exists()


def test_files_go_when_the_report_fails(town: Cast, monkeypatch: Any, settings: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(filing, "record", fail)
    with pytest.raises(RuntimeError):
        filed(photos=[photo(), photo()])
    assert not Report.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_photo_files_have_names_that_nobody_guesses(town: Cast) -> None:
    filed(photos=[photo(), photo()])
    names = [row.file.name for row in Photo.objects.all()]
    assert len(set(names)) == 2
    assert all(len(Path(name).stem) == 32 for name in names)


def test_a_report_is_found_by_its_words_and_its_reference(town: Cast) -> None:
    report = filed(text="Une bouche d’égout cassée").report
    filed(text="Autre chose")
    greet_voices()
    for words in ("égouts", report.reference, "lilas", "trou"):
        held = holding(town.actor(town.karim), words)
        assert report in Report.objects.filter(held), words


def test_the_receipt_holds_link_and_code_and_goes_once(town: Cast) -> None:
    voice = filed(email="jeanne@exemple.test")
    assert greet_voices() == 1
    assert greet_voices() == 0
    send_due()
    (letter,) = sent_to("jeanne@exemple.test")
    assert voice.report.reference in letter.subject
    for words in (follow_url(voice), code_of(voice), "Une réponse est attendue", "Pour effacer"):
        assert words in letter.body
    assert follow_url(voice) in letter.alternatives[0][0]


def test_who_left_no_address_gets_no_receipt(town: Cast) -> None:
    filed(phone="06 12 34 56 78")
    filed()
    assert greet_voices() == 0
    assert not Voice.objects.filter(greeted_at=None).exists()


def test_an_organisation_hears_of_all_its_new_parts_in_one_mail(town: Cast) -> None:
    first, second = filed().report, filed().report
    hall = filed(in_hall(town), "hall_sale").report
    filed(at_point(IN_VALENCIENNES))
    assert tell_organisations() == 2
    assert tell_organisations() == 0
    send_due()
    (letter,) = sent_to(town.town.email)
    assert "2 signalements" in letter.subject
    assert first.reference in letter.body
    assert second.reference in letter.body
    assert hall.reference not in letter.body
    (other,) = sent_to(town.landlord.email)
    assert other.subject == "Un signalement pour vous"


def test_what_is_settled_before_the_mail_leaves_awaits_nobody(town: Cast) -> None:
    part = only_part(filed().report)
    acts.advance_part(part, "settle", actor=town.actor(town.karim), answer="Rebouché.")
    Part.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    assert tell_organisations() == 0
    send_due()
    assert not sent_to(town.town.email)


def test_an_organisation_without_an_address_is_told_through_who_answers_for_it(
    town: Cast,
) -> None:
    town.town.email = ""
    town.town.save(update_fields=["email"])
    filed()
    tell_organisations()
    assert set(waiting()) == {f"user:{town.karim.pk}"}


def test_an_account_of_the_past_writes_to_nobody(town: Cast) -> None:
    filed(email="jeanne@exemple.test", now=timezone.now() - timedelta(days=30))
    assert greet_voices() == 0
    assert tell_organisations() == 0
    assert waiting() == {}


def test_moi_aussi_adds_a_voice(town: Cast) -> None:
    report = filed(email="jeanne@exemple.test").report
    voice = acts.join_report(report, actor=filing.Actor(), email="paul@exemple.test")
    report.refresh_from_db()
    assert voice.kind == "also"
    assert report.voice_count == 2
    assert codes(report) == ["filed", "joined"]
    assert greet_voices() == 2
    send_due()
    (letter,) = sent_to("paul@exemple.test")
    assert "moi aussi" in letter.body


def test_a_closed_report_is_not_joined(town: Cast) -> None:
    report = filed().report
    acts.advance_part(only_part(report), "settle", actor=town.actor(town.karim), answer="Rebouché.")
    with pytest.raises(acts.filing.Forbidden, match="est clos"):
        acts.join_report(report, actor=filing.Actor())
    assert Voice.objects.count() == 1


def test_an_account_of_the_past_is_found_at_once(town: Cast) -> None:
    report = filed(text="Égout cassé", now=timezone.now() - timedelta(days=30)).report
    assert Report.objects.filter(holding(town.actor(town.karim), "égout")).get() == report
