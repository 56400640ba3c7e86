"""What findings become: each outcome, what is refused, what is undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.actions.models import Action
from parvis.meetings.acts import add_things, decide, proposals
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.reports.models import Category, Part, Report
from parvis.thread.models import Event, Link
from parvis.walks import sorting
from parvis.walks.desk_correcting import correct_finding
from parvis.walks.models import Observation, Walk
from parvis.walks.sorting import FollowUp
from tests.actions.scene import fiche
from tests.actions.scene import plan as a_plan
from tests.cast import IN_ANZIN, Cast
from tests.meetings.scene import sitting
from tests.reports.scene import at_point, filed
from tests.walks.scene import a_picture, found, walked

THROWN = "encombrants_exterieur"


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walked(cast)


def category() -> Category:
    return Category.objects.get(code=THROWN)


def links() -> list[tuple[str, str]]:
    return list(Link.objects.order_by("pk").values_list("source_kind", "target_kind"))


def told(finding: Observation) -> list[str]:
    rows = Event.objects.filter(thing_kind="observation", thing_id=finding.pk).order_by("pk")
    return list(rows.values_list("code", flat=True))


def report_of(cast: Cast, finding: Observation, **given: Any) -> Report:
    given = {"category": category(), "text": "Des matelas à enlever.", **given}
    return sorting.make_report(finding, actor=cast.actor(cast.claire), **given)


def test_a_finding_becomes_a_report_of_who_answers(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    report = report_of(cast, finding)
    part = report.parts.get()
    finding.refresh_from_db()
    assert part.organisation == cast.town  # the ground of Anzin is the town's
    assert report.channel == "field"
    assert report.text == "Des matelas à enlever."
    assert (report.latitude, report.place_label) == (IN_ANZIN[0], "Pied des Tilleuls")
    assert links() == [("observation", "report")]
    assert (finding.outcome, finding.responsible) == ("report", cast.town)
    assert finding.sorted_at
    assert told(finding) == ["sorted"]


def test_the_part_goes_to_the_organisation_that_was_chosen(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    report = report_of(cast, finding, follow=FollowUp(cast.landlord, None, "Passage mardi"))
    finding.refresh_from_db()
    assert report.parts.get().organisation == cast.landlord
    assert (finding.responsible, finding.outcome_note) == (cast.landlord, "Passage mardi")


def test_pictures_of_people_do_not_go_with_the_report(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    a_picture(finding)
    a_picture(finding, people=True)
    double = found(cast, walk)
    a_picture(double)
    sorting.unite(double, finding, actor=cast.actor(cast.claire))
    assert report_of(cast, finding).photos.count() == 2


def test_a_picture_that_nobody_read_again_is_not_public_with_the_report(
    cast: Cast, walk: Walk
) -> None:
    today = timezone.localdate()
    Organisation.objects.filter(pk=cast.agglomeration.pk).update(trusted_on=today)
    finding = found(cast, walk)
    a_picture(finding)
    a_picture(finding, shown=True, reviewed_at=timezone.now())
    report = report_of(cast, finding)
    assert report.public  # who files it is trusted
    rows = [(one.shown, one.reviewed_at is None) for one in report.photos.order_by("pk")]
    assert rows == [(False, True), (True, False)]


def test_pictures_stay_when_they_are_not_wanted(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    a_picture(finding)
    assert not report_of(cast, finding, pictures=False).photos.exists()


def test_a_category_of_another_theme_is_refused(cast: Cast, walk: Walk) -> None:
    with pytest.raises(ValidationError, match="catégorie"):
        report_of(cast, found(cast, walk), category=Category.objects.get(code="trou_chaussee"))
    assert not Report.objects.exists()


def test_nothing_stays_of_a_report_that_may_not_be_entered_there(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk, commune=cast.raismes, latitude=50.38, longitude=3.495)
    with pytest.raises(Refused, match="saisit"):
        report_of(cast, finding)
    finding.refresh_from_db()
    assert finding.outcome == "to_sort"
    assert not Report.objects.exists()


def test_a_report_near_of_the_same_theme_is_linked_and_not_doubled(cast: Cast, walk: Walk) -> None:
    report = filed(at_point(), THROWN).report
    finding = found(cast, walk)
    claire = cast.actor(cast.claire)
    assert [one.pk for one, _ in sorting.near_reports(claire, finding)] == [report.pk]
    sorting.link_to_report(finding, report.pk, actor=claire)
    finding.refresh_from_db()
    assert links() == [("report", "observation")]
    assert (finding.outcome, finding.responsible) == ("linked", cast.town)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("point", "code"),
    [((IN_ANZIN[0] + 0.002, IN_ANZIN[1]), THROWN), (IN_ANZIN, "trou_chaussee")],
)
def test_a_report_far_or_of_another_theme_is_not_offered(
    cast: Cast, walk: Walk, point: tuple[float, float], code: str
) -> None:
    report = filed(at_point(point), code).report
    finding = found(cast, walk)
    with pytest.raises(ValidationError, match="plus ouvert"):
        sorting.link_to_report(finding, report.pk, actor=cast.actor(cast.claire))
    finding.refresh_from_db()
    assert finding.outcome == "to_sort"


def test_a_report_that_one_does_not_see_is_not_offered(cast: Cast, walk: Walk) -> None:
    filed(at_point(), THROWN)
    assert not sorting.near_reports(cast.actor(cast.bruno), found(cast, walk))


def test_a_finding_becomes_an_action_of_the_plan(cast: Cast, walk: Walk) -> None:
    plan = a_plan(cast)
    finding = found(cast, walk)
    follow = FollowUp(cast.town, timezone.localdate(), "Poser des bornes")
    kind, pk = sorting.make_of(finding, "action", actor=cast.actor(cast.claire), follow=follow)
    finding.refresh_from_db()
    assert kind == "action"
    action = plan.actions.get(pk=pk)
    assert (action.title, action.lead) == ("Poser des bornes", cast.town)
    assert links() == [("observation", "action")]
    assert finding.outcome == "action"


def test_an_action_without_somebody_to_do_it_is_refused(cast: Cast, walk: Walk) -> None:
    a_plan(cast)
    finding = found(cast, walk)
    with pytest.raises(ValidationError, match="quelle organisation"):
        sorting.make_of(finding, "action", actor=cast.actor(cast.claire))
    assert not Link.objects.exists()


def test_a_part_of_a_report_is_not_made_of_a_finding(cast: Cast, walk: Walk) -> None:
    with pytest.raises(ValidationError, match="pas possible"):
        sorting.make_of(found(cast, walk), "part", actor=cast.actor(cast.claire))


def test_a_decision_to_take_is_proposed_to_the_meeting(cast: Cast, walk: Walk) -> None:
    claire, meeting = cast.actor(cast.claire), sitting(cast)
    finding = found(cast, walk)
    today = timezone.localdate()
    assert not [one for one in proposals(meeting, claire, today) if one.kind == "observation"]
    sorting.put_to_decision(finding, actor=claire)
    offered = [one.id for one in proposals(meeting, claire, today) if one.kind == "observation"]
    assert offered == [finding.pk]


def test_a_finding_is_no_more_proposed_once_it_was_decided(cast: Cast, walk: Walk) -> None:
    claire, meeting, later = cast.actor(cast.claire), sitting(cast), sitting(cast, days=30)
    finding, today = found(cast, walk), timezone.localdate()
    sorting.put_to_decision(finding, actor=claire)
    add_things(meeting, [("observation", finding.pk)], actor=claire)
    item = meeting.items.get(thing_kind="observation")

    def offered() -> list[int]:
        some = proposals(later, claire, today)
        return [one.id for one in some if one.kind == "observation"]

    assert offered() == [finding.pk]
    decide(meeting, actor=claire, text="Poser des bornes", item=item)
    assert not offered()
    assert links()[-1] == ("observation", "decision")


def test_a_family_is_reported_by_one_of_its_leaves(cast: Cast, walk: Walk) -> None:
    offered = [one.code for one in sorting.categories_for(found(cast, walk))]
    assert THROWN in offered
    assert "encombrants" not in offered


def test_what_is_on_an_agenda_is_not_undone(cast: Cast, walk: Walk) -> None:
    claire, meeting = cast.actor(cast.claire), sitting(cast)
    finding = found(cast, walk)
    sorting.put_to_decision(finding, actor=claire)
    add_things(meeting, [("observation", finding.pk)], actor=claire)
    for act in (sorting.undo_sorting, sorting.withdraw):
        with pytest.raises(Refused, match="ailleurs"):
            act(finding, actor=claire)


def test_what_was_noted_is_sorted_again(cast: Cast, walk: Walk) -> None:
    finding, claire = found(cast, walk), cast.actor(cast.claire)
    sorting.note_finding(finding, actor=claire)
    sorting.put_to_decision(finding, actor=claire)
    finding.refresh_from_db()
    assert finding.outcome == "to_decide"
    assert told(finding) == ["sorted", "sorted"]


def test_what_was_made_is_not_made_twice(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    report_of(cast, finding)
    with pytest.raises(Refused, match="déjà donnée"):
        report_of(cast, finding)
    with pytest.raises(Refused, match="déjà donnée"):
        sorting.note_finding(finding, actor=cast.actor(cast.claire))
    with pytest.raises(Refused, match="ailleurs"):
        sorting.undo_sorting(finding, actor=cast.actor(cast.claire))
    assert Report.objects.count() == 1


def test_a_link_to_a_report_is_taken_back(cast: Cast, walk: Walk) -> None:
    claire, report = cast.actor(cast.claire), filed(at_point(), THROWN).report
    finding = found(cast, walk)
    sorting.link_to_report(finding, report.pk, actor=claire)
    sorting.undo_sorting(finding, actor=claire)
    finding.refresh_from_db()
    assert (finding.outcome, finding.sorted_at) == ("to_sort", None)
    assert not Link.objects.exists()
    assert told(finding) == ["sorted", "unsorted"]


def test_all_strengths_are_noted_in_one_go(cast: Cast, walk: Walk) -> None:
    good = [found(cast, walk, strength=True), found(cast, walk, strength=True)]
    bad = found(cast, walk)
    elsewhere = found(cast, walked(cast), strength=True)
    assert sorting.note_strengths(walk, actor=cast.actor(cast.claire)) == 2
    outcomes = dict(Observation.objects.values_list("pk", "outcome"))
    assert [outcomes[one.pk] for one in good] == ["noted", "noted"]
    assert [outcomes[bad.pk], outcomes[elsewhere.pk]] == ["to_sort", "to_sort"]
    assert told(good[0]) == ["sorted"]


def test_doubles_follow_one_finding_and_are_parted_again(cast: Cast, walk: Walk) -> None:
    claire = cast.actor(cast.claire)
    first, second, third = (found(cast, walk) for _ in range(3))
    sorting.unite(third, second, actor=claire)
    sorting.unite(second, first, actor=claire)
    assert set(first.doubles.all()) == {second, third}
    with pytest.raises(Refused, match="réuni"):
        sorting.note_finding(second, actor=claire)
    with pytest.raises(Refused, match="séparez"):
        sorting.withdraw(first, actor=claire)
    sorting.part(second, actor=claire)
    assert list(first.doubles.all()) == [third]
    assert told(second) == ["united", "parted"]


def test_a_finding_is_not_united_with_another_walks_or_a_double(cast: Cast, walk: Walk) -> None:
    claire = cast.actor(cast.claire)
    first, second, third = (found(cast, walk) for _ in range(3))
    with pytest.raises(Refused, match="même diagnostic"):
        sorting.unite(first, found(cast, walked(cast)), actor=claire)
    sorting.unite(second, first, actor=claire)
    with pytest.raises(Refused, match="suivi lui-même"):
        sorting.unite(third, second, actor=claire)


def test_a_finding_is_withdrawn_and_taken_up_again(cast: Cast, walk: Walk) -> None:
    finding, claire = found(cast, walk), cast.actor(cast.claire)
    sorting.withdraw(finding, actor=claire)
    with pytest.raises(Refused, match="écarté"):
        report_of(cast, finding)
    sorting.restore(finding, actor=claire)
    finding.refresh_from_db()
    assert finding.withdrawn_at is None
    assert told(finding) == ["withdrawn", "restored"]


def test_several_at_once_tell_why_some_stayed(cast: Cast, walk: Walk) -> None:
    claire = cast.actor(cast.claire)
    made, free, other = found(cast, walk), found(cast, walk), found(cast, walked(cast))
    report_of(cast, made)
    done, refused = sorting.in_one_go(walk, "withdraw", [made.pk, free.pk, other.pk], actor=claire)
    assert done == 1
    assert len(refused) == 1
    assert "déjà donnée" in refused[0]
    assert list(Observation.objects.filter(withdrawn_at__isnull=False)) == [free]


def corrected(cast: Cast, finding: Observation, **given: Any) -> Observation:
    given = {
        "theme_code": finding.theme_code,
        "strength": finding.strength,
        "severity": finding.severity,
        "stop": finding.stop,
        "manager": finding.manager,
        **given,
    }
    correct_finding(finding, actor=cast.actor(cast.claire), **given)
    return Observation.objects.get(pk=finding.pk)


def test_what_was_noted_is_put_right_and_the_note_stays(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    place = walk.stops.get(title="Placette de l’Écluse")
    again = corrected(
        cast, finding, theme_code="proprete", severity=3, stop=place, manager=cast.town
    )
    assert again.title == "Propreté · Placette de l’Écluse"
    assert (again.severity, again.manager, again.latitude) == (3, cast.town, place.latitude)
    assert again.note == finding.note
    wanted = {"corrected_theme", "corrected_severity", "corrected_stop", "corrected_manager"}
    assert set(told(finding)) == wanted


def test_a_point_of_its_own_stays_where_it_was_touched(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk, latitude=50.3811, longitude=3.5111)
    again = corrected(cast, finding, stop=walk.stops.get(title="Rue des Lilas"))
    assert (again.latitude, again.longitude) == (50.3811, 3.5111)


def test_a_strength_weighs_nothing_and_a_weakness_does(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    assert corrected(cast, finding, strength=True).severity is None
    with pytest.raises(ValidationError, match="gêne"):
        corrected(cast, finding, severity=None)


def test_a_stop_of_another_walk_is_refused(cast: Cast, walk: Walk) -> None:
    other = walked(cast).stops.first()
    with pytest.raises(ValidationError, match="arrêt"):
        corrected(cast, found(cast, walk), stop=other)


def test_the_follow_up_of_what_was_made_is_still_written(cast: Cast, walk: Walk) -> None:
    finding = found(cast, walk)
    report_of(cast, finding)
    finding.refresh_from_db()
    again = corrected(cast, finding, follow=FollowUp(cast.landlord, None, "Vu avec le gardien"))
    assert (again.outcome, again.outcome_note) == ("report", "Vu avec le gardien")
    assert told(finding) == ["sorted", "planned"]
    assert Part.objects.get().organisation == cast.town


# --- What the plan holds already --------------------------------------------------------------


def test_an_action_of_the_plan_that_answers_it_is_not_written_twice(cast: Cast) -> None:
    claire, action = cast.actor(cast.claire), fiche(cast)
    finding = found(cast, walked(cast))
    sorting.join_action(finding, action.pk, actor=claire)
    finding.refresh_from_db()
    assert (finding.outcome, Action.objects.count()) == ("action", 1)
    link = Link.objects.get(source_kind="observation", source_id=finding.pk)
    assert (link.target_kind, link.target_id) == ("action", action.pk)


def test_an_action_of_elsewhere_is_not_offered(cast: Cast) -> None:
    elsewhere = [cast.faubourg.pk]
    action = fiche(
        cast, a_plan(cast, quartiers=[cast.faubourg]), quartiers=elsewhere, residences=[]
    )
    finding = found(cast, walked(cast))
    with pytest.raises(ValidationError, match="n’est pas possible"):
        sorting.join_action(finding, action.pk, actor=cast.actor(cast.claire))
    assert not Link.objects.filter(source_kind="observation").exists()


def test_the_desk_offers_the_actions_of_the_plan(cast: Cast, client: Client) -> None:
    action = fiche(cast)
    finding = found(cast, walked(cast))
    client.force_login(cast.claire)
    address = reverse("walks:sort_finding", args=[finding.pk])
    assert action.title in client.get(address).content.decode()
    given = {"outcome": "join", "action": str(action.pk), "text": "", "outcome_note": ""}
    assert client.post(address, given).status_code == 302
    finding.refresh_from_db()
    assert finding.outcome == "action"
    other = found(cast, finding.walk)
    address = reverse("walks:sort_finding", args=[other.pk])
    page = client.post(address, {**given, "action": ""}).content.decode()
    assert "Choisissez l’action du plan." in page
