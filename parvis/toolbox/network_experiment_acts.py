"""Writing an experiment, testing it, measuring, deciding, and telling of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.acts import record
from parvis.toolbox.models import Experiment, Result
from parvis.toolbox.network_acts import network_or_refuse
from parvis.toolbox.network_events import EXPERIMENT
from parvis.toolbox.network_workflow import ENDED, LEADS_TO, Decision, ExperimentState

MANY = ("partners", "themes", "quartiers")
# What is compared stays what it was once something was compared to it.
FIGURES = ("indicator", "unit", "before", "target")


def write_experiment(
    experiment: Experiment | None = None,
    *,
    actor: Actor,
    now: datetime | None = None,
    **fields: Any,
) -> Experiment:
    """Write an experiment of the actor's organisation, or change it until it is ended."""
    at = now or timezone.now()
    many = {name: fields.pop(name) for name in MANY if name in fields}
    with transaction.atomic():
        if experiment is None:
            found = Experiment(
                organisation_id=actor.organisation_id or 0,
                coordination=network_or_refuse(actor),
                written_at=at,
            )
        else:
            found = held(experiment)
            if found.state in ENDED:
                raise ValidationError("Cette expérimentation est terminée : elle ne change plus.")
            if found.results.exists():
                fields = {name: value for name, value in fields.items() if name not in FIGURES}
        for name, value in fields.items():
            setattr(found, name, value)
        found.keep_words(found.title, found.hypothesis, found.test, found.indicator)
        found.full_clean()
        found.save()
        for name, rows in many.items():
            getattr(found, name).set(rows)
        code = "written" if experiment is None else "changed"
        record(actor, EXPERIMENT, found.pk, code, at=at)
    return found


def start_experiment(
    experiment: Experiment, *, actor: Actor, now: datetime | None = None
) -> Experiment:
    """The test begins: from then on its end is awaited."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(experiment)
        if fresh.state != ExperimentState.PREPARED:
            raise ValidationError("Cet essai a déjà commencé.")
        if not (fresh.test and fresh.starts_on and fresh.ends_on):
            raise ValidationError("Dites d’abord ce qui est essayé, et entre quelles dates.")
        fresh.state = ExperimentState.RUNNING
        fresh.save(update_fields=["state"])
        record(actor, EXPERIMENT, fresh.pk, "started", new=fresh.state, at=at)
    return fresh


def write_result(
    experiment: Experiment,
    *,
    actor: Actor,
    on: date,
    text: str,
    after: Decimal | None = None,
    now: datetime | None = None,
) -> Result:
    """What the test gave; it waits for a decision."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(experiment)
        if fresh.state != ExperimentState.RUNNING or fresh.starts_on is None:
            raise ValidationError("Un résultat s’écrit pendant un essai, ou à sa fin.")
        if not fresh.starts_on <= on <= timezone.localdate(at):
            raise ValidationError({"on": "Ce jour est après le début de l’essai, et déjà passé."})
        if after is not None and not fresh.indicator:
            raise ValidationError({"after": "Dites d’abord ce qui est mesuré, sur la fiche."})
        result = Result(experiment=fresh, on=on, text=text, after=after)
        result.full_clean()
        result.save()
        fresh.state = ExperimentState.MEASURED
        fresh.save(update_fields=["state"])
        record(actor, EXPERIMENT, fresh.pk, "measured", new=fresh.state, at=at)
    return result


def decide(
    experiment: Experiment,
    *,
    actor: Actor,
    decision: str,
    reason: str,
    ends_on: date | None = None,
    now: datetime | None = None,
) -> Experiment:
    """Spread it, stop it, or go on until another day."""
    at = now or timezone.now()
    today = timezone.localdate(at)
    with transaction.atomic():
        fresh = held(experiment)
        result = fresh.results.select_for_update().filter(decision="").first()
        if fresh.state != ExperimentState.MEASURED or result is None:
            raise ValidationError("Écrivez d’abord ce que l’essai a donné.")
        if decision == Decision.GO_ON:
            if ends_on is None or ends_on <= today:
                raise ValidationError({"ends_on": "Jusqu’à quel jour à venir continuer ?"})
            fresh.ends_on = ends_on
        result.decision, result.reason, result.decided_on = decision, reason, today
        result.full_clean()
        result.save()
        fresh.state = LEADS_TO[Decision(decision)]
        fresh.save(update_fields=["state", "ends_on"])
        # An end is named by its state; going on is no state of its own.
        new = fresh.state if fresh.state in ENDED else decision
        record(actor, EXPERIMENT, fresh.pk, "decided", old="measured", new=new, at=at)
    return fresh


def publish_experiment(
    experiment: Experiment, *, actor: Actor, published: bool, now: datetime | None = None
) -> Experiment:
    """The coordination shows it to everybody, or takes it back."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(experiment)
        if published != (fresh.published_at is not None):
            fresh.published_at = at if published else None
            fresh.save(update_fields=["published_at"])
            code = "published" if published else "unpublished"
            record(actor, EXPERIMENT, fresh.pk, code, public=published, at=at)
    return fresh


def tell_experience(experiment: Experiment, *, actor: Actor) -> Any:
    """The draft of a fiche d'expérience with what is known here, on the actor's desk."""
    with transaction.atomic():
        fresh = held(experiment)
        if fresh.state not in ENDED:
            raise ValidationError("La fiche s’écrit une fois que la suite est décidée.")
        # Imported here: what writes sheets may one day want to tell of experiments.
        from parvis.toolbox.edit_acts import write_experience

        told = (EXPERIMENT, fresh.pk)
        sheet = write_experience(actor, told=told, title=fresh.title, facts=facts_of(fresh))
        record(actor, EXPERIMENT, fresh.pk, "told")
    return sheet


def facts_of(experiment: Experiment) -> dict[str, Any]:
    """What the sheet begins with, in plain words, by the names of its fields."""
    results = list(experiment.results.all())
    given = []
    if experiment.indicator and experiment.before is not None:
        before = in_figures(experiment.before, experiment.unit)
        given.append(f"{experiment.indicator} : {before} avant l’essai.")
    for one in results:
        figure = f"{in_figures(one.after, experiment.unit)}. " if one.after is not None else ""
        given.append(f"{figure}{one.text}")
    told: dict[str, Any] = {
        "context": experiment.hypothesis,
        "done": experiment.test,
        "results": "\n\n".join(given),
        "differently": "\n\n".join(one.reason for one in results if one.reason),
        "contributors": ", ".join(one.name for one in experiment.partners.all()),
        "themes": list(experiment.themes.values_list("code", flat=True)),
        "quartiers": list(experiment.quartiers.order_by().values_list("pk", flat=True)),
    }
    if experiment.starts_on and experiment.ends_on:
        told["period"] = f"Du {experiment.starts_on:%d/%m/%Y} au {experiment.ends_on:%d/%m/%Y}"
    return told


def in_figures(value: Decimal, unit: str = "") -> str:
    """« 12,5 kg »: no more decimals than needed."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, rest = plain.replace("-", "−").partition(".")
    return " ".join(filter(None, [f"{whole},{rest}" if rest else whole, unit]))


def held(experiment: Experiment) -> Experiment:
    """The experiment, for this transaction alone."""
    return Experiment.objects.select_for_update().get(pk=experiment.pk)
