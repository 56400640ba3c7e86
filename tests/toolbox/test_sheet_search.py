"""Looking for a sheet: what people type, and what they find."""

from __future__ import annotations

import random
from io import StringIO
from time import perf_counter
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.partners.actors import NOBODY
from parvis.toolbox import sheet_index
from parvis.toolbox.models import MethodSheet, Sheet
from tests.cast import Cast
from tests.toolbox.scene import a_sheet
from tests.toolbox.sheet_scene import WANTED, label, many_sheets, titles


def found(words: str, actor: Any = NOBODY) -> list[str]:
    """The titles that these words find, best first."""
    among = Sheet.objects.visible_to(actor).filter(live=True)
    answer = sheet_index.find(words, among)
    names = dict(among.values_list("pk", "title"))
    return [names[pk] for pk in answer.ids] if answer else []


def missed(cast: Cast, crowd: int) -> list[tuple[str, str, list[str]]]:
    """The wanted sheets that do not come among the first three, in a crowd of others."""
    names = [*titles(crowd), *(title for title, _ in WANTED)]
    random.Random(7).shuffle(names)
    many_sheets(cast, names)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    answers = [(title, words, found(words)[:3]) for title, words in WANTED]
    return [one for one in answers if one[0] not in one[2]]


def test_thirty_searches_as_people_type_them_find_the_right_sheet(cast: Cast) -> None:
    assert missed(cast, 300) == []


@pytest.mark.drill
def test_thirty_searches_find_the_right_sheet_among_five_thousand(cast: Cast) -> None:
    assert missed(cast, 5000) == []
    among = Sheet.objects.visible_to(NOBODY).filter(live=True)
    for words in ("encombrants", "gestion des encombrants avec les gardiens", "ventillation"):
        start = perf_counter()
        sheet_index.find(words, among)
        print(f"{connection.vendor}: {words}: {1000 * (perf_counter() - start):.1f} ms")


def test_the_title_weighs_more_than_the_summary_and_the_text(cast: Cast) -> None:
    a_sheet(cast, title="Entretenir le local", pitfalls="<p>Les punaises.</p>")
    a_sheet(cast, title="Un hall propre", summary="Contre les punaises.")
    a_sheet(cast, title="Les punaises")
    assert found("punaise") == ["Les punaises", "Un hall propre", "Entretenir le local"]


def test_a_label_finds_what_bears_it(cast: Cast) -> None:
    sheet = a_sheet(cast, title="Tenir le hall")
    sheet.labels.add(label("public", "mediateurs"))
    sheet.save_revision().publish()
    assert found("médiateur") == ["Tenir le hall"]


def test_where_no_sheet_holds_every_word_those_that_hold_most_are_given(cast: Cast) -> None:
    a_sheet(cast, title="Réparer un ascenseur")
    a_sheet(cast, title="Réparer un interphone à la loge")
    answer = sheet_index.find("réparer interphone piscine", Sheet.objects.visible_to(NOBODY))
    assert answer is not None
    assert not answer.whole
    assert found("réparer interphone piscine") == ["Réparer un interphone à la loge"]


def test_a_draft_is_found_by_nobody_and_corrects_nothing(cast: Cast) -> None:
    a_sheet(cast, title="Le secret du beffroi", published=False)
    sheet = a_sheet(cast, title="Le kiosque")
    sheet.title = "Le beffroi"
    sheet.save_revision()  # a draft of what is published
    assert found("beffroi") == []
    assert found("beffroy", cast.actor(cast.karim)) == []
    with pytest.raises(ValueError, match="draft"):
        sheet_index.put(MethodSheet(title="Le secret", live=False))


def test_a_sheet_that_is_withdrawn_is_found_no_more(cast: Cast) -> None:
    sheet = a_sheet(cast, title="Le beffroi")
    assert found("beffroi") == ["Le beffroi"]
    Sheet.objects.filter(pk=sheet.pk).update(live=False)
    assert found("beffroi") == []  # even before the index has heard of it
    assert found("befroi") == []
    sheet_index.drop(sheet.pk)
    Sheet.objects.filter(pk=sheet.pk).update(live=True)
    assert found("beffroi") == []
    told = StringIO()
    call_command("rebuild_sheets_search", stdout=told)
    assert told.getvalue() == "Fiches indexées : 1.\n"
    assert found("befroi") == ["Le beffroi"]


def test_searching_asks_the_same_number_of_queries_whatever_there_is(cast: Cast) -> None:
    asked = []
    for names in ([*titles(9), "Encombrants : ce que fait le gardien"], titles(400, seed=3)):
        many_sheets(cast, names)
        with CaptureQueriesContext(connection) as queries:
            sheet_index.find("encombrant gardyen", Sheet.objects.visible_to(NOBODY))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 6


def test_words_that_only_ask_are_not_looked_for() -> None:
    assert sheet_index.asked_words("Comment faut-il trier ?") == ["trier"]
    assert sheet_index.asked_words("comment") == ["comment"]
    assert sheet_index.asked_words("?!") == []
