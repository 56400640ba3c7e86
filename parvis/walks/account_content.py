"""The account of a walk as plain data: what is read, printed, frozen when it is sent.

Partners who follow the walk read all of it; everybody else what was reviewed, in its public words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from textwrap import shorten
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.gatherings.models import Guest, Registration
from parvis.partners.actors import Actor
from parvis.thread.models import Link
from parvis.thread.reading import rows_of
from parvis.thread.register import kinds
from parvis.ui.words import NBSP, day_in_words, hour_in_words, local_day
from parvis.walks.account_becoming import Thing, became, things_of
from parvis.walks.answers import may
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Picture, Presence, SentAccount, Stop, Walk
from parvis.walks.plan import Mark, plan_of
from parvis.walks.practice import severities
from parvis.walks.workflow import Condition, Outcome, Result

Plain = dict[str, Any]
Linked = dict[int, list[tuple[tuple[str, int], datetime | None]]]  # by finding
ON_THE_WAY = "En chemin"
WIDE = 420  # units of the plan: its numbers are read on a telephone
SHORT = 160  # characters of a finding in the follow-up table; it is told in full above


@dataclass
class _Found:
    """What was read of a walk, in the order in which the account tells it."""

    stops: list[Stop]
    checks: dict[int, Plain]  # by id, with the last answer of each
    findings: list[Observation]
    pictures: dict[int, list[Plain]]  # by finding
    after: dict[int, list[Thing]] = field(default_factory=dict)  # what each finding led to
    before: dict[int, list[Thing]] = field(default_factory=dict)  # what was there first

    def place_of(self, finding: Observation) -> tuple[int, str]:
        """The number of its stop on the route and its title; what was seen on the way comes
        last."""
        for number, stop in enumerate(self.stops, 1):
            if stop.pk == finding.stop_id:
                return number, stop.title
        return len(self.stops) + 1, ON_THE_WAY


def account_of(walk: Walk, actor: Actor) -> Plain:
    """The account of a walk as this actor may read it, ready for JSON; ten queries at most,
    whatever was found. Nobody's name is in it.

    The caller has asked whether this actor may see the walk.
    """
    full = may(actor, walk, "follow")
    found = _read(walk, actor, full=full)
    lines = [_line(one, found, full=full) for one in found.findings]
    weak = [one for one in lines if not one["strength"]]
    strong = [one for one in lines if one["strength"]]
    rows = [*weak, *(one for one in strong if one["followed"])]
    for number, one in enumerate(rows, 1):
        one["number"] = number
    plan = plan_of(walk, found.stops, _marks(found), width=WIDE)
    checked = [one for one in found.checks.values() if one["result"] and one["title"]]
    pictures = sum(len(one["pictures"]) for one in (*lines, *checked))
    return {
        "full": full,
        "head": _head(walk),
        "purpose": walk.purpose,
        "summary": walk.summary if full else summary_sent(walk),
        "figures": {
            "strengths": len(strong),
            "weaknesses": len(weak),
            "to_sort": sum(
                one.outcome == Outcome.TO_SORT and not one.strength for one in found.findings
            ),
            "followed": sum(bool(one["followed"]) for one in weak),
            "done": sum(one["tone"] == "done" for one in weak),
            "pictures": pictures,
        },
        "plan": asdict(plan) if plan else None,
        "strengths": strong,
        "weak": _by_stop(found.stops, weak),
        "rows": rows,
        "checks": checked,
    }


def _marks(found: _Found) -> Iterable[Mark]:
    """Where findings were seen; one that has the very point of a stop is told by the stop."""
    points = {(one.latitude, one.longitude) for one in found.stops}
    for one in found.findings:
        if one.latitude is None or one.longitude is None:
            continue
        if (one.latitude, one.longitude) not in points:
            tone = "strength" if one.strength else "weakness"
            yield Mark("", one.title, one.latitude, one.longitude, tone)


# --- Who was there ----------------------------------------------------------------------------


def _head(walk: Walk) -> Plain:
    gathering = walk.gathering
    start, end = gathering.starts_at, gathering.ends_at
    day = day_in_words(start)
    year = str(local_day(start).year)
    # A paper is read again years later: its year always stands there.
    day = day if day.endswith(year) else f"{day}{NBSP}{year}"
    return {
        "title": gathering.title,
        "when": f"{day} de{NBSP}{hour_in_words(start)} à{NBSP}{hour_in_words(end)}",
        "day": local_day(start).isoformat(),
        "where": gathering.place_label,
        "organiser": gathering.organiser.name,
        "organisations": _organisations(walk),
        "residents": _residents(walk),
    }


def _organisations(walk: Walk) -> list[str]:
    """The organisations that came: as noted at the desk, or else by the last telephone."""
    last = Presence.objects.filter(guest=OuterRef("pk")).order_by("-noted_at", "-pk")
    guests = Guest.objects.filter(gathering=walk.gathering_id)
    there = guests.annotate(there=Coalesce("came", Subquery(last.values("came")[:1])))
    rows = there.filter(there=True).order_by("organisation__name", "pk")
    return list(rows.values_list("organisation__name", flat=True))


def _residents(walk: Walk) -> int:
    """How many people came: those who had registered, and those counted on the spot."""
    last = Presence.objects.filter(registration=OuterRef("pk")).order_by("-noted_at", "-pk")
    registered = (
        Registration.objects.filter(gathering=OuterRef("gathering"))
        .annotate(there=Coalesce("came", Subquery(last.values("came")[:1])))
        .filter(there=True)
        .order_by()
        .values("gathering")
        .annotate(number=Count("pk"))
        .values("number")
    )
    counts = Presence.objects.filter(walk=OuterRef("pk"), count__isnull=False)
    counted = counts.order_by("-noted_at", "-pk").values("count")[:1]
    both = (
        Walk.objects.filter(pk=walk.pk)
        .order_by()
        .values_list(Subquery(registered), Subquery(counted))
    )
    return sum(number or 0 for number in both.get())


def summary_sent(walk: Walk) -> str:
    """What the group says, as it was last sent: a draft is not public."""
    sent = SentAccount.objects.filter(walk=walk).order_by("-number")
    return sent.values_list(KT("content__summary"), flat=True).first() or ""


# --- What was found ---------------------------------------------------------------------------


def _read(walk: Walk, actor: Actor, *, full: bool) -> _Found:
    stops, checks = _stops(walk)
    rows = Observation.objects.filter(walk=walk, withdrawn_at=None)
    if full:
        roots = Q(same_as=None)
    else:  # what nobody sorted yet is not told, were it reviewed
        roots = Q(same_as=None, shown=True) & (Q(strength=True) | ~Q(outcome=Outcome.TO_SORT))
    rows = rows.filter(roots | Q(same_as__isnull=False))
    rows = rows.select_related("manager", "responsible").order_by("noted_at", "pk")
    read = list(rows)
    findings = [one for one in read if one.same_as_id is None]
    root = _roots(read)
    found = _Found(stops, checks, findings, _pictures(walk, root, checks, full=full))
    findings.sort(key=lambda one: found.place_of(one)[0])
    after, before = _links(root)
    nodes = {node for side in (after, before) for some in side.values() for node, _ in some}
    asked = {one["thing"] for one in checks.values()}
    known = rows_of(actor, nodes | asked)
    found.after = {pk: things_of(some, known) for pk, some in after.items()}
    found.before = {pk: things_of(some, known) for pk, some in before.items()}
    for check in checks.values():
        row = known.get(check["thing"])
        # What a stranger reads of a check is what became of an earlier finding, nothing else.
        if row is not None and (full or row.kind == OBSERVATION):
            kind = kinds()[row.kind]
            check |= {"title": row.title, "label": kind.label, "url": kind.url(row.id)}
        if not full:
            check["note"] = ""
    return found


def _roots(read: Iterable[Observation]) -> dict[int, int]:
    """Which finding tells each of these: itself, or the one that it is the same as."""
    same = {one.pk: one.same_as_id for one in read}
    found = {}
    for pk in same:
        root, seen = pk, {pk}
        while (above := same.get(root)) is not None and above not in seen:
            root = above
            seen.add(root)
        if root in same and same[root] is None:
            found[pk] = root
    return found


def _stops(walk: Walk) -> tuple[list[Stop], dict[int, Plain]]:
    """The stops in their order, and what was checked from them; one query."""
    rows = (
        Stop.objects.filter(walk=walk)
        .annotate(
            check_id=F("checks__pk"),
            thing_kind=F("checks__thing_kind"),
            thing_id=F("checks__thing_id"),
            result=F("checks__answers__result"),
            said=F("checks__answers__note"),
        )
        .order_by(
            "position", "pk", "checks__position", "checks__pk", "checks__answers__noted_at",
            "checks__answers__pk",
        )
    )  # fmt: skip
    stops: dict[int, Stop] = {}
    checks: dict[int, Plain] = {}
    for row in rows:
        stops.setdefault(row.pk, row)
        if row.check_id is None:
            continue
        # Rows come by hour: the last answer counts.
        checks[row.check_id] = {
            "thing": (row.thing_kind, row.thing_id),
            "title": "",
            "label": "",
            "url": "",
            "stop": row.title,
            "result": _result(row.thing_kind, row.result),
            "tone": {Result.WORSE: "late"}.get(row.result, ""),
            "note": row.said or "",
            "pictures": [],
        }
    return list(stops.values()), checks


def _result(kind: str, result: str | None) -> str:
    """What that result means of a thing of this kind, in words."""
    if not result:
        return ""
    known = kinds().get(kind)
    words = known.checking.words if known and known.checking else {}
    return words.get(result) or str(Result(result).label)


def _pictures(
    walk: Walk, root: dict[int, int], checks: dict[int, Plain], *, full: bool
) -> dict[int, list[Plain]]:
    """The pictures of each finding, its doubles' among them; those of checks go with these. One
    query."""
    of_walk = Q(observation__walk=walk) | Q(answer__about__stop__walk=walk)
    rows = Picture.objects.filter(of_walk).order_by("noted_at", "pk")
    if not full:
        rows = rows.filter(shown=True)
    found: dict[int, list[Plain]] = {}
    for pk, people, consent, finding, check in rows.values_list(
        "pk", "people", "consent", "observation_id", "answer__about_id"
    ):
        one: Plain = {"id": pk, "paper": consent or not people}
        if check is not None:
            checks[check]["pictures"].append(one)
        elif finding in root:
            found.setdefault(root[finding], []).append(one)
    for asked in checks.values():
        _described(asked["pictures"], f"Vérifié à l’arrêt {asked['stop']}")
    return found


def _described(pictures: Sequence[Plain], what: str) -> list[Plain]:
    several = len(pictures) > 1
    for number, one in enumerate(pictures, 1):
        one["alt"] = f"{what}, photo {number}" if several else what
    return list(pictures)


def _links(root: dict[int, int]) -> tuple[Linked, Linked]:
    """What each finding led to, and what it came from, with the moment when each last came to an
    end; one query."""
    ids = sorted(root)
    rows = Link.objects.filter(
        Q(source_kind=OBSERVATION, source_id__in=ids)
        | Q(target_kind=OBSERVATION, target_id__in=ids)
    )
    after: Linked = {}
    before: Linked = {}
    for source, source_id, target, target_id, ended, begun in became(rows):
        if source == target:  # a finding of another walk
            continue
        if source == OBSERVATION:
            after.setdefault(root[source_id], []).append(((target, target_id), ended))
        else:
            before.setdefault(root[target_id], []).append(((source, source_id), begun))
    return after, before


def _line(one: Observation, found: _Found, *, full: bool) -> Plain:
    """A finding as the account tells it, with what became of it."""
    answers = one.responsible or one.manager
    thing = _chosen(one, found)
    due = one.due_on
    place, stop = found.place_of(one)
    note = one.note if full else one.public_note
    return {
        "number": 0,  # of its row in the follow-up table
        "id": one.pk,
        "title": one.title,
        "theme": one.theme_label,
        "place": place,
        "stop": stop,
        "strength": one.strength,
        "severity": severities().get(one.severity or 0, ""),
        "grave": one.severity == max(severities()),
        "note": note,
        "short": shorten(note, SHORT, placeholder="…") or one.theme_label,
        "pictures": _described(found.pictures.get(one.pk, []), one.title),
        "who": answers.name if answers else "",
        "followed": one.outcome not in (Outcome.TO_SORT, Outcome.NOTED),
        # What the desk wrote is for partners.
        "planned": one.outcome_note if full else "",
        "due": due.isoformat() if due else "",
        "due_words": f"{due:%d/%m/%Y}" if due else "",
        **_standing(one, thing),
        # Kept with a version: who may not see that thing reads the line without it.
        "thing": [thing.kind, thing.pk] if thing else [],
        "apart": _standing(one, None) if thing else {},
    }


def _standing(one: Observation, thing: Thing | None) -> Plain:
    """What became of a finding, and how that stands."""
    settled = one.condition == Condition.SETTLED
    done = settled or bool(thing and thing.done)
    closed: date | None = one.condition_on if settled else None
    if closed is None and thing and thing.done and thing.ended:
        closed = local_day(thing.ended)
    late = one.due_on is not None and one.due_on < timezone.localdate() and not done
    return {
        "action": thing.words if thing else "",
        "url": thing.url if thing else "",
        "state": _state(one, thing),
        "tone": "done" if done else "late" if late else "",
        "late": late,
        "closed": closed.isoformat() if closed else "",
        "closed_words": f"{closed:%d/%m/%Y}" if closed else "",
    }


def _chosen(one: Observation, found: _Found) -> Thing | None:
    """The thing that a finding became: of the kind that its outcome names, or else any."""
    wanted = {
        Outcome.REPORT: "report",
        Outcome.LINKED: "report",
        Outcome.ACTION: "action",
        Outcome.TO_DECIDE: "decision",
    }.get(Outcome(one.outcome), "")
    some = found.after.get(one.pk, [])
    if one.outcome == Outcome.LINKED:  # the report was there first
        some = some + found.before.get(one.pk, [])
    return next((thing for thing in some if thing.kind == wanted), some[0] if some else None)


def _state(one: Observation, thing: Thing | None) -> str:
    """How it stands: seen settled, or the state of what it became, or what was said of it."""
    if one.condition == Condition.SETTLED:
        return "vu réglé"
    words = thing.state if thing and thing.state else one.get_outcome_display()
    if one.strength and one.outcome in (Outcome.TO_SORT, Outcome.NOTED):
        words = "point fort"
    again = {Condition.STILL: "revu, toujours là", Condition.WORSE: "revu, pire"}
    return ", ".join(filter(None, (words, again.get(one.condition))))  # type: ignore[call-overload]


def _by_stop(stops: Sequence[Stop], weak: Sequence[Plain]) -> list[Plain]:
    """Weaknesses under the stop where they were seen; stops without any are left out."""
    groups: dict[int, Plain] = {}
    for one in weak:
        place = one["place"]
        on_route = place <= len(stops)
        group: Plain = {"number": place if on_route else 0, "stop": one["stop"], "lines": []}
        groups.setdefault(place, group)["lines"].append(one)
    return list(groups.values())
