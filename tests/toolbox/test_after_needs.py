"""Needs: asked in a network, joined by others, answered by a course or closed with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.models import Mandate, Organisation
from parvis.thread.models import Link
from parvis.thread.reading import thread_of
from parvis.toolbox import after_need_acts as acts
from parvis.toolbox.models import Need, NeedVoice
from tests.cast import Cast
from tests.figures.counting import counted
from tests.toolbox.after_scene import a_course, a_need, in_days

URL = "/formations/besoins/"


def told() -> list[str]:
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    return sorted(address for one in mail.outbox for address in one.to)


def joined(cast: Cast, need: Need, who: Any, people: int = 4) -> NeedVoice:
    return acts.join_need(need, actor=cast.actor(who), people=people)


def test_a_perimeter_makes_one_of_the_network_as_a_seat_does(cast: Cast) -> None:
    need = a_need(cast)
    Organisation.objects.filter(pk=cast.association.pk).update(commune=None)
    assert Need.objects.visible_to(cast.actor(cast.rose)).filter(pk=need.pk).exists()
    assert not Need.objects.visible_to(cast.actor(cast.nadia)).filter(pk=need.pk).exists()


def test_a_partner_asks_and_the_network_reads_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.sofia)
    given = {"title": "Repérer l’incurie", "people": "5", "public": "gardiens"}
    assert client.post(f"{URL}nouveau/", given).status_code == 302
    need = Need.objects.get()
    assert (need.organisation, need.coordination) == (cast.town, cast.agglomeration)
    for who, status in (("claire", 200), ("luc", 200), ("rose", 200), ("nadia", 404)):
        client.force_login(getattr(cast, who))
        assert client.get(reverse("toolbox:need", args=[need.pk])).status_code == status, who
    client.force_login(cast.nadia)
    assert "incurie" not in client.get(URL).content.decode()


def test_an_organisation_says_we_too_once_and_corrects_it(cast: Cast, client: Client) -> None:
    need = a_need(cast)
    client.force_login(cast.luc)
    url = reverse("toolbox:need_join", args=[need.pk])
    client.post(url, {"people": "4"})
    client.post(url, {"people": "7", "words": "Dont deux nouveaux."})
    assert list(need.voices.values_list("organisation__name", "people")) == [
        ("Ville d’Anzin", 6),
        ("Escaut Habitat", 7),
    ]
    with pytest.raises(IntegrityError):
        NeedVoice.objects.create(need=need, organisation=cast.landlord, people=1, at=timezone.now())


def test_who_only_reads_does_not_ask(cast: Cast, client: Client) -> None:
    need = a_need(cast)
    client.force_login(cast.rose)
    assert client.get(f"{URL}nouveau/").status_code == 403
    assert client.post(reverse("toolbox:need_join", args=[need.pk])).status_code == 403
    client.force_login(cast.nadia)  # of another network
    assert client.post(reverse("toolbox:need_join", args=[need.pk])).status_code == 404


def test_what_nobody_asks_for_any_more_is_closed(cast: Cast) -> None:
    need = a_need(cast)
    joined(cast, need, cast.luc)
    assert acts.leave_need(need, actor=cast.actor(cast.karim)).state == "open"
    assert acts.leave_need(need, actor=cast.actor(cast.luc)).state == "closed"


def test_the_coordination_reads_the_demand_by_theme_and_organisation(
    cast: Cast, client: Client
) -> None:
    need = a_need(cast)
    joined(cast, need, cast.luc, people=11)
    client.force_login(cast.claire)
    page = client.get(URL).content.decode()
    assert "La demande en attente" in page
    assert "Escaut Habitat" in page
    for who in (cast.karim, cast.luc):
        client.force_login(who)
        assert "La demande en attente" not in client.get(URL).content.decode()


def test_who_asked_is_told_once_when_the_course_is_published(cast: Cast, client: Client) -> None:
    need = a_need(cast)
    joined(cast, need, cast.luc)
    told()
    course = a_course(cast, starts=(in_days(10),), of=cast.agglomeration, public=False)
    client.force_login(cast.claire)
    client.post(reverse("toolbox:need_answer", args=[need.pk]), {"course": course.pk})
    need.refresh_from_db()
    assert need.state == "answered"
    call_command("follow_courses")
    assert told() == []  # not published yet
    course.published_at = timezone.now()
    course.save()
    call_command("follow_courses")
    call_command("follow_courses")
    assert told() == ["karim@exemple.test", "luc@exemple.test"]
    steps = thread_of(cast.actor(cast.karim), "need", need.pk)
    assert {(one.kind, one.id) for one in steps} == {("need", need.pk), ("course", course.pk)}


def test_two_needs_that_one_course_answers_are_told_once(cast: Cast) -> None:
    course = a_course(cast, starts=(in_days(10),), of=cast.agglomeration)
    for title in ("Parler d’un impayé", "Dire non"):
        acts.answer_need(a_need(cast, title=title), actor=cast.actor(cast.claire), course=course)
    assert told() == ["karim@exemple.test"]
    assert Link.objects.filter(target_kind="course", target_id=course.pk).count() == 2


def test_when_who_asked_has_left_the_organisation_is_told(cast: Cast) -> None:
    need = a_need(cast)
    Mandate.objects.filter(person=cast.karim).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    course = a_course(cast, starts=(in_days(10),), of=cast.agglomeration)
    acts.answer_need(need, actor=cast.actor(cast.claire), course=course)
    assert told() == ["sofia@exemple.test"]


def test_a_need_is_closed_with_a_reason_that_is_told(cast: Cast, client: Client) -> None:
    need = a_need(cast)
    client.force_login(cast.claire)
    url = reverse("toolbox:need_close", args=[need.pk])
    assert client.post(url, {"reason": " "}).status_code == 200
    client.post(url, {"reason": "Le CNFPT le propose déjà."})
    assert told() == ["karim@exemple.test"]
    assert "CNFPT" in str(mail.outbox[0].body)
    with pytest.raises(IntegrityError):
        Need.objects.filter(pk=need.pk).update(reason="")


def test_only_its_coordination_answers(cast: Cast, client: Client) -> None:
    need = a_need(cast)
    for who, status in (("karim", 403), ("luc", 403), ("bruno", 404)):
        client.force_login(getattr(cast, who))
        for name in ("need_answer", "need_close"):
            answer = client.post(reverse(f"toolbox:{name}", args=[need.pk]))
            assert answer.status_code == status, who


def test_a_draft_of_others_answers_nothing(cast: Cast, client: Client) -> None:
    need = a_need(cast)
    hidden = a_course(cast, starts=(in_days(9),), of=cast.other_town, public=False)
    client.force_login(cast.claire)
    client.post(reverse("toolbox:need_answer", args=[need.pk]), {"course": hidden.pk})
    need.refresh_from_db()
    assert need.state == "open"


def test_a_thousand_needs_are_listed_in_as_many_queries(cast: Cast, client: Client) -> None:
    a_need(cast)
    client.force_login(cast.claire)
    with counted() as few:
        client.get(URL)
    now = timezone.now()
    rows = Need.objects.bulk_create(
        Need(title=f"N{n}", organisation=cast.town, coordination=cast.agglomeration, at=now)
        for n in range(1000)
    )
    NeedVoice.objects.bulk_create(
        NeedVoice(need=one, organisation=cast.town, people=2, at=now) for one in rows
    )
    with counted() as many:
        page = client.get(URL).content.decode()
    assert len(many) == len(few) < 12
    assert "Voir la suite" in page
