"""From what is to be delivered to who manages it, and how residents make it their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.gatherings.models import Gathering
from parvis.partners.models import Organisation
from parvis.thread.reading import awaiting, due_for, events_of, rows_lying
from parvis.thread.register import Where
from parvis.upkeep.models import ManagedArea
from parvis.works.acts import appropriation, handover
from parvis.works.dates import months_after
from parvis.works.models import Delivery, GroundChange, HomeVisits
from tests.cast import Cast
from tests.figures.counting import counted
from tests.gatherings.scene import workshop
from tests.works.handover_scene import delivered, minutes, taken
from tests.works.scene import a_delivery, a_project, an_operation, day


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def url(name: str, delivery: Delivery, *more: int) -> str:
    return reverse(f"works:{name}", args=[delivery.pk, *more])


def a_ground(cast: Cast, **fields: Any) -> GroundChange:
    """The foot of Les Tilleuls, which passes from the landlord to the town."""
    area = ManagedArea.objects.create(
        name="Pied des Tilleuls",
        manager=cast.landlord,
        owner=cast.landlord,
        residence=cast.tilleuls,
        theme_codes=["proprete"],
        starts_on=day(-900),
    )
    given = {
        "project": a_project(cast),
        "name": "Pied des Tilleuls",
        "area": area,
        "owner_after": cast.town,
        "manager_after": cast.town,
        "cost_after": Decimal("1500.00"),
    }
    return GroundChange.objects.create(**{**given, **fields})


def on_ground(cast: Cast, **fields: Any) -> Delivery:
    """Delivered, with a ground of the projet de gestion of its project."""
    ground = a_ground(cast, **fields)
    return delivered(cast, operation=an_operation(cast, ground.project), ground=ground)


# --- Delivery ---------------------------------------------------------------------------------


def test_a_delivery_dates_surveys_and_checks_by_itself(cast: Cast) -> None:
    made = delivered(cast)
    surveys = dict(made.surveys.values_list("months", "opens_on"))
    assert surveys == {months: months_after(day(-100), months) for months in (3, 12)}
    checks = dict(made.checks.values_list("year", "due_on"))
    assert checks == {year: months_after(day(-100), 12 * year) for year in (1, 3, 5, 10)}


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 15), 3, date(2026, 2, 15)),
        (date(2025, 12, 1), 120, date(2035, 12, 1)),
    ],
)
def test_a_month_that_is_too_short_gives_its_last_day(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


def test_a_corrected_day_moves_what_nobody_has_answered_or_checked(cast: Cast) -> None:
    made = delivered(cast)
    first, last = made.surveys.order_by("months")
    kept = first.opens_on
    first.answers.create(marks={"confort": 3}, channel="paper", on=day())
    handover.deliver(made, actor=cast.actor(cast.luc), delivered_on=day(-50))
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.opens_on, last.opens_on) == (kept, months_after(day(-50), 12))
    assert made.checks.get(year=1).due_on == months_after(day(-50), 12)


def test_a_delivery_to_come_is_not_noted_yet(cast: Cast, client: Client) -> None:
    made = a_delivery(cast, delivered_on=None)
    client.force_login(cast.luc)
    answer = client.post(url("deliver", made), {"delivered_on": day(1).isoformat()})
    assert "une fois qu’elle a lieu" in answer.content.decode()
    made.refresh_from_db()
    assert made.delivered_on is None
    assert not made.surveys.exists()


def test_an_operation_s_owner_plans_what_it_will_deliver(cast: Cast, client: Client) -> None:
    operation = an_operation(cast)
    client.force_login(cast.luc)
    given = {
        "operation": operation.pk,
        "title": "Square des Tilleuls",
        "kind": "espace",
        "taker": cast.town.pk,
        "planned_cost": "4 200,50 €",
        "planned_on": day(30).isoformat(),
    }
    client.post(reverse("works:new_delivery"), given)
    made = Delivery.objects.get()
    assert (made.taker, made.planned_cost) == (cast.town, Decimal("4200.50"))
    # Who owns nothing there has no operation to choose.
    client.force_login(cast.paul)
    answer = client.post(reverse("works:new_delivery"), given)
    assert answer.status_code == 200
    assert Delivery.objects.count() == 1


def test_bad_words_come_back_with_what_was_typed(cast: Cast, client: Client) -> None:
    an_operation(cast)
    client.force_login(cast.luc)
    answer = client.post(
        reverse("works:new_delivery"), {"title": "Le square", "planned_cost": "beaucoup"}
    )
    page = answer.content.decode()
    assert "Le square" in page
    assert "beaucoup" in page
    assert "points à corriger" in page


def test_a_ground_of_another_project_is_refused(cast: Cast) -> None:
    made = delivered(cast)
    with pytest.raises(ValidationError, match="autre projet"):
        handover.write_delivery(made, actor=cast.actor(cast.luc), ground=a_ground(cast))


# --- Réserves ---------------------------------------------------------------------------------


def test_a_late_reserve_is_due_to_the_owner_of_the_operation_until_it_is_lifted(cast: Cast) -> None:
    made = delivered(cast)
    luc = cast.actor(cast.luc)
    made.surveys.all().delete()
    one = handover.note_reserve(made, actor=luc, text="Grille", found_on=day(-90), due_on=day(-2))
    (due,) = due_for(luc)[0].first[:1]
    assert (due.kind, due.due_on, due.owner_id) == ("delivery", day(-2), cast.landlord.pk)
    assert due.title.endswith("réserve à lever")
    assert ("delivery", made.pk) in {(d.kind, d.id) for d in awaiting(luc, day())}
    assert not [d for d in due_for(cast.actor(cast.paul))[0].first if d.kind == "delivery"]
    handover.lift_reserve(one, actor=luc, lifted_on=day())
    assert not [d for d in due_for(luc)[0].first if d.kind == "delivery"]


def test_what_is_due_first_of_a_delivery_is_told(cast: Cast) -> None:
    luc = cast.actor(cast.luc)

    def told() -> list[tuple[str, date | None]]:
        return [
            (d.title.rpartition(" : ")[2], d.due_on)
            for d in due_for(luc)[0].first
            if d.kind == "delivery"
        ]

    made = a_delivery(cast, delivered_on=None, planned_on=day(9))
    assert told() == [("livraison prévue", day(9))]
    handover.deliver(made, actor=luc, delivered_on=day())
    opens = months_after(day(), 3)
    assert told() == [("enquête à distribuer", opens)]
    made.surveys.get(months=3).answers.create(marks={"confort": 1}, channel="link", on=day())
    assert told() == [("enquête à distribuer", months_after(day(), 12))]
    handover.note_reserve(made, actor=luc, text="Sol", found_on=day(), due_on=opens)
    assert told() == [("réserve à lever", opens)]


def test_a_reserve_is_lifted_and_reopened_by_hand(cast: Cast, client: Client) -> None:
    made = delivered(cast)
    client.force_login(cast.luc)
    client.post(url("new_reserve", made), {"text": "Grille", "found_on": day(-3).isoformat()})
    one = made.reserves.get()
    client.post(url("lift_reserve", made, one.pk))
    one.refresh_from_db()
    assert one.lifted_on == day()
    client.post(url("lift_reserve", made, one.pk))
    one.refresh_from_db()
    assert one.lifted_on is None


def test_a_reserve_of_another_delivery_is_not_there(cast: Cast, client: Client) -> None:
    made, other = delivered(cast), delivered(cast)
    one = handover.note_reserve(other, actor=cast.actor(cast.luc), text="x", found_on=day())
    client.force_login(cast.luc)
    assert client.post(url("lift_reserve", made, one.pk)).status_code == 404


# --- Remise en gestion ------------------------------------------------------------------------


def test_the_remise_is_refused_with_everything_that_lacks(cast: Cast) -> None:
    made = a_delivery(cast, delivered_on=None)
    with pytest.raises(ValidationError) as refused:
        handover.hand_over(made, actor=cast.actor(cast.luc), taken_on=day())
    said = " ".join(refused.value.messages)
    assert "pas encore livré" in said
    assert "procès-verbal" in said
    made.refresh_from_db()
    assert made.taken_on is None


def test_open_reserves_are_said_and_do_not_stop_the_remise(cast: Cast) -> None:
    made = delivered(cast)
    luc = cast.actor(cast.luc)
    handover.note_reserve(made, actor=luc, text="Grille", found_on=day(-9))
    (lack,) = handover.lacking(made, minutes=minutes())
    assert not lack.blocks
    assert "1\u00a0réserve n’est pas levée" in lack.text
    done = handover.hand_over(made, actor=luc, taken_on=day(), minutes=minutes())
    assert done.taken_on == day()


def test_another_manager_in_the_projet_de_gestion_is_a_contradiction_that_stops(
    cast: Cast,
) -> None:
    made = on_ground(cast, manager_after=cast.other_town)
    with pytest.raises(ValidationError, match="accordez les deux"):
        handover.hand_over(made, actor=cast.actor(cast.luc), taken_on=day(), minutes=minutes())
    assert not ManagedArea.objects.filter(replaces__isnull=False).exists()


def test_a_ground_that_lies_nowhere_stops_the_remise(cast: Cast) -> None:
    made = on_ground(cast, area=None)
    blocking = [lack.text for lack in handover.lacking(made, minutes=minutes()) if lack.blocks]
    assert len(blocking) == 1
    assert "aucun espace" in blocking[0]


def test_charges_that_change_without_a_word_of_the_tenants_are_said(cast: Cast) -> None:
    made = on_ground(cast, changes_charges=True)
    (lack,) = handover.lacking(made, minutes=minutes())
    assert (lack.blocks, "charges" in lack.text) == (False, True)


def test_the_remise_writes_who_manages_what_from_that_day(cast: Cast) -> None:
    made = on_ground(cast)
    ground = made.ground
    assert ground is not None
    before = ground.area
    assert before is not None
    done = handover.hand_over(made, actor=cast.actor(cast.luc), taken_on=day(-5), minutes=minutes())
    before.refresh_from_db()
    ground.refresh_from_db()
    after = before.replaced_by
    assert before.ends_on == day(-6)
    assert (after.manager, after.owner, after.starts_on) == (cast.town, cast.town, day(-5))
    assert (after.residence, after.theme_codes) == (cast.tilleuls, ["proprete"])
    assert (ground.applied_area, ground.applied_at is not None) == (after, True)
    assert done.planned_cost == Decimal("1500.00")  # of the projet de gestion, as it was then


def test_a_ground_without_an_area_begins_one_in_the_residence(cast: Cast) -> None:
    made = on_ground(cast, area=None, owner_after=None)
    handover.write_delivery(made, actor=cast.actor(cast.luc), residence=cast.tilleuls)
    handover.hand_over(made, actor=cast.actor(cast.luc), taken_on=day(), minutes=minutes())
    area = ManagedArea.objects.get(name="Pied des Tilleuls", manager=cast.town)
    assert (area.residence, area.starts_on, area.owner) == (cast.tilleuls, day(), None)


def test_an_area_that_was_replaced_since_is_told_and_nothing_is_done(cast: Cast) -> None:
    made = on_ground(cast)
    ground = made.ground
    assert ground is not None
    ManagedArea.objects.create(
        name="Autre", manager=cast.town, residence=cast.tilleuls, replaces=ground.area
    )
    with pytest.raises(ValidationError, match="déjà été remplacé"):
        handover.hand_over(made, actor=cast.actor(cast.luc), taken_on=day(), minutes=minutes())
    made.refresh_from_db()
    ground.refresh_from_db()
    assert (made.taken_on, ground.applied_at) == (None, None)


def test_a_place_is_handed_over_once(cast: Cast) -> None:
    made = taken(cast)
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError, match="Déjà remis"):
        handover.hand_over(made, actor=luc, taken_on=day(), minutes=minutes())
    with pytest.raises(ValidationError, match="ne change plus"):
        handover.deliver(made, actor=luc, delivered_on=day())
    changed = handover.write_delivery(made, actor=luc, title="Le square", taker=cast.landlord)
    assert (changed.title, changed.taker) == ("Le square", cast.town)


@pytest.mark.parametrize(("taken_on", "words"), [(1, "pas encore venu"), (-200, "après la livr")])
def test_the_day_of_the_remise_follows_the_delivery_and_has_come(
    cast: Cast, client: Client, taken_on: int, words: str
) -> None:
    made = delivered(cast)
    client.force_login(cast.luc)
    upload = SimpleUploadedFile("pv.pdf", b"%PDF-1.7 pv")
    given = {"taken_on": day(taken_on).isoformat(), "minutes": upload}
    assert words in client.post(url("hand_over", made), given).content.decode()
    made.refresh_from_db()
    assert made.taken_on is None


def test_the_remise_by_hand_keeps_the_proces_verbal(cast: Cast, client: Client) -> None:
    made = delivered(cast)
    client.force_login(cast.luc)
    page = client.post(url("hand_over", made), {"taken_on": day().isoformat()}).content.decode()
    assert "procès-verbal de remise en gestion n’est pas joint" in page
    upload = SimpleUploadedFile("pv.pdf", b"%PDF-1.7 pv")
    client.post(url("hand_over", made), {"taken_on": day().isoformat(), "minutes": upload})
    answer = client.get(url("handover_minutes", made))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 pv"  # type: ignore[attr-defined]
    client.logout()
    assert client.get(url("handover_minutes", made)).status_code == 302
    client.force_login(cast.paul)  # a partner, of nothing here: the place is public, its file not
    assert client.get(url("handover_minutes", made)).status_code == 403


# --- Who sees what ----------------------------------------------------------------------------


def test_residents_read_what_who_and_how_and_nothing_else(cast: Cast, client: Client) -> None:
    made = taken(cast, planned_cost=Decimal("4200.00"))
    luc = cast.actor(cast.luc)
    handover.note_reserve(made, actor=luc, text="Grille tordue", found_on=day(-9))
    appropriation.give_guide(made, title="Le tri", file=minutes())
    shown = workshop(cast)
    hidden = workshop(cast, public=False, title="Atelier secret")
    for one in (shown, hidden):
        appropriation.attach_gathering(made, one, actor=luc)
    page = client.get(url("delivery", made)).content.decode()
    for words in ("Ville d’Anzin", "Le tri", shown.title, "Square des Tilleuls"):
        assert words in page
    for words in ("Grille tordue", hidden.title, "4\u202f200", "Dans la durée", "Corriger"):
        assert words not in page
    guide = client.get(url("guide", made, made.guides.get().pk))
    assert b"".join(guide.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_what_is_not_delivered_or_not_published_is_for_partners(cast: Cast, client: Client) -> None:
    coming = a_delivery(cast, delivered_on=None, planned_on=day(5), title="Jardin à venir")
    quiet = a_project(cast, public=False)
    unpublished = a_delivery(cast, an_operation(cast, quiet), title="Hall sans annonce")
    for one in (coming, unpublished):
        assert client.get(url("delivery", one)).status_code == 404
    page = client.get(reverse("works:deliveries")).content.decode()
    assert coming.title not in page
    assert unpublished.title not in page
    client.force_login(cast.karim)
    page = client.get(reverse("works:deliveries")).content.decode()
    assert coming.title in page
    assert unpublished.title in page


@pytest.mark.parametrize(("person", "status"), [("luc", 302), ("karim", 403), ("paul", 403)])
def test_who_takes_over_does_not_write_the_remise_and_neither_does_a_neighbour(
    cast: Cast, client: Client, person: str, status: int
) -> None:
    made = delivered(cast)
    client.force_login(getattr(cast, person))
    given = {"text": "Grille", "found_on": day(-3).isoformat()}
    assert client.post(url("new_reserve", made), given).status_code == status
    assert made.reserves.exists() is (status == 302)


def test_the_register_finds_deliveries_where_they_lie(cast: Cast) -> None:
    made = delivered(cast)
    luc = cast.actor(cast.luc)

    def found(**where: Any) -> list[int]:
        rows = rows_lying(luc, Where(**where), ["delivery"])
        return [one.id for one in rows]

    assert found(communes={cast.anzin.pk}) == [made.pk]
    assert found(quartiers={cast.rives.pk}) == [made.pk]
    assert found(residences={cast.tilleuls.pk}) == [made.pk]
    assert found(communes={cast.raismes.pk}) == []
    assert found(residences={cast.peupliers.pk}) == []


# --- Appropriation ----------------------------------------------------------------------------


def test_a_workshop_is_planned_attached_and_published_in_one_step(
    cast: Cast, client: Client
) -> None:
    made = delivered(cast, residence=cast.tilleuls)
    client.force_login(cast.luc)
    client.post(
        url("new_workshop", made),
        {
            "title": "Bien vivre avec sa ventilation double flux",
            "starts_at": f"{day(9)}T18:00",
            "ends_at": f"{day(9)}T20:00",
            "entry": "registered",
            "seats": "12",
            "published": "on",
        },
    )
    one = Gathering.objects.get()
    assert (one.kind, one.organiser, one.residence) == ("atelier", cast.landlord, cast.tilleuls)
    assert list(one.quartiers.all()) == [cast.rives]
    assert one.published_at is not None
    assert list(made.gatherings.all()) == [one]
    client.post(url("detach_gathering", made, one.pk))
    assert not made.gatherings.exists()
    assert Gathering.objects.filter(pk=one.pk).exists()


def test_a_workshop_that_ends_before_it_starts_leaves_nothing(cast: Cast) -> None:
    made = delivered(cast)
    with pytest.raises(ValidationError):
        appropriation.plan_workshop(
            made,
            actor=cast.actor(cast.luc),
            organiser=Organisation.objects.get(pk=cast.landlord.pk),
            published=True,
            title="x",
            starts_at=months_noon(9),
            ends_at=months_noon(8),
        )
    assert not Gathering.objects.exists()


def months_noon(days: int) -> Any:
    from parvis.partners.models import start_of_day

    return start_of_day(day(days))


def test_one_attaches_the_dates_of_one_s_own_organisation(cast: Cast, client: Client) -> None:
    made = delivered(cast)
    own = workshop(cast, actor=cast.actor(cast.luc), organiser=cast.landlord)
    other = workshop(cast)  # the town's
    client.force_login(cast.luc)
    client.post(url("attach_gathering", made), {"gathering": own.pk})
    client.post(url("attach_gathering", made), {"gathering": other.pk})
    assert list(made.gatherings.all()) == [own]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": "Le tri"}, "Joignez un document ou donnez une adresse"),
        ({"title": "Le tri", "url": "javascript:alert(1)"}, "adresse"),
        ({"url": "https://exemple.test/"}, "obligatoire"),
    ],
)
def test_a_guide_is_a_file_or_an_address(
    cast: Cast, client: Client, given: dict[str, str], words: str
) -> None:
    made = delivered(cast)
    client.force_login(cast.luc)
    assert words in client.post(url("new_guide", made), given).content.decode()
    assert not made.guides.exists()


def test_a_guide_that_is_removed_leaves_the_disk(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    made = delivered(cast)
    guide = appropriation.give_guide(made, title="Le tri", file=minutes())
    storage, name = guide.file.storage, str(guide.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        appropriation.remove_guide(guide)
    assert not storage.exists(name)


def test_visits_are_numbers_and_no_more_than_were_offered(cast: Cast, client: Client) -> None:
    made = delivered(cast)
    client.force_login(cast.luc)
    given = {
        "starts_on": day(-30).isoformat(),
        "ends_on": day(-20).isoformat(),
        "offered": "12",
        "made": "13",
    }
    page = client.post(url("new_visits", made), given).content.decode()
    assert "plus de visites faites que proposées" in page
    client.post(url("new_visits", made), given | {"made": "9"})
    assert HomeVisits.objects.get().made == 9
    columns = {field.name for field in HomeVisits._meta.get_fields()}
    assert columns == {"id", "delivery", "starts_on", "ends_on", "offered", "made", "by", "note"}


def test_what_happened_is_told_and_a_resident_reads_the_public_part(cast: Cast) -> None:
    made = taken(cast)
    from parvis.partners.actors import NOBODY

    public = [one.code for one in events_of(NOBODY, "delivery", made.pk)]
    assert public == ["delivered", "taken"]
    sentences = [one.sentence for one in events_of(cast.actor(cast.luc), "delivery", made.pk)]
    assert "Remis en gestion à Ville d’Anzin" in sentences


def test_the_pages_ask_the_same_with_many_rows(cast: Cast, client: Client) -> None:
    made = taken(cast, residence=cast.tilleuls)
    luc = cast.actor(cast.luc)
    urls = [reverse("works:deliveries"), url("delivery", made)]

    def asked() -> list[int]:
        found = []
        for one in urls:
            client.get(one)
            with counted() as queries:
                assert client.get(one).status_code == 200
            found.append(len(queries))
        return found

    def more(many: int) -> None:
        operation = made.operation
        Delivery.objects.bulk_create(
            Delivery(
                operation=operation,
                title=f"Lieu {number}",
                kind="espace",
                taker=cast.town,
                residence=cast.tilleuls,
                delivered_on=day(-number) if number % 2 else None,
            )
            for number in range(many)
        )
        for number in range(many // 100 + 1):
            handover.note_reserve(made, actor=luc, text=f"Réserve {number}", found_on=day(-9))
            appropriation.give_guide(made, title=f"Guide {number}", url="https://exemple.test/")
            appropriation.attach_gathering(made, workshop(cast), actor=luc)

    few: list[list[int]] = []
    for many in (10, 1_000):
        more(many)
        client.logout()
        counts = asked()
        client.force_login(cast.luc)
        counts += asked()
        few.append(counts)
    assert few[0] == few[1]
    assert max(few[0]) <= 18, few
