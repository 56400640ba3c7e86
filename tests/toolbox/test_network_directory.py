"""The directory: structures, and the people who agreed by themselves to be found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.partners.leaving import end_mandate, forget_person
from parvis.partners.models import Mandate, Organisation, User
from parvis.thread.models import Event
from parvis.toolbox import network_acts as acts
from parvis.toolbox.models import DirectoryEntry, StructureCard
from tests.cast import Cast
from tests.toolbox.network_scene import a_card, an_entry, theme

pytestmark = pytest.mark.django_db
PEOPLE, STRUCTURES = "/reseau/personnes/", "/reseau/"


def browser(person: Any = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def read(path: str, person: Any = None) -> str:
    answer = browser(person).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def agree(person: Any, **fields: Any) -> Any:
    given = {"function": "Chargée de proximité", "shown": "partners", "agreed": "on", **fields}
    return browser(person).post(reverse("toolbox:network_entry"), given)


def test_nobody_appears_before_they_agreed(cast: Cast) -> None:
    assert "Sofia" not in read(PEOPLE, cast.karim)
    answer = agree(cast.sofia, agreed="")
    assert "agreed" in answer.context["form"].errors
    assert not DirectoryEntry.objects.exists()
    agree(cast.sofia)
    assert "Sofia" in read(PEOPLE, cast.karim)


def test_each_is_found_by_those_they_chose(cast: Cast) -> None:
    entry = an_entry(cast, shown="partners")
    # Nadia and bruno are partners too, of the neighbour's network.
    found = {"luc": True, "rose": True, "nadia": False, "bruno": False, "theo": False, "": False}
    for who, seen in found.items():
        page = read(PEOPLE, getattr(cast, who) if who else None)
        assert ("proximite@exemple.test" in page) is seen, who
    DirectoryEntry.objects.filter(pk=entry.pk).update(shown="everybody")
    assert all("Sofia" in read(PEOPLE, person) for person in (cast.nadia, cast.theo, None))


def test_a_mandate_that_ends_takes_the_person_out_at_once(cast: Cast) -> None:
    an_entry(cast, shown="everybody")
    card = a_card(cast)
    end_mandate(Mandate.objects.get(person=cast.sofia))
    its_page = reverse("toolbox:network_structure", args=[card.pk])
    for path in (PEOPLE, its_page):
        assert "Sofia" not in read(path)
        assert "Sofia" not in read(path, cast.karim)
    assert DirectoryEntry.objects.count() == 1  # the row waits for the command


def test_an_organisation_that_closed_shows_nobody_and_nothing(cast: Cast) -> None:
    an_entry(cast, shown="everybody")
    a_card(cast)
    Organisation.objects.filter(pk=cast.town.pk).update(closed_on=timezone.localdate())
    assert not DirectoryEntry.objects.visible_to(NOBODY).exists()
    assert not StructureCard.objects.visible_to(NOBODY).exists()


def test_one_leaves_by_one_click_and_nothing_stays(cast: Cast) -> None:
    an_entry(cast)
    an_entry(cast, cast.karim)
    browser(cast.sofia).post(reverse("toolbox:network_withdraw"))
    assert [one.mandate.person_id for one in DirectoryEntry.objects.all()] == [cast.karim.pk]


def test_agreeing_is_for_one_mandate_and_no_other(cast: Cast) -> None:
    """Sofia who also acts for the association did not agree to appear for it."""
    an_entry(cast, shown="everybody")
    other = Mandate.objects.create(
        person=cast.sofia,
        organisation=cast.association,
        role="contributeur",
        starts_on=timezone.localdate() - timedelta(days=1),
    )
    shown = DirectoryEntry.objects.visible_to(NOBODY)
    assert [one.mandate.organisation for one in shown] == [cast.town]
    # Signed in for the association, she is not in the directory: the form is empty.
    form = browser(cast.sofia).get(reverse("toolbox:network_entry")).context["form"]
    assert form.initial == {}
    assert DirectoryEntry.objects.get().mandate_id != other.pk


def test_a_member_of_a_body_of_residents_appears_only_by_themselves(cast: Cast) -> None:
    a_card(cast, cast.yasmine, doing="La parole des habitants des Rives.")
    for who in (cast.yasmine, cast.claire, cast.karim):
        assert "Hugo" not in read(PEOPLE, who)
    # Who animates the body writes its card, and puts nobody else in the directory.
    agree(cast.yasmine, function="Animatrice")
    assert not DirectoryEntry.objects.filter(mandate__person=cast.hugo).exists()
    assert (
        not DirectoryEntry.objects.allowed(cast.actor(cast.yasmine), "edit")
        .exclude(mandate__person=cast.yasmine)
        .exists()
    )
    agree(cast.hugo, function="Habitant du conseil citoyen", shown="everybody")
    assert "Hugo" in read(PEOPLE)


def test_entries_are_erased_some_days_after_the_mandate(cast: Cast) -> None:
    an_entry(cast)
    kept = an_entry(cast, cast.karim)
    end_mandate(Mandate.objects.get(person=cast.sofia))
    now = timezone.now()
    assert acts.erase_past_entries(now + acts.KEPT_AFTER - timedelta(hours=1)) == 0
    assert acts.erase_past_entries(now + acts.KEPT_AFTER + timedelta(hours=1)) == 1
    assert list(DirectoryEntry.objects.all()) == [kept]
    forget_person(cast.karim)
    assert acts.erase_past_entries() == 1


def test_history_holds_no_name(cast: Cast) -> None:
    before = Event.objects.count()
    an_entry(cast)
    acts.leave_directory(actor=cast.actor(cast.sofia))
    assert Event.objects.count() == before


def test_a_card_is_written_by_who_heads_the_structure(cast: Cast) -> None:
    card = a_card(cast, published=False)
    page = reverse("toolbox:network_structure", args=[card.pk])
    assert read(page, cast.sofia)
    for who in (None, cast.nadia, cast.luc, cast.claire):
        assert browser(who).get(page).status_code == 404
    assert browser(cast.sofia).get(reverse("toolbox:network_card")).status_code == 403
    given = {"doing": "Autre chose.", "published": "on"}
    browser(cast.luc).post(reverse("toolbox:network_card"), given)
    card.refresh_from_db()
    assert card.doing.startswith("Répare")  # luc wrote the card of his own organisation
    assert StructureCard.objects.get(organisation=cast.landlord).doing == "Autre chose."
    assert "Escaut Habitat" in read(STRUCTURES)


def test_structures_are_chosen_by_words_theme_place_and_kind(cast: Cast) -> None:
    a_card(cast)
    a_card(
        cast,
        cast.luc,
        doing="Tient la propreté des escaliers.",
        themes=[theme("proprete")],
        quartiers=[],
    )
    town, landlord = "Ville d’Anzin", "Escaut Habitat"
    wanted = {
        "q=PROPRETE+escalier": [landlord],
        "q=anzin": [town],
        "theme=encombrants": [town],
        "nature=bailleur": [landlord],
        # Who names no quartier works everywhere.
        f"quartier={cast.faubourg.pk}": [landlord],
        f"quartier={cast.rives.pk}": [landlord, town],
        "theme=inventé&quartier=x": [landlord, town],
    }
    for asked, found in wanted.items():
        answer = browser().get(f"{STRUCTURES}?{asked}")
        assert [one.organisation.name for one in answer.context["rows"]] == found, asked


def test_the_database_refuses_an_entry_that_says_nothing(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StructureCard.objects.create(organisation=cast.town, doing="", changed_at=timezone.now())


def test_who_no_agglomeration_covers_is_told_what_to_do(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.landlord.pk).update(commune=None)
    with pytest.raises(ValidationError, match="commune de son siège"):
        an_entry(cast, cast.luc)


def many(cast: Cast, number: int) -> None:
    now = timezone.now()
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Association inventée {rank:04}", kind="association", commune=cast.anzin)
        for rank in range(number)
    )
    people = User.objects.bulk_create(
        User(email=f"p{rank}-{number}@exemple.test", name=f"Personne inventée {rank:04}")
        for rank in range(number)
    )
    mandates = Mandate.objects.bulk_create(
        Mandate(person=person, organisation=one, role="contributeur", starts_on=now.date())
        for person, one in zip(people, organisations, strict=True)
    )
    cards = StructureCard.objects.bulk_create(
        StructureCard(
            organisation=one, doing="Essaie.", words="inventee", changed_at=now, published_at=now
        )
        for one in organisations
    )
    entries = DirectoryEntry.objects.bulk_create(
        DirectoryEntry(
            mandate=one,
            coordination=cast.agglomeration,
            shown="everybody",
            function="Médiateur",
            agreed_at=now,
        )
        for one in mandates
    )
    for model, rows in ((StructureCard, cards), (DirectoryEntry, entries)):
        through = model.quartiers.through
        name = f"{model._meta.model_name}_id"
        through.objects.bulk_create(through(**{name: one.pk}, quartier=cast.rives) for one in rows)


def test_lists_of_the_directory_take_as_many_queries_whatever_they_hold(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client, place = Client(), cast.rives.pk
    for number in (10, 990):
        many(cast, number)
        # The quartier chosen, those to choose, the rows, and what each row is linked to.
        with django_assert_num_queries(6):
            client.get(f"{STRUCTURES}?quartier={place}&q=inventée&theme=")
        with django_assert_num_queries(5):
            answer = client.get(f"{PEOPLE}?quartier={place}")
        assert len(answer.context["rows"]) == min(number, 30)
