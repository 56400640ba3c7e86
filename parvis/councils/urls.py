"""Addresses of this room: each part has its file."""

from __future__ import annotations

from django.urls import URLPattern

from parvis.councils import (
    aside_urls,
    body_urls,
    challenge_urls,
    draw_urls,
    frame_urls,
    opinion_urls,
    proposition_urls,
    referent_urls,
    space_urls,
)

app_name = "councils"
urlpatterns: list[URLPattern] = [
    *body_urls.urlpatterns,
    *space_urls.urlpatterns,
    *referent_urls.urlpatterns,
    *aside_urls.urlpatterns,
    *frame_urls.urlpatterns,
    *challenge_urls.urlpatterns,
    *opinion_urls.urlpatterns,
    *proposition_urls.urlpatterns,
    *draw_urls.urlpatterns,
]
