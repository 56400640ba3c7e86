"""Pages for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from parvis.works.acts import announcements, charters, sites
from parvis.works.models import CharterPledge
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.works.scene import a_worksite, day
from tests.works.site_scene import an_announcement, words


def _after_somebody_else(page: Any) -> None:
    """What is sent was written over an older version."""
    page.locator("input[name=version]").evaluate("field => { field.value = '0' }")
    page.get_by_label("Horaires").fill("du lundi au jeudi")
    press("Enregistrer")(page)


_ONE, _TOLD = "/chantiers/{site}/", "/annonces-de-travaux/{announced}/"
SHEETS: list[Sheet] = [
    Sheet("works/sites.html", "/chantiers/"),
    Sheet("works/sites.html", "/chantiers/?etat=termines", COORDINATION),
    Sheet("works/site.html", _ONE, pieces=("notices/subscribe_form.html",)),
    Sheet("works/site.html", _ONE, "luc"),
    Sheet("works/site.html", "/chantiers/{site_draft}/", "luc"),
    Sheet("works/site_form.html", "/chantiers/nouveau/", "luc"),
    Sheet("works/site_form.html", _ONE + "modifier/", "luc"),
    Sheet(
        "works/site_form.html",
        _ONE + "modifier/",
        "luc",
        pieces=("works/site_overtaken.html",),
        arrive=_after_somebody_else,
    ),
    Sheet("works/site_form.html", _ONE + "dates/", "luc"),
    Sheet("works/site_form.html", _ONE + "phases/{site_phase}/", "luc"),
    Sheet("works/site_form.html", _ONE + "nuisances/{site_nuisance}/", "luc"),
    Sheet("works/site_perimeter.html", _ONE + "perimetre/", "luc", ("upkeep/_draw.html",)),
    Sheet("works/site_charter.html", _ONE + "charte/", "luc"),
    Sheet("works/site_pledge.html", _ONE + "charte/engagements/{site_pledge}/", COORDINATION),
    Sheet("works/announcement.html", _TOLD),
    Sheet("works/announcement.html", "/annonces-de-travaux/{told_corrected}/"),
    Sheet("works/announcement.html", "/annonces-de-travaux/{told_draft}/", "luc"),
    Sheet("works/announcement_form.html", "/annonces-de-travaux/{told_draft}/modifier/", "luc"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A worksite with all its parts, one of them late, a charter with an unkept pledge, and
    announcements: standing, corrected, withdrawn, drafted."""
    luc = cast.actor(cast.luc)
    site = a_worksite(
        cast,
        title="Réhabilitation des Tilleuls",
        summary="Nous isolons les façades et changeons les fenêtres.\n\nVous restez chez vous.",
        hours="du lundi au vendredi, de 8 h à 17 h",
        contact="Loge des Tilleuls, 03 00 00 00 00",
        firms="Bâti Nord, Façades du Hainaut",
        place_label="3 à 9 rue des Tilleuls",
    )

    def version() -> int:
        site.refresh_from_db()
        return site.version

    phase = sites.write_phase(
        site,
        actor=luc,
        version=version(),
        title="Installation",
        summary="Barrières et échafaudages",
        starts_on=day(-10),
        ends_on=day(-3),
        began_on=day(-10),
    )
    sites.write_phase(
        site, actor=luc, version=version(), title="Façades", starts_on=day(3), ends_on=day(45)
    )
    nuisance = sites.write_nuisance(
        site,
        actor=luc,
        version=version(),
        kind="bruit",
        detail="Marteau-piqueur le matin",
        measure="Jamais avant 9 h, ni le mercredi après-midi.",
    )
    sites.write_nuisance(
        site, actor=luc, version=version(), kind="stationnement", starts_on=day(2), ends_on=day(9)
    )
    sites.date_worksite(
        site,
        actor=luc,
        version=version(),
        reason="Les fenêtres arrivent plus tard.",
        starts_on=day(-10),
        ends_on=day(40),
        began_on=day(-10),
    )
    charters.write_charter(
        site,
        actor=luc,
        version=version(),
        title="Charte de chantier propre",
        signed_on=day(-20),
        file=ContentFile(b"%PDF-1.7 charte", name="charte.pdf"),
    )
    charters.add_signer(site, actor=luc, name="Bâti Nord", signed_on=day(-20))
    pledge = charters.make_pledge(
        site, actor=luc, text="Laver les roues avant de sortir", chapter="proprete"
    )
    charters.make_pledge(site, actor=luc, text="Afficher cinq jours avant", chapter="information")
    charters.check_pledge(
        pledge,
        actor=cast.actor(cast.claire),
        result=CharterPledge.State.UNKEPT,
        evidence="Visite du matin : boue rue des Tilleuls.",
        checked_on=day(-1),
        next_check_on=day(6),
    )
    said = words(
        starts_on=day(6),
        ends_on=day(6),
        hours="de 8 h à 12 h",
        for_whom="Les quatre entrées des Tilleuls",
        why="Les vieux tuyaux fuient.",
        changes="Gardez de l’eau la veille.\nLes toilettes ne marcheront pas.",
        contact="Loge des Tilleuls, 03 00 00 00 00",
        easy="Mardi, il n’y a pas d’eau le matin.\nL’eau revient à midi.",
        nuisances=["eau"],
    )
    wrong = announcements.draft_announcement(
        site, actor=luc, residences=[cast.tilleuls], **{**said, "hours": "toute la journée"}
    )
    announcements.publish_announcement(wrong, actor=luc)
    right = announcements.draft_announcement(
        site, actor=luc, residences=[cast.tilleuls], replaces=wrong, **said
    )
    announcements.publish_announcement(right, actor=luc)
    draft = announcements.draft_announcement(site, actor=luc, **words(starts_on=day(2)))
    off = an_announcement(
        site, title="Benne déplacée", withdrawn_at=wrong.changed_at, reason="Plus besoin."
    )
    a_worksite(
        cast,
        title="Square terminé",
        starts_on=day(-90),
        began_on=day(-90),
        ended_on=day(-30),
        ends_on=day(-30),
    )
    a_worksite(cast, title="Nouvelle école", began_on=None, starts_on=day(60), ends_on=day(300))
    return {
        "site": site.pk,
        "site_draft": a_worksite(cast, title="Pas encore dit", public=False).pk,
        "site_phase": phase.pk,
        "site_nuisance": nuisance.pk,
        "site_pledge": pledge.pk,
        "announced": right.pk,
        "told_corrected": wrong.pk,
        "told_draft": draft.pk,
        "told_off": off.pk,
    }
