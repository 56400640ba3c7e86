"""Requests that are not what they should be: another host, forged headers, too much, a fault."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from parvis.portal import engines
from parvis.ui.visitors import ForwardedMiddleware
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_another_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.test"}).status_code == 400
    assert client.get("/", headers={"x-forwarded-host": "evil.test"}).status_code == 200


def test_what_a_proxy_tells_is_heard_from_trusted_ones_alone(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    heard = []
    middleware = ForwardedMiddleware(lambda request: heard.append(request.is_secure()))  # type: ignore
    for peer in ("10.0.0.1", "192.0.2.7"):
        headers = {"x-forwarded-proto": "https"}
        middleware(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))
    assert heard == [True, False]


def broken(*_: Any, **__: Any) -> None:
    raise RuntimeError("lea@exemple.test, in a trace")


@pytest.fixture
def calm() -> Client:
    """A browser that is shown the page of a fault, as everybody is."""
    return Client(raise_request_exception=False)


def test_a_fault_is_told_calmly_and_without_details(calm: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(engines, "mapped", broken)
    answer = calm.get("/sitemap/sheet-1.xml")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Quelque chose s’est cassé de notre côté" in page
    for detail in ("lea@", "RuntimeError", "Traceback", "engines"):
        assert detail not in page


def test_too_much_is_refused_with_words(cast: Cast, calm: Client) -> None:
    calm.force_login(cast.karim)
    for sent in ({f"a{n}": "" for n in range(1001)}, {"name": "x" * 3_000_000}):
        body = urlencode(sent)
        answer = calm.post("/compte/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (400, 413)
        assert "incomplète ou trop lourde" in answer.content.decode()


TEN_MEGABYTES = 10 * 1024 * 1024  # signs


@pytest.mark.parametrize("path", ["/suivre/", "/mes-donnees/", "/abonnements/", "/connexion/"])
@pytest.mark.parametrize("kind", ["plain", "multipart"])
def test_a_text_of_ten_megabytes_is_refused_with_words(calm: Client, path: str, kind: str) -> None:
    """Both ways in which a browser would send it to a form that is open to everybody."""
    text = "x" * TEN_MEGABYTES
    plain = {"data": f"text={text}", "content_type": "application/x-www-form-urlencoded"}
    answer = calm.post(path, **(plain if kind == "plain" else {"data": {"text": text}}))
    assert answer.status_code == 400
    assert "incomplète ou trop lourde" in answer.content.decode()
    assert text[:100] not in answer.content.decode()


@pytest.mark.parametrize("name", ["returned", "incoming"])
def test_a_gateway_is_refused_ten_megabytes(calm: Client, settings: Any, name: str) -> None:
    settings.BOUNCE_SECRET = settings.SMS_INCOMING_SECRET = "secret"
    answer = calm.post(
        reverse(f"notices:{name}"), "x" * TEN_MEGABYTES, content_type="application/json"
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nulle-part/", 404, "Cette page n’existe pas"),
        ("/signalements/R-2026-AAAAA/", 404, "Cette page n’existe pas"),
        ("/\x00", 404, "Cette page n’existe pas"),
        # The number of a sheet is that of a page, a key of another table.
        (f"/boite-a-outils/{10**30}/", 404, "Cette page n’existe pas"),
        (f"/rendez-vous/{10**30}/", 404, "Cette page n’existe pas"),
    ],
)
def test_what_is_not_there_is_told_calmly(calm: Client, path: str, status: int, words: str) -> None:
    answer = calm.get(path)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_a_lodges_telephone_keeps_no_page(cast: Cast, client: Client) -> None:
    from parvis.partners.models import Lodge
    from tests.partners.test_lodges import enrol, take

    lodge = Lodge.objects.create(name="Loge", organisation=cast.landlord)
    lodge.residences.set([cast.tilleuls])
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    assert client.get("/a-traiter/")["Cache-Control"] == "no-store"
