"""Addresses of subscriptions. Their doors stand in `parvis/urls.py`: doors are made above."""

from __future__ import annotations

from django.urls import path

from parvis.notices import views

app_name = "notices"
urlpatterns = [
    path("abonnements/", views.subscribe, name="subscribe"),
    path("abonnements/demande/", views.asked, name="asked"),
    path("abonnements/fin/", views.ended, name="ended"),
    path("abonnements/<str:token>/", views.subscriptions, name="subscriptions"),
]
