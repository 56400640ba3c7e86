"""Calling an address that somebody gave, without lending them our place in the network.

Only http and https, on their own ports; the name is resolved once, every address that it has must
be one of the public network, and the connection goes to the address that was checked, so that a
name which changes its mind between the two is of no use. The same holds for each redirection;
unless asked for, none is followed. Proxies of the environment are not used.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

LARGEST = 1_000_000  # bytes
TIMEOUT = 8.0  # seconds, from the question to the whole answer
PORTS = {"http": 80, "https": 443}
MOVED = (301, 302, 303, 307, 308)


class CallRefused(Exception):  # noqa: N818 - what happened, told to a person
    """What stands in the way, in words for people; `may_pass`: trying again later may help."""

    def __init__(self, words: str, *, may_pass: bool = False) -> None:
        super().__init__(words)
        self.may_pass = may_pass


@dataclass(frozen=True)
class Reply:
    """What the other side said."""

    status: int
    body: bytes
    headers: Mapping[str, str]  # names in lower case


def call(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    redirections: int = 0,
    private: bool = False,
    timeout: float | None = None,
) -> Reply:
    """The reply of that address, whatever its status.

    CallRefused when it may not be asked, does not reply in time (seconds), or says too much.
    `redirections`: how many are followed. `private`: an address that the installation's own
    settings give may be at home.
    """
    until = time.monotonic() + (timeout or TIMEOUT)
    for _ in range(redirections + 1):
        parts = _checked(url, private=private)
        try:
            reply = _ask(parts, until, method, body, headers or {}, private=private)
        except (OSError, http.client.HTTPException, ValueError):
            raise CallRefused("Ce site ne répond pas.", may_pass=True) from None
        if reply.status not in MOVED or not redirections:
            return reply
        url = urljoin(url, reply.headers.get("location", ""))
    raise CallRefused("Ce site renvoie sans cesse ailleurs.")


def _checked(url: str, *, private: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise CallRefused("Cette adresse n’est pas celle d’un site.") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise CallRefused("Cette adresse n’est pas celle d’un site.")
    if any(letter.isspace() or not letter.isprintable() for letter in url) or not url.isascii():
        raise CallRefused("Cette adresse n’est pas celle d’un site.")
    if port != PORTS[parts.scheme] and not private:
        raise CallRefused("Cette adresse n’est pas celle d’un site public.")
    return parts


def _public_address(host: str, port: int, *, private: bool) -> str:
    """The address to connect to: the first one, if all are of the public network."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found:
        raise CallRefused("Ce site ne répond pas.", may_pass=True)
    if not private and not all(is_public(one) for one in found):
        raise CallRefused("Cette adresse n’est pas celle d’un site public.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an address is of the public network, whatever way it is written."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = [found]
    if found.version == 6:
        # One of the old network inside one of the new: both must be public.
        inner += [one for one in (found.ipv4_mapped, found.sixtofour) if one]
        if found.teredo:
            inner += found.teredo
        packed = found.packed
        if packed[:12] == bytes.fromhex("0064ff9b0000000000000000"):
            inner.append(ip_address(packed[12:]))
    return all(one.is_global and not one.is_multicast for one in inner)


def _ask(
    parts: SplitResult,
    until: float,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    private: bool,
) -> Reply:
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    address = _public_address(host, port, private=private)
    connection = http.client.HTTPConnection(host, port, timeout=_left(until))
    connection.default_port = PORTS[parts.scheme]
    plain = socket.create_connection((address, port), timeout=_left(until))
    # One who answers letter by letter never lets a reading time out: the line is cut for them.
    cut = threading.Timer(_left(until), _cut, [plain])
    cut.daemon = True
    cut.start()
    try:
        if parts.scheme == "https":
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection.sock = plain
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        said = {"User-Agent": "Parvis", "Accept-Encoding": "identity", **headers}
        connection.request(method, path, body=body, headers=said)
        answer = connection.getresponse()
        heard = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, _read(answer, plain, until), heard)
    finally:
        cut.cancel()
        connection.close()
        plain.close()


def _cut(plain: socket.socket) -> None:
    with suppress(OSError):
        plain.shutdown(socket.SHUT_RDWR)


def _read(answer: http.client.HTTPResponse, plain: socket.socket, until: float) -> bytes:
    received = b""
    while True:
        plain.settimeout(_left(until))
        block = answer.read1(65_536)
        if not block:
            return received
        received += block
        if len(received) > LARGEST:
            raise CallRefused("Ce site en dit trop.")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
