"""The gallery `/ui/`: every component in every state, for whoever builds or checks pages."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.ui.components import (
    Bar,
    BarGroup,
    Chart,
    Choice,
    Column,
    Item,
    MenuGroup,
    MenuItem,
    Moment,
    Step,
    StripDay,
    Switch,
)


class SampleForm(forms.Form):
    """One field of each sort."""

    place = forms.CharField(
        label="Adresse ou résidence", help_text="Par exemple : 12 rue des Mésanges."
    )
    words = forms.CharField(label="Que se passe-t-il ?", widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(
        label="De quoi s’agit-il ?",
        widget=forms.RadioSelect,
        choices=[
            ("waste", "Encombrants et dépôts"),
            ("light", "Éclairage"),
            ("lift", "Ascenseur en panne"),
        ],
    )
    when = forms.MultipleChoiceField(
        label="Quand ?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("day", "La journée"), ("evening", "Le soir"), ("night", "La nuit")],
    )
    where = forms.ChoiceField(
        label="Où exactement ?", choices=[("hall", "Hall"), ("stairs", "Cage d’escalier")]
    )
    email = forms.EmailField(
        label="Votre e-mail", required=False, help_text="Pour vous répondre, rien d’autre."
    )
    photos = forms.FileField(label="Photos", required=False, help_text="JPEG, PNG ou WebP.")
    agreed = forms.BooleanField(label="J’ai lu à quoi servent ces informations")


def thread(today: datetime.date) -> list[Step]:
    """A thread with every sort of step."""
    return [
        Step(
            "Vu par 7 habitants",
            who="2 photos",
            day=today - datetime.timedelta(20),
            icon="users",
            url="#fil",
        ),
        Step("Étape non publique", hidden=True),
        Step(
            "Constats de marche",
            day=today - datetime.timedelta(16),
            icon="footprints",
            count=12,
            url="#fil",
        ),
        Step(
            "Décidé en COTECH",
            "Fermer le local et passer la benne chaque semaine jusqu’à la livraison.",
            who="Agglomération",
            day=today - datetime.timedelta(15),
            icon="gavel",
            url="#fil",
        ),
        Step(
            "Encombrants devant l’entrée 12", who="Bailleur", day=today, icon="megaphone", here=True
        ),
        Step(
            "Payé par l’abattement de TFPB",
            "Axe 4, déchets et encombrants.",
            amount=Decimal("1240"),
            icon="euro",
            url="#fil",
        ),
        Step(
            "Vérification sur place",
            who="marche de retour",
            day=today + datetime.timedelta(17),
            future=True,
        ),
        Step("Réponse aux 7 personnes", future=True),
    ]


def strip() -> list[StripDay]:
    """Two weeks: a day with two things, one called off, and free days."""
    today = timezone.localdate()
    meeting = Moment("Réunion publique sur le square", "#", "megaphone", "18 h · Maison du projet")
    course = Moment("Atelier compost", "#", "hammer", "14 h", cancelled=True)
    filled = {0: (meeting,), 5: (course, meeting)}
    return [
        StripDay(today + datetime.timedelta(days=day), filled.get(day, ()), day == 0)
        for day in range(14)
    ]


def board() -> list[Column]:
    """Late, soon, later, and a column with nothing in it."""
    return [
        Column(
            "En retard",
            "late",
            [
                Item(
                    "Ascenseur, tour A, entrée 3",
                    "#tableau",
                    "Bailleur · dû jeudi 26 février · 11 personnes",
                    "#",
                    "Relancer",
                ),
                Item(
                    "Réponse à l’avis du conseil citoyen sur la phase 2",
                    "#tableau",
                    "Agglomération · due lundi",
                ),
            ],
            7,
            "#tableau",
        ),
        Column(
            "Cette semaine",
            "soon",
            [Item("Passage de la benne, entrées 8 à 14", "#tableau", "Ville · mardi")],
            1,
        ),
        Column("Plus tard"),
    ]


def features() -> dict[str, Any]:
    """Three points and an outline, in an invented place."""
    square = [[[3.52, 50.36], [3.53, 50.36], [3.53, 50.366], [3.52, 50.366], [3.52, 50.36]]]
    points = [
        ("1", "Encombrants, entrée 12", "late", 3.5225, 50.3625),
        ("2", "Éclairage de la coursive", "soon", 3.525, 50.364),
        ("3", "Aire de jeux", "done", 3.528, 50.3615),
    ]
    found: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": square},
            "properties": {
                "id": "q",
                "title": "Quartier (schéma)",
                "url": "#carte",
                "kind": "outline",
                "tone": "",
            },
        }
    ]
    for pk, title, tone, longitude, latitude in points:
        found.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                "properties": {
                    "id": pk,
                    "title": title,
                    "url": "#carte",
                    "kind": "point",
                    "tone": tone,
                },
            }
        )
    return {"type": "FeatureCollection", "features": found}


def chart() -> Chart:
    """Bars of two surveys, one figure missing."""
    shares = {"Bien dans le lieu": (62, 81), "Charges comprises": (0, 47)}
    return Chart(
        title="Ce que disent les habitants",
        text="Part de ceux qui répondent oui.",
        groups=tuple(
            BarGroup(
                label,
                (
                    Bar("3 mois", first, f"{first} %" if first else "trop peu"),
                    Bar("12 mois", last, f"{last} %", second=True),
                ),
            )
            for label, (first, last) in shares.items()
        ),
        heads=("Question", "À 3 mois", "À 12 mois"),
        rows=tuple((label, f"{first} %", f"{last} %") for label, (first, last) in shares.items()),
    )


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, with its menus, on one page."""
    today = timezone.localdate()
    for level, words in (
        (messages.SUCCESS, "Votre signalement est envoyé."),
        (
            messages.WARNING,
            "Deux photos sur trois ont été gardées : la dernière n’est pas une image.",
        ),
        (messages.ERROR, "L’adresse n’est pas reconnue. Ce que vous avez écrit est gardé."),
        (messages.INFO, "Le service sera coupé dimanche de 6 h à 7 h."),
    ):
        messages.add_message(request, level, words)
    labels = ["À traiter", "Signalements", "Quartiers", "Organisations", "Contrats de ville"]
    group = MenuGroup("Terrain", (MenuItem("Qui gère quoi", "#"), MenuItem("Loges", "#")))
    map_features = features()
    return render(
        request,
        "ui/gallery.html",
        {
            "menu": [
                *(MenuItem(label, "#", current=label == "Signalements") for label in labels),
                group,
            ],
            "tools": [
                MenuItem("Aide", "#"),
                MenuItem("Se déconnecter", "#", icon="log-out", post=True),
            ],
            "switch": Switch(
                "Agglomération (coordination)",
                "#",
                [
                    Choice("1", "Agglomération", "coordination", True),
                    Choice("2", "Commune de Rives", "lecture"),
                ],
            ),
            "footer": [
                MenuGroup("Ce site", (MenuItem("Aide", "#"), MenuItem("Mentions légales", "#"))),
                MenuGroup("Bon à savoir", (MenuItem("Contrats de ville", "#"),)),
            ],
            "crumbs": [
                MenuItem("Quartiers", "#"),
                MenuItem("Signalements", "#"),
                MenuItem("R-2026-0412", "#"),
            ],
            "steps": thread(today),
            "columns": board(),
            "days": strip(),
            "chart": chart(),
            "features": map_features,
            "places": [one["properties"] for one in map_features["features"]],
            "form": SampleForm(),
            "wrong": SampleForm({"place": "", "email": "pas une adresse"}, auto_id="wrong_%s"),
            "names": ["Où", "Quoi", "Contact"],
            "moment": timezone.now(),
            "amount": Decimal("12345.67"),
        },
    )
