"""Every page of the site, by its template: where it is, who opens it, and what it must show.

A page whose template is missing here fails `test_every_template_of_a_page_is_walked`.
"""

from __future__ import annotations

from typing import Any

from tests.cast import PASSWORD
from tests.pages.keys import plug_in_a_key
from tests.pages.sheet import COORDINATION, NO_MANDATE, Sheet, press
from tests.rooms import NEWER, room_module

MANY = "&".join(f"a{n}=" for n in range(1001))  # more fields than a request may hold


def _ask_for_a_code(page: Any) -> None:
    page.get_by_label("Votre adresse électronique professionnelle").fill("karim@exemple.test")
    press("Recevoir un code")(page)


# What the front of the web process says, or what is said when nothing can be written.
TURNED_AWAY = (408, 413, 503, 507)


def _by_password(page: Any) -> None:
    page.get_by_text("J’ai un mot de passe").click()
    page.get_by_label("Adresse électronique", exact=True).fill("karim@exemple.test")
    page.get_by_label("Mot de passe").fill("ce n’est pas lui")
    press("Entrer avec mon mot de passe")(page)


def _by_password_then_factor(page: Any) -> None:
    page.context.clear_cookies()  # another sign-in may be half way
    page.reload()
    page.get_by_text("J’ai un mot de passe").click()
    page.get_by_label("Adresse électronique", exact=True).fill("nadia@exemple.test")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press("Entrer avec mon mot de passe")(page)


def _add_a_passkey(page: Any) -> None:
    plug_in_a_key(page)
    press("Créer la clé")(page)


def _new_phone(page: Any) -> None:
    page.get_by_label("Nom du téléphone").fill("Téléphone de la loge")
    press("Enrôler un téléphone")(page)


def _new_code(page: Any) -> None:
    page.get_by_label("Personne").select_option(label="Luc")
    press("Donner un code")(page)


def _merge(page: Any) -> None:
    page.get_by_label("Bailleur qui disparaît").select_option(label="Hainaut Logis")
    page.get_by_label("Bailleur qui le reprend").select_option(label="Escaut Habitat")
    press("Voir ce qui changerait")(page)


def _send_nothing_with_a_photo(page: Any) -> None:
    """A form that comes back: its faults, and the photo that was kept."""
    from tests.pages.world import photo

    picture = {"name": "trou.jpg", "mimeType": "image/jpeg", "buffer": photo("#8c5a48").jpeg}
    page.locator("input[type=file]").set_input_files(picture)
    page.locator("[name=email]").fill("lea@exemple")
    # As without JavaScript: no check of the browser, no sending by the page itself.
    page.locator("form[data-tell]").evaluate("form => form.submit()")
    page.get_by_text("Photos gardées").wait_for()


def _choose_for_a_batch(page: Any) -> None:
    page.locator("input[name=r]").first.check()
    page.get_by_label("Que faire des signalements").select_option("drop")
    press("Appliquer")(page)


def _without_cookies(page: Any) -> None:
    page.context.clear_cookies()
    page.locator("[name=reference]").fill("S-1")
    page.locator("[name=code]").fill("abc")
    press("Voir où cela en est")(page)


ENTER = "/saisir/?{here}&category=trou_chaussee"
TELL = "/signaler/dire/?{here}&category=trou_chaussee"
FORM_ROWS = ("partners/agreement_rows.html",)
STORY = ("reports/_told.html", "reports/_state.html", "reports/_thread.html")

