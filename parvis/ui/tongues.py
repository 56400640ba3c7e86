"""How days, hours, spans, money and numbers are written in each language of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

NBSP, THIN = "\u00a0", "\u202f"


@dataclass(frozen=True)
class Tongue:
    """One language. Patterns are filled by name; digits are the same (0 to 9) in all of them."""

    weekdays: tuple[str, ...]  # from Monday
    months: tuple[str, ...]
    day: str  # {weekday}, {number}, {month}
    year: str  # {day}, {year}: a day of another year
    first: str  # the first day of a month
    moment: str  # {day}, {hour}
    hour: str  # {hour}, {minute:02d}
    whole_hour: str
    hours: str  # {day}, {start}, {end}: a span within a day
    days: str  # {start}, {end}: a span over several days, in full
    money: str  # {sign}, {whole}, {cents}
    thousands: str
    yesterday: str
    today: str
    tomorrow: str
    ahead: str  # {days}, counted
    ago: str


TONGUES = {
    "fr": Tongue(
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        months=(
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre",
        ),
        day=f"{{weekday}} {{number}}{NBSP}{{month}}",
        year=f"{{day}}{NBSP}{{year}}",
        first="1er",
        moment=f"{{day}} à{NBSP}{{hour}}",
        hour=f"{{hour}}{NBSP}h{NBSP}{{minute:02d}}",
        whole_hour=f"{{hour}}{NBSP}h",
        hours=f"{{day}} de{NBSP}{{start}} à{NBSP}{{end}}",
        days="du {start} au {end}",
        money=f"{{sign}}{{whole}},{{cents}}{THIN}€",
        thousands=THIN,
        yesterday="hier",
        today="aujourd’hui",
        tomorrow="demain",
        ahead="dans {days}",
        ago="il y a {days}",
    ),
    "en": Tongue(
        weekdays=(
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        ),
        months=(
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ),
        day=f"{{weekday}} {{number}}{NBSP}{{month}}",
        year=f"{{day}}{NBSP}{{year}}",
        first="1",
        moment=f"{{day}} at{NBSP}{{hour}}",
        hour="{hour}:{minute:02d}",
        whole_hour="{hour}:00",
        hours=f"{{day}} from{NBSP}{{start}} to{NBSP}{{end}}",
        days="from {start} to {end}",
        money="{sign}€{whole}.{cents}",
        thousands=",",
        yesterday="yesterday",
        today="today",
        tomorrow="tomorrow",
        ahead="in {days}",
        ago="{days} ago",
    ),
    "ar": Tongue(
        weekdays=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
        months=(
            "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
            "أكتوبر", "نوفمبر", "ديسمبر",
        ),
        day=f"{{weekday}} {{number}}{NBSP}{{month}}",
        year=f"{{day}}{NBSP}{{year}}",
        first="1",
        moment="{day} على الساعة {hour}",
        hour="{hour}:{minute:02d}",
        whole_hour="{hour}:00",
        hours="{day} من الساعة {start} إلى الساعة {end}",
        days="من {start} إلى {end}",
        money=f"{{sign}}{{whole}}.{{cents}}{NBSP}€",
        thousands=",",
        yesterday="أمس",
        today="اليوم",
        tomorrow="غدًا",
        ahead="بعد {days}",
        ago="منذ {days}",
    ),
}  # fmt: skip


def tongue() -> Tongue:
    """That of the page or the message that is being made."""
    return TONGUES.get(get_language() or "fr", TONGUES["fr"])
