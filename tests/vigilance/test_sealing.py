"""What is sealed opens with the keys held here, and with no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from parvis.vigilance import sealing
from tests.vigilance.scene import SECRET


def test_no_word_stands_in_what_is_sealed() -> None:
    sealed = sealing.seal(SECRET)
    assert not [word for word in SECRET.values() if word.encode() in sealed]
    assert sealing.unseal(sealed) == SECRET


@given(words=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_is_written_comes_back(words: str) -> None:
    assert sealing.unseal(sealing.seal({"words": words})) == {"words": words}


def test_the_same_words_never_look_the_same_and_short_ones_do_not_show() -> None:
    assert sealing.seal(SECRET) != sealing.seal(SECRET)
    assert len(sealing.seal({"words": "oui"})) == len(sealing.seal({"words": "oui et non"}))


def test_another_key_opens_nothing(settings: Any) -> None:
    sealed = sealing.seal(SECRET)
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(sealing.LostKeyError):
        sealing.unseal(sealed)


def test_a_new_key_opens_what_an_old_one_closed_until_it_is_forgotten(
    settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_KEYS, settings.VAR_DIR = [], tmp_path
    sealed = sealing.seal(SECRET)
    assert sealing.key_file().stat().st_mode & 0o777 == 0o600
    sealing.add_key()
    again = sealing.reseal(sealed)
    sealing.keep_newest_key()
    assert sealing.unseal(again) == SECRET
    with pytest.raises(sealing.LostKeyError):
        sealing.unseal(sealed)
