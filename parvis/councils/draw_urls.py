"""Addresses of draws by lot."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import (
    lot_list_views,
    lot_people_views,
    lot_seed_views,
    lot_views,
    lot_witness_views,
)

DRAW = "participation/tirages/<int:pk>"
PERSON = "participation/tires-au-sort/<int:pk>"
urlpatterns: list[URLPattern] = [
    path("participation/<int:pk>/tirages/", lot_views.draws, name="draws"),
    path("participation/tirages/nouveau/", lot_views.new_draw, name="new_draw"),
    path(f"{DRAW}/", lot_views.draw, name="draw"),
    path(f"{DRAW}/modifier/", lot_views.edit, name="draw_edit"),
    path(f"{DRAW}/registre.json", lot_views.record, name="draw_record"),
    path(f"{DRAW}/rapport.pdf", lot_views.report, name="draw_report"),
    path(f"{DRAW}/annuler/", lot_views.cancel, name="draw_cancel"),
    path(f"{DRAW}/listes/ajouter/", lot_list_views.add, name="draw_add_list"),
    path(f"{DRAW}/listes/<int:source>/colonnes/", lot_list_views.columns, name="draw_columns"),
    path(f"{DRAW}/listes/<int:source>/retirer/", lot_list_views.drop, name="draw_drop_list"),
    path(f"{DRAW}/trier/", lot_list_views.sift, name="draw_sift"),
    path(f"{DRAW}/a-decider/", lot_list_views.review, name="draw_review"),
    path(f"{DRAW}/quotas/", lot_list_views.rules, name="draw_rules"),
    path(f"{DRAW}/calculer/", lot_list_views.prepare, name="draw_prepare"),
    path(f"{DRAW}/parties/", lot_seed_views.parties, name="draw_parties"),
    path(f"{DRAW}/engagement/", lot_seed_views.commitment, name="draw_commitment"),
    path(f"{DRAW}/resultat-attendu/", lot_seed_views.number, name="draw_number"),
    path(f"{DRAW}/publier-les-regles/", lot_seed_views.seal, name="draw_seal"),
    path(f"{DRAW}/parties/<int:party>/reveler/", lot_seed_views.reveal, name="draw_reveal"),
    path(f"{DRAW}/resultat/", lot_seed_views.tell, name="draw_tell_number"),
    path(f"{DRAW}/tirer/", lot_seed_views.now, name="draw_now"),
    path(f"{DRAW}/temoin/", lot_witness_views.witness, name="draw_witness"),
    path(f"{DRAW}/temoin/etat.json", lot_witness_views.state, name="draw_witness_state"),
    path(f"{DRAW}/personnes/", lot_people_views.people, name="draw_people"),
    path(f"{DRAW}/courriers.pdf", lot_people_views.letters, name="draw_letters"),
    path(f"{DRAW}/appels.pdf", lot_people_views.calls, name="draw_calls"),
    path(f"{DRAW}/second-tirage/", lot_people_views.again, name="draw_again"),
    path(f"{PERSON}/", lot_people_views.person, name="drawn_person"),
    path(f"{PERSON}/contact/", lot_people_views.attempt, name="drawn_attempt"),
    path(f"{PERSON}/coordonnees/", lot_people_views.reach, name="drawn_reach"),
    path(f"{PERSON}/reponse/", lot_people_views.answer, name="drawn_answer"),
    path(f"{PERSON}/appeler/", lot_people_views.call, name="drawn_call"),
    path(f"{PERSON}/installer/", lot_people_views.seat, name="drawn_seat"),
]
