"""The diagnostics of the demonstration: one walked, one that returns on it, one to come."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from parvis.tfpb.models import FieldCheck
from parvis.thread.models import Link
from parvis.walks.models import Answer, Check, Observation, Picture, Walk


def walks() -> list[Walk]:
    return list(Walk.objects.select_related("gathering").order_by("gathering__starts_at"))


def test_two_were_walked_and_the_second_returns_on_the_first(demo: None) -> None:
    first, returned, coming = walks()
    assert [one.state for one in (first, returned, coming)] == [
        "published",
        "published",
        "convened",
    ]
    assert returned.before == first
    assert first.observations.filter(strength=True).count() == 4
    assert not Observation.objects.filter(outcome="to_sort").exists()


def test_they_are_tied_to_reports_actions_and_a_line_of_the_abatement(demo: None) -> None:
    made = Link.objects.filter(source_kind="observation").values_list("target_kind", flat=True)
    assert {"report", "action"} <= set(made)
    kinds = set(Check.objects.filter(stop__walk=walks()[0]).values_list("thing_kind", flat=True))
    assert {"report", "tfpb_line", "pledge"} <= kinds
    assert FieldCheck.objects.filter(note__startswith="Diagnostic en marchant du").exists()
    assert not Answer.objects.filter(returned_at=None).exists()


def test_everybody_reads_the_account_and_what_became_of_it(demo: None, client: Client) -> None:
    first, returned, _ = walks()
    page = client.get(reverse("walks:account", args=[first.pk])).content.decode()
    assert "Hall propre" in page
    assert "vu réglé" in page
    page = client.get(reverse("walks:compare", args=[returned.pk])).content.decode()
    for one in Picture.objects.filter(observation__walk=first)[:1]:
        assert reverse("walks:picture", args=[one.pk, "small"]) in page
    states = set(Observation.objects.filter(walk=first).values_list("condition", flat=True))
    assert {"settled", "still", "worse"} <= states
