"""The index: the same answers on both databases, held against a plain Python account of them."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.search import index
from parvis.search.models import Entry
from parvis.search.words import stem, words_of

pytestmark = pytest.mark.django_db


def found(words, kind="report"):
    ids = index.matching(kind, words)
    return None if ids is None else set(ids)


@pytest.fixture
def lamps():
    index.put_many(
        "report",
        [
            (1, "L’éclairage de l’entrée est cassé depuis trois jours"),
            (2, "Dépôt d’encombrants devant les logements, rue du Cœur"),
            (3, "Éclairages publics éteints, rue Émile-Zola"),
        ],
    )


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("éclairage", {1, 3}),
        ("ECLAIRAGE", {1, 3}),
        ("éclairages", {1, 3}),
        ("l'éclairage", {1, 3}),
        ("écl", {1, 3}),
        ("logemen", {2}),
        ("logement", {2}),
        ("coeur", {2}),
        ("cœur", {2}),
        ("rue", {2, 3}),
        ("rue éclairage", {3}),
        ("zola emile", {3}),
        ("cassée", {1}),
        ("éclairage logement", set()),
        ("piscine", set()),
    ],
)
def test_finding(lamps, words, ids):
    assert found(words) == ids


@pytest.mark.parametrize("words", ["", "   ", "\0", "?!", "'", '"""', "l'", "la de", "%_*", "()"])
def test_without_a_word_there_is_nothing_to_look_for(words):
    assert index.matching("report", words) is None


@pytest.mark.parametrize(
    "words",
    [
        'éclairage"',
        "éclairage'",
        "éclairage''",
        "éclairage\\",
        "éclairage\0",
        "éclairage*",
        "(éclairage",
        "éclairage & | ! <-> :*",
        "éclairage)) --",
        "'éclairage':*",
        '"éclairage" ^ {} -',
        "\ud800éclairage",
    ],
)
def test_signs_of_a_query_language_are_no_orders(lamps, words):
    assert found(words) == {1, 3}


@pytest.mark.parametrize("words", ["éclairage OR piscine", "éclairage NOT rue", "NEAR(éclairage)"])
def test_words_of_a_query_language_are_plain_words(lamps, words):
    assert found(words) == set()


def test_the_sign_of_stems_cannot_be_typed(lamps):
    assert found("§eclairag") == {1, 3}  # as if it were not there


def test_words_past_the_eighth_are_not_looked_for(lamps):
    assert found("écl écla éclai éclair éclaira éclairag éclairage piscine") == set()
    assert found("écl écla éclai éclair éclaira éclairag éclairage éc piscine") == {1, 3}


def test_a_kind_never_finds_another():
    index.put("report", 5, "éclairage")
    index.put("quartier", 5, "Dutemple")
    assert found("dutemple") == set()
    assert found("dutemple", "quartier") == {5}
    assert found("éclairage", "quartier") == set()


def test_indexing_anew_replaces_the_words():
    index.put("report", 5, "éclairage")
    index.put("report", 5, "ascenseur")
    assert found("éclairage") == set()
    assert found("ascenseur") == {5}
    assert Entry.objects.count() == 1


def test_an_id_given_twice_keeps_its_last_text():
    index.put_many("report", [(5, "éclairage"), (5, "ascenseur")])
    assert found("ascenseur") == {5}


def test_what_is_dropped_is_not_found():
    index.put_many("report", [(5, "éclairage"), (6, "éclairage")])
    index.drop("report", 5)
    index.drop("report", 5)
    assert found("éclairage") == {6}


@pytest.mark.parametrize("text", ["", "\0", "…", "a" * 3000, "é " * 60_000, "𝕏 😀 ملك Пример"])
def test_any_text_can_be_indexed(text):
    index.put("report", 5, text)


def test_a_huge_text_of_different_words_can_be_indexed():
    index.put("report", 5, " ".join(f"mot{n}" for n in range(100_000)))
    assert found("mot1") == {5}


