"""Every address of the site: rooms bring theirs; those of third parties have their doors here."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtail_urls

from parvis.partners.rights import EVERYONE, PARTNERS, SIGNED_IN, Door
from parvis.toolbox import office, office_doors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("parvis.operations.urls")),
    path("", include("parvis.ui.urls")),
    path("", include("parvis.notices.urls")),
    path("", include("parvis.partners.sign_in_urls")),
    path("", include("parvis.partners.urls")),
    path("", include("parvis.thread.urls")),
    path("", include("parvis.upkeep.urls")),
    path("", include("parvis.gatherings.urls")),
    path(office.PATH.lstrip("/"), include(wagtail_urls)),
    path("", include("parvis.toolbox.urls")),
    path("", include("parvis.vigilance.urls")),
    path("", include("parvis.meetings.urls")),
    path("", include("parvis.works.urls")),
    path("", include("parvis.reports.urls")),
    path("", include("parvis.actions.urls")),
    path("", include("parvis.walks.urls")),
    path("", include("parvis.tfpb.urls")),
    path("", include("parvis.councils.urls")),
    path("", include("parvis.steering.urls")),
    path("", include("parvis.portal.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("parvis.demo.urls")))

handler500 = "parvis.operations.failures.server_error"

# Doors of URLs that come from third parties.
DOORS: dict[str, Door] = {
    "account_login": Door(EVERYONE),
    "account_request_login_code": Door(EVERYONE),
    "account_confirm_login_code": Door(EVERYONE),
    "account_logout": Door(EVERYONE),
    "oidc_start": Door(EVERYONE),
    "oidc_back": Door(EVERYONE),
    # These two belong to signing in: they know themselves whose turn it is.
    "mfa_login_webauthn": Door(EVERYONE),
    "mfa_authenticate": Door(EVERYONE),
    "mfa_index": Door(SIGNED_IN),
    "mfa_proved": Door(SIGNED_IN),
    "mfa_reauthenticate": Door(SIGNED_IN),
    "mfa_reauthenticate_webauthn": Door(SIGNED_IN),
    "mfa_activate_totp": Door(SIGNED_IN),
    "mfa_deactivate_totp": Door(SIGNED_IN),
    "mfa_add_webauthn": Door(SIGNED_IN),
    "mfa_view_recovery_codes": Door(SIGNED_IN),
    "mfa_remove": Door(SIGNED_IN),
    # ui and notices are below partners, where doors are made.
    "ui:brand_css": Door(EVERYONE),
    "ui:favicon": Door(EVERYONE),
    "ui:language": Door(EVERYONE),
    "notices:subscribe": Door(EVERYONE),
    "notices:asked": Door(EVERYONE),
    "notices:ended": Door(EVERYONE),
    "notices:subscriptions": Door(EVERYONE),  # the link is the right
    "notices:stop_all": Door(EVERYONE),
    "notices:stop_one": Door(EVERYONE),
    "notices:choices": Door(EVERYONE),
    "notices:add_device": Door(EVERYONE),
    "notices:stop_everything": Door(EVERYONE),
    "notices:push_worker": Door(EVERYONE),
    "notices:delivery": Door(EVERYONE),  # what machines say is signed
    "notices:returned": Door(EVERYONE),
    "notices:incoming": Door(EVERYONE),  # the signature is the right
    # Numbers of the whole installation, and nobody's name.
    "notices:standing": Door(PARTNERS, roles=("coordination",)),
    **office_doors.doors(wagtail_urls.urlpatterns),
}
if settings.DEBUG:
    DOORS["ui:gallery"] = Door(EVERYONE)
