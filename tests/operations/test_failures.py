"""What a visitor reads when there is no room, no database, or a fault of ours."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from parvis.operations import views


def chained(fault: BaseException, cause: BaseException) -> BaseException:
    fault.__cause__ = cause
    return fault


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (OSError(28, "No space left on device"), 507, "plus de place"),
        (OperationalError("database or disk is full"), 507, "plus de place"),
        (chained(ValueError("x"), sqlite3.OperationalError("disk is full")), 507, "plus de place"),
        (OperationalError("database is locked"), 503, "reprend son souffle"),
        (OperationalError("connection refused"), 503, "reprend son souffle"),
        (ZeroDivisionError("secret"), 500, "de notre côté"),
        (OSError(13, "secret"), 500, "de notre côté"),
    ],
)
def test_the_page_says_what_happened(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException, status: int, words: str
) -> None:
    def broken() -> bool:
        raise fault

    monkeypatch.setattr(views.health, "is_well", broken)
    client = Client(raise_request_exception=False)
    answer: Any = client.get("/healthz")
    assert answer.status_code == status
    page = answer.content.decode()
    assert words in page
    assert "secret" not in page
    assert answer.headers.get("Retry-After") == ("60" if status != 500 else None)
