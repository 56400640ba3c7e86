"""The feed of another territory is read each day, safely, and publishes nothing here."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.documents import outgoing
from parvis.documents.outgoing import CallRefused, is_public
from parvis.toolbox.models import Feed, FeedEntry, Sheet
from parvis.toolbox.swap_feeds import fetch, read_feed
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ENTRY = (
    "<entry><title>{title}</title><id>{id}</id><published>2026-03-0{day}T10:00:00+01:00</published>"
    '<link rel="alternate" href="{url}"/></entry>'
)


def atom(*entries: str) -> bytes:
    inside = "".join(entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{inside}</feed>'.encode()


def entry(number: int, title: str = "", url: str = "") -> str:
    return ENTRY.format(
        title=title or f"Fiche {number}",
        id=f"urn:{number}",
        day=number,
        url=url or f"https://ailleurs.exemple.test/{number}/",
    )


class Elsewhere(BaseHTTPRequestHandler):
    content: bytes = b""
    target = ""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", type(self).target)
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(type(self).content)

    def log_message(self, *said: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    """The site of another territory, on this machine, which the setting allows."""
    settings.FEEDS_FROM_PRIVATE_HOSTS = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_feed_is_followed_read_each_day_and_publishes_nothing(cast: Cast, site: str) -> None:
    Elsewhere.content = atom(entry(1), entry(2))
    client = Client()
    client.force_login(cast.bruno)
    address = reverse("toolbox:swap_feeds")
    answer = client.post(address, {"name": "Ailleurs", "url": f"{site}/fil"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(address).content.decode()
    assert page.index("Fiche 2") < page.index("Fiche 1")
    assert "https://ailleurs.exemple.test/2/" in page
    Elsewhere.content = atom(entry(3), entry(2, title="Fiche 2 revue"))
    call_command("read_feeds", stdout=io.StringIO())
    assert list(FeedEntry.objects.values_list("title", flat=True)) == [
        "Fiche 3",
        "Fiche 2 revue",
        "Fiche 1",
    ]
    assert not Sheet.objects.exists()
    assert (
        "déjà ce fil"
        in client.post(address, {"name": "Encore", "url": f"{site}/fil"}).content.decode()
    )
    # The neighbour follows its own.
    claire = Client()
    claire.force_login(cast.claire)
    assert "Fiche 3" not in claire.get(address).content.decode()
    client.post(reverse("toolbox:swap_unfollow", args=[Feed.objects.get().pk]))
    assert not FeedEntry.objects.exists()


def test_a_feed_that_breaks_keeps_what_it_announced_and_says_so(cast: Cast, site: str) -> None:
    feed = Feed.objects.create(
        coordination=cast.neighbour, name="X", url=f"{site}/fil", added_at=timezone.now()
    )
    Elsewhere.content = atom(entry(1))
    call_command("read_feeds", stdout=io.StringIO())
    Elsewhere.content = b"<html>"
    call_command("read_feeds", stdout=io.StringIO())
    feed.refresh_from_db()
    assert feed.trouble == "Ce n’est pas un fil Atom de fiches."
    assert feed.entries.count() == 1
    Elsewhere.content = atom(entry(1))
    call_command("read_feeds", stdout=io.StringIO())
    feed.refresh_from_db()
    assert feed.trouble == ""


INSIDE = (
    "http://127.0.0.1/fil",
    "http://localhost/fil",
    "http://[::1]/fil",
    "http://[::ffff:127.0.0.1]/fil",
    "http://2130706433/fil",
    "http://127.1/fil",
    "http://10.0.0.3/fil",
    "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0/fil",
    "https://93.184.215.14:8443/fil",
    "http://93.184.215.14:22/",
    "file:/etc/passwd",
    "ftp://93.184.215.14/fil",
    "http://user:secret@93.184.215.14/fil",
    "http:///fil",
    "http://93.184.215.14/fi\nl",
)
ADDRESSES = (
    ("93.184.215.14", True),
    ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
    ("192.168.1.1", False),
    ("100.64.0.1", False),
    ("224.0.0.1", False),
    ("fe80::1%eth0", False),
    ("fd00::1", False),
    ("::ffff:10.0.0.1", False),
    ("2002:7f00:1::", False),
    ("64:ff9b::7f00:1", False),
    ("nom", False),
)


def test_no_address_of_the_inside_is_asked(monkeypatch: Any) -> None:
    def asked(*args: Any, **options: Any) -> Any:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(outgoing.socket, "create_connection", asked)
    for url in INSIDE:
        with pytest.raises(CallRefused):
            fetch(url)


def test_an_address_is_public_in_whatever_way_it_is_written() -> None:
    for address, wanted in ADDRESSES:
        assert is_public(address) is wanted, address


def test_a_name_with_one_address_inside_is_not_asked(monkeypatch: Any) -> None:
    def resolved(host: str, port: int, **options: Any) -> Any:
        return [(2, 1, 6, "", (one, port)) for one in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", resolved)
    with pytest.raises(CallRefused, match="site public"):
        fetch("https://ailleurs.exemple.test/fil")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: Any) -> None:
    seen: list[Any] = []

    def resolved(host: str, port: int, **options: Any) -> Any:
        answer = "93.184.215.14" if not seen else "127.0.0.1"  # changes its mind
        seen.append(host)
        return [(2, 1, 6, "", (answer, port))]

    def connected(address: Any, **options: Any) -> socket.socket:
        seen.append(address)
        raise OSError

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", resolved)
    monkeypatch.setattr(outgoing.socket, "create_connection", connected)
    with pytest.raises(CallRefused, match="ne répond pas"):
        fetch("http://ailleurs.exemple.test/fil")
    assert seen == ["ailleurs.exemple.test", ("93.184.215.14", 80)]


def test_a_redirection_is_checked_like_the_first_address(site: str, monkeypatch: Any) -> None:
    Elsewhere.target = "file:/etc/passwd"
    with pytest.raises(CallRefused, match="celle d’un site"):
        fetch(f"{site}/moved")
    Elsewhere.target = "/moved"
    with pytest.raises(CallRefused, match="sans cesse ailleurs"):
        fetch(f"{site}/moved")
    Elsewhere.target, Elsewhere.content = "/fil", b"ici"
    assert fetch(f"{site}/moved") == b"ici"


def test_what_is_too_long_or_too_slow_is_given_up(site: str, monkeypatch: Any) -> None:
    Elsewhere.content = b"x" * (outgoing.LARGEST + 1)
    with pytest.raises(CallRefused, match="en dit trop"):
        fetch(f"{site}/fil")
    monkeypatch.setattr(outgoing, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CallRefused):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/fil")


SWOLLEN = (
    b'<!DOCTYPE x [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>',
    b'<!DOCTYPE x SYSTEM "file:/etc/passwd"><feed xmlns="http://www.w3.org/2005/Atom"/>',
    b"<rss/>",
    b"\xff\xfe",
    b"",
)


def test_xml_that_reaches_outside_or_swells_is_refused() -> None:
    for content in SWOLLEN:
        with pytest.raises(CallRefused):
            read_feed(content)


def test_an_entry_leads_to_the_web_or_is_left_out() -> None:
    found = read_feed(
        atom(entry(1, url="javascript:alert(1)"), entry(2, title="&lt;b&gt;gras&lt;/b&gt;"))
    )
    assert [(one.title, one.url) for one in found] == [
        ("<b>gras</b>", "https://ailleurs.exemple.test/2/")
    ]
