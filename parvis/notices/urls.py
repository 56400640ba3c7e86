"""Addresses of subscriptions and of what people choose. Their doors stand in `parvis/urls.py`:
doors are made above."""

from __future__ import annotations

from django.urls import path

from parvis.notices import choice_views, incoming, return_views, stopping, views

app_name = "notices"
urlpatterns = [
    path("abonnements/", views.subscribe, name="subscribe"),
    path("abonnements/demande/", views.asked, name="asked"),
    path("abonnements/fin/", views.ended, name="ended"),
    path("abonnements/<str:token>/", views.subscriptions, name="subscriptions"),
    path("abonnements/<str:token>/arret/", stopping.stop_subscriptions, name="stop_all"),
    path("abonnements/<str:token>/arret/<int:pk>/", stopping.stop_subscription, name="stop_one"),
    path("mes-envois/sw.js", choice_views.worker, name="push_worker"),
    path("mes-envois/<str:token>/", choice_views.choices, name="choices"),
    path("mes-envois/<str:token>/appareil/", choice_views.add_device, name="add_device"),
    path("mes-envois/<str:token>/arret/", stopping.stop_everything, name="stop_everything"),
    path("envois/", views.standing, name="standing"),
    path("envois/sms/<str:token>/", return_views.delivery, name="delivery"),
    path("envois/retours/", return_views.returned, name="returned"),
    path("textos/entrants/", incoming.incoming, name="incoming"),
]
