"""Addresses of this part of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.vigilance.views import door_desk, door_import, door_public

_PUBLIC = "facture-difficile"
_DESK = "vigilance/portes"
urlpatterns: list[URLPattern] = [
    path(f"{_PUBLIC}/", door_public.communes, name="bill"),
    path(f"{_PUBLIC}/<str:code>/affiche.pdf", door_public.poster, name="bill_poster"),
    path(f"{_PUBLIC}/<str:code>/", door_public.commune, name="bill_commune"),
    path(f"{_PUBLIC}/<str:code>/<slug:need>/", door_public.commune, name="bill_need"),
    path(f"{_DESK}/", door_desk.doors, name="doors"),
    path(f"{_DESK}/tableau/<slug:form>/", door_desk.table, name="doors_table"),
    path(f"{_DESK}/nouvelle/", door_desk.new, name="new_door"),
    path(f"{_DESK}/importer/", door_import.read_file, name="import_doors"),
    path(f"{_DESK}/<int:pk>/", door_desk.door, name="door"),
    path(f"{_DESK}/<int:pk>/modifier/", door_desk.edit, name="edit_door"),
    path(f"{_DESK}/<int:pk>/verifiee/", door_desk.check, name="check_door"),
    path(f"{_DESK}/<int:pk>/destinataires/", door_desk.name_one, name="name_receiver"),
    path("vigilance/destinataires/<int:pk>/terminer/", door_desk.end, name="end_receiver"),
]
