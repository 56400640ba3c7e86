"""How Parvis writes days, moments, money and numbers, in the language of the page."""

from __future__ import annotations

import datetime
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from parvis.ui.tongues import NBSP, THIN, TONGUES, tongue

__all__ = ["NBSP", "THIN"]

MONTH_NAMES = TONGUES["fr"].months


def local_day(value: datetime.date | datetime.datetime) -> datetime.date:
    """The day, in France when the value is a moment."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day_in_words(value: datetime.date | datetime.datetime) -> str:
    """« mardi 3 mars », with the year if it is not this one."""
    day, said = local_day(value), tongue()
    words = said.day.format(
        weekday=said.weekdays[day.weekday()],
        number=said.first if day.day == 1 else day.day,
        month=said.months[day.month - 1],
    )
    if day.year == timezone.localdate().year:
        return words
    return said.year.format(day=words, year=day.year)


def moment_in_words(value: datetime.datetime) -> str:
    """« mardi 3 mars à 18 h 20 »."""
    return tongue().moment.format(day=day_in_words(value), hour=hour_in_words(value))


def hour_in_words(value: datetime.datetime) -> str:
    """« 18 h 20 », « 9 h »."""
    local, said = timezone.localtime(value) if timezone.is_aware(value) else value, tongue()
    pattern = said.hour if local.minute else said.whole_hour
    return pattern.format(hour=local.hour, minute=local.minute)


def span_in_words(start: datetime.datetime, end: datetime.datetime) -> str:
    """« mardi 3 mars de 18 h à 20 h »; over several days, both moments in full."""
    if local_day(start) != local_day(end):
        return tongue().days.format(start=moment_in_words(start), end=moment_in_words(end))
    return tongue().hours.format(
        day=day_in_words(start), start=hour_in_words(start), end=hour_in_words(end)
    )


def of(name: str) -> str:
    """« d’Anzin », « de Lens »: the French « de » before a name."""
    plain = unicodedata.normalize("NFD", name[:1]).casefold()
    return f"d’{name}" if plain[:1] in tuple("aeiouœæ") else f"de {name}"


def grouped(digits: str) -> str:
    """Digits by three, with narrow no-break spaces in French."""
    return f"{int(digits):,}".replace(",", tongue().thousands)


def euros_in_words(value: Decimal | int | float) -> str:
    """« 12 345,67 € », rounded as people round; the minus sign is a real one."""
    amount = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    whole, cents = f"{abs(amount):.2f}".split(".")
    sign = "−" if amount < 0 else ""
    return tongue().money.format(sign=sign, whole=grouped(whole), cents=cents)


def number_in_words(value: int) -> str:
    """« 12 345 »."""
    return f"{'−' if value < 0 else ''}{grouped(str(abs(value)))}"


def weight_in_words(count: int) -> str:
    """How heavy a file is, as limits are told, by thousands: « 12 ko », « 3,4 Mo »."""
    kilobytes = max(1, round(count / 1000)) if count else 0
    if kilobytes < 1000:
        return f"{kilobytes}{NBSP}ko"
    megabytes = Decimal(count / 1_000_000).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    whole, tenth = str(megabytes).split(".")
    return f"{grouped(whole)}{',' + tenth if tenth != '0' else ''}{NBSP}Mo"


def days_from_today(value: datetime.date | datetime.datetime) -> str:
    """« aujourd’hui », « demain », « dans 3 jours », « il y a 2 jours »."""
    days, said = (local_day(value) - timezone.localdate()).days, tongue()
    near = {-1: said.yesterday, 0: said.today, 1: said.tomorrow}
    if days in near:
        return near[days]
    count = counted(abs(days), "jour", "jours")
    return (said.ahead if days > 0 else said.ago).format(days=count)


def counted(number: int, one: str, several: str) -> str:
    """« 3 signalements »: in French, 0 and 1 are singular.

    Elsewhere the catalogue words the number with what it counts: its translation holds `{n}` where
    the number goes, or leaves it out (« بلاغان » are two reports).
    """
    if get_language() != settings.LANGUAGE_CODE:
        words = ngettext(one, several, abs(number))
        if words not in (one, several):
            return words.replace("{n}", number_in_words(number))
    return f"{number_in_words(number)}{NBSP}{one if abs(number) < 2 else several}"
