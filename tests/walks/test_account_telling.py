"""Who hears of an account, once: participants, the quartier, and whoever had spoken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.gatherings.models import Gathering, Registration, RegistrationContact
from parvis.notices.models import Envelope, Subscription
from parvis.notices.outbox import send_due
from parvis.notices.subscribing import Topic, subscribe
from parvis.reports.links import token_of
from parvis.reports.models import Voice
from parvis.thread.acts import link
from parvis.thread.models import Event
from parvis.walks import account_acts as acts
from parvis.walks.models import Answer, Observation, Walk
from tests.cast import Cast
from tests.reports.scene import filed
from tests.walks.account_scene import tellable
from tests.walks.scene import a_check, again, answered, found, walked


def registered(walk: Walk, email: str = "awa@exemple.test", **fields: Any) -> Registration:
    """Somebody who registered for the walk and left an address."""
    rank = walk.gathering.registrations.count() + 1
    given = {"state": "seated", "rank": rank, "at": timezone.now(), **fields}
    made = Registration.objects.create(gathering=walk.gathering, **given)
    RegistrationContact.objects.create(registration=made, name="Awa", email=email)
    return made


def told() -> dict[str, str]:
    """The words of what waits in the outbox, by address."""
    return dict(Envelope.objects.order_by("pk").values_list("address", "text"))


def send(cast: Cast, walk: Walk) -> None:
    acts.send_account(walk, actor=cast.actor(cast.claire))


def publish(cast: Cast, walk: Walk) -> None:
    acts.publish_account(walk, actor=cast.actor(cast.claire))


# --- Participants -----------------------------------------------------------------------------


def test_organisations_that_were_called_get_the_address_of_the_account(cast: Cast) -> None:
    walk = tellable(cast)
    Envelope.objects.all().delete()
    send(cast, walk)
    words = told()
    for person in (cast.karim, cast.luc):
        assert f"/diagnostics/{walk.pk}/compte-rendu/" in words[person.email]
        assert "Les entrées sont propres" in words[person.email]
    assert cast.association.email in words  # nobody there but a reader: its own address
    for person in (cast.paul, cast.bruno, cast.nadia):
        assert person.email not in words


def test_an_organisation_that_was_only_chosen_hears_nothing(cast: Cast) -> None:
    walk = tellable(cast)
    walk.gathering.guests.create(organisation=cast.other_landlord)  # and never called
    Envelope.objects.all().delete()
    send(cast, walk)
    assert cast.luc.email in told()
    assert cast.paul.email not in told()


def test_a_resident_hears_that_it_will_come_then_its_address_once_it_is_public(
    cast: Cast,
) -> None:
    walk = tellable(cast)
    registered(walk)
    Envelope.objects.all().delete()
    send(cast, walk)
    first = told()["awa@exemple.test"]
    assert "compte-rendu" not in first
    assert "relu avant d’être montré à tous" in first
    Envelope.objects.all().delete()
    publish(cast, walk)
    assert f"/diagnostics/{walk.pk}/compte-rendu/" in told()["awa@exemple.test"]


def test_who_withdrew_waited_or_was_absent_is_not_written_to(cast: Cast) -> None:
    walk = tellable(cast)
    registered(walk, "retire@exemple.test", state="withdrawn")
    registered(walk, "attend@exemple.test", state="waiting")
    registered(walk, "absent@exemple.test", came=False)
    Envelope.objects.all().delete()
    send(cast, walk)
    assert not {"retire@exemple.test", "attend@exemple.test", "absent@exemple.test"} & set(told())


def test_one_who_is_reached_in_two_ways_is_told_once(cast: Cast) -> None:
    walk = tellable(cast)
    registered(walk, cast.luc.email.upper())
    Envelope.objects.all().delete()
    send(cast, walk)
    addresses = [one.lower() for one in Envelope.objects.values_list("address", flat=True)]
    assert addresses.count(cast.luc.email) == 1


def test_a_corrected_version_is_told_as_such(cast: Cast) -> None:
    walk = tellable(cast)
    send(cast, walk)
    Envelope.objects.all().delete()
    acts.write_summary(walk, summary="Corrigé.")
    send(cast, walk)
    assert "version corrigée" in told()[cast.luc.email]
    codes = Event.objects.filter(thing_kind="walk", thing_id=walk.pk, code="sent")
    assert list(codes.order_by("pk").values_list("new", flat=True)) == ["1", "2"]


# --- Everybody --------------------------------------------------------------------------------


def test_followers_of_the_quartier_are_told_once(cast: Cast) -> None:
    subscribe("voisin@exemple.test", Topic(f"quartier:{cast.rives.pk}", "Rives"), pace="now")
    Subscription.objects.update(confirmed_at=timezone.now())
    walk = tellable(cast)
    send(cast, walk)
    Envelope.objects.all().delete()
    publish(cast, walk)
    assert "Compte rendu" in told()["voisin@exemple.test"]
    publish(cast, walk)
    assert Envelope.objects.filter(address="voisin@exemple.test").count() == 1
    acts.unpublish_account(walk, actor=cast.actor(cast.claire))
    assert "voisin@exemple.test" not in told()  # it had not left
    events = Event.objects.filter(thing_kind="walk", thing_id=walk.pk).order_by("pk")
    assert list(events.values_list("code", "public"))[-2:] == [
        ("published", True),
        ("unpublished", False),
    ]


def test_what_has_left_is_not_told_again(cast: Cast) -> None:
    subscribe("voisin@exemple.test", Topic(f"quartier:{cast.rives.pk}", "Rives"), pace="now")
    Subscription.objects.update(confirmed_at=timezone.now())
    walk = tellable(cast)
    send(cast, walk)
    publish(cast, walk)
    send_due(now=timezone.now() + timedelta(minutes=5))
    acts.unpublish_account(walk, actor=cast.actor(cast.claire))
    publish(cast, walk)
    assert "voisin@exemple.test" not in told()


# --- Whoever had spoken -----------------------------------------------------------------------


def a_return(cast: Cast, *, settled: int = 1, still: int = 1) -> tuple[Walk, list[Observation]]:
    """A return walk of yesterday; what was seen settled on it led from awa's report."""
    before = walked(cast)
    days = {"starts_at": timezone.now() - timedelta(days=40)}
    days["ends_at"] = days["starts_at"] + timedelta(hours=2)
    Gathering.objects.filter(pk=before.gathering_id).update(**days)
    claire = cast.actor(cast.claire)
    report = filed(email="awa@exemple.test").report
    walk = walked(cast, title="Diagnostic de retour")
    Walk.objects.filter(pk=walk.pk).update(before=before)
    on = timezone.localdate(walk.gathering.starts_at)
    seen = []
    for number in range(settled + still):
        one = found(cast, before, outcome="noted")
        link(claire, ("report", report.pk), ("observation", one.pk))
        good = number < settled
        answered(
            a_check(walk, ("observation", one.pk), cast),
            "unseen" if good else "seen",
            noted_at=walk.gathering.starts_at,
        )
        Observation.objects.filter(pk=one.pk).update(
            condition="settled" if good else "still", condition_on=on
        )
        seen.append(one)
    return again(walk), seen


