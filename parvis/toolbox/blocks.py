"""What the text of a sheet is made of: one flat list of six kinds, frozen.

A block that was published stays in revisions for ever: a kind more is a decision, a kind less a
migration. `tests/toolbox/test_blocks.py` holds the list.
"""

from __future__ import annotations

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

LINE = ["bold", "italic", "link", "document-link"]


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows in words; empty words say that it only decorates."""

    picture = ImageChooserBlock(label="image")
    alt = blocks.CharBlock(
        label="ce que l’image montre",
        max_length=250,
        required=False,
        help_text="Lu à qui ne voit pas l’image.",
    )
    decorative = blocks.BooleanBlock(label="l’image ne fait que décorer", required=False)
    caption = blocks.CharBlock(label="légende", max_length=250, required=False)


class NoteBlock(blocks.StructBlock):
    """A few lines set apart."""

    tone = blocks.ChoiceBlock(
        label="ton",
        choices=[("retenir", "À retenir"), ("attention", "Attention"), ("exemple", "Exemple")],
        default="retenir",
    )
    text = blocks.RichTextBlock(label="texte", features=[*LINE, "ul"])


class StepsBlock(blocks.StructBlock):
    """Steps in their order."""

    title = blocks.CharBlock(label="titre", max_length=120, required=False)
    steps = blocks.ListBlock(blocks.RichTextBlock(features=[*LINE, "ul"]), label="étapes")


class PaperBlock(blocks.StructBlock):
    """A document to download."""

    paper = DocumentChooserBlock(label="document")
    label = blocks.CharBlock(label="intitulé", max_length=160)


class Body(blocks.StreamBlock):
    """The six kinds."""

    text = blocks.RichTextBlock(label="texte", icon="pilcrow")
    picture = PictureBlock(label="image", icon="image")
    table = TypedTableBlock([("text", blocks.CharBlock())], label="tableau", icon="table")
    note = NoteBlock(label="encadré", icon="info-circle")
    steps = StepsBlock(label="étapes", icon="list-ol")
    paper = PaperBlock(label="document", icon="doc-full")
