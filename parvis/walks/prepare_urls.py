"""Addresses of who prepares a walk."""

from __future__ import annotations

from django.urls import path

from parvis.walks import prepare_route_views, prepare_writing_views
from parvis.walks import prepare_views as views

WALK = "diagnostics/<int:pk>"
STOP = f"{WALK}/arrets/<int:stop>"

urlpatterns = [
    path("diagnostics/", views.walks, name="walks"),
    path("diagnostics/nouveau/", prepare_writing_views.new, name="new"),
    path(f"{WALK}/", views.walk, name="walk"),
    path(f"{WALK}/modifier/", prepare_writing_views.edit, name="edit"),
    path(f"{WALK}/annuler/", prepare_writing_views.cancel, name="cancel"),
    path(f"{WALK}/fiche-suivie/", views.follow_sheet, name="follow_sheet"),
    path(f"{WALK}/pret/", views.tick, name="tick"),
    path(f"{WALK}/roles/", prepare_writing_views.roles, name="roles"),
    path(f"{WALK}/roles/reprendre/", prepare_writing_views.take_role_back, name="take_role_back"),
    path(f"{WALK}/parcours/", prepare_route_views.route, name="route"),
    path(f"{WALK}/arrets/", prepare_route_views.arrange, name="arrange"),
    path(f"{WALK}/arrets/ajouter/", prepare_route_views.add_stop, name="add_stop"),
    path(f"{STOP}/", prepare_route_views.stop, name="stop"),
    path(f"{STOP}/a-verifier/", prepare_route_views.proposals, name="proposals"),
    path(f"{STOP}/a-verifier/ajouter/", prepare_route_views.ask, name="ask"),
    path(f"{STOP}/a-verifier/retirer/", prepare_route_views.drop, name="drop"),
]
