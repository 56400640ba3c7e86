"""What a body brings to the préfet: its own until it is sent, then followed step by step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import challenge_acts as acts
from parvis.councils.challenge_rules import rule_on, steps
from parvis.councils.models import Body, Challenge, ChallengeStep
from parvis.notices.models import Envelope
from parvis.partners.models import Agreement, Organisation, Signature
from parvis.partners.rights import Refused, fetch
from parvis.thread.models import Event, Link
from parvis.thread.reading import due_for, rows_lying
from parvis.thread.register import Where, kind_of
from tests.cast import Cast
from tests.councils import challenge_scene as scene
from tests.councils.scene import a_body, hugo_in, other_body
from tests.meetings.scene import convened

pytestmark = pytest.mark.django_db


def due(actor: Any) -> list[tuple[int, date | None]]:
    found = [one for span in due_for(actor) for one in span.first if one.kind == "challenge"]
    return [(one.id, one.due_on) for one in found]


@pytest.mark.parametrize("make", [scene.drafted, scene.adopted])
def test_nobody_but_the_body_hears_of_a_case_before_it_is_sent(cast: Cast, make: Any) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    other_body(cast)
    case = make(body)
    service = scene.prefecture()
    officer, _ = scene.officer(service)
    # Even if it were known already who will receive it.
    Challenge.objects.filter(pk=case.pk).update(prefet=service)
    for one in (cast.town, cast.agglomeration, cast.landlord):
        ChallengeStep.objects.create(challenge=case, code="mayor", organisation=one)
    before = Event.objects.filter(thing_kind="challenge").count() + Link.objects.count()
    assert before == 0
    assert not Envelope.objects.exists()
    pages = [
        reverse("councils:challenges"),
        reverse("councils:body_challenges", args=[body.pk]),
        reverse("councils:body", args=[body.pk]),
    ]
    its_own = reverse("councils:challenge", args=[case.pk])
    where = Where(quartiers=frozenset([cast.rives.pk]))
    people = ["claire", "karim", "bruno", "lila", "luc", "nadia"]
    for person in [*(getattr(cast, who) for who in people), officer, None]:
        client = Client()
        if person:
            client.force_login(person)
            actor = cast.actor(person)
            assert not kind_of("challenge").rows(actor).exists()
            assert not due(actor)
            assert not list(rows_lying(actor, where, ["challenge"]))
        for page in pages:
            assert "marquetout" not in client.get(page).content.decode()
        assert client.get(its_own).status_code == 404
        assert client.get(f"{its_own}pdf/").status_code == 404
    for person in (cast.yasmine, cast.hugo):
        client = Client()
        client.force_login(person)
        assert client.get(its_own).status_code == 200
        assert "marquetout" in client.get(pages[1]).content.decode()


def test_the_text_is_written_by_members_and_stands_still_once_adopted(cast: Cast) -> None:
    body = a_body(cast)
    case = acts.adopt_challenge(scene.drafted(body), adopted_on=timezone.localdate())
    with pytest.raises(Refused, match="adopté"):
        acts.write_challenge(body, case, title="Autre", text="Autre")
    case = acts.reopen_challenge(case)
    with pytest.raises(Refused, match="adopter"):
        acts.send_challenge(case, actor=cast.actor(cast.yasmine), prefet=scene.prefecture())
    assert acts.write_challenge(body, case, title="Autre", text="Autre").title == "Autre"
    for fields in ({"sent_at": timezone.now()}, {"published_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Challenge.objects.filter(pk=case.pk).update(**fields)
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(cast.hugo)
    there = reverse("councils:new_challenge", args=[body.pk])
    assert client.post(there, {"title": "Le bus", "text": "Il ne passe plus."}).status_code == 302
    assert client.post(reverse("councils:adopt_challenge", args=[case.pk])).status_code == 403


def test_the_file_stays_until_it_is_replaced_or_taken_away(cast: Cast) -> None:
    case = scene.drafted(a_body(cast))
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(cast.hugo)
    there, given = reverse("councils:edit_challenge", args=[case.pk]), {"title": "T", "text": "T"}

    def kept() -> str:
        return str(Challenge.objects.get(pk=case.pk).file.name)

    wrong = SimpleUploadedFile("courrier.exe", b"MZ")
    assert "pas accepté" in client.post(there, {**given, "file": wrong}).content.decode()
    client.post(there, {**given, "file": SimpleUploadedFile("courrier.pdf", b"%PDF-1.7")})
    name = kept()
    assert name.endswith(".pdf")
    assert name not in client.get(there).content.decode()  # a file is served under rights only
    client.post(there, given)
    assert kept() == name
    client.post(there, {**given, "drop_file": "on"})
    assert kept() == ""
    assert client.get(reverse("councils:challenge_file", args=[case.pk])).status_code == 404


def test_before_the_law_there_is_no_rule(cast: Cast) -> None:
    assert rule_on(date(2017, 1, 28)) is None
    assert rule_on(date(2017, 1, 29)) is not None
    body = a_body(cast)
    with pytest.raises(Refused, match="27 janvier 2017"):
        acts.adopt_challenge(scene.drafted(body), adopted_on=date(2017, 1, 27))
    case = scene.adopted(body)
    early = timezone.now().replace(year=2017, month=1, day=20)
    with pytest.raises(Refused, match="27 janvier 2017"):
        acts.send_challenge(
            case, actor=cast.actor(cast.yasmine), prefet=scene.prefecture(), now=early
        )
    with pytest.raises(Refused, match="service de l’État"):
        acts.send_challenge(case, actor=cast.actor(cast.yasmine), prefet=cast.town)
    # No delay was read in the law: none is given.
    assert all(one.days is None for one in steps().values())


def signed_by(cast: Cast, *organisations: Organisation) -> Agreement:
    made = Agreement.objects.create(code="CV", title="Contrat de ville Essai")
    for one in organisations:
        Signature.objects.create(agreement=made, organisation=one)
    return made


def test_the_steps_are_those_of_the_communes_the_agglomeration_and_the_signatories(
    cast: Cast,
) -> None:
    agreement = signed_by(cast, cast.agglomeration, cast.town, cast.landlord)
    case = scene.sent(cast, a_body(cast, agreement=agreement))
    found = [(one.code, one.organisation) for one in case.steps.order_by("pk")]
    # Rives crosses three communes, two of which have a town on the platform.
    towns = [cast.town, cast.other_town]
    assert found == [
        *(("mayor", one) for one in towns),
        ("epci", cast.agglomeration),
        ("signatories", cast.landlord),
        ("copil", cast.agglomeration),
        *(("municipal_council", one) for one in towns),
        ("community_council", cast.agglomeration),
        ("answer", case.prefet),
    ]
    assert not case.steps.filter(due_on__isnull=False).exists()
    assert case.rule == "2017"
    letter = Envelope.objects.get()
    assert (letter.address, case.text in letter.text) == ("prefecture@exemple.test", True)


def test_each_writes_their_steps_and_who_follows_writes_all(cast: Cast) -> None:
    service = scene.prefecture(email="")
    officer, state = scene.officer(service)
    case = scene.sent(cast, a_body(cast), service)
    mayor, copil = scene.step_of(case, "mayor"), scene.step_of(case, "copil")
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(cast.karim)

    def page(step: Any) -> str:
        return reverse("councils:challenge_step", args=[case.pk, step.pk])

    assert client.get(page(mayor)).status_code == 200
    assert client.get(page(copil)).status_code == 403
    client.force_login(cast.lila)
    assert client.get(page(mayor)).status_code == 404
    client.force_login(officer)
    sitting = convened(cast)
    assert client.post(page(copil), {"sitting": sitting.pk}).status_code == 200  # not theirs to see
    today = str(timezone.localdate())
    Envelope.objects.all().delete()
    assert client.post(page(mayor), {"done_on": today}).status_code == 302
    assert {one.address for one in Envelope.objects.all()} == {
        cast.karim.email,
        cast.sofia.email,
    }
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="avenir"):
        acts.write_step(case, copil, actor=state, done_on=tomorrow)
    acts.write_step(case, copil, actor=cast.actor(cast.claire), sitting=sitting, outcome="Revu.")
    assert Link.objects.filter(source_kind="challenge", target_kind="sitting").exists()


def test_who_owes_a_step_finds_it_among_what_is_due(cast: Cast) -> None:
    service = scene.prefecture()
    _, state = scene.officer(service)
    yasmine, karim = cast.actor(cast.yasmine), cast.actor(cast.karim)
    case = scene.sent(cast, a_body(cast), service)
    assert due(state) == [(case.pk, None)]  # the answer, without a day
    assert due(karim) == []
    late = timezone.localdate() - timedelta(days=1)
    debate = scene.step_of(case, "municipal_council")
    acts.write_step(case, debate, actor=yasmine, due_on=late)
    assert due(karim) == [(case.pk, late)]
    assert due(cast.actor(cast.nadia)) == due(cast.actor(cast.claire)) == []
    # What is passed on is owed by the préfet's service, not by who receives it.
    acts.write_step(case, scene.step_of(case, "mayor"), actor=yasmine, due_on=late)
    assert due(karim) == [(case.pk, late)]
    assert (case.pk, late) in due(state)
    client = Client()
    client.force_login(cast.karim)
    assert "une étape en retard" in client.get(reverse("councils:challenges")).content.decode()
    acts.write_step(case, debate, actor=karim, done_on=timezone.localdate())
    assert due(karim) == []


def test_the_service_answers_once_and_the_body_chooses_to_publish(cast: Cast) -> None:
    service = scene.prefecture()
    officer, state = scene.officer(service)
    case = scene.sent(cast, a_body(cast), service)
    stranger = Client()
    url = reverse("councils:challenge", args=[case.pk])
    client = Client(headers={"sec-fetch-site": "same-origin"})
    given = {"answer": "Le bailleur est réuni.", "answered_on": str(timezone.localdate())}
    client.force_login(cast.karim)
    assert client.post(f"{url}repondre/", given).status_code == 403
    client.force_login(officer)
    assert client.post(f"{url}publier/", {"montrer": "oui"}).status_code == 403
    assert client.post(f"{url}repondre/", given).status_code == 302
    assert due(state) == []
    with pytest.raises(Refused, match="déjà"):
        acts.answer_challenge(case, actor=state, answer="Encore", answered_on=timezone.localdate())
    assert Envelope.objects.filter(address=cast.yasmine.email).exists()
    assert stranger.get(url).status_code == 404
    client.force_login(cast.yasmine)
    client.post(f"{url}publier/", {"montrer": "oui"})
    assert "Le bailleur est réuni." in stranger.get(url).content.decode()
    assert stranger.get(f"{url}pdf/").content.startswith(b"%PDF")
    client.post(f"{url}publier/", {"montrer": "non"})
    assert stranger.get(url).status_code == 404


def test_a_list_costs_the_same_whatever_it_holds(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    body = a_body(cast)
    now, service = timezone.now(), scene.prefecture()
    Challenge.objects.bulk_create(
        Challenge(
            body=body, title=f"Cas {number}", text="Essai", written_at=now, sent_at=now,
            rule="2017", adopted_on=timezone.localdate(), prefet=service, published_at=now,
        )
        for number in range(100)
    )  # fmt: skip
    with django_assert_max_num_queries(5):
        page = client.get(reverse("councils:challenges")).content.decode()
    assert page.count("<li>") >= 30
    assert 'rel="next"' in page
    with pytest.raises(ValidationError):
        acts.write_challenge(body, title="", text="")
    assert fetch(Body.objects.all(), cast.actor(cast.hugo), "enter", pk=body.pk)
