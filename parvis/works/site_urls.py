"""Addresses of worksites."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.works.views import announcements, charters, site_writing, sites

_ONE = "chantiers/<int:pk>/"
_TOLD = "annonces-de-travaux/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("chantiers/", sites.worksites, name="worksites"),
    path("chantiers/nouveau/", site_writing.new, name="new_worksite"),
    path(_ONE, sites.worksite, name="worksite"),
    path(f"{_ONE}agenda.ics", sites.calendar_feed, name="worksite_calendar"),
    path(f"{_ONE}modifier/", site_writing.edit, name="edit_worksite"),
    path(f"{_ONE}dates/", site_writing.dates, name="date_worksite"),
    path(f"{_ONE}perimetre/", site_writing.perimeter, name="worksite_perimeter"),
    path(f"{_ONE}publier/", site_writing.publish, name="publish_worksite"),
    path(f"{_ONE}retirer/", site_writing.unpublish, name="unpublish_worksite"),
    path(f"{_ONE}phases/nouvelle/", site_writing.phase, name="new_site_phase"),
    path(f"{_ONE}phases/<int:part>/", site_writing.phase, name="site_phase"),
    path(f"{_ONE}phases/<int:part>/retirer/", site_writing.drop_phase, name="drop_site_phase"),
    path(f"{_ONE}nuisances/nouvelle/", site_writing.nuisance, name="new_nuisance"),
    path(f"{_ONE}nuisances/<int:part>/", site_writing.nuisance, name="nuisance"),
    path(f"{_ONE}nuisances/<int:part>/retirer/", site_writing.drop_nuisance, name="drop_nuisance"),
    path(f"{_ONE}charte/", charters.charter, name="charter"),
    path(f"{_ONE}charte/modifier/", charters.edit, name="edit_charter"),
    path(f"{_ONE}charte/fichier/", charters.file, name="charter_file"),
    path(f"{_ONE}charte/signataires/", charters.add_signer, name="add_signer"),
    path(f"{_ONE}charte/signataires/<int:part>/retirer/", charters.drop_signer, name="drop_signer"),
    path(f"{_ONE}charte/engagements/", charters.add_pledge, name="add_charter_pledge"),
    path(f"{_ONE}charte/engagements/<int:part>/", charters.pledge, name="charter_pledge"),
    path(
        f"{_ONE}charte/engagements/<int:part>/verifier/",
        charters.check,
        name="check_charter_pledge",
    ),
    path(f"{_ONE}annonces/nouvelle/", announcements.new, name="new_announcement"),
    path(_TOLD, announcements.announcement, name="announcement"),
    path(f"{_TOLD}modifier/", announcements.edit, name="edit_announcement"),
    path(f"{_TOLD}publier/", announcements.publish, name="publish_announcement"),
    path(f"{_TOLD}retirer/", announcements.withdraw, name="withdraw_announcement"),
    path(f"{_TOLD}corriger/", announcements.correct, name="correct_announcement"),
    path(f"{_TOLD}affiche.pdf", announcements.poster, name="announcement_poster"),
    path(f"{_TOLD}agenda.ics", announcements.ics, name="announcement_calendar"),
]
