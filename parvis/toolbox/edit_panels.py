"""How the office lays out the form of each kind of sheet: its text, its sorting, its follow-up.

No day of publication, no privacy, no tab of promotion: a sheet is proposed, read and published.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)

from parvis.toolbox.edit_forms import SheetForm
from parvis.toolbox.models import (
    AdviceSheet,
    ExperienceSheet,
    MethodSheet,
    ModelSheet,
    NewsSheet,
    ResidentGuide,
    Sheet,
)

TITLES: dict[type[Sheet], tuple[str, str]] = {
    MethodSheet: (
        "Titre",
        "Ce que la fiche apprend à faire : « Préparer un diagnostic en marchant ».",
    ),
    ExperienceSheet: ("Titre", "Ce qui a été fait, et où : « Un local à vélos aux Tilleuls »."),
    AdviceSheet: (
        "La question",
        "Comme quelqu’un la pose : « Que faire d’un caddie abandonné ? ».",
    ),
    ResidentGuide: ("Titre", "Avec les mots des habitants."),
    ModelSheet: ("Titre", "Ce qu’est le document : « Compte rendu de visite de chantier »."),
    NewsSheet: ("Titre", "La nouvelle, en quelques mots."),
}
BODIES: dict[type[Sheet], tuple[str, str]] = {
    MethodSheet: ("Pour aller plus loin", "Exemples, tableaux, images, modèles à télécharger."),
    ExperienceSheet: ("Pour aller plus loin", "Photos, documents, chiffres détaillés."),
    AdviceSheet: ("La réponse", "Courte : ce qu’il faut savoir, et quoi faire."),
    ResidentGuide: ("Le guide", "Une idée par paragraphe, des phrases courtes, des images."),
    ModelSheet: ("Le document", "À quoi il sert, puis le fichier à télécharger."),
    NewsSheet: ("La nouvelle", "Ce qui se passe, où, quand, pour qui."),
}
OWN: dict[type[Sheet], list[Any]] = {
    MethodSheet: [
        FieldPanel("question", help_text="Une seule question, celle que le lecteur se pose."),
        FieldPanel("when", help_text="Dans quelles situations, et dans lesquelles non."),
        FieldPanel("steps", help_text="Une liste numérotée, une action par étape."),
        FieldPanel("who", help_text="Qui pilote, qui participe, qui décide."),
        FieldPanel("means", help_text="Matériel, salle, budget, temps de chacun."),
        FieldPanel("duration", help_text="Par exemple : « trois semaines, dont une sortie »."),
        FieldRowPanel([FieldPanel("cost_from"), FieldPanel("cost_to")], heading="Coût"),
        FieldPanel("pitfalls", help_text="Ce qui a déjà fait échouer, et comment l’éviter."),
    ],
    ExperienceSheet: [
        FieldPanel("context", help_text="Ce qui n’allait pas, pour qui, depuis quand."),
        FieldRowPanel([FieldPanel("scale"), FieldPanel("period")]),
        FieldPanel("done", help_text="Ce qui a été fait, dans l’ordre, et par qui."),
        FieldPanel("cost"),
        FieldPanel("funding", help_text="Qui a payé, et combien."),
        FieldPanel("results", help_text="Ce qui a été mesuré, avant et après. Même décevant."),
        FieldPanel("differently", help_text="Ce que vous diriez à qui s’y lance demain."),
    ],
}


def lay_out() -> None:
    """Give each kind its form; called once, at start."""
    for model in TITLES:
        title, title_help = TITLES[model]
        body, body_help = BODIES[model]
        model.base_form_class = SheetForm
        model.edit_handler = TabbedInterface(
            [
                ObjectList(_text(model, title, title_help, body, body_help), heading="Texte"),
                ObjectList(_sorting(), heading="Classement"),
                ObjectList(_life(), heading="Auteurs et suivi"),
            ],
            base_form_class=SheetForm,
        )


def _text(model: type[Sheet], title: str, title_help: str, body: str, body_help: str) -> list[Any]:
    return [
        HelpPanel(template="toolbox/edit_help.html", heading="Pour bien commencer"),
        FieldPanel("title", heading=title, help_text=title_help),
        FieldPanel("summary", help_text="Lue dans les listes : ce que la fiche apporte, à qui."),
        *OWN.get(model, []),
        FieldPanel("body", heading=body, help_text=body_help),
        InlinePanel(
            "wordings",
            heading="Traductions et version facile à lire",
            label="Autre version du texte",
            help_text="Dites de quelle version du texte il s’agit : une traduction plus ancienne "
            "que le texte est signalée au lecteur.",
        ),
        CommentPanel(),
    ]


def _sorting() -> list[Any]:
    return [
        FieldPanel("themes", heading="Thèmes"),
        FieldPanel("labels", heading="Étiquettes", help_text="À qui et à quel moment elle sert."),
        FieldPanel("quartiers", heading="Quartiers", help_text="Si la fiche parle d’un quartier."),
        InlinePanel(
            "see_also",
            panels=[PageChooserPanel("other", "toolbox.Sheet")],
            heading="Fiches liées",
            label="Fiche",
        ),
    ]


def _life() -> list[Any]:
    return [
        FieldPanel(
            "contributors", help_text="Les organisations qui ont aidé. Pas de nom de personne."
        ),
        FieldPanel("contact", help_text="Un service et son adresse, plutôt qu’une personne."),
        FieldPanel("licence", help_text="Ce que chacun peut faire de ce texte."),
        MultiFieldPanel(
            [FieldPanel("review_on"), FieldPanel("expires_on")],
            heading="Relecture",
            help_text="Vous serez prévenu un mois avant la relecture. Passé sa fin de validité, la "
            "fiche dit qu’elle n’est plus tenue à jour.",
        ),
    ]
