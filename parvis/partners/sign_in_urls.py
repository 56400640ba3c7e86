"""Sign-in: the few pages of allauth that we use, under French addresses and the names that allauth
asks for. Its other pages (sign-up, e-mail addresses, password by mail) are not mounted."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("connexion/code/", views.request_login_code, name="account_request_login_code"),
    path("connexion/code/verifier/", views.confirm_login_code, name="account_confirm_login_code"),
    path("deconnexion/", views.logout, name="account_logout"),
]
