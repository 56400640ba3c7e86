"""Who may open the consolidation, the exports and the public page of a quartier's abatement.

What they show is cut down to the programmes that each actor may see.
"""

from __future__ import annotations

from parvis.partners.rights import EVERYONE, Door

DOORS: dict[str, Door] = {
    "tfpb:overview": Door(EVERYONE),
    "tfpb:overview_export": Door(EVERYONE),
    "tfpb:overview_lines": Door(EVERYONE),
}
