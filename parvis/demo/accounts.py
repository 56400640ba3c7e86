"""The invented people of the demonstration, one per role, and their place on the sign-in page."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Account:
    """One invented person, as data/accounts.toml describes them."""

    code: str
    name: str
    organisation: str  # key of data/organisations.toml, or a commune's code
    role: str
    says: str  # what this account shows, on the sign-in page
    communes: tuple[str, ...] = ()
    quartiers: tuple[str, ...] = ()


def read(name: str) -> dict[str, Any]:
    """One of the room's data files."""
    return tomllib.loads((DATA / f"{name}.toml").read_text())


@cache
def accounts() -> tuple[Account, ...]:
    """Every account, in the order of the file."""
    return tuple(Account(code=code, **row) for code, row in read("accounts").items())


def address_of(code: str) -> str:
    """The address of an account; the domain can never exist (RFC 2606)."""
    return f"{code}@demo.invalid"


def for_sign_in(request: HttpRequest) -> dict[str, object]:
    """Context: the accounts that the sign-in page offers, one button each."""
    return {
        "demo_letters_url": reverse("demo:letters"),
        "demo_accounts": [
            {
                "name": account.name,
                "email": address_of(account.code),
                "says": account.says,
                "url": reverse("demo:enter", args=[account.code]),
            }
            for account in accounts()
        ],
    }
