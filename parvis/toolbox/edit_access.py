"""Who may do what in this part."""

from parvis.partners.rights import PARTNERS, Door
from parvis.toolbox.scopes import WRITERS

DOORS: dict[str, Door] = {"toolbox:edit_due": Door(PARTNERS, roles=WRITERS)}
