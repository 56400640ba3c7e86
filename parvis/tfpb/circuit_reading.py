"""Reading the circuit of a programme: the steps taken and to come, who said what and who is
missing, versions, remarks and consultations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from parvis.meetings.models import Decision
from parvis.partners.actors import Actor
from parvis.tfpb.circuit_parties import Party
from parvis.tfpb.comparing import Comparison, compare
from parvis.tfpb.dialogue_models import Opinion, Passage, SentVersion
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.snapshot import Sheet, sheet_of, snapshot_of
from parvis.tfpb.workflow import ProgrammeState
from parvis.ui.components import Step
from parvis.ui.words import day_in_words

P = ProgrammeState
# The way of a programme when nothing is asked again.
WAY = (P.DRAFT, P.SENT, P.ANALYSED, P.ARBITRATED, P.VALIDATED, P.ANNEXED, P.RUNNING, P.CLOSED)
TONES = {"for": "done", "reserved": "soon", "change": "soon", "against": "late"}


@dataclass
class Said:
    """What a party has said: its last opinion of the last version, and those of before."""

    party: Party
    last: Opinion | None = None
    earlier: list[Opinion] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """How its opinion is drawn."""
        return TONES[self.last.verdict] if self.last else ""


def capital(words: str) -> str:
    """With a capital, acronyms left as they are."""
    return words[:1].upper() + words[1:]


def steps_of(programme: Programme, actor: Actor) -> list[Step]:
    """The steps that were taken, each with who, for whom and on which decision, then those to
    come; two queries."""
    rows = programme.passages.select_related(
        "by", "organisation", "decision__sitting__instance", "decision__sitting__gathering"
    )
    passages: list[Passage] = list(rows)
    decided = [one.decision_id for one in passages if one.decision_id]
    seen = set(
        Decision.objects.visible_to(actor).filter(pk__in=decided).values_list("pk", flat=True)
        if decided
        else ()
    )
    first = Step(
        capital(P.DRAFT.label),
        who=programme.landlord.name,
        day=timezone.localdate(programme.created_at),
        icon="pencil",
        here=not passages,
    )
    last = len(passages) - 1
    taken = [_taken(one, seen, here=number == last) for number, one in enumerate(passages)]
    return [first, *taken, *_to_come(programme)]


def _taken(passage: Passage, seen: set[int], *, here: bool) -> Step:
    person = passage.by.name if passage.by else ""
    organisation = passage.organisation.name if passage.organisation else ""
    who = f"{person}, pour {organisation}" if person and organisation else person or organisation
    decision = passage.decision
    # A decision speaks of several landlords: its words are for who may read it.
    words, url = [_on(decision) if decision else "", passage.reason], ""
    if decision and decision.pk in seen:
        words[0] = f"Sur la décision : {decision.text}"
        url = reverse("meetings:decision", args=[decision.pk])
    return Step(
        capital(passage.get_new_display()),
        text=" ".join(filter(None, words)),
        who=who,
        day=timezone.localdate(passage.at),
        url=url,
        icon="gavel" if decision else "check",
        here=here,
    )


def _on(decision: Decision) -> str:
    """On which decision, without its words."""
    sitting = decision.sitting
    day = day_in_words(timezone.localdate(sitting.gathering.starts_at))
    return f"Sur une décision de {sitting.instance.name}, {day}"


def _to_come(programme: Programme) -> list[Step]:
    """What comes next when nothing is asked again."""
    state = P.DRAFT if programme.state == P.TO_COMPLETE else P(programme.state)
    return [Step(capital(one.label), future=True) for one in WAY[WAY.index(state) + 1 :]]


def said_of(
    programme: Programme, parties: list[Party], number: int | None
) -> tuple[list[Said], list[Party]]:
    """What each party says of the last version sent, and who has not said anything of it. An
    organisation that is no party any more stays with what it said; one query."""
    found = {party.pk: Said(party) for party in parties}
    for one in programme.opinions.select_related("organisation").order_by("-at", "-pk"):
        who = one.organisation
        said = found.setdefault(who.pk, Said(Party(who.pk, who.name, who.kind)))
        if one.number == number and said.last is None:
            said.last = one
        else:
            said.earlier.append(one)
    said_nothing = [one.party for one in found.values() if one.last is None]
    known = {party.pk for party in parties}
    return list(found.values()), [one for one in said_nothing if one.pk in known]


def versions_of(programme: Programme) -> list[SentVersion]:
    """The versions sent, newest first, without what they hold."""
    rows = programme.sent.filter(of=SentVersion.Of.PROGRAMME).select_related("organisation")
    return list(rows.defer("content").order_by("-number"))


def last_number_of(programme: Programme) -> int | None:
    """The number of the last version sent; None before the first one."""
    rows = programme.sent.filter(of=SentVersion.Of.PROGRAMME)
    number: int | None = rows.aggregate(last=Max("number"))["last"]
    return number


def compared(programme: Programme, old: SentVersion, new: SentVersion | None) -> Comparison:
    """From a version to another; None: to what stands now."""
    content = snapshot_of(programme) if new is None else new.content
    return compare(sheet_of(old.content), sheet_of(content))


def remarks_as_sent(programme: Programme) -> list[Any]:
    """The remarks, for who reads the last version sent: `sent_title` is what their line was called
    there, empty when it was not in it."""
    last = programme.sent.filter(of=SentVersion.Of.PROGRAMME).last()
    titles = {one.key: one.title for one in sheet_sent(last).lines} if last else {}
    found = remarks_of(programme)
    for one in found:
        one.sent_title = titles.get(str(one.line.key), "") if one.line else ""
    return found


def sheet_sent(version: SentVersion) -> Sheet:
    """What a version says, as values."""
    return sheet_of(version.content)


def remarks_of(programme: Programme, line_id: int | None = None) -> list[Any]:
    """What was remarked of a programme and its lines, or of one line alone, newest first."""
    rows = programme.remarks.select_related("organisation", "line")
    if line_id is not None:
        rows = rows.filter(line=line_id)
    return list(rows.order_by("-at", "-pk")[:200])
