"""A line pays for a training of the toolbox: chosen on the line, read on the course."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.tfpb.axes import axes_of
from parvis.tfpb.course_money import choose_course
from parvis.tfpb.models import Programme
from parvis.tfpb.programme_acts import remove_line
from parvis.thread.models import Link
from parvis.thread.reading import thread_of
from parvis.thread.register import paid_for
from parvis.toolbox.labels import groups
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.scene import a_line, a_programme, spent
from tests.toolbox.course_scene import a_course

pytestmark = pytest.mark.django_db


def test_a_landlord_chooses_the_course_that_its_line_pays_for(cast: Cast, client: Client) -> None:
    course = a_course(cast, axis="formation", title="Accueillir et orienter")
    line = a_line(a_programme(cast, state="running"), axis="formation")
    spent(line, "3000.00")
    client.force_login(cast.luc)
    url = reverse("tfpb:line_course", args=[line.pk])
    assert course.title in client.get(url, {"mot": "orienter"}).content.decode()
    client.post(url, {"formation": course.pk})
    assert course.title in client.get(reverse("tfpb:line", args=[line.pk])).content.decode()
    page = client.get(reverse("toolbox:course", args=[course.pk]))
    (paid,) = page.context["paid"]
    assert (paid["money"].planned, paid["money"].who) == (Decimal(9000), "Escaut Habitat")
    steps = thread_of(cast.actor(cast.luc), "course", course.pk)
    assert [one.kind for one in steps if not one.here] == ["tfpb_line"]
    client.post(url, {"formation": ""})
    assert not Link.objects.filter(source_kind="course").exists()


def test_each_reader_reads_what_its_lines_say(cast: Cast) -> None:
    course = a_course(cast)
    line = a_line(a_programme(cast, state="draft"))
    choose_course(line, course.pk, actor=cast.actor(cast.luc))

    def reads(who: Any) -> bool:
        return bool(paid_for(cast.actor(who), "course", [course.pk]))

    assert [reads(who) for who in (cast.luc, cast.karim, cast.paul)] == [True, False, False]
    Programme.objects.update(state="running")
    assert [reads(who) for who in (cast.luc, cast.karim, cast.paul)] == [True, True, False]


def test_a_line_pays_for_one_course_and_no_euro_counts_twice(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    first, second = a_course(cast), a_course(cast, title="Désamorcer un conflit")
    programme = a_programme(cast, state="running")
    lines = [a_line(programme), a_line(programme, valued=Decimal("500.00"))]
    for line in lines:
        choose_course(line, first.pk, actor=luc)
    choose_course(lines[1], second.pk, actor=luc)
    with counted() as queries:
        found = paid_for(luc, "course", [first.pk, second.pk])
    assert [found[one.pk][0][1].planned for one in (first, second)] == [9000, 500]
    assert len(queries) <= 4
    draft = a_line(a_programme(cast, year=2031), action=None)
    choose_course(draft, second.pk, actor=luc)
    remove_line(draft, actor=luc)
    assert not Link.objects.filter(target_kind="tfpb_line", target_id=draft.pk).exists()


def test_a_course_that_one_does_not_see_or_a_published_bilan_is_refused(
    cast: Cast, client: Client
) -> None:
    luc, hidden = cast.actor(cast.luc), a_course(cast, public=False)
    line = a_line(a_programme(cast, state="running"))
    with pytest.raises(ValidationError):
        choose_course(line, hidden.pk, actor=luc)
    client.force_login(cast.karim)
    url = reverse("tfpb:line_course", args=[line.pk])
    assert client.post(url, {"formation": ""}).status_code == 403
    Programme.objects.update(published_at=timezone.now())
    with pytest.raises(ValidationError):
        choose_course(line, a_course(cast).pk, actor=luc)


def test_sheets_and_courses_are_sorted_by_the_axes_of_the_abatement() -> None:
    _, labels = groups()["axe"]
    assert [code for code, _ in labels] == [axis.code for axis in axes_of(2026)]
