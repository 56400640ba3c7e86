"""Two bodies of participation: a conseil citoyen of 2016 whose residents were drawn by lot, and a
table de quartier of 2025 without draw; their members, référents, frame and what is owed to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from parvis.councils import (
    body_acts,
    frame_acts,
    frame_articles,
    member_acts,
    referent_acts,
    space_due_acts,
    space_training_acts,
)
from parvis.councils.models import (
    Body,
    CouncilSeat,
    Frame,
    Member,
    Participation,
    Recognition,
    TrainingFollowed,
)
from parvis.councils.workflow import TermEnd
from parvis.demo.accounts import address_of, read
from parvis.meetings.acts import plan_sitting, write_instance
from parvis.meetings.models import Instance, Sitting
from parvis.notices.models import Message
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Agreement, Organisation, User
from parvis.places.models import Quartier
from parvis.works.models import RenewalProject

FORMS = ("conseil", "table")
EVENING, LENGTH = 18, timedelta(hours=2)
PROJECTS = {"rives": "NPNRU-DEMO", "verrerie": "LOCAL-DEMO"}


@dataclass
class Ground:
    """What every part of this story needs."""

    facts: dict[str, Any]
    organisations: dict[str, Organisation]
    now: datetime
    bodies: dict[str, Body] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of loading."""
        return timezone.localdate(self.now)

    def day(self, ago: int) -> date:
        """So many days ago; to come when it is negative."""
        return self.today - timedelta(days=ago)

    def at(self, ago: int, hour: int = 10) -> datetime:
        """That day, at that hour."""
        return timezone.make_aware(datetime.combine(self.day(ago), time(hour)))

    def actor(self, account: str) -> Actor:
        """The person of that account."""
        return actors_of(User.objects.get(email=address_of(account)))[0]

    def acting_for(self, key: str) -> Actor:
        """Somebody who acts for that organisation, without a name."""
        one = self.organisations[key]
        return Actor(
            role="responsable",
            organisation_id=one.pk,
            organisation_name=one.name,
            kind=one.kind,
        )

    def animator(self, key: str) -> Actor:
        """Who animates that body."""
        return self.actor({"conseil": "animatrice", "table": "table"}[key])

    def project(self, key: str) -> RenewalProject:
        """A project of data/works.toml."""
        return RenewalProject.objects.get(code=PROJECTS[key])


@contextmanager
def untold() -> Iterator[None]:
    """What was sent in its time is not sent again today."""
    last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    Message.objects.filter(pk__gt=last).delete()


def load_councils(organisations: dict[str, Organisation], now: datetime) -> list[Body]:
    """Write everything that data/councils.toml tells."""
    from parvis.demo.councils_draw import draw_residents
    from parvis.demo.councils_voice import load_voice

    ground = Ground(read("councils"), organisations, now)
    with untold():
        for key in FORMS:
            ground.bodies[key] = _body(ground, key)
        draw_residents(ground)
        for key in FORMS:
            _people(ground, key)
            ground.instances[key] = _instance(ground, key)
        _frame(ground)
        _inventory(ground)
        _referents(ground)
        _owed(ground)
        load_voice(ground)
    return list(ground.bodies.values())


# --- Bodies and their people --------------------------------------------------------------------


def _body(ground: Ground, key: str) -> Body:
    told = ground.facts[key]
    actor = ground.actor("coordination")
    made = timezone.make_aware(datetime.combine(told["created_on"], time(9)))
    carrier = ground.organisations[told["carrier"]] if "carrier" in told else None
    body = body_acts.create_body(
        actor=actor,
        organisation=ground.organisations[told["organisation"]],
        coordinator=ground.organisations["agglomeration"],
        form=told["form"],
        regime=told["regime"],
        created_on=told["created_on"],
        quartiers=Quartier.objects.filter(code__in=told["quartiers"]),
        agreement=Agreement.objects.get(code="CV193"),
        carrier=carrier,
        presentation=told["presentation"],
        contact=told["contact"],
        room=told["room"],
        budget=Decimal(told["budget"]),
        budget_source=told["budget_source"],
        rules_on=told.get("rules_on"),
        term_months=told.get("term_months"),
        now=made,
    )
    kinds = CouncilSeat.Kind
    for college in body.colleges.all():
        holders, substitutes = told["seats"][college.code]
        body_acts.open_seats(college, kinds.TITULAIRE, holders)
        if substitutes:
            body_acts.open_seats(college, kinds.SUPPLEANT, substitutes)
    if "recognition" in told:
        number, signed_on, note = told["recognition"]
        Recognition.objects.create(
            body=body,
            number=number,
            signed_on=signed_on,
            note=note,
            authority=ground.organisations["etat"],
        )
    return body_acts.publish_body(body, actor=actor, now=made)


