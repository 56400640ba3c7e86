"""What a sitting is proposed, who is called, and who sees it when."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.meetings import acts
from parvis.meetings.models import Instance, Sitting
from parvis.notices.models import Envelope
from parvis.thread.models import Link
from tests.cast import IN_RAISMES, IN_VALENCIENNES, Cast
from tests.gatherings.scene import in_days
from tests.meetings.scene import convened, cotech, sitting
from tests.reports.scene import at_point, filed


def test_who_sits_sees_the_instance_and_a_neighbour_does_not(cast: Cast) -> None:
    cotech(cast)
    for person, sees in ((cast.luc, True), (cast.rose, True), (cast.paul, False)):
        assert Instance.objects.visible_to(cast.actor(person)).exists() == sees, person
    for person, may in ((cast.claire, True), (cast.karim, False), (cast.bruno, False)):
        assert Instance.objects.allowed(cast.actor(person), "hold").exists() == may, person


def test_a_sitting_is_a_draft_until_it_is_convened(cast: Cast) -> None:
    made = sitting(cast)
    assert not Sitting.objects.visible_to(cast.actor(cast.luc)).exists()
    assert acts.convene(made, actor=cast.actor(cast.claire)) == 5  # karim, sofia, luc, ines, rose's
    assert Sitting.objects.visible_to(cast.actor(cast.luc)).exists()
    assert not Sitting.objects.visible_to(cast.actor(cast.paul)).exists()


def test_convening_again_calls_the_newcomer_alone(cast: Cast) -> None:
    instance = cotech(cast)
    made = sitting(cast, instance)
    claire = cast.actor(cast.claire)
    acts.convene(made, actor=claire)
    acts.write_instance(
        instance,
        quartiers=[cast.rives],
        chairs=[cast.town],
        members=[cast.landlord, cast.association, cast.other_landlord],
    )
    Envelope.objects.all().delete()
    assert acts.convene(made, actor=claire) == 1
    assert Envelope.objects.get().address == cast.paul.email


def test_nobody_is_called_to_an_empty_agenda(cast: Cast) -> None:
    made = sitting(cast)
    made.items.all().delete()
    with pytest.raises(acts.Refused):
        acts.convene(made, actor=cast.actor(cast.claire))
    assert not Envelope.objects.exists()


def test_a_report_without_manager_is_proposed_once(cast: Cast) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    made, claire = sitting(cast), cast.actor(cast.claire)
    today = timezone.localdate()
    assert ("report", report.pk) in [(x.kind, x.id) for x in acts.proposals(made, claire, today)]
    assert acts.add_things(made, [("report", report.pk)], actor=claire) == 1
    assert acts.add_things(made, [("report", report.pk)], actor=claire) == 0
    assert not [x for x in acts.proposals(made, claire, today) if x.kind == "report"]
    assert Link.objects.filter(source_kind="report", target_kind="sitting").count() == 1


def test_what_the_actor_does_not_see_is_not_put_on_the_agenda(cast: Cast) -> None:
    report = filed(at_point(IN_RAISMES)).report
    made = sitting(cast)
    assert acts.add_things(made, [("report", report.pk)], actor=cast.actor(cast.claire)) == 0


def test_a_point_moves_and_the_others_keep_their_order(cast: Cast) -> None:
    made = sitting(cast)
    for title in ("Encombrants", "Ascenseur"):
        acts.add_point(made, title=title)
    last = made.items.last()
    assert last is not None
    acts.move_point(last, up=True)
    acts.move_point(last, up=True)
    acts.move_point(last, up=True)
    titles = list(made.items.values_list("title", flat=True))
    assert titles == ["Ascenseur", "Éclairage de la rue des Lilas", "Encombrants"]


def test_a_point_that_was_taken_off_leaves_the_thread(cast: Cast) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    made, claire = sitting(cast), cast.actor(cast.claire)
    acts.add_things(made, [("report", report.pk)], actor=claire)
    acts.remove_point(made.items.get(thing_kind="report"))
    assert not Link.objects.exists()


def test_a_point_that_was_decided_on_stays(cast: Cast) -> None:
    made = convened(cast)
    acts.decide(made, actor=cast.actor(cast.claire), text="Remplacer", item=made.items.get())
    with pytest.raises(acts.Refused):
        acts.remove_point(made.items.get())


@pytest.mark.parametrize("fields", [{"kind": "inconnue"}, {"name": ""}, {"quorum": 9}])
def test_an_instance_that_contradicts_itself_is_refused(
    cast: Cast, fields: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        cotech(cast, **fields)
    assert not Instance.objects.exists()


def test_a_closed_instance_plans_nothing(cast: Cast) -> None:
    instance = cotech(cast, closed_on=timezone.localdate())
    with pytest.raises(acts.Refused):
        sitting(cast, instance)


def test_another_date_is_told_to_who_was_called(cast: Cast) -> None:
    made = sitting(cast)
    claire = cast.actor(cast.claire)
    acts.convene(made, actor=claire)
    Envelope.objects.all().delete()
    acts.change_sitting(made, actor=claire, starts_at=in_days(9), ends_at=in_days(9, 1))
    assert cast.luc.email in Envelope.objects.values_list("address", flat=True)


def test_any_thing_of_these_quartiers_is_found_by_a_word_and_put_on_the_agenda(
    cast: Cast, client: Client
) -> None:
    made = sitting(cast)
    report = filed(at_point(IN_VALENCIENNES), code="encombrants_exterieur").report
    client.force_login(cast.claire)
    url = reverse("meetings:agenda", args=[made.pk])
    for word in ("dépôt", report.reference, f"/signalements/{report.reference}/"):
        page = client.get(url, {"mot": word}).content.decode()
        assert f'value="report:{report.pk}"' in page.partition("Chercher un autre sujet")[2], word
    assert "Rien de ce nom" in client.get(url, {"mot": "girafe"}).content.decode()
    client.post(reverse("meetings:add", args=[made.pk]), {"things": [f"report:{report.pk}"]})
    assert made.items.filter(thing_kind="report", thing_id=report.pk).exists()
