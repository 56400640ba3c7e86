"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import body_desk_views as desk
from parvis.councils import body_quartier, member_views
from parvis.councils import body_views as views

urlpatterns: list[URLPattern] = [
    path("participation/", views.bodies, name="bodies"),
    path("participation/creer/", desk.create, name="create_body"),
    path("participation/quartiers/<int:pk>/", body_quartier.quartier, name="quartier"),
    path("participation/membres/<int:pk>/", member_views.member, name="member"),
    path(
        "participation/membres/<int:pk>/coordonnees/", member_views.contact, name="member_contact"
    ),
    path("participation/membres/<int:pk>/joindre/", member_views.reach, name="reach_member"),
    path("participation/membres/<int:pk>/montrer/", member_views.shown, name="member_shown"),
    path("participation/membres/<int:pk>/effacer/", member_views.erase, name="erase_member"),
    path("participation/<int:pk>/", views.body, name="body"),
    path("participation/<int:pk>/reglement/", views.rules_file, name="body_rules_file"),
    path(
        "participation/<int:pk>/arretes/<int:act>/", views.recognition_file, name="recognition_file"
    ),
    path("participation/<int:pk>/modifier/", desk.edit, name="edit_body"),
    path("participation/<int:pk>/publier/", desk.publish, name="publish_body"),
    path("participation/<int:pk>/dissoudre/", desk.dissolve, name="dissolve_body"),
    path("participation/<int:pk>/regime/", desk.regime, name="change_regime"),
    path("participation/<int:pk>/arretes/ajouter/", desk.recognise_body, name="recognise"),
    path("participation/<int:pk>/composition/", member_views.composition, name="composition"),
    path("participation/<int:pk>/sieges/", desk.seats, name="open_seats"),
    path(
        "participation/<int:pk>/sieges/<int:seat>/supprimer/", desk.remove_seat, name="close_seat"
    ),
    path("participation/<int:pk>/sieges/<int:seat>/", member_views.seat, name="seat"),
    path("participation/<int:pk>/membres/", member_views.add, name="add_member"),
    path("participation/<int:pk>/mandats/<int:term>/", member_views.end, name="end_term"),
]
