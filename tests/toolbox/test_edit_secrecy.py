"""A draft that nobody reviewed is reached by nobody else, whatever the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import Comment, Page

from parvis.partners.actors import NOBODY
from parvis.partners.models import Mandate
from parvis.thread.models import Event
from parvis.thread.register import kind_of
from parvis.toolbox.models import MethodSheet, Paper, Picture, Sheet
from parvis.toolbox.office import desk_of
from tests.cast import Cast
from tests.toolbox.edit_scene import inside, posted, proposed, rewritten
from tests.toolbox.scene import a_paper, a_picture, a_sheet

SECRET = "Secret de relecture"

# Nobody signed in; a reader of the same town; one who left it; a writer of another organisation of
# the same library; the neighbours' coordination.
OUTSIDERS = ("", "theo", "odile", "luc", "bruno")
WRITERS = ("luc", "bruno")
ASKED = "?page_type=toolbox.sheet&q=relecture"


@pytest.fixture
def draft(cast: Cast) -> Any:
    """A proposed sheet of the town with a picture, a document and a comment, all of them secret."""
    sheet = proposed(cast, inside(cast.sofia), title=SECRET, summary=SECRET)
    sheet.secret_picture = a_picture(sheet, shown=False, title=SECRET)  # type: ignore[attr-defined]
    sheet.secret_paper = a_paper(sheet, shown=False, title=SECRET)  # type: ignore[attr-defined]
    Comment.objects.create(page=sheet, user=cast.claire, text=SECRET, contentpath="steps")
    return sheet


def browser(cast: Cast, who: str) -> Client:
    if who in WRITERS:
        return inside(getattr(cast, who))
    client = Client()
    if who == "theo":  # reads for the very town that writes
        Mandate.objects.create(
            person=cast.theo,
            organisation=cast.town,
            role="lecteur",
            starts_on=timezone.localdate(),
        )
    if who:
        client.force_login(getattr(cast, who))
    return client


def words_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return str(content.decode(errors="replace"))


def ways(sheet: Any) -> list[str]:
    """Every address that could tell something of a draft."""
    pages = {
        "toolbox:sheet": [sheet.pk],
        "toolbox:sheet_pdf": [sheet.pk],
        "toolbox:picture": [sheet.secret_picture.get_rendition("width-40").pk],
        "toolbox:paper": [sheet.secret_paper.pk],
        "toolbox:sheets": [],
        "toolbox:feed": [],
        "toolbox:edit_due": [],
        "wagtailadmin_home": [],
        "wagtailadmin_explore_root": [],
        "wagtailadmin_explore": [sheet.get_parent().pk],
        "wagtailadmin_choose_page": [],
        "wagtailadmin_choose_page_child": [sheet.get_parent().pk],
        "wagtailadmin_choose_page_search": [],
        "wagtailadmin_pages:search": [],
        "wagtailadmin_pages:edit": [sheet.pk],
        "wagtailadmin_pages:delete": [sheet.pk],
        "wagtailadmin_pages:unpublish": [sheet.pk],
        "wagtailadmin_pages:view_draft": [sheet.pk],
        "wagtailadmin_pages:preview_on_edit": [sheet.pk],
        "wagtailadmin_pages:history": [sheet.pk],
        "wagtailadmin_pages:history_results": [sheet.pk],
        "wagtailadmin_pages:revisions_view": [sheet.pk, sheet.latest_revision_id],
        "wagtailadmin_pages:revisions_compare": [sheet.pk, "earliest", "latest"],
        "wagtailadmin_pages:revisions_revert": [sheet.pk, sheet.latest_revision_id],
        "wagtailadmin_pages:workflow_history": [sheet.pk],
        "wagtailadmin_pages:workflow_history_detail": [
            sheet.pk,
            sheet.current_workflow_state.pk,
        ],
        "wagtailadmin_pages:workflow_preview": [sheet.pk, sheet.current_workflow_task.pk],
        "wagtailadmin_pages:workflow_action": [
            sheet.pk,
            "approve",
            sheet.current_workflow_task_state.pk,
        ],
        "wagtailadmin_pages:collect_workflow_action_data": [
            sheet.pk,
            "approve",
            sheet.current_workflow_task_state.pk,
        ],
        "wagtailadmin_pages:confirm_workflow_cancellation": [sheet.pk],
        "wagtailimages:index": [],
        "wagtailimages:edit": [sheet.secret_picture.pk],
        "wagtailimages:delete": [sheet.secret_picture.pk],
        "wagtailimages:image_usage": [sheet.secret_picture.pk],
        "wagtailimages_chooser:choose": [],
        "wagtailimages_chooser:choose_results": [],
        "wagtailimages_chooser:chosen": [sheet.secret_picture.pk],
        "wagtailimages_chooser:select_format": [sheet.secret_picture.pk],
        "wagtaildocs:index": [],
        "wagtaildocs:edit": [sheet.secret_paper.pk],
        "wagtaildocs:delete": [sheet.secret_paper.pk],
        "wagtaildocs:document_usage": [sheet.secret_paper.pk],
        "wagtaildocs_chooser:choose": [],
        "wagtaildocs_chooser:choose_results": [],
        "wagtaildocs_chooser:chosen": [sheet.secret_paper.pk],
    }
    found = [
        reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", sheet.pk, 1])
    ]
    for name, arguments in pages.items():
        try:
            found.append(reverse(name, args=arguments))
        except NoReverseMatch:  # an address of another part, or of none
            continue
    return found


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_address_tells_a_draft(cast: Cast, draft: Any, who: str) -> None:
    client = browser(cast, who)
    for address in ways(draft):
        searches = any(word in address for word in ("choose", "search", "explore", "images/"))
        answer = client.get(f"{address}{ASKED if searches else ''}", follow=True)
        assert SECRET not in words_of(answer), f"{who}: {address}"
        assert "image" not in answer.get("Content-Type", ""), f"{who}: {address}"
        assert "attachment" not in answer.get("Content-Disposition", ""), f"{who}: {address}"


def test_those_addresses_do_tell_it_to_who_may_read_it(cast: Cast, draft: Any) -> None:
    client = inside(cast.karim)
    seen = [way for way in ways(draft) if SECRET in words_of(client.get(way, follow=True))]
    assert len(seen) > 15  # so that the walk above looks where there is something to see


def test_no_list_nor_thread_tells_a_draft(cast: Cast, draft: Any) -> None:
    kind = kind_of("sheet")
    assert kind.due is not None
    assert not Event.objects.filter(thing_kind="sheet", thing_id=draft.pk).exists()
    writes = {"sofia", "karim", "claire"}
    for actor in (
        NOBODY,
        *(cast.actor(one) for who, one in cast.people.items() if who not in writes),
    ):
        assert not Sheet.objects.visible_to(actor).filter(pk=draft.pk).exists()
        assert not Picture.objects.visible_to(actor).exists()
        assert not Paper.objects.visible_to(actor).exists()
        assert SECRET not in [row[2] for row in kind.rows(actor)]
        assert SECRET not in [row[2] for row in kind.due(actor)]


def test_a_forged_form_neither_shows_nor_keeps_what_is_of_others(cast: Cast, draft: Any) -> None:
    luc = inside(cast.luc)
    own = a_sheet(cast, of=cast.landlord, published=False)
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[own.pk])
    forged: dict[str, Any] = {
        "picture": {
            "body": [
                (
                    "picture",
                    {"picture": str(draft.secret_picture.pk), "alt": "x", "caption": ""},
                )
            ]
        },
        "paper": {"body": [("paper", {"paper": str(draft.secret_paper.pk), "label": "x"})]},
        "see_also": {"see_also": [{"other": str(draft.pk), "ORDER": "1"}]},
    }
    for fields in (*forged.values(), {**forged["picture"], "review_on": "nonsense"}):
        answer = rewritten(luc, own, **fields)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("wagtailadmin_home")
        luc.post(preview, posted(**fields))
        assert SECRET not in luc.get(preview).content.decode()
    fresh = MethodSheet.objects.get(pk=own.pk)
    assert not fresh.body
    assert not fresh.see_also.exists()


def test_a_forged_form_with_another_fault_does_not_come_back_with_titles(
    cast: Cast, draft: Any
) -> None:
    """A form with a fault is sent back, and names all that it holds."""
    luc = inside(cast.luc)
    own = a_sheet(cast, of=cast.landlord, published=False)
    long = "x" * 300
    picture = {"picture": str(draft.secret_picture.pk), "alt": long, "caption": ""}
    paper = {"paper": str(draft.secret_paper.pk), "label": long}
    forged: tuple[dict[str, Any], ...] = (
        {"body": [("picture", picture)]},
        {"body": [("paper", paper)]},
        {"see_also": [{"other": str(draft.pk), "ORDER": "nonsense"}]},
        {"see_also": [{"other": str(draft.pk), "ORDER": "1", "DELETE": "on"}], "review_on": "x"},
    )
    for fields in forged:
        answer = rewritten(luc, own, **fields)
        assert answer.status_code == 302, fields
        assert answer["Location"] == reverse("wagtailadmin_home")


def test_a_linked_sheet_that_was_withdrawn_does_not_lock_the_one_that_links_it(cast: Cast) -> None:
    linked = a_sheet(cast)
    own = a_sheet(cast, of=cast.landlord, published=False)
    fields: dict[str, Any] = {"see_also": [{"other": str(linked.pk), "ORDER": "1"}]}
    luc = inside(cast.luc)
    rewritten(luc, own, **fields)
    linked.unpublish()
    fields["see_also"][0]["id"] = str(MethodSheet.objects.get(pk=own.pk).see_also.get().pk)
    address = reverse("wagtailadmin_pages:edit", args=[own.pk])
    answer = luc.post(address, {**posted(**fields), "see_also-INITIAL_FORMS": "1"})
    assert answer["Location"] == address


def test_the_revision_of_another_page_is_not_shown_under_ones_own(cast: Cast, draft: Any) -> None:
    own = a_sheet(cast, of=cast.landlord, published=False)
    luc = inside(cast.luc)
    for name in ("revisions_view", "revisions_revert"):
        address = reverse(f"wagtailadmin_pages:{name}", args=[own.pk, draft.latest_revision_id])
        assert SECRET not in luc.get(address, follow=True).content.decode()
    address = reverse(
        "wagtailadmin_pages:revisions_compare",
        args=[own.pk, draft.latest_revision_id, "latest"],
    )
    assert SECRET not in luc.get(address, follow=True).content.decode()


def test_nobody_writes_on_the_desk_of_another(cast: Cast) -> None:
    desk = desk_of(cast.town)
    for who in WRITERS:
        client = inside(getattr(cast, who))
        address = reverse("wagtailadmin_pages:add", args=["toolbox", "methodsheet", desk.pk])
        client.post(address, posted())
    assert not Page.objects.child_of(desk).exists()


def test_a_picture_of_another_territory_is_not_opened_by_a_publication(cast: Cast) -> None:
    ours, theirs = a_sheet(cast), a_sheet(cast, of=cast.other_town, title="Ailleurs")
    secret = a_picture(theirs, shown=False)
    ours.body = [("picture", {"picture": secret, "alt": "x", "decorative": False, "caption": ""})]
    ours.save_revision().publish()
    assert not Picture.objects.visible_to(cast.actor(cast.rose)).exists()
