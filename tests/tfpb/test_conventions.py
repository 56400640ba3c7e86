"""A convention of abatement: who signs, who says what, what is frozen, who sees it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.meetings.models import Decision
from parvis.partners.models import Agreement, PastName, Signature
from parvis.partners.rights import Refused
from parvis.tfpb import convention_acts as acts
from parvis.tfpb import convention_answers as answers
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.convention_state import with_state, words_of
from parvis.thread.models import Event
from parvis.thread.reading import thread_of
from tests.cast import Cast
from tests.meetings.scene import cotech, sitting
from tests.tfpb.scene import a_convention, a_programme, an_officer, the_officer, the_state


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def opened(cast: Cast, **fields: Any) -> Convention:
    """Claire writes the convention of Escaut Habitat in Anzin."""
    given = {
        "landlord": cast.landlord,
        "communes": [cast.anzin],
        "epci": cast.agglomeration,
        "state": the_state(cast),
        "quartiers": [cast.rives],
        "code": "tfpb-1",
        "title": "Convention d’Escaut Habitat",
        "starts_on": today(-30),
        "ends_on": today(1000),
        **fields,
    }
    return acts.open_convention(actor=cast.actor(cast.claire), **given)


def state_of(convention: Convention) -> str:
    return words_of(with_state(Convention.objects.filter(pk=convention.pk)).get())


def says(cast: Cast, convention: Convention, who: Any, **answer: Any) -> Signature:
    signature = convention.agreement.signatures.get(organisation=who)
    return answers.answer_for(signature, convention, actor=cast.actor(cast.claire), **answer)


def test_its_parties_are_the_landlord_the_towns_the_epci_and_the_state(cast: Cast) -> None:
    made = opened(cast)
    parties = list(made.agreement.signatures.values_list("organisation__kind", flat=True))
    assert sorted(parties) == ["agglomeration", "bailleur", "commune", "etat"]
    assert (made.agreement.kind, made.agreement.code) == ("convention_tfpb", "TFPB-1")
    with pytest.raises(ValidationError, match="Valenciennes"):
        opened(cast, communes=[cast.valenciennes], code="tfpb-2")
    with pytest.raises(ValidationError, match="pas un bailleur"):
        opened(cast, landlord=cast.town, code="tfpb-3")
    assert Agreement.objects.count() == 1  # nothing is left of what was refused


def test_its_state_follows_from_what_each_party_says(cast: Cast) -> None:
    made = opened(cast)
    states = [state_of(made)]
    says(cast, made, cast.town, voted_on=today(-9))
    states.append(state_of(made))
    says(cast, made, cast.agglomeration, voted_on=today(-8))
    states.append(state_of(made))
    says(cast, made, cast.landlord, signed_on=today(-7))
    says(cast, made, the_state(cast), signed_on=today(-6))
    states.append(state_of(made))
    for town in (cast.town, cast.agglomeration):
        says(cast, made, town, voted_on=today(-9), signed_on=today(-5))
    states.append(state_of(made))
    answers.declare_convention(made, actor=cast.actor(cast.luc), declared_on=today(-1))
    states.append(state_of(made))
    assert states == [
        *("projet", "projet", "délibérée", "en signature (2/4)", "signée"),
        "déclarée aux impôts",
    ]
    state = the_officer(cast)
    said = answers.say_caution(
        made, actor=state, kind="suspension", said_on=today(), reason="Pas de bilan."
    )
    assert state_of(made) == "suspendue"
    answers.lift_caution(said, actor=state, lifted_on=today(), because="Bilan reçu.")
    assert state_of(made) == "déclarée aux impôts"
    Agreement.objects.filter(pk=made.agreement_id).update(ends_on=today(-1))
    assert state_of(made) == "échue"


def test_a_refusal_says_why_and_stays_among_the_parties(cast: Cast, client: Client) -> None:
    made = opened(cast)
    with pytest.raises(ValidationError, match="pourquoi"):
        says(cast, made, cast.town, refused_on=today())
    says(cast, made, cast.town, refused_on=today(), refusal="Pas de point d’accueil.")
    assert state_of(made) == "refusée"
    client.force_login(cast.luc)
    page = client.get(reverse("tfpb:convention", args=[made.pk])).content.decode()
    assert "Refusée par Ville d’Anzin" in page
    assert "Pas de point d’accueil." in page
    public = reverse("partners:agreement", args=[made.agreement.code])
    for person in (None, cast.claire):
        client.logout()
        if person:
            client.force_login(person)
        page = client.get(public).content.decode()
        assert "point d’accueil" not in page
        assert "efus" not in page
        # It is written on pages that record who says what, nowhere else.
        assert "Corriger" not in page
        assert "Préparer un avenant" not in page
    says(cast, made, cast.town, signed_on=today())
    assert state_of(made) == "en signature (1/4)"


def test_each_party_answers_for_itself_and_the_coordination_for_all(
    cast: Cast, client: Client
) -> None:
    made = opened(cast)
    url = reverse("tfpb:answer_convention", args=[made.pk])
    rows = {row.organisation_id: row for row in made.agreement.signatures.all()}
    yes = {"answer": "signed", "on": today().isoformat()}

    def answer(person: Any, party: Any) -> int:
        client.force_login(person)
        return client.post(f"{url}?partie={rows[party.pk].pk}", yes).status_code

    officer = an_officer(cast)
    assert answer(cast.luc, cast.landlord) == 302
    assert answer(cast.luc, cast.town) == 403
    assert answer(cast.karim, cast.landlord) == 403
    assert answer(officer, the_state(cast)) == 302
    assert answer(cast.claire, cast.town) == 302
    for person, refused in ((cast.paul, 404), (cast.nadia, 404), (cast.ines, 403)):
        assert answer(person, cast.landlord) == refused
    assert state_of(made) == "en signature (3/4)"
    assert Event.objects.filter(thing_kind=acts.KIND, code="signed").count() == 3


def test_what_a_party_has_signed_does_not_change_any_more(cast: Cast, client: Client) -> None:
    made = opened(cast)
    claire = cast.actor(cast.claire)
    acts.write_convention(
        made, actor=claire, title="Nouveau titre", valuation={"report": "allowed"}
    )
    says(cast, made, cast.landlord, signed_on=today())
    for change in ({"title": "Autre"}, {"valuation": {}}, {"quartiers": []}):
        with pytest.raises(Refused, match="déjà signé"):
            acts.write_convention(made, actor=claire, **change)
    acts.write_convention(made, actor=claire, held_previous_year=True)
    client.force_login(cast.claire)
    page = client.get(reverse("tfpb:edit_convention", args=[made.pk])).content.decode()
    assert 'name="title"' not in page
    assert 'name="held_previous_year"' in page
    made = Convention.objects.get(pk=made.pk)
    assert (made.agreement.title, made.valuation) == ("Nouveau titre", {"report": "allowed"})
    assert made.held_previous_year


def test_it_is_declared_once_all_have_signed_and_no_signature_is_taken_back(cast: Cast) -> None:
    made = a_convention(cast, signed=False)
    luc = cast.actor(cast.luc)
    with pytest.raises(Refused, match="Ville d’Anzin"):
        answers.declare_convention(made, actor=luc, declared_on=today())
    for row in made.agreement.signatures.all():
        answers.answer_for(row, made, actor=luc, signed_on=today(-3))
    with pytest.raises(ValidationError, match="pas encore venu"):
        answers.declare_convention(made, actor=luc, declared_on=today(1))
    proof = ContentFile(b"%PDF-1.7", "cerfa.pdf")
    answers.declare_convention(made, actor=luc, declared_on=today(), file=proof)
    assert made.papers.get().kind == "declaration"
    with pytest.raises(Refused, match="déclarée"):
        says(cast, made, cast.town)


def test_an_avenant_has_its_own_signatures_and_the_first_stays_as_it_was(
    cast: Cast, client: Client
) -> None:
    claire = cast.actor(cast.claire)
    first = opened(cast, title="Convention de 2025")
    given: dict[str, Any] = {"communes": [cast.anzin], "quartiers": [], "code": "av-1"}
    with pytest.raises(Refused, match="pas encore signée"):
        acts.amend_convention(first, actor=claire, title="Avenant", **given)
    for row in first.agreement.signatures.all():
        answers.answer_for(row, first, actor=claire, signed_on=today(-20))
    second = acts.amend_convention(first, actor=claire, title="Avenant", **given)
    assert second.agreement.amends == first.agreement
    assert state_of(second) == "projet"
    assert (state_of(first), list(first.agreement.quartiers.all())) == ("signée", [cast.rives])
    assert {step.id for step in thread_of(claire, acts.KIND, first.pk)} == {first.pk, second.pk}
    client.force_login(cast.karim)
    page = client.get(reverse("tfpb:convention", args=[second.pk])).content.decode()
    assert reverse("tfpb:convention", args=[first.pk]) in page
    for row in second.agreement.signatures.all():
        answers.answer_for(row, second, actor=claire, signed_on=today(-10))
    # An avenant to the avenant amends the convention that both amend.
    third = acts.amend_convention(
        second, actor=claire, title="Avenant 2", **given | {"code": "av-2"}
    )
    assert third.agreement.amends == first.agreement
    client.force_login(cast.karim)
    page = client.get(reverse("tfpb:convention", args=[first.pk])).content.decode()
    assert "l’a remplacée" in page


def test_the_form_opens_it_and_the_thread_joins_the_decision(cast: Cast, client: Client) -> None:
    the_state(cast)
    held = sitting(cast, cotech(cast))
    decision = Decision.objects.create(
        sitting=held, text="Ouvrir une convention", taken_at=timezone.now()
    )
    client.force_login(cast.claire)
    typed = {
        "landlord": cast.landlord.pk,
        "state": the_state(cast).pk,
        "title": "Convention",
        "code": "tfpb-7",
        "communes": [cast.anzin.pk],
        "quartiers": [cast.rives.pk],
        "territory": "metropole",
        "decision": decision.pk,
        "rule_report": "refused",
    }
    url = reverse("tfpb:new_convention")
    wrong = client.post(url, {**typed, "starts_on": "2026-02-01", "ends_on": "2026-01-01"})
    assert "La fin de la convention précède son début." in wrong.content.decode()
    assert client.post(url, typed).status_code == 302
    made = Convention.objects.get()
    assert made.valuation == {"report": "refused"}
    claire = cast.actor(cast.claire)
    assert ("decision", decision.pk) in {
        (step.kind, step.id) for step in thread_of(claire, acts.KIND, made.pk)
    }
    client.force_login(cast.karim)
    assert client.get(url).status_code == 403


def test_a_landlord_shows_under_the_name_that_it_bore_when_it_signed(
    cast: Cast, client: Client
) -> None:
    made = a_convention(cast)
    PastName.objects.create(
        organisation=cast.landlord, name="Office de l’Escaut", used_until=today(-1)
    )
    client.force_login(cast.karim)
    page = client.get(reverse("tfpb:convention", args=[made.pk])).content.decode()
    assert "Office de l’Escaut" in page
    assert "aujourd’hui Escaut Habitat" in page


def test_its_programmes_stand_on_its_page_for_whoever_may_see_them(
    cast: Cast, client: Client
) -> None:
    made = a_convention(cast)
    draft = a_programme(cast, convention=made, year=2026)
    sent = a_programme(cast, convention=made, year=2027, state="sent")
    for person, seen in ((cast.luc, {draft, sent}), (cast.karim, {sent})):
        client.force_login(person)
        page = client.get(reverse("tfpb:convention", args=[made.pk])).content.decode()
        links = {one: reverse("tfpb:programme", args=[one.pk]) for one in (draft, sent)}
        assert {one for one, url in links.items() if url in page} == seen


def test_papers_and_cautions_are_read_by_its_parties_alone(cast: Cast, client: Client) -> None:
    made = a_convention(cast)
    paper = answers.file_paper(
        made,
        actor=cast.actor(cast.luc),
        kind="text",
        title="Texte",
        file=ContentFile(b"%PDF-1.7", "t.pdf"),
    )
    url = reverse("tfpb:paper", args=[paper.pk])
    for person, status in (
        *((cast.luc, 200), (cast.karim, 200), (an_officer(cast), 200)),
        *((cast.paul, 404), (cast.nadia, 404), (cast.rose, 404)),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status, person
    said = {
        "kind": "suspension",
        "said_on": today().isoformat(),
        "reason": "Aucun bilan.",
        "by": the_state(cast).pk,
    }
    there = reverse("tfpb:say_caution", args=[made.pk])
    client.force_login(cast.claire)  # she notes what the State said
    assert client.post(there, said).status_code == 302
    assert made.cautions.get().by == the_state(cast)
    client.force_login(cast.luc)
    assert client.get(reverse("tfpb:say_caution", args=[made.pk])).status_code == 403


@pytest.mark.parametrize("number", [2, 12])
def test_the_list_and_a_page_cost_the_same_whatever_their_length(
    cast: Cast, client: Client, django_assert_max_num_queries: Any, number: int
) -> None:
    for place in range(number):
        made = a_convention(cast, signed=bool(place % 2), code=f"T-{place}")
    client.force_login(cast.claire)
    with django_assert_max_num_queries(19):
        client.get(reverse("tfpb:conventions"))
    with django_assert_max_num_queries(24):
        client.get(reverse("tfpb:convention", args=[made.pk]))


def test_the_list_goes_on_by_pages_and_keeps_its_filters(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.tfpb.convention_views.PAGE", 2)
    for number in range(3):
        a_convention(cast, signed=False, title=f"Convention {number}")
    a_convention(cast, landlord=cast.other_landlord, title="Celle des autres")
    client.force_login(cast.claire)
    url = reverse("tfpb:conventions")
    first = client.get(url, {"etat": "project"})
    assert [one.convention.agreement.title for one in first.context["rows"]] == [
        "Convention 2",
        "Convention 1",
    ]
    second = client.get(url + first.context["next_url"])
    assert [one.convention.agreement.title for one in second.context["rows"]] == ["Convention 0"]
    client.force_login(cast.luc)
    assert "Celle des autres" not in client.get(url).content.decode()
    assert client.get(url, {"apres": "\0x", "commune": "9" * 40}).status_code == 200
