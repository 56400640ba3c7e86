"""Who may see and do what in the network: directory, questions, experiments."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, NOTHING, PARTNERS, Door, Policy, Row
from parvis.toolbox.network_scopes import (
    in_my_network,
    of_my_organisation,
)
from parvis.toolbox.scopes import AGGLOMERATION, HEADS, TEAM, WRITERS, of_my_coordination

# --- Directory ---------------------------------------------------------------------------------


def published_by_a_structure_still_there(actor: Actor) -> Q:
    today = timezone.localdate()
    there = Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today)
    return Q(published_at__isnull=False) & there


def _running() -> Q:
    """Entries whose mandate runs today, for an organisation that is still there: the day one
    leaves, nothing shows any more, whatever is erased when."""
    today = timezone.localdate()
    running = apps.get_model("partners", "Mandate").objects.in_force(today)
    there = Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today)
    return Q(mandate__in=running.filter(there, person__is_active=True).order_by().values("pk"))


def shown_to_everybody(actor: Actor) -> Q:
    return Q(shown="everybody") & _running()


def of_my_network(actor: Actor) -> Q:
    mine = in_my_network()(actor)
    return mine if mine == NOTHING else mine & _running()


def my_own(actor: Actor) -> Q:
    return Q(mandate_id=actor.mandate_id) & _running() if actor.mandate_id else NOTHING


STRUCTURE = Policy(
    "toolbox.structurecard",
    "fiche d’une structure",
    scopes={
        "published, of a structure that is still there": published_by_a_structure_still_there,
        "of my organisation": of_my_organisation(),
    },
    rows=(
        Row(ANYONE, ("see",), "published, of a structure that is still there"),
        *(Row(role, ("see",), "of my organisation") for role in TEAM),
        *(Row(role, ("edit",), "of my organisation") for role in HEADS),
    ),
)
ENTRY = Policy(
    "toolbox.directoryentry",
    "inscription à l’annuaire",
    scopes={
        "shown to everybody, while the mandate runs": shown_to_everybody,
        "of my network, while the mandate runs": of_my_network,
        "my own, while the mandate runs": my_own,
    },
    rows=(
        Row(ANYONE, ("see",), "shown to everybody, while the mandate runs"),
        *(Row(role, ("see",), "of my network, while the mandate runs") for role in TEAM),
        # Nobody is put there by somebody else, whoever heads their organisation.
        *(
            Row(role, ("see", "edit", "withdraw"), "my own, while the mandate runs")
            for role in TEAM
        ),
    ),
)

# --- Questions ---------------------------------------------------------------------------------


def asked_in_my_network(actor: Actor) -> Q:
    return in_my_network()(actor) & Q(hidden_at=None)


def open_in_my_network(actor: Actor) -> Q:
    return asked_in_my_network(actor) & Q(closed_at=None)


def asked_by_me(actor: Actor) -> Q:
    if actor.user_id is None or actor.organisation_id is None:
        return NOTHING
    return Q(by_id=actor.user_id, organisation_id=actor.organisation_id)


def asked_by_me_unanswered(actor: Actor) -> Q:
    answers = apps.get_model("toolbox", "NetworkAnswer").objects.filter(question_id=OuterRef("pk"))
    return asked_by_me(actor) & Q(hidden_at=None, closed_at=None) & ~Q(Exists(answers))


def asked_by_us(actor: Actor) -> Q:
    return of_my_organisation()(actor) & Q(hidden_at=None)


def answered_in_my_network(actor: Actor) -> Q:
    return in_my_network("question__coordination")(actor) & Q(
        hidden_at=None, question__hidden_at=None
    )


def answered_by_me(actor: Actor) -> Q:
    return asked_by_me(actor) & Q(question__hidden_at=None)


def answered_by_me_last(actor: Actor) -> Q:
    """What one wrote may be corrected as long as nobody wrote after it."""
    later = apps.get_model("toolbox", "NetworkAnswer").objects.filter(
        question_id=OuterRef("question_id"), pk__gt=OuterRef("pk")
    )
    standing = Q(hidden_at=None, question__closed_at=None)
    return answered_by_me(actor) & standing & ~Q(Exists(later))


def answered_to_us(actor: Actor) -> Q:
    asked = of_my_organisation("question__organisation_id")(actor)
    return asked & Q(hidden_at=None, question__hidden_at=None)


def under_my_coordination(actor: Actor) -> Q:
    mine = actor.organisation_id
    return Q(question__coordination_id=mine) if mine else NOTHING


QUESTION = Policy(
    "toolbox.question",
    "question au réseau",
    scopes={
        "of my network, not hidden": asked_in_my_network,
        "of my network, open": open_in_my_network,
        "asked by me": asked_by_me,
        "asked by me, unanswered": asked_by_me_unanswered,
        "asked by my organisation, not hidden": asked_by_us,
        "of the network that I coordinate": of_my_coordination,
    },
    rows=(
        *(Row(role, ("see",), "of my network, not hidden") for role in TEAM),
        *(Row(role, ("see",), "asked by me") for role in TEAM),
        *(Row(role, ("answer",), "of my network, open") for role in WRITERS),
        *(Row(role, ("edit",), "asked by me, unanswered") for role in WRITERS),
        *(Row(role, ("close",), "asked by my organisation, not hidden") for role in WRITERS),
        Row(
            "coordination",
            ("see", "close", "hide", "advise"),
            "of the network that I coordinate",
            AGGLOMERATION,
        ),
    ),
)
ANSWER = Policy(
    "toolbox.networkanswer",
    "réponse du réseau",
    scopes={
        "of my network, not hidden": answered_in_my_network,
        "written by me": answered_by_me,
        "written by me, the last one": answered_by_me_last,
        "given to my organisation": answered_to_us,
        "of the network that I coordinate": under_my_coordination,
    },
    rows=(
        *(Row(role, ("see",), "of my network, not hidden") for role in TEAM),
        *(Row(role, ("see",), "written by me") for role in TEAM),
        *(Row(role, ("edit",), "written by me, the last one") for role in WRITERS),
        *(Row(role, ("mark",), "given to my organisation") for role in WRITERS),
        Row("coordination", ("see", "hide"), "of the network that I coordinate", AGGLOMERATION),
    ),
)

# --- Experiments -------------------------------------------------------------------------------


def published(actor: Actor) -> Q:
    return Q(published_at__isnull=False)


def with_my_organisation(actor: Actor) -> Q:
    if actor.organisation_id is None:
        return NOTHING
    through = apps.get_model("toolbox", "Experiment").partners.through.objects
    mine = through.filter(experiment_id=OuterRef("pk"), organisation_id=actor.organisation_id)
    return Q(Exists(mine))


EXPERIMENT = Policy(
    "toolbox.experiment",
    "expérimentation",
    scopes={
        "published": published,
        "led by my organisation": of_my_organisation(),
        "with my organisation": with_my_organisation,
        "of the network that I coordinate": of_my_coordination,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "led by my organisation") for role in TEAM),
        *(Row(role, ("see",), "with my organisation") for role in TEAM),
        *(Row(role, ("write", "measure", "tell"), "led by my organisation") for role in WRITERS),
        *(Row(role, ("decide",), "led by my organisation") for role in HEADS),
        Row(
            "coordination",
            ("see", "decide", "publish"),
            "of the network that I coordinate",
            AGGLOMERATION,
        ),
    ),
)


def may_write(actor: Actor) -> bool:
    """Whether this actor may ask a question or begin an experiment."""
    return actor.is_partner and actor.role in WRITERS


DOORS: dict[str, Door] = {
    "toolbox:network": Door(EVERYONE),
    "toolbox:network_people": Door(EVERYONE),
    "toolbox:network_structure": Door(EVERYONE, STRUCTURE.resource),
    "toolbox:network_card": Door(PARTNERS, roles=HEADS),
    "toolbox:network_entry": Door(PARTNERS, roles=TEAM),
    "toolbox:network_withdraw": Door(PARTNERS, roles=TEAM),
    "toolbox:network_calendar": Door(EVERYONE),
    "toolbox:network_feed": Door(EVERYONE),
    "toolbox:network_questions": Door(PARTNERS, roles=TEAM),
    "toolbox:network_themes": Door(PARTNERS, roles=TEAM),
    "toolbox:network_ask": Door(PARTNERS, roles=WRITERS),
    "toolbox:network_question": Door(PARTNERS, QUESTION.resource),
    "toolbox:network_edit_question": Door(PARTNERS, QUESTION.resource, "edit"),
    "toolbox:network_answer": Door(PARTNERS, QUESTION.resource, "answer"),
    "toolbox:network_close": Door(PARTNERS, QUESTION.resource, "close"),
    "toolbox:network_hide_question": Door(PARTNERS, QUESTION.resource, "hide"),
    "toolbox:network_advise": Door(PARTNERS, QUESTION.resource, "advise"),
    "toolbox:network_edit_answer": Door(PARTNERS, ANSWER.resource, "edit"),
    "toolbox:network_helped": Door(PARTNERS, ANSWER.resource, "mark"),
    "toolbox:network_hide_answer": Door(PARTNERS, ANSWER.resource, "hide"),
    "toolbox:experiments": Door(EVERYONE),
    "toolbox:experiment": Door(EVERYONE, EXPERIMENT.resource),
    "toolbox:new_experiment": Door(PARTNERS, roles=WRITERS),
    "toolbox:edit_experiment": Door(PARTNERS, EXPERIMENT.resource, "write"),
    "toolbox:start_experiment": Door(PARTNERS, EXPERIMENT.resource, "write"),
    "toolbox:measure_experiment": Door(PARTNERS, EXPERIMENT.resource, "measure"),
    "toolbox:decide_experiment": Door(PARTNERS, EXPERIMENT.resource, "decide"),
    "toolbox:publish_experiment": Door(PARTNERS, EXPERIMENT.resource, "publish"),
    "toolbox:tell_experiment": Door(PARTNERS, EXPERIMENT.resource, "tell"),
}
