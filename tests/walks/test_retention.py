"""What a walk brought back is erased once it has served, files with rows."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.walks import retention
from parvis.walks.account_acts import send_account
from parvis.walks.models import Observation, Picture, Walk
from tests.cast import Cast
from tests.walks.scene import a_check, a_picture, answered, found, walked

pytestmark = pytest.mark.django_db


def over(walk: Walk, days: int) -> None:
    """That walk was over so many days ago."""
    end = timezone.now() - timedelta(days=days)
    hours = {"starts_at": end - timedelta(hours=2), "ends_at": end}
    Gathering.objects.filter(pk=walk.gathering_id).update(**hours)


def files() -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def public(walk: Walk) -> None:
    """Everybody reads what was reviewed of its account."""
    now = timezone.now()
    Walk.objects.filter(pk=walk.pk).update(sent_at=now, published_at=now)


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walked(cast)


@pytest.mark.parametrize(
    ("days", "fields", "stays"),
    [
        (59, {"people": True}, True),
        (61, {"people": True}, False),
        (61, {"people": True, "consent": True}, True),
        (61, {}, True),
        (729, {}, True),
        (731, {}, False),
        (731, {"shown": True, "reviewed_at": timezone.now()}, True),
        (731, {"people": True, "consent": True}, False),
    ],
)
@pytest.mark.parametrize("of", ["finding", "answer"])
def test_a_picture_goes_in_its_time_with_its_files(
    days: int,
    fields: dict[str, Any],
    stays: bool,
    of: str,
    cast: Cast,
    walk: Walk,
    django_capture_on_commit_callbacks: Any,
) -> None:
    public(walk)
    owner = (
        found(cast, walk, shown=True, reviewed_at=timezone.now())
        if of == "finding"
        else answered(a_check(walk, ("walk", 1), cast))
    )
    a_picture(owner, **fields)
    over(walk, days)
    with django_capture_on_commit_callbacks(execute=True):
        erased = retention.erase_old()
    assert Picture.objects.exists() is stays
    assert erased.pictures == (0 if stays else 1)
    assert files() == (2 if stays else 0)


def test_notes_that_nobody_was_shown_are_emptied_two_years_after(cast: Cast, walk: Walk) -> None:
    public(walk)
    hidden = found(cast, walk)
    shown = found(cast, walk, shown=True, reviewed_at=timezone.now(), public_note="Des matelas.")
    double = found(cast, walk, shown=True, reviewed_at=timezone.now(), same_as=shown)
    answer = answered(a_check(walk, ("walk", 1), cast), note="Vu par Mme X.")
    over(walk, 729)
    assert retention.erase_old().notes == 0
    over(walk, 731)
    assert retention.erase_old().notes == 4
    for row in (hidden, shown, double, answer):
        row.refresh_from_db()
    assert (hidden.note, double.note, answer.note) == ("", "", "")
    # What was noted may name somebody: its public text alone was ever shown.
    assert (shown.note, shown.public_note) == ("Des matelas.", "Des matelas.")
    assert retention.erase_old() == retention.Erased()


def test_what_was_reviewed_of_an_account_that_never_was_public_goes_too(
    cast: Cast, walk: Walk
) -> None:
    one = found(cast, walk, shown=True, reviewed_at=timezone.now(), public_note="Des matelas.")
    a_picture(one, shown=True, reviewed_at=timezone.now())
    over(walk, 731)
    assert retention.erase_old() == retention.Erased(pictures=1, notes=1)
    one.refresh_from_db()
    assert (one.note, one.public_note) == ("", "")


def test_a_public_account_is_read_after_as_before(cast: Cast, walk: Walk, client: Any) -> None:
    one = found(cast, walk, shown=True, reviewed_at=timezone.now(), public_note="Un dépôt.")
    Walk.objects.filter(pk=walk.pk).update(summary="Vu ensemble.")
    Observation.objects.filter(pk=one.pk).update(outcome="noted")
    send_account(walk, actor=cast.actor(cast.claire))
    public(walk)
    picture = a_picture(one, shown=True, reviewed_at=timezone.now())
    over(walk, 731)
    retention.erase_old()
    for person in (None, cast.claire):
        if person:
            client.force_login(person)
        page = client.get(reverse("walks:account", args=[walk.pk])).content.decode()
        assert "Un dépôt." in page
        assert "matelas" not in page
        assert reverse("walks:picture", args=[picture.pk, "small"]) in page
        assert client.get(reverse("walks:picture", args=[picture.pk, "small"])).status_code == 200
    page = client.get(reverse("walks:sent_account", args=[walk.pk, 1])).content.decode()
    assert "Vu ensemble." in page
    assert "matelas" not in page


def test_many_go_in_one_run(cast: Cast, walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    finding = found(cast, walk)
    for _ in range(5):
        a_picture(finding)
    over(walk, 800)
    assert retention.erase_old().pictures == 5


def test_the_command_says_what_went(cast: Cast, walk: Walk) -> None:
    a_picture(found(cast, walk))
    over(walk, 800)
    said = StringIO()
    call_command("retention", dry_run=True, stdout=said)
    assert "walks (notes et photos de diagnostics en marchant) : 2 à effacer" in said.getvalue()
    call_command("retention", stdout=said)
    assert "diagnostics en marchant) : 2 effacé(s)" in said.getvalue()
