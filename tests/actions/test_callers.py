"""What calls for an action: found by words or by an address, linked and told by the thread."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.actions import acts
from parvis.partners.actors import NOBODY
from parvis.partners.rights import Refused
from parvis.thread.acts import link
from parvis.thread.finding import find_things, thing_at, thing_of
from parvis.thread.reading import thread_of
from parvis.thread.register import Where
from tests.actions.scene import fiche
from tests.cast import IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed, make_public


def test_words_find_what_lies_there_whatever_accents_and_case(cast: Cast) -> None:
    report = make_public(filed(at_point(IN_VALENCIENNES), code="encombrants_exterieur").report)
    claire, rives = cast.actor(cast.claire), Where(quartiers=frozenset({cast.rives.pk}))
    (found,) = find_things(claire, "DÉPÔT signalement", rives)
    assert found.value == f"report:{report.pk}"
    assert find_things(claire, "ascenseur", rives) == []
    assert find_things(claire, "  ", rives) == []
    assert find_things(claire, "depot", Where()) == []
    assert find_things(claire, "depot", rives, without={("report", report.pk)}) == []


def test_an_address_finds_its_thing_wherever_it_lies_and_shows_no_more_than_one_may_see(
    cast: Cast,
) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    site = "https://parvis.exemple.test/signalements"
    address = f"{site}/{report.reference}/?de=liste#photos"
    for text in (address, f"{site}/{report.pk}/", f" {report.reference.lower()} "):
        assert thing_at(text) == ("report", report.pk)
    assert thing_at(f"{site}/{report.reference}/corriger/") is None
    assert [one.value for one in find_things(cast.actor(cast.claire), address, Where())] == [
        f"report:{report.pk}"
    ]
    assert find_things(cast.actor(cast.theo), address, Where()) == []


@pytest.mark.parametrize(
    "text", ["", "/", "/rien/", "/compte/", "banc", "https://[", "/actions/x/"]
)
def test_what_is_no_address_of_a_thing_is_none(text: str) -> None:
    assert thing_at(text) is None


@pytest.mark.parametrize("value", ["", "report", "report:", "report:x", "report:²", "rien:1"])
def test_what_names_no_thing_is_none(value: str) -> None:
    assert thing_of(value) is None


def test_a_report_that_is_linked_by_hand_stands_on_the_thread_from_both_ends(
    cast: Cast, client: Client
) -> None:
    report = make_public(filed(at_point(IN_VALENCIENNES), code="encombrants_exterieur").report)
    made = fiche(cast)
    client.force_login(cast.claire)
    url = reverse("actions:callers", args=[made.pk])
    assert f'value="report:{report.pk}"' in client.get(f"{url}?mot=depot").content.decode()
    client.post(url, {"things": [f"report:{report.pk}"]})
    for kind, pk in (("report", report.pk), ("action", made.pk)):
        steps = {(one.kind, one.id) for one in thread_of(cast.actor(cast.claire), kind, pk)}
        assert {("report", report.pk), ("action", made.pk)} <= steps
    client.post(url, {"things": [f"report:{report.pk}"], "do": "remove"})
    assert acts.callers_of(made) == set()


def test_what_one_may_not_see_is_not_linked(cast: Cast) -> None:
    report, made = filed(at_point(IN_VALENCIENNES)).report, fiche(cast)
    assert acts.call_for(made, {("report", report.pk)}, actor=cast.actor(cast.theo)) == 0
    assert acts.callers_of(made) == set()


def test_what_arose_from_an_action_does_not_call_for_it(cast: Cast) -> None:
    report, made = filed(at_point(IN_VALENCIENNES)).report, fiche(cast)
    link(NOBODY, ("action", made.pk), ("report", report.pk))
    with pytest.raises(Refused):
        acts.call_for(made, {("report", report.pk)}, actor=cast.actor(cast.claire))


def test_who_only_reads_the_fiche_links_nothing(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    client.force_login(cast.odile)
    url = reverse("actions:callers", args=[made.pk])
    assert client.post(url, {"things": ["report:1"]}).status_code in (403, 404)


def test_the_page_asks_the_same_for_many_callers(cast: Cast, client: Client) -> None:
    made = fiche(cast)
    client.force_login(cast.claire)
    url = f"{reverse('actions:callers', args=[made.pk])}?mot=depot"

    def asked(count: int) -> int:
        for _ in range(count):
            place = at_point(IN_VALENCIENNES)
            one = make_public(filed(place, code="encombrants_exterieur").report)
            acts.call_for(made, {("report", one.pk)}, actor=cast.actor(cast.claire))
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked(1)
    assert asked(8) == few
    assert few <= 14, few
