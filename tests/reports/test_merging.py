"""Two reports of the same thing made one, and taken apart again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.notices.models import Message as OutboxMessage
from parvis.notices.outbox import send_due
from parvis.partners.actors import NOBODY, Actor
from parvis.partners.models import Organisation
from parvis.reports import acts
from parvis.reports.events import spoke
from parvis.reports.followup import greet_voices, tell_organisations
from parvis.reports.links import code_of, follow_url, token_of, voice_from_code
from parvis.reports.models import Callback, Contact, Merging, Part, Photo, Report, Voice
from parvis.reports.rebuilding import rebuild_search, recount_all
from parvis.reports.retention import erase_old
from parvis.reports.searching import holding
from parvis.reports.workflow import Forbidden
from parvis.thread.models import Link
from tests.cast import IN_ANZIN, IN_RAISMES, IN_VALENCIENNES, Cast
from tests.reports.pages import text_of
from tests.reports.scene import (
    at_point,
    codes,
    filed,
    in_hall,
    make_public,
    only_part,
    photo,
    sent_to,
)

LEA, JEANNE, PAUL = "lea@exemple.test", "jeanne@exemple.test", "paul@exemple.test"


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


def leave() -> None:
    """Two minutes pass: what waits is sent."""
    send_due(timezone.now() + timedelta(minutes=3))


def subjects(address: str) -> list[str]:
    return [letter.subject.split(" : ")[0] for letter in sent_to(address)]


def fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def two(**target: Any) -> tuple[Voice, Voice]:
    """The author of a report, and the author of the one that it will join."""
    first = filed(email=LEA, text="Ça secoue en bus.")
    return first, filed(email=JEANNE, text="Un nid-de-poule.", **target)


def test_the_target_alone_is_shown_and_counts_everybody(town: Cast, claire: Actor) -> None:
    source, target = two()
    acts.join_report(source.report, actor=NOBODY, email=PAUL)
    acts.merge_reports(source.report, target.report, actor=claire)
    joined, home = fresh(source.report), fresh(target.report)
    assert joined.merged_into == home
    assert (joined.state, joined.due_on, joined.voice_count) == ("dropped", None, 0)
    assert joined.closed_at is not None
    assert (home.state, home.voice_count) == ("new", 3)
    assert codes(joined)[-1] == "merged"
    assert codes(home)[-1] == "took_in"
    assert Link.objects.filter(source_id=joined.pk, target_id=home.pk).exists()


def test_the_same_part_is_closed_and_nobody_gets_a_closing(town: Cast, claire: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    part = only_part(source.report)
    assert part.state == "dropped"
    assert part.reason == f"Réuni avec le signalement {target.report.reference}."
    leave()
    assert subjects(LEA) == [f"Votre signalement rejoint {target.report.reference}"]
    assert sent_to(JEANNE) == []
    assert not Callback.objects.exists()
    tell_organisations()
    leave()
    (letter,) = sent_to(town.town.email)
    assert source.report.reference not in letter.body


def test_a_part_that_the_target_lacks_goes_to_it(town: Cast, claire: Actor) -> None:
    source, target = two()
    moved = acts.assign_part(source.report, actor=claire, organisation=town.landlord)
    acts.merge_reports(source.report, target.report, actor=claire)
    moved.refresh_from_db()
    assert (moved.report, moved.state) == (target.report, "new")
    owners = Part.objects.filter(report=target.report).values_list("organisation", flat=True)
    assert set(owners) == {town.town.pk, town.landlord.pk}


def test_nobody_s_part_is_not_brought_along(town: Cast, claire: Actor) -> None:
    source = filed(at_point(IN_VALENCIENNES))
    target = filed(at_point(IN_VALENCIENNES))
    assert only_part(source.report).organisation is None
    acts.merge_reports(source.report, target.report, actor=claire)
    assert only_part(source.report).state == "dropped"
    assert only_part(target.report).state == "new"


def test_the_least_advanced_part_and_the_nearest_day_count(
    town: Cast, claire: Actor, karim: Actor
) -> None:
    source, target = two()
    acts.advance_part(only_part(target.report), "take", actor=karim)
    moved = acts.assign_part(source.report, actor=claire, organisation=town.landlord)
    soon = timezone.localdate()
    acts.advance_part(moved, "schedule", actor=town.actor(town.luc), due_on=soon)
    acts.merge_reports(source.report, target.report, actor=claire)
    home = fresh(target.report)
    assert (home.state, home.due_on) == ("taken", soon)


def test_everybody_is_told_once_of_the_closing(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    acts.join_report(target.report, actor=NOBODY, email=LEA.upper())
    acts.join_report(source.report, actor=NOBODY, phone="0612345678")
    acts.merge_reports(source.report, target.report, actor=claire)
    leave()
    acts.advance_part(only_part(target.report), "settle", actor=karim, answer="Rebouché.")
    leave()
    assert subjects(JEANNE) == ["C’est réglé"]
    both = subjects(LEA) + subjects(LEA.upper())
    assert sorted(both) == ["C’est réglé", f"Votre signalement rejoint {target.report.reference}"]
    assert "Rebouché." in sent_to(JEANNE)[0].body
    assert Callback.objects.get().report == target.report


def test_each_letter_bears_the_person_s_own_link(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    acts.advance_part(only_part(target.report), "settle", actor=karim, answer="Rebouché.")
    leave()
    assert all(follow_url(source) in letter.body for letter in sent_to(LEA))
    assert [who.link for who in spoke(target.report_id)] == [follow_url(source), follow_url(target)]


def test_every_round_is_told_once_to_every_voice(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    for number in (1, 2, 3):
        part = only_part(target.report)
        if number > 1:
            acts.say_not_yet(source if number == 2 else target)
            part.refresh_from_db()
        acts.advance_part(part, "settle", actor=karim, answer=f"Fait {number}.")
        leave()
        leave()
    assert subjects(LEA).count("C’est réglé") == 3
    assert subjects(JEANNE).count("C’est réglé") == 3
    reopened = [one for one in sent_to(town.town.email) if "rouvert" in one.subject.lower()]
    assert len(reopened) == 2


def test_a_part_moved_then_taken_is_told_once(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    luc = town.actor(town.luc)
    part = only_part(target.report)
    acts.advance_part(part, "take", actor=karim)
    leave()
    acts.give_part(part, actor=claire, organisation=town.landlord)
    acts.advance_part(part, "take", actor=luc)
    leave()
    assert subjects(LEA).count("Pris en charge") == 1
    assert subjects(JEANNE).count("Pris en charge") == 1


def test_a_part_taken_then_given_tells_who_takes_it_after_all(
    town: Cast, claire: Actor, karim: Actor
) -> None:
    voice = filed(email=LEA)
    part = only_part(voice.report)
    acts.advance_part(part, "take", actor=karim)
    acts.give_part(part, actor=claire, organisation=town.landlord)
    acts.advance_part(part, "take", actor=town.actor(town.luc))
    leave()
    (letter,) = sent_to(LEA)
    assert "Escaut Habitat a pris en charge" in letter.body


def test_the_link_and_the_code_lead_to_the_target(
    town: Cast, client: Client, claire: Actor, karim: Actor
) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    acts.answer(target.report, actor=karim, text="L’équipe passe mardi.")
    assert voice_from_code(source.report.reference, code_of(source)) == source
    page = text_of(client.get(f"/suivre/{token_of(source)}/"))
    assert f"{source.report.reference} est réuni avec {target.report.reference}" in page
    assert "Ça secoue en bus." in page
    assert "L’équipe passe mardi." in page
    assert "Ville d’Anzin" in page
    assert "Un nid-de-poule." not in page  # nobody has reviewed it
    assert f"la référence {source.report.reference} et le code" in page


def test_the_bearer_sees_photos_by_the_usual_rights(
    town: Cast, client: Client, claire: Actor
) -> None:
    source = filed(email=LEA, photos=[photo("red")])
    target = filed(email=JEANNE, photos=[photo("blue")])
    own, other = Photo.objects.order_by("pk")
    acts.merge_reports(source.report, target.report, actor=claire)

    def seen(voice: Voice) -> set[int]:
        rows = Photo.objects.visible_to(NOBODY.bearing("voice", voice.pk))
        return set(rows.values_list("pk", flat=True))

    assert seen(source) == {own.pk}
    assert seen(target) == {other.pk}
    assert client.get(f"/suivre/{token_of(source)}/photos/{own.pk}/small.jpg").status_code == 200
    Photo.objects.update(shown=True, reviewed_at=timezone.now())
    assert seen(source) == seen(target) == {own.pk, other.pk}


def test_what_they_say_is_said_on_the_target(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    assert acts.speak(source, text="Toujours là.").report == target.report
    acts.say_settled(source)
    acts.advance_part(only_part(target.report), "settle", actor=karim, answer="Rebouché.")
    acts.say_not_yet(source, text="Le trou est revenu.")
    home = fresh(target.report)
    assert (home.state, home.round) == ("taken", 2)
    assert fresh(source.report).state == "dropped"
    assert codes(home)[-2:] == ["says_not_yet", "reopened"]


def test_moi_aussi_on_an_old_page_counts_on_the_target(town: Cast, claire: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    voice = acts.join_report(source.report, actor=NOBODY, email=PAUL)
    assert voice.report == target.report
    assert fresh(target.report).voice_count == 3


def test_the_author_of_the_target_withdraws_and_the_others_remain(
    town: Cast, claire: Actor
) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    acts.withdraw(target)
    home = fresh(target.report)
    assert (home.text, home.voice_count, home.state) == ("", 1, "new")
    assert fresh(source.report).text == "Ça secoue en bus."
    acts.withdraw(source)
    home = fresh(target.report)
    assert (home.state, home.voice_count) == ("dropped", 0)
    assert home.withdrawn_at is not None
    assert fresh(source.report).text == ""


def test_who_withdraws_from_the_source_leaves_the_target(town: Cast, claire: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    acts.withdraw(source)
    assert fresh(source.report).text == ""
    home = fresh(target.report)
    assert (home.text, home.voice_count) == ("Un nid-de-poule.", 1)
    assert not Contact.objects.filter(voice=source).exists()
    leave()
    assert sent_to(LEA) == []


def test_chains_are_flattened(town: Cast, claire: Actor, karim: Actor) -> None:
    first, second = two()
    third = filed(email=PAUL)
    acts.merge_reports(first.report, second.report, actor=claire)
    acts.merge_reports(fresh(second.report), third.report, actor=claire)
    assert fresh(first.report).merged_into == fresh(second.report).merged_into == third.report
    assert fresh(third.report).voice_count == 3
    acts.advance_part(only_part(third.report), "settle", actor=karim, answer="Rebouché.")
    leave()
    for address in (LEA, JEANNE, PAUL):
        assert subjects(address).count("C’est réglé") == 1


def refused(source: Report, target: Report, actor: Actor) -> str:
    with pytest.raises(Forbidden) as refusal:
        acts.merge_reports(source, target, actor=actor)
    assert not Merging.objects.filter(report=source).exists()
    return str(refusal.value)


def test_senseless_merges_are_refused(town: Cast, claire: Actor, karim: Actor) -> None:
    source, _ = two()
    assert "avec lui-même" in refused(source.report, source.report, claire)
    elsewhere = filed(at_point(IN_VALENCIENNES)).report
    assert "pas dans la même commune" in refused(source.report, elsewhere, claire)
    at_home = filed().report
    Report.objects.filter(pk=at_home.pk).update(private=True)
    assert "concerne un logement" in refused(source.report, at_home, claire)
    closed = filed().report
    acts.advance_part(only_part(closed), "settle", actor=karim, answer="Fait.")
    assert "est clos" in refused(source.report, closed, claire)
    assert "est clos" in refused(closed, source.report, claire)
    gone = filed()
    acts.withdraw(gone)
    assert "retiré" in refused(source.report, gone.report, claire)
    nowhere = filed(at_point((49.0, 2.0))).report
    assert "pas dans la même commune" in refused(
        nowhere, filed(at_point((49.0, 2.0))).report, claire
    )


def test_a_merged_report_is_united_no_more(town: Cast, claire: Actor) -> None:
    source, target = two()
    other = filed().report
    acts.merge_reports(source.report, target.report, actor=claire)
    with pytest.raises(Forbidden, match="est réuni avec"):
        acts.merge_reports(source.report, other, actor=claire)
    assert "est réuni avec" in refused(other, source.report, claire)


def test_nothing_is_done_on_a_merged_report(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    part = only_part(source.report)
    acts.merge_reports(source.report, target.report, actor=claire)
    with pytest.raises(Forbidden, match="est réuni avec"):
        acts.answer(source.report, actor=karim, text="Bonjour.")
    with pytest.raises(Forbidden, match="est réuni avec"):
        acts.advance_part(part, "reopen", actor=karim)
    with pytest.raises(Forbidden, match="est réuni avec"):
        acts.assign_part(source.report, actor=claire, organisation=town.landlord)


def test_an_undo_in_time_tells_nobody(town: Cast, claire: Actor) -> None:
    source, target = two()
    moved = acts.assign_part(source.report, actor=claire, organisation=town.landlord)
    own = only_part_of(source.report, town.town)
    before = (own.state, own.reason, own.closed_at, own.due_on)
    acts.merge_reports(source.report, target.report, actor=claire)
    acts.unmerge_report(fresh(source.report), actor=claire)
    leave()
    assert sent_to(LEA) == []
    own.refresh_from_db()
    moved.refresh_from_db()
    assert (own.state, own.reason, own.closed_at, own.due_on) == before
    assert moved.report == source.report
    joined, home = fresh(source.report), fresh(target.report)
    assert (joined.state, joined.voice_count, joined.merged_into) == ("new", 1, None)
    assert (home.state, home.voice_count) == ("new", 1)
    assert [who.address for who in spoke(home.pk)] == [JEANNE]
    assert [who.address for who in spoke(joined.pk)] == [LEA]
    assert not Merging.objects.exists()
    assert not Link.objects.exists()


def only_part_of(report: Report, organisation: Organisation) -> Part:
    return Part.objects.get(report=report, organisation=organisation)


def test_once_answered_they_stay_together(town: Cast, claire: Actor, karim: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    acts.advance_part(only_part(target.report), "settle", actor=karim, answer="Rebouché.")
    with pytest.raises(Forbidden, match="restent réunis"):
        acts.unmerge_report(fresh(source.report), actor=claire)
    with pytest.raises(Forbidden, match="réuni avec aucun"):
        acts.unmerge_report(fresh(target.report), actor=claire)


def test_one_of_a_chain_is_taken_apart_with_what_is_its_own(town: Cast, claire: Actor) -> None:
    first, second = two()
    third = filed(email=PAUL)
    acts.merge_reports(first.report, second.report, actor=claire)
    acts.merge_reports(fresh(second.report), third.report, actor=claire)
    acts.unmerge_report(fresh(second.report), actor=claire)
    assert [who.address for who in spoke(second.report_id)] == [JEANNE]
    assert [who.address for who in spoke(third.report_id)] == [LEA, PAUL]
    acts.unmerge_report(fresh(first.report), actor=claire)
    assert [who.address for who in spoke(first.report_id)] == [LEA]
    for report in (first.report, second.report, third.report):
        assert fresh(report).voice_count == 1


def test_lists_the_map_and_search_show_the_target_only(
    town: Cast, client: Client, claire: Actor
) -> None:
    source, target = two()
    make_public(source.report, text_shown=True)
    make_public(target.report, text_shown=True)
    greet_voices()
    acts.merge_reports(source.report, target.report, actor=claire)

    def look() -> None:
        for address in ("/signalements/", "/signalements/carte.json", "/signalements/export.csv"):
            answer = client.get(address)
            told = b"".join(answer) if answer.streaming else answer.content
            assert target.report.reference in told.decode(), address
            assert source.report.reference not in told.decode(), address
        found = Report.objects.filter(holding(claire, "secoue"))
        assert list(found) == []

    look()
    rebuild_search()
    client.force_login(town.claire)
    look()


def test_the_source_s_address_says_where_it_went(town: Cast, client: Client, claire: Actor) -> None:
    source, target = two()
    make_public(source.report)
    make_public(target.report)
    acts.merge_reports(source.report, target.report, actor=claire)
    for address in (source.report.reference, source.report_id):
        answer = client.get(f"/signalements/{address}/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/signalements/{target.report.reference}/"
    client.force_login(town.claire)
    page = text_of(client.get(f"/signalements/{source.report.reference}/"))
    assert f"réuni avec {target.report.reference}" in page
    assert "Rouvrir" not in page
    assert "Réuni avec un autre" in page
    page = text_of(client.get(f"/signalements/{target.report.reference}/"))
    assert "1 signalement réuni avec celui-ci" in page
    assert "réuni avec un autre" in page  # on the thread
    assert "sans suite" not in page
    assert "Ça secoue en bus." in page


def test_the_address_tells_nothing_to_who_does_not_see_the_target(
    town: Cast, client: Client, claire: Actor
) -> None:
    source, target = two()
    make_public(source.report)
    acts.merge_reports(source.report, target.report, actor=claire)
    assert client.get(f"/signalements/{source.report.reference}/").status_code == 404


def test_an_organisation_s_part_gone_to_the_target_opens_all_it_needs(
    town: Cast, client: Client, claire: Actor
) -> None:
    source = filed(in_hall(town), "encombrants", email=LEA, dwelling="porte 12")
    target = filed(code="encombrants", email=JEANNE)
    assert only_part(source.report).organisation == town.landlord
    acts.merge_reports(source.report, target.report, actor=claire)
    client.force_login(town.luc)
    page = client.get(f"/signalements/{source.report.reference}/", follow=True)
    assert page.redirect_chain[-1][0] == f"/signalements/{target.report.reference}/"
    assert "porte 12" in text_of(page)
    reached = client.post(f"/signalements/{target.report.reference}/coordonnees/")
    assert LEA in text_of(reached)


def test_contacts_go_with_the_target_s_closing(
    town: Cast, claire: Actor, karim: Actor, settings: Any
) -> None:
    source = filed(email=LEA, dwelling="12")
    target = filed(email=JEANNE)
    acts.merge_reports(source.report, target.report, actor=claire)
    late = timezone.now() + timedelta(days=settings.CONTACT_RETENTION_DAYS + 1)
    assert erase_old(late).contacts == 0
    acts.advance_part(only_part(target.report), "settle", actor=karim, answer="Fait.")
    erased = erase_old(late)
    assert (erased.contacts, erased.dwellings) == (2, 1)
    assert not OutboxMessage.objects.exists()  # those that still waited are gone with them


def test_recounting_finds_nothing_to_change(town: Cast, claire: Actor) -> None:
    source, target = two()
    acts.merge_reports(source.report, target.report, actor=claire)
    assert recount_all() == 0


def test_the_page_proposes_compares_and_unites(town: Cast, client: Client) -> None:
    source, target = two()
    far = filed(at_point((IN_ANZIN[0] + 0.004, IN_ANZIN[1])), text="Loin.").report
    client.force_login(town.claire)
    page = text_of(client.get(f"/signalements/{source.report.reference}/reunir/"))
    assert target.report.reference in page
    assert far.reference not in page
    compare = f"/signalements/{source.report.reference}/reunir/?avec={target.report.reference}"
    page = text_of(client.get(compare))
    assert "Ça secoue en bus." in page
    assert "Un nid-de-poule." in page
    answer = client.post(compare, {"avec": target.report.reference}, follow=True)
    assert "Vous pouvez encore les séparer" in text_of(answer)
    assert fresh(source.report).merged_into == target.report
    answer = client.post(f"/signalements/{source.report.reference}/separer/", follow=True)
    assert "de nouveau à part" in text_of(answer)
    assert fresh(source.report).merged_into is None


@pytest.mark.parametrize(
    ("words", "told"),
    [("", "Écrivez une référence"), ("R-2020-XXXXX", "Aucun signalement de votre périmètre")],
)
def test_the_page_says_which_reference_is_wrong(
    town: Cast, client: Client, words: str, told: str
) -> None:
    client.force_login(town.claire)
    reference = filed().report.reference
    page = client.get(f"/signalements/{reference}/reunir/", {"avec": words})
    assert told in text_of(page)


def test_a_merge_asks_for_the_right_on_both(town: Cast, client: Client) -> None:
    ours = filed().report
    theirs = make_public(filed(at_point(IN_RAISMES)).report)
    client.force_login(town.karim)
    page = client.post(f"/signalements/{ours.reference}/reunir/", {"avec": theirs.reference})
    assert "Aucun signalement de votre périmètre" in text_of(page)
    page = client.post(f"/signalements/{theirs.reference}/reunir/", {"avec": ours.reference})
    assert page.status_code == 403
    client.force_login(town.luc)
    acts.assign_part(ours, actor=town.actor(town.claire), organisation=town.landlord)
    assert client.get(f"/signalements/{ours.reference}/reunir/").status_code == 403
    assert not Report.objects.exclude(merged_into=None).exists()
