"""Creating a body, composing it, changing who sits, and ending it: by whom, and all or nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from parvis.councils import body_acts, body_changes, member_acts
from parvis.councils.models import Body, CouncilSeat, Expense, Member, MemberContact, Term
from parvis.partners.models import Organisation
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, hugo_in, other_body, seats_of

START = date(2025, 4, 1)
END = date(2026, 1, 31)


def seated(cast: Cast, seat: CouncilSeat, name: str = "Membre Essai", **fields: Any) -> Term:
    member = a_member(seat.college.body, name, **fields)
    actor = cast.actor(cast.yasmine)
    return body_acts.seat_member(seat, member, actor=actor, starts_on=START)


def created(cast: Cast, client: Client, **changes: Any) -> Any:
    client.force_login(cast.claire)
    data = {
        "name": "Collectif du Canal",
        "commune": cast.anzin.pk,
        "form": "collectif",
        "created_on": "2025-03-01",
        "regime": "2024",
        "quartiers": [cast.rives.pk],
        **changes,
    }
    return client.post("/participation/creer/", data)


def test_the_coordination_creates_a_body_that_nobody_else_sees_yet(
    cast: Cast, client: Client
) -> None:
    answer = created(cast, client)
    body = Body.objects.get()
    assert answer["Location"] == f"/participation/{body.pk}/composition/"
    assert body.organisation.kind == Organisation.Kind.PARTICIPATION
    assert body.coordinator == cast.agglomeration
    assert set(body.colleges.values_list("code", flat=True)) == {"habitants", "acteurs"}
    assert Client().get(f"/participation/{body.pk}/").status_code == 404
    client.post(f"/participation/{body.pk}/publier/")
    assert Client().get(f"/participation/{body.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"regime": "2014"}, "Ce jour-là, pour cette forme"),
        ({"created_on": "2015-03-01"}, "Aucun régime ne vaut à cette date pour cette forme."),
        ({"name": ""}, "Donnez un nom"),
        ({"quartiers": []}, "Quartiers"),
    ],
)
def test_a_body_that_cannot_be_is_refused_in_words(
    cast: Cast, client: Client, changes: dict[str, Any], words: str
) -> None:
    answer = created(cast, client, **changes)
    assert words in answer.content.decode()
    assert not Body.objects.exists()
    assert not Organisation.objects.filter(name="Collectif du Canal").exists()


def test_the_organisation_of_another_agglomeration_is_not_offered(
    cast: Cast, client: Client
) -> None:
    other = Organisation.objects.create(
        name="Collectif de Raismes", kind="participation", commune=cast.raismes
    )
    assert created(cast, client, organisation=other.pk).status_code == 200
    assert not Body.objects.exists()


def test_only_the_animator_and_the_coordination_write(cast: Cast) -> None:
    body = a_body(cast)
    seat = seats_of(body)[0]
    paths = ["modifier/", "dissoudre/", "regime/", "arretes/ajouter/", "composition/", "sieges/"]
    paths += ["membres/", f"sieges/{seat.pk}/"]
    for who, wanted in {
        "yasmine": 200,
        "claire": 200,
        "hugo": 403,
        "lila": 403,
        "bruno": 403,
    }.items():
        client = Client()
        client.force_login(getattr(cast, who))
        for path in paths:
            assert client.get(f"/participation/{body.pk}/{path}").status_code == wanted, (who, path)


def test_the_seat_of_another_body_is_not_composed_from_here(cast: Cast, client: Client) -> None:
    ours, theirs = a_body(cast), other_body(cast)
    seat = seats_of(theirs)[0]
    term = seated(cast, seats_of(theirs)[1])
    client.force_login(cast.claire)
    for path in (f"sieges/{seat.pk}/", f"mandats/{term.pk}/"):
        assert client.get(f"/participation/{ours.pk}/{path}").status_code == 404
    member = a_member(theirs)
    own = seats_of(ours)[0]
    client.post(
        f"/participation/{ours.pk}/sieges/{own.pk}/",
        {"member": member.pk, "starts_on": "2025-04-01"},
    )
    assert not own.terms.exists()


def test_the_coordination_writes_a_contact_once_and_reads_it_no_more(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    seat = seats_of(body)[0]
    client.force_login(cast.claire)
    data = {"first_name": "Aline", "last_name": "Secret", "phone": "06 00 00 00 01"}
    data |= {"origin": "volontaire", "sex": "F", "seat": seat.pk, "starts_on": "2025-04-01"}
    client.post(f"/participation/{body.pk}/membres/", data)
    member = Member.objects.get()
    assert MemberContact.objects.get().phone == "06 00 00 00 01"
    assert seat.terms.get().member == member
    paths = ["composition/", f"mandats/{seat.terms.get().pk}/", ""]
    for path in paths:
        page = client.get(f"/participation/{body.pk}/{path}").content.decode()
        assert "Aline" not in page
        assert "membre n° 1" in page.lower()


def test_a_member_who_cannot_be_seated_is_not_written_down_either(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    body_changes.change_regime(
        body, "2024_tirage", actor=cast.actor(cast.claire), since=date(2025, 6, 1)
    )
    client.force_login(cast.yasmine)
    data = {"first_name": "Aline", "origin": "volontaire", "starts_on": "2025-04-01"}
    data["seat"] = str(seats_of(body)[0].pk)
    answer = client.post(f"/participation/{body.pk}/membres/", data)
    assert "sous un autre régime" in answer.content.decode()
    assert not Member.objects.exists()


def test_the_substitute_takes_the_seat_the_next_day_in_one_go(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    seat, spare = seats_of(body)[0], seats_of(body, kind="suppleant")[0]
    left, heir = seated(cast, seat), seated(cast, spare, "Ines Essai")
    Term.objects.filter(pk=left.pk).update(expires_on=date(2027, 3, 31))
    client.force_login(cast.yasmine)
    client.post(
        f"/participation/{body.pk}/mandats/{left.pk}/",
        {"reason": "moved_out", "ends_on": END.isoformat(), "heir": heir.pk},
    )
    left.refresh_from_db()
    heir.refresh_from_db()
    assert (left.ends_on, left.reason) == (END, "moved_out")
    assert (heir.ends_on, heir.reason) == (END, "promoted")
    new = seat.terms.get(ends_on=None)
    assert new.member == heir.member
    assert (new.starts_on, new.expires_on) == (END + timedelta(days=1), date(2027, 3, 31))


def test_when_the_substitute_cannot_sit_the_term_has_not_ended(cast: Cast) -> None:
    body = a_body(cast)
    left = seated(cast, seats_of(body)[0])
    heir = seated(cast, seats_of(body, kind="suppleant")[0])
    other = seated(cast, seats_of(body, "acteurs", "suppleant")[0])
    actor = cast.actor(cast.yasmine)
    cases = [(other, END), (heir, START - timedelta(days=1))]
    for who, day in cases:
        with pytest.raises(ValidationError):
            member_acts.replace_holder(left, actor=actor, ends_on=day, reason="refusal", heir=who)
    left.refresh_from_db()
    heir.refresh_from_db()
    assert (left.ends_on, heir.ends_on) == (None, None)


def test_substitutes_of_the_same_quartier_come_first(cast: Cast) -> None:
    body = a_body(cast, quartiers=[cast.rives, cast.faubourg])
    college = body.colleges.get(code="habitants")
    (seat,) = body_acts.open_seats(college, CouncilSeat.Kind.TITULAIRE, 1, quartier=cast.faubourg)
    body_acts.open_seats(college, CouncilSeat.Kind.SUPPLEANT, 1, quartier=cast.faubourg)
    far, near = seats_of(body, kind="suppleant")
    first, second = seated(cast, far, quartier=cast.rives), seated(cast, near)
    left = seated(cast, seat)
    assert member_acts.heirs_of(left, END) == [second, first]


def test_a_seat_that_somebody_holds_is_not_closed(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    held, free = seats_of(body)[:2]
    seated(cast, held)
    client.force_login(cast.claire)
    for seat in (held, free):
        client.post(f"/participation/{body.pk}/sieges/{seat.pk}/supprimer/")
        seat.refresh_from_db()
    assert held.closed_on is None
    assert free.closed_on == timezone.localdate()


def test_a_dissolved_body_ends_its_terms_and_changes_no_more(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    term = seated(cast, seats_of(body)[0])
    client.force_login(cast.claire)
    client.post(f"/participation/{body.pk}/dissoudre/", {"on": END.isoformat()})
    term.refresh_from_db()
    assert (term.ends_on, term.reason) == (END, "dissolved")
    with pytest.raises(ValidationError, match="dissoute"):
        a_member(body)
    assert "Plus personne n’y siège." in client.get(f"/participation/{body.pk}/").content.decode()
    page = client.get("/participation/?dissoutes=1").content.decode()
    assert "Conseil citoyen des Rives" in page
    assert "Conseil citoyen des Rives" not in client.get("/participation/").content.decode()


def test_a_règlement_is_kept_and_the_one_before_it_goes(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    client.force_login(cast.yasmine)
    data = {"quartiers": [cast.rives.pk], "presentation": "Bonjour", "budget": "1500,50"}
    kept = []
    for number in (1, 2):
        file = SimpleUploadedFile(f"r{number}.pdf", b"%PDF-1.7 " + bytes([48 + number]))
        client.post(f"/participation/{body.pk}/modifier/", {**data, "rules_file": file})
        body.refresh_from_db()
        kept.append(body.rules_file.name)
    assert kept[0] != kept[1]
    assert str(body.budget) == "1500.50"
    answer = Client().get(f"/participation/{body.pk}/reglement/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 2"  # type: ignore[attr-defined]
    client.post(f"/participation/{body.pk}/modifier/", data)
    body.refresh_from_db()
    assert body.rules_file.name == kept[1]


def test_who_holds_a_seat_or_waits_for_money_is_not_erased(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    member = hugo_in(cast, body)
    address = f"/participation/membres/{member.pk}/effacer/"
    client.force_login(cast.yasmine)
    client.post(address)
    assert MemberContact.objects.filter(member=member).exists()
    term = member.terms.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    actor = cast.actor(cast.yasmine)
    body_acts.end_term(term, actor=actor, ends_on=yesterday, reason="resignation")
    spent = Expense.objects.create(
        member=member,
        kind="garde",
        label="Garde d’Essai",
        amount=12,
        spent_on=yesterday,
        payer=cast.town,
        at=timezone.now(),
    )
    client.post(address)
    assert MemberContact.objects.filter(member=member).exists()
    spent.state, spent.reason = "refused", "hors délai"
    spent.save()
    client.post(address)
    member = Member.objects.get(pk=member.pk)
    assert not MemberContact.objects.filter(member=member).exists()
    assert (member.name, member.user, Expense.objects.get().label) == ("membre n° 1", None, "")


def test_a_seat_that_was_closed_meanwhile_takes_nobody(cast: Cast) -> None:
    body = a_body(cast)
    seat, member, actor = seats_of(body)[0], a_member(body), cast.actor(cast.yasmine)
    with pytest.raises(ValidationError, match="précède"):
        body_acts.seat_member(
            seat, member, actor=actor, starts_on=START, expires_on=START - timedelta(days=1)
        )
    body_changes.close_seat(CouncilSeat.objects.get(pk=seat.pk), on=START)
    with pytest.raises(ValidationError, match="supprimé"):
        body_acts.seat_member(seat, member, actor=actor, starts_on=START)
    assert not Term.objects.exists()
