"""Marked secrets in every personal column that holds words, and who may read each of them."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from parvis.gatherings.evaluating import TOLD_FROM
from parvis.gatherings.models import Evaluation, Gathering
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import PhoneCheck, Preference, PushDevice, Subscriber
from parvis.portal.models import DataRequest
from parvis.vigilance.sealing import seal
from tests.access.test_every_url import Worlds

ROOT = Path(__file__).resolve().parents[2]
NOBODY_READS = ("", "", "")

# Of each personal column: the guarded rows whose action opens it, and the way from it to them.
# What a page shows of a secret is held against these policies, which have tests of their own.
OPENED_BY: dict[str, tuple[str, str, str]] = {
    "reports.Contact": ("reports.contact", "see", "pk"),
    "reports.PrivatePlace": ("reports.privateplace", "see", "pk"),
    "reports.WreckPlate": ("reports.wreckplate", "see", "pk"),
    "reports.Report": ("reports.report", "read", "pk"),
    "reports.Message": ("reports.message", "see", "pk"),
    "gatherings.RegistrationContact": ("gatherings.registration", "see", "registration_id"),
    "toolbox.EnrolmentContact": ("toolbox.enrolment", "see", "enrolment_id"),
    "toolbox.CourseEvaluation": ("toolbox.course", "results", "course_id"),
    "walks.Observation": ("walks.observation", "read", "pk"),
    "walks.Answer": ("walks.answer", "see", "pk"),
    "councils.MemberContact": ("councils.member", "reach", "member_id"),
    "councils.Expense": ("councils.expense", "see", "pk"),
    "councils.ResidentWord": ("councils.residentword", "see", "pk"),
    "councils.Preparation": ("councils.preparation", "see", "pk"),
    "councils.NetworkMessage": ("councils.networktopic", "see", "topic_id"),
    "councils.BodyNote": ("councils.bodynote", "see", "pk"),
    "councils.WordName": ("councils.residentword", "see", "word_id"),
    "councils.Proposition": ("councils.proposition", "see", "pk"),
    "councils.PropositionContact": ("councils.proposition", "reach", "proposition_id"),
    "councils.DrawnContact": ("councils.drawnperson", "see", "person_id"),
    "partners.Invitation": ("partners.invitation", "see", "pk"),
    "gatherings.Evaluation": ("gatherings.gathering", "attend", "gathering_id"),
    "walks.SentAccount": ("walks.walk", "follow", "walk_id"),
    "vigilance.OrientationSecret": ("vigilance.orientationsecret", "see", "pk"),
    "partners.User": NOBODY_READS,
    "reports.Route": ("reports.route", "see", "pk"),
    "notices.Envelope": NOBODY_READS,
    "notices.Subscriber": NOBODY_READS,
    "notices.Subscription": NOBODY_READS,
    "notices.DigestLine": NOBODY_READS,
    "notices.Preference": NOBODY_READS,
    "notices.PhoneCheck": NOBODY_READS,
    "notices.PushDevice": NOBODY_READS,
    "portal.DataRequest": NOBODY_READS,
}
# Columns of `privacy.toml` that hold no words of a person: numbers of people, files, digests, what
# an own test looks at (the editor's office), and what is for everybody.
OTHERWISE_HELD = {
    "toolbox.Enrolment", "toolbox.NeedVoice", "toolbox.Trainee",
    "walks.Picture", "reports.Photo", "notices.Listening", "councils.Member", "councils.Support",
    "councils.ListedPerson", "account.EmailAddress", "mfa.Authenticator",
    "socialaccount.SocialAccount", "socialaccount.SocialToken", "partners.Caretaker",
    "wagtailcore.Comment", "wagtailcore.CommentReply", "wagtailcore.TaskState",
    "wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry", "wagtailcore.Revision",
    "toolbox.DirectoryEntry", "toolbox.Question", "toolbox.NetworkAnswer",
    "partners.Organisation", "reports.DwellingDesk", "demo.Letter",
    "toolbox.AccessibilityStatement",
    "search.Entry", "vigilance.SpokenAgreement",
    "vigilance.Orientation", "vigilance.Entry", "vigilance.Receiver", "vigilance.SupportDoor",
    # By their number alone: who acted, and whose row it is.
    "partners.PersonalReading", "partners.Mandate", "reports.Part", "reports.Pause",
    "reports.Note", "reports.Callback", "reports.SavedView", "councils.ContactAttempt",
    "councils.FrameComment", "councils.OpinionVersion", "tfpb.Passage", "actions.Change",
    "meetings.FeedKey", "toolbox.Picture", "toolbox.Paper", "thread.Link", "thread.Event",
    # Fingerprints alone.
    "notices.Bounce", "notices.ReceivedText",
}  # fmt: skip
# The name by which partners know one another, and columns of lists, digests or files.
NOT_PLANTED = {"partners.User.name", "notices.Subscription.topic", "notices.PushDevice.fingerprint",
               "notices.Preference.fingerprint", "notices.PhoneCheck.fingerprint",
               "notices.DigestLine.link", "councils.Expense.voucher",
               "councils.NetworkMessage.file", "councils.NetworkMessage.file_name",
               "councils.WordName.consent_file"}  # fmt: skip
_BLANKS = re.compile(r"[\s\u00a0\u202f.\-]|%20|&nbsp;")
_FOUND = re.compile(r"zqs(\d{5})x|(?:0|\+33)69(\d{5})00", re.IGNORECASE)


@dataclass(frozen=True)
class Secret:
    """One marked value: in which column of which row it lies."""

    column: str  # "reports.Contact.email"
    pk: Any
    guarded: str  # the rows whose policy opens it; empty: no page shows it to anybody
    action: str
    row: Any  # which of those rows


def declared() -> list[tuple[str, str]]:
    """(model, column) of everything that `privacy.toml` lists."""
    told = tomllib.loads((ROOT / "privacy.toml").read_text())["table"]
    return [(one["model"], name) for one in told for name in one["fields"]]


def people_without_an_account() -> None:
    """What the house keeps of people whom no URL of the walk names: who follows something, chose
    how to be told, asked for their data, or gave their opinion unnamed."""
    now = timezone.now()
    for who in ("lea", "omar"):
        address = f"{who}@exemple.test"
        mark = fingerprint(address)
        follower = Subscriber.objects.create(email=f"suit.{address}")
        for confirmed in (None, now):
            follower.subscriptions.create(
                topic=f"place:{confirmed}", label="Le mail", asked_at=now, confirmed_at=confirmed
            )
        Preference.objects.create(fingerprint=mark, channel="sms", phone="0639980011")
        PhoneCheck.objects.create(fingerprint=mark, phone="0639980011", code="-", asked_at=now)
        PushDevice.objects.create(
            fingerprint=mark, endpoint=f"https://push.test/{who}", p256dh="-", auth="-"
        )
        DataRequest.objects.create(
            email=address, nonce=who, asked_at=now, expires_at=now + timedelta(hours=1)
        )
    Evaluation.objects.bulk_create(
        Evaluation(gathering=one, answers={"utile": 4}, words="Bien", on=timezone.localdate())
        for one in Gathering.objects.all()
        for _ in range(TOLD_FROM)
    )


def plant() -> dict[int, Secret]:
    """Put a secret of its own into each personal column of each row; by the number it bears."""
    planted: dict[int, Secret] = {}
    for label, name in declared():
        if label not in OPENED_BY or name == "language" or f"{label}.{name}" in NOT_PLANTED:
            continue
        guarded, action, way = OPENED_BY[label]
        model = apps.get_model(label)
        field = model._meta.get_field(name)
        if field.is_relation:  # a number, which says nothing
            continue
        rows = model._base_manager
        for pk, row, was in list(rows.order_by("pk").values_list("pk", way or "pk", name)):
            number = len(planted) + 10_001
            rows.filter(pk=pk).update(**{name: value(field, name, number, was)})
            planted[number] = Secret(f"{label}.{name}", pk, guarded, action, row)
    return planted


def value(field: models.Field, name: str, number: int, was: Any) -> Any:
    """What a person would write there, with the number in it."""
    word = f"Zqs{number}x"
    if isinstance(field, models.EmailField):
        return f"zqs{number}x@secret.test"
    if isinstance(field, models.BinaryField):  # sealed: what lies in it is said by no table
        return seal({"name": word, "phone": f"069{number}00", "reach": word, "words": word})
    if isinstance(field, models.JSONField):
        return noted(was, word) if "head" in was else {"Précision": word}
    if name == "phone":
        return f"069{number}00"
    return word


def noted(account: Any, word: str) -> Any:
    """An account that was sent, with this word as everything that was noted during the walk."""
    if isinstance(account, list):
        return [noted(one, word) for one in account]
    if isinstance(account, dict):
        return {
            key: word if key in ("note", "short", "planned") else noted(one, word)
            for key, one in account.items()
        }
    return account


def found_in(text: str) -> set[int]:
    """The numbers of the secrets in a text, in whatever way a telephone number is written."""
    return {int(one[1] or one[2]) for one in _FOUND.finditer(_BLANKS.sub("", text))}


def words_of(content: bytes) -> str:
    """What an answer says, that of every file in it where it is an archive or a table."""
    if content[:2] != b"PK":
        return content.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return " ".join(words_of(archive.read(name)) for name in archive.namelist())


def may_read(worlds: Worlds, actor: Any, secret: Secret) -> bool:
    """Whether the policies open this secret to this actor."""
    if secret.column == "partners.User.email":
        return actor.is_partner or actor.user_id == secret.pk  # how partners write to one another
    if not secret.guarded:
        return False
    if worlds.allow(secret.guarded, actor, secret.action, secret.row):
        return True
    if secret.column == "reports.Report.text":
        shown = apps.get_model("reports.report").objects.filter(pk=secret.row, text_shown=True)
        return shown.exists() and worlds.allow("reports.report", actor, "see", secret.row)
    if secret.column.startswith("councils.MemberContact.") and secret.column.endswith("name"):
        known = worlds.allow("councils.member", actor, "know", secret.row)
        return known or secret.column.rpartition(".")[2] in shown_names(secret.row)
    return False


def shown_names(member: int) -> tuple[str, ...]:
    """What this member chose to be named by, for everybody."""
    chosen = apps.get_model("councils.member").objects.get(pk=member).shown
    return {"first_name": ("first_name",), "name": ("first_name", "last_name")}.get(chosen, ())


def outside(planted: Iterable[int]) -> list[str]:
    """Where in the database a secret lies outside the columns that `privacy.toml` declares."""
    numbers, allowed = set(planted), set()
    for label, name in declared():
        model = apps.get_model(label)
        allowed.add((model._meta.db_table, model._meta.get_field(name).column))
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [one[0] for one in cursor.description]
            for row in cursor:
                for column, cell in zip(columns, row, strict=True):
                    words = cell if isinstance(cell, str) else str(cell or "")
                    if (table, column) not in allowed and numbers & found_in(words):
                        found.append(f"{table}.{column}: {words[:60]}")
    return sorted(set(found))
