"""Delivered places are looked at again, and what worsens becomes an action."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from parvis.actions.models import Action, Plan
from parvis.actions.reminding import remind_everybody
from parvis.notices.models import Envelope, Message
from parvis.thread.models import Link
from parvis.thread.reading import awaiting, due_for, thread_of
from parvis.works.acts import durability as acts
from parvis.works.models import Delivery, DurabilityCheck
from parvis.works.sorting import choices
from parvis.works.views.durability import money
from tests.actions.scene import plan
from tests.cast import IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed, in_hall
from tests.works.handover_scene import checked, delivered, taken
from tests.works.scene import a_delivery, an_operation, day


@pytest.fixture(autouse=True)
def around(cast: Cast, settings: Any, tmp_path: Any) -> None:
    from parvis.reports.lists import load

    settings.MEDIA_ROOT = tmp_path
    load()


def lasting(cast: Cast, **fields: Any) -> Delivery:
    """Delivered more than three years ago, and managed by the town since."""
    return taken(cast, days_ago=1200, **fields)


def url(name: str, check: DurabilityCheck) -> str:
    return reverse(f"works:{name}", args=[check.pk])


# --- What is due ------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["karim", "luc"])
def test_a_check_is_due_to_who_manages_the_place_and_to_who_built_it(
    cast: Cast, person: str
) -> None:
    made = lasting(cast)
    actor = cast.actor(getattr(cast, person))
    due = [one for one in due_for(actor, days=[day()])[0].first if one.kind == acts.KIND]
    assert {one.id for one in due} == {made.checks.get(year=year).pk for year in (1, 3)}
    assert {one.owner_id for one in due} == {actor.organisation_id}
    assert {one.title for one in due} == {
        "Square des Tilleuls : vérification à 1 an",
        "Square des Tilleuls : vérification à 3 ans",
    }


@pytest.mark.parametrize("person", ["paul", "nadia", "rose"])
def test_it_is_due_to_nobody_else(cast: Cast, person: str) -> None:
    lasting(cast)
    spans = due_for(cast.actor(getattr(cast, person)), days=[day()])
    assert not [one for span in spans for one in span.first if one.kind == acts.KIND]


def test_a_check_that_was_made_is_due_no_more(cast: Cast) -> None:
    made = lasting(cast)
    checked(cast, made, 1)
    left = [one.id for one in due_for(cast.actor(cast.karim))[0].first if one.kind == acts.KIND]
    assert made.checks.get(year=1).pk not in left
    assert len(left) == 3


def test_both_organisations_are_written_to_when_it_is_late(cast: Cast) -> None:
    made = lasting(cast)
    remind_everybody()
    for person in (cast.karim, cast.luc):
        told = Message.objects.filter(event__startswith="actions.due", person=f"user:{person.pk}")
        mail = Envelope.objects.get(message__in=told)
        assert f"{made.title} : vérification à 3 ans" in mail.text


# --- Checking ---------------------------------------------------------------------------------


def test_a_check_is_made_by_hand_and_its_money_set_beside_the_plan(
    cast: Cast, client: Client
) -> None:
    made = lasting(cast, planned_cost=Decimal("4000.00"))
    check = made.checks.get(year=1)
    client.force_login(cast.karim)
    client.post(
        url("make_check", check),
        {
            "done_on": day().isoformat(),
            "condition": "usage",
            "use": "prevu",
            "note": "Rien à signaler.",
            "damage": "2",
            "reports": "5",
            "cost": "5 000 €",
        },
    )
    check.refresh_from_db()
    assert (check.by, check.damage, check.reports) == (cast.town, 2, 5)
    assert money(check, made) == {
        "difference": Decimal("1000.00"),
        "dearer": True,
        "ratio": 125,
    }
    page = client.get(url("check", check)).content.decode()
    assert "+1\u202f000,00\u202f€" in page
    assert "125\u00a0%" in page
    assert "depuis le" in page  # who took it over, and when


def test_a_cheaper_upkeep_is_signed_and_nothing_is_divided_by_zero(cast: Cast) -> None:
    made = lasting(cast, planned_cost=Decimal("4000.00"))
    check = checked(cast, made, 1, cost=Decimal("3000.00"))
    assert money(check, made)["difference"] == Decimal("-1000.00")
    made.planned_cost = Decimal(0)
    assert money(check, made)["ratio"] is None
    made.planned_cost = None
    assert money(check, made)["difference"] is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"condition": "neuf"}, "choix"),
        ({"use": ""}, "obligatoire"),
        ({"done_on": day(2).isoformat()}, "pas encore venu"),
        ({"done_on": day(-3000).isoformat()}, "après la livraison"),
        ({"cost": "-4"}, "supérieure ou égale"),
        ({"damage": "-1"}, "supérieure ou égale"),
    ],
)
def test_a_bad_check_is_said_and_what_was_typed_stays(
    cast: Cast, client: Client, given: dict[str, str], words: str
) -> None:
    check = lasting(cast).checks.get(year=1)
    client.force_login(cast.karim)
    good = {"done_on": day().isoformat(), "condition": "bon", "use": "prevu", "note": "Mes mots"}
    page = client.post(url("make_check", check), good | given).content.decode()
    assert words in page
    assert "Mes mots" in page
    check.refresh_from_db()
    assert check.done_on is None


def test_a_neighbour_s_partner_does_not_check(cast: Cast, client: Client) -> None:
    check = lasting(cast).checks.get(year=1)
    for person in (cast.paul, cast.nadia):
        client.force_login(person)
        assert client.get(url("make_check", check)).status_code == 404
    client.force_login(cast.ines)  # of the landlord, whose operation it is
    assert client.get(url("make_check", check)).status_code == 200


def test_reports_of_the_residence_since_the_delivery_are_counted(
    cast: Cast, client: Client
) -> None:
    made = delivered(cast, residence=cast.tilleuls)
    for _ in range(2):
        filed(in_hall(cast))
    filed(at_point(IN_VALENCIENNES))
    luc = cast.actor(cast.luc)
    assert acts.reports_since(luc, made) == 2
    Delivery.objects.filter(pk=made.pk).update(delivered_on=day(1))
    made.refresh_from_db()
    assert acts.reports_since(luc, made) == 0
    client.force_login(cast.luc)
    page = client.get(url("make_check", made.checks.get(year=1))).content.decode()
    assert "Les Tilleuls" in page


def test_where_no_residence_is_known_nothing_is_counted(cast: Cast) -> None:
    made = delivered(cast)
    made.operation.residences.clear()
    assert acts.reports_since(cast.actor(cast.luc), made) is None


# --- What got worse ---------------------------------------------------------------------------

STATES = [(condition, use) for condition in choices("condition") for use in choices("use")]


@pytest.mark.parametrize(
    ("found", "worse"),
    [
        ([("bon", "prevu")], [False]),
        ([("usage", "prevu")], [False]),  # marks of use are no surprise
        ([("degrade", "prevu")], [True]),
        ([("bon", "peu")], [True]),
        ([("bon", "prevu"), ("usage", "prevu")], [False, True]),
        ([("degrade", "prevu"), ("degrade", "prevu")], [True, False]),
        ([("degrade", "prevu"), ("bon", "prevu")], [False, False]),  # mended since
        ([("bon", "autrement"), ("bon", "prevu")], [False, False]),
        ([("bon", "autrement"), ("bon", "peu")], [True, False]),
        ([("usage", "prevu"), ("hors_usage", "peu"), ("hors_usage", "peu")], [False, True, False]),
    ],
)
def test_a_check_is_worse_than_the_one_before(
    found: list[tuple[str, str]], worse: list[bool]
) -> None:
    assert acts.worsening(found) == worse


@pytest.mark.parametrize("before", STATES)
def test_what_stays_the_same_never_worsens(before: tuple[str, str]) -> None:
    for after in STATES:
        worse = acts.worsening([before, after])
        assert acts.worsening([before, before, after, after]) == [worse[0], False, worse[1], False]


def test_correcting_a_check_judges_the_later_ones_again(cast: Cast) -> None:
    made = lasting(cast)
    first = checked(cast, made, 1, "degrade")
    later = checked(cast, made, 3, "degrade")
    assert (first.worsened, later.worsened) == (True, False)
    checked(cast, made, 1, "bon")
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.worsened, later.worsened) == (False, True)


def test_it_awaits_an_agenda_while_nothing_was_made_of_it(cast: Cast) -> None:
    made = lasting(cast)
    checked(cast, made, 1)
    check = checked(cast, made, 3, "hors_usage")
    claire = cast.actor(cast.claire)

    def awaited() -> list[int]:
        return [
            one.id
            for one in awaiting(claire, day())
            if one.kind == acts.KIND and one.state != "due"
        ]

    assert awaited() == [check.pk]
    assert not [one for one in awaiting(cast.actor(cast.paul), day()) if one.kind == acts.KIND]
    plan(cast)
    acts.act_on(check, "action", actor=claire, title="Refaire le sol", organisation=cast.town)
    assert awaited() == []


def test_it_becomes_an_action_on_the_spot_and_the_thread_shows_both_ends(
    cast: Cast, client: Client
) -> None:
    found: Plan = plan(cast)
    made = lasting(cast)
    check = checked(cast, made, 3, "degrade", note="Bancs cassés.", person=cast.claire)
    client.force_login(cast.claire)
    page = client.get(url("check", check)).content.decode()
    assert "Aucune suite n’est encore donnée" in page
    client.post(
        url("act_on_check", check),
        {"making": "action", "title": "Remplacer les bancs", "organisation": cast.town.pk},
    )
    action = Action.objects.get(title="Remplacer les bancs")
    assert (action.plan, action.lead) == (found, cast.town)
    claire = cast.actor(cast.claire)
    for kind, pk in ((acts.KIND, check.pk), ("action", action.pk)):
        steps = {(one.kind, one.id) for one in thread_of(claire, kind, pk)}
        assert steps == {(acts.KIND, check.pk), ("action", action.pk)}
    page = client.get(url("check", check)).content.decode()
    assert "Aucune suite" not in page
    assert "Remplacer les bancs" in page


def test_a_follow_up_is_given_once(cast: Cast) -> None:
    plan(cast)
    claire = cast.actor(cast.claire)
    check = checked(cast, lasting(cast), 1, "degrade")
    said = {"actor": claire, "title": "Refaire", "organisation": cast.town}
    acts.act_on(check, "action", **said)
    with pytest.raises(ValidationError, match="déjà donnée"):
        acts.act_on(check, "action", **said)
    assert Action.objects.count() == 1
    assert Link.objects.filter(source_kind=acts.KIND).count() == 1


def test_a_check_that_found_nothing_worse_asks_for_nothing(cast: Cast) -> None:
    plan(cast)
    check = checked(cast, lasting(cast), 1, "bon")
    with pytest.raises(ValidationError, match="n’en demande pas"):
        acts.act_on(
            check,
            "action",
            actor=cast.actor(cast.claire),
            title="Refaire",
            organisation=cast.town,
        )


def test_without_a_plan_the_page_says_why_and_keeps_what_was_typed(
    cast: Cast, client: Client
) -> None:
    check = checked(cast, lasting(cast), 1, "degrade")
    client.force_login(cast.claire)
    given = {"making": "action", "title": "Mes mots", "organisation": cast.town.pk}
    page = client.post(url("act_on_check", check), given).content.decode()
    assert "Aucun plan d’actions" in page
    assert "Mes mots" in page
    assert not Link.objects.exists()


# --- Overview ---------------------------------------------------------------------------------


def test_the_overview_puts_what_is_late_first(cast: Cast, client: Client) -> None:
    operation = an_operation(cast)
    fresh = delivered(cast, days_ago=30, operation=operation, title="Jardin neuf")
    old = lasting(cast, operation=operation, title="Square ancien")
    client.force_login(cast.claire)
    page = client.get(reverse("works:durability")).content.decode()
    assert page.index(old.title) < page.index(fresh.title)
    assert "2\u00a0vérifications sont en retard" not in page  # one place, one next check
    assert "1\u00a0vérification est en retard" in page
    client.force_login(cast.paul)
    assert old.title not in client.get(reverse("works:durability")).content.decode()


def test_the_pages_ask_the_same_with_ten_places_and_a_thousand(cast: Cast, client: Client) -> None:
    made = lasting(cast)
    check = checked(cast, made, 1, "degrade")
    client.force_login(cast.claire)
    urls = [
        reverse("works:durability"),
        reverse("works:checks", args=[made.pk]),
        url("check", check),
        url("make_check", made.checks.get(year=3)),
    ]

    def more(many: int) -> None:
        rows = Delivery.objects.bulk_create(
            Delivery(
                operation=made.operation,
                title=f"Lieu {number}",
                kind="espace",
                taker=cast.town,
                delivered_on=day(-number),
            )
            for number in range(many)
        )
        DurabilityCheck.objects.bulk_create(
            DurabilityCheck(delivery=one, year=year, due_on=day(year * 30))
            for one in rows
            for year in (1, 3)
        )

    found = []
    for many in (10, 1_000):
        more(many)
        for one in urls:
            client.get(one)
            with counted() as queries:
                assert client.get(one).status_code == 200
            found.append(len(queries))
    assert found[:4] == found[4:]
    assert max(found) <= 14, found


def test_a_stranger_sees_no_check(cast: Cast, client: Client) -> None:
    made = a_delivery(cast)
    check = DurabilityCheck.objects.create(delivery=made, year=1, due_on=day(3))
    for one in (url("check", check), reverse("works:checks", args=[made.pk])):
        assert client.get(one).status_code == 302
    page = client.get(reverse("works:delivery", args=[made.pk])).content.decode()
    assert "vérification" not in page.lower()
