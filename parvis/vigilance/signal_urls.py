"""Addresses of this part of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.vigilance.views import signal_figures, signal_given, signal_unpaid

_SIGNALS, _UNPAID, _FIGURES = "vigilance/signaux", "vigilance/impayes", "vigilance/chiffres"
urlpatterns: list[URLPattern] = [
    path(f"{_SIGNALS}/", signal_given.signals, name="signals"),
    path(f"{_SIGNALS}/nouveau/", signal_given.new, name="new_signal"),
    path(f"{_SIGNALS}/<int:pk>/retirer/", signal_given.remove, name="remove_signal"),
    path(f"{_UNPAID}/", signal_unpaid.latest, name="unpaid"),
    path(f"{_UNPAID}/<str:quarter>/", signal_unpaid.quarter, name="unpaid_quarter"),
    path(f"{_UNPAID}/<str:quarter>/importer/", signal_unpaid.read_file, name="unpaid_import"),
    path(f"{_UNPAID}/<str:quarter>/tableau/<slug:form>/", signal_unpaid.table, name="unpaid_table"),
    path(f"{_FIGURES}/", signal_figures.latest, name="figures"),
    path(f"{_FIGURES}/<str:quarter>/", signal_figures.quarter, name="quarter_figures"),
    path(f"{_FIGURES}/<str:quarter>/<slug:form>/", signal_figures.table, name="figures_table"),
]
