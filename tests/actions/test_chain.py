"""From what a resident saw to the word back: the whole thread, in one go."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.core import mail
from django.utils import timezone

from parvis.actions import acts
from parvis.actions.models import Action
from parvis.gatherings.models import Gathering
from parvis.meetings import acts as meetings
from parvis.notices.sending import send_due
from parvis.partners.actors import NOBODY
from parvis.thread.reading import thread_of
from tests.actions.scene import funding, indicator, plan, step
from tests.cast import IN_VALENCIENNES, Cast
from tests.meetings.scene import begun, cotech, sitting
from tests.reports.scene import at_point, filed, make_public


def test_from_the_report_to_the_mail(cast: Cast) -> None:
    claire, luc = cast.actor(cast.claire), cast.actor(cast.luc)
    today = timezone.localdate()
    plan(cast)
    # A resident reports where nobody answers for the ground yet.
    voice = filed(at_point(IN_VALENCIENNES), email="lea@exemple.test")
    report = make_public(voice.report)

    # It is proposed to the COTECH, put on its agenda, and decided on.
    made = sitting(cast, cotech(cast))
    proposed = [(due.kind, due.id) for due in meetings.proposals(made, claire, today)]
    assert ("report", report.pk) in proposed
    meetings.add_things(made, [("report", report.pk)], actor=claire)
    meetings.convene(made, actor=claire)
    made = begun(made)
    decision = meetings.decide(
        made,
        actor=claire,
        text="Refaire le trottoir de la rue des Lilas",
        item=made.items.get(thing_kind="report"),
        organisation=cast.landlord,
        due_on=today + timedelta(days=60),
        reason="Le chemin de l’école.",
        making="action",
    )
    meetings.send_releve(made, actor=claire)

    # The decision has become an action of the plan; its lead writes it with two funders.
    action = Action.objects.get()
    assert (action.lead, action.state) == (cast.landlord, "validated")
    acts.write_action(
        action,
        {
            "domain": "habitat",
            "summary": "Le trottoir est refait sur cent mètres.",
            "cost_public": True,
            "steps": [step("Refaire le trottoir", due_on=today.isoformat())],
            "fundings": [
                funding(cast.landlord.pk, "bailleur", granted="6000.00", spent="5500.00"),
                funding(cast.town.pk, "commune", granted="2000.00", spent="2000.00"),
            ],
            "indicators": [indicator("Chutes signalées", unit="par an", target="0.00")],
        },
        actor=luc,
        version=action.version,
    )
    acts.advance_action(action, "start", actor=luc)
    acts.tick_step(action.steps.get(), actor=luc, done_on=today)
    acts.measure_indicator(action.indicators.get(), actor=luc, on=today, value=Decimal(0))
    acts.publish_action(action, actor=luc, shown=True)
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    mail.outbox.clear()
    acts.advance_action(action, "end", actor=luc, again=True)

    # The resident is told once, with what changed and what it cost.
    send_due(timezone.now() + timedelta(hours=1))
    (word,) = [one for one in mail.outbox if one.to == ["lea@exemple.test"]]
    assert "Refaire le trottoir de la rue des Lilas" in word.subject
    assert "7\u202f500,00" in word.body
    assert f"/actions/{action.pk}/" in word.body

    # The thread shows every link, from both ends.
    chain = {("report", report.pk), ("decision", decision.pk), ("action", action.pk)}
    for kind, pk in chain:
        steps = {(one.kind, one.id) for one in thread_of(claire, kind, pk)}
        assert chain <= steps, kind
    for kind, pk in (("report", report.pk), ("sitting", made.pk)):
        steps = {(one.kind, one.id) for one in thread_of(claire, kind, pk)}
        assert {("report", report.pk), ("sitting", made.pk)} <= steps, kind
    ended = next(one for one in thread_of(claire, "report", report.pk) if one.kind == "action")
    assert ended.amount == Decimal("7500.00")
    # A resident sees what is public, and that there was a decision between.
    seen = thread_of(NOBODY, "report", report.pk)
    assert [(one.kind, one.id) for one in seen if not one.hidden] == [
        ("report", report.pk),
        ("action", action.pk),
    ]
    assert any(one.hidden for one in seen)
    assert Gathering.objects.get(kind="seance").organiser == cast.agglomeration
