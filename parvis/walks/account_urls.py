"""Addresses of the account of a walk."""

from __future__ import annotations

from django.urls import path

from parvis.walks import account_views as views

urlpatterns = [
    path("diagnostics/<int:pk>/compte-rendu/", views.account, name="account"),
    path("diagnostics/<int:pk>/compte-rendu.pdf", views.account_pdf, name="account_pdf"),
    path("diagnostics/<int:pk>/suites.<slug:form>", views.account_table, name="account_table"),
    path(
        "diagnostics/<int:pk>/compte-rendu/version/<int:number>/",
        views.sent_account,
        name="sent_account",
    ),
    path(
        "diagnostics/<int:pk>/compte-rendu/version-<int:number>.pdf",
        views.sent_account_pdf,
        name="sent_account_pdf",
    ),
    path("diagnostics/<int:pk>/compte-rendu/ecrire/", views.write_account, name="write_account"),
    path("diagnostics/<int:pk>/compte-rendu/envoyer/", views.send_account, name="send_account"),
    path(
        "diagnostics/<int:pk>/compte-rendu/publier/", views.publish_account, name="publish_account"
    ),
    path(
        "diagnostics/<int:pk>/compte-rendu/retirer/",
        views.unpublish_account,
        name="unpublish_account",
    ),
]
