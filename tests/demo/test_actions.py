"""What the demonstration tells of the convention de GUP and of the plan."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from parvis.actions.models import Convention
from parvis.demo import story
from parvis.partners.actors import actors_of
from parvis.partners.models import User
from parvis.thread.reading import awaiting


@pytest.fixture(scope="module")
def loaded(kept: None) -> None:
    """The whole territory, with a few reports, for all the tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "COUNT", 5)
        call_command("load_lists", verbosity=0)
        call_command("load_demo", verbosity=0)


@pytest.fixture
def demo(loaded: None, db: None) -> Any:
    """The territory as it was loaded."""


def test_a_convention_holds_twelve_pledges_three_of_them_not_kept(demo: Any) -> None:
    convention = Convention.objects.get()
    assert convention.published_at is not None
    assert convention.pledges.count() == 12
    assert convention.pledges.filter(state="unkept").count() == 3
    assert convention.pledges.filter(state="unchecked").count() == 1


def test_the_pledges_that_are_not_kept_await_the_next_agenda(demo: Any) -> None:
    actor = actors_of(User.objects.get(email="coordination@demo.invalid"))[0]
    found = awaiting(actor, timezone.localdate())
    assert len([one for one in found if one.kind == "pledge" and one.state == "unkept"]) == 3
