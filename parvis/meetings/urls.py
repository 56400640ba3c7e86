"""Addresses of meetings."""

from __future__ import annotations

from django.urls import path

from parvis.meetings.views import decisions, instances, invited, papers, sittings

app_name = "meetings"
urlpatterns = [
    path("reunions/", instances.instances, name="instances"),
    path("reunions/nouvelle/", instances.new, name="new"),
    path("reunions/agenda/", papers.feed_address, name="feed_address"),
    path("reunions/<int:pk>/", instances.instance, name="instance"),
    path("reunions/<int:pk>/modifier/", instances.edit, name="edit"),
    path("reunions/<int:pk>/seance/", instances.plan, name="plan"),
    path("seances/convie/<str:token>/", invited.invited, name="invited"),
    path("seances/convie/<str:token>/<slug:name>/", invited.paper, name="invited_paper"),
    path(
        "seances/convie/<str:token>/documents/<int:pk>/",
        invited.document,
        name="invited_document",
    ),
    path("seances/<int:pk>/", sittings.sitting, name="sitting"),
    path("seances/<int:pk>/date/", sittings.change, name="change"),
    path("seances/<int:pk>/annuler/", sittings.cancel, name="cancel"),
    path("seances/<int:pk>/ordre-du-jour/", sittings.agenda, name="agenda"),
    path("seances/<int:pk>/ordre-du-jour/ajouter/", sittings.add, name="add"),
    path("seances/<int:pk>/ordre-du-jour/point/", sittings.item, name="item"),
    path("seances/<int:pk>/convoquer/", sittings.convene, name="convene"),
    path("seances/<int:pk>/compte-rendu/", sittings.minutes, name="minutes"),
    path("seances/<int:pk>/documents/", sittings.give, name="give"),
    path("seances/<int:pk>/decider/", decisions.decide, name="decide"),
    path("seances/<int:pk>/envoyer/", sittings.send, name="send"),
    path("seances/<int:pk>/approuver/", sittings.approve, name="approve"),
    path("seances/<int:pk>/ordre-du-jour.pdf", papers.agenda_pdf, name="agenda_pdf"),
    path("seances/<int:pk>/releve.pdf", papers.releve_pdf, name="releve_pdf"),
    path("seances/<int:pk>/lettres.pdf", papers.letters, name="letters"),
    path("seances/<int:pk>/diaporama.pptx", papers.slides, name="slides"),
    path("seances/<int:pk>/agenda.ics", papers.ics, name="calendar"),
    path("seances/documents/<int:pk>/", papers.document, name="document"),
    path("seances/documents/<int:pk>/retirer/", sittings.remove_given, name="remove_document"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/corriger/", decisions.edit, name="edit_decision"),
    path("decisions/<int:pk>/<slug:code>/", decisions.advance, name="advance"),
    path("agenda/<str:token>.ics", papers.feed, name="feed"),
]
