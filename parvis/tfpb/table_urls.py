"""Addresses of tables in and out."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.tfpb import opendata_views, table_model_views, table_views

_ONE = "tfpb/programmes/<int:pk>/tableaux/"

urlpatterns: list[URLPattern] = [
    path(_ONE, table_views.tables, name="tables"),
    path(f"{_ONE}telecharger/", table_views.export, name="table_export"),
    path(f"{_ONE}importer/programme/", table_views.import_programme, name="import_programme"),
    path(f"{_ONE}importer/bilan/", table_views.import_bilan, name="import_bilan"),
    path(
        f"{_ONE}importer/droit-commun/", table_views.import_usual_means, name="import_usual_means"
    ),
    path("tfpb/tableaux/", table_views.many, name="many_tables"),
    path("tfpb/tableaux/telecharger/", table_views.export_many, name="many_tables_export"),
    path("tfpb/modeles/", table_model_views.models, name="table_models"),
    path("tfpb/modeles/nouveau/", table_model_views.new, name="new_table_model"),
    path("tfpb/modeles/<int:pk>/", table_model_views.model, name="table_model"),
    path("tfpb/modeles/<int:pk>/retirer/", table_model_views.remove, name="remove_table_model"),
    path("tfpb/donnees/lignes.csv", opendata_views.data_csv, name="data_csv"),
    path("tfpb/donnees/lignes.json", opendata_views.data_json, name="data_json"),
]