def test_other_scripts_are_found():
    index.put("report", 5, "Освещение улицы ملك")
    assert found("освещ") == {5}
    assert found("ملك") == {5}


def test_ids_serve_in_another_query_without_being_fetched():
    index.put_many("report", [(1, "éclairage"), (2, "rue")])
    numbers = Entry.objects.order_by("pk").values_list("pk", flat=True)
    first = numbers[0] - 1
    with CaptureQueriesContext(connection) as captured:
        entries = Entry.objects.annotate(thing=index.F("number") - first)
        assert [e.thing for e in entries.filter(thing__in=index.matching("report", "rue"))] == [2]
    assert len(captured) == 1


@pytest.mark.parametrize("act", ["put", "put_many", "drop", "matching"])
def test_each_act_is_one_query(act, django_assert_num_queries):
    index.put("report", 1, "éclairage")
    acts = {
        "put": lambda: index.put("report", 1, "rue"),
        "put_many": lambda: index.put_many("report", [(n, "rue") for n in range(400)]),
        "drop": lambda: index.drop("report", 1),
        "matching": lambda: list(index.matching("report", "rue éclairage")),
    }
    with django_assert_num_queries(1):
        acts[act]()


def test_indexing_nothing_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        index.put_many("report", [])


def test_two_kinds_that_share_a_number_are_told_apart_at_once(monkeypatch):
    monkeypatch.setattr(index.zlib, "crc32", lambda name: 7)
    monkeypatch.setattr(index, "_kind_of_number", {})
    index.put("report", 1, "rue")
    with pytest.raises(ValueError, match="share a number"):
        index.put("quartier", 1, "rue")


TEXTS = st.lists(
    st.lists(
        st.sampled_from(
            ["Éclairages", "éclairés", "logement", "logo", "Cœur", "l’œuvre", "rue", "12bis"]
        )
        | st.text(max_size=6),
        max_size=6,
    ).map(" ".join),
    max_size=5,
)
QUESTIONS = st.lists(
    st.sampled_from(["éclairage", "ecl", "logements", "œuvr", "RUE", "1", "d’œuvre"])
    | st.text(max_size=4),
    min_size=1,
    max_size=3,
).map(" ".join)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=TEXTS, question=QUESTIONS)
def test_the_database_answers_as_plain_python_would(texts, question):
    Entry.objects.all().delete()
    index.put_many("report", enumerate(texts, 1))
    asked = words_of(question)[: index.MAX_WORDS]

    def holds(text, word):
        words = words_of(text)
        return any(w.startswith(word) or stem(w) == stem(word) for w in words)

    expected = {n for n, text in enumerate(texts, 1) if all(holds(text, word) for word in asked)}
    assert found(question) == (expected if asked else None)


def test_things_are_ranked_by_how_many_words_they_hold_then_by_where(lamps):
    index.put_many("report_place", [(1, "entrée"), (2, "rue du Cœur"), (3, "rue Émile-Zola")])
    assert index.how_many("report", ["eclairage", "rue", "piscine"]) == [2, 2, 0]
    weights = {"eclairage": 10, "rue": 10}
    parts = [index.Part("report_place", 5), index.Part("report_place", 1, whole=True)]
    assert index.ranked("report", weights, parts, _numbers(9), 9) == []
    among = _numbers(1, 2, 3)
    ranked = index.ranked("report", weights, parts, among, 9)
    assert [tuple(one) for one in ranked] == [(3, 2, 80), (2, 1, 70), (1, 1, 10)]
    assert [one.pk for one in index.ranked("report", weights, parts, _numbers(1, 2), 1)] == [2]
    assert index.ranked("report", {}, parts, among, 9) == []


def _numbers(*numbers):
    """These numbers as a queryset of one column."""
    index.put_many("zero", [(number, "x") for number in numbers])
    first = index._first_number("zero")
    return Entry.objects.filter(number__in=[first + one for one in numbers]).values_list(
        F("number") - first
    )
