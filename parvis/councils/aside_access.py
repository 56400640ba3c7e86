"""Who may see how a body prepares a sitting of others, and the words of residents that it keeps."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import BODIES, ROLES, inside
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, PARTNERS, Door, Policy, Row


def told(actor: Actor) -> Q:
    return Q(told_at__isnull=False, body__published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


PREPARATION = Policy(
    "councils.preparation",
    "préparation d’une séance par une instance",
    scopes={"told to the quartier": told, "my body": of_my_body},
    rows=(
        # To see is to read what was told back; to prepare, the note and the rest.
        Row(ANYONE, ("see",), "told to the quartier"),
        *(Row(role, ("see", "prepare"), "my body", BODIES) for role in ROLES),
        Row("responsable", ("tell",), "my body", BODIES),
    ),
)
WORD = Policy(
    "councils.residentword",
    "parole d’habitant",
    scopes={"my body": of_my_body},
    rows=tuple(Row(role, ("see", "edit"), "my body", BODIES) for role in ROLES),
)

_BODY, _PREPARATION, _WORD = "councils.body", PREPARATION.resource, WORD.resource

DOORS: dict[str, Door] = {
    # The body's own pages: for others the body is there, not what it prepares.
    "councils:preparations": Door(PARTNERS, _BODY, "enter"),
    "councils:prepare": Door(PARTNERS, _BODY, "enter"),
    "councils:notebook": Door(PARTNERS, _BODY, "enter"),
    "councils:new_word": Door(PARTNERS, _BODY, "enter"),
    **{
        f"councils:{name}": Door(PARTNERS, _PREPARATION, "prepare", sees="prepare")
        for name in (
            *("preparation", "preparation_meeting", "drop_preparation_meeting"),
            *("preparation_note", "preparation_words", "preparation_pdf", "write_restitution"),
        )
    },
    "councils:tell_restitution": Door(PARTNERS, _PREPARATION, "tell", sees="prepare"),
    "councils:take_restitution_back": Door(PARTNERS, _PREPARATION, "tell", sees="prepare"),
    **{
        f"councils:{name}": Door(PARTNERS, _WORD, "edit")
        for name in ("word", "delete_word", "word_speaker", "forget_speaker")
    },
    "councils:word_consent": Door(PARTNERS, _WORD),
    "councils:restitutions": Door(EVERYONE),
    "councils:restitution": Door(EVERYONE, _PREPARATION),
    "councils:restitution_poster": Door(EVERYONE, _PREPARATION),
}
