"""What was made of a sheet, what readers think of it, and who is told of a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.acts import KIND
from parvis.notices.models import DigestLine, Message, Subscription
from parvis.notices.subscribing import confirm, subscribe
from parvis.partners.actors import NOBODY
from parvis.thread.models import Link
from parvis.toolbox.models import AdviceSheet, Use, Verdict
from parvis.toolbox.sheet_acts import say_used, withdraw_use
from parvis.toolbox.sheet_alerts import tell_published, topic_of
from parvis.toolbox.sheet_suggesting import suggest
from tests.cast import Cast
from tests.gatherings.scene import workshop
from tests.toolbox.scene import a_sheet, a_use
from tests.toolbox.sheet_scene import a_full_sheet, a_theme, again, label


def use_url(sheet: Any) -> str:
    return reverse("toolbox:use", args=[sheet.pk])


def test_an_organisation_says_what_it_did_with_a_sheet(cast: Cast, client: Client) -> None:
    sheet, made = a_sheet(cast), a_sheet(cast, kind=AdviceSheet, title="Notre marche")
    client.force_login(cast.luc)
    said = {"useful": "yes", "what_for": "La marche de mai", "thing": f"/boite-a-outils/{made.pk}/"}
    assert "ne se trouve pas" in client.post(use_url(sheet), said).content.decode()  # a sheet
    said["thing"] = ""
    assert client.post(use_url(sheet), said).status_code == 302
    assert client.post(use_url(sheet), {**said, "useful": "partly"}).status_code == 302
    use = Use.objects.get()  # once a day: the last word stays
    assert (use.organisation, use.useful, use.what_for) == (
        cast.landlord,
        "partly",
        "La marche de mai",
    )


def test_everybody_reads_how_many_and_partners_alone_read_the_words(
    cast: Cast, client: Client
) -> None:
    sheet = a_sheet(cast)
    a_use(sheet, organisation_id=cast.landlord.pk, what_for="Pour les halls")
    a_use(sheet, organisation_id=cast.other_landlord.pk)
    address = reverse("toolbox:sheet", args=[sheet.pk])
    shown = client.get(address)
    assert shown.context["uses"].by_kind == [("bailleur", 2)]
    assert "Pour les halls" not in shown.content.decode()
    client.force_login(cast.rose)
    shown = client.get(address).content.decode()
    assert "Pour les halls" in shown
    assert "Je m’en suis servi" not in shown  # who only reads says nothing for others


def test_the_thread_says_what_a_sheet_led_to_until_it_is_taken_back(
    cast: Cast, client: Client
) -> None:
    sheet, meeting = a_sheet(cast), workshop(cast)
    client.force_login(cast.luc)
    said = {"useful": "yes", "thing": reverse("gatherings:gathering", args=[meeting.pk])}
    client.post(use_url(sheet), said)
    link = Link.objects.get()
    assert (link.source_kind, link.source_id) == ("sheet", sheet.pk)
    assert (link.target_kind, link.target_id) == (KIND, meeting.pk)
    assert "Utilisée par" in client.get(reverse("toolbox:sheet", args=[sheet.pk])).content.decode()
    other = a_use(sheet, thing_kind=KIND, thing_id=meeting.pk)
    withdraw_use(Use.objects.get(organisation=cast.landlord))
    assert Link.objects.exists()  # another organisation says it too
    withdraw_use(other)
    assert not Link.objects.exists()
    with pytest.raises(ValidationError):
        say_used(cast.actor(cast.luc), sheet, useful="yes", thing=(KIND, meeting.pk + 1))


def test_one_takes_back_what_one_s_own_organisation_said(cast: Cast, client: Client) -> None:
    use = a_use(a_sheet(cast), organisation_id=cast.landlord.pk)
    address = reverse("toolbox:withdraw_use", args=[use.pk])
    client.force_login(cast.paul)  # the same right, at another landlord
    assert client.post(address).status_code == 403
    client.force_login(cast.luc)
    assert client.post(address).status_code == 302
    assert not Use.objects.exists()


def test_a_use_stands_once_a_day_and_names_a_whole_thing(cast: Cast) -> None:
    sheet = a_sheet(cast)
    a_use(sheet)
    for fields in ({}, {"on": timezone.localdate() - timedelta(days=1), "thing_kind": "walk"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_use(sheet, **fields)


def test_a_reader_says_once_whether_it_helped_and_nothing_is_kept_of_them(
    cast: Cast, client: Client
) -> None:
    sheet = a_sheet(cast)
    address = reverse("toolbox:judge", args=[sheet.pk])
    assert client.post(address, {"useful": "yes"}).status_code == 302
    client.post(address, {"useful": "no"})  # the same browser
    Client().post(address, {"useful": "no"})  # the same connection, another browser
    Client(REMOTE_ADDR="192.0.2.9").post(address, {"useful": "no"})
    verdict = Verdict.objects.get()
    assert (verdict.useful, verdict.useless) == (1, 1)
    assert {one.name for one in Verdict._meta.local_fields} == {"sheet", "useful", "useless"}
    shown = client.get(reverse("toolbox:sheet", args=[sheet.pk])).content.decode()
    assert "Votre avis est compté" in shown


def test_a_draft_is_neither_used_nor_judged(cast: Cast, client: Client) -> None:
    sheet = a_sheet(cast, published=False)
    client.force_login(cast.karim)
    client.post(use_url(sheet), {"useful": "yes"})
    client.post(reverse("toolbox:judge", args=[sheet.pk]), {"useful": "yes"})
    assert not Use.objects.exists()
    assert not Verdict.objects.exists()


def test_who_follows_a_theme_hears_once_of_a_new_sheet(cast: Cast) -> None:
    theme = a_theme()
    for email, topic in (("lea@exemple.test", theme.code), ("ali@exemple.test", "rien")):
        subscribe(email, topic_of(topic), pace="now")
    for one in Subscription.objects.all():
        confirm(one)
    other = a_sheet(cast, title="Sans thème")
    assert tell_published(other) == 1  # who follows everything
    sheet = a_full_sheet(cast)
    assert tell_published(sheet) == 2
    assert tell_published(sheet) == 2  # said again, nobody is told again
    assert Message.objects.filter(event__startswith="sheet.new:").count() == 3
    assert tell_published(again(sheet, duration="une heure")) == 0  # a new version is no news
    assert tell_published(a_sheet(cast, published=False)) == 0


def test_a_sheet_published_by_mistake_is_told_to_nobody_and_told_when_it_comes_back(
    cast: Cast,
) -> None:
    for pace in ("now", "daily"):
        subscribe(f"{pace}@exemple.test", topic_of("rien"), pace=pace)
    for one in Subscription.objects.all():
        confirm(one)

    def waiting() -> int:
        event = f"sheet.new:{sheet.pk}"
        told = (Message, DigestLine)
        return sum(kind.objects.filter(event=event).count() for kind in told)

    sheet = a_sheet(cast)
    assert waiting() == 2
    sheet.unpublish()
    assert waiting() == 0
    sheet = again(sheet)
    assert waiting() == 2
    again(sheet, duration="une heure")
    assert waiting() == 2


def test_what_is_suggested_shares_most_and_is_vouched_for(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    theme, public = a_theme(), label("public", "habitants")
    both = a_full_sheet(cast)

    def bearing(title: str, *, published: bool = True, **fields: Any) -> Any:
        sheet = a_sheet(cast, kind=AdviceSheet, title=title, published=False, **fields)
        sheet.labels.set([public])
        revision = sheet.save_revision()
        if published:
            revision.publish()
        else:
            sheet.save()
        return sheet

    bearing("Pour les habitants")
    bearing("Un brouillon", published=False)
    bearing("Dépassée", expires_on=timezone.localdate() - timedelta(days=1))
    with django_assert_max_num_queries(2):
        found = suggest(NOBODY, themes=[theme.code], labels=[("public", "habitants")])
        assert [one.title for one in found] == [both.title, "Pour les habitants"]
        assert suggest(NOBODY) == []
    assert len(suggest(NOBODY, labels=[("public", "habitants")], limit=1)) == 1
