"""The newly published sheets as an Atom feed, under the same rights as their pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from parvis.documents.values import plain
from parvis.partners.actors import ActorRequest
from parvis.toolbox.sheet_listing import kept, published
from parvis.ui.branding import brand
from parvis.upkeep.themes import themes

IN_A_FEED = 50


@require_safe
def feed(request: ActorRequest) -> HttpResponse:
    """The sheets that were published last, of one theme with `?theme=`."""
    theme = themes().get(request.GET.get("theme", ""))
    rows = kept(published(request.actor), {"theme": theme.code} if theme else {})
    rows = rows.select_related("author").defer("body").prefetch_related("themes")
    here = settings.SITE_URL + reverse("toolbox:feed") + (f"?theme={theme.code}" if theme else "")
    name = f"Boîte à outils : {theme.label}" if theme else "Boîte à outils : nouvelles fiches"
    made = Atom1Feed(
        title=f"{name} – {brand()['name']}",
        link=settings.SITE_URL + reverse("toolbox:sheets"),
        feed_url=here,
        description="",
        language="fr",
    )
    for sheet in rows.order_by("-first_published_at", "-pk")[:IN_A_FEED]:
        address = settings.SITE_URL + reverse("toolbox:sheet", args=[sheet.pk])
        made.add_item(
            title=plain(sheet.title),
            link=address,
            unique_id=address,
            description=plain(sheet.summary),
            author_name=plain(sheet.author.name),
            pubdate=sheet.first_published_at,
            updateddate=sheet.last_published_at,
            categories=[one.label for one in sheet.themes.all()],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml")
