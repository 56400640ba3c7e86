"""Finding public opinions by their words: only what everybody reads is put in the index."""

from __future__ import annotations

from typing import Any

from parvis.councils.opinion_events import OPINION
from parvis.councils.opinion_models import Opinion
from parvis.search import index


def index_opinion(opinion: Opinion) -> None:
    """Put the words of a public opinion in the index, with its reply; others are never there."""
    if opinion.published_at is None:
        return
    askings = [f"{one.text} {one.why}" for one in opinion.askings.all()]
    words = [opinion.title, opinion.body.organisation.name, opinion.text, *askings, opinion.reply]
    index.put(OPINION, opinion.pk, " ".join(words))


def holding(words: str) -> Any:
    """The ids of the public opinions that hold every word; None without any word."""
    return index.matching(OPINION, words)
