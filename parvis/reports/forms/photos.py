"""The field of photos, shared by every form that takes some.

Good photos are kept when the form comes back with an error: only faulty ones are chosen again.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.documents.photos import MAX_PHOTOS, CleanPhoto, PhotoRefused, clean
from parvis.reports import drafts

TOO_MANY = _("{n} photos au plus. Les premières sont gardées ; « {name} » ne l’est pas.")
LOST = _("Une photo gardée n’est plus là (plus d’un jour). Choisissez-la à nouveau.")


# Not every system knows the type of a HEIC photo: some go by the end of its name.
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files, looked at by the form itself."""

    widget = _SeveralFiles(attrs={"accept": ACCEPTED, "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data or [])


class FormWithPhotos(forms.Form):
    """A form with photos: `kept` holds the signed names of those already received."""

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=format_lazy(
            _("Jusqu’à {n} photos. Évitez les visages et les plaques."), n=MAX_PHOTOS
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[str] = []  # names of drafts that are still there
        self.ready: list[CleanPhoto] = []
        if self.is_bound:
            data = cast(QueryDict, self.data)
            dropped = set(data.getlist("drop"))
            self._given = [token for token in data.getlist("kept") if token not in dropped]
        else:
            self._given = []

    def clean_photos(self) -> list[CleanPhoto]:
        """The clean photos; each faulty file is named with what is wrong with it."""
        self._fresh: list[CleanPhoto] = []
        uploads = self.cleaned_data["photos"]
        for token in self._given[:MAX_PHOTOS]:
            photo = drafts.take(token)
            if photo is None:
                self.add_error("photos", LOST)
            else:
                self.kept.append(token)
                self.ready.append(photo)
        for upload in uploads:
            if len(self.ready) >= MAX_PHOTOS:
                self.add_error("photos", TOO_MANY.format(n=MAX_PHOTOS, name=upload.name))
                break
            try:
                photo = clean(upload)
            except PhotoRefused as refused:
                self.add_error("photos", f"« {upload.name} » : {gettext(str(refused))}")
            else:
                self._fresh.append(photo)
                self.ready.append(photo)
        return self.ready

    def keep_photos(self) -> None:
        """Put the good photos aside, since the form goes back to the person."""
        for photo in getattr(self, "_fresh", []):
            self.kept.append(drafts.keep(photo))
        self._fresh = []