OLDER = [
    # The front door.
    Sheet("portal/home.html", "/", pieces=("portal/sketch.html", "portal/settled.html"), main=True),
    Sheet("portal/quartiers.html", "/quartiers/", pieces=("portal/sketch.html",), main=True),
    Sheet("portal/quartier.html", "/quartiers/{rives}/", main=True),
    Sheet("portal/search.html", "/chercher/?q=rives"),
    Sheet("portal/search.html", "/chercher/?q=canape"),
    Sheet("portal/privacy.html", "/donnees-personnelles/"),
    Sheet("portal/legal.html", "/mentions-legales/"),
    Sheet("portal/accessibility.html", "/accessibilite/"),
    # Telling.
    Sheet("reports/where.html", "/signaler/?q=tilleuls", main=True),
    Sheet("reports/where.html", "/signaler/?residence={residence}"),
    Sheet("reports/what.html", "/signaler/quoi/?{here}", main=True),
    Sheet("reports/stop.html", "/signaler/attention/?{here}&category=seringues"),
    Sheet(
        "reports/tell.html",
        TELL,
        pieces=("reports/_contact.html", "reports/_guard.html", "reports/_photos_field.html"),
        main=True,
    ),
    Sheet(
        "reports/tell.html",
        "/signaler/dire/?residence={residence}&inside=hall&category=encombrants",
        arrive=_send_nothing_with_a_photo,
    ),
    Sheet(
        "reports/unconnected.html",
        "/signaler/hors-ligne/",
        pieces=("reports/_kept.html", "reports/_contact.html"),
    ),
    Sheet(
        "reports/elsewhere.html",
        "/signaler/dire/?{valenciennes}&category=trou_chaussee",
        pieces=("reports/_elsewhere.html",),
    ),
    Sheet("reports/join.html", "/signaler/moi-aussi/{report}/"),
    # Following.
    Sheet("reports/code.html", "/suivre/"),
    Sheet(
        "reports/follow.html",
        "/suivre/{token}/",
        pieces=(*STORY, "reports/_follow_photos.html", "reports/_messages.html"),
        main=True,
    ),
    Sheet("reports/follow.html", "/suivre/{token}/?nouveau=1"),
    Sheet("reports/follow.html", "/suivre/{done}/"),
    Sheet("reports/withdraw.html", "/suivre/{token}/retirer/"),
    Sheet("reports/erase_contact.html", "/suivre/{token}/oublier/"),
    Sheet("reports/gone.html", "/suivre/{gone}/retirer/", arrive=press("Retirer pour de bon")),
    # Served by e-mail.
    Sheet(
        "reports/service.html",
        "/service/{service}/",
        pieces=("reports/_service_steps.html", "reports/_service_photos.html"),
    ),
    Sheet("reports/service_gone.html", "/service/{passed}/", status=410),
    # Reading.
    Sheet("reports/list.html", "/signalements/", pieces=("reports/_exports.html",), main=True),
    Sheet(
        "reports/report.html",
        "/signalements/{report}/",
        pieces=(*STORY, "reports/_photos.html", "reports/_messages.html"),
    ),
    # Coming in.
    Sheet("account/login.html", "/connexion/", pieces=("account/code_form.html",)),
    Sheet("account/login.html", "/connexion/", arrive=_by_password),
    Sheet("account/request_login_code.html", "/connexion/code/"),
    Sheet("account/confirm_login_code.html", "/connexion/", arrive=_ask_for_a_code),
    Sheet("socialaccount/refused.html", "/connexion/fournisseur/retour/?state=inventé", status=401),
    Sheet("mfa/authenticate.html", "/connexion/", arrive=_by_password_then_factor),
    Sheet("partners/invitation.html", "/invitation/{invitation}"),
    Sheet("partners/invitation_closed.html", "/invitation/{expired}", status=410),
    Sheet("partners/agreements.html", "/conventions/"),
    # The demonstration's mail.
    Sheet("demo/letters.html", "/demo/courrier/"),
    Sheet("demo/letter.html", "/demo/courrier/{letter}/"),
    # Without a mandate.
    Sheet("partners/no_mandate.html", "/organisation/", NO_MANDATE, status=403),
    # Handling.
    Sheet("steering/home.html", "/a-traiter/", COORDINATION, main=True),
    Sheet(
        "reports/list.html",
        "/signalements/?state=open",
        COORDINATION,
        pieces=("reports/_batch.html", "reports/_keys.html"),
    ),
    Sheet(
        "reports/batch.html",
        "/signalements/?state=open",
        COORDINATION,
        arrive=_choose_for_a_batch,
    ),
    Sheet("reports/overdue.html", "/en-retard/", COORDINATION),
    Sheet("reports/enter.html", "/saisir/?q=tilleuls", COORDINATION),
    Sheet("reports/enter.html", ENTER, COORDINATION),
    Sheet("reports/entered.html", ENTER, COORDINATION, arrive=press("Enregistrer")),
    Sheet(
        "reports/overdue.html",
        "/en-retard/",
        COORDINATION,
        pieces=("reports/_batch_told.html",),
        arrive=press("Relancer cette part"),
    ),
    Sheet(
        "reports/list.html",
        "/signalements/?late=1",
        COORDINATION,
        pieces=("reports/_views.html",),
    ),
    Sheet("reports/view_form.html", "/signalements/vues/nouvelle/?late=1", COORDINATION),
    Sheet(
        "reports/report.html",
        "/signalements/{report}/",
        COORDINATION,
        pieces=(
            *STORY,
            "reports/_parts.html",
            "reports/_review.html",
            "reports/_people.html",
        ),
        main=True,
    ),
    Sheet(
        "reports/step.html",
        "/parts/{part}/etape/settle/",
        "luc",
        pieces=("reports/_templates_offered.html",),
    ),
    Sheet("reports/templates.html", "/reponses-types/", "luc"),
    Sheet("reports/template_form.html", "/reponses-types/nouvelle/", "luc"),
    Sheet("reports/desk.html", "/locataires/", "luc"),
    Sheet(
        "reports/tenants_desk.html",
        "/signaler/dire/?residence={elsewhere}&category=logement_fuite",
        pieces=("reports/_desk.html",),
    ),
    Sheet("reports/tell.html", "/signaler/dire/?{here}&category=voiture_epave"),
    Sheet("reports/report.html", "/signalements/{wreck}/", "karim"),
    Sheet("reports/report.html", "/signalements/{flat}/", "luc"),
    Sheet("reports/black_out.html", "/photos/{photo}/noircir/", COORDINATION),
    Sheet(
        "reports/pair.html",
        "/photos/{after}/avant/",
        "karim",
        pieces=("reports/_before_field.html",),
    ),
    Sheet(
        "reports/report.html",
        "/signalements/{finished}/",
        pieces=("reports/_pairs.html", "reports/_pair.html"),
    ),
    Sheet("reports/give.html", "/parts/{part}/confier/", COORDINATION),
    Sheet("reports/report.html", "/signalements/{home}/", COORDINATION, ("reports/_united.html",)),
    Sheet("reports/report.html", "/signalements/{joined}/", COORDINATION),
    Sheet("reports/part_form.html", "/parts/{part}/pause/", "luc"),
    Sheet("reports/part_form.html", "/parts/{part}/numero/", "luc"),
    Sheet("reports/recategorise.html", "/signalements/{home}/categorie/", COORDINATION),
    Sheet("reports/merge.html", "/signalements/{home}/reunir/", COORDINATION),
    Sheet("reports/merge_compare.html", "/signalements/{home}/reunir/?avec={waits}", COORDINATION),
    Sheet("reports/follow.html", "/suivre/{joined_token}/"),
    Sheet("reports/blackspots.html", "/points-noirs/", COORDINATION),
    Sheet("reports/blackspot.html", "/points-noirs/{blackspot}/", COORDINATION),
    Sheet("reports/blackspot_step.html", "/points-noirs/{blackspot}/close/", COORDINATION),
    Sheet("reports/callbacks.html", "/a-rappeler/", COORDINATION),
    Sheet("reports/commitments.html", "/delais/", "luc"),
    # Partners.
    Sheet("partners/account.html", "/compte/", COORDINATION),
    Sheet("partners/password.html", "/compte/mot-de-passe/", COORDINATION),
    Sheet("partners/organisation.html", "/organisation/", COORDINATION),
    Sheet("partners/readings.html", "/organisation/lectures/", COORDINATION),
    Sheet(
        "partners/organisation_form.html", "/organisations/{agglomeration}/modifier/", COORDINATION
    ),
    Sheet("partners/invite.html", "/organisations/{agglomeration}/inviter/", COORDINATION),
    Sheet("partners/organisations.html", "/organisations/", COORDINATION),
    Sheet("partners/organisation_create.html", "/organisations/nouvelle/", COORDINATION),
    Sheet("partners/agreement.html", "/conventions/CV-ESCAUT/", COORDINATION),
    Sheet("partners/agreement.html", "/conventions/CV-ESCAUT-1/", COORDINATION),
    Sheet("partners/agreement_form.html", "/conventions/nouvelle/", COORDINATION, FORM_ROWS),
    Sheet("partners/agreement_form.html", "/conventions/CV-ESCAUT/modifier/", COORDINATION),
    Sheet("account/logout.html", "/deconnexion/", COORDINATION),
    # A second factor.
    Sheet("mfa/index.html", "/connexion/second-facteur/", COORDINATION),
    Sheet("mfa/totp/activate_form.html", "/connexion/second-facteur/application/", COORDINATION),
    Sheet("mfa/webauthn/add_form.html", "/connexion/second-facteur/cle/", COORDINATION),
    Sheet(
        "mfa/recovery_codes/codes.html",
        "/connexion/second-facteur/cle/",
        "paul",
        arrive=_add_a_passkey,
    ),
    Sheet("mfa/index.html", "/connexion/second-facteur/", "paul"),
    Sheet("mfa/recovery_codes/index.html", "/connexion/second-facteur/codes/", "paul"),
    Sheet("mfa/reauthenticate.html", "/connexion/second-facteur/confirmer/", "paul"),
    Sheet(
        "mfa/webauthn/reauthenticate.html",
        "/connexion/second-facteur/confirmer-par-cle/",
        "paul",
        pieces=("mfa/webauthn/form.html",),
    ),
    Sheet("partners/remove_factors.html", "/mandats/{colleague}/second-facteur/", "karim"),
    # What becomes of reports, by commune.
    Sheet("reports/routes.html", "/circuits/", COORDINATION),
    Sheet("reports/route_form.html", "/circuits/{route}/", COORDINATION),
    # Who keeps up what.
    Sheet(
        "upkeep/areas.html",
        "/gestion/",
        COORDINATION,
        pieces=("upkeep/place.html", "upkeep/dates.html"),
    ),
    Sheet("upkeep/area.html", "/gestion/espaces/{area}/", COORDINATION),
    Sheet(
        "upkeep/area_form.html",
        "/gestion/espaces/{area}/modifier/",
        COORDINATION,
        ("upkeep/_draw.html",),
    ),
    Sheet(
        "upkeep/area_form.html", "/gestion/espaces/nouveau/", COORDINATION, ("upkeep/_draw.html",)
    ),
    Sheet("upkeep/merge.html", "/gestion/residences/fusion/", COORDINATION),
    Sheet("upkeep/merge.html", "/gestion/residences/fusion/", COORDINATION, arrive=_merge),
    Sheet("upkeep/holdings.html", "/gestion/residences/", COORDINATION),
    Sheet("upkeep/holding_form.html", "/gestion/residences/nouveau-bailleur/", COORDINATION),
    # Lodges and their telephones.
    Sheet("upkeep/lodges.html", "/gestion/loges/", "luc"),
    Sheet("upkeep/lodge.html", "/gestion/loges/{lodge}/", "luc"),
    Sheet("upkeep/lodge_form.html", "/gestion/loges/{lodge}/modifier/", "luc"),
    Sheet("upkeep/lodge_phone.html", "/gestion/loges/{lodge}/", "luc", arrive=_new_phone),
    Sheet("upkeep/lodge_code.html", "/gestion/loges/{lodge}/", "luc", arrive=_new_code),
    Sheet("partners/lodge_enrol.html", "/loge/telephone/{telephone}/", "ines"),
    Sheet(
        "partners/lodge.html",
        "/loge/telephone/{telephone}/",
        "ines",
        arrive=press("C’est bien ce téléphone"),
    ),
    Sheet("partners/lodge_unknown.html", "/loge/", status=403),
    Sheet("partners/lodge_link_used.html", "/loge/telephone/inventé/", status=410),
    # What goes wrong.
    Sheet("400.html", f"/chercher/?{MANY}", status=400),
    Sheet("403.html", "/organisations/", "rose", status=403),
    Sheet("403_csrf.html", "/suivre/", status=403, arrive=_without_cookies),
    Sheet("404.html", "/nulle-part/", status=404),
    Sheet("429.html", "/connexion/", status=429, arrive=_by_password),
    Sheet("500.html", "/quartiers/", status=500),
    *(Sheet(f"{status}.html", "/quartiers/", status=status) for status in TURNED_AWAY),
]

# Rooms that bring their own pages, in `tests/<room>/sheets.py`: SHEETS, and `furnish(cast)`, which
# puts in the database what they show and gives the names that their paths are filled with.
ROOMS = {room: module for room in NEWER if (module := room_module(room, "sheets"))}
PAGES = [*OLDER, *(sheet for module in ROOMS.values() for sheet in module.SHEETS)]
