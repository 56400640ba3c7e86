"""Questions to the network: read by its partners alone, answered, and kept as a conseil."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.models import DigestLine
from parvis.partners.actors import NOBODY
from parvis.partners.leaving import end_mandate
from parvis.partners.models import Mandate
from parvis.thread.models import Event, Link
from parvis.thread.reading import rows_lying, thread_of
from parvis.thread.register import Where, kind_of
from parvis.toolbox import network_question_acts as acts
from parvis.toolbox.models import AdviceSheet, NetworkAnswer, Question, Sheet, ThemeFollowing
from parvis.toolbox.network_advice import make_advice
from tests.cast import Cast
from tests.toolbox.network_scene import a_question, an_answer, theme

pytestmark = pytest.mark.django_db
LIST = "/reseau/questions/"


def browser(person: Any = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def page_of(question: Question) -> str:
    return reverse("toolbox:network_question", args=[question.pk])


def test_a_question_is_read_by_the_partners_of_its_network_alone(cast: Cast) -> None:
    question = a_question(cast)
    where = Where(quartiers=frozenset([cast.rives.pk]))
    codes = dict.fromkeys(("luc", "rose", "claire", "hugo"), 200)
    codes |= {"nadia": 404, "bruno": 404, "theo": 403, "odile": 403, "": 302}
    for who, code in codes.items():
        person = getattr(cast, who) if who else None
        client, actor = browser(person), cast.actor(person) if person else NOBODY
        assert client.get(page_of(question)).status_code == code, who
        listed = client.get(LIST).content.decode()
        assert ("encombrants avant la collecte" in listed) is (code == 200), who
        assert bool(rows_lying(actor, where, ["question"])) is (code == 200), who
        assert kind_of("question").rows(actor).exists() is (code == 200), who


def test_who_only_reads_neither_asks_nor_answers(cast: Cast) -> None:
    question = a_question(cast)
    client = browser(cast.rose)
    assert client.get(reverse("toolbox:network_ask")).status_code == 403
    url = reverse("toolbox:network_answer", args=[question.pk])
    assert client.post(url, {"text": "Moi aussi."}).status_code == 403
    assert not NetworkAnswer.objects.exists()


def told() -> dict[str, str]:
    return dict(DigestLine.objects.values_list("address", "title"))


def test_who_follows_the_theme_reads_it_in_the_morning(cast: Cast) -> None:
    for who in ("luc", "rose", "nadia", "sofia"):
        acts.follow_themes(["encombrants", "proprete"], actor=cast.actor(getattr(cast, who)))
    acts.follow_themes(["proprete"], actor=cast.actor(cast.karim))
    question = a_question(cast)
    # Neither who asks, nor who follows something else, nor the neighbour's network.
    assert set(told()) == {"luc@exemple.test", "rose@exemple.test"}
    assert "Question au réseau" in told()["luc@exemple.test"]
    DigestLine.objects.all().delete()
    end_mandate(Mandate.objects.get(person=cast.luc))
    a_question(cast, title="Et les cartons ?")
    assert set(told()) == {"rose@exemple.test"}
    assert question.state == "open"


def test_one_chooses_themes_on_a_page_and_unchooses_them(cast: Cast) -> None:
    client, url = browser(cast.luc), reverse("toolbox:network_themes")
    client.post(url, {"themes": ["encombrants", "epaves"]})
    mine = ThemeFollowing.objects.filter(mandate__person=cast.luc)
    assert set(mine.values_list("theme_code", flat=True)) == {"encombrants", "epaves"}
    assert client.post(url, {"themes": ["inventé"]}).status_code == 200
    client.post(url, {})
    assert not mine.exists()


def test_who_asked_hears_of_the_answer_and_says_that_it_helped(cast: Cast) -> None:
    question = a_question(cast)
    answer = an_answer(cast, question)
    subject = f"Réponse à votre question : {question.title}".replace("\N{NO-BREAK SPACE}", " ")
    assert told() == {"sofia@exemple.test": subject}
    url = reverse("toolbox:network_helped", args=[answer.pk])
    for who, code in (("ines", 403), ("claire", 403), ("nadia", 404), ("karim", 302)):
        assert browser(getattr(cast, who)).post(url).status_code == code, who
    answer.refresh_from_db()
    assert answer.helped_at is not None
    assert "a aidé" in browser(cast.luc).get(page_of(question)).content.decode()
    browser(cast.sofia).post(url, {"retirer": "oui"})
    answer.refresh_from_db()
    assert answer.helped_at is None


def test_a_question_changes_as_long_as_nobody_answered(cast: Cast) -> None:
    question = a_question(cast)
    url = reverse("toolbox:network_edit_question", args=[question.pk])
    given = {"title": "Et le soir ?", "text": "Précisons.", "theme_code": "encombrants"}
    for who, code in (("karim", 403), ("claire", 403), ("sofia", 302)):
        assert browser(getattr(cast, who)).post(url, given).status_code == code, who
    question.refresh_from_db()
    assert question.title == "Et le soir ?"
    an_answer(cast, question)
    assert browser(cast.sofia).post(url, given).status_code == 403
    with pytest.raises(ValidationError, match="déjà répondu"):
        acts.edit_question(question, actor=cast.actor(cast.sofia), title="Autre chose")


def test_an_answer_changes_as_long_as_nobody_wrote_after_it(cast: Cast) -> None:
    question = a_question(cast)
    answer = an_answer(cast, question)
    url = reverse("toolbox:network_edit_answer", args=[answer.pk])
    assert browser(cast.luc).post(url, {"text": "Pas moi."}).status_code == 403
    assert browser(cast.ines).post(url, {"text": "La veille, à deux."}).status_code == 302
    an_answer(cast, question, cast.paul)
    assert browser(cast.ines).post(url, {"text": "Non."}).status_code == 403
    with pytest.raises(ValidationError, match="écrit depuis"):
        acts.edit_answer(answer, text="Non.")
    answer.refresh_from_db()
    assert answer.text == "La veille, à deux."


def test_a_closed_question_takes_no_answer_until_it_is_open_again(cast: Cast) -> None:
    question = a_question(cast)
    url = reverse("toolbox:network_close", args=[question.pk])
    assert browser(cast.ines).post(url).status_code == 403
    browser(cast.sofia).post(url)
    with pytest.raises(ValidationError, match="close"):
        an_answer(cast, question)
    browser(cast.claire).post(url, {"rouvrir": "oui"})
    assert an_answer(cast, question)


def test_the_coordination_hides_a_message_with_a_reason(cast: Cast) -> None:
    question = a_question(cast)
    answer = an_answer(cast, question, text="Monsieur Untel laisse tout dehors.")
    url = reverse("toolbox:network_hide_answer", args=[answer.pk])
    for who, code in (("karim", 403), ("sofia", 403), ("bruno", 404)):
        assert browser(getattr(cast, who)).post(url, {"reason": "Non."}).status_code == code, who
    assert browser(cast.claire).post(url, {"reason": ""}).status_code == 200
    browser(cast.claire).post(url, {"reason": "Nomme un habitant."})
    pages = {
        who: browser(getattr(cast, who)).get(page_of(question)).content.decode()
        for who in ("luc", "sofia", "ines", "claire")
    }
    assert all("Nomme un habitant." in page for page in pages.values())
    assert {who for who, page in pages.items() if "Untel" in page} == {"ines", "claire"}
    assert not DigestLine.objects.exists()  # what did not leave is taken back
    browser(cast.claire).post(url, {"montrer": "oui"})
    assert "Untel" in browser(cast.luc).get(page_of(question)).content.decode()


def test_a_hidden_question_is_there_for_its_author_and_the_coordination_alone(cast: Cast) -> None:
    acts.follow_themes(["encombrants"], actor=cast.actor(cast.luc))
    question = a_question(cast)
    an_answer(cast, question)
    acts.hide_message(question, actor=cast.actor(cast.claire), reason="Hors sujet.")
    codes = {"sofia": 200, "claire": 200, "karim": 404, "ines": 200, "luc": 404, "bruno": 404}
    codes["ines"] = 404
    for who, code in codes.items():
        assert browser(getattr(cast, who)).get(page_of(question)).status_code == code, who
    assert "luc@exemple.test" not in told()
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(reason="")


def test_a_question_and_its_answers_become_a_conseil_in_one_act(cast: Cast) -> None:
    theme()
    question = a_question(cast)
    an_answer(cast, question, text="Un <script>local</script>.")
    helpful = an_answer(cast, question, cast.paul, text="Une sortie accompagnée.")
    shut = an_answer(cast, question, cast.luc, text="À ne pas garder.")
    acts.mark_helpful(helpful, actor=cast.actor(cast.sofia), helped=True)
    acts.hide_message(shut, actor=cast.actor(cast.claire), reason="Nomme quelqu’un.")
    url = reverse("toolbox:network_advise", args=[question.pk])
    for who, code in (("karim", 403), ("bruno", 404)):
        assert browser(getattr(cast, who)).post(url).status_code == code, who
    browser(cast.claire).post(url)
    sheet = AdviceSheet.objects.get()
    assert (sheet.title, sheet.live, sheet.author) == (question.title, False, cast.agglomeration)
    texts = [str(block.value) for block in sheet.body]
    assert ["dépôts restent" in texts[0], "accompagnée" in texts[1], "local" in texts[2]] == [
        True
    ] * 3
    assert len(texts) == 3
    assert "<script>" not in "".join(texts)
    assert sheet.contributors == "Hainaut Logis, Escaut Habitat"
    assert [one.code for one in sheet.themes.all()] == ["encombrants"]
    assert sheet.latest_revision.as_object().title == sheet.title
    assert Link.objects.get().target_id == sheet.pk
    # Nobody but the coordination reads the draft; a second time gives the same one.
    assert "conseil" not in browser(cast.luc).get(page_of(question)).content.decode()
    assert "en préparation" in browser(cast.claire).get(page_of(question)).content.decode()
    assert make_advice(question, actor=cast.actor(cast.claire))[0].pk == sheet.pk
    assert Sheet.objects.count() == 1
    sheet.latest_revision.publish()
    assert (
        f"/boite-a-outils/{sheet.pk}/" in browser(cast.luc).get(page_of(question)).content.decode()
    )
    assert len(thread_of(cast.actor(cast.luc), "question", question.pk)) == 2
    # Whoever reads the conseil hears nothing of the question.
    assert [one.kind for one in thread_of(NOBODY, "sheet", sheet.pk)] == ["sheet"]


def test_a_member_of_a_body_of_residents_is_not_named_to_others(cast: Cast) -> None:
    question = a_question(cast)
    an_answer(cast, question, cast.yasmine)
    assert "Yasmine" not in browser(cast.luc).get(page_of(question)).content.decode()
    assert "Yasmine" in browser(cast.hugo).get(page_of(question)).content.decode()
    assert not Event.objects.filter(thing_kind="question", public=True).exists()


def test_questions_take_as_many_queries_whatever_they_hold(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    now, client = timezone.now(), browser(cast.claire)
    given = {"organisation": cast.town, "by": cast.sofia, "text": "Texte.", "at": now}
    for number in (10, 990):
        some = Question.objects.bulk_create(
            Question(
                coordination=cast.agglomeration,
                title=f"Question inventée {rank}",
                theme_code="proprete",
                moved_at=now,
                **given,
            )
            for rank in range(number)
        )
        NetworkAnswer.objects.bulk_create(
            NetworkAnswer(question=some[0], **given) for _ in range(number)
        )
        with django_assert_num_queries(6):
            answer = client.get(LIST)
        assert len(answer.context["rows"]) == min(number, 30)
        with django_assert_num_queries(16):
            client.get(page_of(some[0]))
