from typing import Any

import pytest

from parvis.partners.actors import NOBODY
from parvis.reports import acts
from parvis.reports.models import Category, Report
from parvis.reports.placing import Place


@pytest.fixture
def category(db: None) -> Category:
    return Category.objects.create(
        code="lampe", label="Lampadaire éteint", theme_code="eclairage", delay_days=5
    )


@pytest.fixture
def make_report(cast: Any, category: Category) -> Any:
    """Files a report at a point; published by the coordination unless told otherwise."""

    def make(
        point: tuple[float, float],
        *,
        public: bool = True,
        text: str = "Il fait noir.",
        **fields: Any,
    ) -> Report:
        place = Place(latitude=point[0], longitude=point[1])
        voice = acts.file_report(actor=NOBODY, place=place, category=category, text=text, **fields)
        if public:
            acts.review(
                voice.report,
                actor=cast.actor(cast.claire),
                public=True,
                text_shown=True,
                shown_photos=set(),
                shown_messages=set(),
            )
        return voice.report

    return make
