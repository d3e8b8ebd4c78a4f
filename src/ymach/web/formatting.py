"""Numbers, money, dates and times as people read them, in either language.

Days are dd/mm/yyyy in both languages. Separators follow the language: 1.284.906 and 98,6 % in Vietnamese,
1,284,906 and 98.6% in English. Moments are shown in the time of Viet Nam.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ymach.base.clock import VIETNAM
from ymach.base.text import Text

NO_BREAK = "\u00a0"
EMPTY = "—"
DEADLINE_SHOWN_WITHIN = 60
WEEKDAYS = (
    *(Text("thứ Hai", "Monday"), Text("thứ Ba", "Tuesday"), Text("thứ Tư", "Wednesday"), Text("thứ Năm", "Thursday")),
    *(Text("thứ Sáu", "Friday"), Text("thứ Bảy", "Saturday"), Text("Chủ nhật", "Sunday")),
)
Number = int | float | Decimal


def number(value: Number | None, language: str, places: int | None = None) -> str:
    """`value` with the separators of `language`, rounded to `places` (None: no zeros at the end of a Decimal)."""
    if value is None:
        return EMPTY
    if isinstance(value, Decimal) and places is None:
        places = max(-int(value.normalize().as_tuple().exponent), 0)
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text if _is_english(language) else text.translate({ord(","): ".", ord("."): ","})


def percent(value: Number | None, language: str, places: int = 1) -> str:
    """A value already in percent: 98.6 → “98,6 %” or “98.6%”. Whole numbers keep no decimals."""
    if value is None:
        return EMPTY
    shown = number(value, language, 0 if value == int(value) else places)
    return f"{shown}%" if _is_english(language) else f"{shown}{NO_BREAK}%"


def money(value: Number | None, language: str) -> str:
    """An amount of đồng: “1.250.000 đ” or “VND 1,250,000”. Part of a đồng is shown only if there is one."""
    if value is None:
        return EMPTY
    shown = number(value, language, 0 if value == int(value) else 2)
    return f"VND{NO_BREAK}{shown}" if _is_english(language) else f"{shown}{NO_BREAK}đ"


def day(value: date | datetime | None) -> str:
    """20/11/2026. A moment counts as the day it has in Viet Nam."""
    if isinstance(value, datetime):
        value = local(value)
    return value.strftime("%d/%m/%Y") if value else EMPTY


def partial_day(year: int | None, month: int | None, day: int | None, *, none: str = EMPTY) -> str:
    """A day with the parts that are known: 1985, 03/1985, 12/03/1985; without a year, 12/03."""
    known = (f"{day:02d}" if day else "", f"{month:02d}" if month else "", f"{year}" if year else "")
    return "/".join(filter(None, known)) or none


def partial_iso(text: str) -> str:
    """The same of 2024, 2024-03 or 2024-03-05."""
    return "/".join(reversed(text.split("-"))) if text else EMPTY


def long_day(value: date, language: str) -> str:
    """The day with its weekday, for titles: “thứ Sáu 20/11/2026”."""
    return f"{WEEKDAYS[value.weekday()].to(language).replace(' ', NO_BREAK)} {day(value)}"


def clock(value: datetime | None, *, seconds: bool = False) -> str:
    """14:32, or 14:32:08 where seconds matter, in the time of Viet Nam."""
    return local(value).strftime("%H:%M:%S" if seconds else "%H:%M") if value else EMPTY


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """14:32 20/11/2026, in the time of Viet Nam."""
    return f"{clock(value, seconds=seconds)} {day(value)}" if value else EMPTY


def local(value: datetime) -> datetime:
    """The same moment on the clocks of Viet Nam. A datetime without zone is taken to be Vietnamese already."""
    return value.replace(tzinfo=VIETNAM) if value.tzinfo is None else value.astimezone(VIETNAM)


def deadline(value: date, today: date) -> Text:
    """How long until the last day `value`, always with the day itself: “còn 18 ngày, hết hạn 08/12/2026”."""
    left = (value - today).days
    if left < 0:
        return Text(f"đã hết hạn {day(value)}", f"expired {day(value)}")
    if left == 0:
        return Text(f"hết hạn hôm nay, {day(value)}", f"expires today, {day(value)}")
    if left > DEADLINE_SHOWN_WITHIN:
        return Text(f"hết hạn {day(value)}", f"expires {day(value)}")
    days = "1 day" if left == 1 else f"{left} days"
    return Text(f"còn {left} ngày, hết hạn {day(value)}", f"{days} left, expires {day(value)}")


def period(first: date, end: date | None) -> Text:
    """Days from `first` up to, not including, `end` (None: open), by first and last day."""
    if end is None:
        return Text(f"từ {day(first)}, không thời hạn", f"from {day(first)}, no term")
    last = day(end - timedelta(days=1))
    return Text(f"{day(first)} đến hết {last}", f"{day(first)} to {last}")


def duration(seconds: float) -> Text:
    """A wait in its two largest units: 6720 → “1 giờ 52 phút”. Under a minute: one decimal, “0,3 giây”."""
    if seconds < 60:
        vi, en = number(seconds, "vi", 1 if seconds < 10 else 0), number(seconds, "en", 1 if seconds < 10 else 0)
        return Text(f"{vi}{NO_BREAK}giây", f"{en}{NO_BREAK}s")
    minutes = int(seconds // 60)
    hours, days = minutes // 60, minutes // 1440
    if days:
        return Text(f"{days} ngày {hours % 24} giờ", f"{days} d {hours % 24} h")
    if hours:
        return Text(f"{hours} giờ {minutes % 60} phút", f"{hours} h {minutes % 60} min")
    return Text(f"{minutes} phút", f"{minutes} min")


def _is_english(language: str) -> bool:
    return language.startswith("en")
