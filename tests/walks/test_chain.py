"""From what a resident reported to the word back, by two walks, a COTECH and an action: the whole
thread, and what was checked on the way."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from parvis.actions.models import Action, PledgeCheck
from parvis.gatherings.models import Gathering
from parvis.meetings import acts as meetings
from parvis.notices.sending import send_due
from parvis.tfpb.models import FieldCheck
from parvis.thread.reading import events_of, thread_of
from parvis.walks import account_acts, planning, returning, sorting
from parvis.walks.models import Check, Observation, Picture, Walk
from parvis.walks.pictures import PictureSent, receive_picture
from parvis.walks.receiving import receive
from tests.actions.pact_scene import pledged
from tests.actions.scene import plan
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.meetings.scene import begun, cotech, sitting
from tests.reports.scene import at_point, filed, make_public
from tests.tfpb.bilan_scene import running
from tests.walks.scene import a_walk, again, first_stop, walking

pytestmark = pytest.mark.django_db


def sent(cast: Cast, walk: Walk, **item: Any) -> UUID:
    """What sofia's telephone noted on this walk."""
    uid = uuid4()
    now = timezone.now()
    told = {"uid": str(uid), "noted_at": now.isoformat(), "note": "", "pictures": 0, **item}
    received = receive(walk, actor=cast.actor(cast.sofia), sent_at=now, items=[told], partner=True)
    assert received.refused == {}
    return uid


def shot(walk: Walk, of: UUID, colour: str) -> None:
    """A picture of it, in that colour."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    now = timezone.now()
    picture = PictureSent(uuid4(), of, now.isoformat(), now, people=False)
    receive_picture(walk, picture, io.BytesIO(out.getvalue()))


def over(walk: Walk) -> Walk:
    """The same walk, which ended a minute ago."""
    now = timezone.now()
    hours = {"starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(minutes=1)}
    Gathering.objects.filter(pk=walk.gathering_id).update(**hours)
    return again(walk)


def test_from_a_report_to_the_word_back_by_two_walks(cast: Cast, client: Client) -> None:
    claire = cast.actor(cast.claire)
    plan(cast)
    _, line, _ = running(cast)
    pledge = pledged(cast)

    # A resident reports; the walk proposes to look at it, with a line of the abatement and a
    # commitment of the convention.
    voice = filed(at_point(), code="encombrants_exterieur", email="lea@exemple.test")
    report = make_public(voice.report)
    walk = a_walk(cast)
    stop = first_stop(walk)
    checks = {
        kind: planning.ask_check(stop, (kind, pk), actor=claire)
        for kind, pk in (
            ("report", report.pk),
            ("tfpb_line", line.pk),
            ("pledge", pledge.pk),
        )
    }

    # On foot: all three are looked at, and what is seen there is noted, with a picture.
    walk = walking(cast, walk)
    sent(cast, walk, kind="answer", check=checks["report"].pk, result="seen", note="Toujours là.")
    sent(cast, walk, kind="answer", check=checks["tfpb_line"].pk, result="seen")
    sent(cast, walk, kind="answer", check=checks["pledge"].pk, result="unseen")
    uid = sent(
        cast,
        walk,
        kind="observation",
        stop=stop.pk,
        theme="encombrants",
        strength=False,
        severity=3,
        note="Des matelas contre le mur.",
        lat=None,
        lon=None,
        pictures=1,
    )
    shot(walk, uid, "#8c5a48")
    finding = Observation.objects.get(uid=uid)

    # What was checked shows what was seen.
    assert FieldCheck.objects.get(line=line).seen
    assert "Diagnostic en marchant du" in PledgeCheck.objects.get(pledge=pledge).evidence
    pledge.refresh_from_db()
    assert pledge.state == "unkept"
    for kind, pk in (("report", report.pk), ("tfpb_line", line.pk), ("pledge", pledge.pk)):
        assert "seen_on_foot" in [one.code for one in events_of(claire, kind, pk)]

    # Back at the desk it is tied to the report, not told twice; the COTECH is to decide.
    walk = over(walk)
    sorting.link_to_report(finding, report.pk, actor=claire)
    finding.refresh_from_db()
    assert (finding.outcome, finding.responsible) == ("linked", cast.town)
    made = sitting(cast, cotech(cast))
    meetings.add_things(made, [("observation", finding.pk)], actor=claire)
    meetings.convene(made, actor=claire)
    made = begun(made)
    meetings.decide(
        made,
        actor=claire,
        text="Enlever les encombrants chaque mardi",
        item=made.items.get(thing_kind="observation"),
        organisation=cast.landlord,
        due_on=timezone.localdate() + timedelta(days=30),
        making="action",
    )
    action = Action.objects.get()
    assert action.lead == cast.landlord
    account_acts.send_account(walk, actor=claire)

    # The return walk asks for it again; it is settled, and a picture shows it.
    back = returning.prepare_return(walk, actor=claire, starts_at=in_days(1), ends_at=in_days(1, 2))
    back = walking(cast, back)
    check = Check.objects.get(stop__walk=back)
    assert check.thing == ("observation", finding.pk)
    answer = sent(
        cast, back, kind="answer", check=check.pk, result="unseen", note="Propre.", pictures=1
    )
    shot(back, answer, "#4a8a5c")
    finding.refresh_from_db()
    assert finding.condition == "settled"

    # Both pictures stand side by side.
    back = over(back)
    client.force_login(cast.claire)
    page = client.get(reverse("walks:compare", args=[back.pk])).content.decode()
    old, new = Picture.objects.order_by("pk")
    for one in (old, new):
        assert reverse("walks:picture", args=[one.pk, "small"]) in page

    # The account of the return is sent: whoever had reported is told, once.
    send_due(timezone.now() + timedelta(hours=1))
    mail.outbox.clear()
    account_acts.send_account(back, actor=claire)
    send_due(timezone.now() + timedelta(hours=1))
    told = [one for one in mail.outbox if one.to == ["lea@exemple.test"]]
    assert len(told) == 1
    assert "réglé" in told[0].body

    # One thread, whichever end it is read from.
    for start in (("report", report.pk), ("action", action.pk)):
        steps = [one.kind for one in thread_of(claire, *start)]
        assert {"report", "observation", "decision", "action"} <= set(steps)
