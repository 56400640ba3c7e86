"""Hostile words typed into every form of the house, as a browser would send them: read from the
page, filled and sent. Whatever comes back is inert, and nothing breaks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from lxml import html as lxml_html

from parvis.notices.models import Envelope
from tests import guards
from tests.access.test_every_url import Worlds
from tests.hostile.readers import answer_faults, page_faults
from tests.hostile.strings import FILE_NAMES, HOSTILE, UNKEEPABLE
from tests.hostile.walking import Stop, client_of, opened, stops

TEXTS = [*HOSTILE.values(), *UNKEEPABLE.values()]
TYPED = {"text", "search", "url", "tel", "email", ""}


@pytest.fixture(autouse=True)
def people_may_write_braces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere template code in a page is a fault of ours; here somebody wrote it."""
    monkeypatch.setattr(guards._InlineFinder, "handle_data", lambda finder, data: None)


def forms_of(stop: Stop, content: bytes) -> list[tuple[str, Any]]:
    """(address, form) of what may be sent from a page, beside what stands on every page."""
    page = lxml_html.document_fromstring(content.decode())
    return [
        (urlsplit(urljoin(stop.url, form.get("action") or "")).path, form)
        for form in page.xpath("//main//form")
        if (form.get("method") or "get").lower() == "post"
    ]


def filled(form: Any, text: str, file_name: str, *, everywhere: bool) -> dict[str, Any]:
    """What a person would send, with this text wherever they may type. Not `everywhere`: addresses
    and numbers are good ones, so that the rest is taken."""
    sent: dict[str, Any] = {}
    good = {"email": "lea@exemple.test", "tel": "0612345678", "url": "https://a.test/"}
    for field in form.xpath(".//input | .//textarea | .//select"):
        name, kind = field.get("name"), (field.get("type") or "").lower()
        if not name or name == "website":  # a trap for machines
            continue
        if field.tag == "textarea" or (field.tag == "input" and kind in TYPED):
            longest = int(field.get("maxlength") or 10_000)
            typed = text if everywhere or kind not in good else good[kind]
            sent[name] = as_bytes(typed[:longest])
        elif field.tag == "select":
            values = [one.get("value") for one in field.xpath(".//option") if one.get("value")]
            sent[name] = values[:1] or [""]
        elif kind in ("radio", "checkbox"):
            sent.setdefault(name, field.get("value") or "on")
        elif kind == "file":
            sent[name] = SimpleUploadedFile(file_name, b"%PDF-1.7\n", "application/pdf")
        elif kind == "date":
            sent[name] = field.get("value") or "2026-12-01"
        elif kind == "number":
            sent[name] = field.get("value") or field.get("min") or "1"
        else:
            sent[name] = field.get("value") or ""
    return sent


def as_bytes(typed: str) -> Any:
    """A lone surrogate has no bytes of its own: those that a machine would send for it."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        return [typed.encode(errors="surrogatepass")]
    return typed


def walk(worlds: Worlds, turn: int, *, everybody: bool) -> tuple[list[str], int, int]:
    wrong: list[str] = []
    seen: set[tuple[str, ...]] = set()
    sent = taken = 0
    names = list(FILE_NAMES.values())
    for stop in stops(worlds, everybody=everybody):
        response, content = opened(worlds, stop.who, stop.url)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            continue
        for number, (address, form) in enumerate(forms_of(stop, content)):
            key = (stop.name, str(number % 7), *sorted(set(form.xpath(".//@name"))))
            if key in seen:
                continue
            seen.add(key)
            at = crc32(f"{key}".encode()) + turn
            everywhere = at % 3 == 0
            given = filled(
                form, TEXTS[at % len(TEXTS)], names[at % len(names)], everywhere=everywhere
            )
            what = f"{stop.name} {stop.who} ({address}) {TEXTS[at % len(TEXTS)][:20]!r}"
            try:
                with transaction.atomic():
                    newest = set(Envelope.objects.values_list("pk", flat=True))
                    answer = client_of(worlds, stop.who).post(address, given)
                    body = answer.getvalue()
                    faults = answer_faults(answer, body)
                    for one in Envelope.objects.exclude(pk__in=newest):
                        faults += page_faults(one.html or "<p>", mail=True)
                        if "\n" in one.subject + one.address or "\r" in one.subject:
                            faults.append("a line end in a header")
                    if answer.status_code == 302 and answer["Location"].startswith("/"):
                        shown = client_of(worlds, stop.who).get(answer["Location"])
                        faults += answer_faults(shown, shown.getvalue())
                        taken += 1
                    transaction.set_rollback(True)
                sent += 1
            except Exception as error:
                faults = [f"{type(error).__name__}: {str(error)[:200]}"]
            wrong += [f"{what}: {fault}" for fault in faults]
    return wrong, sent, taken


@pytest.mark.drill
@pytest.mark.django_db
def test_what_is_typed_anywhere_breaks_nothing_and_runs_nowhere(worlds: Worlds) -> None:
    wrong, sent, taken = walk(worlds, 0, everybody=False)
    assert not wrong, "\n".join(wrong)
    assert sent > 150
    assert taken > 40


@pytest.mark.drill
@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(1, len(TEXTS)))
def test_each_text_in_each_form(worlds: Worlds, turn: int) -> None:
    wrong, _, _ = walk(worlds, turn, everybody=False)
    assert not wrong, "\n".join(wrong)
