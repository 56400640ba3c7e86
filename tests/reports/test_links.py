from __future__ import annotations

from typing import Any

import pytest

from parvis.reports.links import (
    ALPHABET,
    code_of,
    follow_url,
    tidy_reference,
    token_of,
    voice_from_code,
    voice_from_token,
)
from parvis.reports.models import Report, Voice
from tests.cast import Cast
from tests.reports.scene import filed


def test_a_link_leads_to_its_voice_and_no_other(town: Cast) -> None:
    mine, other = filed(), filed()
    assert voice_from_token(token_of(mine)) == mine
    number, _, signature = token_of(mine).partition(".")
    assert voice_from_token(f"{other.pk}.{signature}") is None
    assert voice_from_token(f"{number}.{signature[:-1]}") is None


@pytest.mark.parametrize(
    "token",
    ["", ".", "1", "1.", "x.y", "²." + "a" * 43, "9" * 40 + ".a", "1:2.a", "-1.a", "1.é\x00"],
)
def test_a_wrong_link_opens_nothing(town: Cast, token: str) -> None:
    filed()
    assert voice_from_token(token) is None


def test_a_withdrawn_voice_has_no_link_any_more(town: Cast) -> None:
    voice = filed()
    Voice.objects.update(withdrawn_at=voice.at)
    assert voice_from_token(token_of(voice)) is None
    assert voice_from_code(voice.report.reference, code_of(voice)) is None


def test_reference_and_code_lead_to_the_voice(town: Cast) -> None:
    voice, other = filed(), filed()
    reference, code = voice.report.reference, code_of(voice)
    assert voice_from_code(reference, code) == voice
    assert (
        voice_from_code(reference.lower().replace("-", " "), code.lower().replace("-", "")) == voice
    )
    assert voice_from_code(reference, code_of(other)) is None
    assert voice_from_code(other.report.reference, code) is None
    assert voice_from_code(reference, "") is None
    assert voice_from_code("", code) is None


def test_codes_hold_no_letter_that_is_misread(town: Cast) -> None:
    for _ in range(20):
        voice = filed()
        code = code_of(voice)
        assert len(code) == 9
        assert set(code.replace("-", "")) <= set(ALPHABET)
        assert set(voice.report.reference[7:]) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OILU")


def test_a_link_stays_good_while_a_key_is_being_retired(town: Cast, settings: Any) -> None:
    voice = filed()
    token, code = token_of(voice), code_of(voice)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-tests-that-opens-nothing-anywhere"
    assert voice_from_token(token) == voice
    assert voice_from_code(voice.report.reference, code) == voice
    assert token_of(voice) != token
    settings.SECRET_KEY_FALLBACKS = []
    assert voice_from_token(token) is None
    assert voice_from_code(voice.report.reference, code) is None


def test_a_new_nonce_shuts_old_links(town: Cast) -> None:
    voice = filed()
    token = token_of(voice)
    Voice.objects.update(nonce="another")
    assert voice_from_token(token) is None


def test_the_follow_page_is_an_absolute_address(town: Cast, settings: Any) -> None:
    voice = filed()
    assert follow_url(voice).startswith(f"{settings.SITE_URL}/suivre/{voice.pk}.")


def test_a_reference_is_read_as_people_type_it() -> None:
    assert tidy_reference(" r 2026 k7pmx ") == "R-2026-K7PMX"
    assert tidy_reference("R-2026-K7PMX") == "R-2026-K7PMX"
    assert tidy_reference("n’importe quoi") == "N’IMPORTE QUOI"


def test_nothing_in_the_database_opens_a_report(town: Cast) -> None:
    voice = filed()
    values = {
        str(value)
        for model in (Report, Voice)
        for row in model.objects.values()
        for value in row.values()
    }
    assert token_of(voice) not in values
    assert code_of(voice) not in values
