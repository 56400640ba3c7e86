"""The account of a walk out of the house: a PDF, and the follow-up table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.documents.pdf import make_pdf, pdf_response
from parvis.documents.tables import ods_response, xlsx_response
from parvis.walks.account_content import Plain
from parvis.walks.models import Picture
from parvis.walks.plan import Mark, Plan, plan_svg

EACH = 2  # pictures of a finding on paper; the others stay on the page
AT_MOST = 240  # pictures of a paper
LONG = 40  # findings from which a paper is made apart
TABLE = (
    "Numéro",
    "Constat",
    "Lieu",
    "Photo",
    "Thème",
    "Responsable",
    "Action",
    "Échéance",
    "État",
    "Date de clôture",
)
ENDINGS = {"xlsx": xlsx_response, "ods": ods_response}


def account_paper(content: Plain, *, subtitle: str) -> HttpResponse:
    """The account as a tagged PDF of A4 pages, with its plan and pictures. A picture on which
    somebody is recognised is not printed without consent, whoever reads."""
    files, names = _pictures(content)
    plan = content["plan"]
    if plan:
        marks = [Mark(**mark) for mark in plan["marks"]]
        files["plan.svg"] = plan_svg(Plan(**{**plan, "marks": marks}))
    findings = content["figures"]["strengths"] + content["figures"]["weaknesses"]
    made = make_pdf(
        "walks/account",
        {
            **{name: value for name, value in content.items() if name != "plan"},
            "plan": plan["text"] if plan else "",
            "files": names,
            "subtitle": subtitle,
        },
        title=content["head"]["title"],
        files=files,
        large=findings > LONG or len(names) > LONG,
    )
    return pdf_response(f"compte-rendu-{content['head']['title']}", made)


def account_sheet(content: Plain, ending: str) -> HttpResponseBase:
    """The follow-up table as "xlsx" or "ods"; a text never becomes a formula there."""
    return ENDINGS[ending](f"suites-{content['head']['title']}", TABLE, _rows(content))


def _rows(content: Plain) -> Iterable[list[Any]]:
    for one in content["rows"]:
        words = [f"{one['theme']}{' (point fort)' if one['strength'] else ''}", one["note"]]
        yield [
            one["number"],
            " : ".join(filter(None, words)),
            one["stop"],
            " ".join(_address(picture["id"]) for picture in one["pictures"]),
            one["theme"],
            one["who"],
            " · ".join(filter(None, (one["action"], one["planned"]))),
            _day(one["due"]),
            f"{one['state']}, en retard" if one["late"] else one["state"],
            _day(one["closed"]),
        ]


def _address(picture: int) -> str:
    """Where a picture is seen, by whoever may."""
    return settings.SITE_URL + reverse("walks:picture", args=[picture, "large"])


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def _pictures(content: Plain) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of the pictures to print, and their names by id; two a finding at most. What was
    erased since is left out."""
    lines: list[Mapping[str, Any]] = list(content["strengths"])
    lines += [one for group in content["weak"] for one in group["lines"]]
    lines += content["checks"]
    wanted = [
        picture["id"]
        for line in lines
        for picture in [one for one in line["pictures"] if one["paper"]][:EACH]
    ][:AT_MOST]
    files, names = {}, {}
    for picture in Picture.objects.filter(pk__in=wanted).order_by("pk"):
        try:
            with picture.thumbnail.open("rb") as file:
                files[f"photo-{picture.pk}.jpg"] = file.read()
        except OSError:
            continue
        names[str(picture.pk)] = f"/photo-{picture.pk}.jpg"
    return files, names
