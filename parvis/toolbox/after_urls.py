"""Addresses of what comes after a course, and of needs."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.toolbox import after_need_views, after_own_views, after_trained_views, after_views

COURSE = "formations/<int:pk>"
DATE = f"{COURSE}/presences/<int:number>"
OWN = "formations/suivi/<str:token>"
NEED = "formations/besoins/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(f"{COURSE}/suivi/", after_views.after, name="after"),
    path(f"{DATE}/", after_views.marks, name="after_marks"),
    path(f"{DATE}/ajouter/", after_views.walk_in, name="after_walk_in"),
    path(f"{DATE}/feuille.pdf", after_views.paper_list, name="after_list"),
    path(f"{DATE}/code/", after_views.screen, name="after_screen"),
    path(f"{DATE}/code.pdf", after_views.poster, name="after_poster"),
    path(f"{COURSE}/attestations/", after_views.certificates, name="after_certificates"),
    path(f"{COURSE}/attestations/delivrer/", after_views.certify, name="after_certify"),
    path("formations/presence/<str:token>/", after_own_views.room, name="after_room"),
    path(f"{OWN}/", after_own_views.own, name="after_own"),
    path(f"{OWN}/presence/", after_own_views.confirm, name="after_confirm"),
    path(f"{OWN}/presence/<str:code>/", after_own_views.own_room, name="after_own_room"),
    path(f"{OWN}/avis/", after_own_views.opinion, name="after_opinion"),
    path(f"{OWN}/attestation.pdf", after_own_views.own_certificate, name="after_own_certificate"),
    path("formations/attestations/<int:pk>.pdf", after_own_views.certificate, name="certificate"),
    path("formations/attestations/", after_own_views.check, name="after_check"),
    path("formations/attestations/<str:code>/", after_own_views.checked, name="after_checked"),
    path("formations/suivies/", after_trained_views.trained, name="after_trained"),
    path("formations/suivies/equipes/", after_trained_views.sent, name="after_sent"),
    path(
        "formations/suivies/tableau.<str:form>",
        after_trained_views.trained_table,
        name="after_trained_table",
    ),
    path("formations/besoins/", after_need_views.needs, name="needs"),
    path("formations/besoins/nouveau/", after_need_views.new, name="need_new"),
    path(f"{NEED}/", after_need_views.need, name="need"),
    path(f"{NEED}/aussi/", after_need_views.join, name="need_join"),
    path(f"{NEED}/retirer/", after_need_views.leave, name="need_leave"),
    path(f"{NEED}/repondre/", after_need_views.answer, name="need_answer"),
    path(f"{NEED}/clore/", after_need_views.close, name="need_close"),
]
