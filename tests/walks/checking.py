"""Things that may be checked on the spot, as tests need them: the reports of a place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from parvis.thread import register
from parvis.thread.register import Checking, kind_of

WORDS = {"seen": "toujours là", "unseen": "plus là", "worse": "pire"}


def reports_offered(actor: Any, where: Any) -> Any:
    """The reports of these places, whoever asks."""
    lies_in = kind_of("report").lies_in
    assert lies_in is not None
    return lies_in(where)


def findings_offered(actor: Any, where: Any) -> Any:
    """The findings of these places, whoever asks."""
    lies_in = kind_of("observation").lies_in
    assert lies_in is not None
    return lies_in(where)


@pytest.fixture
def checkable_findings(monkeypatch: pytest.MonkeyPatch, checkable_reports: None) -> None:
    """Findings of earlier walks may be checked too."""
    kind = replace(kind_of("observation"), checking=Checking(WORDS, findings_offered))
    monkeypatch.setitem(register._kinds, "observation", kind)


@pytest.fixture
def checkable_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports may be checked on the spot, and nothing else."""
    for code, kind in register.kinds().items():
        checking = Checking(WORDS, reports_offered) if code == "report" else None
        monkeypatch.setitem(register._kinds, code, replace(kind, checking=checking))
