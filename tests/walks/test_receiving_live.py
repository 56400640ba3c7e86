"""A picture of 200 MB knocks at the web server of an installation: refused while it comes, and
never kept on the disk."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from parvis.operations.processes import FRONT
from parvis.walks.models import Picture
from tests.benchmark.serving import Server, served
from tests.cast import Cast
from tests.walks.scene import found, walking
from tests.walks.test_receiving_pictures import taken, url_of

HEAVY = 200 * 1024 * 1024  # bytes
A_PIECE = 64 * 1024
SECRET = "a" * 32


class Counted:
    """A body made as it is asked for, and how much of it was."""

    def __init__(self) -> None:
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while self.sent < HEAVY:
            self.sent += A_PIECE
            yield b"\xff" * A_PIECE


def knock(server: Server, path: str, headers: dict[str, str], body: Iterable[bytes]) -> Any:
    """The status and the body of the answer; the server may close before it has heard all."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    link.putrequest("POST", path, skip_host=True)
    for name, value in headers.items():
        link.putheader(name, value)
    link.endheaders()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for piece in body:
            chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
            link.send(chunk if "Transfer-Encoding" in headers else piece)
    try:
        response = link.getresponse()
        return response.status, response.read()
    except (ConnectionResetError, http.client.BadStatusLine):
        return 0, b""  # it hung up
    finally:
        link.close()


def database() -> str:
    """The address of the database of this test."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return (
        f"postgres://parvis@/{known['NAME']}?host={known.get('HOST') or known['OPTIONS']['host']}"
    )


@pytest.mark.django_db(transaction=True)
def test_two_hundred_megabytes_are_refused_before_they_are_read(cast: Cast, tmp_path: Path) -> None:
    walk = walking(cast)
    finding = found(cast, walk, pictures_told=1)
    client = Client()
    client.force_login(cast.karim)
    media, spool = tmp_path / "served", tmp_path / "spool"
    for folder in (media, spool):
        folder.mkdir()
    headers = {
        "Host": "localhost",
        "Content-Type": "multipart/form-data; boundary=x",
        "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={SECRET}",
        "X-CSRFToken": SECRET,
    }
    surroundings = {
        "DATABASE_URL": database(),
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PARVIS_MEDIA": str(media),
        "TMPDIR": str(spool),
    }
    with served(FRONT, surroundings) as server:
        before = server.memory()
        for told in ({"Content-Length": str(HEAVY)}, {"Transfer-Encoding": "chunked"}):
            body = Counted()
            status, said = knock(server, url_of(walk), headers | told, body)
            # Without a length nobody could tell whether it came whole.
            assert status in (413 if "Content-Length" in told else 411, 0), said
            assert body.sent < HEAVY / 4
        assert server.memory() - before < 60  # megabytes
        # The same door takes a picture that is one.
        sent = taken(finding)
        jpeg = sent.pop("file").read()
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in sent.items()
        ]
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n'
        whole = b"".join([*parts, head, jpeg, b"\r\n--x--\r\n"])
        length = {"Content-Length": str(len(whole))}
        status, said = knock(server, url_of(walk), headers | length, [whole])
        assert (status, json.loads(said)) == (200, {"kept": [sent["uid"]]})
    assert not [path for path in spool.rglob("*") if path.is_file()]
    assert len([path for path in media.rglob("*") if path.is_file()]) == 2
    assert Picture.objects.count() == 1
