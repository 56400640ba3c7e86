"""While it lasts, a worksite answers for what is reported in it and near it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.reports import acts as reporting
from parvis.reports.lists import load
from parvis.reports.models import Category
from parvis.reports.placing import Place
from parvis.upkeep.answers import Asked, answers_for_all
from parvis.upkeep.models import ManagedArea
from parvis.works.acts import sites
from parvis.works.models import Worksite
from tests.cast import Cast, box
from tests.works.scene import a_worksite, day

INSIDE, NEAR, OUTSIDE = (50.380, 3.512), (50.3823, 3.512), (50.3835, 3.512)


def open_site(cast: Cast, **fields: Any) -> Worksite:
    """A worksite of the landlord, with noise and dust, published by the act."""
    site = a_worksite(cast, public=False, summary="Nous isolons.", **fields)
    site.nuisances.create(kind="eclairage", measure="Des lampes de chantier.")
    return sites.publish_worksite(site, actor=cast.actor(cast.luc))


def answering(cast: Cast, point: tuple[float, float], theme: str, offset: int = 0) -> str:
    latitude, longitude = point
    place = Asked(
        theme_code=theme,
        latitude=latitude,
        longitude=longitude,
        commune_id=cast.anzin.pk,
        quartier_ids=[cast.rives.pk],
    )
    return answers_for_all([place], on=day(offset))[0].organisation_name


def live(site: Worksite) -> list[ManagedArea]:
    return list(site.areas.filter(replaced_by=None).order_by("pk"))


def test_a_report_in_or_near_a_worksite_goes_to_its_manager_and_is_answered_by_it(
    cast: Cast,
) -> None:
    load()
    open_site(cast)
    found = {}
    for name, point in (("inside", INSIDE), ("near", NEAR), ("outside", OUTSIDE)):
        voice = reporting.file_report(
            actor=NOBODY,
            place=Place(latitude=point[0], longitude=point[1]),
            category=Category.objects.get(code="chantier_securite"),
            text="La barrière est tombée.",
        )
        found[name] = voice.report.parts.get()
    assert found["inside"].organisation == cast.landlord
    assert found["near"].organisation == cast.landlord
    assert found["outside"].organisation != cast.landlord
    reporting.advance_part(found["near"], "take", actor=cast.actor(cast.luc))
    found["near"].refresh_from_db()
    assert found["near"].state == "taken"


def test_inside_it_answers_for_what_it_disturbs_and_around_for_the_works_alone(cast: Cast) -> None:
    open_site(cast)
    for point, theme, who in (
        (INSIDE, "chantiers", cast.landlord),
        (INSIDE, "eclairage", cast.landlord),
        (INSIDE, "voirie", cast.town),
        (NEAR, "chantiers", cast.landlord),
        (NEAR, "eclairage", cast.town),
        (OUTSIDE, "chantiers", cast.town),
    ):
        assert answering(cast, point, theme) == who.name, (point, theme)


def test_before_and_after_its_dates_it_answers_for_nothing(cast: Cast) -> None:
    site = open_site(cast, began_on=None, starts_on=day(3), ends_on=day(9))
    expected = {0: cast.town, 2: cast.town, 3: cast.landlord, 9: cast.landlord, 10: cast.town}
    for offset, who in expected.items():
        assert answering(cast, INSIDE, "chantiers", offset) == who.name, offset
    assert {(one.starts_on, one.ends_on) for one in live(site)} == {(day(3), day(9))}


def test_a_worksite_that_is_late_answers_until_its_end_is_noted(cast: Cast) -> None:
    site = open_site(cast, ends_on=day(2))
    assert answering(cast, INSIDE, "chantiers", 5) == cast.landlord.name
    sites.date_worksite(
        site,
        actor=cast.actor(cast.luc),
        version=site.version,
        reason="Fini.",
        starts_on=day(-10),
        ends_on=day(2),
        began_on=day(-10),
        ended_on=day(),
    )
    assert answering(cast, INSIDE, "chantiers") == cast.landlord.name
    assert answering(cast, INSIDE, "chantiers", 1) == cast.town.name


def test_what_ran_is_not_overwritten_when_the_manager_changes(cast: Cast) -> None:
    site = open_site(cast)
    ManagedArea.objects.filter(pk__in=[one.pk for one in live(site)]).update(starts_on=day(-5))
    fields = {"title": site.title, "manager": cast.town}
    luc = cast.actor(cast.luc)
    sites.rewrite_worksite(site, actor=luc, version=site.version, **fields)
    assert answering(cast, NEAR, "chantiers", -1) == cast.landlord.name
    before, after = ManagedArea.objects.filter(name__startswith="Abords").order_by("pk")
    assert (before.manager, before.ends_on) == (cast.landlord, day(-1))
    assert (after.manager, after.starts_on, after.replaces) == (cast.town, day(), before)
    # On the day on which it began, a change counts from the next one.
    site.refresh_from_db()
    sites.rewrite_worksite(site, actor=luc, version=site.version, manager=cast.landlord)
    assert answering(cast, NEAR, "chantiers", 1) == cast.landlord.name
    assert {one.starts_on for one in live(site)} == {day(1)}
    site.refresh_from_db()
    sites.rewrite_worksite(site, actor=luc, version=site.version, manager=cast.town)
    assert {(one.starts_on, one.manager) for one in live(site)} == {(day(1), cast.town)}


def test_the_perimeter_and_the_nuisances_are_followed(cast: Cast) -> None:
    site, luc = open_site(cast), cast.actor(cast.luc)
    site.areas.update(starts_on=day(-5))
    moved = box(3.505, 50.386, 3.515, 50.388)
    sites.draw_perimeter(site, actor=luc, version=site.version, outline=moved)
    assert answering(cast, INSIDE, "chantiers") == cast.town.name
    assert answering(cast, (50.387, 3.51), "chantiers") == cast.landlord.name
    site.refresh_from_db()
    site.areas.filter(ends_on=None).update(starts_on=day(-1))
    nuisance = site.nuisances.get()
    sites.drop_nuisance(site, actor=luc, version=site.version, nuisance=nuisance)
    assert answering(cast, (50.387, 3.51), "eclairage") == cast.town.name
    assert answering(cast, (50.387, 3.51), "chantiers") == cast.landlord.name
    site.refresh_from_db()
    sites.write_nuisance(site, actor=luc, version=site.version, kind="circulation")
    assert answering(cast, (50.387, 3.51), "voirie") == cast.landlord.name


@pytest.mark.parametrize("began", [0, -5])
def test_unpublished_it_answers_for_nothing_from_the_next_day(cast: Cast, began: int) -> None:
    site = open_site(cast)
    site.areas.update(starts_on=day(began))
    sites.unpublish_worksite(site, actor=cast.actor(cast.luc))
    assert answering(cast, INSIDE, "chantiers", 1) == cast.town.name
    assert site.areas.count() == 2
    sites.publish_worksite(site, actor=cast.actor(cast.luc))
    assert answering(cast, INSIDE, "chantiers", 1) == cast.landlord.name


def test_a_worksite_put_off_before_it_began_leaves_no_trace(cast: Cast) -> None:
    site = open_site(cast, began_on=None, starts_on=day(3), ends_on=day(9))
    sites.unpublish_worksite(site, actor=cast.actor(cast.luc))
    assert site.areas.count() == 0


def test_without_a_perimeter_it_answers_on_its_residences(cast: Cast) -> None:
    nowhere = dict.fromkeys(("outline", "west", "south", "east", "north"))
    site = open_site(cast, manager=cast.town, **nowhere)
    area = site.areas.get()
    assert area.residence == cast.tilleuls
    assert set(area.theme_codes) == {"chantiers", "eclairage"}


def test_an_area_changed_by_hand_is_taken_up_and_not_doubled(cast: Cast) -> None:
    from parvis.upkeep import acts as upkeep

    site = open_site(cast)
    near = site.areas.get(name__startswith="Abords")
    ManagedArea.objects.filter(pk=near.pk).update(starts_on=day(-5))
    box_of = {name: getattr(near, name) for name in ("outline", "west", "south", "east", "north")}
    upkeep.follow_area(
        near,
        from_day=day(),
        name="À la main",
        manager=cast.landlord,
        theme_codes=["chantiers"],
        **box_of,
    )
    site.refresh_from_db()
    sites.unpublish_worksite(site, actor=cast.actor(cast.luc))
    tomorrow = timezone.localdate() + timedelta(days=1)
    left = ManagedArea.objects.in_force(tomorrow).filter(theme_codes=["chantiers"])
    assert not left.exists()


def test_a_worksite_that_is_not_published_answers_for_nothing(cast: Cast) -> None:
    site = a_worksite(cast, public=False)
    sites.write_nuisance(site, actor=cast.actor(cast.luc), version=1, kind="bruit")
    assert site.areas.count() == 0
