"""Who may do what in this room: each part has its file."""

from __future__ import annotations

from parvis.councils import (
    aside_access,
    body_access,
    challenge_access,
    draw_access,
    frame_access,
    opinion_access,
    proposition_access,
    referent_access,
    space_access,
)
from parvis.councils.aside_access import PREPARATION, WORD
from parvis.councils.body_access import BODY, MEMBER, NOTE
from parvis.councils.challenge_access import CHALLENGE
from parvis.councils.draw_access import DRAW, DRAWN, LISTED
from parvis.councils.frame_access import FRAME, PARTICIPATION
from parvis.councils.opinion_access import OPINION, REQUEST
from parvis.councils.proposition_access import MICRO_PROJECT, PROPOSITION
from parvis.councils.referent_access import CALL, CALLED_DOCUMENT, CALLED_SITTING, REFERENT
from parvis.councils.space_access import DUE_DOCUMENT, EXPENSE, PRESENCE, TOPIC, TRAINING
from parvis.partners.rights import Door

__all__ = [
    "BODY",
    "CALL",
    "CALLED_DOCUMENT",
    "CALLED_SITTING",
    "CHALLENGE",
    "DOORS",
    "DRAW",
    "DRAWN",
    "DUE_DOCUMENT",
    "EXPENSE",
    "FRAME",
    "LISTED",
    "MEMBER",
    "MICRO_PROJECT",
    "NOTE",
    "OPINION",
    "PARTICIPATION",
    "PREPARATION",
    "PRESENCE",
    "PROPOSITION",
    "REFERENT",
    "REQUEST",
    "TOPIC",
    "TRAINING",
    "WORD",
]

DOORS: dict[str, Door] = {
    **body_access.DOORS,
    **space_access.DOORS,
    **referent_access.DOORS,
    **aside_access.DOORS,
    **frame_access.DOORS,
    **challenge_access.DOORS,
    **opinion_access.DOORS,
    **proposition_access.DOORS,
    **draw_access.DOORS,
}
