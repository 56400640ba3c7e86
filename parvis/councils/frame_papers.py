"""The cadre de référence on paper: a tagged PDF."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.councils import frame_reading as reading
from parvis.councils.frame_models import Frame
from parvis.councils.workflow import FrameState
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.ui.words import day_in_words


def frame_paper(frame: Frame) -> HttpResponse:
    """A version with its summary at one glance and its articles; remarks stay on the page."""
    articles = reading.read_articles(frame)
    summary = reading.summary_of(line["article"] for line in articles)
    made = make_pdf(
        "councils/frame",
        {
            "subtitle": f"{frame.coordinator.name} · {_state(frame)}",
            "introduction": frame.introduction,
            "may": [[one["line"], one["number"]] for one in summary["may"]],
            "may_not": [[one["line"], one["number"]] for one in summary["may_not"]],
            "articles": [
                {
                    "number": line["article"].number,
                    "title": line["article"].title,
                    "text": line["article"].text,
                    "may": line["may"],
                    "may_not": line["may_not"],
                    "rules": line["rules"],
                }
                for line in articles
            ],
        },
        title=str(frame),
        large=len(articles) > 25,
    )
    return pdf_response(f"{frame.title}-version-{frame.number}", made)


def _state(frame: Frame) -> str:
    if frame.adopted_on and frame.sitting:
        words = f"adopté le {day_in_words(frame.adopted_on)}, {frame.sitting.instance.name}"
        return f"{words}, remplacé depuis" if frame.state == FrameState.REPLACED else words
    if frame.state == FrameState.OPEN and frame.closes_on:
        return f"projet ouvert aux remarques jusqu’au {day_in_words(frame.closes_on)}"
    return "projet en cours d’écriture"
