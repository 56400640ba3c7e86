"""The visitor's address, behind proxies or not."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from parvis.ui.visitors import client_ip, too_often, visitor_key


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "seen"),
    [
        ("203.0.113.5", "", [], "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", [], "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", ["10.0.0.0/8"], "203.0.113.5"),
        ("10.0.0.1", "198.51.100.7", ["10.0.0.0/8"], "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", ["10.0.0.1"], "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", ["10.0.0.0/8"], "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:4711", ["10.0.0.1"], "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:4711", ["10.0.0.1"], "2001:db8::7"),
        ("10.0.0.1", "n’importe quoi", ["10.0.0.1"], "10.0.0.1"),
        ("10.0.0.1", "", ["10.0.0.1"], "10.0.0.1"),
        ("::ffff:10.0.0.1", "198.51.100.7", ["10.0.0.1"], "198.51.100.7"),
        ("", "198.51.100.7", ["10.0.0.1"], "unknown"),
    ],
)
def test_the_address_comes_from_trusted_proxies_only(peer, forwarded, trusted, seen, settings):
    settings.TRUSTED_PROXIES = trusted
    headers = {"REMOTE_ADDR": peer}
    if forwarded:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_ip(RequestFactory().get("/", **headers)) == seen


def test_a_household_is_one_visitor_over_ipv6(settings):
    first = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:aaaa::1")
    second = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:bbbb::9")
    other = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:3::1")
    assert visitor_key(first) == visitor_key(second) != visitor_key(other)


def test_a_limit_counts_each_visitor_apart():
    assert [too_often("report", "a", times=2, seconds=60) for _ in range(3)] == [False, False, True]
    assert not too_often("report", "b", times=2, seconds=60)
    assert not too_often("other", "a", times=2, seconds=60)
