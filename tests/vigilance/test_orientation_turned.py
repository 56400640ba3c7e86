"""What was decided on a page that is no longer true: passed on, renamed or left meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import Preference
from parvis.notices.sending import send_due
from parvis.partners.actors import SESSION_KEY
from parvis.partners.models import Mandate, Role
from parvis.vigilance import door_acts
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import Entry, Orientation, OrientationSecret, SpokenAgreement
from parvis.vigilance.orientation_doors import doors_taking, who_receives
from parvis.vigilance.orientation_reading import open_secret
from parvis.vigilance.workflow import State
from tests.cast import Cast
from tests.vigilance.orienting import browser, codes, given, press, third_step
from tests.vigilance.scene import SECRET, a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db


def sent() -> dict[str, str]:
    mail.outbox.clear()
    send_due(timezone.now())
    return {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}


def passed_on(cast: Cast) -> tuple[Orientation, Orientation]:
    """As Sofia had fetched it before a colleague passed it on to the association; as it is now."""
    here, there = a_door(cast), a_door(cast, cast.association)
    cast.rose.mandates.update(role=Role.CONTRIBUTEUR)
    a_receiver(here, cast.sofia)
    a_receiver(there, cast.rose)
    stale = an_orientation(cast, here)
    SpokenAgreement.objects.update(may_be_redirected=True)
    fresh = acts.redirect(stale, actor=cast.actor(cast.sofia), door=there)
    return stale, fresh


def test_the_old_door_answers_nothing_that_was_passed_on_meanwhile(cast: Cast) -> None:
    stale, fresh = passed_on(cast)
    sofia = cast.actor(cast.sofia)
    for act, more in ((acts.accept, {}), (acts.refuse, {"refusal": "hors_mission"})):
        with pytest.raises(acts.Refused, match="transmise à un autre service"):
            act(stale, actor=sofia, **more)
    fresh.refresh_from_db()
    assert fresh.state == State.SENT
    assert codes(fresh)[-1] == "redirected"


def test_nor_reads_it(cast: Cast) -> None:
    stale, fresh = passed_on(cast)
    with pytest.raises(OrientationSecret.DoesNotExist):
        open_secret(stale, Entry.Code.READ, actor=cast.actor(cast.sofia))
    assert "read" not in codes(fresh)


def test_a_form_that_comes_again_under_another_mandate_changes_no_draft(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    client, today = browser(cast.ines), timezone.localdate()
    shown = client.get(third_step(cast, door))
    form = {**given(door, today, do="keep"), "code": shown.context["code"]}
    client.post(third_step(cast, door), form)
    other = Mandate.objects.create(
        person=cast.ines, organisation=cast.association, role=Role.CONTRIBUTEUR, starts_on=today
    )
    session = client.session
    session[SESSION_KEY] = other.pk
    session.save()
    answer = client.post(third_step(cast, door), {**form, "do": "send", "name": "Autre"})
    assert answer.status_code == 302
    assert Orientation.objects.get().state == State.DRAFT
    assert codes(Orientation.objects.get()) == ["written"]


def test_who_names_herself_where_something_was_sent_does_not_pass_unseen(
    cast: Cast, settings: Any
) -> None:
    """Otherwise a responsable would read by a click what asks for a written reason and a mail."""
    settings.PUBLISHER = {**settings.PUBLISHER, "dpo_email": "dpo@exemple.test"}
    door = a_door(cast)
    karim = cast.karim.mandates.get()
    door_acts.name_receiver(door, karim, actor=cast.actor(cast.karim))
    assert not sent()  # nothing was sent there yet
    door.receivers.all().delete()
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door)
    door_acts.name_receiver(door, karim, actor=cast.actor(cast.karim))
    told = sent()
    assert set(told) == {"dpo@exemple.test", cast.sofia.email}
    assert cast.karim.name in told[cast.sofia.email]
    assert not [word for word in (*SECRET.values(), one.code) if word in "".join(told.values())]
    door_acts.name_receiver(door, karim, actor=cast.actor(cast.karim))
    assert not sent()


def test_an_urgent_reading_is_told_at_once_whatever_pace_was_chosen(
    cast: Cast, settings: Any
) -> None:
    settings.PUBLISHER = {**settings.PUBLISHER, "dpo_email": "dpo@exemple.test"}
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door)
    Preference.objects.create(fingerprint=fingerprint(cast.sofia.email), pace="weekly")
    Preference.objects.create(
        fingerprint=fingerprint("dpo@exemple.test"), stopped_at=timezone.now()
    )
    press(browser(cast.karim), "break_glass", one, reason="Sofia est absente.")
    assert set(sent()) == {"dpo@exemple.test", cast.sofia.email}


def test_nothing_is_sent_where_the_organisation_has_closed(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    today = timezone.localdate()
    cast.town.closed_on = today
    cast.town.save(update_fields=["closed_on"])
    offer = doors_taking(cast.anzin.pk, "energie", today)
    assert (offer.receiving, who_receives(door.pk, today)) == ((), [])
    cast.town.closed_on = today + timedelta(days=1)
    cast.town.save(update_fields=["closed_on"])
    assert doors_taking(cast.anzin.pk, "energie", today).receiving == (door,)
