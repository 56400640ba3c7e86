"""Addresses of opinions and of requests for them."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import opinion_reply_views as replies
from parvis.councils import opinion_request_views as asking
from parvis.councils import opinion_views as views
from parvis.councils import opinion_write_views as writing

ONE, ASKED = "participation/avis/<int:pk>/", "participation/demandes/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("participation/avis/", views.register, name="opinions"),
    path("participation/avis.<slug:form>", views.export, name="opinions_export"),
    path(ONE, views.opinion, name="opinion"),
    path(f"{ONE}avis.pdf", views.paper, name="opinion_pdf"),
    path(f"{ONE}suites/", views.opinion_outcomes, name="opinion_outcomes"),
    path("participation/<int:pk>/suites/", views.outcomes, name="outcomes"),
    path("participation/<int:pk>/avis/", views.opinions_of, name="opinions_of"),
    path("participation/<int:pk>/avis/nouveau/", writing.new_opinion, name="new_opinion"),
    path(f"{ONE}versions/", writing.versions, name="opinion_versions"),
    path(f"{ONE}ecrire/", writing.write, name="write_opinion"),
    path(f"{ONE}sujet/", writing.subject, name="opinion_subject"),
    path(f"{ONE}ordre-du-jour/", writing.table, name="table_opinion"),
    path(f"{ONE}adopter/", writing.adopt, name="adopt_opinion"),
    path(f"{ONE}abandonner/", writing.drop, name="drop_opinion"),
    path(f"{ONE}envoyer/", writing.send, name="send_opinion"),
    path(f"{ONE}publier/", writing.publish, name="publish_opinion"),
    path(f"{ONE}repondre/", replies.reply, name="reply_opinion"),
    path(f"{ONE}saisir-la-reponse/", replies.enter, name="enter_reply"),
    path("participation/demandes/", asking.requests, name="opinion_requests"),
    path("participation/<int:pk>/demander-un-avis/", asking.new_request, name="request_opinion"),
    path(ASKED, asking.request_page, name="opinion_request"),
    path(f"{ASKED}documents/<int:document>/", asking.document, name="request_document"),
    path(f"{ASKED}modifier/", asking.edit, name="edit_request"),
    path(f"{ASKED}sujet/", asking.subject, name="request_subject"),
    path(f"{ASKED}documents/", asking.give, name="give_request_document"),
    path(
        f"{ASKED}documents/<int:document>/retirer/",
        asking.remove,
        name="remove_request_document",
    ),
    path(f"{ASKED}envoyer/", asking.send, name="send_request"),
    path(f"{ASKED}retirer/", asking.withdraw, name="withdraw_request"),
    path(f"{ASKED}prendre/", asking.take, name="take_request"),
]
