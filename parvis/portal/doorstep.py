"""Where a resident lives, and what happens there in the next days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parvis.gatherings.kinds import SEANCE, kinds
from parvis.gatherings.models import Gathering
from parvis.gatherings.things import url_of
from parvis.notices.subscribing import Topic
from parvis.partners.actors import Actor
from parvis.places import topics as places
from parvis.places.locate import locate
from parvis.places.models import Quartier
from parvis.reports.followers import every_report
from parvis.reports.forms.filing import PlaceForm
from parvis.reports.placing import Placed, place_report
from parvis.ui.components import Moment, StripDay
from parvis.ui.words import hour_in_words, local_day

DAYS = 14
AT_MOST = 100  # gatherings of two weeks at one door


@dataclass(frozen=True)
class Doorstep:
    """A residence, an address or a quartier, and what it stands in."""

    label: str
    query: str  # the same place, for the address of another page
    topic: str
    commune: int | None = None
    residence: int | None = None
    quartiers: tuple[int, ...] = ()
    point: tuple[float, float] | None = None  # of the address, or of the residence
    # What it stands in, narrowest first: the building and the residence of an entrance.
    within: tuple[str, ...] = ()
    named: tuple[tuple[int, str], ...] = ()  # its quartiers, with their names

    @property
    def followed(self) -> Topic:
        """What somebody who lives here follows: this place, its quartiers and its commune. A whole
        residence or quartier is followed with each of its reports; from a door or an address, only
        those right here."""
        wider = [*self.within, *(places.of_quartier(pk) for pk in self.quartiers)]
        wider += [places.of_commune(self.commune)] if self.commune else []
        if self.topic.startswith(("residence:", "quartier:")):
            wider.append(every_report(self.topic))
        return Topic(self.topic, self.label, tuple(wider))


def doorstep_of(form: PlaceForm) -> Doorstep:
    """The place of a valid form, looked up from memory: no query."""
    place = form.place
    placed = place_report(place)
    quartiers, topic = placed.quartier_ids, ""
    names = {place.quartier.pk: place.quartier.name} if place.quartier else {}
    if placed.latitude is not None and placed.longitude is not None:
        found = locate(placed.latitude, placed.longitude)
        names |= {one.pk: one.name for one in found.quartiers}
    within: tuple[str, ...] = ()
    if placed.residence is not None:
        topic, *others = _inside(placed)
        within = tuple(others)
    elif placed.latitude is not None and placed.longitude is not None:
        topic = places.of_address(placed.latitude, placed.longitude)
        # A quartier whose edge is near, but that does not hold the point, is the neighbour's.
        quartiers = tuple(one.pk for one in found.quartiers if one.inside)
    elif place.quartier is not None:
        topic = places.of_quartier(place.quartier.pk)
    label = place.quartier.name if place.quartier else placed.label
    known = placed.latitude is not None and placed.longitude is not None and not place.quartier
    return Doorstep(
        label=label,
        query=form.query(),
        topic=topic,
        commune=placed.commune_id,
        residence=placed.residence.pk if placed.residence else None,
        quartiers=quartiers,
        point=(placed.latitude, placed.longitude) if known else None,  # type: ignore[arg-type]
        within=within,
        named=tuple((pk, names[pk]) for pk in quartiers if pk in names),
    )


def _inside(placed: Placed) -> list[str]:
    """The topics of a place in a residence, narrowest first."""
    found = [places.of_entrance(placed.entrance.pk)] if placed.entrance else []
    found += [places.of_building(placed.building.pk)] if placed.building else []
    return found + ([places.of_residence(placed.residence.pk)] if placed.residence else [])


def door_of_quartier(quartier: Quartier) -> Doorstep:
    """A whole quartier."""
    return Doorstep(
        label=quartier.name,
        query=f"quartier={quartier.pk}",
        topic=places.of_quartier(quartier.pk),
        quartiers=(quartier.pk,),
        named=((quartier.pk, quartier.name),),
    )


def gatherings_at(
    actor: Actor, door: Doorstep, start: date, days: int = DAYS
) -> QuerySet[Gathering]:
    """The published gatherings at this door that touch these days, called off or not.

    Those of the residence, of its quartiers, and of the whole commune; not those of another
    residence or another quartier of the same commune.
    """
    asked = Gathering.quartiers.through.objects.filter(gathering_id=OuterRef("pk"))
    near = Q(Exists(asked.filter(quartier_id__in=door.quartiers)))
    if door.residence is not None:
        # What is only for another residence is not at this door.
        near = Q(near, residence=None) | Q(residence_id=door.residence)
    if door.commune is not None:
        near |= Q(~Exists(asked), commune_id=door.commune, residence=None)
    rows: QuerySet[Gathering] = Gathering.objects.visible_to(actor).filter(
        near,
        published_at__isnull=False,
        starts_at__lt=midnight(start + timedelta(days=days)),
        ends_at__gte=midnight(start),
    )
    return rows.exclude(kind=SEANCE).order_by("starts_at", "pk")[:AT_MOST]


def gathering_moments(
    gatherings: Iterable[Gathering], start: date
) -> Iterator[tuple[date, Moment]]:
    """Gatherings by the day on which they begin; what began before stands on the first."""
    icons = {code: kind.icon for code, kind in kinds().items()}
    for one in gatherings:
        yield (
            max(local_day(one.starts_at), start),
            Moment(
                title=one.title,
                url=url_of(one.pk),
                icon=icons.get(one.kind, "calendar"),
                soft=" · ".join(filter(None, [hour_in_words(one.starts_at), one.place_label])),
                cancelled=one.cancelled_at is not None,
            ),
        )


def strip(moments: Iterable[tuple[date, Moment]], start: date, days: int = DAYS) -> list[StripDay]:
    """These days one by one, with what happens on each."""
    by_day: dict[date, list[Moment]] = {}
    for day, moment in moments:
        by_day.setdefault(day, []).append(moment)
    every = [start + timedelta(days=number) for number in range(days)]
    today = timezone.localdate()
    return [StripDay(day, tuple(by_day.get(day, ())), day == today) for day in every]


def midnight(day: date) -> datetime:
    """The first moment of a day, in local time."""
    return timezone.make_aware(datetime.combine(day, time.min))
