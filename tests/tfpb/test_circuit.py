"""The circuit of a programme: who passes it on, on what, who says what of it, who is told."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis import tfpb
from parvis.notices.models import Envelope
from parvis.partners.models import Signature
from parvis.tfpb import circuit_reading as reading
from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.circuit_dialogue import give_opinion, make_remark, tell_consultation
from parvis.tfpb.circuit_parties import parties_of
from parvis.tfpb.models import Bilan, Line, Passage, Programme, SentVersion
from parvis.tfpb.programme_events import LINE_SENTENCES, PROGRAMME_SENTENCES
from parvis.thread.models import Link
from parvis.thread.reading import awaiting, due_for, events_of, thread_of
from parvis.thread.register import Where
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.circuit_scene import a_decision, a_draft, a_sent_one, standing, written_to
from tests.tfpb.scene import a_line, a_programme, an_officer, the_officer, the_state

pytestmark = pytest.mark.django_db
ROOM = Path(tfpb.__file__).parent


def test_everything_that_is_recorded_has_its_sentence() -> None:
    words = {"PROGRAMME": PROGRAMME_SENTENCES, "LINE": LINE_SENTENCES}
    places = {"record": 3, "Happening": 2}  # of the code, among what is given
    silent = []
    for path in sorted(ROOM.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            given = call.args[places.get(name, 99) - 2 :]
            if len(given) < 3 or not isinstance(given[2], ast.Constant):
                continue
            known = words.get(getattr(given[0], "id", ""))
            if known is not None and given[2].value not in known:
                silent.append(f"{path.name}: {given[2].value}")
    assert not silent


def refused(act: Any, *args: Any, **said: Any) -> str:
    """What somebody is told who may not do that."""
    with pytest.raises(ValidationError) as told:
        act(*args, **said)
    return " ".join(told.value.messages)


# --- Sending ------------------------------------------------------------------------------------


def test_what_is_sent_is_kept_as_it_was(cast: Cast) -> None:
    programme = a_sent_one(cast)
    sent = programme.sent.get()
    assert (sent.number, sent.of, sent.organisation) == (1, "programme", cast.landlord)
    before = reading.sheet_sent(sent)
    Line.objects.update(title="Autre chose", valued=1)
    Programme.objects.update(forecast=2)
    sent.refresh_from_db()
    assert reading.sheet_sent(sent) == before
    assert before.lines[0].title == "Action 1"


def test_a_programme_without_a_line_is_not_sent_and_stays_as_it_was(cast: Cast) -> None:
    programme = a_draft(cast, lines=0, without_usual_means="")
    said = refused(advance_programme, programme, "send", actor=cast.actor(cast.luc))
    assert "ligne" in said
    assert "droit commun" in said
    programme.refresh_from_db()
    assert programme.state == "draft"
    assert not SentVersion.objects.exists()
    assert not Passage.objects.exists()


def test_those_who_read_are_told_and_nobody_else(cast: Cast) -> None:
    an_officer(cast)
    a_sent_one(cast)
    readers = ["claire", "karim", "remy", "sofia"]
    assert written_to("transmis") == [f"{name}@exemple.test" for name in readers]
    text = Envelope.objects.filter(address__startswith="karim").get().text
    assert "donner un avis (Ville d’Anzin, Agglo" in text
    assert "40" not in text  # no figure by mail


def test_it_is_taken_back_until_somebody_began_to_read(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    programme = a_sent_one(cast)
    assert advance_programme(programme, "take_back", actor=luc).state == "draft"
    assert written_to("transmis") == []
    again = advance_programme(programme, "send", actor=luc)
    assert again.sent.count() == 2
    make_remark(again, actor=cast.actor(cast.karim), text="Où sont les bacs ?")
    assert "commencé à le lire" in refused(advance_programme, again, "take_back", actor=luc)


def test_what_was_sent_again_goes_back_to_be_completed_not_to_a_draft(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    programme = a_sent_one(cast)
    advance_programme(programme, "ask", actor=cast.actor(cast.claire), reason="Précisez les lieux.")
    advance_programme(programme, "send", actor=luc)
    assert advance_programme(programme, "take_back", actor=luc).state == "to_complete"


# --- Steps --------------------------------------------------------------------------------------


def test_each_passage_says_who_for_whom_and_on_which_decision(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    programme = a_sent_one(cast)
    advance_programme(programme, "analyse", actor=claire)
    decision = a_decision(cast)
    moved = advance_programme(programme, "arbitrate", actor=claire, decision=decision)
    assert moved.state == "arbitrated"
    passage = Passage.objects.get(new="arbitrated")
    assert (passage.by, passage.organisation) == (cast.claire, cast.agglomeration)
    assert passage.decision == decision
    drawn = [step for step in reading.steps_of(moved, claire) if step.here]
    assert [one.title for one in drawn] == ["Arbitré en COTECH"]
    assert "Claire, pour Agglomération de l’Escaut" in drawn[0].who
    assert drawn[0].url.endswith(f"/{decision.pk}/")
    assert Link.objects.filter(
        source_kind="decision", source_id=decision.pk, target_kind="tfpb_programme"
    ).exists()
    fil = thread_of(claire, "tfpb_programme", programme.pk)
    assert [one.kind for one in fil] == ["decision", "tfpb_programme"]


@pytest.mark.parametrize(
    ("kind", "step", "state"),
    [("copil", "arbitrate", "analysed"), ("cotech", "validate", "arbitrated")],
)
def test_the_decision_of_another_body_is_no_proof(
    cast: Cast, kind: str, step: str, state: str
) -> None:
    claire = cast.actor(cast.claire)
    programme = standing(a_draft(cast), state)
    said = refused(
        advance_programme, programme, step, actor=claire, decision=a_decision(cast, kind)
    )
    assert "n’est pas celle" in said
    assert "décision enregistrée" in refused(advance_programme, programme, step, actor=claire)
    elsewhere = a_decision(
        cast, "cotech" if step == "arbitrate" else "copil", quartiers=[cast.faubourg]
    )
    said = refused(advance_programme, programme, step, actor=claire, decision=elsewhere)
    assert "ne suit pas ce quartier" in said


def test_a_decision_that_one_does_not_see_proves_nothing(cast: Cast) -> None:
    programme = standing(a_draft(cast), "analysed")
    theirs = a_decision(cast)  # its relevé is not sent: a draft of the agglomération
    said = refused(
        advance_programme, programme, "arbitrate", actor=the_officer(cast), decision=theirs
    )
    assert "Choisissez" in said


def test_more_is_asked_with_a_reason_and_a_day(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    programme = a_sent_one(cast)
    assert "Dites pourquoi" in refused(advance_programme, programme, "ask", actor=claire)
    day = timezone.localdate() + timedelta(days=10)
    asked = advance_programme(programme, "ask", actor=claire, reason="Les lieux.", due_on=day)
    assert (asked.state, asked.due_on) == ("to_complete", day)
    assert written_to("à compléter") == ["ines@exemple.test", "luc@exemple.test"]
    mine = due_for(cast.actor(cast.luc))[0].first
    # Its convention has a day of its own.
    found = [(one.due_on, one.owner_id) for one in mine if one.kind == "tfpb_programme"]
    assert found == [(day, cast.landlord.pk)]


def test_it_starts_once_every_party_has_signed(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    programme = standing(a_draft(cast, signed=False), "annexed")
    Signature.objects.exclude(organisation=cast.town).update(signed_on=date(2025, 9, 15))
    said = refused(advance_programme, programme, "start", actor=claire)
    assert said == "La convention n’est pas encore signée par : Ville d’Anzin."
    Signature.objects.update(signed_on=date(2025, 9, 15))
    assert advance_programme(programme, "start", actor=claire).state == "running"
    bare = standing(a_programme(cast, year=2024), "annexed")
    assert "aucune convention" in refused(advance_programme, bare, "start", actor=claire)


# --- Opinions, remarks, consultations ------------------------------------------------------------


def test_who_has_said_what_and_who_is_missing_is_derived(cast: Cast) -> None:
    an_officer(cast)
    programme = a_sent_one(cast)
    karim, luc = cast.actor(cast.karim), cast.actor(cast.luc)
    give_opinion(programme, actor=karim, number=1, verdict="change", text="Des bacs.")

    def told() -> tuple[dict[str, str], list[str]]:
        last = reading.last_number_of(programme)
        parties = parties_of([programme])[programme.pk]
        said, missing = reading.said_of(programme, parties, last)
        return (
            {one.party.name: one.last.verdict for one in said if one.last},
            [one.name for one in missing],
        )

    state = the_state(cast).name
    assert told() == ({"Ville d’Anzin": "change"}, ["Agglomération de l’Escaut", state])
    advance_programme(programme, "ask", actor=cast.actor(cast.claire), reason="Les bacs.")
    advance_programme(programme, "send", actor=luc)
    assert told()[1] == ["Ville d’Anzin", "Agglomération de l’Escaut", state]  # all read again
    assert written_to("Avis : demande une modification") == [
        "ines@exemple.test",
        "luc@exemple.test",
    ]


def test_an_opinion_is_given_on_the_version_that_was_read(cast: Cast) -> None:
    karim = cast.actor(cast.karim)
    programme = a_sent_one(cast)
    assert "pourquoi" in refused(give_opinion, programme, actor=karim, number=1, verdict="against")
    advance_programme(programme, "take_back", actor=cast.actor(cast.luc))
    said = refused(give_opinion, programme, actor=karim, number=1, verdict="for")
    assert "avis est clos" in said
    advance_programme(programme, "send", actor=cast.actor(cast.luc))
    said = refused(give_opinion, programme, actor=karim, number=1, verdict="for")
    assert "autre version" in said


def test_an_opinion_on_a_version_gone_by_is_shown_again_with_its_words(
    cast: Cast, client: Client
) -> None:
    programme = a_sent_one(cast)
    luc = cast.actor(cast.luc)
    advance_programme(programme, "take_back", actor=luc)
    advance_programme(programme, "send", actor=luc)
    client.force_login(cast.karim)
    page = client.post(
        f"/tfpb/programmes/{programme.pk}/avis/donner/",
        {"number": "1", "verdict": "change", "text": "Plus de bacs."},
    )
    assert "Plus de bacs." in page.content.decode()
    assert page.context["opinion_form"]["number"].value() == "2"
    assert not programme.opinions.exists()


def test_a_remark_on_a_line_is_told_to_the_landlord_and_its_answer_to_who_spoke(
    cast: Cast,
) -> None:
    programme = a_sent_one(cast)
    line = programme.lines.get()
    make_remark(programme, actor=cast.actor(cast.karim), text="Quels jours ?", line=line)
    assert written_to("Remarque sur la ligne") == ["ines@exemple.test", "luc@exemple.test"]
    make_remark(programme, actor=cast.actor(cast.luc), text="Le mardi.")
    assert written_to("Remarque – ") == ["karim@exemple.test", "sofia@exemple.test"]
    said = [one.sentence for one in events_of(cast.actor(cast.luc), "tfpb_line", line.pk)]
    assert said == ["Remarque de Ville d’Anzin"]


def test_a_consultation_is_told_then_completed(cast: Cast) -> None:
    programme, luc = a_sent_one(cast), cast.actor(cast.luc)
    words = {
        "body": "tenants",
        "name": "Amicale des Tilleuls",
        "held_on": timezone.localdate(),
        "present": "12 locataires",
        "asked": "Des bacs plus grands.",
        "kept": "",
    }
    tomorrow = timezone.localdate() + timedelta(days=1)
    late = {**words, "held_on": tomorrow}
    assert "pas encore venu" in refused(tell_consultation, programme, actor=luc, **late)
    told = tell_consultation(programme, actor=luc, **words)
    words["kept"] = "Oui, à partir de mars."
    tell_consultation(programme, actor=luc, consultation=told, **words)
    assert programme.consultations.get().kept == "Oui, à partir de mars."


# --- Pages and lists -----------------------------------------------------------------------------


def test_each_sees_the_steps_that_are_theirs(cast: Cast, client: Client) -> None:
    programme = a_sent_one(cast)

    def offered(person: Any) -> list[str]:
        client.force_login(person)
        page = client.get(f"/tfpb/programmes/{programme.pk}/avis/")
        return [one["label"] for one in page.context["next"]]

    assert offered(cast.luc) == ["Reprendre"]
    assert offered(cast.karim) == []
    assert offered(cast.claire) == ["Mettre en analyse", "Demander des compléments"]
    client.force_login(cast.paul)
    assert client.get(f"/tfpb/programmes/{programme.pk}/avis/").status_code == 404


def test_a_decided_step_offers_the_decisions_of_its_body_alone(cast: Cast, client: Client) -> None:
    programme = standing(a_draft(cast), "analysed")
    client.force_login(cast.claire)
    url = f"/tfpb/programmes/{programme.pk}/passer/arbitrate/"
    assert "Aucune décision d’un comité technique" in client.get(url).content.decode()
    right, other = a_decision(cast), a_decision(cast, "copil")
    assert list(client.get(url).context["form"].fields["decision"].queryset) == [right]
    assert client.post(url, {"decision": other.pk}).status_code == 200
    assert client.post(url, {"decision": right.pk}).status_code == 302
    programme.refresh_from_db()
    assert programme.state == "arbitrated"


def test_a_meeting_is_proposed_what_only_it_may_move(cast: Cast) -> None:
    where, today = Where(quartiers=frozenset({cast.rives.pk})), timezone.localdate()
    claire = cast.actor(cast.claire)
    programme = a_sent_one(cast)
    assert awaiting(claire, today, where) == []
    standing(programme, "analysed")
    found = awaiting(claire, today, where)
    year = programme.year
    assert [one.title for one in found] == [
        f"Programme TFPB {year} de Escaut Habitat, quartier Rives de l’Escaut"
    ]


def test_the_page_asks_as_many_queries_for_much_as_for_little(cast: Cast, client: Client) -> None:
    programme = a_sent_one(cast)
    client.force_login(cast.claire)
    url = f"/tfpb/programmes/{programme.pk}/avis/"

    def talk(times: int) -> int:
        for number in range(times):
            karim = cast.actor(cast.karim)
            give_opinion(programme, actor=karim, number=1, verdict="against", text=f"{number}")
            make_remark(programme, actor=karim, text="Quels jours ?", line=a_line(programme))
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    client.get(url)
    few = talk(2)
    assert talk(20) == few <= 32


def test_a_sheet_closes_once_its_bilan_is_published(cast: Cast) -> None:
    claire, programme = cast.actor(cast.claire), standing(a_draft(cast), "running")
    assert "bilan" in refused(advance_programme, programme, "close", actor=claire)
    bilan = Bilan.objects.create(programme=programme, state="accepted", moved_at=timezone.now())
    assert "bilan" in refused(advance_programme, programme, "close", actor=claire)
    Bilan.objects.filter(pk=bilan.pk).update(state="published")
    assert advance_programme(programme, "close", actor=claire).state == "closed"


def test_the_words_of_a_decision_are_for_who_may_read_it(cast: Cast, client: Client) -> None:
    programme = standing(a_draft(cast), "analysed")
    decision = a_decision(cast)  # luc does not sit there
    advance_programme(programme, "arbitrate", actor=cast.actor(cast.claire), decision=decision)
    for person, reads in ((cast.claire, True), (cast.luc, False)):
        client.force_login(person)
        page = client.get(reverse("tfpb:circuit", args=[programme.pk])).content.decode()
        assert ("Les programmes sont retenus" in page) == reads
        assert ("Sur une décision de Comité technique des Rives" in page) != reads
    assert not Envelope.objects.filter(text__contains="Les programmes sont retenus").exists()
