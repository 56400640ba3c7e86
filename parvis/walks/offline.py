"""What a browser keeps of the page on foot, so that a walk is held without a network: one page
(`/diagnostics/hors-ligne/`) and the files it needs. What it holds of a walk is in its own database,
on that telephone alone; see `docs/offline.md`.
"""

from __future__ import annotations

from parvis.ui.keeping import KeptPage

FILES = (
    "ui/ui.css",
    "ui/favicon.svg",
    "ui/shell.js",
    "reports/photos.js",
    "walks/foot.js",
    "walks/foot-draft.js",
    "walks/foot-form.js",
    "walks/foot-kept.js",
    "walks/foot-outbox.js",
    "walks/foot-parts.js",
    "walks/foot-plan.js",
    "walks/foot-presence.js",
    "walks/foot-sending.js",
    "walks/foot-stops.js",
    "walks/foot-waiting.js",
)
PAGE = KeptPage(FILES, "walks/foot-worker.js")
