"""Residents are asked some months after a delivery, without a name."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from parvis.works.acts import surveys as acts
from parvis.works.models import Survey, SurveyAnswer
from parvis.works.surveying import Line, chart_of, difference, in_words, results_of
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.works.handover_scene import answered, delivered
from tests.works.handover_sheets import MARKS
from tests.works.scene import a_project, an_operation, day

FIVE = MARKS[:5]
FORM = {"sent_as": "a-sending-of-my-own", "website": "", "confort": "4"}


def opened(cast: Cast, *marks: dict[str, int]) -> Survey:
    """The survey at three months, open since forty days."""
    return answered(delivered(cast).surveys.get(months=3), *marks, closed=False)


def link(survey: Survey) -> str:
    return reverse("works:answer", args=[acts.token_of(survey)])


def page_of(name: str, survey: Survey) -> str:
    return reverse(f"works:{name}", args=[survey.delivery_id, survey.months])


def results_url(survey: Survey) -> str:
    return reverse("works:survey_results", args=[survey.delivery_id])


# --- Answering --------------------------------------------------------------------------------


def test_a_resident_answers_without_account_cookie_or_name(cast: Cast) -> None:
    survey = opened(cast)
    client = Client(enforce_csrf_checks=True)  # as a browser that keeps no cookie
    page = client.get(link(survey))
    assert not page.cookies
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    sent_as = re.search(r'name="sent_as" value="([\w-]+)"', page.content.decode())
    assert sent_as
    answer = client.post(link(survey), {**FORM, "sent_as": sent_as[1], "charges": "1"})
    assert answer.status_code == 302
    assert not answer.cookies
    kept = SurveyAnswer.objects.get()
    assert (kept.marks, kept.channel) == ({"confort": 4, "charges": 1}, "link")
    columns = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert columns == {"id", "survey", "marks", "channel", "on", "sent_as"}
    assert "Merci" in client.get(answer["Location"]).content.decode()


def test_the_same_sending_twice_counts_once(cast: Cast, client: Client) -> None:
    survey = opened(cast)
    for _ in range(2):
        client.post(link(survey), FORM)
    client.post(link(survey), FORM | {"sent_as": "another-sending-of-mine"})
    assert survey.answers.count() == 2


def test_a_machine_that_fills_in_the_hidden_field_is_thanked_and_not_kept(
    cast: Cast, client: Client
) -> None:
    survey = opened(cast)
    assert client.post(link(survey), FORM | {"website": "https://x.test"}).status_code == 302
    assert not survey.answers.exists()


def test_twenty_answers_an_hour_come_from_one_address(cast: Cast, client: Client) -> None:
    survey = opened(cast)
    for number in range(22):
        page = client.post(link(survey), FORM | {"sent_as": f"sending-number-{number:04}"})
    assert survey.answers.count() == 20
    assert "réessayez dans une heure" in page.content.decode()
    assert 'value="4" ' in page.content.decode()  # what was answered is still there


@pytest.mark.parametrize(
    "given",
    [
        {"confort": ""},
        {"confort": "5"},
        {"confort": "0"},
        {"confort": "x"},
        {"sent_as": ""},
        {"sent_as": "trop court"},
        {"sent_as": "x" * 80},
    ],
)
def test_a_bad_answer_is_said_and_not_kept(
    cast: Cast, client: Client, given: dict[str, str]
) -> None:
    survey = opened(cast)
    answer = client.post(link(survey), FORM | given)
    assert answer.status_code == 200
    assert "est gardé" in answer.content.decode()
    assert not survey.answers.exists()


@pytest.mark.parametrize("wrong", ["1-inventé", "1", ".", "1.x", "²." + "x" * 20, "9" * 30 + ".x"])
def test_a_link_that_was_guessed_or_cut_opens_nothing(
    cast: Cast, client: Client, wrong: str
) -> None:
    opened(cast)
    assert client.get(reverse("works:answer", args=[wrong])).status_code == 404


def test_the_link_of_one_survey_opens_no_other(cast: Cast) -> None:
    first = opened(cast)
    last = first.delivery.surveys.get(months=12)
    signature = acts.token_of(first).partition(".")[2]
    assert acts.survey_from_token(f"{last.pk}.{signature}") is None
    assert acts.survey_from_token(acts.token_of(last)) == last


@pytest.mark.parametrize(
    ("opens", "closes", "words"), [(3, 9, "s’ouvre le"), (-30, -1, "est close depuis")]
)
def test_outside_its_days_a_survey_says_so(
    cast: Cast, client: Client, opens: int, closes: int, words: str
) -> None:
    survey = opened(cast)
    Survey.objects.filter(pk=survey.pk).update(opens_on=day(opens), closes_on=day(closes))
    assert words in client.get(link(survey)).content.decode()
    assert words in client.post(link(survey), FORM).content.decode()
    with pytest.raises(ValidationError):
        acts.answer_survey(survey, marks={"confort": 3}, sent_as="x" * 16)
    assert not survey.answers.exists()


# --- Paper ------------------------------------------------------------------------------------


def batch(*rows: dict[str, str]) -> dict[str, str]:
    found = {"r-TOTAL_FORMS": "5", "r-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        found |= {f"r-{number}-{code}": mark for code, mark in row.items()}
    return found


def test_paper_answers_are_entered_in_batches_and_empty_sheets_are_left_out(
    cast: Cast, client: Client
) -> None:
    survey = opened(cast)
    client.force_login(cast.luc)
    url = page_of("enter_paper", survey)
    answer = client.post(url, batch({"confort": "3"}, {}, {"charges": "1"}), follow=True)
    assert "2\u00a0réponses saisies" in answer.content.decode()
    kept = survey.answers.order_by("pk").values_list("channel", "marks")
    assert list(kept) == [("paper", {"confort": 3}), ("paper", {"charges": 1})]


@pytest.mark.parametrize("rows", [(), ({"confort": "7"},)])
def test_a_batch_without_a_good_answer_is_refused(
    cast: Cast, client: Client, rows: tuple[dict[str, str], ...]
) -> None:
    survey = opened(cast)
    client.force_login(cast.luc)
    answer = client.post(page_of("enter_paper", survey), batch(*rows))
    assert answer.status_code == 200
    assert not survey.answers.exists()


def test_who_takes_over_enters_paper_and_does_not_publish(cast: Cast, client: Client) -> None:
    survey = opened(cast)
    client.force_login(cast.karim)
    client.post(page_of("enter_paper", survey), batch({"confort": "3"}))
    assert survey.answers.count() == 1
    assert client.post(page_of("publish_survey", survey), {"shown": "yes"}).status_code == 403
    client.force_login(cast.paul)
    assert client.get(page_of("enter_paper", survey)).status_code == 403


# --- Results ----------------------------------------------------------------------------------


def test_nothing_is_read_while_people_answer_however_many_they_are(cast: Cast) -> None:
    survey = opened(cast, *MARKS)
    (found,) = results_of([survey])
    assert (found.state, found.answers, found.lines) == ("open", 6, {})


@pytest.mark.parametrize(("many", "state"), [(4, "few"), (5, "shown")])
def test_results_are_shown_from_five_answers_on(
    cast: Cast, client: Client, many: int, state: str
) -> None:
    survey = answered(delivered(cast).surveys.get(months=3), *MARKS[:many])
    (found,) = results_of([survey])
    assert found.state == state
    client.force_login(cast.luc)
    page = client.get(page_of("survey", survey)).content.decode()
    assert ("<svg role" in page) is (state == "shown")


def test_once_closed_nothing_moves_any_more_so_no_difference_tells_anybody(cast: Cast) -> None:
    survey = answered(delivered(cast).surveys.get(months=3), *FIVE)
    with pytest.raises(ValidationError, match="close"):
        acts.enter_paper(survey, answers=[{"confort": 1}])
    with pytest.raises(ValidationError, match="close"):
        acts.date_survey(survey, opens_on=survey.opens_on, closes_on=day(30))
    assert survey.answers.count() == 5


def test_a_question_that_too_few_answered_is_not_told(cast: Cast, client: Client) -> None:
    marks = [{"confort": 3}, {"confort": 4}, {"confort": 1}, {"confort": 2}, {"charges": 1}]
    survey = answered(delivered(cast).surveys.get(months=3), *marks)
    (found,) = results_of([survey])
    assert found.lines["confort"].share is None  # four
    assert found.rows == []
    client.force_login(cast.luc)
    page = client.get(results_url(survey)).content.decode()
    assert "moins de 5\u00a0réponses" in page
    assert "%\u00a0" not in page


def test_shares_and_differences_are_told_with_their_sign() -> None:
    first, last = Line((2, 2, 3, 1)), Line((0, 1, 2, 3))
    assert (first.share, last.share) == (50, 83)
    assert difference(first, last) == "+33\u00a0points"
    assert difference(last, first) == "−33\u00a0points"
    assert difference(first, first) == "0\u00a0point"
    assert difference(first, Line((1, 1, 1, 0))) == ""
    assert in_words(first) == "50\u00a0% (8\u00a0réponses)"


def test_two_surveys_stand_side_by_side_with_their_table(cast: Cast, client: Client) -> None:
    made = delivered(cast, days_ago=500)
    for months in (3, 12):
        answered(made.surveys.get(months=months), *FIVE)
    chart = chart_of(results_of(made.surveys.all()), "Titre")
    assert chart is not None
    assert chart.heads == ("Question", "À 3\u00a0mois", "À 12\u00a0mois", "Écart")
    assert len(chart.rows) == len(chart.groups) == 6
    client.force_login(cast.luc)
    page = client.get(reverse("works:survey_results", args=[made.pk])).content.decode()
    assert "<title" in page
    assert "<desc" in page
    assert 'width="44.8%"' in page  # 80 % of 56
    assert "80\u00a0% (5\u00a0réponses)" in page


# --- Publishing -------------------------------------------------------------------------------


def test_residents_read_results_once_they_are_published(cast: Cast, client: Client) -> None:
    survey = answered(delivered(cast).surveys.get(months=3), *FIVE)
    url = results_url(survey)
    place = reverse("works:delivery", args=[survey.delivery_id])
    assert "Aucun résultat publié" in client.get(url).content.decode()
    assert url not in client.get(place).content.decode()
    client.force_login(cast.luc)
    client.post(page_of("publish_survey", survey), {"shown": "yes"})
    client.logout()
    assert "80\u00a0%" in client.get(url).content.decode()
    assert url in client.get(place).content.decode()
    client.force_login(cast.luc)
    client.post(page_of("publish_survey", survey), {"shown": "no"})
    client.logout()
    assert "80\u00a0%" not in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("many", "closed", "words"), [(4, True, "réponses au moins"), (6, False, "arrivent encore")]
)
def test_results_that_would_tell_on_somebody_are_not_published(
    cast: Cast, client: Client, many: int, closed: bool, words: str
) -> None:
    survey = answered(delivered(cast).surveys.get(months=3), *MARKS[:many], closed=closed)
    client.force_login(cast.luc)
    answer = client.post(page_of("publish_survey", survey), {"shown": "yes"}, follow=True)
    assert words in answer.content.decode()
    survey.refresh_from_db()
    assert survey.published_at is None


def test_results_of_a_project_that_is_not_published_stay_with_partners(
    cast: Cast, client: Client
) -> None:
    operation = an_operation(cast, a_project(cast, public=False))
    survey = answered(delivered(cast, operation=operation).surveys.get(months=3), *FIVE)
    acts.publish_survey(survey, actor=cast.actor(cast.luc), shown=True)
    assert client.get(results_url(survey)).status_code == 404


def test_the_days_of_a_survey_move_until_it_closes(cast: Cast, client: Client) -> None:
    survey = opened(cast)
    client.force_login(cast.luc)
    url = page_of("date_survey", survey)
    given = {"opens_on": day(-10).isoformat(), "closes_on": day(40).isoformat()}
    client.post(url, given)
    survey.refresh_from_db()
    assert (survey.opens_on, survey.closes_on) == (day(-10), day(40))
    for wrong, words in (
        ({"closes_on": day(-20).isoformat()}, "La fin précède"),
        ({"opens_on": day(-300).isoformat()}, "après la livraison"),
    ):
        assert words in client.post(url, given | wrong).content.decode()


def test_the_results_ask_the_same_after_a_thousand_answers(cast: Cast, client: Client) -> None:
    from tests.figures.counting import counted

    survey = answered(delivered(cast).surveys.get(months=3), *FIVE)
    client.force_login(cast.luc)
    urls = [results_url(survey), page_of("survey", survey)]
    found = []
    for more in (5, 1_000):
        answered(survey, *FIVE * (more // 5))
        for url in urls:
            client.get(url)
            with counted() as queries:
                client.get(url)
            found.append(len(queries))
    assert found[:2] == found[2:]
    assert max(found) <= 9, found


# --- On paper ---------------------------------------------------------------------------------


def test_the_letter_is_one_accessible_page_with_the_link(cast: Cast, client: Client) -> None:
    survey = answered(
        delivered(cast, title="Bâtiment B, 14 à 22 rue des Tilleuls, et son parvis").surveys.get(
            months=3
        ),
        closed=False,
    )
    client.force_login(cast.luc)
    content = client.get(page_of("survey_letter", survey)).content
    assert_accessible(content)
    assert page_count(content) == 1
    assert acts.token_of(survey).encode() in content


# --- By keyboard ------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_resident_answers_by_keyboard_on_a_phone(live: Any, phone: Any, axe: Any) -> None:
    from tests.cast import make_cast

    survey = opened(make_cast())
    phone.goto(f"{live.url}{link(survey)}")
    axe(phone)
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 360
    phone.locator("#contenu").focus()
    answers = {"confort": 2, "charges": 0}  # presses of the arrow, from the first
    for code in ("confort", "equipements", "temperature", "charges"):
        phone.keyboard.press("Tab")
        expect(phone.locator(f"input[name={code}]").first).to_be_focused()
        if code in answers:
            phone.keyboard.press("Space")
            for _ in range(answers[code]):
                phone.keyboard.press("ArrowDown")
    for _ in range(3):
        phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="Envoyer mes réponses")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Merci")).to_be_visible()
    assert not phone.context.cookies()
    kept = SurveyAnswer.objects.get()
    assert kept.marks == {"confort": 3, "charges": 1}
    assert timezone.localdate() - kept.on < timedelta(days=2)
