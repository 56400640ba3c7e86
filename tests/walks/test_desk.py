"""The pages of the desk, as people use them, and who may open them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.meetings.acts import add_things
from parvis.partners.actors import NOBODY
from parvis.reports.models import Report
from parvis.thread.register import kind_of
from parvis.walks import sorting
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.things import photo_of_finding
from tests.cast import Cast
from tests.figures.counting import counted
from tests.meetings.scene import sitting
from tests.reports.scene import at_point, filed
from tests.walks.scene import a_check, a_picture, answered, first_stop, found, walked

THROWN = "encombrants_exterieur"


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return walked(cast)


def text(client: Client, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(f"walks:{name}", args=args) + query)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def test_findings_stand_under_who_manages_the_place(cast: Cast, walk: Walk, client: Client) -> None:
    found(cast, walk, manager=None, note="Personne ne sait.")
    found(cast, walk)
    found(cast, walk, strength=True, note="Belles jardinières.", organisation=None)
    client.force_login(cast.claire)
    page = text(client, "desk", walk.pk)
    assert page.index("Escaut Habitat</h2>") < page.index("Sans gestionnaire</h2>")
    assert "1 point faible, 1 point fort, 2 à trier" in page
    assert "noté par un participant" in page
    assert "noté par Agglomération de l’Escaut" in page
    assert "Gêne vraiment" in page


def test_the_list_is_cut_down(cast: Cast, walk: Walk, client: Client) -> None:
    claire = cast.actor(cast.claire)
    noted = found(cast, walk, note="Déjà pris en note.")
    sorting.note_finding(noted, actor=claire)
    found(cast, walk, note="Reste à trier.")
    found(cast, walk, strength=True, note="Un point fort.", theme_code="eclairage")
    gone = found(cast, walk, note="Écarté depuis.")
    sorting.withdraw(gone, actor=claire)
    client.force_login(cast.claire)
    words = ["Déjà pris en note.", "Reste à trier.", "Un point fort.", "Écarté depuis."]

    def shown(query: str) -> list[bool]:
        page = text(client, "desk", walk.pk, query=query)
        return [one in page for one in words]

    assert shown("") == shown("?voir=a-trier") == [False, True, True, False]
    assert shown("?voir=tous") == [True, True, True, False]
    assert shown("?voir=points-forts") == [False, False, True, False]
    assert shown("?voir=ecartes") == [False, False, False, True]
    assert shown("?voir=tous&theme=eclairage") == [False, False, True, False]
    assert shown("?voir=tous&theme=inconnu&page=x") == [True, True, True, False]


def test_a_finding_is_reported_by_hand_and_the_next_one_opens(
    cast: Cast, walk: Walk, client: Client
) -> None:
    finding, other = found(cast, walk), found(cast, walk)
    client.force_login(cast.claire)
    url = reverse("walks:sort_finding", args=[finding.pk])
    category = sorting.categories_for(finding).get(code=THROWN)
    given = {"outcome": "report", "category": category.pk, "text": "À enlever.", "pictures": "on"}
    answer = client.post(url, given)
    assert answer["Location"] == reverse("walks:sort_finding", args=[other.pk])
    report = Report.objects.get()
    assert report.text == "À enlever."
    desk = text(client, "desk", walk.pk, query="?voir=tous")
    assert kind_of("report").url(report.pk) in desk
    again = text(client, "sort_finding", finding.pk)
    assert "il n’en reçoit pas deux" in again
    assert client.post(url, given).status_code == 200
    assert Report.objects.count() == 1


def test_a_report_near_is_offered_first(cast: Cast, walk: Walk, client: Client) -> None:
    report = filed(at_point(), THROWN).report
    finding = found(cast, walk)
    client.force_login(cast.claire)
    page = text(client, "sort_finding", finding.pk)
    first = page[page.index('name="outcome"') - 200 :]
    assert f'value="link:{report.pk}"' in first[:500]
    assert report.reference in page
    client.post(reverse("walks:sort_finding", args=[finding.pk]), {"outcome": f"link:{report.pk}"})
    finding.refresh_from_db()
    assert finding.outcome == "linked"


def test_a_report_without_a_category_and_nothing_chosen_are_refused(
    cast: Cast, walk: Walk, client: Client
) -> None:
    finding = found(cast, walk)
    client.force_login(cast.claire)
    url = reverse("walks:sort_finding", args=[finding.pk])
    assert "Choisissez une catégorie" in client.post(url, {"outcome": "report"}).content.decode()
    assert "reste un point à corriger" in client.post(url, {"text": "x"}).content.decode()
    made = client.post(url, {"outcome": "make:action"}).content.decode()
    assert "Aucun plan d’actions en cours" in made
    finding.refresh_from_db()
    assert finding.outcome == "to_sort"


def test_a_theme_without_category_has_no_report(cast: Cast, walk: Walk, client: Client) -> None:
    finding = found(cast, walk, theme_code="vie_sociale")
    client.force_login(cast.claire)
    assert "Un signalement à confier" not in text(client, "sort_finding", finding.pk)


def test_the_agenda_where_a_finding_stands_is_shown(cast: Cast, walk: Walk, client: Client) -> None:
    claire, meeting = cast.actor(cast.claire), sitting(cast)
    finding = found(cast, walk)
    sorting.put_to_decision(finding, actor=claire)
    add_things(meeting, [("observation", finding.pk)], actor=claire)
    client.force_login(cast.claire)
    page = text(client, "desk", walk.pk, query="?voir=tous")
    assert reverse("meetings:sitting", args=[meeting.pk]) in page


def test_several_are_sorted_in_one_go(cast: Cast, walk: Walk, client: Client) -> None:
    one, two = found(cast, walk), found(cast, walk)
    good = found(cast, walk, strength=True)
    client.force_login(cast.claire)
    url = reverse("walks:sort_several", args=[walk.pk])
    client.post(url, {"do": "strengths"})
    client.post(url, {"do": "unite", "finding": [one.pk, two.pk]})
    rows = dict(Observation.objects.values_list("pk", "outcome"))
    assert rows == {one.pk: "to_sort", two.pk: "to_sort", good.pk: "noted"}
    assert list(one.doubles.all()) == [two]
    client.post(url, {"do": "part", "finding": [two.pk]})
    client.post(url, {"do": "note", "finding": [one.pk, two.pk]})
    assert set(Observation.objects.values_list("outcome", flat=True)) == {"noted"}
    empty = client.post(url, {"do": "note"}, follow=True).content.decode()
    assert "Cochez d’abord" in empty


def test_a_finding_is_moved_from_its_page(cast: Cast, walk: Walk, client: Client) -> None:
    one, two = found(cast, walk), found(cast, walk)
    client.force_login(cast.claire)
    url = reverse("walks:move_finding", args=[one.pk])
    client.post(url, {"do": "unite", "into": two.pk})
    client.post(url, {"do": "part"})
    client.post(url, {"do": "withdraw"})
    page = client.post(url, {"do": "inventé"}, follow=True).content.decode()
    assert "Reprendre ce constat" in page
    client.post(url, {"do": "restore"})
    one.refresh_from_db()
    assert (one.same_as, one.withdrawn_at) == (None, None)


def test_what_was_noted_is_corrected_by_hand(cast: Cast, walk: Walk, client: Client) -> None:
    finding = found(cast, walk)
    client.force_login(cast.claire)
    url = reverse("walks:correct_finding", args=[finding.pk])
    assert "Des matelas" in client.get(url).content.decode()
    given = {"theme_code": "proprete", "strength": "", "severity": "", "stop": finding.stop_id}
    assert "Dites combien" in client.post(url, given).content.decode()
    client.post(url, {**given, "severity": "3", "manager": cast.town.pk, "outcome_note": "Mardi"})
    finding.refresh_from_db()
    assert (finding.severity, finding.manager, finding.outcome_note) == (3, cast.town, "Mardi")


def test_answers_tell_what_was_seen_and_whether_it_returned(
    cast: Cast, walk: Walk, client: Client
) -> None:
    report = filed(at_point(), THROWN).report
    answered(a_check(walk, ("report", report.pk), cast), "worse", note="Le tas grandit.")
    answered(
        a_check(walk, ("observation", found(cast, walk).pk), cast),
        organisation=cast.town,
        returned_at=timezone.now(),
    )
    answered(
        a_check(walk, ("observation", found(cast, walk).pk), cast), not_kept="Déjà réglé ailleurs."
    )
    client.force_login(cast.claire)
    page = text(client, "answers", walk.pk)
    for words in ("Le tas grandit.", "Pas encore rendu", "Rendu le", "Déjà réglé ailleurs."):
        assert words in page
    assert "vu par Ville d’Anzin" in page


def test_an_answer_does_not_tell_of_a_thing_that_its_reader_does_not_see(
    cast: Cast, walk: Walk, client: Client
) -> None:
    report = filed(at_point(), THROWN).report
    answer = answered(a_check(walk, ("report", report.pk), cast), note="Devant le 12.")
    picture = reverse("walks:picture", args=[a_picture(answer).pk, "small"])
    client.force_login(cast.luc)
    page = text(client, "answers", walk.pk)
    assert "Signalement que vous ne voyez pas" in page
    assert not [one for one in ("12 rue des Lilas", "Devant le 12.", picture) if one in page]
    client.force_login(cast.claire)  # who sorts reads it
    page = text(client, "answers", walk.pk)
    assert "Devant le 12." in page
    assert picture in page


# --- Rights -----------------------------------------------------------------------------------


def statuses(client: Client, walk: Walk, finding: Observation) -> dict[str, int]:
    pages = {"desk": walk, "answers": walk, "review": walk}
    pages |= dict.fromkeys(("observation", "sort_finding", "correct_finding"), finding)
    found = {
        name: client.get(reverse(f"walks:{name}", args=[one.pk])).status_code
        for name, one in pages.items()
    }
    several = client.post(reverse("walks:sort_several", args=[walk.pk]), {"do": "strengths"})
    moved = client.post(reverse("walks:move_finding", args=[finding.pk]), {"do": "withdraw"})
    return {**found, "sort_several": several.status_code, "move_finding": moved.status_code}


def test_a_called_association_and_a_called_landlord_read_and_do_not_sort(
    cast: Cast, walk: Walk, client: Client
) -> None:
    finding = found(cast, walk)
    for who in (cast.rose, cast.luc):
        client.force_login(who)
        got = statuses(client, walk, finding)
        reads = {"desk", "answers", "observation"}
        assert {name for name, code in got.items() if code == 200} == reads
        assert {code for name, code in got.items() if name not in reads} == {403}
        desk = text(client, "desk", walk.pk)
        assert "Donner une suite" not in desk
        assert 'type="checkbox"' not in desk
        assert "Donner une suite" not in text(client, "observation", finding.pk)
    finding.refresh_from_db()
    assert finding.withdrawn_at is None


def test_a_neighbour_and_another_landlord_see_nothing(
    cast: Cast, walk: Walk, client: Client
) -> None:
    finding = found(cast, walk)
    for who in (cast.bruno, cast.nadia, cast.paul):
        client.force_login(who)
        assert set(statuses(client, walk, finding).values()) == {404}


def test_a_landlord_that_was_not_called_reads_what_it_is_to_settle_once_sorted(
    cast: Cast, walk: Walk, client: Client
) -> None:
    finding = found(cast, walk, manager=cast.other_landlord)
    other = found(cast, walk, note="Chez quelqu’un d’autre.")
    url = reverse("walks:observation", args=[finding.pk])
    client.force_login(cast.paul)
    assert client.get(url).status_code == 404
    for one in (finding, other):
        sorting.note_finding(one, actor=cast.actor(cast.claire))
    page = text(client, "observation", finding.pk)
    assert "Des matelas" in page
    assert reverse("walks:walk", args=[walk.pk]) not in page
    assert client.get(reverse("walks:observation", args=[other.pk])).status_code == 404
    assert client.get(reverse("walks:desk", args=[walk.pk])).status_code == 404


def published(walk: Walk) -> None:
    now = timezone.now()
    Walk.objects.filter(pk=walk.pk).update(sent_at=now, published_at=now)


@pytest.mark.parametrize("who", ["", "bruno", "paul"])
def test_strangers_read_the_reviewed_text_and_nothing_internal(
    cast: Cast, walk: Walk, client: Client, who: str
) -> None:
    finding = found(cast, walk, note="Chez Madame Untel.", organisation=cast.town)
    follow = sorting.FollowUp(cast.landlord, timezone.localdate(), "On attend leur budget.")
    sorting.note_finding(finding, actor=cast.actor(cast.claire), follow=follow)
    double = found(cast, walk, note="Encore chez Madame Untel.")
    sorting.unite(double, finding, actor=cast.actor(cast.claire))
    a_picture(finding)
    published(walk)
    if who:
        client.force_login(getattr(cast, who))
    url = reverse("walks:observation", args=[finding.pk])
    assert client.get(url).status_code == 404
    words = {"shown": True, "public_note": "Des matelas.", "reviewed_at": timezone.now()}
    Observation.objects.filter(pk=finding.pk).update(**words)
    page = text(client, "observation", finding.pk)
    assert "Des matelas." in page
    hidden = ["Untel", "budget", "noté par", "Ville d’Anzin", "Ce qui s’est passé", "1 photo"]
    assert [one for one in hidden if one in page] == []
    assert client.get(reverse("walks:observation", args=[double.pk])).status_code == 404


def test_a_finding_is_shown_whole_to_partners(cast: Cast, walk: Walk, client: Client) -> None:
    finding = found(cast, walk)
    a_picture(finding)
    sorting.note_finding(finding, actor=cast.actor(cast.claire))
    client.force_login(cast.rose)
    page = text(client, "observation", finding.pk)
    for words in ("Des matelas", "Photo 1 sur 1", "Suite donnée : pris en note", "noté par"):
        assert words in page
    assert "<svg" in page


# --- Queries ----------------------------------------------------------------------------------


def many(cast: Cast, walk: Walk, number: int) -> None:
    stop, now = first_stop(walk), timezone.now()
    managers = [cast.landlord, cast.town, None]
    made = Observation.objects.bulk_create(
        Observation(
            uid=uuid4(),
            walk=walk,
            stop=stop,
            theme_code=["proprete", "eclairage"][place % 2],
            title=f"Constat {place}",
            strength=False,
            severity=place % 3 + 1,
            note="Vu.",
            manager=managers[place % 3],
            noted_at=now,
            received_at=now,
            organisation=cast.agglomeration,
            commune=cast.anzin,
        )
        for place in range(number)
    )
    report = filed(at_point(), THROWN).report
    for one in made[:10]:
        a_picture(one)
        sorting.link(cast.actor(cast.claire), ("observation", one.pk), ("report", report.pk))
        answered(a_check(walk, ("observation", one.pk), cast))


@pytest.mark.parametrize("name", ["desk", "answers", "review"])
def test_ten_findings_or_a_thousand_cost_the_same_queries(
    cast: Cast, client: Client, name: str
) -> None:
    client.force_login(cast.claire)
    counts = []
    for number in (10, 1000):
        walk = walked(cast)
        many(cast, walk, number)
        url = reverse(f"walks:{name}", args=[walk.pk])
        query = "?voir=tous" if name == "desk" else ""
        client.get(url + query)
        with counted() as queries:
            assert client.get(url + query).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 12, "\n".join(queries)


@pytest.mark.parametrize("name", ["observation", "sort_finding", "correct_finding"])
def test_one_finding_among_ten_or_a_thousand_costs_the_same_queries(
    cast: Cast, client: Client, name: str
) -> None:
    client.force_login(cast.claire)
    counts = []
    for number in (10, 1000):
        walk = walked(cast)
        many(cast, walk, number)
        one = walk.observations.order_by("pk")[0]
        sorting.unite(found(cast, walk), one, actor=cast.actor(cast.claire))
        url = reverse(f"walks:{name}", args=[one.pk])
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 24, "\n".join(queries)


def test_a_double_leads_to_the_finding_that_is_followed(
    cast: Cast, walk: Walk, client: Client
) -> None:
    head, double = found(cast, walk), found(cast, walk, note="Le même tas.")
    sorting.unite(double, head, actor=cast.actor(cast.claire))
    client.force_login(cast.rose)
    assert "Le même tas." in text(client, "observation", head.pk)
    page = text(client, "observation", double.pk)
    assert reverse("walks:observation", args=[head.pk]) in page


def test_pages_of_a_long_list_hold_forty_findings(cast: Cast, client: Client) -> None:
    walk = walked(cast)
    many(cast, walk, 90)
    client.force_login(cast.claire)
    first = text(client, "desk", walk.pk, query="?voir=tous")
    last = text(client, "desk", walk.pk, query="?voir=tous&page=3")
    assert (first.count('name="finding"'), last.count('name="finding"')) == (40, 10)
    assert "Voir la suite" in first
    assert "Voir la suite" not in last


def test_a_slide_shows_a_picture_once_it_was_reviewed(cast: Cast) -> None:
    finding = found(cast, walked(cast))
    picture = a_picture(finding)
    claire = cast.actor(cast.claire)
    assert photo_of_finding(claire, finding.pk) is None
    Picture.objects.filter(pk=picture.pk).update(shown=True, reviewed_at=timezone.now())
    assert photo_of_finding(claire, finding.pk)
    assert photo_of_finding(NOBODY, finding.pk) is None  # its account is not public