def settled_events(finding: Observation) -> list[Event]:
    return list(Event.objects.filter(thing_kind="observation", thing_id=finding.pk, code="settled"))


def test_who_had_reported_hears_what_was_seen_settled_with_the_link_they_know(
    cast: Cast,
) -> None:
    walk, (settled, still) = a_return(cast)
    Envelope.objects.all().delete()
    send(cast, walk)
    words = told()["awa@exemple.test"]
    assert "a été vu réglé, sur place, le " in words
    assert f"/suivre/{token_of(Voice.objects.get())}" in words
    assert [event.public for event in settled_events(settled)] == [True]
    assert not settled_events(still)


def test_one_who_had_reported_what_several_findings_tell_is_told_once(cast: Cast) -> None:
    walk, _ = a_return(cast, settled=3)
    Envelope.objects.all().delete()
    send(cast, walk)
    assert Envelope.objects.filter(address="awa@exemple.test").count() == 1


def test_a_corrected_version_does_not_tell_it_again(cast: Cast) -> None:
    walk, (settled, _) = a_return(cast)
    send(cast, walk)
    Envelope.objects.all().delete()
    acts.write_summary(walk, summary="Corrigé.")
    send(cast, walk)
    assert "awa@exemple.test" not in told()
    assert len(settled_events(settled)) == 1


def test_what_was_settled_on_another_day_is_not_told_by_this_walk(cast: Cast) -> None:
    walk, (settled, _) = a_return(cast)
    Observation.objects.filter(pk=settled.pk).update(
        condition_on=timezone.localdate() - timedelta(days=30)
    )
    Envelope.objects.all().delete()
    send(cast, walk)
    assert "awa@exemple.test" not in told()


def test_a_walk_that_is_no_return_tells_what_it_saw_settled_too(cast: Cast) -> None:
    walk, _ = a_return(cast)
    Walk.objects.filter(pk=walk.pk).update(before=None)
    Envelope.objects.all().delete()
    send(cast, again(walk))
    assert "awa@exemple.test" in told()


def test_a_walk_that_looked_at_nothing_again_tells_nobody_that_something_is_settled(
    cast: Cast,
) -> None:
    walk, _ = a_return(cast)
    Answer.objects.filter(about__stop__walk=walk).delete()
    acts.write_summary(walk, summary="Tout va bien.")
    Envelope.objects.all().delete()
    send(cast, again(walk))
    assert "awa@exemple.test" not in told()


def test_what_was_seen_settled_after_midnight_is_told(cast: Cast) -> None:
    walk, (settled, _) = a_return(cast)
    late = walk.gathering.ends_at + timedelta(days=1)  # the walk lasted longer than was said
    Answer.objects.filter(about__thing_id=settled.pk).update(noted_at=late)
    Observation.objects.filter(pk=settled.pk).update(condition_on=timezone.localdate(late))
    Envelope.objects.all().delete()
    send(cast, walk)
    assert "awa@exemple.test" in told()
