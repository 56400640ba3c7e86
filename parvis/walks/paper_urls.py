"""Addresses of inviting, and of what is printed."""

from __future__ import annotations

from django.urls import path

from parvis.walks import inviting_views, paper_views

urlpatterns = [
    path("diagnostics/<int:pk>/participants/", inviting_views.guests, name="guests"),
    path("diagnostics/<int:pk>/participants/choisir/", inviting_views.choose, name="choose"),
    path("diagnostics/<int:pk>/participants/inviter/", inviting_views.convene, name="convene"),
    path("diagnostics/<int:pk>/participants/ouvrir/", inviting_views.welcome, name="welcome"),
    path("diagnostics/<int:pk>/participants/lien/", inviting_views.new_link, name="new_link"),
    path("diagnostics/<int:pk>/lettres/", paper_views.letters, name="letters"),
    path("diagnostics/<int:pk>/carnet/", paper_views.book, name="book"),
    path("diagnostics/<int:pk>/autorisation/", paper_views.consent, name="consent"),
    path("diagnostics/<int:pk>/affiche/", paper_views.poster, name="poster"),
    path("diagnostics/avec/<str:token>/agenda.ics", paper_views.date_by_link, name="date_by_link"),
]
