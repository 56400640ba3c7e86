"""The poster for the hall of a building: where to turn to, and a code that opens the page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.places.models import Commune
from parvis.ui.words import day_in_words
from parvis.vigilance.catalogue import door_kinds
from parvis.vigilance.models import SupportDoor

TITLE = "Une facture difficile à payer ?"
MOST = 5  # doors that one sheet shows in large letters; the code opens them all


def page_url(commune: Commune) -> str:
    """The absolute address of the page of a commune."""
    return f"{settings.SITE_URL}{reverse('vigilance:bill_commune', args=[commune.code])}"


def poster_bytes(commune: Commune, doors: list[SupportDoor]) -> bytes:
    """The poster as a tagged PDF of one A4 page."""
    address = page_url(commune)
    dates = [door.checked_on for door in doors if door.checked_on]
    return make_pdf(
        "vigilance/door_poster",
        {
            "subtitle": commune.name,
            "address": address,
            "checked": f"Vérifié le {day_in_words(min(dates))}." if dates else "",
            "more": max(0, len(doors) - MOST),
            "doors": [
                {
                    "name": door.name,
                    "kind": door_kinds()[door.kind].short if door.kind in door_kinds() else "",
                    "does": door.does,
                    "phone": door.phone,
                    "address": door.address,
                    "hours": door.hours,
                }
                for door in doors[:MOST]
            ],
        },
        title=TITLE,
        files={"/qr.svg": qr_code(address)},
    )


def poster(commune: Commune, doors: list[SupportDoor]) -> HttpResponse:
    """The same as a file."""
    return pdf_response(f"affiche-facture-{commune.name}", poster_bytes(commune, doors))
