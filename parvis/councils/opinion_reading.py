"""Opinions as lists read them: the register, what was answered, what only informed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from parvis.councils.body_models import Body
from parvis.councils.opinion_indexing import holding
from parvis.councils.opinion_models import Asking, Opinion, OpinionRequest
from parvis.councils.workflow import Level, OpinionState, Outcome
from parvis.partners.actors import Actor
from parvis.thread.edges import Node
from parvis.thread.finding import Found, shown
from parvis.thread.reading import rows_of
from parvis.ui.words import counted

OPINIONS = Opinion.objects.select_related("body__organisation", "replier", "request__asker")
REQUESTS = OpinionRequest.objects.select_related("body__organisation", "asker", "replier")
STATES = {"attendue": "réponse attendue", "retard": "réponse en retard", "repondu": "répondu"}


def granted(actor: Actor, found: Any, *actions: str) -> dict[str, bool]:
    """Which of these this actor may do on it, in one query."""
    rows = type(found).objects.filter(pk=found.pk)
    may = {
        f"may_{one}": Case(
            When(rows.policy.condition(actor, one), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for one in actions
    }
    values = rows.annotate(**may).values(*may).first() or {}
    return {one: bool(values.get(f"may_{one}")) for one in actions}


def subject_of(actor: Actor, subject: Node | None) -> Found | None:
    """What something is about, as far as this actor sees it. One query, none for nothing."""
    if subject is None:
        return None
    row = rows_of(actor, {subject}).get(subject)
    return shown(row) if row else None


def sent_opinions(actor: Actor) -> Any:
    """The opinions that were sent and that this actor may read."""
    return OPINIONS.visible_to(actor).filter(sent_at__isnull=False)


def kept(rows: Any, asked: dict[str, Any], today: date) -> Any:
    """The rows of the register that these filters keep."""
    if body := asked.get("instance"):
        rows = rows.filter(body=body)
    if quartier := asked.get("quartier"):
        inside = Body.quartiers.through.objects.filter(quartier_id=quartier)
        rows = rows.filter(body__in=inside.values("body_id"))
    if replier := asked.get("qui"):
        rows = rows.filter(replier=replier)
    if pillar := asked.get("pilier"):
        rows = rows.filter(pillar=pillar)
    if year := asked.get("annee"):
        rows = rows.filter(adopted_on__year=year)
    state = asked.get("etat")
    if state == "attendue":
        rows = rows.filter(state=OpinionState.SENT)
    elif state == "retard":
        rows = rows.filter(state=OpinionState.SENT, reply_due_on__lt=today)
    elif state == "repondu":
        rows = rows.filter(state=OpinionState.ANSWERED)
    found = holding(asked["mots"]) if asked.get("mots") else None
    return rows if found is None else rows.filter(pk__in=found)


def in_order(rows: Any) -> Any:
    """Those without a reply first, the most late at the top; then the newest answered."""
    waiting = Case(
        When(state=OpinionState.SENT, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    due = Case(When(state=OpinionState.SENT, then=F("reply_due_on")), output_field=DateField())
    return rows.order_by(waiting, due.asc(nulls_last=True), "-sent_at", "-pk")


def counts(rows: Any, today: date) -> dict[str, int]:
    """How many opinions, without a reply, late, answered. One query."""
    waiting = Q(state=OpinionState.SENT)
    found: dict[str, int] = rows.order_by().aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(reply_due_on__lt=today)),
        answered=Count("pk", filter=Q(state=OpinionState.ANSWERED)),
    )
    return found


def informed(actor: Actor, asked: dict[str, Any]) -> int:
    """How many requests only informed, in the part of the register that is asked for."""
    rows = OpinionRequest.objects.allowed(actor, "count").filter(level=Level.INFORM)
    if asked.get("annee"):
        rows = rows.filter(sent_at__year=asked["annee"])
    if asked.get("qui"):
        rows = rows.filter(replier=asked["qui"])
    wanted = {"body": asked.get("instance"), "pillar": asked.get("pilier")}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if quartier := asked.get("quartier"):
        inside = Body.quartiers.through.objects.filter(quartier_id=quartier)
        rows = rows.filter(body__in=inside.values("body_id"))
    return int(rows.count())


def lateness(opinion: Opinion, today: date) -> str:
    """« en retard de 12 jours » ; nothing when it is not late."""
    if not opinion.late_on(today) or opinion.reply_due_on is None:
        return ""
    return f"en retard de {counted((today - opinion.reply_due_on).days, 'jour', 'jours')}"


def state_of(opinion: Opinion, today: date) -> tuple[str, str]:
    """How its state is marked, and its words, as everybody may read them."""
    if late := lateness(opinion, today):
        return "late", f"réponse {late}"
    if opinion.state == OpinionState.SENT:
        return "soon", "réponse attendue"
    if opinion.state == OpinionState.ANSWERED:
        return "done", "répondu"
    return "plain", opinion.get_state_display()


TONES = {
    Outcome.FOLLOWED: "done",
    Outcome.PARTLY: "soon",
    Outcome.STUDIED: "soon",
    Outcome.NOT_FOLLOWED: "late",
}


def outcome_rows(askings: Iterable[Asking]) -> list[dict[str, Any]]:
    """What was asked, what was decided and why, side by side."""
    return [
        {
            "asking": one,
            "tone": TONES.get(Outcome(one.outcome), "plain") if one.outcome else "plain",
            "decided": one.get_outcome_display() if one.outcome else "réponse attendue",
        }
        for one in askings
    ]


EXPORTED = (
    "Instance",
    "Numéro",
    "Objet",
    "Pilier",
    "Adopté le",
    "Pour",
    "Contre",
    "Abstentions",
    "Demandé par",
    "Qui répond",
    "Envoyé le",
    "Réponse due le",
    "Répondu le",
    "Jours de retard",
    "Demandes",
    *(str(label).capitalize() for label in Outcome.labels),
    "Adresse",
)


def with_outcomes(rows: Any) -> Any:
    """The rows, with how many things each asks and how each was decided."""

    def how_many(**where: Any) -> Subquery:
        found = Asking.objects.filter(opinion=OuterRef("pk"), **where).order_by()
        counts = found.values("opinion").annotate(many=Count("pk")).values("many")
        return Subquery(counts, output_field=IntegerField())

    return rows.annotate(
        asked=how_many(), **{f"asked_{one}": how_many(outcome=one) for one in Outcome.values}
    )


def exported(rows: Any, today: date, address: Any) -> Iterable[list[Any]]:
    """The register for a spreadsheet program, read as it goes."""
    for one in with_outcomes(rows).iterator(chunk_size=500):
        yield [
            one.body.organisation.name,
            one.number,
            one.title,
            one.pillar,
            one.adopted_on,
            one.votes_for,
            one.votes_against,
            one.abstentions,
            one.request.asker.name if one.request else "",
            one.replier.name if one.replier else "",
            one.sent_at,
            one.reply_due_on,
            one.replied_at,
            (today - one.reply_due_on).days if one.late_on(today) else None,
            one.asked or 0,
            *(getattr(one, f"asked_{value}") or 0 for value in Outcome.values),
            address(one.pk),
        ]
