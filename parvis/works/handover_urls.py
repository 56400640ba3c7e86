"""Addresses of deliveries, of what residents are asked about them, and of how they last."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.works.views import appropriation, deliveries, durability, surveys

urlpatterns: list[URLPattern] = [
    path("livraisons/", deliveries.deliveries, name="deliveries"),
    path("livraisons/nouvelle/", deliveries.new, name="new_delivery"),
    path("livraisons/verifications/", durability.overview, name="durability"),
    path("livraisons/verifications/<int:pk>/", durability.check, name="check"),
    path("livraisons/verifications/<int:pk>/faire/", durability.make, name="make_check"),
    path("livraisons/verifications/<int:pk>/suite/", durability.act, name="act_on_check"),
    path("livraisons/enquete/<str:token>/", surveys.answer, name="answer"),
    path("livraisons/enquete/<str:token>/merci/", surveys.answered, name="answered"),
    path("livraisons/<int:pk>/", deliveries.delivery, name="delivery"),
    path("livraisons/<int:pk>/modifier/", deliveries.edit, name="edit_delivery"),
    path("livraisons/<int:pk>/livrer/", deliveries.deliver, name="deliver"),
    path("livraisons/<int:pk>/remise/", deliveries.hand_over, name="hand_over"),
    path("livraisons/<int:pk>/proces-verbal/", deliveries.minutes, name="handover_minutes"),
    path("livraisons/<int:pk>/reserves/nouvelle/", deliveries.reserve, name="new_reserve"),
    path("livraisons/<int:pk>/reserves/<int:reserve>/lever/", deliveries.lift, name="lift_reserve"),
    path("livraisons/<int:pk>/modes-d-emploi/nouveau/", appropriation.new_guide, name="new_guide"),
    path("livraisons/<int:pk>/modes-d-emploi/<int:guide>/", appropriation.guide, name="guide"),
    path(
        "livraisons/<int:pk>/modes-d-emploi/<int:guide>/retirer/",
        appropriation.remove_guide,
        name="remove_guide",
    ),
    path("livraisons/<int:pk>/visites/nouvelles/", appropriation.new_visits, name="new_visits"),
    path(
        "livraisons/<int:pk>/visites/<int:visits>/retirer/",
        appropriation.remove_visits,
        name="remove_visits",
    ),
    path("livraisons/<int:pk>/ateliers/nouveau/", appropriation.new_workshop, name="new_workshop"),
    path("livraisons/<int:pk>/ateliers/", appropriation.attach, name="attach_gathering"),
    path(
        "livraisons/<int:pk>/ateliers/<int:gathering>/detacher/",
        appropriation.detach,
        name="detach_gathering",
    ),
    path("livraisons/<int:pk>/resultats/", surveys.results, name="survey_results"),
    path("livraisons/<int:pk>/enquetes/<int:months>/", surveys.survey, name="survey"),
    path("livraisons/<int:pk>/enquetes/<int:months>/dates/", surveys.dates, name="date_survey"),
    path("livraisons/<int:pk>/enquetes/<int:months>/papier/", surveys.paper, name="enter_paper"),
    path(
        "livraisons/<int:pk>/enquetes/<int:months>/publier/", surveys.publish, name="publish_survey"
    ),
    path(
        "livraisons/<int:pk>/enquetes/<int:months>/lettre.pdf",
        surveys.letter,
        name="survey_letter",
    ),
    path("livraisons/<int:pk>/verifications/", durability.checks, name="checks"),
]
