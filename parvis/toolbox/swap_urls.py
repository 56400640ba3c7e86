"""Addresses of exchanges with other territories."""

from django.urls import URLPattern, path

from parvis.toolbox import swap_views as views

urlpatterns: list[URLPattern] = [
    path(".well-known/parvis-fiches.json", views.key, name="swap_key"),
    path("boite-a-outils/<int:pk>/paquet.zip", views.package, name="swap_export"),
    path("boite-a-outils/echanges/", views.swap, name="swap"),
    path("boite-a-outils/echanges/<int:pk>/", views.received, name="swap_package"),
    path("boite-a-outils/echanges/<int:pk>/effacer/", views.drop, name="swap_drop"),
    path("boite-a-outils/territoires/", views.feeds, name="swap_feeds"),
    path("boite-a-outils/territoires/<int:pk>/retirer/", views.unfollow, name="swap_unfollow"),
]
