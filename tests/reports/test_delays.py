"""By when a part is due: an organisation's own published delay, else the category's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.places.workdays import add_working_days
from parvis.reports import acts
from parvis.reports.delays import delay_of, forget
from parvis.reports.links import token_of
from parvis.reports.models import Category, Commitment
from tests.cast import Cast
from tests.reports.pages import text_of
from tests.reports.scene import category, filed, in_hall, only_part

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def promise(
    organisation: Organisation,
    days: int,
    of: Category | None = None,
    starts_on: date | None = None,
    **others: Any,
) -> Commitment:
    made = Commitment.objects.create(
        organisation=organisation,
        category=of,
        days=days,
        starts_on=starts_on or TODAY - 30 * DAY,
        **others,
    )
    forget(organisation.pk)
    return made


def days_of(organisation: Organisation, code: str = "trou_chaussee", on: date = TODAY) -> int:
    return delay_of(organisation.pk, category(code), on).days


def test_without_a_commitment_the_category_s_delay_counts(town: Cast) -> None:
    promise(town.landlord, 2)
    assert days_of(town.town) == category().delay_days
    assert delay_of(None, category(), TODAY).days == category().delay_days


def test_the_most_precise_commitment_counts(town: Cast) -> None:
    promise(town.town, 30)
    assert days_of(town.town) == 30
    promise(town.town, 20, category().parent)
    assert days_of(town.town) == 20
    promise(town.town, 7, category())
    assert days_of(town.town) == 7
    assert days_of(town.town, "encombrants") == 30


def test_a_commitment_counts_from_its_first_day_to_its_last(town: Cast) -> None:
    promise(town.town, 3, starts_on=TODAY - DAY, ends_on=TODAY + DAY)
    usual = category().delay_days
    found = [days_of(town.town, on=TODAY + n * DAY) for n in (-2, -1, 1, 2)]
    assert found == [usual, 3, 3, usual]


def test_a_report_is_due_by_its_owner_s_commitment(town: Cast) -> None:
    made = promise(town.town, 3)
    report = filed().report
    part = only_part(report)
    assert part.due_on == report.due_on == add_working_days(TODAY, 3)
    assert part.commitment == made


def test_a_part_given_or_shared_is_due_by_its_new_owner_s(town: Cast) -> None:
    claire = town.actor(town.claire)
    promise(town.landlord, 2)
    promise(town.other_landlord, 4)
    report = filed().report
    given = acts.give_part(only_part(report), actor=claire, organisation=town.landlord)
    shared = acts.assign_part(report, actor=claire, organisation=town.other_landlord)
    assert given.due_on == add_working_days(TODAY, 2)
    assert shared.due_on == add_working_days(TODAY, 4)


def test_a_reopened_part_is_due_by_the_commitment_of_that_day(town: Cast) -> None:
    karim = town.actor(town.karim)
    voice = filed()
    part = acts.advance_part(only_part(voice.report), "settle", actor=karim, answer="Fait.")
    made = promise(town.town, 2)
    acts.say_not_yet(voice)
    part.refresh_from_db()
    assert (part.due_on, part.commitment) == (add_working_days(TODAY, 2), made)


def test_undoing_a_date_gives_the_commitment_back(town: Cast) -> None:
    karim = town.actor(town.karim)
    made = promise(town.town, 3)
    part = only_part(filed().report)
    acts.advance_part(part, "schedule", actor=karim, due_on=TODAY + 9 * DAY)
    assert part.commitment is None
    acts.undo_part(part, actor=karim)
    part.refresh_from_db()
    assert (part.due_on, part.commitment) == (add_working_days(TODAY, 3), made)


def test_whoever_reported_reads_the_delay_and_its_source(town: Cast, client: Client) -> None:
    promise(town.landlord, 5, source="https://exemple.test/charte")
    voice = filed(in_hall(town), "encombrants")
    page = client.get(f"/suivre/{token_of(voice)}/")
    assert "Délai publié par Escaut Habitat : 5 jours ouvrés" in text_of(page)
    assert 'href="https://exemple.test/charte"' in page.content.decode()


def publish(town: Cast, days: int, starts_on: date, of: Category | None = None) -> Commitment:
    return acts.publish_commitment(
        actor=town.actor(town.luc), category=of, days=days, starts_on=starts_on
    )


def test_what_is_published_or_ended_counts_at_once(town: Cast) -> None:
    usual = days_of(town.landlord)
    made = publish(town, 4, TODAY)
    assert days_of(town.landlord) == 4
    acts.end_commitment(made)
    assert days_of(town.landlord, on=TODAY + DAY) == usual


def test_a_change_ends_one_commitment_and_starts_another(town: Cast) -> None:
    old = promise(town.landlord, 10)
    new = publish(town, 5, TODAY + 7 * DAY)
    old.refresh_from_db()
    assert (old.days, old.ends_on) == (10, TODAY + 6 * DAY)
    assert (new.days, new.ends_on) == (5, None)


def test_one_published_before_a_later_one_ends_where_that_begins(town: Cast) -> None:
    publish(town, 9, TODAY + 30 * DAY)
    assert publish(town, 5, TODAY).ends_on == TODAY + 29 * DAY


def test_one_of_the_same_first_day_is_corrected(town: Cast) -> None:
    publish(town, 50, TODAY)
    publish(town, 5, TODAY)
    publish(town, 8, TODAY, category())
    assert sorted(Commitment.objects.values_list("days", flat=True)) == [5, 8]


@pytest.mark.parametrize(("days", "starts_on"), [(5, TODAY - DAY), (0, TODAY), (366, TODAY)])
def test_a_senseless_commitment_is_refused(town: Cast, days: int, starts_on: date) -> None:
    with pytest.raises(ValidationError):
        publish(town, days, starts_on)
    assert not Commitment.objects.exists()


def test_a_commitment_ended_counts_until_tonight(town: Cast) -> None:
    made, later = publish(town, 5, TODAY), publish(town, 6, TODAY + 9 * DAY)
    acts.end_commitment(made)
    acts.end_commitment(later)
    made.refresh_from_db()
    assert made.ends_on == TODAY
    assert not Commitment.objects.filter(pk=later.pk).exists()


def test_the_page_publishes_and_ends(town: Cast, client: Client) -> None:
    client.force_login(town.luc)
    sent = {"category": "", "days": "5", "starts_on": TODAY.isoformat(), "source": ""}
    page = client.post("/delais/publier/", sent, follow=True)
    assert "Toutes les catégories : 5 jours ouvrés" in text_of(page)
    made = Commitment.objects.get()
    page = client.post(f"/delais/{made.pk}/terminer/", follow=True)
    assert "n’est plus promis" in text_of(page)


def test_the_page_says_what_is_wrong(town: Cast, client: Client) -> None:
    client.force_login(town.luc)
    sent = {"days": "0", "starts_on": TODAY.isoformat(), "source": "la charte"}
    page = text_of(client.post("/delais/publier/", sent))
    assert "de 1 à 365 jours ouvrés" in page
    assert "Cette adresse n’est pas complète" in page


def test_a_commitment_is_read_and_written_in_one_s_own_organisation(
    town: Cast, client: Client
) -> None:
    made = promise(town.landlord, 5)
    client.force_login(town.paul)  # answers for another landlord
    assert "Aucun délai publié" in text_of(client.get("/delais/"))
    assert client.post(f"/delais/{made.pk}/terminer/").status_code == 404
    client.force_login(town.ines)  # a caretaker of this one
    page = text_of(client.get("/delais/"))
    assert "5 jours ouvrés" in page
    assert "Publier ce délai" not in page
    assert client.post(f"/delais/{made.pk}/terminer/").status_code == 403
    assert client.post("/delais/publier/", {"days": "1"}).status_code == 403
