"""Who may do what in this part."""

from parvis.partners.rights import Door

DOORS: dict[str, Door] = {}
