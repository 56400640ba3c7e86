"""Many rows, made a table at a time: reports with their parts, voices, words and all that hangs
from them. They spread over the cast's three communes, every state, public or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain

from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.places.models import Quartier, Residence
from parvis.reports.cells import cell_of
from parvis.reports.counting import counted_under
from parvis.reports.models import (
    Callback,
    Category,
    Contact,
    Message,
    Note,
    Part,
    Photo,
    Report,
    Voice,
)
from parvis.reports.rebuilding import recount_cells
from parvis.reports.searching import index_reports
from parvis.reports.workflow import CLOSED, State
from parvis.thread.acts import Happening, record_many
from parvis.thread.models import Link
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, IN_VALENCIENNES, Cast, box

ROWS_AT_ONCE = 5_000


def crowd(cast: Cast, many: int, *, indexed: bool = True) -> list[Report]:
    """That many reports, newest last, each with a part or two, its author and one event."""
    made: list[Report] = []
    for start in range(0, many, ROWS_AT_ONCE):
        some = _reports(cast, min(ROWS_AT_ONCE, many - start))
        _hang(cast, some)
        if indexed:
            index_reports(some)
        made += some
    recount_cells()
    return made


def _reports(cast: Cast, many: int) -> list[Report]:
    places = [
        (IN_ANZIN, cast.anzin),
        (IN_VALENCIENNES, cast.valenciennes),
        (IN_RAISMES, cast.raismes),
        (IN_ANZIN_OUTSIDE_RIVES, cast.anzin),
    ]
    categories = list(Category.objects.filter(inside_only=False, active=True).order_by("pk"))
    states = list(State)
    now = timezone.now()
    rows = []
    first = Report.objects.count()  # the same rows whatever ran before this test
    for number in range(first, first + many):
        point, commune = places[number % len(places)]
        at = now - timedelta(minutes=10 * (number % 40_000) + 1)
        state = states[number % len(states)]
        closed = state in CLOSED
        rows.append(
            Report(
                reference=f"R-FOULE-{number:06d}",
                category=categories[number % len(categories)],
                text="La lampe clignote toute la nuit.",
                at=at,
                latitude=point[0] + (number % 97) / 1e6,
                longitude=point[1] + (number % 89) / 1e6,
                place_label=f"{number} rue des Lilas",
                commune=commune,
                public=number % 3 != 0,
                text_shown=number % 3 == 1,
                reviewed_at=at if number % 3 else None,
                state=state,
                due_on=None if closed else timezone.localdate() + timedelta(days=number % 19 - 9),
                closed_at=at + timedelta(days=4) if closed else None,
            )
        )
    for report in rows:
        report.cell = cell_of(report.latitude, report.longitude)
        report.counted = counted_under(report)
    return Report.objects.bulk_create(rows, batch_size=1_000)


def _hang(cast: Cast, reports: list[Report]) -> None:
    """Quartiers, parts, authors and the event of each of these reports."""
    through = Report.quartiers.through
    through.objects.bulk_create(
        [
            through(report_id=report.pk, quartier_id=cast.rives.pk)
            for report in reports
            if report.latitude != IN_ANZIN_OUTSIDE_RIVES[0]
        ],
        batch_size=1_000,
    )
    owners = [cast.town, cast.landlord, None, cast.other_town, cast.other_landlord]
    Part.objects.bulk_create(
        chain.from_iterable(_parts(report, owners) for report in reports), batch_size=1_000
    )
    Voice.objects.bulk_create(
        [Voice(report=report, nonce="x", at=report.at, greeted_at=report.at) for report in reports],
        batch_size=1_000,
    )
    record_many(
        NOBODY, [Happening("report", report.pk, "filed", at=report.at) for report in reports]
    )


def _parts(report: Report, owners: list) -> list[Part]:
    number = int(report.reference[-6:])
    who = [owners[number % len(owners)]]
    if number % 4 == 0:
        who.append(owners[(number + 1) % len(owners)])
    due = report.due_on or timezone.localdate()
    return [
        Part(
            report=report,
            organisation=owner,
            state=report.state,
            reason="Doublon" if report.state == State.DROPPED else "",
            due_on=due,
            created_at=report.at,
            told_at=report.at,
            closed_at=report.closed_at,
        )
        for owner in who
    ]


def settle_with_photos(reports: list[Report]) -> None:
    """These reports are public and settled, with a picture before and one after."""
    now = timezone.now()
    pks = [report.pk for report in reports]
    Report.objects.filter(pk__in=pks).update(
        state=State.SETTLED, closed_at=now, due_on=None, public=True, reviewed_at=now
    )
    Part.objects.filter(report__in=pks).update(state=State.SETTLED, closed_at=now)
    Photo.objects.bulk_create(
        [
            _photo(report, moment=moment)
            for report in reports
            for moment in (Photo.Moment.BEFORE, Photo.Moment.AFTER)
        ]
    )


def _photo(report: Report, **fields: object) -> Photo:
    now = timezone.now()
    return Photo(
        report=report,
        file=f"photos/{report.pk}.jpg",
        thumbnail=f"photos/{report.pk}.small.jpg",
        width=4,
        height=3,
        at=now,
        shown=True,
        reviewed_at=now,
        **fields,
    )


def talk(cast: Cast, report: Report, many: int) -> None:
    """That many people, words, notes, photos and events on one report, and as many parts closed."""
    now = timezone.now()
    voices = Voice.objects.bulk_create(
        [
            Voice(report=report, kind=Voice.Kind.ALSO, nonce="x", at=now, says=Voice.Says.SETTLED)
            for _ in range(many)
        ]
    )
    Contact.objects.bulk_create(
        [Contact(voice=voice, report=report, phone="0612345678") for voice in voices]
    )
    call(voices)
    Message.objects.bulk_create(
        [
            Message(
                report=report,
                organisation=cast.town,
                by=cast.karim,
                text="Nous passons demain.",
                at=now,
                shown=True,
            )
            for _ in range(many)
        ]
    )
    Note.objects.bulk_create(
        [
            Note(report=report, organisation=cast.town, by=cast.karim, text="Vu.", at=now)
            for _ in range(many)
        ]
    )
    Photo.objects.bulk_create([_photo(report) for _ in range(many)])
    Part.objects.bulk_create(
        [
            Part(
                report=report,
                organisation=cast.landlord,
                person=cast.luc,
                state=State.SETTLED,
                due_on=now.date(),
                created_at=now,
                told_at=now,
                closed_at=now,
            )
            for _ in range(many)
        ]
    )
    by_karim = cast.actor(cast.karim)
    happened = Happening("report", report.pk, "answered", concerns=cast.landlord, at=now)
    record_many(by_karim, [happened] * many)
    report.voice_count += many
    report.save(update_fields=["voice_count"])


def call(voices: Iterable[Voice]) -> None:
    """Each of these people waits for a call."""
    now = timezone.now()
    Callback.objects.bulk_create(
        [
            Callback(report_id=voice.report_id, voice=voice, why="closed", created_at=now)
            for voice in voices
        ]
    )


def link_all(here: Report, others: Iterable[Report]) -> None:
    """All these reports arise from one."""
    Link.objects.bulk_create(
        [
            Link(source_kind="report", source_id=here.pk, target_kind="report", target_id=other.pk)
            for other in others
        ]
    )


def ground(cast: Cast, many: int) -> None:
    """That many quartiers, residences held by the landlord, and managed areas."""
    first = Residence.objects.count()
    numbers = list(range(first, first + many))
    quartiers = Quartier.objects.bulk_create(
        [
            Quartier(code=f"Q{number}", name=f"Quartier {number}", **box(3.51, 50.37, 3.52, 50.38))
            for number in numbers
        ]
    )
    through = Quartier.communes.through
    through.objects.bulk_create(
        [through(quartier_id=one.pk, commune_id=cast.anzin.pk) for one in quartiers]
    )
    latitude, longitude = IN_ANZIN
    residences = Residence.objects.bulk_create(
        [
            Residence(
                code=f"R{number}",
                name=f"Résidence {number}",
                commune=cast.anzin,
                latitude=latitude,
                longitude=longitude,
            )
            for number in numbers
        ]
    )
    Holding.objects.bulk_create(
        [Holding(residence=one, organisation=cast.landlord) for one in residences]
    )
    ManagedArea.objects.bulk_create(
        [
            ManagedArea(
                name=f"Espace {one.pk}", manager=cast.town, commune=cast.anzin, quartier=one
            )
            for one in quartiers
        ]
    )
