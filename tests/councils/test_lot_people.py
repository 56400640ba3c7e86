"""The people whom a draw named: called, answering, replaced, installed, and forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from parvis.councils import lot_papers, lot_people
from parvis.councils.draw_record import canonical, read_record
from parvis.councils.lot_acts import (
    change_draw,
    draw_now,
    reveal,
    seal_draw,
    set_parties,
    set_rules,
)
from parvis.councils.lot_erasing import destroy
from parvis.councils.lot_people import answer, install
from parvis.councils.lot_seed import commitment_of
from parvis.councils.models import (
    Draw,
    DrawnContact,
    DrawnPerson,
    ListedPerson,
    Member,
    MemberContact,
    Term,
)
from parvis.councils.retention import forget_members
from parvis.councils.space_mail import people_of
from parvis.councils.workflow import DrawnState
from parvis.notices import outbox
from parvis.notices.models import Message
from parvis.notices.outbox import Mail
from parvis.partners.rights import Refused
from tests.cast import Cast, make_cast
from tests.councils import lot_scene as scene
from tests.councils.scene import a_body


@pytest.fixture
def draw(cast: Cast) -> Draw:
    return scene.drawn(cast, a_body(cast))


@pytest.mark.django_db
def test_only_those_to_call_have_a_contact(cast: Cast, draw: Draw) -> None:
    assert DrawnContact.objects.count() == 4
    assert not DrawnContact.objects.filter(person__reserve=True).exists()
    assert scene.first_of(draw).contact.phone.startswith(scene.PHONE)


@pytest.mark.django_db
def test_a_letter_gives_a_telephone_to_answer_not_an_address_alone(
    draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(lot_papers, "make_pdf", lambda _, data, **__: given.update(data) or b"")
    draw.runner.phone, draw.runner.email = "03 27 00 00 00", "service@exemple.test"
    lot_papers.letters_paper(draw, [])
    assert given["contact"] == "03 27 00 00 00 ou service@exemple.test"


@pytest.mark.django_db
def test_who_refuses_is_forgotten_and_the_reserve_of_that_seat_comes(
    cast: Cast, draw: Draw
) -> None:
    first, actor = scene.first_of(draw), cast.actor(cast.claire)
    waiting = draw.drawn.filter(reserve=True, seat=1).order_by("rank")[0]
    follower = answer(first, DrawnState.REFUSED, actor=actor)
    assert follower == waiting
    assert not DrawnContact.objects.filter(person=first).exists()
    assert ListedPerson.objects.get(line=first.line).values == {}
    assert (follower.state, follower.replaces_id) == (DrawnState.TO_CALL, first.pk)
    assert DrawnContact.objects.filter(person=follower).exists()
    with pytest.raises(Refused, match="déjà notée"):
        answer(first, DrawnState.UNREACHED, actor=actor)


@pytest.mark.django_db
def test_an_attempt_is_noted_with_its_result(cast: Cast, draw: Draw) -> None:
    first, today = scene.first_of(draw), timezone.localdate()
    given: dict[str, Any] = {"actor": cast.actor(cast.claire), "means": "phone"}
    lot_people.note_attempt(first, on=today, outcome="absent", **given)
    with pytest.raises(ValidationError):
        lot_people.note_attempt(first, on=today, outcome="inventé", **given)
    with pytest.raises(ValidationError, match="pas encore venu"):
        lot_people.note_attempt(first, on=today + timedelta(days=1), outcome="absent", **given)
    assert first.attempts.count() == 1


@pytest.mark.django_db
def test_who_accepts_sits_and_their_contact_moves(cast: Cast, draw: Draw) -> None:
    first, actor, today = scene.first_of(draw), cast.actor(cast.claire), timezone.localdate()
    phone = first.contact.phone
    with pytest.raises(Refused, match="pas encore accepté"):
        install(first, actor=actor, starts_on=today)
    answer(first, DrawnState.ACCEPTED, actor=actor)
    member = install(first, actor=actor, starts_on=today)
    assert (member.origin, member.quartier) == ("tirage", cast.rives)
    assert member.sex in ("F", "H")
    assert member.age_band in ("16-25", "26-39", "40-59", "60+")
    assert MemberContact.objects.get(member=member).phone == phone
    assert Term.objects.get(member=member).seat.kind == "titulaire"
    assert not DrawnContact.objects.filter(person=first).exists()
    assert ListedPerson.objects.get(line=first.line).values == {}


@pytest.mark.django_db
def test_nothing_says_which_line_was_a_member_s_once_they_are_erased(
    cast: Cast, draw: Draw
) -> None:
    """The public record tells the sex of each line, and that of the member is erased."""
    first, actor = scene.first_of(draw), cast.actor(cast.claire)
    answer(first, DrawnState.ACCEPTED, actor=actor)
    member = install(first, actor=actor, starts_on=timezone.localdate())
    outbox.put("essai", people_of([member]), lambda who: Mail("Essai", "Essai"))
    assert Message.objects.filter(person=f"member:{member.pk}").exists()
    forget_members(Member.objects.filter(pk=member.pk))
    first.refresh_from_db()
    assert (first.state, first.member) == (DrawnState.SEATED, None)
    assert not Message.objects.filter(person=f"member:{member.pk}").exists()


@pytest.mark.django_db
def test_without_a_free_seat_nobody_is_installed(cast: Cast, draw: Draw) -> None:
    actor, today = cast.actor(cast.claire), timezone.localdate()
    draw.body.colleges.get(code="habitants").seats.update(closed_on=today)
    first = scene.first_of(draw)
    answer(first, DrawnState.ACCEPTED, actor=actor)
    with pytest.raises(Refused, match="Aucun siège"):
        install(first, actor=actor, starts_on=today)
    assert not MemberContact.objects.exists()


@pytest.mark.django_db
def test_somebody_of_the_reserve_sits_as_suppleant(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    waiting = lot_people.call_substitute(draw.drawn.filter(reserve=True).order_by("rank")[0])
    answer(waiting, DrawnState.ACCEPTED, actor=actor)
    member = install(waiting, actor=actor, starts_on=timezone.localdate())
    assert Term.objects.get(member=member).seat.kind == "suppleant"


@pytest.mark.django_db
def test_an_exhausted_reserve_opens_a_draw_among_those_not_named(cast: Cast) -> None:
    draw, actor = scene.drawn(cast, a_body(cast), reserve=0), cast.actor(cast.claire)
    with pytest.raises(Refused, match="Aucune place"):
        lot_people.begin_again(draw, actor=actor)
    assert answer(scene.first_of(draw), DrawnState.UNREACHED, actor=actor) is None
    second = lot_people.begin_again(draw, actor=actor)
    assert (second.again_of, second.rules["seats"]) == (draw, 1)
    assert ListedPerson.objects.filter(source__draw=second).count() == 20
    set_rules(second, household="foyer", quotas={})
    assert scene.prepared(scene.sifted(second), {}).record is not None
    with pytest.raises(Refused, match="déjà ouvert"):
        lot_people.begin_again(draw, actor=actor)


@pytest.mark.django_db
def test_a_second_draw_keeps_one_person_a_household_and_the_day_of_destruction(cast: Cast) -> None:
    """Twelve couples: whoever lives with somebody who may still sit is not drawn again."""
    raw = ["nom;prenom;adresse;sexe;quartier;naissance"]
    raw += [f"{s} {n};Essai;{n} rue A;{s};QN05921M;1980-01-01" for n in range(12) for s in "FH"]
    actor, draw = cast.actor(cast.claire), scene.begun(cast, a_body(cast), reserve=2)
    scene.with_list(draw, actor, "\n".join(raw).encode())
    scene.prepared(scene.sifted(draw))
    pairs = [(name, commitment_of(value)) for name, value in scene.VALUES.items()]
    set_parties(draw, pairs, actor=actor)
    seal_draw(draw, actor=actor)
    for party in draw.parties.all():
        reveal(party, scene.VALUES[party.name], actor=actor)
    draw = draw_now(draw, actor=actor)
    gone = list(draw.drawn.exclude(state=DrawnState.RESERVE).select_related("draw"))
    while draw.drawn.filter(state=DrawnState.RESERVE).exists():
        gone.append(answer(gone.pop(0), DrawnState.REFUSED, actor=actor) or gone[-1])
    assert answer(gone[-1], DrawnState.REFUSED, actor=actor) is None
    homes = {line: home for line, home, _ in draw.record["preparation"]["people"]}
    sitting = draw.drawn.exclude(state__in=lot_people.ENDINGS)
    taken = {homes[one.line] for one in sitting}
    named = set(draw.drawn.values_list("line", flat=True))
    second = lot_people.begin_again(draw, actor=actor)
    rows = ListedPerson.objects.filter(source__draw=second)
    assert rows.count() == sum(
        1 for line, home in homes.items() if home not in taken and line not in named
    )
    given: dict[str, Any] = {"title": "Suite", "college": "habitants", "inside": True}
    given |= {"youngest": 16, "seats": 1, "reserve": 1}
    with pytest.raises(ValidationError, match="premier tirage"):
        change_draw(second, destroy_on=draw.destroy_on + timedelta(days=1), **given)


@pytest.mark.django_db
def test_nobody_is_picked_in_the_reserve_as_suppleant(cast: Cast, draw: Draw) -> None:
    waiting = list(draw.drawn.filter(reserve=True).order_by("rank"))
    profiles = lot_people.profiles_of(read_record(canonical(draw.record)))
    alike = [one for one in waiting if profiles[one.line] == profiles[waiting[0].line]]
    with pytest.raises(Refused, match=f"n° {alike[0].rank} "):
        lot_people.call_substitute(alike[1])
    assert lot_people.call_substitute(alike[0]).state == DrawnState.TO_CALL


@pytest.mark.django_db
def test_nobody_of_the_reserve_is_called_once_lists_are_destroyed(cast: Cast, draw: Draw) -> None:
    destroy(draw)
    with pytest.raises(Refused):
        answer(scene.first_of(draw), DrawnState.REFUSED, actor=cast.actor(cast.claire))


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_never_call_one_person_twice() -> None:
    cast = make_cast()
    draw = scene.drawn(cast, a_body(cast))
    people = list(draw.drawn.filter(reserve=False).select_related("draw"))
    actor = cast.actor(cast.claire)
    gate = threading.Barrier(8)
    failed: list[Exception] = []

    def refuse(person: DrawnPerson) -> None:
        gate.wait()
        try:
            answer(person, DrawnState.REFUSED, actor=actor)
        except Refused as refused:
            failed.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=refuse, args=(one,)) for one in [*people, *people]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 4
    called = DrawnPerson.objects.filter(draw=draw, replaces__isnull=False)
    assert called.count() == 4
    assert DrawnContact.objects.count() == 4
