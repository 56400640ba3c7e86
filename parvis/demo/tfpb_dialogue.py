"""What was said of the sheets of the demonstration: how they passed from state to state, opinions,
consultations, field checks, and two bilans."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from parvis.demo.accounts import accounts, address_of
from parvis.meetings.models import Decision
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation, User, start_of_day
from parvis.tfpb.bilan_content import content_of
from parvis.tfpb.circuit_acts import EVENTS
from parvis.tfpb.models import (
    Bilan,
    BilanWord,
    Consultation,
    FieldCheck,
    LineReview,
    Opinion,
    Passage,
    Programme,
    Remark,
    SentVersion,
    Transfer,
    Voucher,
)
from parvis.tfpb.programme_events import PROGRAMME
from parvis.tfpb.scopes import HEADS
from parvis.tfpb.snapshot import snapshot_of
from parvis.tfpb.workflow import STEPS, BilanState, ProgrammeState
from parvis.thread.acts import Happening, link, record, record_many

Sheets = dict[tuple[str, str, str, int], Programme]
P = ProgrammeState
WAY = (P.DRAFT, P.SENT, P.ANALYSED, P.ARBITRATED, P.VALIDATED, P.ANNEXED, P.RUNNING, P.CLOSED)
# Month and day of each step before and in its year; the last one comes the year after.
DAYS = {
    P.SENT: (-1, 10, 8), P.ANALYSED: (-1, 10, 24), P.TO_COMPLETE: (-1, 11, 3),
    P.ARBITRATED: (-1, 11, 18), P.VALIDATED: (-1, 12, 10), P.ANNEXED: (0, 1, 8),
    P.RUNNING: (0, 1, 20), P.CLOSED: (1, 3, 24),
}  # fmt: skip
INSTANCES = {P.ARBITRATED: "cotech", P.VALIDATED: "copil"}
ASKED = "La commune et l’agglomération demandent de préciser ce qui va au-delà du droit commun."


def pass_through(programme: Programme, organisations: dict[str, Organisation], today: date) -> None:
    """Write how the sheet came to its state: who, when, by which decision if one is known, and
    what was sent."""
    reached = _way_to(programme.state)
    moment = programme.created_at
    landlord, coordination = programme.landlord, organisations["agglomeration"]
    told = [Happening(PROGRAMME, programme.pk, "opened", public=False, at=moment)]
    record_many(_actor(landlord), told)
    for number, (old, new) in enumerate(pairwise(reached), start=1):
        shift, month, day = DAYS[new]
        # A step cannot lie ahead of today: those of next year's sheets are told in the last weeks.
        before = timedelta(days=4 + 9 * (len(reached) - 1 - number))
        on = min(date(programme.year + shift, month, day), today - before)
        moment = max(moment, start_of_day(on))
        actor = _actor(landlord if new == P.SENT else coordination)
        if new == P.SENT:
            SentVersion.objects.create(
                programme=programme,
                of=SentVersion.Of.PROGRAMME,
                number=1,
                content=snapshot_of(programme),
                sent_at=moment,
                organisation=landlord,
            )
        passage = Passage.objects.create(
            programme=programme,
            old=old,
            new=new,
            by_id=actor.user_id,
            organisation_id=actor.organisation_id,
            reason=ASKED if new == P.TO_COMPLETE else "",
            decision=_decision(new, moment),
            at=moment,
        )
        step = next(one for one in STEPS.values() if old in one.sources and one.target == new)
        record(
            actor,
            PROGRAMME,
            programme.pk,
            EVENTS[step.code],
            old=old,
            new=new,
            concerns=landlord,
            public=False,
            at=moment,
        )
        if passage.decision:
            link(actor, ("decision", passage.decision.pk), (PROGRAMME, programme.pk))
    programme.moved_at = moment
    if programme.state in (P.SENT, P.ANALYSED, P.TO_COMPLETE, P.ARBITRATED):
        programme.due_on = moment.date() + timedelta(days=30)
    programme.save(update_fields=["moved_at", "due_on"])


def _way_to(state: str) -> tuple[ProgrammeState, ...]:
    if state == P.TO_COMPLETE:
        return (P.DRAFT, P.SENT, P.ANALYSED, P.TO_COMPLETE)
    return WAY[: WAY.index(P(state)) + 1]


def _actor(organisation: Organisation) -> Actor:
    """The account of the demonstration that answers for this organisation, or nobody by name."""
    known = [address_of(one.code) for one in accounts() if one.role in HEADS]
    person = User.objects.filter(email__in=known, mandates__organisation=organisation).first()
    return Actor(user_id=person.pk if person else None, organisation_id=organisation.pk)


def _decision(state: ProgrammeState, at: datetime) -> Decision | None:
    """The last decision of the instance that this step asks for, taken in the month before."""
    if state not in INSTANCES:
        return None
    sittings = {
        "sitting__instance__kind": INSTANCES[state],
        "sitting__gathering__starts_at__lte": at + timedelta(days=1),
        "sitting__gathering__starts_at__gte": at - timedelta(days=31),
    }
    return (
        Decision.objects.filter(**sittings).order_by("-sitting__gathering__starts_at", "pk").first()
    )


def load_dialogue(
    facts: dict[str, Any], organisations: dict[str, Organisation], sheets: Sheets, today: date
) -> None:
    """Opinions, consultations and remarks on next year's sheets; field checks of this year's."""
    following, this = today.year + 1, today.year
    for landlord, commune, quartier, who, verdict, text in facts["opinions"]:
        programme = sheets[landlord, commune, quartier, following]
        Opinion.objects.create(
            programme=programme,
            organisation=organisations[who],
            number=1,
            verdict=verdict,
            text=text,
            at=programme.moved_at - timedelta(hours=30),
        )
    for landlord, commune, quartier, body, name, present, asked, kept in facts["consultations"]:
        programme = sheets[landlord, commune, quartier, following]
        Consultation.objects.create(
            programme=programme,
            body=body,
            name=name,
            held_on=programme.moved_at.date() - timedelta(days=21),
            present=present,
            asked=asked,
            kept=kept,
        )
    asked_back = sheets["escaut", "59079", "QN05921M", following]
    Remark.objects.create(
        programme=asked_back,
        line=asked_back.lines.filter(axis="sur_entretien").first(),
        organisation=organisations["agglomeration"],
        text="Combien de passages par semaine hors QPV ?",
        at=asked_back.moved_at,
    )
    looked = (
        ("escaut", "59014", "dechets", "59014", True, "Le pied de l’entrée 2 est dégagé."),
        ("hainaut", "59112", "presence", "59112", False, "Loge fermée à 10 h, un mardi."),
    )
    for landlord, commune, axis, who, seen, note in looked:
        on = today - timedelta(days=15)
        FieldCheck.objects.create(
            line=sheets[landlord, commune, "QN05921M", this].lines.get(axis=axis),
            on=on,
            seen=seen,
            note=note,
            organisation=organisations[who],
            at=start_of_day(on),
        )


def load_bilans(
    facts: dict[str, Any], organisations: dict[str, Organisation], sheets: Sheets, today: date
) -> None:
    """Last year's: one that everybody reads, one that was contested and then answered."""
    last = today.year - 1
    sent = min(date(today.year, 2, 16), today - timedelta(days=12))
    published = sheets["escaut", "59014", "QN05921M", last]
    _move_money(published, last)
    bilan = _bilan(published, facts["published"], BilanState.PUBLISHED, sent)
    told_on = start_of_day(min(date(today.year, 4, 2), today - timedelta(days=2)))
    Bilan.objects.filter(pk=bilan.pk).update(moved_at=told_on)
    Programme.objects.filter(pk=published.pk).update(published_at=told_on)
    coordination = _actor(organisations["agglomeration"])
    accepted = Happening(PROGRAMME, published.pk, "bilan_accepted", public=False, at=told_on)
    shown = [Happening(PROGRAMME, published.pk, "bilan_published", at=told_on)]
    shown += [
        Happening("tfpb_line", one.pk, "bilan_published", at=told_on)
        for one in published.lines.all()
    ]
    record_many(coordination, [accepted, *shown])
    contested = sheets["hainaut", "59112", "QN05921M", last]
    words = facts["contested"]
    disputed = contested.lines.get(axis="presence")
    bilan = _bilan(contested, words, BilanState.SENT, sent)
    town = organisations[contested.commune.code]
    BilanWord.objects.create(
        bilan=bilan,
        line=disputed,
        organisation=town,
        kind=BilanWord.Kind.CONTEST,
        text=words["contest"],
        at=start_of_day(sent + timedelta(days=4)),
        answer=words["answer"],
        answered_at=start_of_day(sent + timedelta(days=9)),
    )
    said, answered = (start_of_day(sent + timedelta(days=days)) for days in (4, 9))
    record(_actor(town), PROGRAMME, contested.pk, "bilan_contested", public=False, at=said)
    landlord = _actor(contested.landlord)
    record(landlord, PROGRAMME, contested.pk, "bilan_answered", public=False, at=answered)
    Voucher.objects.create(
        line=disputed,
        asked_by=town,
        asked_at=start_of_day(sent + timedelta(days=4)),
        note=words["voucher"],
    )


