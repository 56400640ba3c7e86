"""Importing a directory of doors: read, shown, kept once the person agrees."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.partners.actors import actor_of
from parvis.ui.words import counted
from parvis.vigilance.catalogue import door_kinds, needs
from parvis.vigilance.door_import import HEADER, Reading, read_table, write_records
from parvis.vigilance.table_reading import AN_HOUR, TableForm
from parvis.vigilance.views.door_desk import crumbs

SALT = "vigilance.doors"
SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def read_file(request: HttpRequest) -> HttpResponse:
    """Read a table: what it would change is shown first."""
    actor = actor_of(request)
    salt = f"{SALT}.{actor.mandate_id}"  # what one person reads, nobody else confirms
    reading: Reading | None = None
    form = TableForm()
    if sealed := request.POST.get("lignes", ""):
        try:
            records = signing.loads(sealed, salt=salt, max_age=AN_HOUR)
        except signing.BadSignature:
            messages.error(
                request, "Cette lecture a expiré, rien n’est importé : redonnez le fichier."
            )
            return redirect("vigilance:import_doors")
        reading = write_records(actor, [(number, values) for number, values in records])
        if not reading.faults:
            done = counted(
                len(reading.changes), "service est enregistré", "services sont enregistrés"
            )
            messages.success(request, f"{done}.")
            return redirect("vigilance:doors")
    elif request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            reading = read_table(actor, form.cleaned_data["file"])
    agreed = reading is not None and not reading.faults and reading.changes
    context = {
        "form": form,
        "reading": reading,
        "changes": [(one, door_kinds()[one.door.kind].short) for one in reading.changes[:SHOWN]]
        if reading
        else [],
        "sealed": signing.dumps(reading.records, salt=salt, compress=True)
        if agreed and reading
        else "",
        "columns": HEADER,
        "kinds": [one.short for one in door_kinds().values()],
        "needs": [one.label for one in needs().values()],
        "crumbs": crumbs(("Importer un tableau", "")),
    }
    return render(request, "vigilance/door_import.html", context)