def _people(ground: Ground, key: str) -> None:
    """Seat the members of data/councils.toml beside those whom a draw seated."""
    told, body = ground.facts[key], ground.bodies[key]
    begun = max(told["created_on"], ground.day(900))
    if key == "conseil":
        _drawn_people(ground, body)
    else:
        for first_name, sex, band, shown in told["members"]:
            _seated(ground, body, "habitants", begun, first_name, sex, band, shown, "volontaire")
    for first_name, sex, band, shown, whom in told["actors"]:
        member = _seated(ground, body, "acteurs", begun, first_name, sex, band, shown, "acteur")
        member.organisation = ground.organisations[whom]
        member.save(update_fields=["organisation"])
    if "left" in told:
        first_name, sex, band, why = told["left"]
        shown = Member.Shown.FIRST_NAME
        since = told["created_on"]
        origin = "volontaire"
        gone = _seated(ground, body, "acteurs", since, first_name, sex, band, shown, origin)
        body_acts.end_term(
            gone.terms.get(),
            actor=ground.animator(key),
            ends_on=ground.day(200),
            reason=TermEnd(why),
            now=ground.at(199),
        )


def _seated(
    ground: Ground,
    body: Body,
    college: str,
    begun: date,
    first_name: str,
    sex: str,
    band: str,
    shown: str,
    origin: str,
) -> Member:
    member = body_acts.add_member(
        body,
        contact={"first_name": f"{first_name} ({'fictive' if sex == 'F' else 'fictif'})"},
        sex=sex,
        age_band=band,
        shown=shown,
        origin=origin,
    )
    seats = CouncilSeat.objects.filter(
        college__body=body, college__code=college, kind=CouncilSeat.Kind.TITULAIRE, terms=None
    )
    seat = seats.select_related("college__body").order_by("number")[0]
    made = timezone.make_aware(datetime.combine(begun, time(18)))
    actor = ground.actor("coordination")
    body_acts.seat_member(seat, member, actor=actor, starts_on=begun, now=made)
    return member


def _drawn_people(ground: Ground, body: Body) -> None:
    """Whom the draw of 2016 seated: the names and choices of data/councils.toml are theirs, and
    one of them has an account."""
    drawn = list(body.members.filter(origin="tirage").select_related("contact").order_by("number"))
    hugo = next(one for one in drawn if one.sex == "H")
    others = [one for one in drawn if one.pk != hugo.pk]
    hugo.user = User.objects.get(email=address_of("membre"))
    hugo.save(update_fields=["user"])
    hugo.contact.first_name, hugo.contact.last_name = "Hugo (fictif)", ""
    hugo.contact.save()
    member_acts.show_of_member(hugo, Member.Shown.FIRST_NAME)
    told = {"F": [], "H": []}  # type: dict[str, list[Any]]
    for row in ground.facts["conseil"]["members"]:
        told[row[1]].append(row)
    for member in others:
        if told[member.sex]:
            first_name, sex, _, shown = told[member.sex].pop(0)
            named = f"{first_name} ({'fictive' if sex == 'F' else 'fictif'})"
            member.contact.first_name, member.contact.last_name = named, ""
            member.contact.save()
            member_acts.show_of_member(member, shown)


def _instance(ground: Ground, key: str) -> Instance:
    body = ground.bodies[key]
    return write_instance(
        Instance(organiser=body.organisation),
        kind="conseil_citoyen",
        name=f"Séance : {body.organisation.name}",
        cadence=Instance.Cadence.MONTHLY,
        quartiers=list(body.quartiers.all()),
        chairs=[],
        members=[],
    )


def sitting_of(ground: Ground, key: str, ago: int) -> Sitting:
    """A sitting of that body, so many days ago, in the evening."""
    body = ground.bodies[key]
    starts = ground.at(ago, EVENING)
    return plan_sitting(
        ground.instances[key],
        actor=ground.animator(key),
        now=starts - timedelta(days=15),
        starts_at=starts,
        ends_at=starts + LENGTH,
        place_label=body.room,
        commune=body.organisation.commune,
        contact=body.contact,
    )


