"""Who may read a page of content. Who writes one is said by the groups of the editor's office."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, Door, Policy, Row


def published(actor: Actor) -> Q:
    return Q(live=True)


CONTENT = Policy(
    "toolbox.contentpage",
    "page de contenu",
    scopes={"published": published},
    rows=(Row(ANYONE, ("see",), "published"),),
)


def _displayed(path: str) -> Q:
    displayed = apps.get_model("toolbox", "Displayed").objects.filter(page__live=True)
    return Q(Exists(displayed.filter(**{f"{path}_id": OuterRef("pk")})))


def picture_of_a_published_page(actor: Actor) -> Q:
    return _displayed("picture")


def paper_of_a_published_page(actor: Actor) -> Q:
    return _displayed("paper")


DOORS: dict[str, Door] = {"toolbox:content": Door(EVERYONE, "toolbox.contentpage")}
