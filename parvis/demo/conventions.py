"""The convention de GUP of the demonstration, with what was found of each pledge."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from parvis.actions import pledging
from parvis.actions.models import Convention
from parvis.demo.accounts import address_of, read
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Organisation, Signature, User, start_of_day
from parvis.places.models import Commune, Quartier


def load_convention(organisations: dict[str, Organisation], today: date) -> Convention:
    """Write the convention, its grounds, its pledges and their checks."""
    facts = read("convention")
    actor = actors_of(User.objects.get(email=address_of("coordination")))[0]
    quartiers = list(Quartier.objects.filter(code=facts["quartier"]))

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    convention = pledging.open_convention(
        actor=actor,
        kind="convention_gup",
        code=facts["code"],
        title=facts["title"],
        communes=Commune.objects.filter(code__in=facts["communes"]),
        quartiers=quartiers,
        project_quartiers=quartiers,
        starts_on=ago(facts["starts"]),
        ends_on=ago(-facts["ends"]),
        signatories=[organisations[key] for key in facts["signatories"]],
        now=start_of_day(ago(facts["signed"] + 30)),
        **{name: facts[name].strip() for name in pledging.TEXTS},
    )
    signatures = Signature.objects.filter(agreement=convention.agreement)
    signatures.update(signed_on=ago(facts["signed"]))
    begun = start_of_day(ago(facts["starts"]))
    for row in facts["ground"]:
        owner, manager = organisations[row["owner"]], organisations[row["manager"]]
        pledging.name_ground(
            convention, actor=actor, name=row["name"], owner=owner, manager=manager
        )
    for row in facts["pledge"]:
        _pledge(convention, row, actor, organisations, begun, today)
    return pledging.publish_convention(convention, actor=actor, now=begun)


def _pledge(
    convention: Convention,
    row: dict[str, Any],
    actor: Actor,
    organisations: dict[str, Organisation],
    begun: datetime,
    today: date,
) -> None:
    given: dict[str, Any] = {
        name: row[name] for name in ("task", "place", "frequency", "means") if name in row
    }
    if "until" in row:
        given["until"] = today + timedelta(days=row["until"])
    pledge = pledging.make_pledge(
        convention, actor=actor, organisation=organisations[row["by"]], now=begun, **given
    )
    for days, result, evidence in row["checks"]:
        checked_on = today - timedelta(days=days)
        pledging.check_pledge(
            pledge,
            actor=actor,
            by=organisations["agglomeration"],
            result=result,
            evidence=evidence,
            checked_on=checked_on,
            next_check_on=checked_on + timedelta(days=90 if result == "kept" else 30),
            now=start_of_day(checked_on),
        )
