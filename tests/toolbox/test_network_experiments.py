"""The register of experiments: tried, measured, decided, shown once the coordination says so."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.thread.acts import link
from parvis.thread.models import Event
from parvis.thread.reading import awaiting, due_for, rows_lying
from parvis.thread.register import Order, Where, kind_of, makings
from parvis.toolbox import network_experiment_acts as acts
from parvis.toolbox.models import Experiment, Result
from parvis.toolbox.network_reading import chart_of
from tests.cast import Cast
from tests.gatherings.scene import workshop
from tests.toolbox.course_scene import a_course, a_workshop
from tests.toolbox.network_scene import a_question, an_experiment, decided, measured, tried

pytestmark = pytest.mark.django_db
LIST = "/experimentations/"


def browser(person: Any = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def page_of(experiment: Experiment) -> str:
    return reverse("toolbox:experiment", args=[experiment.pk])


def test_it_is_secret_until_the_coordination_publishes_it(cast: Cast) -> None:
    made, claire = tried(cast), cast.actor(cast.claire)
    where = Where(quartiers=frozenset([cast.rives.pk]))

    def seen_by(who: str) -> bool:
        person = getattr(cast, who) if who else None
        client, actor = browser(person), cast.actor(person) if person else NOBODY
        found = {
            client.get(page_of(made)).status_code == 200,
            made.title in client.get(LIST).content.decode(),
            bool(rows_lying(actor, where, ["experiment"])),
        }
        assert len(found) == 1, who
        return found.pop()

    inside, outside = ("sofia", "luc", "claire"), ("rose", "paul", "bruno", "nadia", "")
    assert [seen_by(who) for who in (*inside, *outside)] == [True] * 3 + [False] * 5
    acts.publish_experiment(made, actor=claire, published=True)
    assert [seen_by(who) for who in outside] == [True] * 5
    acts.publish_experiment(made, actor=claire, published=False)
    assert not seen_by("")


STEPS = {
    "publish_experiment": {"claire"},
    "start_experiment": {"karim", "sofia"},
    "measure_experiment": {"karim", "sofia"},
    "decide_experiment": {"karim", "claire"},
    "tell_experiment": {"karim", "sofia"},
}


def test_each_step_is_for_those_it_belongs_to(cast: Cast) -> None:
    made = an_experiment(cast, published=True)
    people = ("karim", "sofia", "claire", "luc", "bruno", "nadia", "rose", "yasmine")
    clients = {who: browser(getattr(cast, who)) for who in people}
    for name, allowed in STEPS.items():
        url = reverse(f"toolbox:{name}", args=[made.pk])
        codes = {who: client.post(url).status_code for who, client in clients.items()}
        assert {who for who, code in codes.items() if code != 403} == allowed, name
        Experiment.objects.filter(pk=made.pk).update(published_at=timezone.now())


def test_from_the_hypothesis_to_the_decision_in_the_pages(cast: Cast) -> None:
    client, today = browser(cast.karim), timezone.localdate()
    given = {"title": "Bacs à marée", "hypothesis": "Moins de dépôts le dimanche."}
    client.post(reverse("toolbox:new_experiment"), given)
    made = Experiment.objects.get()
    assert (made.state, made.coordination) == ("prepared", cast.agglomeration)
    client.post(reverse("toolbox:start_experiment", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "prepared"  # neither dates nor what is tried
    more = {
        "test": "Un bac de plus.",
        "starts_on": today - timedelta(days=9),
        "ends_on": today,
        "indicator": "Dépôts par semaine",
        "before": "12,5",
        "target": "6",
    }
    client.post(reverse("toolbox:edit_experiment", args=[made.pk]), {**given, **more})
    client.post(reverse("toolbox:start_experiment", args=[made.pk]))
    result = {"on": today, "after": "4", "text": "Presque plus rien."}
    client.post(reverse("toolbox:measure_experiment", args=[made.pk]), result)
    client.post(
        reverse("toolbox:decide_experiment", args=[made.pk]),
        {"decision": "spread", "reason": "Simple et peu cher."},
    )
    made.refresh_from_db()
    assert (made.state, made.before) == ("spread", Decimal("12.5"))
    page = client.get(page_of(made)).content.decode()
    assert all(word in page for word in ("12,5", "Presque plus rien.", "Simple et peu cher."))
    events = Event.objects.filter(thing_kind="experiment").order_by("pk")
    codes = list(events.values_list("code", flat=True))
    assert codes == ["written", "changed", "started", "measured", "decided"]


def test_a_test_that_goes_on_keeps_its_first_result(cast: Cast) -> None:
    made = decided(cast, "go_on")
    made.refresh_from_db()
    assert made.state == "running"
    assert made.ends_on == timezone.localdate() + timedelta(days=90)
    karim, today = cast.actor(cast.karim), timezone.localdate()
    acts.write_result(made, actor=karim, on=today, after=Decimal(15), text="Encore mieux.")
    assert [one.after for one in made.results.all()] == [Decimal("17.5"), Decimal(15)]
    # What the figures are compared to stays.
    acts.write_experiment(made, actor=karim, before=Decimal(400), title="Un autre titre")
    made.refresh_from_db()
    assert (made.before, made.title) == (Decimal(40), "Un autre titre")
    with pytest.raises(ValidationError, match="à venir"):
        acts.decide(made, actor=karim, decision="go_on", reason="Oui.", ends_on=today)


def test_what_is_ended_changes_no_more(cast: Cast) -> None:
    made, karim = decided(cast, "stop"), cast.actor(cast.karim)
    with pytest.raises(ValidationError, match="terminée"):
        acts.write_experiment(made, actor=karim, title="Autre chose")
    with pytest.raises(ValidationError, match="pendant un essai"):
        acts.write_result(made, actor=karim, on=timezone.localdate(), text="Encore.")


def test_a_result_is_seen_during_the_test_and_not_ahead_of_it(cast: Cast) -> None:
    made = tried(cast)
    for days in (1, -400):
        on = timezone.localdate() + timedelta(days=days)
        with pytest.raises(ValidationError, match="déjà passé"):
            acts.write_result(made, actor=cast.actor(cast.karim), on=on, text="Vu.")


def test_the_database_keeps_the_rules_by_itself(cast: Cast) -> None:
    made = measured(cast)
    rows = Experiment.objects.filter(pk=made.pk)
    wrong: list[Any] = [
        lambda: rows.update(starts_on=timezone.localdate() + timedelta(days=900)),
        lambda: rows.update(ends_on=None),
        lambda: rows.update(indicator=""),
        lambda: made.results.update(decision="stop"),
        lambda: Result.objects.create(experiment=made, on=timezone.localdate(), text="Encore."),
    ]
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def due(actor: Any) -> list[Any]:
    today = timezone.localdate()
    spans = due_for(actor, days=[today])
    return [one.due_on for one in spans[0].first if one.kind == "experiment"]


def test_an_end_that_passed_without_a_result_is_due_to_who_leads(cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    made = tried(cast, ends_on=yesterday)
    tried(cast, title="Un autre, en cours")
    assert due(cast.actor(cast.karim)) == [yesterday]
    for who in ("luc", "claire", "nadia"):  # partner, coordination, neighbour
        assert due(cast.actor(getattr(cast, who))) == []
    assert "résultat attendu" in browser(cast.karim).get(page_of(made)).content.decode()
    acts.write_result(
        made, actor=cast.actor(cast.karim), on=yesterday, after=Decimal(3), text="Vu."
    )
    assert due(cast.actor(cast.karim)) == []
    found = awaiting(cast.actor(cast.claire), timezone.localdate())
    assert [(one.kind, one.id) for one in found if one.kind == "experiment"] == [
        ("experiment", made.pk)
    ]


def test_a_decision_becomes_an_experiment(cast: Cast) -> None:
    claire = cast.actor(cast.claire)
    making = next(one for one in makings(claire) if one.code == "experiment")
    assert not any(one.code == "experiment" for one in makings(cast.actor(cast.rose)))
    question = a_question(cast)  # stands for what decides
    order = Order(
        source=("question", question.pk),
        title="Essayer un local",
        organisation_id=cast.town.pk,
        where=Where(quartiers=frozenset([cast.rives.pk])),
    )
    made = making.make(claire, order)
    link(claire, order.source, made)
    found = Experiment.objects.get()
    assert (found.organisation, found.coordination) == (cast.town, cast.agglomeration)
    assert list(found.quartiers.all()) == [cast.rives]
    assert browser(cast.karim).get(page_of(found)).status_code == 200
    with pytest.raises(ValidationError, match="quelle organisation"):
        making.make(claire, Order(source=order.source, title="Sans personne"))


def test_what_was_learnt_is_told_in_an_experience_sheet(cast: Cast, monkeypatch: Any) -> None:
    given: dict[str, Any] = {}
    fake: Any = ModuleType("parvis.toolbox.edit_acts")
    fake.write_experience = lambda actor, **facts: given.update(facts) or SimpleNamespace(pk=7)
    monkeypatch.setitem(sys.modules, "parvis.toolbox.edit_acts", fake)
    running = tried(cast)
    with pytest.raises(ValidationError, match="décidée"):
        acts.tell_experience(running, actor=cast.actor(cast.karim))
    made = decided(cast, hypothesis="Si ceci, alors cela.")
    url = reverse("toolbox:tell_experiment", args=[made.pk])
    answer = browser(cast.karim).post(url)
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[7])
    assert given["told"] == ("experiment", made.pk)
    facts = given["facts"]
    assert facts["context"] == "Si ceci, alors cela."
    assert (facts["themes"], facts["quartiers"]) == (["encombrants"], [cast.rives.pk])
    assert "40 dépôts avant" in facts["results"]
    assert "17,5 dépôts" in facts["results"]
    assert facts["contributors"] == "Escaut Habitat"


def test_before_and_after_stand_on_one_scale_with_their_table(cast: Cast) -> None:
    made = measured(cast)
    chart = chart_of(made, list(made.results.all()))
    assert chart is not None
    bars = chart.groups[0].bars
    assert [(one.percent, one.words, one.second) for one in bars] == [
        (100.0, "40", False),
        (43.75, "17,5", False),
        (50.0, "20", True),
    ]
    assert [row[1] for row in chart.rows] == ["40 dépôts", "17,5 dépôts", "20 dépôts"]
    alone = an_experiment(cast, target=None)
    assert chart_of(alone, []) is None


def test_the_calendar_shows_meetings_of_the_network_that_one_may_see(cast: Cast) -> None:
    workshop(cast, kind="reseau", title="Le réseau se retrouve")
    workshop(cast, kind="formation", title="Se former au tri")
    workshop(cast, kind="atelier", title="Atelier des habitants")
    workshop(cast, kind="reseau", title="Brouillon de rencontre", public=False)
    for who, drafts in ((None, False), (cast.luc, False), (cast.karim, True)):
        for path in ("/reseau/rendez-vous/", "/reseau/rendez-vous.ics"):
            text = browser(who).get(path).content.decode()
            assert "Le réseau se retrouve" in text
            assert "Se former au tri" in text
            assert "Atelier des habitants" not in text
            assert ("Brouillon de rencontre" in text) is drafts, (who, path)


def test_the_calendar_shows_each_date_of_a_training_for_those_who_work_in_quartiers(
    cast: Cast,
) -> None:
    a_course(cast, title="Accueillir et orienter")
    a_workshop(cast, title="Ma ventilation, chez moi")
    text = browser(None).get("/reseau/rendez-vous/").content.decode()
    assert text.count("Accueillir et orienter") == 3
    assert "Ma ventilation" not in text


def test_the_register_takes_as_many_queries_whatever_it_holds(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    now, through = timezone.now(), Experiment.quartiers.through
    for number in (10, 990):
        some = Experiment.objects.bulk_create(
            Experiment(
                title=f"Essai inventé {rank}",
                hypothesis="Si.",
                organisation=cast.town,
                coordination=cast.agglomeration,
                written_at=now,
                published_at=now,
            )
            for rank in range(number)
        )
        through.objects.bulk_create(
            through(experiment_id=one.pk, quartier=cast.rives) for one in some
        )
        with django_assert_num_queries(4):
            answer = Client().get(f"{LIST}?quartier={cast.rives.pk}&etat=prepared")
        assert len(answer.context["rows"]) == min(number, 30)
    assert kind_of("experiment").rows(NOBODY).count() == 1000
