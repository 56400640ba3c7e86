"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.councils import micro_acts, proposition_acts, proposition_supports
from parvis.councils.models import Support
from parvis.councils.proposition_digest import author_token, support_token
from tests.cast import Cast
from tests.councils.proposition_scene import an_expense, granted, proposed, published, submitted
from tests.pages.sheet import Sheet

ALL, PROJECTS = "/participation/propositions/", "/participation/projets/"
SHEETS: list[Sheet] = [
    Sheet("councils/proposition_list.html", ALL),
    Sheet("councils/proposition_list.html", f"{ALL}?q=introuvable"),
    Sheet("councils/proposition_new.html", f"{ALL}nouvelle/"),
    Sheet("councils/proposition.html", f"{ALL}{{proposition}}/"),
    Sheet("councils/proposition.html", f"{ALL}{{proposition}}/", "yasmine"),
    Sheet("councils/proposition_mine.html", f"{ALL}suivi/{{author}}/?nouveau=1"),
    Sheet("councils/proposition_support.html", f"{ALL}soutien/{{supporter}}/"),
    Sheet("councils/proposition_queue.html", f"{ALL}a-relire/", "yasmine"),
    Sheet("councils/proposition_review.html", f"{ALL}{{unreviewed}}/relire/", "yasmine"),
    Sheet("councils/proposition_form.html", f"{ALL}{{proposition}}/repondre/", "yasmine"),
    Sheet("councils/proposition_links.html", f"{ALL}{{proposition}}/liens/?mot=banc", "yasmine"),
    Sheet("councils/micro_list.html", PROJECTS, "karim"),
    Sheet("councils/micro_budget.html", "/participation/{council}/budget/"),
    Sheet("councils/micro_project.html", f"{PROJECTS}{{micro_granted}}/"),
    Sheet("councils/micro_project.html", f"{PROJECTS}{{micro_granted}}/", "karim"),
    Sheet("councils/micro_expenses.html", f"{PROJECTS}{{micro_granted}}/depenses/", "yasmine"),
    Sheet("councils/proposition_form.html", f"{PROJECTS}{{micro_submitted}}/decider/", "karim"),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """What the pages of this part show, by the names that their addresses use."""
    yasmine = cast.actor(cast.yasmine)
    unreviewed = proposed(cast, title="Une fontaine au square")
    called = proposed(cast, title="Un four à pain", email="", phone="06 12 34 56 78")
    proposition_acts.refuse_proposition(called, actor=yasmine, reason="Elle nomme quelqu’un.")
    shown = published(cast)
    proposition_acts.count_paper(shown, actor=yasmine, number=14)
    proposition_supports.support_signed_in(shown, cast.hugo.email)
    proposition_supports.ask_support(shown, "voisin@exemple.test")
    asked = Support.objects.get(proposition=shown, confirmed_at=None)
    carried = published(cast, title="Des jardinières au pied des tours")
    project = granted(cast, body, proposition=carried)
    an_expense(project)
    before = submitted(cast, body, title="Un tournoi de quartier")
    micro_acts.submit_project(before, actor=yasmine)
    return {
        "proposition": shown.pk,
        "unreviewed": unreviewed.pk,
        "author": author_token(unreviewed),
        "supporter": support_token(asked),
        "micro_granted": project.pk,
        "micro_submitted": before.pk,
    }
