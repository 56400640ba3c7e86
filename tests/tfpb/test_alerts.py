"""What is to watch over conventions of abatement, who has it on the board, who is written to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from parvis.notices.models import Envelope, Message
from parvis.partners.models import Signature, User
from parvis.tfpb import convention_answers as answers
from parvis.tfpb.alerts import alerts_of, watched
from parvis.tfpb.alerts_telling import tell_everybody
from parvis.tfpb.convention_acts import KIND, amend_convention
from parvis.tfpb.convention_models import Convention
from parvis.thread.reading import awaiting, due_for
from parvis.thread.register import Where
from tests.cast import Cast
from tests.tfpb.scene import a_convention, a_programme, an_officer, the_officer

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
TODAY = NOW.date()
IN_TIME = date(2025, 9, 15)


@pytest.fixture(autouse=True)
def _in_november_2026() -> Any:
    """Two months before the next tax year: its programme is asked for."""
    with time_machine.travel(NOW, tick=False):
        yield


def alerts(convention: Convention) -> list[tuple[str, date | None]]:
    """Everything to watch over it; the first is the one that SQL says."""
    rows = list(watched(Convention.objects.filter(pk=convention.pk)).select_related("landlord"))
    found = alerts_of(rows)[convention.pk]
    assert rows[0].alert == (found[0].code if found else "")
    if found:
        assert rows[0].alert_due_on == found[0].due_on
    return [(one.code, one.due_on) for one in found]


def board(person: User, cast: Cast) -> list[tuple[str, date | None]]:
    """What « À traiter » says of conventions to this person."""
    (span,) = due_for(cast.actor(person))
    return [(one.state, one.due_on) for one in span.first if one.kind == KIND]


def mails(person: User) -> list[str]:
    told = Message.objects.filter(event__startswith="tfpb.alerts", person=f"user:{person.pk}")
    return [one.text for one in Envelope.objects.filter(message__in=told).order_by("pk")]


def test_a_convention_waits_for_the_parties_that_have_not_signed(cast: Cast) -> None:
    made = a_convention(cast, signed=False)
    # By the rules, 1 January 2027 opens 2027.
    to_sign = ("to_sign", date(2027, 1, 1))
    assert alerts(made) == [to_sign]
    Signature.objects.filter(agreement=made.agreement, organisation=cast.landlord).update(
        signed_on=IN_TIME
    )
    assert board(cast.karim, cast) == [to_sign]
    assert board(cast.luc, cast) == []
    assert board(cast.claire, cast) == [to_sign] * 3  # all that is awaited in her communes
    for person in (cast.bruno, cast.nadia, cast.paul, cast.sofia, cast.rose):
        assert board(person, cast) == []
    officer = the_officer(cast)
    assert [one.state_label for one in due_for(officer)[0].first] == ["à signer"]


def test_a_refusal_goes_to_the_coordination_and_on_the_next_agenda(cast: Cast) -> None:
    made = a_convention(cast, signed=False)
    row = made.agreement.signatures.get(organisation=cast.town)
    answers.answer_for(row, made, actor=cast.actor(cast.karim), refused_on=TODAY, refusal="Non.")
    assert alerts(made) == [("refused", TODAY)]
    assert board(cast.claire, cast) == [("refused", TODAY)]
    assert board(cast.luc, cast) == board(cast.karim, cast) == []
    where = Where(communes=frozenset({cast.anzin.pk}))
    claire = cast.actor(cast.claire)
    assert made.pk in [one.id for one in awaiting(claire, TODAY, where) if one.kind == KIND]
    elsewhere = Where(communes=frozenset({cast.valenciennes.pk}))
    assert not [one for one in awaiting(claire, TODAY, elsewhere) if one.kind == KIND]


def test_a_signed_convention_waits_for_its_declaration_then_for_its_programmes(cast: Cast) -> None:
    made = a_convention(cast)
    programme, to_declare = ("no_programme", date(2026, 12, 31)), ("to_declare", date(2026, 12, 31))
    assert alerts(made) == [to_declare, programme]
    assert board(cast.luc, cast) == [to_declare]
    answers.declare_convention(made, actor=cast.actor(cast.luc), declared_on=TODAY)
    a_programme(cast, year=2026, convention=made, state="sent")
    assert alerts(made) == board(cast.luc, cast) == [programme]
    a_programme(cast, year=2027, convention=made, state="sent")
    assert alerts(made) == board(cast.luc, cast) == board(cast.claire, cast) == []


@pytest.mark.parametrize(
    ("on", "year", "due_on"),
    [
        (date(2026, 10, 1), 2026, date(2025, 12, 31)),
        (date(2026, 10, 2), 2027, date(2026, 12, 31)),
    ],
)
def test_the_programme_of_the_year_is_looked_for_then_the_next_one_s(
    cast: Cast, on: date, year: int, due_on: date
) -> None:
    made = a_convention(cast, declared_on=date(2025, 12, 31))
    with time_machine.travel(on, tick=False):
        assert alerts(made) == [("no_programme", due_on)]
        draft = a_programme(cast, year=year)
        # A draft tells nobody that there is a programme.
        assert alerts(made) == [("no_programme", due_on)]
        draft.state = "sent"
        draft.save()
        assert alerts(made) == []


def test_another_landlord_s_programme_or_another_place_is_not_its_own(cast: Cast) -> None:
    made = a_convention(cast, communes=[cast.anzin, cast.valenciennes], declared_on=TODAY)
    a_programme(cast, year=2027, state="sent")
    a_programme(
        cast,
        year=2027,
        landlord=cast.other_landlord,
        commune=cast.valenciennes,
        state="sent",
    )
    rows = list(watched(Convention.objects.filter(pk=made.pk)).select_related("landlord"))
    places = [(one.tax_year, one.places) for one in alerts_of(rows)[made.pk]]
    assert places == [(2027, ("Rives de l’Escaut (Valenciennes)",))]
    # A landlord that was taken over writes under its successor's name.
    cast.landlord.successor = cast.other_landlord
    cast.landlord.save()
    rows = list(watched(Convention.objects.filter(pk=made.pk)).select_related("landlord"))
    assert not rows[0].lacks


def test_a_convention_signed_too_late_for_a_year_owes_no_programme_of_it(cast: Cast) -> None:
    made = a_convention(cast)
    rows = Signature.objects.filter(agreement=made.agreement)
    for last, codes in (
        (date(2027, 1, 1), ["to_declare", "no_programme"]),
        (date(2027, 1, 2), ["to_declare"]),
    ):
        rows.update(signed_on=last)
        assert [code for code, _ in alerts(made)] == codes


def test_what_is_over_suspended_or_replaced_is_watched_for_what_it_is(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    first = a_convention(cast, declared_on=TODAY)
    answers.say_caution(
        first, actor=the_officer(cast), kind="warning", said_on=TODAY, reason="Bilan absent."
    )
    assert alerts(first)[0][0] == "no_programme"  # a warning does not suspend
    answers.say_caution(
        first, actor=the_officer(cast), kind="suspension", said_on=TODAY, reason="Bilan absent."
    )
    assert alerts(first) == [("suspended", TODAY)]
    second = amend_convention(
        first, actor=claire, code="AV", title="Avenant", communes=[cast.anzin], quartiers=[]
    )
    assert alerts(first) == [("suspended", TODAY)]  # until the avenant is signed by all
    second.agreement.signatures.update(signed_on=TODAY)
    assert alerts(first) == []
    second.agreement.ends_on = TODAY - timedelta(days=1)
    second.agreement.save()
    assert alerts(second) == []


def test_people_are_written_to_once_for_each_alert(cast: Cast) -> None:
    officer = an_officer(cast)
    a_convention(cast, signed=False, title="À signer")
    a_convention(cast, title="Sans programme", declared_on=TODAY)
    counts = []
    for days in (0, 0, 1):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            tell_everybody()
        counts.append([len(mails(one)) for one in (cast.luc, cast.karim, officer, cast.claire)])
    assert counts == [[1, 1, 1, 1]] * 3
    (text,) = mails(cast.luc)
    assert "À signer : à signer, le vendredi 1er\xa0janvier\xa02027 au plus tard" in text
    assert "Sans programme : sans programme, le jeudi 31\xa0décembre au plus tard" in text
    assert "Rives de l’Escaut (Anzin)" in text
    assert "Sans programme" not in mails(cast.karim)[0]
    for person in (cast.paul, cast.nadia, cast.sofia, cast.rose):
        assert mails(person) == []
    # The last day has passed: the next one is another alert, told when it comes near.
    with time_machine.travel(datetime(2027, 1, 2, 9, tzinfo=NOW.tzinfo), tick=False):
        tell_everybody()
    assert len(mails(cast.karim)) == 1


def test_the_list_says_by_epci_what_is_unsigned_and_what_has_no_programme(
    cast: Cast, client: Client
) -> None:
    a_convention(cast, signed=False, title="Celle qui attend")
    a_convention(cast, title="Celle sans programme")
    a_convention(
        cast,
        communes=[cast.raismes],
        parties=[cast.landlord, cast.other_town, cast.neighbour],
        title="Celle d’à côté",
    )
    client.force_login(cast.luc)
    (theirs, ours) = client.get(reverse("tfpb:conventions")).context["epcis"]
    assert (ours.name, ours.in_force) == ("Agglomération de l’Escaut", 1)
    assert [one.convention.agreement.title for one in ours.unsigned] == ["Celle qui attend"]
    assert [one.convention.agreement.title for one in ours.without] == ["Celle sans programme"]
    assert [one.convention.agreement.title for one in theirs.without] == ["Celle d’à côté"]
    client.force_login(cast.karim)
    assert len(client.get(reverse("tfpb:conventions")).context["epcis"]) == 1
