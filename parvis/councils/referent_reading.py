"""Who is référent where, as each reader may read it, and how instances are called for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from parvis.councils.body_models import Body, Member, Term
from parvis.councils.referent_access import PROJECT
from parvis.councils.referent_models import Referent
from parvis.meetings.models import Instance
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Quartier
from parvis.works.models import RenewalProject

Key = tuple[str, int]  # ("project", 3) or ("instance", 12)


@dataclass
class Seat:
    """One place of référent: who holds it and who stands in, if anybody does."""

    number: int
    holder: Referent | None = None
    substitute: Referent | None = None


@dataclass
class Post:
    """An instance or a project in which a quartier may have référents."""

    key: Key
    title: str
    seats: list[Seat] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether a place has nobody to hold it."""
        return any(one.holder is None for one in self.seats)


@dataclass
class Place:
    """A quartier, its bodies, and where its référents are."""

    quartier: Quartier
    bodies: list[Body]
    posts: list[Post]


def names_of(actor: Actor, instances: Iterable[int]) -> dict[int, str]:
    """What each instance is called for this actor: its name when they may see it or when a public
    designation tells it, its nature otherwise. One query."""
    wanted = set(instances)
    told = Referent.objects.visible_to(actor).filter(instance_id=OuterRef("pk"))
    seen = Instance.objects.visible_to(actor).filter(pk=OuterRef("pk"))
    rows = Instance.objects.filter(pk__in=wanted).annotate(known=Exists(seen) | Exists(told))
    names = {}
    for one in rows:
        known = one.known  # type: ignore[attr-defined]
        names[one.pk] = one.name if known else _nature(one)
    return names


def _nature(instance: Instance) -> str:
    label = instance.nature.label
    return label[:1].upper() + label[1:]


def places_of(actor: Actor, quartiers: list[Quartier], today: date) -> list[Place]:
    """Who is référent of these quartiers today, for this actor; places with nobody are told. Seven
    queries whatever their number."""
    pks = {one.pk for one in quartiers}
    bodies = _bodies(actor, pks, today)
    projects = _through(
        RenewalProject.objects.visible_to(actor), RenewalProject.quartiers, "renewalproject", pks
    )
    instances = _through(
        Instance.objects.filter(closed_on=None).exclude(
            organiser__kind=Organisation.Kind.PARTICIPATION
        ),
        Instance.quartiers,
        "instance",
        pks,
    )
    held: dict[tuple[int, Key], dict[int, Seat]] = defaultdict(dict)
    for one in _designations(actor, pks, today):
        key: Key = ("project", one.project_id or 0)
        if one.instance_id:
            key = ("instance", one.instance_id)
        seat = held[one.quartier_id, key].setdefault(one.place, Seat(one.place))
        if one.substitute:
            seat.substitute = one
        else:
            seat.holder = one
    titles = _titles(actor, projects, instances, held)
    found = []
    for quartier in quartiers:
        keys = {("project", pk) for pk in projects[quartier.pk]}
        # An instance that steers a project calls the référents of that project.
        steered = {
            pk for pk, (_, subject) in titles.steering.items() if ("project", subject) in keys
        }
        keys |= {("instance", pk) for pk in instances[quartier.pk] if pk not in steered}
        keys |= {key for place, key in held if place == quartier.pk}
        posts = [
            Post(key, titles.words[key], _seats(held.get((quartier.pk, key), {})))
            for key in keys
            if key in titles.words
        ]
        posts.sort(key=lambda post: (post.key[0] != "project", post.title, post.key))
        found.append(Place(quartier, bodies[quartier.pk], posts))
    return found


def _seats(held: dict[int, Seat]) -> list[Seat]:
    """The places up to the last one that somebody holds, one at least."""
    return [held.get(number) or Seat(number) for number in range(1, max([1, *held]) + 1)]


def _bodies(actor: Actor, quartiers: set[int], today: date) -> dict[int, list[Body]]:
    rows = Body.objects.visible_to(actor).filter(Q(closed_on=None) | Q(closed_on__gte=today))
    known = {
        one.pk: one
        for one in rows.filter(
            pk__in=Body.quartiers.through.objects.filter(quartier__in=quartiers).values("body_id")
        ).select_related("organisation")
    }
    found: dict[int, list[Body]] = defaultdict(list)
    through = Body.quartiers.through.objects.filter(quartier__in=quartiers, body__in=list(known))
    for body, quartier in through.order_by("pk").values_list("body_id", "quartier_id"):
        found[quartier].append(known[body])
    return found


def _through(rows: Any, relation: Any, column: str, quartiers: set[int]) -> dict[int, set[int]]:
    """The ids of these rows by quartier; one query."""
    found: dict[int, set[int]] = defaultdict(set)
    through = relation.through.objects.filter(
        **{"quartier__in": quartiers, f"{column}__in": rows.order_by().values("pk")}
    )
    for pk, quartier in through.values_list(f"{column}_id", "quartier_id"):
        found[quartier].add(pk)
    return found


def still_seated(day: date) -> Exists:
    """Designations of members whose term runs that day."""
    return Exists(Term.objects.on(day).filter(member_id=OuterRef("member_id")))


def _designations(actor: Actor, quartiers: set[int], today: date) -> list[Referent]:
    rows = Referent.objects.visible_to(actor).on(today).filter(still_seated(today))
    rows = rows.filter(quartier__in=quartiers).select_related(
        "member__contact", "member__body__organisation"
    )
    return list(rows.order_by("place", "substitute", "pk"))


@dataclass
class Titles:
    """What projects and instances are called, and what instances steer."""

    words: dict[Key, str]
    steering: dict[int, tuple[str, int]]


def _titles(actor: Actor, projects: Any, instances: Any, held: Any) -> Titles:
    designated = {key for _, key in held}
    wanted = {pk for some in projects.values() for pk in some}
    wanted |= {pk for kind, pk in designated if kind == "project"}
    rows = RenewalProject.objects.visible_to(actor).filter(pk__in=wanted)
    words: dict[Key, str] = {
        ("project", pk): title for pk, title in rows.values_list("pk", "title")
    }
    wanted = {pk for some in instances.values() for pk in some}
    wanted |= {pk for kind, pk in designated if kind == "instance"}
    words |= {("instance", pk): name for pk, name in names_of(actor, wanted).items()}
    steering = Instance.objects.filter(pk__in=wanted, subject_kind=PROJECT)
    subjects = steering.values_list("pk", "subject_kind", "subject_id")
    return Titles(words, {pk: (kind, subject or 0) for pk, kind, subject in subjects})


def known_members(actor: Actor, members: Iterable[Member]) -> set[int]:
    """Those of these members whose name this actor may read; one query."""
    wanted = {one.pk for one in members}
    rows = Member.objects.allowed(actor, "know").filter(pk__in=wanted)
    return set(rows.values_list("pk", flat=True))


def called(member: Member, known: set[int]) -> str:
    """The member's name for who may know it; what they show of themselves for others."""
    return member.name if member.pk in known else member.public_name
