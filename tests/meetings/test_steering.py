"""An instance may steer a project: its sittings then stand on the project's thread."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from parvis.meetings.models import Instance
from parvis.thread.reading import thread_of
from tests.cast import Cast
from tests.meetings.scene import cotech, sitting
from tests.works.scene import a_project


@pytest.fixture
def steering(cast: Cast) -> Any:
    """A project that is not public yet, and the COTECH that steers it."""
    project = a_project(cast, public=False, partners=[])
    return project, cotech(cast, subject=("project", project.pk))


def test_a_sitting_stands_on_the_thread_of_the_project_and_the_project_on_its_own(
    cast: Cast, steering: Any
) -> None:
    project, instance = steering
    made = sitting(cast, instance)
    claire = cast.actor(cast.claire)
    assert ("sitting", made.pk) in {
        (one.kind, one.id) for one in thread_of(claire, "project", project.pk)
    }
    assert ("project", project.pk) in {
        (one.kind, one.id) for one in thread_of(claire, "sitting", made.pk)
    }


def test_the_page_of_the_instance_leads_to_the_project(
    cast: Cast, steering: Any, client: Client
) -> None:
    project, instance = steering
    client.force_login(cast.claire)
    page = client.get(f"/reunions/{instance.pk}/")
    assert f'href="/projets/{project.pk}/"' in page.content.decode()


def test_who_sits_there_but_does_not_see_the_project_does_not_read_its_name(
    cast: Cast, steering: Any, client: Client
) -> None:
    project, instance = steering
    client.force_login(cast.luc)
    page = client.get(f"/reunions/{instance.pk}/")
    assert page.status_code == 200
    assert project.title not in page.content.decode()


def test_a_project_that_one_does_not_see_is_not_offered(
    cast: Cast, steering: Any, client: Client
) -> None:
    project, _ = steering
    theirs = a_project(
        cast,
        public=False,
        partners=[],
        communes=[cast.raismes],
        carrier=cast.neighbour,
        title="Renouvellement de la Porte",
    )
    theirs.quartiers.clear()
    client.force_login(cast.claire)
    page = client.get("/reunions/nouvelle/").content.decode()
    assert f"project:{project.pk}" in page
    assert f"project:{theirs.pk}" not in page


def test_changing_an_instance_keeps_what_it_steers(
    cast: Cast, steering: Any, client: Client
) -> None:
    project, instance = steering
    client.force_login(cast.claire)
    fields = {
        "kind": "cotech",
        "name": "Comité des Rives",
        "cadence": "monthly",
        "subject": f"project:{project.pk}",
    }
    assert client.post(f"/reunions/{instance.pk}/modifier/", fields).status_code == 302
    instance.refresh_from_db()
    assert (instance.name, instance.subject) == ("Comité des Rives", ("project", project.pk))


def test_half_a_name_of_what_it_steers_is_refused_by_the_database(cast: Cast) -> None:
    instance = cotech(cast)
    with pytest.raises(IntegrityError):
        Instance.objects.filter(pk=instance.pk).update(subject_kind="project")
