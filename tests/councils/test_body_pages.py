"""What each reader finds on the pages of a body, and of its members what these show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from parvis.councils import body_acts
from parvis.councils.models import Body, CouncilSeat, Member, Recognition, Term
from parvis.partners.models import Organisation, PersonalReading
from parvis.thread.reading import due_for
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, hugo_in, other_body, seats_of

READERS = ("", "lila", "bruno", "karim", "claire", "hugo", "yasmine")
INSIDE = {"hugo", "yasmine"}


def read(cast: Cast, who: str, path: str) -> Any:
    """What this person gets there; a stranger when nobody is named."""
    client = Client()
    if who:
        client.force_login(getattr(cast, who))
    return client.get(path)


def post(cast: Cast, who: str, path: str, data: Any = None) -> Any:
    """What this person gets when they press a button there."""
    client = Client()
    client.force_login(getattr(cast, who))
    return client.post(path, data or {})


def seated(cast: Cast, body: Body, **fields: Any) -> Member:
    member = a_member(body, "Aline Secret", **fields)
    free = next(seat for seat in seats_of(body) if not seat.terms.exists())
    actor, today = cast.actor(cast.yasmine), timezone.localdate()
    body_acts.seat_member(free, member, actor=actor, starts_on=today)
    return member


@pytest.mark.parametrize("shown", Member.Shown.values)
def test_of_a_member_each_reader_finds_what_the_member_chose(cast: Cast, shown: str) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    contact = {"email": "aline@exemple.test", "phone": "06 00 00 00 01", "address": "3 rue Essai"}
    member = seated(cast, body, shown=shown, contact=contact)
    paths = [f"/participation/{body.pk}/", f"/participation/quartiers/{cast.rives.pk}/"]
    paths.append(f"/participation/{body.pk}/composition/")
    for who in READERS:
        for path in paths:
            answer = read(cast, who, path)
            if answer.status_code != 200:
                assert path.endswith("/composition/")
                continue
            page = answer.content.decode()
            inside = who in INSIDE
            assert ("Aline" in page) == (inside or shown != "nothing"), (who, path)
            assert ("Secret" in page) == (inside or shown == "name"), (who, path)
            assert (str(member) in page.lower()) == (not inside and shown == "nothing"), (who, path)
            for private in contact.values():
                assert private not in page, (who, path)


def test_how_to_reach_a_member_is_for_them_and_the_animator(cast: Cast) -> None:
    body = a_body(cast)
    mine = hugo_in(cast, body, contact={"phone": "06 00 00 00 02"})
    other = seated(cast, body, contact={"phone": "06 00 00 00 01"})
    page = f"/participation/membres/{other.pk}/"
    for who in ("lila", "bruno", "karim", "claire"):
        assert read(cast, who, page).status_code == 403
        assert read(cast, who, f"{page}coordonnees/").status_code == 403
        assert post(cast, who, f"{page}joindre/").status_code == 403
    assert "06 00 00 00 01" in post(cast, "yasmine", f"{page}joindre/").content.decode()
    # Hugo knows who sits beside him, and reaches himself alone.
    assert "06 00 00 00 01" not in read(cast, "hugo", page).content.decode()
    assert read(cast, "hugo", f"{page}coordonnees/").status_code == 403
    assert post(cast, "hugo", f"{page}joindre/").status_code == 403
    own = f"/participation/membres/{mine.pk}/"
    assert "06 00 00 00 02" in read(cast, "hugo", own).content.decode()
    assert read(cast, "", own).status_code == 302


def test_a_member_s_contact_shows_by_a_button_and_that_is_logged(cast: Cast) -> None:
    body = a_body(cast)
    mine = hugo_in(cast, body, contact={"phone": "06 00 00 00 02"})
    other = seated(cast, body, contact={"phone": "06 00 00 00 01"})
    page = f"/participation/membres/{other.pk}/"
    assert "06 00 00 00 01" not in read(cast, "yasmine", page).content.decode()
    form = read(cast, "yasmine", f"{page}coordonnees/")
    assert (form.status_code, form["Location"]) == (302, page)
    assert not PersonalReading.objects.exists()
    shown = post(cast, "yasmine", f"{page}joindre/")
    assert "no-store" in shown["Cache-Control"]
    opened = post(cast, "yasmine", f"{page}coordonnees/", {"ouvrir": ""})
    assert 'value="06 00 00 00 01"' in opened.content.decode()
    logged = PersonalReading.objects.values_list("kind", "thing_id", "person", "organisation")
    assert list(logged) == [("member", other.pk, cast.yasmine.pk, body.organisation_id)] * 2
    assert "Secret" not in "".join(PersonalReading.objects.values_list("about", flat=True))
    # One's own form opens at once, and is nobody's reading.
    own = f"/participation/membres/{mine.pk}/coordonnees/"
    assert "06 00 00 00 02" in read(cast, "hugo", own).content.decode()
    assert PersonalReading.objects.count() == 2


def test_a_member_chooses_and_the_animator_for_them(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    mine, other = hugo_in(cast, body), seated(cast, body)
    client.force_login(cast.hugo)
    address = f"/participation/membres/{mine.pk}/montrer/"
    client.post(address, {"shown": "first_name"})
    mine.refresh_from_db()
    assert mine.public_name == "Hugo"
    refused = client.post(f"/participation/membres/{other.pk}/montrer/", {"shown": "name"})
    assert refused.status_code == 403
    client.force_login(cast.yasmine)
    client.post(f"/participation/membres/{other.pk}/montrer/", {"shown": "name"})
    other.refresh_from_db()
    assert other.public_name == "Aline Secret"
    # The coordination composes, and shows nobody.
    client.force_login(cast.claire)
    assert client.post(address, {"shown": "name"}).status_code == 403


def test_a_body_that_is_not_published_is_its_own_and_its_coordination_s(cast: Cast) -> None:
    body = a_body(cast, public=False)
    body.rules_file.save("reglement.pdf", ContentFile(b"%PDF-1.7 essai"))
    act = Recognition(body=body, signed_on=timezone.localdate(), authority=cast.town)
    act.file.save("arrete.pdf", ContentFile(b"%PDF-1.7 essai"))
    page = f"/participation/{body.pk}/"
    for path in (page, f"{page}reglement/", f"{page}arretes/{act.pk}/"):
        for who in ("", "lila", "luc"):
            assert read(cast, who, path).status_code == 404, (who, path)
        for who in ("claire", "yasmine", "hugo"):
            assert read(cast, who, path).status_code == 200, (who, path)
    listed = "Conseil citoyen des Rives"
    for path in ("/participation/", f"/participation/quartiers/{cast.rives.pk}/"):
        assert listed not in read(cast, "lila", path).content.decode()
        assert listed in read(cast, "claire", path).content.decode()


def test_the_files_of_another_body_are_not_there(cast: Cast) -> None:
    ours, theirs = a_body(cast), other_body(cast)
    act = Recognition(body=theirs, signed_on=timezone.localdate(), authority=cast.town)
    act.file.save("arrete.pdf", ContentFile(b"%PDF-1.7 essai"))
    assert read(cast, "", f"/participation/{ours.pk}/arretes/{act.pk}/").status_code == 404
    assert read(cast, "", f"/participation/{ours.pk}/reglement/").status_code == 404


def many_bodies(cast: Cast, count: int) -> None:
    """So many public bodies on the Faubourg, with a seat each."""
    kind = Organisation.Kind.PARTICIPATION
    hosts = Organisation.objects.bulk_create(
        Organisation(name=f"Collectif Essai {step}", kind=kind) for step in range(count)
    )
    shared = {"coordinator": cast.agglomeration, "form": "collectif", "regime": "2024"}
    now = timezone.now()
    shared |= {"created_on": timezone.localdate(), "published_at": now}
    bodies = Body.objects.bulk_create(Body(organisation=one, **shared) for one in hosts)
    through = Body.quartiers.through
    lying = (through(body_id=one.pk, quartier_id=cast.faubourg.pk) for one in bodies)
    through.objects.bulk_create(lying)


def test_the_list_asks_the_same_of_ten_bodies_and_of_a_thousand(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    a_body(cast)
    many_bodies(cast, 9)
    with django_assert_num_queries(5):
        assert "Voir la suite" not in client.get("/participation/").content.decode()
    many_bodies(cast, 990)
    with django_assert_num_queries(5):
        page = client.get("/participation/").content.decode()
    assert "Voir la suite" in page
    assert page.count("Collectif Essai") == 30
    assert (
        "Conseil citoyen"
        in client.get(f"/participation/?quartier={cast.rives.pk}").content.decode()
    )


def test_the_page_of_a_body_asks_the_same_whatever_its_seats(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    body = a_body(cast)
    page = f"/participation/{body.pk}/"
    with django_assert_num_queries(7):
        client.get(page)
    college = body.colleges.get(code="habitants")
    seats = body_acts.open_seats(college, CouncilSeat.Kind.TITULAIRE, 60)
    members = Member.objects.bulk_create(
        Member(body=body, number=100 + step, origin="volontaire") for step in range(60)
    )
    today = timezone.localdate()
    Term.objects.bulk_create(
        Term(seat=seat, member=member, regime="2024", starts_on=today)
        for seat, member in zip(seats, members, strict=True)
    )
    with django_assert_num_queries(7):
        client.get(page)


def due(cast: Cast, who: str) -> list[tuple[str, int]]:
    spans = due_for(cast.actor(getattr(cast, who)))
    return [(one.state, one.id) for span in spans for one in span.first if one.kind == "body"]


def test_what_a_body_waits_for_is_told_to_it_and_its_coordination_alone(cast: Cast) -> None:
    body = a_body(cast)
    for who in ("yasmine", "claire"):
        assert due(cast, who) == [("vacant", body.pk)]
    for who in ("hugo", "lila", "bruno", "karim"):
        assert due(cast, who) == []
    CouncilSeat.objects.filter(college__body=body).update(closed_on=timezone.localdate())
    assert due(cast, "claire") == []
    Body.objects.filter(pk=body.pk).update(regime="2014")
    assert due(cast, "claire") == [("unrecognised", body.pk)]
    Body.objects.filter(pk=body.pk).update(closed_on=timezone.localdate())
    assert due(cast, "claire") == []


@pytest.mark.parametrize(("days", "told"), [(60, True), (61, False)])
def test_terms_that_end_within_sixty_days_are_due(cast: Cast, days: int, told: bool) -> None:
    body = a_body(cast)
    member = seated(cast, body)
    end = timezone.localdate() + timedelta(days=days)
    Term.objects.filter(member=member).update(expires_on=end)
    free = CouncilSeat.objects.filter(college__body=body, terms=None)
    free.update(closed_on=timezone.localdate())
    assert due(cast, "yasmine") == ([("ending", body.pk)] if told else [])


def test_the_tabs_of_a_body_are_those_that_each_reader_may_open(cast: Cast) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    for who, theirs, kept in (
        ("hugo", {"documents-dus", "notes", "avis"}, {"composition"}),
        ("yasmine", {"documents-dus", "notes", "avis", "composition"}, set()),
        ("claire", {"documents-dus", "composition"}, {"notes", "avis"}),
        ("karim", {"suites"}, {"documents-dus", "notes", "avis", "composition"}),
    ):
        page = read(cast, who, f"/participation/{body.pk}/").content.decode()
        for name in theirs | kept:
            assert (f'href="/participation/{body.pk}/{name}/"' in page) is (name in theirs), (
                who,
                name,
            )
            if name in theirs:
                assert read(cast, who, f"/participation/{body.pk}/{name}/").status_code == 200
