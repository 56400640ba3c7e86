"""Roles and scopes that several parts of reports give rights by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING, within

ROLES = ("coordination", "responsable", "contributeur", "lecteur")
CARETAKER = "gardien"  # a role that no mandate gives: a lodge's telephone does, for a shift
HANDLERS = ("responsable", "contributeur")
# Organisations that look after a whole perimeter, and not only what is theirs.
TERRITORIAL = ("agglomeration", "commune", "etat", "maison_de_quartier")


def in_quartiers(path: str) -> Callable[[Iterable[int]], Q]:
    """The `Q` of rows whose report (reached by the column `path`) lies in some quartiers."""

    def condition(ids: Iterable[int]) -> Q:
        through = apps.get_model("reports", "Report").quartiers.through
        return Q(
            Exists(through.objects.filter(report_id=OuterRef(path), quartier_id__in=list(ids)))
        )

    return condition


def is_public(prefix: str = "") -> Q:
    """What was reviewed for all; a report united with another is read through that one."""
    names = (f"{prefix}withdrawn_at", f"{prefix}merged_into")
    return Q(**{f"{prefix}public": True}, **dict.fromkeys(names))


def has_a_part(actor: Actor, path: str) -> Q:
    """The actor's organisation has a part of the report that this column names."""
    part = apps.get_model("reports", "Part")
    if actor.organisation_id is None:
        return NOTHING
    return Q(
        Exists(part.objects.filter(report_id=OuterRef(path), organisation_id=actor.organisation_id))
    )


def has_spoken(actor: Actor, path: str) -> Q:
    """Who bears the link spoke on the report that this column names."""
    if actor.bearer is None or actor.bearer[0] != "voice":
        return NOTHING
    # Who spoke through a report that was united with this one follows this one.
    if actor.opened is not None:
        return Q(**{f"{path}__in": sorted(actor.opened)})
    voice = apps.get_model("reports", "Voice")
    here = Q(report_id=OuterRef(path)) | Q(report__merged_into_id=OuterRef(path))
    return Q(Exists(voice.objects.filter(here, pk=actor.bearer[1], withdrawn_at=None)))


def service_link(actor: Actor) -> dict[str, int] | None:
    """The part that a service's link opens, as long as it is that organisation's; None without."""
    if actor.bearer is None or actor.bearer[0] != "part" or actor.organisation_id is None:
        return None
    return {"pk": actor.bearer[1], "organisation_id": actor.organisation_id}


def served(actor: Actor, path: str) -> Q:
    """A service's link opens a part of the report that this column names."""
    part, link = apps.get_model("reports", "Part"), service_link(actor)
    return Q(Exists(part.objects.filter(report_id=OuterRef(path), **link))) if link else NOTHING


def unowned_dwelling(path: str, prefix: str) -> Callable[[Actor], Q]:
    """The scope of what concerns a dwelling as long as no organisation has a part of it."""

    @cache  # the same for everybody: made once
    def unowned() -> Q:
        part = apps.get_model("reports", "Part")
        given = part.objects.filter(report_id=OuterRef("report_id"), organisation__isnull=False)
        # A report has a part from its filing on. Few have none but an orphan: starting from those,
        # PostgreSQL does not read all parts for one list.
        orphan = part.objects.filter(~Q(Exists(given)), organisation=None)
        return Q(Exists(orphan.filter(report_id=OuterRef(path))))

    def scope(actor: Actor) -> Q:
        """A dwelling whose landlord nobody knows yet: until somebody gives it to one."""
        inside = within(actor, commune=f"{prefix}commune_id", quartiers=in_quartiers(path))
        return Q(**{f"{prefix}private": True}) & inside & unowned()

    return scope


def my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id) if actor.organisation_id else NOTHING


def report_shared_with_me(actor: Actor) -> Q:
    return has_a_part(actor, "report_id")


def report_in_perimeter(actor: Actor) -> Q:
    inside = within(actor, commune="report__commune_id", quartiers=in_quartiers("report_id"))
    return Q(report__private=False) & inside


of_nobodys_dwelling = unowned_dwelling("report_id", "report__")


def report_in_my_lodge(actor: Actor) -> Q:
    if actor.residences is None:
        return NOTHING
    return Q(report__residence_id__in=sorted(actor.residences)) & has_a_part(actor, "report_id")


def report_served_by_link(actor: Actor) -> Q:
    return served(actor, "report_id")
