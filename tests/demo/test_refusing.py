"""The demonstration is for a new base only."""

import pytest
from django.core.management import CommandError, call_command

from parvis.places.models import Commune


def test_it_refuses_a_base_that_already_holds_a_territory(db):
    Commune.objects.create(code="59014", name="Anzin")
    with pytest.raises(CommandError, match="base neuve"):
        call_command("load_demo", verbosity=0)
