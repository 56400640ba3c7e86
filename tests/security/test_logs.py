"""Logs: neither what opens a link nor who was written to."""

from __future__ import annotations

import io
import logging
import logging.config
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from parvis.operations.logs import MASK, ScrubbingFormatter, scrubbed
from tests.access.test_every_url import URLS

TOKEN = "12.s3cr3t-S1gnature_of-a-link"
LINKS = sorted(name for name, parameters in URLS if "token" in parameters)


@pytest.mark.parametrize("name", LINKS)
def test_the_secret_of_each_signed_link_is_masked(name: str) -> None:
    others = {"pk": 1, "size": "small", "code": "take", "name": "agenda", "token": TOKEN}
    path = reverse(name, kwargs={one: others[one] for one in dict(URLS)[name]})
    assert TOKEN in path
    for line in (f"Not Found: {path}", f"<a href='https://parvis.example{path}'>"):
        assert TOKEN not in scrubbed(line), line
        assert MASK in scrubbed(line)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Key (email)=(lea.martin@exemple.test) already exists.", "lea"),
        ("Key (phone)=(06 12 34 56 78)", "34 56"),
        ("+33612345678 rang", "612345678"),
        ("GET /ou?token=abcdef&x=1", "abcdef"),
        ("Cookie: sessionid=abcdef", "abcdef"),
    ],
)
def test_addresses_numbers_and_cookies_are_masked(line: str, left: str) -> None:
    assert left not in scrubbed(line)


def test_what_helps_to_find_a_fault_stays() -> None:
    line = (
        "ERROR 2026-11-27 02:10:49 Internal Server Error: /signalements/R-2026-K7PMX/ (report 12)"
    )
    assert scrubbed(line) == line


def test_a_trace_is_masked_too() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(ScrubbingFormatter())
    logger = logging.getLogger("a test of logs")
    logger.addHandler(handler)
    try:
        raise ValueError("lea@exemple.test is known")
    except ValueError:
        logger.exception("broken")
    finally:
        logger.removeHandler(handler)
    assert "Traceback" in out.getvalue()
    assert "lea@" not in out.getvalue()


@pytest.mark.django_db
def test_a_link_that_leads_nowhere_is_logged_without_its_secret(
    client: Client, monkeypatch: Any
) -> None:
    """As the settings have it: the one handler there is, on what Django itself says."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    logging.config.dictConfig({**settings.LOGGING, "disable_existing_loggers": False})
    try:
        assert client.get(reverse("reports:follow", args=[TOKEN])).status_code == 404
    finally:
        logging.getLogger().handlers[:] = [
            one for one in logging.getLogger().handlers if getattr(one, "stream", None) is not out
        ]
    assert "Not Found" in out.getvalue()
    assert TOKEN not in out.getvalue()


def test_no_mail_is_sent_of_errors() -> None:
    assert settings.ADMINS == []
    assert settings.MANAGERS == []
    assert not settings.DEBUG
