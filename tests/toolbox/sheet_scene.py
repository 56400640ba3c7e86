"""Hundreds or thousands of sheets at once, and what is looked for among them."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail.rich_text import RichText

from parvis.search import index, spelling
from parvis.toolbox import sheet_index
from parvis.toolbox.blocks import Body
from parvis.toolbox.models import AdviceSheet, Desk, Label, Sheet, Wording
from parvis.toolbox.office import desk_of
from parvis.upkeep.models import Theme
from parvis.upkeep.themes import themes, version
from tests.cast import Cast
from tests.toolbox.scene import a_paper, a_picture, a_sheet

ACTIONS = (
    "organiser", "préparer", "entretenir", "réparer", "financer", "évaluer", "animer", "signaler",
    "nettoyer", "sécuriser", "aménager", "suivre", "partager", "expliquer", "mesurer", "réduire",
    "prévenir", "négocier", "ouvrir", "fermer",
)  # fmt: skip
SUBJECTS = (
    "les encombrants", "le local vélos", "les halls d’entrée", "le tri des déchets",
    "les ascenseurs", "l’éclairage public", "les espaces verts", "un jardin partagé",
    "une fête de voisins", "les caves", "le stationnement", "les épaves", "une réunion publique",
    "la vidéosurveillance", "les chantiers", "le relogement", "les charges", "la propreté",
    "les aires de jeux", "la médiation", "les tags", "les nuisibles", "l’eau chaude",
    "le chauffage", "la boîte aux lettres", "les parties communes",
)  # fmt: skip
PLACES = (
    "au pied de l’immeuble", "dans un grand ensemble", "avec les gardiens", "avec les habitants",
    "pendant les travaux", "après la livraison", "en hiver", "dans une copropriété",
    "près de l’école", "avec une association", "sur un parking", "dans une petite résidence",
    "en cœur de quartier", "avec les bailleurs", "à peu de frais", "en une semaine",
    "toute l’année", "avec la commune",
)  # fmt: skip
WANTED = (
    ("Préparer un diagnostic en marchant", "diagnostique en marchant"),
    ("Tenir une charte de chantier propre", "chartre chantiers propres"),
    ("Tirer au sort un conseil citoyen", "tirage au sort conseils citoyens"),
    ("Bâtir un programme d’abattement de TFPB", "abatement tfpb"),
    ("Vivre avec une ventilation double flux", "ventillation doubles flux"),
    ("Orienter une famille en surendettement", "surendetement famille"),
    ("Recueillir un consentement écrit", "consentements ecrits"),
    ("Dire aux habitants ce qui a été fait", "dire habitant ce qui a ete fait"),
    ("Former les agents de proximité à l’accueil", "formation agent proximite acceuil"),
    ("Faire reculer les punaises de lit", "punaise de lits"),
    ("Choisir un composteur de quartier", "composteurs quartiers"),
    ("Rédiger un relevé de décisions clair", "releve decision"),
    ("Mener une enquête de satisfaction", "enquettes satisfaction"),
    ("Régler une sonnette ou un interphone", "interfone"),
    ("Monter un budget participatif", "budjet participatif"),
    ("Accueillir un nouveau locataire", "acceuillir nouveaux locataires"),
    ("Cartographier les dépôts sauvages", "depot sauvage cartografier"),
    ("Installer un compteur d’eau individuel", "conteur eau individuels"),
    ("Écrire en facile à lire et à comprendre", "facile a lire comprendre"),
    ("Passer un marché d’insertion", "marchés insertions"),
    ("Lutter contre la précarité énergétique", "precarite energetiques"),
    ("Parler du bruit entre voisins", "bruits voisin"),
    ("Convenir d’une charte de relogement", "charte relogements"),
    ("Aménager une ruelle piétonne", "ruele pietone"),
    ("Ouvrir une ressourcerie éphémère", "resourcerie ephemere"),
    ("Remettre en service une fontaine", "fontaines"),
    ("Peindre une fresque collective", "fresques collectives"),
    ("Repérer l’amiante avant démolition", "amiente demolition"),
    ("Planter une haie mellifère", "haies meliferes"),
    ("Assurer la garde des clés du gardien", "clef gardiens garde des cles"),
)  # fmt: skip


def titles(count: int, seed: int = 59) -> list[str]:
    """That many different titles, whose words are those of many others."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        words = (chance.choice(ACTIONS), chance.choice(SUBJECTS), chance.choice(PLACES))
        found.setdefault(" ".join(words).capitalize())
        if len(found) > 0.8 * len(ACTIONS) * len(SUBJECTS) * len(PLACES):
            raise ValueError("not enough different titles")
    return list(found)


def many_sheets(cast: Cast, named: list[str], *, indexed: bool = True, live: bool = True) -> Any:
    """Advice under these titles, on the desk of the town of Anzin, a table at a time."""
    made = make_many(desk_of(cast.town), named, live=live)
    if indexed:
        index_many(made)
    return made


