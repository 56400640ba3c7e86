"""What tests of the stock share: who is signed in, a rate, a table that somebody sends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.tfpb.models import CommuneRate
from tests.cast import Cast
from tests.tfpb.scene import this_year


def signed_in(person: Any) -> Client:
    """A browser of that person."""
    client = Client()
    client.force_login(person)
    return client


def a_rate(cast: Cast, **fields: Any) -> CommuneRate:
    """The rate of Anzin this year: 45 %."""
    given = {
        "commune": cast.anzin,
        "tax_year": this_year(),
        "percent": Decimal(45),
        "source": "État fiscal 1259",
        **fields,
    }
    return CommuneRate.objects.create(**given)


def a_file(text: str | bytes, name: str = "patrimoine.csv") -> SimpleUploadedFile:
    """A table, as a browser sends it."""
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def plain(content: bytes) -> str:
    """A page with ordinary blanks."""
    text = content.decode()
    return text.replace("&nbsp;", " ").replace("\u202f", " ").replace("\u00a0", " ")
