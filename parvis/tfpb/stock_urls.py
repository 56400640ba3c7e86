"""Addresses of the stock, its rates and the annex of deliberation."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.tfpb import (
    deliberation_views,
    rates_views,
    stock_tables,
    stock_views,
    stock_write_views,
)

_P = "tfpb/patrimoine/"
urlpatterns: list[URLPattern] = [
    path("tfpb/taux/", rates_views.rates, name="rates"),
    path("tfpb/taux/ecrire/", rates_views.write, name="write_rate"),
    path(_P, stock_views.stock, name="stock"),
    path(f"{_P}residences/", stock_views.homes, name="stock_homes"),
    path(f"{_P}residences/nouvelle/", stock_write_views.new, name="stock_new"),
    path(f"{_P}residences/<int:pk>/", stock_views.home, name="stock_home"),
    path(f"{_P}residences/<int:pk>/modifier/", stock_write_views.edit, name="stock_edit"),
    path(f"{_P}residences/<int:pk>/retirer/", stock_write_views.drop, name="stock_drop"),
    path(f"{_P}importer/", stock_write_views.read_file, name="stock_import"),
    path(f"{_P}estimer/", stock_write_views.estimate, name="stock_estimate"),
    path(f"{_P}declaration.<slug:form>", stock_tables.declaration, name="stock_declaration"),
    path(f"{_P}<slug:what>.<slug:form>", stock_tables.export, name="stock_export"),
    path(
        "tfpb/programmes/<int:pk>/patrimoine/", stock_views.programme_stock, name="programme_stock"
    ),
    path(
        "tfpb/programmes/<int:pk>/patrimoine/reprendre/", stock_write_views.take, name="take_stock"
    ),
    path("tfpb/deliberation/", deliberation_views.deliberation, name="deliberation"),
    path("tfpb/deliberation/annexe.pdf", deliberation_views.annex, name="deliberation_pdf"),
]
