"""The states of a part, what leads from one to the next, and which right each step asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class State(models.TextChoices):
    """States of a part; a report shows the least advanced state of its parts."""

    NEW = "new", gettext_noop("nouveau")
    TO_QUALIFY = "to_qualify", gettext_noop("à qualifier")
    TAKEN = "taken", gettext_noop("pris en charge")
    SCHEDULED = "scheduled", gettext_noop("programmé")
    SETTLED = "settled", gettext_noop("réglé")
    DROPPED = "dropped", gettext_noop("sans suite")


# A report's state as people read it, on its page as in the filters of lists.
PLAIN_WORDS = {
    State.NEW: _("Reçu"),
    State.TO_QUALIFY: _("À l’étude"),
    State.TAKEN: _("Pris en charge"),
    State.SCHEDULED: _("Intervention programmée"),
    State.SETTLED: _("Réglé"),
    State.DROPPED: _("Sans suite"),
}


class WreckStep(models.TextChoices):
    """Where the removal of an abandoned vehicle stands."""

    SEEN = "seen", gettext_noop("constatée")
    OWNER = "owner", gettext_noop("propriétaire recherché")
    NOTICE = "notice", gettext_noop("mise en demeure envoyée")
    ORDERED = "ordered", gettext_noop("enlèvement demandé")
    REMOVED = "removed", gettext_noop("enlevée")


class Ground(models.TextChoices):
    """On whose ground an abandoned vehicle stands: it decides who may have it removed."""

    PUBLIC = "public", gettext_noop("voie publique")
    LANDLORD = "landlord", gettext_noop("terrain du bailleur")
    PRIVATE = "private", gettext_noop("autre terrain privé")


class BlackspotState(models.TextChoices):
    """States of a point noir, apart from those of its reports."""

    PROPOSED = "proposed", "proposé"
    KEPT = "kept", "retenu"
    CLOSED = "closed", "clos"
    REFUSED = "refused", "écarté"


OPEN = (State.NEW, State.TO_QUALIFY, State.TAKEN, State.SCHEDULED)
CLOSED = (State.SETTLED, State.DROPPED)


@dataclass(frozen=True)
class Step:
    """One step: from which states, to which one, and what it must be given."""

    code: str
    label: str  # the button
    sources: tuple[State, ...]
    target: State
    right: str  # the action of the policy of parts that it asks for
    needs: tuple[str, ...] = ()  # "due_on", "reason", "answer"


STEPS = {
    step.code: step
    for step in (
        Step(
            "doubt",
            "À qualifier",
            (State.NEW, State.TAKEN),
            State.TO_QUALIFY,
            "handle",
            ("reason",),
        ),
        Step("take", "Prendre en charge", (State.NEW, State.TO_QUALIFY), State.TAKEN, "handle"),
        Step(
            "schedule",
            "Programmer",
            (State.NEW, State.TO_QUALIFY, State.TAKEN, State.SCHEDULED),
            State.SCHEDULED,
            "handle",
            ("due_on",),
        ),
        Step("settle", "C’est réglé", OPEN, State.SETTLED, "handle", ("answer",)),
        Step("drop", "Sans suite", OPEN, State.DROPPED, "handle", ("reason", "answer")),
        Step("reopen", "Rouvrir", CLOSED, State.TAKEN, "reopen"),
    )
}

# "Not ours": the part goes back to nobody, for the coordination to give it to somebody else.
RETURN = Step("return", "Pas de mon ressort", OPEN, State.NEW, "handle", ("reason",))
# What an organisation served by e-mail may do from its signed link, besides giving its part back.
SERVED = ("take", "schedule", "settle", "reopen")


@dataclass(frozen=True)
class BlackspotStep:
    """One step of a point noir: from which states, to which one, and what it must be given."""

    code: str
    label: str  # the button
    sources: tuple[BlackspotState, ...]
    target: BlackspotState
    needs: tuple[str, ...] = ()  # "owner", "reason"


BLACKSPOT_STEPS = {
    step.code: step
    for step in (
        BlackspotStep(
            "keep",
            "Retenir",
            (BlackspotState.PROPOSED, BlackspotState.REFUSED),
            BlackspotState.KEPT,
            ("owner",),
        ),
        BlackspotStep(
            "refuse",
            "Écarter",
            (BlackspotState.PROPOSED,),
            BlackspotState.REFUSED,
            ("reason",),
        ),
        BlackspotStep("close", "Clore", (BlackspotState.KEPT,), BlackspotState.CLOSED, ("reason",)),
        BlackspotStep("reopen", "Rouvrir", (BlackspotState.CLOSED,), BlackspotState.KEPT),
    )
}


class Forbidden(ValueError):  # noqa: N818 - what happened, told to a person
    """This step does not lead from the part's present state."""


def step_from(state: str, code: str) -> Step:
    """The step of that code, if it leads from this state; raises Forbidden otherwise."""
    step = STEPS[code]
    check_step(state, step)
    return step


def check_step(state: str, step: Step) -> None:
    """Raise Forbidden when this step does not lead from this state."""
    if state not in step.sources:
        raise Forbidden(
            f"« {step.label} » n’est pas possible : cette part est « {State(state).label} »."
        )


def blackspot_step_from(state: str, code: str) -> BlackspotStep:
    """The step of a point noir of that code, if it leads from this state; Forbidden otherwise."""
    step = BLACKSPOT_STEPS[code]
    if state not in step.sources:
        label = BlackspotState(state).label
        raise Forbidden(f"« {step.label} » n’est pas possible : ce point noir est « {label} ».")
    return step


def steps_from(state: str) -> list[Step]:
    """The steps that lead from this state, in the order of buttons."""
    return [step for step in STEPS.values() if state in step.sources]


def overall(states: list[str]) -> State:
    """The state of a report: that of its least advanced part; settled wins over dropped."""
    order = list(State)
    if not states:
        return State.TO_QUALIFY
    if all(state in CLOSED for state in states):
        return State.SETTLED if State.SETTLED in states else State.DROPPED
    return min((State(state) for state in states if state not in CLOSED), key=order.index)
