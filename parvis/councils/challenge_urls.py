"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import challenge_follow_views as following
from parvis.councils import challenge_views as views

CASES = "participation/interpellations/"
CASE = f"{CASES}<int:pk>/"
BODY = "participation/<int:pk>/interpellations/"

urlpatterns: list[URLPattern] = [
    path(CASES, views.challenges, name="challenges"),
    path(BODY, views.body_challenges, name="body_challenges"),
    path(f"{BODY}nouvelle/", views.new_challenge, name="new_challenge"),
    path(CASE, views.challenge, name="challenge"),
    path(f"{CASE}pdf/", views.challenge_pdf, name="challenge_pdf"),
    path(f"{CASE}piece/", views.challenge_file, name="challenge_file"),
    path(f"{CASE}modifier/", views.edit_challenge, name="edit_challenge"),
    path(f"{CASE}adopter/", views.adopt_challenge, name="adopt_challenge"),
    path(f"{CASE}reprendre/", views.reopen_challenge, name="reopen_challenge"),
    path(f"{CASE}envoyer/", views.send_challenge, name="send_challenge"),
    path(f"{CASE}publier/", views.publish_challenge, name="publish_challenge"),
    path(f"{CASE}etapes/ajouter/", following.new_step, name="new_challenge_step"),
    path(f"{CASE}etapes/<int:step>/", following.edit_step, name="challenge_step"),
    path(f"{CASE}repondre/", following.answer, name="answer_challenge"),
]
