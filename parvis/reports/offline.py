"""What a browser keeps of the filing pages, so that a report is written without a network: one page
(`/signaler/hors-ligne/`) and the files it needs. Nothing else is ever kept; see `docs/offline.md`.
"""

from __future__ import annotations

from parvis.ui.keeping import KeptPage

FILES = (
    "ui/ui.css",
    "ui/favicon.svg",
    "ui/shell.js",
    "ui/said.js",
    "reports/unconnected.js",
    "reports/kept.js",
    "reports/leaving.js",
    "reports/outbox.js",
    "reports/store.js",
    "reports/photos.js",
    "reports/gathering.js",
    "reports/proof.js",
    "reports/proof-worker.js",
    "reports/unfinished.js",
    "reports/offline.js",
)
PAGE = KeptPage(FILES, "reports/service-worker.js")
