"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from parvis.walks import links, planning, sorting
from parvis.walks.account_acts import publish_account, send_account
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet
from tests.reports.scene import at_point, filed
from tests.walks.account_scene import tellable
from tests.walks.return_scene import a_return
from tests.walks.scene import a_check, a_picture, a_walk, answered, called, first_stop, found


def shown(words: str) -> Any:
    """Arrive on a page on foot once its script has drawn it."""
    return lambda page: expect(page.get_by_role("heading", name=words)).to_be_visible()


SHEETS = [
    # Preparing.
    Sheet("walks/walks.html", "/diagnostics/", COORDINATION),
    Sheet(
        "walks/walk.html",
        "/diagnostics/{walk}/",
        COORDINATION,
        pieces=("walks/_plan.html", "walks/_tabs.html"),
    ),
    Sheet("walks/walk.html", "/diagnostics/{walk}/", "luc", pieces=("walks/_stops.html",)),
    Sheet("walks/walk_form.html", "/diagnostics/nouveau/", COORDINATION),
    Sheet("walks/walk_form.html", "/diagnostics/{walk}/annuler/", COORDINATION),
    Sheet(
        "walks/route.html",
        "/diagnostics/{walk}/parcours/",
        COORDINATION,
        pieces=("walks/_stops.html", "walks/_route_map.html"),
    ),
    Sheet("walks/stop_form.html", "/diagnostics/{walk}/arrets/ajouter/", COORDINATION),
    Sheet("walks/stop_form.html", "/diagnostics/{walk}/arrets/{stop}/", COORDINATION),
    Sheet("walks/checks.html", "/diagnostics/{walk}/arrets/{stop}/a-verifier/", COORDINATION),
    Sheet("walks/roles.html", "/diagnostics/{walk}/roles/", COORDINATION),
    # Back at the desk.
    Sheet(
        "walks/desk.html",
        "/diagnostics/{walk}/constats/?voir=tous",
        COORDINATION,
        pieces=(
            "walks/_finding.html",
            "walks/_pictures.html",
            "walks/_became.html",
            "walks/_tabs.html",
        ),
    ),
    Sheet("walks/desk_answers.html", "/diagnostics/{walk}/verifications/", COORDINATION),
    Sheet(
        "walks/review.html",
        "/diagnostics/{walk}/relecture/",
        COORDINATION,
        pieces=("walks/_review_picture.html",),
    ),
    Sheet("walks/walk.html", "/diagnostics/{walk}/", COORDINATION, pieces=("walks/_plan.html",)),
    Sheet(
        "walks/guests.html",
        "/diagnostics/{walk}/participants/",
        COORDINATION,
        pieces=("walks/_tabs.html",),
    ),
    Sheet("walks/guests.html", "/diagnostics/{prepared}/participants/", COORDINATION),
    Sheet("walks/observation.html", "/diagnostics/constats/{finding}/", COORDINATION),
    Sheet("walks/sort_finding.html", "/diagnostics/constats/{finding}/suite/", COORDINATION),
    Sheet("walks/sort_correct.html", "/diagnostics/constats/{finding}/corriger/", COORDINATION),
    # The account.
    Sheet(
        "walks/account.html",
        "/diagnostics/{told_walk}/compte-rendu/",
        COORDINATION,
        pieces=(
            "walks/_account_body.html",
            "walks/_account_pictures.html",
            "walks/_account_picture.html",
        ),
    ),
    Sheet("walks/account.html", "/diagnostics/{told_walk}/compte-rendu/"),
    Sheet(
        "walks/account_sent.html", "/diagnostics/{told_walk}/compte-rendu/version/1/", COORDINATION
    ),
    Sheet("walks/account_form.html", "/diagnostics/{told_walk}/compte-rendu/ecrire/", COORDINATION),
    Sheet("walks/account_ask.html", "/diagnostics/{told_walk}/compte-rendu/publier/", COORDINATION),
    # The return.
    Sheet("walks/return_form.html", "/diagnostics/{walked}/retour/", COORDINATION),
    Sheet(
        "walks/compare.html",
        "/diagnostics/{return_walk}/avant-apres/",
        COORDINATION,
        pieces=("walks/_compare_row.html", "walks/_compare_picture.html"),
    ),
    # On foot.
    Sheet(
        "walks/foot.html",
        "/diagnostics/avec/{walk_token}/",
        arrive=shown("1. Pied des Tilleuls"),
    ),
    Sheet("walks/foot.html", "/diagnostics/hors-ligne/", arrive=shown("Diagnostics gardés")),
    Sheet(
        "walks/foot.html",
        "/diagnostics/{walk}/sur-place/",
        COORDINATION,
        arrive=shown("1. Pied des Tilleuls"),
    ),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A walk to come, with its route and what was found on it; one that was walked and its return;
    one whose account was sent."""
    claire = cast.actor(cast.claire)
    walk = called(cast)
    finding = found(cast, walk)
    a_check(walk, ("observation", finding.pk), cast)
    a_picture(finding, people=True)
    noted = found(cast, walk, theme_code="espaces_verts", strength=True, manager=None)
    sorting.put_to_decision(noted, actor=claire)
    report = filed(at_point(), "encombrants_exterieur").report
    sorting.link_to_report(found(cast, walk), report.pk, actor=claire)
    a_picture(answered(a_check(walk, ("observation", noted.pk), cast)))
    planning.give_role(walk, "photo", guest=walk.gathering.guests.get(organisation=cast.town))
    again = a_return(cast)
    told = tellable(cast)
    send_account(told, actor=claire)
    publish_account(told, actor=claire)
    return {
        "walk": walk.pk,
        "walk_token": links.token_of(walk),
        "prepared": a_walk(cast, stops=False).pk,
        "finding": finding.pk,
        "stop": first_stop(walk).pk,
        "walked": again.before_id,
        "return_walk": again.pk,
        "told_walk": told.pk,
    }