def _bilan(programme: Programme, words: dict[str, str], state: BilanState, sent: date) -> Bilan:
    texts = {name: words[name] for name in ("worked", "difficulties", "prospects", "summary")}
    LineReview.objects.bulk_create(
        LineReview(
            line=line,
            done=LineReview.Done.PARTLY if line.axis == "tranquillite" else LineReview.Done.DONE,
            comment="Commencée en mars." if line.axis == "tranquillite" else "",
        )
        for line in programme.lines.all()
    )
    at = start_of_day(sent)
    bilan = Bilan.objects.create(programme=programme, state=state, sent_at=at, moved_at=at, **texts)
    SentVersion.objects.create(
        programme=programme,
        of=SentVersion.Of.BILAN,
        number=1,
        content=content_of(programme, bilan),
        sent_at=at,
        organisation=programme.landlord,
    )
    record(_actor(programme.landlord), PROGRAMME, programme.pk, "bilan_sent", public=False, at=at)
    return bilan


def _move_money(programme: Programme, year: int) -> None:
    """Some money of the evening mediation, which began late, went to bulky waste."""
    Transfer.objects.create(
        programme=programme,
        source=programme.lines.get(axis="tranquillite"),
        target=programme.lines.get(axis="dechets"),
        amount=Decimal("1200.00"),
        reason="La médiation a commencé deux mois plus tard que prévu.",
        on=date(year, 9, 3),
        organisation=programme.landlord,
    )
