"""The note that référents hold in their hand, and the poster of what was told back."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from parvis.councils.aside_events import restitution_title, restitution_url
from parvis.councils.aside_reading import meeting_of
from parvis.councils.referent_models import Preparation, ResidentWord
from parvis.documents.codes import qr_code
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.ui.words import day_in_words, span_in_words

PAPERS = ("a4", "a3")


def note_bytes(preparation: Preparation, words: Sequence[ResidentWord]) -> bytes:
    """The note as a tagged PDF of one page. A name stands there only as the notebook holds it:
    with written consent."""
    gathering, meeting = preparation.sitting.gathering, meeting_of(preparation)
    return make_pdf(
        "councils/aside_note",
        {
            "subtitle": preparation.body.organisation.name,
            "when": span_in_words(gathering.starts_at, gathering.ends_at),
            "place": gathering.place_label,
            "companion": preparation.companion,
            "meeting": span_in_words(meeting.starts_at, meeting.ends_at) if meeting else "",
            "meeting_place": meeting.place_label if meeting else "",
            "asked": preparation.asked,
            "decided": preparation.decided,
            "still_open": preparation.still_open,
            "words": [
                {
                    "text": one.text,
                    "name": getattr(getattr(one, "speaker", None), "name", ""),
                    "quartier": one.quartier.name if one.quartier else "",
                }
                for one in words
            ],
        },
        title=preparation.sitting.instance.name,
    )


def note_paper(preparation: Preparation, words: Sequence[ResidentWord]) -> HttpResponse:
    """The same as a file."""
    name = f"note-{preparation.sitting.instance.name}"
    return pdf_response(name, note_bytes(preparation, words))


def poster_bytes(preparation: Preparation, quartiers: Sequence[str], paper: str) -> bytes:
    """The poster for the halls, on "a4" or "a3", with a code that opens the page."""
    address = restitution_url(preparation)
    return make_pdf(
        "councils/aside_poster",
        {
            "paper": paper,
            "draft": preparation.told_at is None,
            "instance": preparation.sitting.instance.name,
            "day": day_in_words(preparation.sitting.gathering.starts_at),
            "quartiers": ", ".join(quartiers),
            "said": preparation.said,
            "answered": preparation.answered,
            "body": preparation.body.organisation.name,
            "contact": preparation.body.contact,
            "address": address,
        },
        title=restitution_title(preparation),
        files={"/qr.svg": qr_code(address)},
    )


def poster_paper(preparation: Preparation, quartiers: Sequence[str], paper: str) -> HttpResponse:
    """The same as a file."""
    name = f"affiche-{paper}-{preparation.sitting.instance.name}"
    return pdf_response(name, poster_bytes(preparation, quartiers, paper))
