"""Addresses of gatherings."""

from __future__ import annotations

from django.urls import path

from parvis.gatherings import opinion_views, paper_views, views

app_name = "gatherings"
urlpatterns = [
    path("rendez-vous/", views.gatherings, name="list"),
    path("rendez-vous/nouveau/", views.new, name="new"),
    path("rendez-vous/inscription/<str:token>/", views.registered, name="registered"),
    path("rendez-vous/inscription/<str:token>/retirer/", views.withdraw, name="withdraw"),
    path("rendez-vous/inscription/<str:token>/avis/", opinion_views.opinion, name="opinion"),
    path("rendez-vous/avis/<str:token>/", opinion_views.say, name="say"),
    path("rendez-vous/<int:pk>/", views.gathering, name="gathering"),
    path("rendez-vous/<int:pk>/agenda.ics", paper_views.ics, name="calendar"),
    path("rendez-vous/<int:pk>/affiche.pdf", paper_views.poster, name="poster"),
    path("rendez-vous/<int:pk>/lettre.pdf", paper_views.letter, name="letter"),
    path("rendez-vous/<int:pk>/inscription/", views.register, name="register"),
    path("rendez-vous/<int:pk>/modifier/", views.edit, name="edit"),
    path("rendez-vous/<int:pk>/publier/", views.publish, name="publish"),
    path("rendez-vous/<int:pk>/annuler/", views.cancel, name="cancel"),
    path("rendez-vous/<int:pk>/reponse/", views.answer, name="answer"),
    path("rendez-vous/<int:pk>/presences/", views.people, name="people"),
    path("rendez-vous/<int:pk>/presences/telephones/", views.phones, name="phones"),
    path("rendez-vous/<int:pk>/presences.pdf", paper_views.sheet, name="sheet"),
    path("rendez-vous/<int:pk>/avis/", opinion_views.results, name="results"),
    path("rendez-vous/<int:pk>/avis.pdf", paper_views.say_pdf, name="say_pdf"),
]
