"""Addresses of walks."""

from __future__ import annotations

from django.urls import path

from parvis.walks import prepare_views, receive_urls
from parvis.walks import prepare_views, return_urls

app_name = "walks"
urlpatterns = [
    path("diagnostics/", prepare_views.walks, name="walks"),
    path("diagnostics/<int:pk>/", prepare_views.walk, name="walk"),
    path("diagnostics/constats/<int:pk>/", prepare_views.observation, name="observation"),
    *receive_urls.urlpatterns,
    *return_urls.urlpatterns,
]
