"""Giving a sheet to another territory, and bringing one in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.tables import safe_name
from parvis.partners.actors import Actor, ActorRequest, actor_of
from parvis.partners.rights import fetch
from parvis.toolbox import swap_acts, swap_feeds
from parvis.toolbox.labels import languages, licences
from parvis.toolbox.models import Feed, Package, Sheet
from parvis.toolbox.scopes import reads
from parvis.toolbox.swap_export import export
from parvis.toolbox.swap_format import LARGEST_PACKAGE, PackageRefused
from parvis.toolbox.swap_keys import fingerprint, public_key
from parvis.ui.fields import link_field

BY_PAGE = 30
ONLY_PUBLISHED = "Seule une fiche publiée s’échange avec d’autres territoires."


class UploadForm(forms.Form):
    """A package that somebody sent."""

    package = forms.FileField(
        label="Paquet de la fiche",
        help_text="Le fichier .zip que donne la page d’une fiche, 30 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_package(self) -> UploadedFile:
        found: UploadedFile = self.cleaned_data["package"]
        if (found.size or 0) > LARGEST_PACKAGE:
            raise ValidationError("Ce paquet pèse plus de 30 Mo.")
        return found


class ConfirmForm(forms.Form):
    """What the coordination says before a package becomes a draft."""

    unknown = forms.BooleanField(
        label="J’ai vérifié d’où vient cette fiche, par exemple en lisant l’empreinte au téléphone",
        error_messages={"required": "Vérifiez d’abord d’où vient cette fiche."},
    )
    trust = forms.BooleanField(
        label="Reconnaître cette signature les prochaines fois", required=False
    )
    again = forms.BooleanField(
        label="L’importer quand même, comme un nouveau brouillon",
        error_messages={
            "required": "Cette fiche est déjà importée : dites si vous la voulez encore."
        },
    )

    def __init__(self, *args: Any, known: bool, before: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["unknown"], self.fields["trust"]
        if not before:
            del self.fields["again"]


class FeedForm(forms.Form):
    """A feed to follow."""

    name = forms.CharField(label="Territoire", max_length=120)
    url = link_field(
        "Adresse de son fil", max_length=300, help_text="Le lien « Fil Atom » de sa boîte à outils."
    )


def _swapper(request: HttpRequest) -> Actor:
    """Who asks, if they bring in sheets of other territories."""
    actor = actor_of(request)
    if not reads(actor):
        raise PermissionDenied
    return actor


def _crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    trail = [("Boîte à outils", reverse("toolbox:sheets")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public key of this installation, for those who check what it signs."""
    known = public_key()
    return JsonResponse(
        {
            "installation": settings.BRAND["name"],
            "address": settings.SITE_URL,
            "algorithm": "ed25519",
            "key": known,
            "fingerprint": fingerprint(known),
        }
    )


@require_safe
def package(request: ActorRequest, pk: int) -> HttpResponse:
    """A published sheet as one file for another territory."""
    sheet = fetch(Sheet.objects, request.actor, pk=pk).specific
    if not sheet.live:
        return HttpResponse(ONLY_PUBLISHED, status=409, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(export(sheet), content_type="application/zip")
    name = safe_name(sheet.title, "zip")
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest) -> HttpResponse:
    """Bring in a sheet: the package is read, then shown before it becomes anything."""
    actor = _swapper(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(swap_acts.receive(actor, form.cleaned_data["package"].read()))
        except PackageRefused as refused:
            form.add_error("package", refused)
    rows = Package.objects.visible_to(actor).select_related("sheet").order_by("-received_at")
    context = {
        "form": form,
        "packages": rows[:BY_PAGE],
        "fingerprint": fingerprint(public_key()),
        "crumbs": _crumbs(("Échanges", "")),
    }
    return render(request, "toolbox/swap.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def received(request: ActorRequest, pk: int) -> HttpResponse:
    """What a package holds, and who signed it; confirmed, it becomes a draft."""
    found = fetch(Package.objects, request.actor, "import", pk=pk)
    if found.imported_at is not None:
        messages.info(request, "Cette fiche est déjà importée.")
        return redirect("toolbox:swap")
    try:
        opened = swap_acts.opened_again(found)
    except (PackageRefused, OSError):
        messages.error(request, "Ce paquet n’est plus lisible : demandez-le de nouveau.")
        return redirect("toolbox:swap")
    known = swap_acts.knows(found.coordination_id, opened.key)
    ours, before = swap_acts.is_ours(opened.key), swap_acts.came_before(found)
    data = request.POST if request.method == "POST" else None
    form = ConfirmForm(data, known=ours or known is not None, before=bool(before))
    if request.method == "POST" and form.is_valid():
        try:
            trust = bool(form.cleaned_data.get("trust"))
            sheet = swap_acts.bring_in(found, request.actor, trust=trust)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("toolbox:swap")
        messages.success(request, "La fiche est un brouillon : relisez-la avant de la publier.")
        return redirect("toolbox:sheet", sheet.pk)
    said = opened.said
    context = {
        "package": found,
        "said": said,
        "kind": Sheet.Kind(said.kind).label,
        "licence": licences()[said.licence],
        "wordings": [languages()[one["language"]].label for one in said.wordings],
        "known": known,
        "ours": ours,
        "before": before,
        "fingerprint": fingerprint(opened.key),
        "form": form,
        "crumbs": _crumbs(("Échanges", reverse("toolbox:swap")), (said.title, "")),
    }
    return render(request, "toolbox/swap_package.html", context)


@require_POST
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a package aside that is not wanted."""
    found = fetch(Package.objects, request.actor, "import", pk=pk)
    if found.imported_at is None:
        found.delete()
        messages.success(request, "Le paquet est effacé.")
    return redirect("toolbox:swap")


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """The sheets that other territories announce, and the feeds that are followed."""
    actor = _swapper(request)
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            swap_feeds.follow(actor, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error("url", wrong.messages)
        else:
            messages.success(request, "Vous suivez ce fil.")
            return redirect("toolbox:swap_feeds")
    wanted = request.GET.get("page", "")
    page = max(int(wanted), 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 1
    first = (page - 1) * BY_PAGE
    some = list(swap_feeds.entries_for(actor)[first : first + BY_PAGE + 1])
    context = {
        "form": form,
        "entries": some[:BY_PAGE],
        "feeds": Feed.objects.visible_to(actor),
        "next_url": f"?page={page + 1}" if len(some) > BY_PAGE else "",
        "first_url": "?" if first else "",
        "crumbs": _crumbs(("Fiches d’autres territoires", "")),
    }
    return render(request, "toolbox/swap_feeds.html", context)


@require_POST
def unfollow(request: ActorRequest, pk: int) -> HttpResponse:
    """Follow a feed no more."""
    swap_feeds.unfollow(fetch(Feed.objects, request.actor, "edit", pk=pk))
    messages.success(request, "Vous ne suivez plus ce fil.")
    return redirect("toolbox:swap_feeds")
