"""What a page sends by itself: once whatever happens, in nobody's name, and from our pages only."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.places.locate import locate
from parvis.reports import acts, proofs, sending
from parvis.reports.models import (
    Category,
    Contact,
    DwellingDesk,
    Photo,
    Report,
    SpentChallenge,
    Voice,
)
from parvis.thread.models import Event
from tests.cast import IN_ANZIN, Cast
from tests.reports.pages import picture
from tests.reports.scene import filed, make_public
from tests.reports.test_together import at_once

SEND = "/signaler/envoi/"


@pytest.fixture
def visitor(town: Cast) -> Client:
    """A browser on one of our pages; the map is in memory, as in a process that runs."""
    locate(*IN_ANZIN)
    return Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "same-origin"})


def a_report(**given: Any) -> dict[str, Any]:
    """What the page of a hole in the road sends."""
    return {
        "sent_as": str(uuid.uuid4()),
        "latitude": IN_ANZIN[0],
        "longitude": IN_ANZIN[1],
        "category": "trou_chaussee",
        "text": "Un trou",
        **given,
    }


def solved(client: Client) -> str:
    """A challenge fetched and solved, as the worker of the page does."""
    challenge = Challenge.from_dict(client.get("/signaler/defi/").json())
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


# --- Once ---------------------------------------------------------------------------------------


def test_a_report_is_received_with_its_photos_and_answered_with_link_and_code(
    visitor: Client,
) -> None:
    given = a_report(photos=[picture("a.jpg"), picture("b.jpg")], email="lea@exemple.test")
    answer = visitor.post(SEND, given)
    report = Report.objects.get()
    assert answer.json()["reference"] == report.reference
    assert report.photos.count() == 2
    assert Contact.objects.get().email == "lea@exemple.test"
    assert answer["Cache-Control"] == "private, no-store"
    followed = visitor.get(answer.json()["url"]).content.decode()
    assert answer.json()["code"] in followed


def test_the_same_sending_come_twice_is_one_report_and_the_same_answer(visitor: Client) -> None:
    given = a_report(text="Un trou")
    first = visitor.post(SEND, {**given, "photos": [picture()]})
    again = visitor.post(SEND, {**given, "photos": [picture()]})
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (Report.objects.count(), Photo.objects.count()) == (1, 1)
    assert Event.objects.filter(code="filed").count() == 1


def test_it_is_recognised_even_if_what_it_says_would_be_refused_today(visitor: Client) -> None:
    given = a_report()
    first = visitor.post(SEND, given)
    again = visitor.post(SEND, {"sent_as": given["sent_as"], "category": "licorne"})
    assert again.json() == first.json()


@pytest.mark.django_db(transaction=True)
def test_five_that_arrive_together_are_one_report(visitor: Client) -> None:
    given = a_report()
    proof = solved(visitor)
    answers = at_once(
        5,
        lambda number: (
            Client(headers={"sec-fetch-site": "same-origin"})
            .post(SEND, {**given, "photos": [picture()], "proof": proof})
            .content
        ),
    )
    assert len(set(answers)) == 1
    assert b"reference" in answers[0]
    assert (Report.objects.count(), Voice.objects.count(), Photo.objects.count()) == (1, 1, 1)
    # The files of the four others are gone with them.
    assert len(default_storage.listdir(f"photos/{timezone.localtime():%Y/%m}")[1]) == 2


@pytest.mark.django_db(transaction=True)
def test_five_moi_aussi_of_one_person_that_arrive_together_are_one_voice(town: Cast) -> None:
    report = filed().report
    number = uuid.uuid4()
    voices = at_once(5, lambda _: acts.join_report(report, actor=NOBODY, sent_as=number))
    assert len({voice.pk for voice in voices}) == 1
    report.refresh_from_db()
    assert report.voice_count == Voice.objects.count() == 2


def test_joining_again_with_the_same_number_gives_the_first_voice_back(town: Cast) -> None:
    report = filed().report
    number = uuid.uuid4()
    first = acts.join_report(report, actor=NOBODY, sent_as=number)
    assert acts.join_report(report, actor=NOBODY, sent_as=number) == first
    Report.objects.update(state="settled", closed_at=timezone.now())
    assert acts.join_report(report, actor=NOBODY, sent_as=number) == first


def test_moi_aussi_is_received_once(visitor: Client) -> None:
    report = make_public(filed().report)
    given = {"sent_as": str(uuid.uuid4()), "report": report.reference, "phone": "06 12 34 56 78"}
    first = visitor.post(SEND, given)
    assert visitor.post(SEND, given).json() == first.json()
    report.refresh_from_db()
    assert report.voice_count == 2
    assert Contact.objects.get().phone == "+33612345678"


def test_moi_aussi_that_waited_until_the_report_was_closed_says_so(visitor: Client) -> None:
    report = make_public(filed().report, state="settled", closed_at=timezone.now())
    answer = visitor.post(SEND, {"sent_as": str(uuid.uuid4()), "report": report.reference})
    assert answer.status_code == 422
    assert "est clos" in answer.json()["errors"][""][0]


def test_nobody_joins_by_this_way_what_they_may_not_see(visitor: Client) -> None:
    report = filed().report
    answer = visitor.post(SEND, {"sent_as": str(uuid.uuid4()), "report": report.reference})
    assert answer.status_code == 422
    assert Voice.objects.count() == 1


# --- What is wrong is said, and nothing is stored ------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"sent_as": ""}, "sent_as", "n’a pas de numéro"),
        ({"sent_as": "12"}, "sent_as", "n’est pas lisible"),
        ({"latitude": "", "longitude": ""}, "", "Dites d’abord où"),
        ({"category": "licorne"}, "category", "Choisissez ce qui se passe"),
        ({"email": "lea@"}, "email", "n’est pas complète"),
        ({"website": "http://pub.test"}, "website", "robot"),
        ({"text": "a" * 2001}, "text", "dépasse 2000 caractères"),
    ],
)
def test_a_refusal_names_the_field_and_what_to_do(
    visitor: Client, fields: dict[str, str], name: str, said: str
) -> None:
    answer = visitor.post(SEND, a_report(**fields))
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert said in " ".join(errors[name])
    assert not Report.objects.exists()


def test_a_faulty_photo_is_named(visitor: Client) -> None:
    wrong = picture("plan.jpg")
    wrong.file.truncate(300)
    answer = visitor.post(SEND, a_report(photos=[picture(), wrong]))
    assert "plan.jpg" in answer.json()["errors"]["photos"][0]
    assert not Photo.objects.exists()


def test_words_say_where_when_only_the_quartier_is_known(visitor: Client, town: Cast) -> None:
    given = a_report(latitude="", longitude="", quartier=town.rives.pk, label="Derrière l’école")
    visitor.post(SEND, given)
    report = Report.objects.get()
    assert (report.place_label, report.place_to_confirm) == ("Derrière l’école", True)
    assert list(report.quartiers.all()) == [town.rives]


# --- Whose pages, in whose name ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://testserver"}, 403),
        ({"origin": "http://testserver.evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_pages_are_heard(town: Cast, headers: dict[str, str], status: int) -> None:
    assert Client(headers=headers).post(SEND, a_report()).status_code == status
    assert Report.objects.count() == (1 if status == 200 else 0)


def test_a_session_counts_for_nothing_here(town: Cast, visitor: Client) -> None:
    visitor.force_login(town.karim)
    visitor.post(SEND, a_report())
    event = Event.objects.get(code="filed")
    assert (event.by_id, event.organisation_id) == (None, None)
    hidden = filed().report
    answer = visitor.post(SEND, {"sent_as": str(uuid.uuid4()), "report": hidden.reference})
    assert answer.status_code == 422  # karim reads it; nobody does


# --- Proof of work -----------------------------------------------------------------------------


def test_a_proof_is_taken_once(visitor: Client) -> None:
    proof = solved(visitor)
    assert visitor.post(SEND, a_report(proof=proof)).status_code == 200
    again = visitor.post(SEND, a_report(proof=proof))
    assert (again.status_code, Report.objects.count()) == (422, 1)
    assert "pressez de nouveau" in again.json()["errors"][""][0]
    assert SpentChallenge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_proof_pays_for_one_of_five_reports_that_arrive_together(visitor: Client) -> None:
    proof = solved(visitor)
    at_once(
        5,
        lambda number: Client(headers={"sec-fetch-site": "same-origin"}).post(
            SEND, a_report(proof=proof)
        ),
    )
    assert Report.objects.count() == SpentChallenge.objects.count() == 1


def test_a_proof_is_not_spent_by_what_was_refused(visitor: Client) -> None:
    proof = solved(visitor)
    assert visitor.post(SEND, a_report(proof=proof, email="lea@")).status_code == 422
    assert visitor.post(SEND, a_report(proof=proof)).status_code == 200


def changed(proof: str, **parts: Any) -> str:
    """The same solution, tampered with."""
    whole = json.loads(base64.b64decode(proof))
    whole["challenge"]["parameters"].update(parts)
    return base64.b64encode(json.dumps(whole).encode()).decode()


def test_only_our_own_fresh_and_solved_challenges_are_proofs(
    visitor: Client, monkeypatch: Any
) -> None:
    proof = solved(visitor)
    assert proofs.proof_of(proof)
    end = json.loads(base64.b64decode(proof))["challenge"]["parameters"]["expiresAt"]
    assert proofs.proof_of(changed(proof, expiresAt=end + 3600)) is None
    assert proofs.proof_of(changed(proof, keyPrefix="")) is None
    for wrong in ("", "x", "e30=", "[" * 500, "A" * 3000, base64.b64encode(b"{}").decode()):
        assert proofs.proof_of(wrong) is None
    monkeypatch.setattr("time.time", lambda: end + 1)
    assert proofs.proof_of(proof) is None


def test_without_a_proof_reports_are_taken_but_fewer_in_an_hour(visitor: Client) -> None:
    for _ in range(sending.UNPROVED_AN_HOUR):
        assert visitor.post(SEND, a_report()).status_code == 200
    late = visitor.post(SEND, a_report())
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0
    assert visitor.post(SEND, a_report(proof=solved(visitor))).status_code == 200
    assert Report.objects.count() == sending.UNPROVED_AN_HOUR + 1


def test_where_no_work_is_asked_for_none_is_given_and_the_limit_is_the_wide_one(
    visitor: Client, settings: Any
) -> None:
    settings.CHALLENGE_COST = 0
    assert visitor.get("/signaler/defi/").json() == {}
    for _ in range(sending.REPORTS_AN_HOUR):
        assert visitor.post(SEND, a_report()).status_code == 200
    assert visitor.post(SEND, a_report()).status_code == 429


def test_what_came_before_is_answered_beyond_every_limit(visitor: Client, monkeypatch: Any) -> None:
    given = a_report()
    visitor.post(SEND, given)
    monkeypatch.setattr(sending, "posted_too_often", lambda request: True)
    assert visitor.post(SEND, given).status_code == 200
    assert visitor.post(SEND, a_report()).status_code == 429


def test_old_proofs_are_forgotten(visitor: Client) -> None:
    now = timezone.now()
    SpentChallenge.objects.create(digest="old", expires_at=now - timedelta(minutes=1))
    SpentChallenge.objects.create(digest="new", expires_at=now + timedelta(minutes=1))
    call_command("purge_challenges", verbosity=0)
    assert list(SpentChallenge.objects.values_list("digest", flat=True)) == ["new"]


def test_receiving_takes_at_most_twelve_queries_photos_and_proof_included(
    visitor: Client, django_assert_max_num_queries: Any
) -> None:
    assert visitor.post(SEND, a_report()).status_code == 200  # as in a process once warm
    given = a_report(
        proof=solved(visitor),
        email="lea@exemple.test",
        photos=[picture(f"{n}.jpg") for n in range(5)],
    )
    with django_assert_max_num_queries(40) as counted:
        assert visitor.post(SEND, given).status_code == 200
    asked = [
        query["sql"]
        for query in counted.captured_queries
        if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(asked) <= 12, "\n".join(asked)


def test_what_a_landlord_receives_itself_says_where_to_go(town: Cast, visitor: Client) -> None:
    DwellingDesk.objects.create(
        organisation=town.landlord, handled_here=False, phone="0327000000", hours="9 h à 12 h"
    )
    given = a_report(
        category=Category.objects.filter(in_dwelling=True).exclude(parent=None)[0].code,
        residence=town.tilleuls.pk,
    )
    answer = visitor.post(SEND, given)
    assert answer.status_code == 422
    assert "Escaut Habitat" in str(answer.json())
    assert "0327000000" in str(answer.json())
    assert not Report.objects.exists()
