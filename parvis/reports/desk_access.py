"""Who may see and write what an organisation and its people keep ready."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, PARTNERS, Door, Policy, Row
from parvis.reports.scopes import ROLES, my_organisation

COMMITTERS = ("responsable", "coordination")  # who may promise a delay for their organisation


def mine(actor: Actor) -> Q:
    return Q(person_id=actor.user_id) if actor.user_id else NOTHING


def shared_in_my_organisation(actor: Actor) -> Q:
    return my_organisation(actor) & Q(shared=True)


COMMITMENT = Policy(
    "reports.commitment",
    "engagement de délai",
    scopes={"my organisation": my_organisation},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ROLES),
        *(Row(role, ("edit",), "my organisation") for role in COMMITTERS),
    ),
)

ANSWER_TEMPLATE = Policy(
    "reports.answertemplate",
    "réponse type",
    scopes={"my organisation": my_organisation},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ROLES),
        Row("responsable", ("edit",), "my organisation"),
        Row("coordination", ("edit",), "my organisation"),
    ),
)

DWELLING_DESK = Policy(
    "reports.dwellingdesk",
    "accueil des locataires",
    scopes={"my organisation": my_organisation},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ROLES),
        Row("responsable", ("edit",), "my organisation", ("bailleur",)),
    ),
)

SAVED_VIEW = Policy(
    "reports.savedview",
    "vue enregistrée",
    scopes={"mine": mine, "shared in my organisation": shared_in_my_organisation},
    rows=(
        *(Row(role, ("see", "edit"), "mine") for role in ROLES),
        *(Row(role, ("see",), "shared in my organisation") for role in ROLES),
    ),
)

DOORS: dict[str, Door] = {
    "reports:save_view": Door(PARTNERS, roles=ROLES),
    "reports:change_view": Door(PARTNERS, "reports.savedview", "edit"),
    "reports:delete_view": Door(PARTNERS, "reports.savedview", "edit"),
    # Answer templates
    "reports:templates": Door(PARTNERS),
    "reports:new_template": Door(PARTNERS, roles=("coordination", "responsable")),
    "reports:edit_template": Door(PARTNERS, "reports.answertemplate", "edit"),
    "reports:remove_template": Door(PARTNERS, "reports.answertemplate", "edit"),
    # Delays that the organisation publishes
    "reports:commitments": Door(PARTNERS),
    "reports:publish_commitment": Door(PARTNERS, roles=COMMITTERS),
    "reports:end_commitment": Door(PARTNERS, "reports.commitment", "edit"),
    # The tenants' desk
    "reports:desk": Door(PARTNERS, roles=("responsable",)),
}
