"""Reading what left the house as its readers will, and telling what is not inert in it."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import icalendar
from defusedxml import ElementTree
from lxml import html as lxml_html
from python_calamine import CalamineWorkbook

from parvis.documents.inspecting import pdf_fault
from tests.hostile.strings import MARK

RUNS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)


class _Page(HTMLParser):
    def __init__(self, mail: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.mail = mail
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside = tag if tag in ("script", "style") else ""
        if tag == "script" and "src" not in given:
            if given.get("type") == "application/json":
                self.inside = "json"
            else:
                self.faults.append("a script of its own")
        if tag in ("iframe", "object", "embed", "base") or MARK in tag:
            self.faults.append(f"an element {tag}")
        if tag == "style" and not self.mail:
            self.faults.append("a style of its own")
        for name, value in attrs:
            self.faults += attribute_faults(tag, name, value or "", mail=self.mail)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "json":
            json.loads(data)
        elif self.inside and MARK in data:
            self.faults.append(f"words inside a {self.inside}")

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.faults.append("words inside a comment")


def attribute_faults(tag: str, name: str, value: str, *, mail: bool) -> list[str]:
    faults = []
    if name.startswith("on") or name == "srcdoc" or MARK in name:
        faults.append(f"an attribute {name} on {tag}")
    if name == "style" and (not mail or MARK in value):
        faults.append(f"a style on {tag}")
    address = re.sub(r"[\s\x00-\x1f]", "", value).lower()
    if name in RUNS and address.startswith(("javascript:", "vbscript:", "data:text")):
        faults.append(f"a {name} that runs on {tag}")
    if tag in ("script", "link", "meta") and MARK in value and name in ("src", "http-equiv"):
        faults.append(f"words as {name} of a {tag}")
    return faults


def page_faults(text: str, *, mail: bool = False) -> list[str]:
    """What runs in a page: read by two parsers that mend broken pages in different ways."""
    if not text.strip():  # an answer that leads elsewhere
        return []
    reader = _Page(mail)
    reader.feed(text)
    faults = list(reader.faults)
    for element in lxml_html.document_fromstring(text.encode(), parser=_PARSER).iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if MARK in tag or (tag == "svg" and not element.get("class") and not len(element)):
            faults.append(f"an element {tag}")
        for name, value in element.attrib.items():
            faults += attribute_faults(tag, str(name), str(value), mail=mail)
    return sorted(set(faults))


_PARSER = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)


def cell_faults(text: str) -> list[str]:
    """A cell of a csv that a spreadsheet program would compute."""
    start = unicodedata.normalize("NFKC", text.strip(" "))[:1]
    return [f"a formula: {text[:30]!r}"] if MARK in text and start in FORMULA and start else []


def csv_faults(text: str) -> list[str]:
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    faults = [fault for row in rows for cell in row for fault in cell_faults(cell)]
    widths = {len(row) for row in rows if len(row) > 1}
    if len(widths) > 1:
        faults.append(f"rows of {sorted(widths)} cells")
    return faults


def workbook_faults(content: bytes) -> list[str]:
    CalamineWorkbook.from_filelike(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        faults = []
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            for node in ElementTree.fromstring(archive.read(name)).iter():
                tag = str(node.tag).rpartition("}")[2]
                words = " ".join([node.text or "", *node.attrib.values()])
                computed = any(key.endswith("}formula") for key in node.attrib)
                if (tag in ("f", "hyperlink", "a", "Relationship") or computed) and MARK in words:
                    faults.append(f"{name}: {tag}")
        return faults


def calendar_faults(content: bytes) -> list[str]:
    """Lines that no property of ours would have."""
    known = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL",
             "SEQUENCE", "STATUS", "LAST-MODIFIED", "CREATED", "ORGANIZER", "GEO", "CATEGORIES",
             "TRANSP", "CLASS", "METHOD", "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME",
             "X-WR-TIMEZONE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "TZID", "TZNAME",
             "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "NAME", "X-WR-CALDESC"}  # fmt: skip
    found = icalendar.Calendar.from_ical(content)
    return [f"a line {name}" for part in found.walk() for name in part if name.upper() not in known]


def header_faults(response: Any) -> list[str]:
    faults = []
    for name, value in response.items():
        if "\r" in value or "\n" in value:
            faults.append(f"two lines in {name}")
        if name == "Location" and value.startswith(("javascript:", "//", "http")):
            faults.append(f"sent elsewhere: {value}")
    for name, cookie in response.cookies.items():
        # Messages are signed, and read by us alone; the others are drawn by lot.
        if name not in ("messages", "csrftoken", "sessionid") and MARK in cookie.value:
            faults.append(f"words in a cookie {name}")
    return faults


def answer_faults(response: Any, content: bytes) -> list[str]:
    """What is not inert in an answer, read as its kind says."""
    kind = response.get("Content-Type", "").partition(";")[0]
    faults = header_faults(response)
    if kind == "text/html":
        faults += page_faults(content.decode())
    elif kind.endswith("json"):
        json.loads(content)
    elif kind == "text/csv":
        faults += csv_faults(content.decode("utf-8-sig"))
    elif kind.endswith(("/xml", "+xml")):
        for node in ElementTree.fromstring(content).iter():
            if MARK in str(node.tag) or any(MARK in name for name in node.attrib):
                faults.append(f"an element {node.tag}")
    elif kind == "text/calendar":
        faults += calendar_faults(content)
    elif kind.startswith("application/vnd.o") and content[:2] == b"PK":
        faults += workbook_faults(content) if "sheet" in kind else _package_faults(content)
    elif kind == "application/pdf":
        if content[:5] != b"%PDF-":
            faults.append("not a PDF")
        # Outside the streams: three letters stand in a packed picture or font by chance.
        if pdf_fault(content) or re.search(rb"/(OpenAction|AA)\b", _STREAM.sub(b"", content)):
            faults.append("a PDF that acts")
    if kind == "text/html" and "attachment" in response.get("Content-Disposition", ""):
        faults.append("a page to keep")
    return faults


def _package_faults(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
    return []


def mail_faults(message: Any) -> list[str]:
    """A mail as its reader's program takes it apart."""
    read = message_from_bytes(message.message().as_bytes(), policy=default)
    known = {"subject", "from", "to", "reply-to", "date", "message-id", "mime-version",
             "content-type", "content-transfer-encoding", "auto-submitted", "precedence",
             "list-unsubscribe", "list-unsubscribe-post", "list-id", "list-help",
             "x-auto-response-suppress", "references", "in-reply-to"}  # fmt: skip
    faults = [f"a header {name}" for name in read if name.lower() not in known]
    if len(message.recipients()) != 1:
        faults.append("more than one reader")
    for part in read.walk():
        if part.get_content_type() == "text/html":
            faults += page_faults(part.get_content(), mail=True)
    return faults
