"""How Parvis writes days, moments, money and numbers in French."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

NBSP, THIN = "\u00a0", "\u202f"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTH_NAMES = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def local_day(value: datetime.date | datetime.datetime) -> datetime.date:
    """The day, in France when the value is a moment."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day_in_words(value: datetime.date | datetime.datetime) -> str:
    """« mardi 3 mars », with the year if it is not this one."""
    day = local_day(value)
    number = "1er" if day.day == 1 else str(day.day)
    words = f"{WEEKDAYS[day.weekday()]} {number}{NBSP}{MONTH_NAMES[day.month - 1]}"
    return words if day.year == timezone.localdate().year else f"{words}{NBSP}{day.year}"


def moment_in_words(value: datetime.datetime) -> str:
    """« mardi 3 mars à 18 h 20 »."""
    return f"{day_in_words(value)} à{NBSP}{hour_in_words(value)}"


def hour_in_words(value: datetime.datetime) -> str:
    """« 18 h 20 », « 9 h »."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")


def span_in_words(start: datetime.datetime, end: datetime.datetime) -> str:
    """« mardi 3 mars de 18 h à 20 h »; over several days, both moments in full."""
    if local_day(start) != local_day(end):
        return f"du {moment_in_words(start)} au {moment_in_words(end)}"
    hours = f"de{NBSP}{hour_in_words(start)} à{NBSP}{hour_in_words(end)}"
    return f"{day_in_words(start)} {hours}"


def grouped(digits: str) -> str:
    """Digits by three, with narrow no-break spaces."""
    return f"{int(digits):,}".replace(",", THIN)


def euros_in_words(value: Decimal | int | float) -> str:
    """« 12 345,67 € », rounded as people round; the minus sign is a real one."""
    amount = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    whole, cents = f"{abs(amount):.2f}".split(".")
    return f"{'−' if amount < 0 else ''}{grouped(whole)},{cents}{THIN}€"


def number_in_words(value: int) -> str:
    """« 12 345 »."""
    return f"{'−' if value < 0 else ''}{grouped(str(abs(value)))}"


def days_from_today(value: datetime.date | datetime.datetime) -> str:
    """« aujourd’hui », « demain », « dans 3 jours », « il y a 2 jours »."""
    days = (local_day(value) - timezone.localdate()).days
    near = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
    if days in near:
        return near[days]
    return f"dans {days}{NBSP}jours" if days > 0 else f"il y a {-days}{NBSP}jours"


def counted(number: int, one: str, several: str) -> str:
    """« 3 signalements »: in French, 0 and 1 are singular."""
    return f"{number_in_words(number)}{NBSP}{one if abs(number) < 2 else several}"
