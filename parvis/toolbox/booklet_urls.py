"""Addresses of PDFs and booklets."""

from django.urls import URLPattern, path

from parvis.toolbox import booklet_views as views

urlpatterns: list[URLPattern] = [
    path("boite-a-outils/<int:pk>/fiche.pdf", views.pdf, name="sheet_pdf"),
    path("boite-a-outils/<int:pk>/livret/", views.put, name="booklet_put"),
    path("boite-a-outils/livret/", views.booklet, name="booklet"),
    path("boite-a-outils/livret/ordre/", views.arrange, name="booklet_arrange"),
    path("boite-a-outils/livret/<str:token>/", views.made, name="booklet_made"),
    path("boite-a-outils/livret/<str:token>/livret.pdf", views.made_file, name="booklet_file"),
]
