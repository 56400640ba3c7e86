"""Before and after: each earlier finding beside what the return saw of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.walks.giving_back import give_back_answers
from parvis.walks.models import Answer, Check, Observation, Picture, Walk
from parvis.walks.return_reading import compare
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.walks.return_scene import a_return, check_of, prepared, public
from tests.walks.scene import a_picture, again, answered, first_stop, found, walked, walking


def page_of(client: Any, walk: Walk) -> str:
    answer = client.get(f"/diagnostics/{walk.pk}/avant-apres/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def reviewed(*rows: Observation | Picture) -> None:
    for one in rows:
        type(one).objects.filter(pk=one.pk).update(shown=True, reviewed_at=timezone.now())


def test_each_finding_says_what_became_of_it(cast: Cast) -> None:
    told = compare(cast.actor(cast.claire), a_return(cast), inside=True)
    assert [(row.finding.theme_code, row.state) for row in told.rows] == [
        ("encombrants", "settled"),
        ("eclairage", "still"),
        ("voirie", "worse"),
        ("proprete", "unlooked"),
    ]
    assert [number for _, number, _ in told.counts] == [1, 1, 1, 1]
    assert told.chart
    assert "1 sur 4" in told.chart.text.replace("\N{NO-BREAK SPACE}", " ")
    assert told.chart.rows[0] == ("Réglé", "1")
    assert [one.title for one, _ in told.new] == [
        "Banc cassé · Placette de l’Écluse",
        "Fresque · Rue des Lilas",
    ]


def test_the_old_and_the_new_picture_stand_side_by_side(cast: Cast) -> None:
    walk = a_return(cast)
    rows = compare(cast.actor(cast.claire), walk, inside=True).rows
    assert rows[0].before
    assert rows[0].after
    assert rows[0].before.observation == rows[0].finding
    assert rows[0].after.answer == rows[0].latest
    assert (rows[3].before, rows[3].after) == (None, None)


def test_two_telephones_that_disagree_are_both_shown(client: Any, cast: Cast) -> None:
    walk = a_return(cast)
    worse = compare(cast.actor(cast.claire), walk, inside=True).rows[2]
    assert worse.disagree
    assert [one.result for one in worse.answers] == ["worse", "seen"]
    client.force_login(cast.claire)
    page = page_of(client, walk)
    assert "ne disent pas la même chose" in page
    assert "Ville d’Anzin" in page


def test_the_picture_is_of_what_counts(cast: Cast) -> None:
    walk = walked(cast)
    finding = found(cast, walk)
    made = prepared(cast, walk)
    check = check_of(made, finding)
    moment = timezone.now()
    a_picture(answered(check, "seen", noted_at=moment - timedelta(hours=2)))
    kept = a_picture(answered(check, "unseen", noted_at=moment - timedelta(hours=1)))
    answered(check, "unseen", noted_at=moment)
    (row,) = compare(cast.actor(cast.claire), again(made), inside=True).rows
    assert (row.state, row.after) == ("settled", kept)


def test_what_was_put_aside_is_not_compared(cast: Cast) -> None:
    walk = a_return(cast)
    rows = compare(cast.actor(cast.claire), walk, inside=True).rows
    Observation.objects.filter(pk=rows[0].finding.pk).update(withdrawn_at=timezone.now())
    Observation.objects.filter(pk=rows[1].finding.pk).update(same_as=rows[2].finding)
    assert len(compare(cast.actor(cast.claire), walk, inside=True).rows) == 2


def test_a_finding_settled_before_says_when(client: Any, cast: Cast) -> None:
    walk = a_return(cast)
    row = compare(cast.actor(cast.claire), walk, inside=True).rows[3]
    Observation.objects.filter(pk=row.finding.pk).update(
        condition="settled", condition_on=timezone.localdate()
    )
    client.force_login(cast.claire)
    page = page_of(client, walk)
    assert "pas regardé" in page
    assert "réglé le" in page


def test_partners_read_all_of_it(client: Any, cast: Cast) -> None:
    walk = a_return(cast)
    for person in (cast.claire, cast.karim, cast.luc, cast.rose):
        client.force_login(person)
        page = page_of(client, walk)
        assert "Trou dans le trottoir" in page, person.name
        assert "Des matelas depuis une semaine" in page, person.name
        assert "Vu ensemble" in page, person.name
    for person in (cast.bruno, cast.nadia, cast.paul):
        client.force_login(person)
        assert client.get(f"/diagnostics/{walk.pk}/avant-apres/").status_code == 404


def test_everybody_reads_what_was_reviewed_once_the_account_is_public(
    client: Any, cast: Cast
) -> None:
    walk = a_return(cast)
    url = f"/diagnostics/{walk.pk}/avant-apres/"
    assert client.get(url).status_code == 404
    rows = compare(cast.actor(cast.claire), walk, inside=True).rows
    assert rows[0].before
    assert rows[0].after
    public(walk)
    page = page_of(client, walk)
    assert "Encombrants" not in page
    assert "Banc cassé" not in page
    reviewed(rows[0].finding, rows[0].before)
    Observation.objects.filter(pk=rows[0].finding.pk).update(public_note="Relu par la ville.")
    page = page_of(client, walk)
    assert "Encombrants" in page
    assert "Relu par la ville" in page
    for kept in ("Trou dans", "matelas", "Vu ensemble", "Ville d’Anzin", "Banc cassé"):
        assert kept not in page, kept
    (told,) = compare(NOBODY, again(walk), inside=False).rows
    assert told.before
    assert told.after is None  # its picture was not reviewed
    reviewed(rows[0].after)
    (told,) = compare(NOBODY, again(walk), inside=False).rows
    assert told.after


def test_the_other_landlord_reads_what_everybody_reads(client: Any, cast: Cast) -> None:
    walk = public(a_return(cast))
    client.force_login(cast.paul)
    page = page_of(client, walk)
    assert "Encombrants" not in page
    assert "matelas" not in page


def test_who_was_called_to_the_return_alone_reads_of_the_walk_before_its_public_text(
    client: Any, cast: Cast
) -> None:
    walk = public(a_return(cast))
    (first, *_) = compare(cast.actor(cast.claire), walk, inside=True).rows
    reviewed(first.finding)
    Observation.objects.filter(pk=first.finding.pk).update(public_note="Un dépôt à l’entrée.")
    walk.gathering.guests.create(organisation=cast.other_landlord, invited_at=timezone.now())
    client.force_login(cast.paul)
    page = page_of(client, walk)
    assert "Un dépôt à l’entrée." in page
    earlier = page.split("Vus pour la première fois")[0]
    assert "matelas" not in earlier


def test_who_is_to_settle_a_finding_reads_here_what_everybody_reads(
    client: Any, cast: Cast
) -> None:
    walk = public(a_return(cast))
    (first, second, *_) = compare(cast.actor(cast.claire), walk, inside=True).rows
    Observation.objects.filter(pk__in=[first.finding.pk, second.finding.pk]).update(
        manager=cast.other_landlord, sorted_at=timezone.now()
    )
    reviewed(second.finding)
    told = compare(cast.actor(cast.paul), walk, inside=False).rows
    assert [(row.finding, row.before) for row in told] == [(second.finding, None)]
    client.force_login(cast.paul)
    assert "Encombrants" not in page_of(client, walk)


def test_the_findings_of_a_walk_that_is_not_public_stay_among_partners(cast: Cast) -> None:
    walk = public(a_return(cast))
    rows = compare(cast.actor(cast.claire), walk, inside=True).rows
    reviewed(rows[0].finding)
    assert len(compare(NOBODY, walk, inside=False).rows) == 1
    Walk.objects.filter(pk=walk.before_id).update(published_at=None)
    assert not compare(NOBODY, walk, inside=False).rows


def test_a_walk_that_is_no_return_says_so(client: Any, cast: Cast) -> None:
    client.force_login(cast.claire)
    page = page_of(client, walked(cast))
    assert "n’est pas un retour" in page
    assert 'class="btn quiet" href="/diagnostics' not in page


@pytest.mark.parametrize("who", ["claire", ""])
def test_it_asks_the_same_whatever_it_holds(
    client: Any, cast: Cast, django_assert_max_num_queries: Any, who: str
) -> None:
    walk = a_return(cast)
    first, now = first_stop(walk), timezone.now()
    rows = Observation.objects.bulk_create(
        Observation(
            uid=uuid4(),
            walk_id=walk.before_id or 0,
            stop=first_stop(walk.before) if walk.before else None,
            theme_code="voirie",
            title="Trou",
            strength=False,
            severity=2,
            shown=True,
            reviewed_at=now,
            noted_at=now,
            received_at=now,
        )
        for _ in range(300)
    )
    checks = Check.objects.bulk_create(
        Check(stop=first, thing_kind="observation", thing_id=one.pk, organisation=cast.town)
        for one in rows
    )
    Answer.objects.bulk_create(
        Answer(uid=uuid4(), about=one, result="unseen", noted_at=now, received_at=now)
        for one in checks
    )
    public(walk)
    if who:
        client.force_login(getattr(cast, who))
    page_of(client, walk)
    with django_assert_max_num_queries(12):
        page = page_of(client, walk)
    assert page.count("Trou</a>") == 300


def test_what_telephones_answered_comes_back_to_each_finding(client: Any, cast: Cast) -> None:
    walk = walked(cast)
    gone, worse = found(cast, walk), found(cast, walk)
    made = walking(cast, prepared(cast, walk))
    answers = [
        answered(check_of(made, gone), "unseen", note="Tout est parti."),
        answered(check_of(made, worse), "worse"),
    ]
    a_picture(answers[0])
    assert give_back_answers([one.pk for one in answers]) == 2
    gone.refresh_from_db()
    worse.refresh_from_db()
    assert (gone.condition, worse.condition) == ("settled", "worse")
    client.force_login(cast.claire)
    assert "Tout est parti" in page_of(client, made)
    type(made.gathering).objects.filter(pk=made.gathering_id).update(
        starts_at=in_days(-1), ends_at=in_days(-1, 2)
    )
    later = prepared(cast, again(made))
    assert [one.thing_id for one in Check.objects.filter(stop__walk=later)] == [worse.pk]