def member_called(body: Body, first_name: str) -> Member:
    """A member by first name."""
    return body.members.get(contact__first_name__startswith=f"{first_name} ")


# --- Frame, inventory, référents, what is owed -------------------------------------------------


def _frame(ground: Ground) -> Frame:
    told, actor = ground.facts["frame"], ground.actor("coordination")
    agglomeration = ground.organisations["agglomeration"]
    frame = frame_acts.begin_frame(
        agglomeration, title=told["title"], introduction=told["introduction"]
    )
    for place, row in enumerate(told["article"], 1):
        frame_articles.write_article(frame, number=str(place), **row)
    opened = ground.at(told["opened"])
    # Remarks were closed long ago: they are written while the text is open, then it is dated back.
    frame = frame_acts.open_frame(frame, actor=actor, closes_on=ground.day(-1), now=ground.now)
    articles = list(frame.articles.order_by("position"))
    for row in told["remark"]:
        who = ground.organisations[row["by"]]
        made = frame_acts.remark(
            articles[row["article"] - 1],
            actor=ground.acting_for(row["by"]),
            organisation=who,
            text=row["text"],
            now=opened + timedelta(days=9),
        )
        frame_acts.answer_remark(
            made,
            actor=actor,
            outcome=row["outcome"],
            answer=row["answer"],
            now=ground.at(told["closed"]),
        )
    Frame.objects.filter(pk=frame.pk).update(opened_at=opened, closes_on=ground.day(told["closed"]))
    copil = Instance.objects.get(kind="copil", organiser=agglomeration)
    since = ground.at(told["adopted"])
    sitting = copil.sittings.filter(
        gathering__starts_at__gte=since, gathering__ends_at__lt=ground.now
    ).earliest("gathering__starts_at")
    adopted = timezone.localdate(sitting.gathering.starts_at)
    return frame_acts.adopt_frame(
        frame,
        actor=actor,
        sitting=sitting,
        adopted_on=adopted,
        now=sitting.gathering.ends_at,
    )


def _inventory(ground: Ground) -> None:
    quartiers = {one.code: one for one in Quartier.objects.all()}
    by_name = {one.organisation.name: one for one in ground.bodies.values()}
    Participation.objects.bulk_create(
        Participation(
            coordinator=ground.organisations["agglomeration"],
            quartier=quartiers[code],
            form=form,
            name=name,
            run_by=run_by,
            body=by_name.get(name),
            audience=audience,
            since=date(year, 1, 1),
        )
        for code, form, name, run_by, audience, year in ground.facts["inventory"]["lines"]
    )


def _referents(ground: Ground) -> None:
    """Référents for the two projects: a titulaire and a substitute on the Rives, one elsewhere."""
    conseil, table = ground.bodies["conseil"], ground.bodies["table"]
    for key, body, names in (
        ("rives", conseil, ("Hugo", "Amina")),
        ("verrerie", table, ("Nicole", "Mourad")),
    ):
        actor = ground.animator("conseil" if body is conseil else "table")
        begun = max(ground.day(880), body.created_on + timedelta(days=30))
        for place, name in enumerate(names):
            referent_acts.designate(
                member_called(body, name),
                actor=actor,
                quartier=body.quartiers.get(),
                project=ground.project(key),
                substitute=bool(place),
                starts_on=begun,
                now=timezone.make_aware(datetime.combine(begun, time(19))),
            )


def _owed(ground: Ground) -> None:
    actor = ground.actor("coordination")
    for key, kind, title, who, due, received in ground.facts["due"]["lines"]:
        space_due_acts.expect_document(
            ground.bodies[key],
            actor=actor,
            kind=kind,
            title=title,
            owed_by=ground.organisations[who],
            due_on=ground.day(due),
            received_on=ground.day(received) if received else None,
            now=ground.at(max(due, 1) + 60),
        )
    for title, provider, hours, ago, seats, names in ground.facts["trainings"]["lines"]:
        offer = space_training_acts.offer_training(
            ground.organisations["agglomeration"],
            title=title,
            provider=provider,
            hours=Decimal(hours),
            starts_on=ground.day(ago),
            ends_on=ground.day(ago - 1),
            seats=seats,
            place="Maison de quartier du Quai",
        )
        TrainingFollowed.objects.bulk_create(
            TrainingFollowed(
                offer=offer,
                member=member_called(ground.bodies["conseil"], name),
                asked_at=ground.at(max(ago, 0) + 20),
                came=True if ago > 0 else None,
            )
            for name in names
        )
