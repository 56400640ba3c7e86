"""The plan of the demonstration: sixty actions in all six domains, some called for by reports."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from parvis.actions import acts
from parvis.actions.models import Action, Plan
from parvis.actions.record import Record
from parvis.demo.accounts import address_of, read
from parvis.demo.pictures import picture
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Organisation, User, start_of_day
from parvis.places.models import Quartier, Residence
from parvis.reports.models import Report
from parvis.thread.acts import link

SCHEMES = {"escaut": "bailleur", "hainaut": "bailleur", "agglomeration": "anru", "etat": "p147"}
THEMES = {"dechets": "encombrants", "espaces_verts": "espaces_verts", "habitat": "eclairage"}
BEGUN = {"ended": 270, "dropped": 270, "running": 150}  # days ago; others begin in a month
WAYS = ("clause", "chantier", "regie", "jeunes")
REPORT = "report"
CALLED_FOR = 12  # actions that a report calls for


class Line(NamedTuple):
    """One line of data/plan.toml."""

    title: str
    place: str
    lead: str
    partner: str
    moment: str
    state: str
    budget: int


def load_plan(organisations: dict[str, Organisation], today: date) -> Plan:
    """Write the plan and its actions, in the states that their lines say."""
    facts = read("plan")
    actor = actors_of(User.objects.get(email=address_of("coordination")))[0]
    quartiers = list(Quartier.objects.filter(code__in=facts["quartiers"]).order_by("code"))
    plan = acts.write_plan(
        Plan(organiser=organisations["agglomeration"]),
        title=facts["title"],
        quartiers=quartiers,
        starts_on=date(today.year - 1, 1, 1),
        ends_on=date(today.year + 1, 12, 31),
    )
    homes = dict(Residence.objects.values_list("name", "pk"))
    made: list[Action] = []
    for domain, words in facts["domain"].items():
        for row in words["actions"]:
            line = Line(*row)
            record = _record(line, domain, words, len(made), organisations, homes, today)
            record["quartiers"] = [quartiers[-1].pk]
            made.append(_write(plan, line, record | {"summary": facts["summary"]}, actor, today))
    _call(made, actor)
    for number, (action, line) in enumerate(zip(made, _lines(facts), strict=True)):
        _follow(action, line, facts, number, actor, today)
    return plan


def _lines(facts: dict[str, Any]) -> list[Line]:
    return [Line(*row) for words in facts["domain"].values() for row in words["actions"]]


def _record(
    line: Line,
    domain: str,
    words: dict[str, Any],
    number: int,
    organisations: dict[str, Organisation],
    homes: dict[str, int],
    today: date,
) -> Record:
    """A whole fiche: steps by day, two funders, an indicator, and hours of work where it counts."""
    lead, partner = organisations[line.lead].pk, organisations[line.partner].pk
    begins = today - timedelta(days=BEGUN.get(line.state, -30) - number % 30)
    # One running action in three has passed its end: what is late shows.
    short = line.state in ("ended", "dropped") or (line.state == "running" and number % 3 == 0)
    ends = begins + timedelta(days=100 if short else 240)
    started = line.state in ("running", "ended")

    def step(title: str, by: int, share: float) -> Record:
        due = begins + timedelta(days=round((ends - begins).days * share))
        done = started and due < today - timedelta(days=10) and number % 5 != 2
        return {
            "title": title,
            "organisation": by,
            "due_on": due.isoformat(),
            "done_on": due.isoformat() if done or line.state == "ended" else None,
        }

    label, unit, baseline, target = words["indicator"]
    return {
        "title": line.title,
        "domain": domain,
        "themes": [THEMES[domain]] if domain in THEMES else [],
        "moment": line.moment,
        "place": line.place,
        "lead": lead,
        "finding": words["finding"],
        "objective": words["objective"],
        "audience": "Habitants du quartier",
        "residences": [homes[line.place]] if line.place in homes else [],
        "starts_on": begins.isoformat(),
        "ends_on": ends.isoformat(),
        "budget": f"{line.budget}.00",
        "experiment": number % 9 == 4,
        "cost_public": line.state == "ended",
        "partners": [{"organisation": partner, "does": "appui sur place"}],
        "steps": [
            step("Choisir avec les habitants", lead, 0.2),
            step("Commander et préparer", partner, 0.5),
            step("Réaliser", lead, 0.9),
        ],
        "fundings": _fundings(line, lead, organisations, begins),
        "insertions": [_insertion(line, number)] if domain == "insertion" else [],
        "indicators": [
            {
                "label": label,
                "unit": unit,
                "baseline": f"{baseline}.00",
                "target": f"{target}.00",
                "due_on": ends.isoformat(),
            }
        ],
    }


def _fundings(
    line: Line, lead: int, organisations: dict[str, Organisation], begins: date
) -> list[Record]:
    """Two thirds by the lead, a third by the State; granted once validated, spent once ended."""
    first = Decimal(line.budget * 2 // 3)
    shares = (
        (lead, SCHEMES.get(line.lead, "commune"), first),
        (organisations["etat"].pk, "p147", line.budget - first),
    )
    granted = line.state in ("validated", "running", "ended")
    return [
        {
            "funder": funder,
            "scheme": scheme,
            "asked": f"{amount:.2f}",
            "granted": f"{amount:.2f}" if granted else "0.00",
            "spent": f"{amount:.2f}" if line.state == "ended" else "0.00",
            "file_number": "",
            "asked_on": (begins - timedelta(days=60)).isoformat(),
            "granted_on": begins.isoformat() if granted else None,
        }
        for funder, scheme, amount in shares
    ]


def _insertion(line: Line, number: int) -> Record:
    promised = 70 + line.budget // 100
    worked = {"ended": promised + 20, "running": promised // 2}.get(line.state, 0)
    way = WAYS[number % len(WAYS)]
    total = promised * 12 if way == "clause" else 0
    return {
        "kind": way,
        "total": total,
        "promised": promised,
        "worked": worked,
        "people": worked // 70,
    }


def _write(plan: Plan, line: Line, record: Record, actor: Actor, today: date) -> Action:
    """An action that is over is written as it ran: its end is told afterwards."""
    begins = date.fromisoformat(record["starts_on"])
    state = "running" if line.state in ("ended", "dropped") else line.state
    now = start_of_day(min(begins - timedelta(days=45), today))
    return acts.new_action(plan, record, actor=actor, state=state, now=now)


def _call(made: list[Action], actor: Actor) -> None:
    """The first reports of these themes call for an action of their domain."""
    called = [one for one in made if one.domain in THEMES][::2][:CALLED_FOR]
    for action in called:
        reports = Report.objects.filter(category__theme_code=THEMES[action.domain], public=True)
        report = reports.order_by("pk")[action.pk % 3 : action.pk % 3 + 1].first()
        if report is not None:
            link(actor, (REPORT, report.pk), (acts.KIND, action.pk))


def _follow(
    action: Action, line: Line, facts: dict[str, Any], number: int, actor: Actor, today: date
) -> None:
    """What was measured, the pictures of some, and how those that are over came to their end."""
    indicator = action.indicators.get()
    if line.state in ("running", "ended") and indicator.baseline is not None:
        gone = indicator.target - indicator.baseline
        share = Decimal("0.9") if line.state == "ended" else Decimal("0.4")
        value = (indicator.baseline + gone * share).quantize(Decimal(1))
        acts.measure_indicator(indicator, actor=actor, on=today - timedelta(days=20), value=value)
    at = start_of_day(min(action.ends_on or today, today - timedelta(days=3)))
    if line.state == "dropped":
        acts.advance_action(action, "drop", actor=actor, reason=facts["dropped"], now=at)
    if line.state == "ended":
        theme = THEMES.get(action.domain)
        if theme:
            for moment, fixed in (("before", False), ("after", True)):
                drawn = BytesIO(picture(theme, number, fixed=fixed))
                acts.give_picture(action, moment=moment, caption=line.place, upload=drawn)
        acts.publish_action(action, actor=actor, shown=True)
        words = {"worked": facts["worked"], "failed": facts["failed"], "again": number % 4 != 3}
        acts.advance_action(action, "end", actor=actor, now=at, **words)
