"""Papers of a draw: its report, for everybody; letters and the list of calls, for who calls."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from parvis.councils.draw_models import Draw, DrawnPerson
from parvis.councils.lot_content import content_of, people_words, today_words
from parvis.councils.lot_people import is_substitute
from parvis.councils.regimes import label_of
from parvis.documents.pdf import make_pdf, pdf_response

LONG = 15  # letters from which a paper is made apart


def report_paper(draw: Draw) -> HttpResponse:
    """What was used, counts, rules, chances, digests, seed, line numbers, answers counted."""
    content = content_of(draw)
    made = make_pdf(
        "councils/lot_report",
        {
            **content,
            "subtitle": f"{draw.body.organisation.name} · {people_words(draw)}",
            "runner": draw.runner.name,
            "college": label_of("college", draw.college),
            "address": settings.SITE_URL + reverse("councils:draw", args=[draw.pk]),
            "made_on": today_words(),
        },
        title=f"Rapport du tirage : {draw.title}",
        large=len(content["panel"]) > LONG,
    )
    return pdf_response(f"rapport-tirage-{draw.pk}", made)


def letters_paper(draw: Draw, people: Sequence[DrawnPerson]) -> HttpResponse:
    """One letter a page, to those who are to be reached."""
    body = draw.body
    made = make_pdf(
        "councils/lot_letters",
        {
            "runner": draw.runner.name,
            "body": body.organisation.name,
            "presentation": body.presentation[:600],
            # Not everybody writes e-mails: a telephone comes first.
            "contact": body.contact
            or " ou ".join(way for way in (draw.runner.phone, draw.runner.email) if way),
            "draw": draw.title,
            "today": today_words(),
            "destroy_on": content_of(draw)["destroy_on"],
            "lists": [
                {"holder": one.holder, "basis": one.basis} for one in draw.lists.order_by("pk")
            ],
            "address": settings.SITE_URL + reverse("councils:draw", args=[draw.pk]),
            "letters": [
                {
                    "name": one.contact.name,
                    "address": one.contact.address,
                    "line": one.line,
                    "substitute": is_substitute(one),
                }
                for one in people
            ],
        },
        title="Vous avez été tiré(e) au sort",
        large=len(people) > LONG,
    )
    return pdf_response(f"courriers-tirage-{draw.pk}", made)


def calls_paper(draw: Draw, people: Sequence[DrawnPerson]) -> HttpResponse:
    """Whom to call, with room to write what came of it."""
    made = make_pdf(
        "councils/lot_calls",
        {
            "subtitle": f"{draw.title}. À détruire le {content_of(draw)['destroy_on']} au plus "
            "tard.",
            "made_on": today_words(),
            "people": [
                {
                    "rank": one.rank,
                    "seat": one.seat,
                    "name": one.contact.name,
                    "phone": one.contact.phone,
                    "address": one.contact.address,
                }
                for one in people
            ],
        },
        title="Personnes à appeler",
        large=len(people) > 5 * LONG,
    )
    return pdf_response(f"appels-tirage-{draw.pk}", made)
