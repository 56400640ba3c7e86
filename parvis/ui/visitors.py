"""Where a visitor comes from, and whether they come too often."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

UNKNOWN = "unknown"


def client_ip(request: HttpRequest) -> str:
    """The visitor's address.

    Each proxy appends the address it was called from, so `X-Forwarded-For` is read from the right
    and only as long as the one who speaks is a trusted proxy: what a visitor wrote there is never
    believed.
    """
    seen = _address(request.META.get("REMOTE_ADDR", ""))
    if seen is None:
        return UNKNOWN
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and _is_trusted(seen):
        before = _address(hops.pop())
        if before is None:
            break
        seen = before
    return str(seen)


class ForwardedMiddleware:
    """What a proxy tells of a request (that it came by https) is heard from trusted ones alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if peer is None or not _is_trusted(peer):
            for name in ("PROTO", "HOST", "PORT", "FOR"):
                request.META.pop(f"HTTP_X_FORWARDED_{name}", None)
        return self.get_response(request)


def visitor_key(request: HttpRequest) -> str:
    """What counts as one visitor for a limit: an address, or for IPv6 a household's network."""
    address = client_ip(request)
    if ":" in address:
        return str(IPv6Network(f"{address}/64", strict=False).network_address)
    return address


def too_often(what: str, who: str, *, times: int, seconds: int) -> bool:
    """Whether `who` did `what` more than so many times in the current stretch; this one counts.

    Kept in the cache, under a digest: no address stays behind.
    """
    digest = hashlib.sha256(f"{what}|{who}".encode()).hexdigest()
    key = f"too_often:{digest}"
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key)) > times
    except ValueError:  # it expired in between
        cache.set(key, 1, timeout=seconds)
        return False


def _address(written: str) -> IPv4Address | IPv6Address | None:
    text = written.strip()
    if text.startswith("["):  # [2001:db8::1]:4711
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.7:4711
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _is_trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=4)
def _networks(written: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text.strip(), strict=False) for text in written)
