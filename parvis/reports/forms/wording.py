"""The form of an answer template."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.reports.acts.filing import TEXT_LENGTH
from parvis.reports.models import AnswerTemplate, Category
from parvis.reports.wordings import check_wording


class CategoryField(forms.ModelChoiceField):
    """A category or a whole family, each under its family."""

    def __init__(self, **kwargs: Any) -> None:
        rows = Category.objects.filter(active=True).select_related("parent")
        super().__init__(
            rows.order_by("position", "code"),
            error_messages={"invalid_choice": "Cette catégorie n’est plus proposée."},
            **kwargs,
        )

    def label_from_instance(self, category: Category) -> str:  # type: ignore[override]
        return f"{category.parent.label} · {category.label}" if category.parent else category.label


class TemplateForm(forms.ModelForm):
    """A name, a text with its placeholders, and what it is for."""

    text = forms.CharField(
        label="Texte",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": "Écrivez le texte de la réponse.",
            "max_length": f"Ce texte dépasse {TEXT_LENGTH} caractères : raccourcissez-le.",
        },
        validators=[check_wording],
    )
    category = CategoryField(
        label="Proposée pour",
        required=False,
        empty_label="Tous les sujets",
        help_text="Une famille vaut pour tous ses sujets.",
    )

    class Meta:
        model = AnswerTemplate
        fields = ("title", "text", "category")
        error_messages = {
            "title": {
                "required": "Donnez un nom à cette réponse.",
                "max_length": "Ce nom est trop long : 80 caractères au plus.",
            }
        }
        help_texts = {"title": "Lu par vos collègues seulement. Exemple : dépôt enlevé."}
