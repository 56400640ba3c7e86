"""A report moved to the category that it should have had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.notices.models import Message as OutboxMessage
from parvis.partners.actors import NOBODY, Actor
from parvis.places.workdays import add_working_days
from parvis.reports import acts
from parvis.reports.acts.recategorising import kept_answers
from parvis.reports.counting import local_day
from parvis.reports.delays import forget
from parvis.reports.events import SENTENCES
from parvis.reports.models import Category, Commitment, Report
from parvis.reports.questions import answered
from parvis.reports.rebuilding import recount_all
from parvis.reports.searching import holding
from parvis.reports.workflow import Forbidden
from parvis.thread.models import Event
from parvis.upkeep.models import ManagedArea
from tests.cast import IN_RAISMES, Cast
from tests.reports.pages import text_of
from tests.reports.scene import at_point, category, filed, in_hall, make_public, only_part

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


def other(code: str = "autre_sujet", **fields: object) -> Category:
    values = {"label": "Autre sujet", "theme_code": "voirie", "delay_days": 3, **fields}
    return Category.objects.create(code=code, **values)


def test_the_history_says_from_which_to_which(town: Cast, claire: Actor) -> None:
    report = filed().report
    acts.recategorise(report, actor=claire, category=other())
    event = Event.objects.get(code="recategorised")
    assert (event.old, event.new) == (category().label[:60], "Autre sujet")
    assert "{old}" in SENTENCES["recategorised"]
    assert Report.objects.get().category.code == "autre_sujet"


def test_nobody_is_written_to(town: Cast, claire: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    acts.recategorise(report, actor=claire, category=other())
    assert not OutboxMessage.objects.exists()


def test_answers_stay_readable_by_the_words_of_their_question() -> None:
    size = {"code": "taille", "label": "Quelle taille ?", "choices": ["petit", "grand"]}
    since = {"code": "depuis", "label": "Depuis quand ?"}
    old = Category(questions=[size, since])
    new = Category(questions=[since, {**size, "choices": ["lourd"]}])
    kept = kept_answers(old, new, {"taille": "grand", "depuis": "lundi"})
    assert kept == {"Quelle taille ?": "grand", "depuis": "lundi"}
    assert answered(new, kept) == [("Depuis quand ?", "lundi"), ("Quelle taille ?", "grand")]
    assert kept_answers(new, old, kept) == kept


def test_a_new_part_is_due_by_the_new_delay_from_when_it_began(town: Cast, claire: Actor) -> None:
    filed_at = timezone.now() - 2 * DAY
    report = filed(now=filed_at).report
    acts.recategorise(report, actor=claire, category=other(delay_days=3))
    assert only_part(report).due_on == add_working_days(local_day(filed_at), 3)
    Commitment.objects.create(organisation=town.town, days=8, starts_on=TODAY - 30 * DAY)
    forget(town.town.pk)
    acts.recategorise(report, actor=claire, category=other("encore", label="Encore"))
    part = only_part(report)
    assert part.due_on == add_working_days(local_day(filed_at), 8)
    assert Report.objects.get().due_on == part.due_on


def test_a_part_that_was_taken_keeps_its_day(town: Cast, claire: Actor) -> None:
    report = filed().report
    part = acts.advance_part(only_part(report), "take", actor=town.actor(town.karim))
    due = part.due_on
    acts.recategorise(report, actor=claire, category=other(delay_days=50))
    part.refresh_from_db()
    assert part.due_on == due


def test_a_pause_still_counts_in_the_new_delay(town: Cast, claire: Actor) -> None:
    report = filed(now=timezone.now() - 3 * DAY).report
    part, karim = only_part(report), town.actor(town.karim)
    acts.pause_part(part, actor=karim, ends_on=TODAY + 13 * DAY, reason="En attente.")
    acts.recategorise(report, actor=claire, category=other(delay_days=20))
    acts.resume_part(only_part(report), actor=karim)
    began = local_day(report.at)
    assert only_part(report).due_on == add_working_days(began, 20)


def test_the_part_goes_to_whoever_answers_for_the_new_theme(town: Cast, claire: Actor) -> None:
    ManagedArea.objects.create(
        name="Espaces verts d’Anzin",
        manager=town.agglomeration,
        owner=town.agglomeration,
        commune=town.anzin,
        theme_codes=["espaces_verts"],
    )
    green = other(theme_code="espaces_verts")
    kept = filed().report
    assert acts.recategorise(kept, actor=claire, category=green) is None
    assert only_part(kept).organisation == town.town
    moved = filed().report
    assert acts.recategorise(moved, actor=claire, category=green, give=True) == town.agglomeration
    part = only_part(moved)
    assert part.organisation == town.agglomeration
    assert part.told_at is None
    assert part.due_on == add_working_days(TODAY, 3)
    assert Event.objects.filter(code="part_given", concerns=town.agglomeration).count() == 1
    again = other("encore", label="Encore", theme_code="espaces_verts")
    assert acts.recategorise(moved, actor=claire, category=again, give=True) is None


def test_several_parts_are_given_one_by_one(town: Cast, claire: Actor) -> None:
    report = filed().report
    acts.assign_part(report, actor=claire, organisation=town.landlord)
    with pytest.raises(Forbidden, match="confiez chacune"):
        acts.recategorise(report, actor=claire, category=other(), give=True)
    assert Report.objects.get().category == category()


def test_what_may_not_be_public_is_hidden_in_the_same_act(town: Cast, claire: Actor) -> None:
    report = make_public(filed(text="Sale.").report, text_shown=True)
    recount_all()
    acts.recategorise(report, actor=claire, category=other(may_be_public=False))
    fresh = Report.objects.get()
    assert (fresh.public, fresh.text_shown) == (False, False)
    assert not Report.objects.visible_to(NOBODY).exists()
    assert recount_all() == 0


def test_a_report_becomes_private_when_its_author_alone_follows_it(
    town: Cast, claire: Actor
) -> None:
    inside = other(in_dwelling=True, inside_only=True, may_be_public=False)
    report = make_public(filed(in_hall(town), "encombrants").report)
    acts.recategorise(report, actor=claire, category=inside)
    fresh = Report.objects.get()
    assert (fresh.private, fresh.public) == (True, False)
    assert not Report.objects.visible_to(claire).exists()
    assert Report.objects.visible_to(town.actor(town.luc)).exists()


def refused(report: Report, wanted: Category, actor: Actor) -> str:
    with pytest.raises(ValidationError) as refusal:
        acts.recategorise(report, actor=actor, category=wanted)
    return refusal.value.message_dict["category"][0]


def test_unsafe_and_senseless_moves_are_refused(town: Cast, claire: Actor) -> None:
    inside = other("dedans", label="Dedans", in_dwelling=True, inside_only=True)
    report = filed().report
    assert "déjà sa catégorie" in refused(report, category(), claire)
    assert "seulement dans une résidence" in refused(report, inside, claire)
    family = category().parent
    assert family is not None
    assert "pas proposée" in refused(report, family, claire)
    assert "pas proposée" in refused(report, other("vieux", active=False), claire)
    followed = filed(in_hall(town), "encombrants").report
    acts.join_report(followed, actor=NOBODY)
    assert "Plusieurs personnes" in refused(followed, inside, claire)
    Report.objects.filter(pk=report.pk).update(private=True)
    assert "ne peut pas en sortir" in refused(report, other(), claire)


def test_a_closed_report_keeps_its_category(town: Cast, claire: Actor) -> None:
    report = filed().report
    acts.advance_part(only_part(report), "settle", actor=town.actor(town.karim), answer="Fait.")
    with pytest.raises(Forbidden, match="est clos"):
        acts.recategorise(report, actor=claire, category=other())


def test_search_knows_the_new_category(town: Cast, claire: Actor) -> None:
    report = filed().report
    acts.recategorise(report, actor=claire, category=other(label="Lampadaire éteint"))
    assert Report.objects.filter(holding(claire, "lampadaire")).exists()


def test_the_page_moves_and_says_to_whom(town: Cast, client: Client) -> None:
    report = filed(text="Un trou.").report
    client.force_login(town.claire)
    address = f"/signalements/{report.reference}/categorie/"
    assert "Un trou." in text_of(client.get(address))
    assert "Choisissez une catégorie" in text_of(client.post(address, {"category": ""}))
    page = client.post(address, {"category": other(parent=category().parent).pk}, follow=True)
    assert "Catégorie : Autre sujet." in text_of(page)


def test_moving_asks_for_the_right_here(town: Cast, client: Client) -> None:
    ours = filed().report
    theirs = make_public(filed(at_point(IN_RAISMES)).report)
    client.force_login(town.karim)
    assert client.get(f"/signalements/{ours.reference}/categorie/").status_code == 200
    assert client.get(f"/signalements/{theirs.reference}/categorie/").status_code == 403
    client.force_login(town.sofia)
    assert client.get(f"/signalements/{ours.reference}/categorie/").status_code == 403
