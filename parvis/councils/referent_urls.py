"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import referent_sitting_views as sittings
from parvis.councils import referent_views as views
from parvis.councils import referent_year_views as years

urlpatterns: list[URLPattern] = [
    path("participation/referents/", views.referents, name="referents"),
    path("participation/<int:pk>/referents/", views.body_referents, name="body_referents"),
    path("participation/<int:pk>/referents/designer/", views.designate, name="designate"),
    path("participation/referents/<int:pk>/", views.referent, name="referent"),
    path("participation/referents/<int:pk>/fin/", views.end_designation, name="end_designation"),
    path("participation/seances/", sittings.referent_sittings, name="referent_sittings"),
    path("participation/seances/<int:pk>/", sittings.referent_sitting, name="referent_sitting"),
    path("participation/seances/<int:pk>/joindre/", sittings.contacts, name="referent_contacts"),
    path("participation/seances/<int:pk>/inviter/", sittings.invite, name="invite_referents"),
    path("participation/seances/<int:pk>/presences/", sittings.attest, name="attest_referents"),
    path("participation/invitations/<int:pk>/", sittings.answer, name="answer_call"),
    path("participation/documents/<int:pk>/", sittings.document, name="referent_document"),
    path("participation/bilans/<int:year>/", years.yearly, name="yearly"),
    path("participation/bilans/<int:year>/pdf/", years.yearly_pdf, name="yearly_pdf"),
]
