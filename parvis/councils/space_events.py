"""What happens to documents that institutions owe to bodies, in words."""

from __future__ import annotations

DUE_DOCUMENT = "due_document"  # the kind, as the thread names it
DUE_DOCUMENT_SENTENCES = {
    "expected": "Document attendu de {concerns}",
    "moved": "Attendu le {new} au lieu du {old}",
    "given": "Document remis",
    "received": "Document reçu autrement",
}
