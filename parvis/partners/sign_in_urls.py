"""Sign-in: the few pages of allauth that we use, under French addresses and the names that allauth
asks for. Its other pages (sign-up, e-mail addresses, password by mail) are not mounted."""

from allauth.account import views
from allauth.mfa.base import views as factor
from allauth.mfa.webauthn import views as passkey
from django.urls import path
from django.views.generic import RedirectView

from parvis.partners import factor_views, oidc_views

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("connexion/code/", views.request_login_code, name="account_request_login_code"),
    path("connexion/code/verifier/", views.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/second-facteur/verifier/", factor.authenticate, name="mfa_authenticate"),
    path("connexion/second-facteur/", factor_views.factors, name="mfa_index"),
    path("connexion/second-facteur/prouve/", factor_views.proved, name="mfa_proved"),
    path("connexion/second-facteur/confirmer/", factor.reauthenticate, name="mfa_reauthenticate"),
    path(
        "connexion/second-facteur/confirmer-par-cle/",
        passkey.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("connexion/second-facteur/application/", factor_views.add_app, name="mfa_activate_totp"),
    # allauth leads there who has an application already.
    path(
        "connexion/second-facteur/application/active/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_deactivate_totp",
    ),
    path("connexion/second-facteur/cle/", factor_views.add_passkey, name="mfa_add_webauthn"),
    path(
        "connexion/second-facteur/codes/",
        factor_views.recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path("connexion/second-facteur/<int:pk>/retirer/", factor_views.remove, name="mfa_remove"),
    path("connexion/fournisseur/", oidc_views.start, name="oidc_start"),
    path("connexion/fournisseur/retour/", oidc_views.back, name="oidc_back"),
    path("deconnexion/", views.logout, name="account_logout"),
]
