"""Axes that a dated rule keeps out of quartiers in renewal: where that counts, a setting says."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from parvis.places.locate import locate
from parvis.places.models import Quartier
from parvis.tfpb.axes import Exclusion, exclusions
from parvis.tfpb.programme_models import Line, Programme
from parvis.works.models import RenewalProject

NPNRU = "npnru"


@dataclass(frozen=True)
class Renewal:
    """The rules of a programme's year, and the quartiers that they are about."""

    rules: tuple[Exclusion, ...] = ()
    quartiers: frozenset[int] = frozenset()  # of an NPNRU project, or NPNRU sites
    here: bool = False  # the programme's own quartier is one of them


def renewal_of(programme: Programme) -> Renewal:
    """What keeps an axis out of this programme; one query, none when no rule is in force."""
    rules = tuple(rule for rule in exclusions(programme.year) if rule.where == NPNRU)
    if not rules:
        return Renewal()
    projects = RenewalProject.quartiers.through.objects.filter(renewalproject__programme=NPNRU)
    renewed = Q(kind=Quartier.Kind.NPNRU) | Q(pk__in=projects.values("quartier_id"))
    ids = frozenset(Quartier.objects.filter(renewed).values_list("pk", flat=True))
    return Renewal(rules, ids, programme.quartier_id in ids)


def kept_out(line: Line, renewal: Renewal) -> tuple[Exclusion, bool] | None:
    """The rule that keeps this line's axis out, and whether it refuses it (else it warns).

    Perimeter "qpv": the quartier is renewed. "project": a residence that the line names stands in
    a renewed quartier; a line that names none, in a renewed quartier, is only warned of.
    """
    rule = next((one for one in renewal.rules if one.axis == line.axis), None)
    if rule is None:
        return None
    refuses = rule.effect == "refuse"
    if settings.TFPB_NPNRU_PERIMETER == "qpv":
        return (rule, refuses) if renewal.here else None
    homes = list(line.residences.all())
    if not homes:
        return (rule, False) if renewal.here else None
    for home in homes:
        found = locate(home.latitude, home.longitude).quartiers
        if any(one.inside and one.pk in renewal.quartiers for one in found):
            return rule, refuses
    return None
