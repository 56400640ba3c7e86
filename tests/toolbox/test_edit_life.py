"""The life of a sheet: proposed, read, mended, validated, published again, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Comment, CommentReply, Page, PageLogEntry, Revision, TaskState
from wagtail.test.utils.form_data import rich_text

from parvis.thread.models import Event
from parvis.toolbox.edit_acts import write_experience
from parvis.toolbox.edit_forgetting import forget_remarks
from parvis.toolbox.models import MethodSheet, Sheet, Shown, Version
from parvis.toolbox.sheet_versions import text_of
from tests.cast import Cast
from tests.toolbox.edit_scene import (
    a_draft,
    decide,
    inside,
    posted,
    proposed,
    rewritten,
    told,
)
from tests.toolbox.scene import a_sheet


def codes(sheet: Any) -> list[str]:
    rows = Event.objects.filter(thing_kind="sheet", thing_id=sheet.pk).order_by("pk")
    return list(rows.values_list("code", flat=True))


def test_a_proposal_is_told_to_the_coordination_and_to_who_wrote_it(cast: Cast) -> None:
    sheet = proposed(cast, inside(cast.sofia))
    mails = told("sheet.submitted:")
    assert set(mails) == {f"user:{cast.claire.pk}", f"user:{cast.sofia.pk}"}
    assert "Ville d’Anzin propose une fiche" in mails[f"user:{cast.claire.pk}"]
    assert reverse("wagtailadmin_pages:edit", args=[sheet.pk]) in mails[f"user:{cast.claire.pk}"]
    assert not Sheet.objects.get(pk=sheet.pk).live


def test_changes_are_asked_with_the_count_of_comments_and_not_their_words(cast: Cast) -> None:
    sheet = proposed(cast, inside(cast.sofia))
    claire = inside(cast.claire)
    Comment.objects.create(
        page=sheet, user=cast.claire, text="Trop de jargon ici", contentpath="steps"
    )
    assert decide(claire, sheet, "reject", "Voir mes remarques secrètes").status_code == 302
    (mail_of_sofia,) = told("sheet.changes:").values()
    assert "1\xa0commentaire vous attend" in mail_of_sofia
    assert "jargon" not in mail_of_sofia
    assert "secrètes" not in mail_of_sofia


def test_a_day_is_written_and_shown_again_as_people_write_it(cast: Cast) -> None:
    client = inside(cast.sofia)
    a_draft(cast, cast.sofia, client, expires_on="31/12/2099")
    sheet = MethodSheet.objects.get()
    draft = sheet.get_latest_revision_as_object()
    assert draft.expires_on == date(2099, 12, 31)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[sheet.pk])).content.decode()
    assert 'value="31/12/2099"' in page


def test_the_author_reads_what_is_asked_at_the_top_of_the_form_until_it_is_proposed_again(
    cast: Cast,
) -> None:
    sofia = inside(cast.sofia)
    sheet = proposed(cast, sofia)
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    decide(inside(cast.claire), sheet, "reject", "Dites à quelle heure.")
    page = sofia.get(address).content.decode()
    assert "La coordination demande des changements." in page
    assert "Dites à quelle heure." in page
    rewritten(sofia, sheet, action="action-submit")
    assert "demande des changements" not in sofia.get(address).content.decode()


def test_a_reader_is_offered_one_way_to_publish_and_the_author_one_way_to_propose_again(
    cast: Cast,
) -> None:
    sofia, claire = inside(cast.sofia), inside(cast.claire)
    sheet = proposed(cast, sofia)
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    read = claire.get(address).content.decode()
    assert 'data-workflow-action-name="approve"' in read
    assert 'name="action-publish"' not in read
    assert "Retirer de la relecture" in read
    assert "Reprendre ma proposition" not in read
    decide(claire, sheet, "reject")
    written = sofia.get(address).content.decode()
    assert 'name="action-submit"' in written
    assert 'name="action-restart-workflow"' not in written


def test_what_was_decided_is_said_to_who_decided(cast: Cast) -> None:
    sheet, claire = proposed(cast, inside(cast.sofia)), inside(cast.claire)
    data = {
        **posted(),
        "action-workflow-action": "true",
        "workflow-action-name": "reject",
        "workflow-action-extra-data": '{"comment": "Presque."}',
    }
    answer = claire.post(
        reverse("wagtailadmin_pages:edit", args=[sheet.pk]), data, follow=True
    ).content.decode()
    assert "Les changements sont demandés. Les auteurs sont prévenus." in answer


def test_what_the_coordination_approves_is_validated_and_read_by_everybody(cast: Cast) -> None:
    sheet = proposed(cast, inside(cast.sofia))
    decide(inside(cast.claire), sheet, "approve")
    sheet = MethodSheet.objects.get(pk=sheet.pk)
    assert sheet.live
    assert sheet.validated_on == timezone.localdate()
    assert sheet.validated_by == "Comité de lecture · Agglomération de l’Escaut"
    assert set(told("sheet.published:")) == {f"user:{cast.sofia.pk}"}
    assert codes(sheet) == ["published"]
    (event,) = Event.objects.filter(thing_kind="sheet")
    assert event.concerns == cast.town


def test_the_coordination_that_publishes_its_own_sheet_vouches_for_it_and_is_told_nothing(
    cast: Cast,
) -> None:
    claire = inside(cast.claire)
    sheet = proposed(cast, inside(cast.sofia))
    rewritten(claire, sheet, action="action-publish")
    sheet = MethodSheet.objects.get(pk=sheet.pk)
    assert (sheet.live, sheet.version, sheet.validated_on) == (True, 1, timezone.localdate())
    assert f"user:{cast.claire.pk}" not in told("sheet.published:")


def test_each_publication_is_a_version_of_its_own(cast: Cast) -> None:
    claire, sheet = inside(cast.claire), a_sheet(cast)
    for duration in ("une journée", "deux jours", "trois jours"):
        assert (
            rewritten(claire, sheet, action="action-publish", duration=duration).status_code == 302
        )
    assert list(Version.objects.values_list("number", flat=True)) == [4, 3, 2, 1]
    sheet = MethodSheet.objects.get(pk=sheet.pk)
    assert (sheet.version, sheet.duration) == (4, "trois jours")
    assert codes(sheet) == ["published", "updated", "updated", "updated"]


def test_versions_are_compared_by_who_writes(cast: Cast) -> None:
    karim, sheet = inside(cast.karim), a_sheet(cast)
    rewritten(karim, sheet, duration="une demi-journée")
    address = reverse("wagtailadmin_pages:revisions_compare", args=[sheet.pk, "live", "latest"])
    assert "une demi-journée" in karim.get(address).content.decode()


def test_a_draft_of_a_published_sheet_leaves_the_text_that_is_read(cast: Cast) -> None:
    karim, sheet = inside(cast.karim), a_sheet(cast, question="La question publiée")
    assert rewritten(karim, sheet, question="Une question en travail").status_code == 302
    for who in (None, cast.rose, cast.nadia, cast.karim):
        client = inside(who) if who in (cast.nadia, cast.karim) else karim.__class__()
        if who is cast.rose:
            client.force_login(who)
        page = client.get(reverse("toolbox:sheet", args=[sheet.pk])).content.decode()
        assert "en travail" not in page
    assert MethodSheet.objects.get(pk=sheet.pk).question == "La question publiée"


def test_a_sheet_taken_back_is_read_by_nobody_else(cast: Cast) -> None:
    claire, sheet = inside(cast.claire), a_sheet(cast)
    assert claire.post(reverse("wagtailadmin_pages:unpublish", args=[sheet.pk])).status_code == 302
    assert not Sheet.objects.visible_to(cast.actor(cast.rose)).exists()
    assert codes(sheet) == ["published", "withdrawn"]


def test_what_was_published_is_never_deleted(cast: Cast) -> None:
    claire, sheet = inside(cast.claire), a_sheet(cast)
    claire.post(reverse("wagtailadmin_pages:unpublish", args=[sheet.pk]))
    claire.post(reverse("wagtailadmin_pages:delete", args=[sheet.pk]))
    claire.post(reverse("wagtailadmin_pages:delete", args=[sheet.get_parent().pk]))
    assert Sheet.objects.filter(pk=sheet.pk).exists()


def test_a_draft_may_be_deleted_by_who_wrote_it(cast: Cast) -> None:
    sofia = inside(cast.sofia)
    a_draft(cast, cast.sofia, sofia)
    sheet = MethodSheet.objects.get()
    sofia.post(reverse("wagtailadmin_pages:delete", args=[sheet.pk]))
    assert not Page.objects.filter(pk=sheet.pk).exists()


def test_an_approved_text_that_was_spoilt_meanwhile_does_not_appear(cast: Cast) -> None:
    sheet, claire = proposed(cast, inside(cast.sofia)), inside(cast.claire)
    rewritten(claire, sheet, summary="")
    decide(claire, sheet, "approve")
    assert not Sheet.objects.get(pk=sheet.pk).live


def test_a_publication_that_fails_half_way_publishes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, claire = proposed(cast, inside(cast.sofia)), inside(cast.claire)

    def fail(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr("parvis.toolbox.edit_telling.tell_published", fail)
    with pytest.raises(RuntimeError):
        rewritten(claire, sheet, action="action-publish")
    assert not Sheet.objects.get(pk=sheet.pk).live
    assert not Shown.objects.exists()


def test_the_library_sends_no_mail_of_its_own(cast: Cast) -> None:
    sofia, claire = inside(cast.sofia), inside(cast.claire)
    sheet = proposed(cast, sofia)
    Comment.objects.create(page=sheet, user=cast.sofia, text="Est-ce clair ?", contentpath="who")
    remark = {
        "contentpath": "steps",
        "text": "À préciser",
        "position": "",
        "id": "",
        "replies-TOTAL_FORMS": "0",
        "replies-INITIAL_FORMS": "0",
    }
    fields = {f"comments-0-{name}": value for name, value in remark.items()}
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    claire.post(address, {**posted(), **fields, "comments-TOTAL_FORMS": "1"})
    assert Comment.objects.filter(text="À préciser").exists()
    decide(claire, sheet, "reject", "Encore un effort")
    rewritten(sofia, sheet, action="action-submit", who=rich_text("<p>La ville.</p>"))
    decide(claire, sheet, "approve")
    assert Sheet.objects.get(pk=sheet.pk).live
    assert mail.outbox == []


def test_a_mail_leads_through_the_door_to_its_sheet(cast: Cast, client: Any) -> None:
    sheet = a_sheet(cast, published=False)
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    client.force_login(cast.karim)
    door = client.get(address)["Location"]
    assert door.startswith(reverse("toolbox:office"))
    assert client.post(door)["Location"] == address
    away = f"{reverse('toolbox:office')}?next=//ailleurs.test/"
    assert client.post(away)["Location"] == "/redaction/"


def test_an_experience_is_told_once_of_a_thing(cast: Cast) -> None:
    told_of = ("sheet", a_sheet(cast).pk)
    actor = cast.actor(cast.karim)
    sheet = write_experience(actor, told=told_of, title="Un local à vélos", facts={})
    assert (sheet.author, sheet.live) == (cast.town, False)
    with pytest.raises(ValidationError, match="déjà"):
        write_experience(actor, told=told_of, title="Un local à vélos", facts={})


def test_what_was_said_of_a_sheet_is_erased_a_year_later_and_its_texts_stay(cast: Cast) -> None:
    said = "Madame Untel se plaint"
    sheet = proposed(cast, inside(cast.sofia))
    comment = Comment.objects.create(
        page=sheet, user=cast.claire, text=said, contentpath="steps", position="[]"
    )
    CommentReply.objects.create(comment=comment, user=cast.sofia, text=said)
    MethodSheet.objects.get(pk=sheet.pk).save_revision()
    decide(inside(cast.claire), sheet, "approve", said)
    log(sheet, "wagtail.comments.create", data={"comment": {"text": said}})

    def held() -> int:
        tables = (Comment, CommentReply, TaskState, PageLogEntry, Revision)
        return sum(said in str(list(kind.objects.values_list())) for kind in tables)

    now = timezone.now()
    assert held() == 5
    forget_remarks(now + timedelta(days=364))
    assert held() == 5
    forget_remarks(now + timedelta(days=366))
    assert held() == 0
    assert text_of(sheet, 1).steps == MethodSheet.objects.get(pk=sheet.pk).steps
    assert forget_remarks(now + timedelta(days=366)) == 0
