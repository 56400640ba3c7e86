"""Reading the cadre de référence: what each rule cites, the versions, one text with its remarks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parvis.councils.body_models import Body
from parvis.councils.frame_models import Frame, FrameArticle, FrameComment
from parvis.councils.regimes import rule_labels
from parvis.councils.workflow import FrameState, Outcome
from parvis.ui.words import counted

FRAMES = Frame.objects.select_related(
    "coordinator__commune", "sitting__instance", "sitting__gathering"
)
TONES = {
    FrameState.DRAFT: "",
    FrameState.OPEN: "soon",
    FrameState.ADOPTED: "done",
    FrameState.REPLACED: "",
}
OUTCOME_TONES = {Outcome.FOLLOWED: "done", Outcome.PARTLY: "soon", Outcome.NOT_FOLLOWED: "late"}
# Words of a remark: « suivie », where an opinion is « suivi ».
OUTCOME_WORDS = {
    Outcome.FOLLOWED: "suivie",
    Outcome.PARTLY: "suivie en partie",
    Outcome.NOT_FOLLOWED: "non suivie",
}


def articles_citing(body: Body) -> dict[str, FrameArticle]:
    """The article of the frame in force, at the body's coordinator, that sets each rule; one
    query. Its page is `councils:frame` with `#article-<number>` (`anchor`)."""
    rows = FrameArticle.objects.filter(
        frame__coordinator_id=body.coordinator_id, frame__state=FrameState.ADOPTED
    ).select_related("frame")
    return {code: one for one in rows for code in one.rules}


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


def summary_of(articles: Iterable[FrameArticle]) -> dict[str, list[dict[str, Any]]]:
    """What a body may decide and what it may not, at one glance, with the article of each line."""
    found: dict[str, list[dict[str, Any]]] = {"may": [], "may_not": []}
    for one in articles:
        for side in found:
            for line in lines_of(getattr(one, side)):
                found[side].append({"line": line, "number": one.number, "anchor": one.anchor})
    return found


def read_articles(frame: Frame) -> list[dict[str, Any]]:
    """The articles in their order, with the labels of their rules and the remarks on each; two
    queries."""
    labels = rule_labels()
    remarks: dict[int, list[dict[str, Any]]] = {}
    rows = FrameComment.objects.filter(article__frame=frame).select_related("organisation")
    for one in rows:
        remarks.setdefault(one.article_id, []).append(
            {
                "remark": one,
                "outcome": OUTCOME_WORDS.get(Outcome(one.outcome), "") if one.outcome else "",
                "tone": OUTCOME_TONES.get(Outcome(one.outcome), "") if one.outcome else "soon",
            }
        )
    return [
        {
            "article": one,
            "rules": [labels.get(code, code) for code in one.rules],
            "remarks": remarks.get(one.pk, []),
            "said": counted(len(remarks.get(one.pk, [])), "remarque", "remarques"),
            "may": lines_of(one.may),
            "may_not": lines_of(one.may_not),
        }
        for one in frame.articles.all()
    ]
