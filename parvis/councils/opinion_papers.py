"""An opinion on paper: what it says and asks, its votes, the other views, the reply."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.ui.words import day_in_words

LONG = 30_000  # signs from which a paper is made apart


def opinion_paper(opinion: Opinion, asked: OpinionRequest | None) -> HttpResponse:
    """The opinion as a tagged PDF; one that is not sent says that it is the body's alone."""
    data = content_of(opinion, asked)
    signs = sum(len(str(value)) for value in data.values())
    made = make_pdf("councils/opinion", data, title=opinion.title, large=signs > LONG)
    name = f"avis-{opinion.number or 'en-débat'}-{opinion.body.organisation.name}"
    return pdf_response(name, made)


def content_of(opinion: Opinion, asked: OpinionRequest | None) -> dict[str, Any]:
    """What stands on the paper, in words."""
    name = opinion.body.organisation.name
    sent = opinion.sent_at is not None
    votes = ""
    if opinion.adopted_on:
        votes = (
            f"{opinion.votes_for} pour, {opinion.votes_against} contre,"
            f" {opinion.abstentions} abstentions"
        )
    return {
        "subtitle": f"Avis n° {opinion.number}, {name}" if sent else f"Avis en débat, {name}",
        "working": not sent,
        "body": name,
        "adopted": day_in_words(opinion.adopted_on) if opinion.adopted_on else "",
        "votes": votes,
        "replier": str(opinion.replier or ""),
        "due": day_in_words(opinion.reply_due_on) if opinion.reply_due_on else "",
        "pillar": opinion.pillar,
        "text": opinion.text,
        "askings": [
            {
                "number": one.position,
                "text": one.text,
                "decided": one.get_outcome_display() if one.outcome else "",
                "why": one.why,
            }
            for one in opinion.askings.all()
        ],
        "answered": opinion.replied_at is not None,
        "views": [one.text for one in opinion.divergent_views.all()],
        "request": {
            "asker": asked.asker.name,
            "level": asked.get_level_display(),
            "text": asked.text,
            "decided": asked.decided,
            "open": asked.still_open,
        }
        if asked
        else None,
        "reply": opinion.reply,
        "replied": day_in_words(opinion.replied_at) if opinion.replied_at else "",
        "additions": [
            {"day": day_in_words(one.at), "text": one.text} for one in opinion.additions.all()
        ],
    }
