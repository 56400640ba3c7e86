from django.urls import path

from parvis.partners import (
    agreement_views,
    letter_views,
    lodge_views,
    organisation_views,
    reading_views,
    views,
)

app_name = "partners"
urlpatterns = [
    path("agir-pour/", views.act_for, name="act_for"),
    path("compte/", views.account, name="account"),
    path("compte/mot-de-passe/", views.set_password, name="set_password"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("organisation/", organisation_views.my_organisation, name="my_organisation"),
    path("organisation/lectures/", reading_views.readings, name="readings"),
    path("organisations/", organisation_views.organisations, name="organisations"),
    path(
        "organisations/nouvelle/",
        organisation_views.create_organisation,
        name="create_organisation",
    ),
    path("organisations/<int:pk>/", organisation_views.organisation, name="organisation"),
    path(
        "organisations/<int:pk>/modifier/",
        organisation_views.edit_organisation,
        name="edit_organisation",
    ),
    path("organisations/<int:pk>/confiance/", organisation_views.trust, name="trust"),
    path("organisations/<int:pk>/lettres/", letter_views.letters, name="letters"),
    path("organisations/<int:pk>/lettres.pdf", letter_views.letters_pdf, name="letters_pdf"),
    path("organisations/<int:pk>/inviter/", organisation_views.invite, name="invite"),
    path(
        "invitations/<int:pk>/retirer/",
        organisation_views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("mandats/<int:pk>/terminer/", organisation_views.end_mandate, name="end_mandate"),
    path("mandats/<int:pk>/retablir/", organisation_views.restore_mandate, name="restore_mandate"),
    path(
        "mandats/<int:pk>/second-facteur/",
        organisation_views.remove_factors,
        name="remove_factors",
    ),
    path("loge/", lodge_views.take_phone, name="lodge"),
    path("loge/rendre/", lodge_views.end_shift, name="end_shift"),
    path("loge/telephone/<str:token>/", lodge_views.enrol_phone, name="enrol_phone"),
    path("conventions/", agreement_views.agreements, name="agreements"),
    path("conventions/nouvelle/", agreement_views.create_agreement, name="create_agreement"),
    path("conventions/<slug:code>/", agreement_views.agreement, name="agreement"),
    path(
        "conventions/<slug:code>/modifier/", agreement_views.edit_agreement, name="edit_agreement"
    ),
]
