"""Draws of the cast: twenty-four invented people on two lists, and a draw at each of its steps.

Every name, street and number below is a mark: nothing that leaves the lists may hold one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.councils import lot_acts, lot_lists
from parvis.councils.lot_reading import read_upload
from parvis.councils.lot_seed import commitment_of
from parvis.councils.models import Body, Draw, DrawnPerson, SeedParty, SourceList
from parvis.councils.regimes import regime_of
from tests.cast import Cast

MARK = "Zyxomarque"  # in every name
STREET = "Qwertigny"  # in every street
PHONE = "0399"  # at the beginning of every number
VALUES = {
    "Ville d’Anzin": "pommes vertes et trains bleus",
    "Une habitante": "sept chats gris au lavoir",
}
BASIS = "Consentement des personnes volontaires"


def csv_of(first: int = 0, last: int = 24) -> bytes:
    """People by turns women and men, of three ages, each in a home of their own."""
    lines = ["Nom;Prénom;Adresse;Ville;Né(e) le;Sexe;Portable;Mail;QPV;Inutile"]
    for number in range(first, last):
        year = (1960, 1985, 2003)[number % 3]
        lines.append(
            f"{MARK} {chr(65 + number)};Essai;{number + 1} rue {STREET};Anzin;01/02/{year};"
            f"{'F' if number % 2 else 'H'};{PHONE}{number:06};{MARK}{number}@exemple.test;"
            f"Rives de l’Escaut;{MARK}"
        )
    return "\n".join(lines).encode()


def upload(raw: bytes, name: str = "liste.csv") -> Any:
    """A file as a browser hands it over."""
    return SimpleUploadedFile(name, raw)


def drawing(body: Body) -> Body:
    """The same body under the regime that keeps the draw."""
    body.regime = "2024_tirage"
    assert regime_of(body.regime).draws
    body.save(update_fields=["regime"])
    return body


def begun(cast: Cast, body: Body, person: Any = None, **fields: Any) -> Draw:
    """A draw that claire opened: four seats, eight people in reserve."""
    drawing(body)
    given: dict[str, Any] = {
        "title": "Collège habitants",
        "college": "habitants",
        "seats": 4,
        "reserve": 8,
        "youngest": 16,
        "inside": True,
        "destroy_on": timezone.localdate() + timedelta(days=60),
        **fields,
    }
    return lot_acts.begin_draw(body, actor=cast.actor(person or cast.claire), **given)


def with_list(draw: Draw, actor: Any, raw: bytes | None = None, **fields: Any) -> SourceList:
    """A list taken and its columns confirmed as they were guessed."""
    sheet = read_upload(upload(raw or csv_of()))
    given = {"origin": "volontaires", "holder": "Les Voisins", "basis": BASIS, **fields}
    source = lot_lists.take_list(draw, sheet, actor=actor, **given)
    return lot_lists.confirm_columns(source, lot_lists.guessed(source), [])


def sifted(draw: Draw) -> Draw:
    """The lists crossed, as the task does."""
    lot_acts.sift_now(draw, lot_acts.ask(draw))
    draw.refresh_from_db()
    return draw


def prepared(draw: Draw, quotas: Any = None) -> Draw:
    """Two women and two men, and the chances computed, as the task does."""
    wanted = {"sexe": {"F": [2, 2], "H": [2, 2]}} if quotas is None else quotas
    lot_acts.set_rules(draw, household="foyer", quotas=wanted)
    draw.refresh_from_db()
    lot_acts.prepare_now(draw, lot_acts.ask(draw))
    draw.refresh_from_db()
    return draw


def ready(cast: Cast, body: Body, person: Any = None, **fields: Any) -> Draw:
    """A draw whose rules can be published."""
    draw = begun(cast, body, person, **fields)
    actor = cast.actor(person or cast.claire)
    with_list(draw, actor)
    prepared(sifted(draw))
    pairs = [(name, commitment_of(value)) for name, value in VALUES.items()]
    lot_acts.set_parties(draw, pairs, actor=actor)
    return draw


def sealed(cast: Cast, body: Body, person: Any = None, **fields: Any) -> Draw:
    """A draw whose rules are published."""
    draw = ready(cast, body, person, **fields)
    return lot_acts.seal_draw(draw, actor=cast.actor(person or cast.claire))


def drawn(cast: Cast, body: Body, person: Any = None, **fields: Any) -> Draw:
    """A draw whose people are named."""
    draw = sealed(cast, body, person, **fields)
    actor = cast.actor(person or cast.claire)
    for party in SeedParty.objects.filter(draw=draw).order_by("position"):
        lot_acts.reveal(party, VALUES[party.name], actor=actor)
    return lot_acts.draw_now(draw, actor=actor)


def first_of(draw: Draw) -> DrawnPerson:
    """Who has the first seat."""
    return draw.drawn.select_related("draw").get(seat=1, reserve=False)
