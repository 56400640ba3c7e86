"""What a project owes to residents: steps, houses, public meetings, consultations of tenants."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.notices.models import Envelope
from parvis.works.acts import residents as acts
from parvis.works.models import (
    MeetingQuestion,
    Operation,
    ProjectPhase,
    PublicMeeting,
    RenewalProject,
    ResidentStep,
    TenantConsultation,
)
from parvis.works.project_duties import Facts, duties, steps_of_operation, steps_of_project
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.gatherings.scene import in_days
from tests.gatherings.test_following import follow
from tests.works.project_scene import a_held_meeting
from tests.works.scene import a_project, an_operation, day

START = date(2026, 6, 1)


def told(address: str = "lea@exemple.test") -> list[str]:
    rows = Envelope.objects.filter(address=address).order_by("pk")
    return list(rows.values_list("subject", flat=True))


def step(code: str, *, facts: Facts | None = None, **phases: ProjectPhase) -> Any:
    (found,) = [
        one for one in steps_of_project(phases, [], facts or Facts()) if one.duty.code == code
    ]
    return found


# --- When a step is due, and how it is known to be done -------------------------------------------


def test_a_step_is_due_by_the_rule_and_the_date_of_its_phase() -> None:
    works = ProjectPhase(code="operationnel", starts_on=START)
    assert step("reunion_travaux", operationnel=works).due_on == date(2026, 5, 2)
    works.began_on = date(2026, 7, 1)  # what really happened speaks first
    assert step("reunion_travaux", operationnel=works).due_on == date(2026, 6, 1)
    assert step("reunion_travaux").due_on is None


@pytest.mark.parametrize(
    ("kind", "rents", "owed"),
    [
        ("rehabilitation", True, {"information_loyers", "bilan_loyers"}),
        ("rehabilitation", False, set()),
        ("demolition", False, {"information_demolition", "bilan_demolition"}),
        ("amenagement", False, set()),
    ],
)
def test_tenants_are_owed_a_consultation_before_these_works(
    kind: str, rents: bool, owed: set[str]
) -> None:
    operation = Operation(pk=1, kind=kind, changes_rents=rents, starts_on=START)
    found = {one.duty.code: one for one in steps_of_operation(operation, [], {})}
    assert set(found) == owed
    for code, one in found.items():
        assert one.late(START) is (one.due_on is not None and one.due_on < START), code
        assert one.late(date(2026, 6, 2))  # the balance is owed before the works start


def test_what_exists_shows_that_a_step_is_done() -> None:
    conception = ProjectPhase(code="conception", starts_on=START)
    opened = Facts(house_since=date(2026, 5, 1))
    assert step("maison_du_projet", conception=conception).done is False
    assert (
        step("maison_du_projet", facts=opened, conception=conception).done_on == opened.house_since
    )
    convention = ProjectPhase(code="convention", starts_on=START)
    before, after = Facts(met=(date(2026, 5, 1),)), Facts(met=(date(2026, 7, 1),))
    assert not step("reunion_travaux", facts=before, convention=convention).done
    assert step("reunion_travaux", facts=after, convention=convention).done


def test_the_balance_of_a_consultation_shows_that_it_was_sent() -> None:
    operation = Operation(pk=1, kind="demolition", starts_on=START)
    consulted = {"demolition": (date(2026, 1, 5), None)}
    found = {one.duty.code: one.done for one in steps_of_operation(operation, [], consulted)}
    assert found == {"information_demolition": True, "bilan_demolition": False}


def test_every_rule_says_where_it_comes_from_and_what_is_not_confirmed() -> None:
    for duty in duties().values():
        assert duty.reference, duty.code
    assert "9-1, III" in duties()["maison_du_projet"].reference
    assert "44 quater" in duties()["bilan_loyers"].reference
    assert not duties()["reunion_travaux"].confirmed


# --- On the page ---------------------------------------------------------------------------------


def words_of(client: Client, project: RenewalProject) -> str:
    return client.get(reverse("works:project", args=[project.pk])).content.decode()


def test_a_missing_step_is_shown_to_everybody_until_it_is_made(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    ProjectPhase.objects.create(project=project, code="conception", starts_on=day(-90))
    assert "pas encore fait" in words_of(client, project)
    client.force_login(cast.claire)
    url = reverse("works:new_house", args=[project.pk])
    client.post(url, {"name": "Maison", "place": "1 rue", "starts_on": day(-10).isoformat()})
    client.logout()
    words = words_of(client, project)
    assert "pas encore fait" not in words
    assert "une maison du projet est ouverte" in words


def test_a_house_that_is_closed_or_not_open_yet_shows_nothing(cast: Cast, client: Client) -> None:
    project = a_project(cast)
    ProjectPhase.objects.create(project=project, code="conception", starts_on=day(-90))
    for first, last in ((-50, -1), (2, 9)):
        acts.write_house(
            project,
            actor=cast.actor(cast.claire),
            name="Maison",
            place="1 rue",
            starts_on=day(first),
            ends_on=day(last),
        )
    assert "pas encore fait" in words_of(client, project)


def test_a_step_is_made_by_hand_with_its_day_note_and_document(
    cast: Cast, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    project = a_project(cast)
    client.force_login(cast.claire)
    url = reverse("works:resident_step", args=[project.pk, "diagnostic"])
    given = {"done_on": day(1).isoformat(), "note": "Trois ateliers."}
    refused = client.post(url, given).content.decode()
    assert "pas encore venu" in refused
    assert "Trois ateliers." in refused
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")
    client.post(url, {**given, "done_on": day(-1).isoformat(), "upload": file})
    client.post(url, {**given, "done_on": day(-2).isoformat()})  # a correction, not another
    made = ResidentStep.objects.get()
    assert (made.done_on, bool(made.file)) == (day(-2), True)
    client.logout()
    assert "Trois ateliers." in words_of(client, project)
    there = reverse("works:step_file", args=[project.pk, made.pk])
    assert client.get(there).status_code == 200
    RenewalProject.objects.update(published_at=None)
    assert client.get(there).status_code == 404


def test_a_step_that_is_not_owed_here_is_refused(cast: Cast) -> None:
    operation = an_operation(cast)  # changes no rent
    with pytest.raises(ValidationError, match="pas due ici"):
        acts.make_step(
            operation.project,
            "bilan_loyers",
            actor=cast.actor(cast.claire),
            operation=operation,
            done_on=day(-1),
        )


# --- Public meetings ------------------------------------------------------------------------------


def planned(cast: Cast, project: RenewalProject | None = None) -> PublicMeeting:
    return acts.plan_meeting(
        project or a_project(cast),
        actor=cast.actor(cast.claire),
        organiser=cast.agglomeration,
        title="Le parc",
        starts_at=in_days(9),
        ends_at=in_days(9, 2),
        place_label="École",
        summary="Venez dire ce que vous voulez.",
    )


def test_a_meeting_is_for_partners_until_it_is_published(cast: Cast, client: Client) -> None:
    meeting = planned(cast)
    url = reverse("works:public_meeting", args=[meeting.pk])
    assert client.get(url).status_code == 404
    client.force_login(cast.claire)
    client.post(reverse("works:publish_meeting", args=[meeting.pk]))
    client.logout()
    assert client.get(url).status_code == 200
    assert "Le parc" in words_of(client, meeting.project)


def test_followers_of_the_project_and_of_the_quartier_hear_of_a_meeting_once(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    meeting = planned(cast)
    follow("lea@exemple.test", f"project:{meeting.project_id}")
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    follow("ali@exemple.test", f"project:{meeting.project_id}")
    acts.publish_meeting(meeting, actor=claire)
    acts.change_meeting(meeting, actor=claire, starts_at=in_days(10), ends_at=in_days(10, 1))
    acts.change_meeting(meeting, actor=claire, summary="D’autres mots.")
    acts.cancel_meeting(meeting, actor=claire, reason="Grève.")
    assert len(told()) == 3
    assert told("ali@exemple.test") == [
        "Réunion publique : Le parc",
        "Réunion publique déplacée : Le parc",
        "Réunion publique annulée : Le parc",
    ]


def test_the_letter_is_one_accessible_page_however_long_the_words(
    cast: Cast, client: Client
) -> None:
    meeting = planned(cast)
    acts.publish_meeting(meeting, actor=cast.actor(cast.claire))
    meeting.gathering.summary = "Un long mot d’explication. " * 70
    meeting.gathering.title = "T" * 150
    meeting.gathering.save()
    answer = client.get(reverse("works:meeting_letter", args=[meeting.pk]))
    assert_accessible(answer.content)
    assert page_count(answer.content) == 1


def test_the_account_waits_for_the_end_and_stays_as_it_was_read(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    project = a_project(cast)
    follow("lea@exemple.test", f"project:{project.pk}")
    to_come = planned(cast, project)
    acts.publish_meeting(to_come, actor=claire)
    acts.write_account(to_come, actor=claire, account="Trop tôt.", attendance=None)
    with pytest.raises(ValidationError, match="pas encore terminée"):
        acts.publish_account(to_come, actor=claire)
    Envelope.objects.all().delete()
    held = a_held_meeting(cast, project)
    with pytest.raises(ValidationError, match="Écrivez le compte rendu"):
        acts.publish_account(held, actor=claire)
    acts.write_account(held, actor=claire, account="On a parlé.", attendance=40)
    for _ in range(2):
        acts.publish_account(held, actor=claire)
    assert told() == ["Compte rendu : Présentation du projet"]
    with pytest.raises(ValidationError, match="reste comme chacun"):
        acts.write_account(held, actor=claire, account="Autre chose.", attendance=1)
    held.refresh_from_db()
    assert held.account == "On a parlé."


def test_account_and_questions_are_read_by_everybody_once_published(
    cast: Cast, client: Client
) -> None:
    claire = cast.actor(cast.claire)
    held = a_held_meeting(cast, a_project(cast))
    acts.ask_question(
        held, actor=claire, text="Et les caves ?", organisation=cast.landlord, due_on=day(-1)
    )
    acts.write_account(held, actor=claire, account="On a parlé.", attendance=None)
    url = reverse("works:public_meeting", args=[held.pk])
    for person in (None, cast.paul):  # a partner of no project
        if person:
            client.force_login(person)
        words = client.get(url).content.decode()
        assert "Et les caves" not in words
        assert "On a parlé" not in words
    client.logout()
    acts.publish_account(held, actor=claire)
    words = client.get(url).content.decode()
    for said in ("Et les caves", "On a parlé", "Escaut Habitat", "réponse attendue"):
        assert said in words


def test_who_is_asked_answers_and_its_neighbour_does_not(cast: Cast, client: Client) -> None:
    held = a_held_meeting(cast, a_project(cast, partners=[cast.landlord, cast.other_landlord]))
    question = acts.ask_question(
        held,
        actor=cast.actor(cast.claire),
        text="Et les caves ?",
        organisation=cast.landlord,
        due_on=day(3),
    )
    url = reverse("works:answer_question", args=[question.pk])
    client.force_login(cast.paul)
    assert client.post(url, {"answer": "Non."}).status_code == 403
    client.force_login(cast.luc)
    assert "Ce champ est obligatoire" in client.post(url, {"answer": ""}).content.decode()
    client.post(url, {"answer": "Nettoyées en mars."})
    question.refresh_from_db()
    assert (question.answer, question.answered_on) == ("Nettoyées en mars.", day())


def test_an_organisation_that_is_asked_reads_the_meeting_though_it_is_no_partner(
    cast: Cast, client: Client
) -> None:
    held = a_held_meeting(cast, a_project(cast, public=False))
    url = reverse("works:public_meeting", args=[held.pk])
    client.force_login(cast.paul)
    assert client.get(url).status_code == 404
    MeetingQuestion.objects.create(meeting=held, text="?", organisation=cast.other_landlord)
    assert client.get(url).status_code == 200


def test_papers_were_not_hung_on_a_day_to_come(cast: Cast, client: Client) -> None:
    meeting = planned(cast)
    client.force_login(cast.claire)
    url = reverse("works:meeting_paper", args=[meeting.pk])
    assert "pas encore venu" in client.post(url, {"posters_on": day(2)}).content.decode()
    client.post(url, {"posters_on": day(), "letters_on": day(-1)})
    meeting.refresh_from_db()
    assert (meeting.posters_on, meeting.letters_on) == (day(), day(-1))


# --- Tenants -------------------------------------------------------------------------------------


def test_a_consultation_says_what_lacks_until_its_balance_is_sent(
    cast: Cast, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    operation = an_operation(cast, changes_rents=True)
    page = reverse("works:operation", args=[operation.pk])
    url = reverse("works:consultation", args=[operation.pk, "loyers"])
    client.force_login(cast.luc)
    assert "Écrire la concertation due" in client.get(page).content.decode()
    wrong = {"met_on": day(-9), "balance_sent_on": day(-1), "representatives": "L’amicale"}
    refused = client.post(url, wrong).content.decode()
    assert "Écrivez le bilan ou joignez-le." in refused
    assert "L’amicale" in refused
    client.post(url, {**wrong, "balance_sent_on": "", "balance": "Un brouillon."})
    words = client.get(page).content.decode()
    assert "Il manque" in words
    assert "Un brouillon." in words
    client.logout()
    words = client.get(page).content.decode()
    assert "Un brouillon." not in words  # for everybody once it is sent
    assert "Il manque" not in words
    assert "pas encore envoyé" in words
    client.force_login(cast.luc)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")
    client.post(url, {**wrong, "balance": "Le bilan.", "upload": file})
    client.logout()
    assert "Le bilan." in client.get(page).content.decode()
    there = reverse("works:balance", args=[operation.pk, "loyers"])
    assert client.get(there).status_code == 200


def test_a_balance_that_is_not_sent_is_given_to_partners_alone(
    cast: Cast, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    operation = an_operation(cast)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    TenantConsultation.objects.create(operation=operation, subject="autre", balance_file=file)
    url = reverse("works:balance", args=[operation.pk, "autre"])
    assert client.get(url).status_code == 404
    client.force_login(cast.paul)
    assert client.get(url).status_code == 404
    client.force_login(cast.luc)
    assert client.get(url).status_code == 200


def test_a_balance_that_was_sent_is_not_taken_back(cast: Cast) -> None:
    operation, luc = an_operation(cast), cast.actor(cast.luc)
    sent = {"balance": "Le bilan.", "balance_sent_on": day(-1)}
    acts.write_consultation(operation, "autre", sent, actor=luc)
    with pytest.raises(ValidationError, match="ne peut plus être repris"):
        acts.write_consultation(
            operation, "autre", {"balance": "", "balance_sent_on": None}, actor=luc
        )
