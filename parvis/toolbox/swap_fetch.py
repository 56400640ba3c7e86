"""Reading an address that somebody typed, without lending them our place in the network.

Only http and https, on their own ports; the name is resolved once, every address that it has must
be one of the public network, and the connection goes to the address that was checked, so that a
name which changes its mind between the two is of no use. The same holds for each redirection.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

LARGEST = 1_000_000  # bytes
TIMEOUT = 8.0  # seconds, from the question to the whole answer
REDIRECTIONS = 3
PORTS = {"http": 80, "https": 443}


class FetchRefused(Exception):  # noqa: N818 - what happened, told to a person
    """What stands in the way, in words for people."""


def fetch(url: str) -> bytes:
    """What stands at that address; FetchRefused when it may not be asked, or does not answer."""
    until = time.monotonic() + TIMEOUT
    for _ in range(REDIRECTIONS + 1):
        parts = _checked(url)
        try:
            found = _ask(parts, until)
        except (OSError, http.client.HTTPException, ValueError):
            raise FetchRefused("Ce site ne répond pas.") from None
        if isinstance(found, bytes):
            return found
        url = urljoin(url, found)
    raise FetchRefused("Ce site renvoie sans cesse ailleurs.")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise FetchRefused("Cette adresse n’est pas celle d’un site.") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise FetchRefused("Cette adresse n’est pas celle d’un site.")
    if any(letter.isspace() or not letter.isprintable() for letter in url) or not url.isascii():
        raise FetchRefused("Cette adresse n’est pas celle d’un site.")
    if port != PORTS[parts.scheme] and not settings.FEEDS_FROM_PRIVATE_HOSTS:
        raise FetchRefused("Cette adresse n’est pas celle d’un site public.")
    return parts


def _public_address(host: str, port: int) -> str:
    """The address to connect to: the first one, if all are of the public network."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found:
        raise FetchRefused("Ce site ne répond pas.")
    if not settings.FEEDS_FROM_PRIVATE_HOSTS and not all(is_public(one) for one in found):
        raise FetchRefused("Cette adresse n’est pas celle d’un site public.")
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


def _ask(parts: SplitResult, until: float) -> bytes | str:
    """The content, or where it has gone."""
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    address = _public_address(host, port)
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
        headers = {"User-Agent": "Parvis", "Accept": "application/atom+xml, application/xml"}
        connection.request("GET", path, headers={**headers, "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308):
            return answer.getheader("Location") or ""
        if answer.status != 200:
            raise FetchRefused(f"Ce site répond par une erreur ({answer.status}).")
        return _read(answer, plain, until)
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
            raise FetchRefused("Ce fil est trop long.")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
