"""A person planted everywhere, then erased by time or by herself: no table, no file, no index and
no page of the database keeps a trace of her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from parvis.councils.models import MemberContact, Proposition, PropositionContact
from parvis.gatherings import acts as gathering_acts
from parvis.notices import digests, subscribing
from parvis.notices.digests import Line
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import Envelope, Message, PhoneCheck
from parvis.notices.outbox import Recipient
from parvis.partners.models import Invitation
from parvis.portal import my_data, retaining
from parvis.reports import acts
from parvis.reports.lists import load
from parvis.reports.models import Photo, Report
from tests.cast import Cast, make_cast
from tests.councils.scene import a_body, a_member
from tests.gatherings.scene import workshop
from tests.reports.scene import filed, in_hall, photo
from tests.toolbox import course_scene

MARK = "zephyrine"
ADDRESS = f"{MARK}@exemple.test"
PHONE = "0699887766"
MARKS = (MARK, PHONE, "+33699887766", "Zéphyrine")
YEARS = timedelta(days=4 * 365)


def plant(cast: Cast) -> None:
    """She reported, spoke, registered, learned, proposed, sat once, follows and is invited."""
    load()
    voice = filed(
        in_hall(cast),
        "hall_sale",
        text=f"Zéphyrine {MARK} habite au deuxième",
        photos=[photo()],
        email=ADDRESS,
        phone=PHONE,
        dwelling=f"{MARK} 12",
    )
    acts.speak(voice, text=f"Encore {MARK}")
    for part in voice.report.parts.all():
        acts.advance_part(part, "settle", actor=cast.actor(cast.luc), answer="Fait.")
    for gathering in (workshop(cast), workshop(cast, title="Atelier compost")):
        gathering_acts.register_person(gathering, name=MARK, email=ADDRESS, phone=PHONE)
    course = course_scene.a_workshop(cast)
    course_scene.seats.enrol_contact(course, name=MARK, email=ADDRESS, phone=PHONE)
    topic = subscribing.Topic(f"rue:{MARK}", f"Rue {MARK}")
    subscribing.subscribe(ADDRESS, topic, pace="now")
    who = Recipient("other:1", ADDRESS, f"https://x.test/{MARK}")
    digests.note("event:1", [who], Line("Titre", "Texte", "https://x.test/"))
    mark = fingerprint(ADDRESS)
    PhoneCheck.objects.create(
        fingerprint=mark, phone=PHONE, code="x", asked_at=timezone.now() - timedelta(days=2)
    )
    body = a_body(cast)
    member = a_member(body)
    MemberContact.objects.update_or_create(
        member=member, defaults={"first_name": MARK, "email": ADDRESS, "phone": PHONE}
    )
    member.terms.update(ends_on=timezone.localdate() - timedelta(days=1))
    made = Proposition.objects.create(
        title=f"Un banc pour {MARK}",
        text=MARK,
        quartier=cast.rives,
        state="refused",
        reason="Doublon.",
        at=timezone.now(),
    )
    PropositionContact.objects.create(proposition=made, name=MARK, email=ADDRESS, phone=PHONE)
    Invitation.objects.create(
        email=ADDRESS, organisation=cast.town, role="lecteur", expires_at=timezone.now()
    )
    my_data.ask(ADDRESS)


def tables_with_her() -> set[str]:
    """The tables in which she stands, in any column; the index of words is one of them."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(mark in str(row) for row in cursor.fetchall() for mark in MARKS):
                found.add(table)
    return found


def in_the_database_file() -> list[str]:
    """The files of an SQLite database that hold her, rows or not."""
    if connection.vendor != "sqlite":
        return []
    base = Path(str(connection.settings_dict["NAME"]))
    files = [base, *(base.with_name(base.name + end) for end in ("-wal", "-shm"))]
    held = {one.name: one.read_bytes() for one in files if one.exists()}
    return [name for name, raw in held.items() if any(mark.encode() in raw for mark in MARKS)]


def stored() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(one.relative_to(root)) for one in root.rglob("*.jpg")}


@pytest.mark.django_db(transaction=True)
def test_time_erases_her_everywhere(time_machine: Any) -> None:
    cast, before = make_cast(), stored()
    plant(cast)
    assert {"reports_contact", "gatherings_registrationcontact", "reports_report"} <= (
        tables_with_her()
    )
    assert stored() > before
    # Sending is another worker's: what waits goes by itself, within the week at most.
    Message.objects.all().delete()
    assert not Envelope.objects.exists()
    morning = timezone.localtime().replace(hour=8) + timedelta(days=2)
    assert digests.send_digests(morning) == 1
    Message.objects.all().delete()
    time_machine.move_to(timezone.now() + YEARS, tick=False)
    call_command("retention", stdout=StringIO())
    assert tables_with_her() == set()
    assert stored() == before
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert in_the_database_file() == []


@pytest.mark.django_db(transaction=True)
def test_she_erases_what_is_kept_at_her_address(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(make_cast())
    for one in my_data.kept_of(ADDRESS):
        if one.erasable:
            my_data.holdings()[one.code].erase(ADDRESS)
    left = tables_with_her()
    # What she wrote stays with the reports and propositions, unread by anybody until it is
    # reviewed; its own page withdraws it. Her two last mails are about to leave.
    words = {"reports_report", "reports_message", "councils_proposition", "notices_envelope"}
    words |= {"portal_datarequest"}
    assert {name for name in left if not name.startswith("search_")} <= words
    assert [one.code for one in my_data.kept_of(ADDRESS)] in (["mail"], [])


def test_withdrawing_leaves_nothing_in_the_search(db: None) -> None:
    cast = make_cast()
    load()
    voice = filed(in_hall(cast), "hall_sale", text=f"Chez {MARK}", email=ADDRESS)
    acts.withdraw(voice)
    assert tables_with_her() <= {"notices_envelope"}
    assert Report.objects.get().text == ""
    assert not Photo.objects.exists()


def test_erasing_is_asked_of_every_room(db: None) -> None:
    """No holding is found that erases nothing and does not say why."""
    plant(make_cast())
    erased: dict[str, int] = {}
    calls: dict[str, Callable[[str], int]] = {
        one.code: my_data.holdings()[one.code].erase
        for one in my_data.kept_of(ADDRESS)
        if one.erasable
    }
    for code, erase in calls.items():
        erased[code] = erase(ADDRESS)
    assert min(erased.values()) > 0
    assert {"voice", "registration", "enrolment", "subscription", "proposition", "member"} <= set(
        erased
    )
    assert retaining.retentions()
