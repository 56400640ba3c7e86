"""Eighteen months of invented reports, told through the very acts that people use.

The same story each time: every choice comes from a generator seeded by the report's number; only
the days move, counted back from the day of loading.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from django.utils import timezone

from parvis.demo.accounts import read
from parvis.demo.pictures import FAULTS, SIZE, picture, thumbnail
from parvis.documents.photos import CleanPhoto
from parvis.partners.actors import NOBODY, Actor
from parvis.partners.models import Organisation, User
from parvis.places.locate import locate
from parvis.places.models import Entrance, Inside, Residence
from parvis.places.workdays import add_working_days
from parvis.reports import acts
from parvis.reports.blackspots import propose_blackspots
from parvis.reports.models import Blackspot, Category, Part, Report
from parvis.reports.placing import Place
from parvis.reports.workflow import Ground, WreckStep
from parvis.thread.acts import link

COUNT = 600
DAYS = 548  # eighteen months
CAME_BACK = (50, 36, 22, 9)  # days ago, at one residence: a point noir
PICTURES = 4  # different pictures by theme
# How often each theme comes, out of the usual mix of a town and its landlords.
WEIGHTS = {
    "proprete": 9, "encombrants": 14, "epaves": 3, "eclairage": 8, "espaces_verts": 6,
    "aires_de_jeux": 4, "voirie": 6, "stationnement": 3, "ascenseurs": 7, "acces_immeuble": 8,
    "parties_communes": 8, "tags": 4, "caves_garages": 4, "logements_vacants": 1,
    "chauffage_eau_ventilation": 6, "nuisibles": 4, "tranquillite": 3, "accessibilite": 2,
    "services_publics": 1, "chantiers": 3,
}  # fmt: skip
INSIDES = {
    "ascenseurs": Inside.LIFT,
    "acces_immeuble": Inside.HALL,
    "parties_communes": Inside.STAIRWELL,
    "caves_garages": Inside.CELLAR,
    "encombrants": Inside.SURROUNDINGS,
    "proprete": Inside.SURROUNDINGS,
}


def load_reports(now: datetime) -> int:
    """File, share, settle and answer the reports of the story; answers how many there are."""
    texts = read("texts")
    world = _World()
    for number in range(COUNT):
        dice = random.Random(f"signalement {number}")
        age = DAYS * dice.random() ** 1.5  # the last weeks are told in more detail
        at = _at_daytime(now - timedelta(days=age), dice, now)
        _tell_one(number, dice, at, now, world, texts)
    _tell_a_blackspot(now, world, texts)
    _link_what_came_back()
    return Report.objects.count()


class _World:
    """What the story needs to know, read once."""

    def __init__(self) -> None:
        self.categories: dict[str, list[Category]] = {}
        for category in Category.objects.filter(active=True, children=None).order_by("code"):
            self.categories.setdefault(category.theme_code, []).append(category)
        self.themes = [code for code in WEIGHTS if code in self.categories]
        self.residences = list(Residence.objects.select_related("commune").order_by("code"))
        self.entrances: dict[int, list[Entrance]] = {}
        for entrance in Entrance.objects.select_related("building__residence").order_by("pk"):
            self.entrances.setdefault(entrance.building.residence_id, []).append(entrance)
        self.organisations = {one.pk: one for one in Organisation.objects.all()}
        self.towns = {
            one.commune_id: one
            for one in self.organisations.values()
            if one.kind == Organisation.Kind.COMMUNE
        }
        self.people = {
            mandate[0]: User.objects.get(pk=mandate[1])
            for mandate in User.objects.order_by("-pk").values_list(
                "mandates__organisation_id", "pk"
            )
        }
        agglomeration = next(
            one for one in self.organisations.values() if one.siren and one.kind == "agglomeration"
        )
        self.coordination = self.actor(agglomeration)

    def actor(self, organisation: Organisation) -> Actor:
        """Somebody who acts for this organisation; the first person of the demonstration if any."""
        person = self.people.get(organisation.pk)
        return Actor(
            user_id=person.pk if person else None,
            user_name=person.name if person else "",
            role="responsable",
            organisation_id=organisation.pk,
            organisation_name=organisation.name,
            kind=organisation.kind,
        )


def _at_daytime(moment: datetime, dice: random.Random, now: datetime) -> datetime:
    """The same day between seven and twenty-one, never in the future."""
    hour = time(dice.randint(7, 20), dice.randint(0, 59))
    local = timezone.localtime(moment)
    found = timezone.make_aware(datetime.combine(local.date(), hour))
    return min(found, now - timedelta(hours=3))


def _photo(theme: str, number: int, fixed: bool) -> CleanPhoto:
    return CleanPhoto(
        jpeg=picture(theme, number, fixed),
        thumbnail=thumbnail(theme, number, fixed),
        width=SIZE[0],
        height=SIZE[1],
    )


def _place(theme: str, category: Category, dice: random.Random, world: _World) -> Place:
    residence = dice.choice(world.residences)
    if category.inside_only or (theme in INSIDES and dice.random() < 0.8):
        entrance = dice.choice(world.entrances[residence.pk])
        return Place(
            residence=residence,
            building=entrance.building,
            entrance=entrance,
            inside=INSIDES.get(theme, ""),
        )
    # In the street, within some two hundred metres of a residence; schematic communes leave gaps.
    for _ in range(10):
        latitude = round(residence.latitude + dice.uniform(-0.0018, 0.0018), 6)
        longitude = round(residence.longitude + dice.uniform(-0.0026, 0.0026), 6)
        if locate(latitude, longitude).commune:
            return Place(latitude=latitude, longitude=longitude)
    return Place(residence=residence, inside=Inside.SURROUNDINGS)


def _tell_one(
    number: int,
    dice: random.Random,
    at: datetime,
    now: datetime,
    world: _World,
    texts: dict[str, dict[str, list[str]]],
) -> None:
    theme = dice.choices(world.themes, [WEIGHTS[code] for code in world.themes])[0]
    leaves = world.categories[theme]
    # What endangers somebody is rarer than the rest.
    category = dice.choices(leaves, [1 if leaf.stop else 5 for leaf in leaves])[0]
    drawn = theme in FAULTS or dice.random() < 0.4
    shot = drawn and dice.random() < 0.6
    view = dice.randrange(PICTURES)
    voice = acts.file_report(
        actor=NOBODY,
        place=_place(theme, category, dice, world),
        category=category,
        text=dice.choice(texts["texts"][category.code]),
        answers=_answers(category, dice),
        photos=[_photo(theme, view, fixed=False)] if shot else [],
        email=f"habitant{number}@demo.invalid" if dice.random() < 0.5 else "",
        now=at,
    )
    report = voice.report
    for _ in range(min(dice.choice((0, 0, 0, 1, 1, 2, 3, 6, 11)), 11)):
        joined = at + timedelta(hours=dice.randint(1, 60))
        if joined < now:
            acts.join_report(report, actor=NOBODY, now=joined)
    read_at = at + timedelta(hours=dice.randint(1, 30))
    if read_at < now:
        acts.review(
            report,
            actor=world.coordination,
            public=category.may_be_public,
            text_shown=category.may_be_public,
            shown_photos=set(report.photos.values_list("pk", flat=True)),
            shown_messages=set(),
            now=read_at,
        )
    _handle(report, category, theme, view, shot, dice, at, now, world, texts["answers"])


def _answers(category: Category, dice: random.Random) -> dict[str, str]:
    """One of the choices of each question that offers some."""
    said = {}
    for question in category.questions:
        choices = question.get("choices") or []
        if choices:
            choice = dice.choice(choices)
            said[question["code"]] = choice["code"] if isinstance(choice, dict) else choice
        elif question.get("required"):
            said[question["code"]] = "2"
    return said


def _handle(
    report: Report,
    category: Category,
    theme: str,
    view: int,
    shot: bool,
    dice: random.Random,
    at: datetime,
    now: datetime,
    world: _World,
    answers: dict[str, list[str]],
) -> None:
    part = Part.objects.get(report=report)
    if part.organisation_id is None:
        if report.private:
            return  # waits for its landlord
        recent = now - at < timedelta(days=160)
        if recent and (dice.random() < 0.8 or now - at < timedelta(days=6)):
            return  # stays on the list "sans gestionnaire"
        town = world.towns.get(report.commune_id or 0)
        if town is None:
            return
        acts.give_part(
            part, actor=world.coordination, organisation=town, now=at + timedelta(days=1)
        )
    owner = world.organisations[part.organisation_id or 0]
    actor = world.actor(owner)
    day = timedelta(days=1)
    taken = at + dice.randint(1, 4) * day
    # Working days until it is settled: six tenths of the promised delay, more or less.
    span = max(1, round(dice.lognormvariate(0, 0.5) * category.delay_days * 0.6))
    done_on = add_working_days(timezone.localdate(at), span)
    done = timezone.make_aware(datetime.combine(done_on, time(dice.randint(9, 17), 20)))
    forgotten = dice.random() < 0.12 and now - at < timedelta(days=70)
    if taken >= now:
        return
    acts.advance_part(part, "take", actor=actor, now=taken)
    if category.wreck:
        acts.move_wreck(
            report,
            actor=actor,
            ground=Ground.PUBLIC if report.residence_id is None else Ground.LANDLORD,
            step=dice.choice((WreckStep.OWNER, WreckStep.NOTICE, WreckStep.ORDERED)),
            step_on=timezone.localdate(taken),
            now=taken,
        )
    if dice.random() < 0.35 and taken + day < min(done, now):
        acts.advance_part(
            part, "schedule", actor=actor, due_on=done_on, now=taken + timedelta(hours=5)
        )
    if dice.random() < 0.08:
        acts.note(report, actor=actor, text=dice.choice(answers["notes"]), now=taken)
    others = [one for one in world.towns.values() if one.commune_id == report.commune_id]
    shared = None
    if dice.random() < 0.1 and not report.private and others and others[0].pk != owner.pk:
        shared = acts.assign_part(
            report,
            actor=world.coordination,
            organisation=others[0],
            title="Nettoyer les abords",
            now=taken,
        )
    if done <= taken:
        done = taken + day
    if done >= now or forgotten:
        return
    after = [_photo(theme, view, fixed=True)] if shot and dice.random() < 0.8 else []
    if shared:
        acts.advance_part(
            shared,
            "settle",
            actor=world.actor(others[0]),
            answer="Les abords sont nettoyés.",
            now=done - timedelta(hours=3),
        )
    if dice.random() < 0.06:
        acts.advance_part(
            part,
            "drop",
            actor=actor,
            reason="Introuvable sur place",
            answer=dice.choice(answers["dropped"]),
            now=done,
        )
        return
    acts.advance_part(
        part, "settle", actor=actor, answer=dice.choice(answers["settled"]), photos=after, now=done
    )


def _tell_a_blackspot(now: datetime, world: _World, texts: dict[str, dict[str, list[str]]]) -> None:
    """Bulky waste comes back four times at one residence, though it is removed each time: the
    coordination keeps it as a point noir, and its landlord has written a plan."""
    residence = world.residences[0]
    category = Category.objects.get(code="encombrants_immeuble")
    for number, days in enumerate(CAME_BACK):
        at = now - timedelta(days=days)
        voice = acts.file_report(
            actor=NOBODY,
            place=Place(residence=residence, inside=Inside.SURROUNDINGS),
            category=category,
            text=texts["texts"][category.code][number % len(texts["texts"][category.code])],
            now=at,
        )
        part = Part.objects.get(report=voice.report)
        if part.organisation_id is not None:
            owner = world.organisations[part.organisation_id]
            acts.advance_part(
                part,
                "settle",
                actor=world.actor(owner),
                answer="Les encombrants ont été enlevés.",
                now=at + timedelta(days=3),
            )
    propose_blackspots(now)
    found = Blackspot.objects.filter(residence=residence, theme_code=category.theme_code)
    for blackspot in found:
        landlord = residence.holdings.get().organisation
        acts.decide_blackspot(blackspot, "keep", actor=world.coordination, owner=landlord, now=now)
        acts.plan_blackspot(
            blackspot,
            actor=world.actor(landlord),
            plan="Un local fermé au pied de l’immeuble, avant l’été.\n"
            "Un passage de la ville chaque premier lundi du mois.",
            due_on=add_working_days(timezone.localdate(now), 60),
            for_group=True,
            now=now,
        )


def _link_what_came_back() -> None:
    """What came back at one place and category gives rise to the next report: the thread."""
    last: dict[tuple[int | None, int], int] = {}
    for pk, residence, category in (
        Report.objects.filter(residence__isnull=False, public=True)
        .order_by("at", "pk")
        .values_list("pk", "residence_id", "category_id")
    ):
        before = last.get((residence, category))
        if before:
            link(NOBODY, ("report", before), ("report", pk))
        last[residence, category] = pk
