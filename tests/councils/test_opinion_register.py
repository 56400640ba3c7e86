"""The register: what waits on top, filters, figures, exports, as many queries for ten as for a
thousand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.councils.models import Asking, Opinion
from tests.cast import Cast
from tests.councils.opinion_scene import a_request, answered, overdue, sent
from tests.councils.scene import a_body, other_body


def many(opinion: Opinion, count: int) -> None:
    """So many public opinions like this one, with an asking each."""
    first = 1 + Opinion.objects.filter(body=opinion.body).count()
    fields = {
        one.attname: getattr(opinion, one.attname)
        for one in Opinion._meta.concrete_fields
        if one.name not in ("id", "number", "request", "title")
    }
    made = Opinion.objects.bulk_create(
        Opinion(**fields, number=first + place, title=f"Avis {place}") for place in range(count)
    )
    Asking.objects.bulk_create(Asking(opinion=one, position=1, text="Un banc") for one in made)


def test_a_page_asks_as_much_for_a_thousand_as_for_ten(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    opinion = sent(cast, body, a_request(cast, body), public=True)
    pages = (
        "/participation/avis/",
        f"/participation/avis/?instance={body.pk}&quartier={cast.rives.pk}&etat=attendue&mots=banc",
        "/participation/avis.csv",
        f"/participation/{body.pk}/suites/",
    )
    asked: list[list[int]] = []
    for count in (10, 990):
        many(opinion, count)
        asked.append([])
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(page)
                if answer.streaming:
                    b"".join(answer.streaming_content)
            asked[-1].append(len(queries))
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 14
    assert len(client.get(pages[0]).context["lines"]) == 40


def test_what_waits_is_on_top_the_most_late_first(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    done = answered(cast, sent(cast, body, public=True, title="Répondu"))
    waiting = sent(cast, body, public=True, title="En attente")
    late = overdue(sent(cast, body, public=True, title="Très en retard"), 12)
    shown = client.get("/participation/avis/")
    order = [line["opinion"].pk for line in shown.context["lines"]]
    assert order == [late.pk, waiting.pk, done.pk]
    assert "en retard de 12" in shown.text
    assert shown.context["counts"] == {"all": 3, "waiting": 2, "late": 1, "answered": 1}


def test_filters_keep_and_the_export_holds_what_is_shown(cast: Cast, client: Client) -> None:
    ours, theirs = a_body(cast), other_body(cast)
    sent(cast, ours, public=True, title="Chez nous")
    sent(cast, theirs, public=True, title="Chez eux", replier=cast.other_town)
    year = timezone.localdate().year

    def titles(query: str) -> set[str]:
        shown = client.get(f"/participation/avis/?{query}").context["lines"]
        return {line["opinion"].title for line in shown}

    both = {"Chez nous", "Chez eux"}
    assert titles("") == both
    assert titles(f"annee={year}") == both
    assert titles(f"instance={theirs.pk}") == {"Chez eux"}
    assert titles(f"quartier={cast.rives.pk}") == {"Chez nous"}
    assert titles(f"qui={cast.other_town.pk}") == {"Chez eux"}
    assert titles("etat=repondu") == set()
    assert titles("instance=licorne&page=licorne") == both
    for ending in ("csv", "xlsx", "ods"):
        answer = client.get(f"/participation/avis.{ending}?instance={theirs.pk}")
        content = answer.getvalue()
        assert answer.status_code == 200
        if ending == "csv":
            assert "Chez eux" in content.decode()
            assert "Chez nous" not in content.decode()
    assert client.get("/participation/avis.exe").status_code == 404


def test_a_partner_reads_there_what_was_sent_to_it_and_no_more(cast: Cast, client: Client) -> None:
    opinion = sent(cast, a_body(cast))
    found: dict[str, Any] = {}
    for who in (cast.karim, cast.yasmine, cast.nadia, cast.lila):
        client.force_login(who)
        shown = client.get("/participation/avis/").context["lines"]
        found[who.name] = [line["opinion"].pk for line in shown]
    mine = [opinion.pk]
    assert found == {"Karim": mine, "Yasmine": mine, "Nadia": [], "Lila": []}


def test_the_day_itself_is_not_late(cast: Cast) -> None:
    opinion = overdue(sent(cast, a_body(cast)), 0)
    assert not opinion.late_on(timezone.localdate())
    assert opinion.late_on(timezone.localdate() + timedelta(days=1))
