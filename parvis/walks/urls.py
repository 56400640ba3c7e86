"""Addresses of walks."""

from __future__ import annotations

from django.urls import path

from parvis.walks import account_urls, prepare_urls, prepare_views, receive_urls, return_urls

app_name = "walks"
urlpatterns = [
    *prepare_urls.urlpatterns,
    path("diagnostics/constats/<int:pk>/", prepare_views.observation, name="observation"),
    *receive_urls.urlpatterns,
    *return_urls.urlpatterns,
    *account_urls.urlpatterns,
]
