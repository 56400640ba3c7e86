"""Reminders: once before the day, once after, one mail per person."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from parvis.actions.models import Reminder
from parvis.actions.reminding import KEPT, remind_everybody
from parvis.notices.models import Envelope, Message
from parvis.partners.models import Mandate
from tests.actions.pact_scene import found, pledged, signed, today
from tests.cast import Cast


def mails(person: str) -> list[Envelope]:
    told = Message.objects.filter(event__startswith="actions.due", person=person)
    return list(Envelope.objects.filter(message__in=told).order_by("pk"))


def test_one_mail_tells_everything_that_an_organisation_owes_soon_or_late(cast: Cast) -> None:
    convention = signed(cast)
    late, soon = pledged(cast, convention), pledged(cast, convention, task="Vider les caves")
    far = pledged(cast, convention, task="Repeindre les halls")
    found(cast, late, "late", checked_on=today(-9), next_check_on=today(-2))
    found(cast, soon, "unkept", next_check_on=today(6))
    found(cast, far, "unkept", next_check_on=today(30))
    remind_everybody()
    for person in (cast.luc, cast.ines):
        (mail,) = mails(f"user:{person.pk}")
        assert mail.subject == "2 échéances à tenir"
        assert (
            mail.text.index(late.task) < mail.text.index("sept jours") < mail.text.index(soon.task)
        )
        assert far.task not in mail.text
    assert not mails(f"user:{cast.paul.pk}")
    assert not mails(f"user:{cast.karim.pk}")


def test_each_day_is_recalled_once_before_and_once_after(cast: Cast) -> None:
    found(cast, pledged(cast), "unkept", next_check_on=today(3))
    now = timezone.now()
    counts = []
    for days in (0, 0, 1, 4, 5, 9):
        remind_everybody(now + timedelta(days=days))
        counts.append(len(mails(f"user:{cast.luc.pk}")))
    assert counts == [1, 1, 1, 2, 2, 2]


def test_the_coordination_is_told_of_what_it_is_to_check(cast: Cast) -> None:
    found(cast, pledged(cast), "kept", next_check_on=today(2))
    remind_everybody()
    (mail,) = mails(f"user:{cast.claire.pk}")
    assert "Sortir les encombrants" in mail.text
    assert not mails(f"user:{cast.luc.pk}")


def test_who_has_nobody_here_is_written_to_at_its_service(cast: Cast) -> None:
    found(cast, pledged(cast), "unkept", next_check_on=today(2))
    Mandate.objects.filter(organisation=cast.landlord).update(ends_on=today(-1))
    remind_everybody()
    (mail,) = mails(f"organisation:{cast.landlord.pk}")
    assert mail.address == cast.landlord.email


def test_reminders_are_forgotten_after_a_year(cast: Cast) -> None:
    old = timezone.now() - KEPT - timedelta(days=1)
    Reminder.objects.create(
        recipient="user:1", kind="pledge", thing_id=1, due_on=today(), late=False, at=old
    )
    call_command("remind_actions", verbosity=0)
    assert not Reminder.objects.exists()
