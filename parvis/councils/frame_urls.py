"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import frame_article_views as articles
from parvis.councils import frame_inventory_views as inventory
from parvis.councils import frame_views as views
from parvis.councils import frame_write_views as writing

INVENTORY = "participation/inventaire/"
FRAMES = "participation/cadre/"
FRAME = f"{FRAMES}<int:pk>/"
ARTICLE = f"{FRAME}articles/<int:article>/"

urlpatterns: list[URLPattern] = [
    path(INVENTORY, inventory.inventory, name="inventory"),
    path(f"{INVENTORY}export/<str:form>/", inventory.export, name="inventory_export"),
    path(f"{INVENTORY}ajouter/", inventory.new_participation, name="new_participation"),
    path(f"{INVENTORY}<int:pk>/", inventory.edit_participation, name="edit_participation"),
    path(
        f"{INVENTORY}<int:pk>/retirer/", inventory.remove_participation, name="remove_participation"
    ),
    path(FRAMES, views.frames, name="frames"),
    path(f"{FRAMES}nouvelle-version/", writing.new_frame, name="new_frame"),
    path(FRAME, views.frame, name="frame"),
    path(f"{FRAME}pdf/", views.frame_pdf, name="frame_pdf"),
    path(f"{FRAME}comparer/", views.frame_compare, name="frame_compare"),
    path(f"{FRAME}modifier/", writing.edit_frame, name="edit_frame"),
    path(f"{FRAME}ouvrir/", writing.open_frame, name="open_frame"),
    path(f"{FRAME}adopter/", writing.adopt_frame, name="adopt_frame"),
    path(f"{FRAME}numeroter/", articles.number_articles, name="number_articles"),
    path(f"{FRAME}articles/ajouter/", articles.new_article, name="new_article"),
    path(ARTICLE, articles.edit_article, name="edit_article"),
    path(f"{ARTICLE}deplacer/", articles.move_article, name="move_article"),
    path(f"{ARTICLE}retirer/", articles.remove_article, name="remove_article"),
    path(f"{ARTICLE}remarquer/", writing.remark, name="remark"),
    path(f"{FRAME}remarques/<int:remark>/", writing.answer_remark, name="answer_remark"),
]
