"""Small projects of residents: written by a body, put before a committee, granted, done."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.actions.acts import action_of_decision
from parvis.actions.models import Action, Plan
from parvis.councils import micro_money as money
from parvis.councils.body_models import Body
from parvis.councils.models import MicroExpense, MicroProject, Proposition
from parvis.councils.proposition_acts import SUPPORTED
from parvis.councils.proposition_acts import held as held_proposition
from parvis.councils.proposition_events import MICRO_PROJECT, PROPOSITION, tell_author
from parvis.councils.sorting import lines
from parvis.councils.workflow import MicroState as State
from parvis.councils.workflow import PropositionState
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record
from parvis.thread.models import Event
from parvis.ui.words import euros_in_words as in_euros

WRITTEN = ("title", "text", "carried_by", "fund", "payer", "asked")
EXPENSES_AT_MOST = 200


def write_project(
    body: Body,
    *,
    proposition: Proposition | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> MicroProject:
    """Write down a small project; the body alone reads it until it is submitted.

    ValidationError by field, Refused when the proposition already has one or is not the body's.
    """
    project = MicroProject(body=body, written_at=now or timezone.now(), **fields)
    _check(project)
    with transaction.atomic():
        if proposition is not None:
            fresh = held_proposition(proposition)
            if fresh.body_id != body.pk or fresh.state not in SUPPORTED:
                raise Refused("Seule une proposition publiée, suivie par l’instance, le permet.")
            if MicroProject.objects.filter(proposition=fresh).exists():
                raise Refused("Cette proposition a déjà son projet.")
            project.proposition = fresh
        project.save()
    return project


def change_project(project: MicroProject, **fields: Any) -> MicroProject:
    """Change it before it is submitted. A refused one becomes a draft of the body again."""
    with transaction.atomic():
        fresh = held(project)
        if fresh.state not in (State.PREPARED, State.REFUSED):
            raise Refused("Ce projet est devant le comité, ou décidé : il ne se modifie plus.")
        for name in WRITTEN:
            if name in fields:
                setattr(fresh, name, fields[name])
        fresh.state, fresh.submitted_at = State.PREPARED, None
        _check(fresh)
        fresh.save(update_fields=[*WRITTEN, "state", "submitted_at"])
    return fresh


def submit_project(
    project: MicroProject, *, actor: Actor, now: datetime | None = None
) -> MicroProject:
    """Put it before the committee of who pays; a second time changes nothing."""
    with transaction.atomic():
        fresh = held(project)
        if fresh.state == State.SUBMITTED:
            return fresh
        if fresh.state != State.PREPARED:
            raise Refused("Ce projet a déjà été décidé.")
        _check(fresh)
        fresh.state, fresh.submitted_at = State.SUBMITTED, now or timezone.now()
        fresh.save(update_fields=["state", "submitted_at"])
        if fresh.proposition_id:
            link(actor, (PROPOSITION, fresh.proposition_id), (MICRO_PROJECT, fresh.pk))
        _record(actor, fresh, "submitted", now, public=False)
    return fresh


def drop_project(project: MicroProject, *, actor: Actor, now: datetime | None = None) -> None:
    """The body gives it up before it is decided; its proposition may have another."""
    with transaction.atomic():
        fresh = held(project)
        if fresh.state not in (State.PREPARED, State.SUBMITTED, State.REFUSED):
            raise Refused("Un projet accordé ne s’abandonne pas ici : faites-en le bilan.")
        told = fresh.submitted_at is not None
        fresh.state, fresh.proposition = State.DROPPED, None
        fresh.save(update_fields=["state", "proposition"])
        if told:
            _record(actor, fresh, "dropped", now, public=False)


def grant_project(
    project: MicroProject,
    *,
    actor: Actor,
    granted: Decimal,
    decided_on: date,
    reason: str = "",
    sitting: Sitting | None = None,
    now: datetime | None = None,
) -> MicroProject:
    """The committee grants so much. More than was asked needs its reason; a fund keeps its
    ceiling. Everybody may read the project from then on."""
    with transaction.atomic():
        fresh = _before_committee(project, decided_on)
        if granted <= 0:
            raise ValidationError({"granted": "Donnez le montant accordé, en euros."})
        _check_ceiling(fresh.fund, granted, "granted")
        if granted > fresh.asked and not reason.strip():
            raise ValidationError(
                {"reason": f"C’est plus que les {in_euros(fresh.asked)} demandés : dites pourquoi."}
            )
        _decide(fresh, State.GRANTED, granted, decided_on, reason, sitting)
        _record(actor, fresh, "granted", now, new=f"{granted:.2f}".replace(".", ","))
        if fresh.proposition_id:
            proposition = held_proposition(Proposition(pk=fresh.proposition_id))
            if proposition.state in (*SUPPORTED, PropositionState.ANSWERED):
                proposition.state = PropositionState.PROJECT
                proposition.save(update_fields=["state"])
                event = record(
                    actor,
                    PROPOSITION,
                    proposition.pk,
                    "granted",
                    concerns=fresh.payer_id,
                    at=now,
                )
                tell_author(proposition, event, "granted", words=fresh.title)
    return fresh


def refuse_project(
    project: MicroProject,
    *,
    actor: Actor,
    decided_on: date,
    reason: str,
    sitting: Sitting | None = None,
    now: datetime | None = None,
) -> MicroProject:
    """The committee says no, and why."""
    if not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi il est refusé : l’instance le lira."})
    with transaction.atomic():
        fresh = _before_committee(project, decided_on)
        _decide(fresh, State.REFUSED, None, decided_on, reason, sitting)
        event = _record(actor, fresh, "refused", now, public=False)
        if fresh.proposition is not None:
            tell_author(fresh.proposition, event, "not_granted", words=fresh.reason)
    return fresh


def follow_in_plan(project: MicroProject, plan: Plan, *, actor: Actor) -> Action:
    """Make the action by which a granted project is followed in a plan, once: pressed again, the
    same action comes back. Whoever calls has asked whether the actor may write that plan."""
    with transaction.atomic():
        fresh = held(project)
        if fresh.action is not None:
            return fresh.action
        if fresh.state not in (State.GRANTED, State.DONE):
            raise Refused("Un projet entre dans un plan d’actions une fois accordé.")
        made = action_of_decision(
            plan,
            title=fresh.title,
            text=fresh.text,
            lead=fresh.body.organisation,
            ends_on=None,
            actor=actor,
        )
        fresh.action = made
        fresh.save(update_fields=["action"])
        link(actor, (MICRO_PROJECT, fresh.pk), ("action", made.pk))
        _record(actor, fresh, "planned", None, public=False)
    return made


def add_expense(
    project: MicroProject, *, label: str, amount: Decimal, spent_on: date, voucher: Any = None
) -> MicroExpense:
    """Write down what was spent of what was granted; to the cent, and no more."""
    with transaction.atomic():
        fresh = held(project)
        if fresh.state != State.GRANTED or fresh.granted is None:
            raise Refused("Les dépenses se notent entre l’accord du budget et le bilan.")
        if fresh.expenses.count() >= EXPENSES_AT_MOST:
            raise Refused("Trop de lignes : regroupez les petites dépenses.")
        if spent_on > timezone.localdate():
            raise ValidationError({"spent_on": "Ce jour est à venir."})
        left = money.left_of(fresh)
        if amount > left:
            raise ValidationError(
                {
                    "amount": f"Il reste {in_euros(left)} : notez ici ce qui est pris "
                    "sur la somme accordée."
                }
            )
        expense = MicroExpense(project=fresh, label=label.strip(), amount=amount, spent_on=spent_on)
        if voucher:
            expense.voucher = voucher
        expense.full_clean()
        expense.save()
    return expense


def remove_expense(expense: MicroExpense) -> None:
    """Take a line back while the project runs, and its voucher with it."""
    with transaction.atomic():
        fresh = held(expense.project)
        if fresh.state != State.GRANTED:
            raise Refused("Ce projet est terminé : ses dépenses ne changent plus.")
        file = expense.voucher
        expense.delete()
        if file and file.name:
            storage, name = file.storage, file.name
            transaction.on_commit(lambda: storage.delete(name))


def close_project(
    project: MicroProject, *, actor: Actor, account: str, now: datetime | None = None
) -> MicroProject:
    """Say what was done; who proposed is told."""
    if not account.strip():
        raise ValidationError({"account": "Dites en quelques phrases ce qui a été fait."})
    with transaction.atomic():
        fresh = held(project)
        if fresh.state != State.GRANTED:
            raise Refused("Seul un projet accordé et en cours se termine.")
        fresh.state, fresh.account = State.DONE, account.strip()
        fresh.closed_at = now or timezone.now()
        fresh.save(update_fields=["state", "account", "closed_at"])
        event = _record(actor, fresh, "done", now)
        if fresh.proposition is not None:
            tell_author(fresh.proposition, event, "done", words=fresh.account)
    return fresh


def held(project: MicroProject) -> MicroProject:
    """The project as it stands, held until the end of the transaction."""
    rows = MicroProject.objects.select_for_update(of=("self",))
    return rows.select_related("body__organisation", "payer", "proposition", "action").get(
        pk=project.pk
    )


def _before_committee(project: MicroProject, decided_on: date) -> MicroProject:
    fresh = held(project)
    if fresh.state != State.SUBMITTED:
        raise Refused("Ce projet n’est pas devant le comité, ou il est déjà décidé.")
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": "Ce jour est à venir."})
    return fresh


def _decide(
    project: MicroProject,
    state: str,
    granted: Decimal | None,
    decided_on: date,
    reason: str,
    sitting: Sitting | None,
) -> None:
    project.state, project.granted, project.decided_on = state, granted, decided_on
    project.reason, project.sitting = reason.strip(), sitting
    project.save(update_fields=["state", "granted", "decided_on", "reason", "sitting"])


def _record(
    actor: Actor,
    project: MicroProject,
    code: str,
    at: datetime | None,
    *,
    new: str = "",
    public: bool = True,
) -> Event:
    return record(
        actor,
        MICRO_PROJECT,
        project.pk,
        code,
        new=new,
        concerns=project.payer_id,
        public=public,
        at=at,
    )


def _check(project: MicroProject) -> None:
    if project.fund not in lines("fund"):
        raise ValidationError({"fund": "Choisissez un fonds de la liste."})
    payer: Organisation = project.payer
    own = payer.pk == project.body.organisation_id
    if payer.kind == Organisation.Kind.PARTICIPATION and not own:
        raise ValidationError({"payer": "Une autre instance ne finance pas ce projet."})
    if project.asked <= 0:
        raise ValidationError({"asked": "Donnez le montant demandé, en euros."})
    _check_ceiling(project.fund, project.asked, "asked")
    project.full_clean(validate_unique=False)


def _check_ceiling(fund: str, amount: Decimal, field: str) -> None:
    most = money.ceiling_of(fund)
    if most is not None and amount > most:
        label = lines("fund")[fund]["label"]
        raise ValidationError(
            {field: f"Ce fonds ({label}) donne {in_euros(most)} au plus par projet."}
        )