def make_many(desk: Desk, named: list[str], *, live: bool = True) -> list[AdviceSheet]:
    """The same on any desk."""
    now = timezone.now()
    kind = ContentType.objects.get_for_model(AdviceSheet)
    locale = Locale.objects.get()
    steps = Page.steplen
    made = []
    last = Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for number, title in enumerate(named, start=1):
        pk, at = last + number, now - timedelta(minutes=number)
        made.append(
            AdviceSheet(
                id=pk,
                page_ptr_id=pk,
                sheet_ptr_id=pk,
                title=title,
                draft_title=title,
                slug=f"fiche-en-nombre-{pk}",
                path=Page._get_path(desk.path, desk.depth + 1, desk.numchild + number),
                depth=desk.depth + 1,
                numchild=0,
                url_path=f"{desk.url_path}fiche-en-nombre-{pk}/",
                content_type=kind,
                locale=locale,
                live=live,
                first_published_at=at if live else None,
                last_published_at=at if live else None,
                version=1 if live else 0,
                summary=f"Ce qu’il faut savoir pour {title[:1].lower()}{title[1:]}.",
                author_id=desk.organisation_id,
                coordination_id=desk.coordination_id,
            )
        )
    assert all(len(one.path) == len(desk.path) + steps for one in made)
    for model in (Page, Sheet, AdviceSheet):
        fields = model._meta.local_concrete_fields
        for start in range(0, len(made), 500):
            rows = made[start : start + 500]
            model._base_manager.all()._insert(rows, fields=fields, using="default", raw=True)
    Desk.objects.filter(pk=desk.pk).update(numchild=desk.numchild + len(named))
    _raise_number()
    return made


def _raise_number() -> None:
    """PostgreSQL numbers rows from where it stood, and not from the last one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'),"
                " (SELECT MAX(id) FROM wagtailcore_page))"
            )


def index_many(made: list[AdviceSheet]) -> None:
    """Index what was made, as `sheet_index.put` would, without asking for each one's labels."""
    head = [(one.pk, one.summary) for one in made]
    index.put_many(sheet_index.TITLE, [(one.pk, one.title) for one in made])
    index.put_many(sheet_index.HEAD, head)
    index.put_many(sheet_index.LABEL, [(one.pk, "conseil") for one in made])
    whole = [(one.pk, f"conseil {one.title} {one.summary}") for one in made]
    index.put_many(sheet_index.KIND, whole)
    spelling.learn(sheet_index.KIND, [text for _, text in whole])


def label(group: str, code: str) -> Label:
    """A label, as the lists load it."""
    return Label.objects.get_or_create(group=group, code=code, defaults={"label": code})[0]


def a_full_sheet(cast: Cast, *, published: bool = True, **fields: Any) -> Any:
    """A method with every field, a block of each kind, and three wordings."""
    sheet = a_sheet(cast, published=False)
    picture = a_picture(sheet, shown=False)
    paper = a_paper(sheet, shown=False)
    body = [
        ("text", RichText("<h2>En détail</h2><p>On marche <b>lentement</b>.</p>")),
        (
            "picture",
            {
                "picture": picture,
                "alt": "Un hall vide",
                "decorative": False,
                "caption": "Le hall",
            },
        ),
        ("note", {"tone": "attention", "text": RichText("<p>Prévenir les habitants.</p>")}),
        ("steps", {"title": "Le jour même", "steps": [RichText("<p>Se réunir.</p>")] * 2}),
        ("paper", {"paper": paper, "label": "La grille d’observation"}),
    ]
    sheet.body = [*body[:3], ("table", _table()), *body[3:]]
    values = {
        "question": "Comment regarder un quartier ensemble ?",
        "summary": "Une marche, des yeux différents, un compte rendu.",
        "when": "<p>Avant d’écrire un programme.</p>",
        "steps": "<ol><li>Choisir le trajet.</li><li>Inviter.</li></ol>",
        "who": "<p>Le bailleur, la commune, les habitants.</p>",
        "means": "<p>Une grille par personne.</p>",
        "duration": "deux heures",
        "cost_from": Decimal(0),
        "cost_to": Decimal(200),
        "pitfalls": "<p>Oublier de dire ce qui sera fait.</p>",
        "contributors": "Les Voisins",
        "contact": "Accueil de la ville d’Anzin",
        **fields,
    }
    for name, value in values.items():
        setattr(sheet, name, value)
    sheet.labels.set([label("public", "habitants"), label("domaine", "concertation")])
    sheet.themes.set([a_theme()])
    sheet.quartiers.set([cast.rives])
    sheet.wordings.set(
        [
            Wording(language="falc", title="Marcher ensemble", text="<p>On regarde.</p>"),
            Wording(language="en", title="Walking together", text="<p>We look.</p>"),
            Wording(language="ar", title="نمشي معا", text="<p>ننظر.</p>"),
        ]
    )
    revision = sheet.save_revision()
    if published:
        revision.publish()
    else:
        sheet.save()
    return type(sheet).objects.get(pk=sheet.pk)


def _table() -> Any:
    block = Body().child_blocks["table"]
    return block.to_python(
        {
            "columns": [{"type": "text", "heading": "Quoi"}, {"type": "text", "heading": "Qui"}],
            "rows": [{"values": ["Éclairage", "La commune"]}, {"values": ["Halls", "Le bailleur"]}],
            "caption": "Qui répond de quoi",
        }
    )


def again(sheet: Any, **fields: Any) -> Any:
    """The same sheet, published once more with these changes."""
    fresh = type(sheet).objects.get(pk=sheet.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save_revision().publish()
    return type(sheet).objects.get(pk=sheet.pk)


def a_theme() -> Theme:
    """The first theme of the list."""
    one = next(iter(themes().values()))
    return Theme.objects.get_or_create(
        code=one.code, version=version(), defaults={"label": one.label, "domain": one.domain}
    )[0]
