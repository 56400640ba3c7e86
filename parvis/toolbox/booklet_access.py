"""Who makes PDFs and booklets: everybody, of what everybody may read."""

from parvis.partners.rights import EVERYONE, Door

DOORS: dict[str, Door] = {
    "toolbox:sheet_pdf": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:booklet_put": Door(EVERYONE, "toolbox.sheet"),
    "toolbox:booklet": Door(EVERYONE),
    "toolbox:booklet_arrange": Door(EVERYONE),
    # The address is the right: nobody guesses it, and all that it shows is public.
    "toolbox:booklet_made": Door(EVERYONE),
    "toolbox:booklet_file": Door(EVERYONE),
}
