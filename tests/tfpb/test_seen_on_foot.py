"""A line of the abatement is looked at on a walk: the answer is a check on the spot."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.partners.models import User
from parvis.tfpb.models import FieldCheck, Line, Programme
from parvis.thread.acts import give_back
from parvis.thread.models import Event
from parvis.thread.register import Seen, Where, kind_of
from tests.cast import Cast
from tests.tfpb.bilan_scene import picture, running


def returned(cast: Cast, line: Line, result: str = "seen", *, partner: bool = True) -> None:
    seen = Seen(
        result,
        on=timezone.localdate(),
        organisation_id=cast.agglomeration.pk,
        where="Diagnostic en marchant du 3 mars 2026",
        note="Le local est propre.",
        pictures=(picture().read(),),
        by_partner=partner,
    )
    with transaction.atomic():
        give_back(NOBODY, ("tfpb_line", line.pk), seen)


def offered(cast: Cast, person: User, where: Where) -> set[int]:
    checking = kind_of("tfpb_line").checking
    assert checking
    return {pk for (pk,) in checking.offered(cast.actor(person), where).values_list("pk")}


@pytest.mark.parametrize(
    ("result", "there", "word"),
    [
        ("seen", True, "fait, vu sur place"),
        ("unseen", False, "pas vu"),
        ("worse", True, "abîmé"),
    ],
)
def test_it_is_a_check_on_the_spot(cast: Cast, result: str, there: bool, word: str) -> None:
    _, waste, _ = running(cast)
    returned(cast, waste, result)
    check = FieldCheck.objects.get()
    assert (check.seen, check.organisation) == (there, cast.agglomeration)
    assert check.note == f"Diagnostic en marchant du 3 mars 2026 : {word}. Le local est propre."
    with check.file.open("rb") as file:
        assert b"TelephoneDeLuc" not in file.read()
    events = Event.objects.filter(thing_kind="tfpb_line", thing_id=waste.pk)
    assert [event.code for event in events] == ["seen_on_foot"]


def test_words_of_who_walked_with_a_link_never_become_public_by_it(cast: Cast) -> None:
    _, waste, _ = running(cast)
    returned(cast, waste, partner=False)
    check = FieldCheck.objects.get()
    assert check.note == "Diagnostic en marchant du 3 mars 2026 : fait, vu sur place."
    assert not check.file


def test_what_cannot_be_checked_says_why(cast: Cast) -> None:
    programme, waste, _ = running(cast)
    rows = Programme.objects.filter(pk=programme.pk)
    rows.update(published_at=timezone.now())
    with pytest.raises(ValidationError, match="publié"):
        returned(cast, waste)
    rows.update(published_at=None, state="sent")
    with pytest.raises(ValidationError, match="pas commencé"):
        returned(cast, waste)
    assert not FieldCheck.objects.exists()
    assert not Event.objects.filter(thing_kind="tfpb_line").exists()


def test_its_pages_show_what_was_seen(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    returned(cast, waste, "worse")
    pages = [
        reverse("tfpb:line_followup", args=[waste.pk]),
        reverse("tfpb:checks", args=[programme.pk]),
        reverse("tfpb:line", args=[waste.pk]),
    ]
    client.force_login(cast.luc)
    for url in pages:
        assert "abîmé" in client.get(url).content.decode(), url
    client.force_login(cast.paul)
    for url in pages:
        assert client.get(url).status_code == 404, url


def test_it_is_offered_to_who_may_check_it_there(cast: Cast) -> None:
    programme, waste, staff = running(cast)
    rives = Where(quartiers=frozenset({cast.rives.pk}))
    for person in (cast.claire, cast.karim, cast.luc):
        assert offered(cast, person, rives) == {waste.pk, staff.pk}, person.name
    for person in (cast.bruno, cast.nadia, cast.paul, cast.rose):
        assert not offered(cast, person, rives), person.name
    assert not offered(cast, cast.claire, Where(quartiers=frozenset({cast.faubourg.pk})))
    for change in ({"state": "sent"}, {"published_at": timezone.now(), "state": "running"}):
        Programme.objects.filter(pk=programme.pk).update(**change)
        assert not offered(cast, cast.claire, rives)
