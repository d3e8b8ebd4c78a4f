"""From a facility's profile to what the page shows: the week, beds, oxygen, alerts. No query here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from ymach.base.text import Text
from ymach.base.weekly import Schedule
from ymach.facilities import lists
from ymach.facilities.facts import EquipmentFacts, Held
from ymach.facilities.models import Facility
from ymach.facilities.oxygen import kinds as oxygen
from ymach.facilities.oxygen.autonomy import DAYS_ENOUGH
from ymach.facilities.oxygen.queries import OxygenOverview
from ymach.facilities.oxygen.rules import Used
from ymach.facilities.profile.queries import Beds, FacilityProfile
from ymach.places.map import CountryMap
from ymach.web import charts, formatting
from ymach.web.facility.oxygen_forms import STATES
from ymach.web.parts import Alert, Fact, Words
from ymach.web.shown import facilities as shown

FACILITIES = Text("Cơ sở", "Facilities")

DAY_MINUTES = 24 * 60
SOURCE_BADGES = {"working": "accepted", "standby": "waiting", "down": "rejected"}
EQUIPMENT_BADGES = {"working": "accepted", "broken": "rejected", "in_repair": "held", "idle": "waiting"}
BED_WORDS = {
    "planned": Text("Kế hoạch", "Planned"),
    "actual": Text("Thực kê", "Actual"),
    "icu": Text("Hồi sức tích cực", "Intensive care"),
    "emergency": Text("Cấp cứu", "Emergency"),
    "newborn": Text("Sơ sinh", "Newborn"),
    "negative_pressure": Text("Áp lực âm", "Negative pressure"),
    "operating_tables": Text("Bàn mổ", "Operating tables"),
    "delivery_tables": Text("Bàn đẻ", "Delivery tables"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of lying bars: its words, its number, how far it reaches (percent of the longest)."""

    name: Words
    value: Words
    reach: str
    tone: str = ""
    note: Words = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Open minutes of a day, in percent of the day."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week with its open hours."""

    name: Text
    hours: Words
    stretches: tuple[Stretch, ...]
    is_today: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A source of oxygen as a line."""

    item: object
    name: str
    kind: Text
    badge: str
    state: Text
    facts: tuple[Text, ...]
    warnings: tuple[Text, ...]


def week(schedule: Schedule, today: date) -> list[WeekDay]:
    """The seven days with their hours as bars of twenty-four hours."""
    return [_week_day(schedule, number, today) for number in range(7)]


def _week_day(schedule: Schedule, number: int, today: date) -> WeekDay:
    start = number * DAY_MINUTES
    slots = [(max(one.start - start, 0), min(one.end - start, DAY_MINUTES)) for one in schedule.slots]
    of_day = [(begin, end) for begin, end in slots if begin < end]
    words = ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in of_day)
    name = formatting.WEEKDAYS[number]
    return WeekDay(
        Text(name.vi[:1].upper() + name.vi[1:], name.en),
        words or Text("nghỉ", "closed"),
        tuple(Stretch(f"{begin / 14.4:.1f}", f"{(end - begin) / 14.4:.1f}") for begin, end in of_day),
        today.weekday() == number,
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def bars(rows: Iterable[tuple[Words, Decimal | int, Words]], language: str, tone: str = "good") -> list[Bar]:
    """Lying bars: words, number and note of each."""
    given = list(rows)
    longest = max((float(value) for _, value, _ in given), default=0) or 1
    return [
        Bar(name, formatting.number(value, language), charts.share(float(value), 0, longest), tone, note)
        for name, value, note in given
    ]


def bed_bars(beds: Beds, language: str) -> list[Bar]:
    """Beds and tables by kind; what there is none of is left out, but for the actual beds."""
    rows = [(words, getattr(beds, name), "") for name, words in BED_WORDS.items()]
    return bars([row for row in rows if row[1] or row[0] is BED_WORDS["actual"]], language)


def share_bars(overview: OxygenOverview, language: str) -> list[Bar]:
    """What each kind of source gave in twelve months."""
    return [
        Bar(
            oxygen.kind(one.kind).text,
            formatting.percent(one.share * 100, language),
            charts.share(float(one.share * 100)),
            "good",
            Text(
                f"{formatting.number(one.normal_m3, 'vi', 0)} Nm³", f"{formatting.number(one.normal_m3, 'en', 0)} Nm³"
            ),
        )
        for one in overview.shares
    ]


def month_bars(used: Iterable[Used], on: date, *, width: int = 700) -> charts.Bars | None:
    """Consumption by month, oldest first, in Nm³; None where nothing was recorded."""
    months: dict[date, Decimal] = {}
    for one in used:
        months[one.month] = months.get(one.month, Decimal(0)) + one.normal_m3
    if not months:
        return None
    columns = []
    for back in range(11, -1, -1):
        month = _months_back(on, back)
        value = float(round(months.get(month, Decimal(0))))
        columns.append(charts.Column(month.strftime("%m/%y"), (("good", value),)))
    return charts.bars(columns, width=width)


def _months_back(on: date, back: int) -> date:
    index = on.year * 12 + on.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def sources(overview: OxygenOverview) -> list[Source]:
    """The sources with what is known of each and what is unusual."""
    unusual = {one.source.id: one.findings for one in overview.warnings}
    return [
        Source(
            item=held.thing,
            name=held.facts.name,
            kind=oxygen.kind(held.facts.kind).text,
            badge=SOURCE_BADGES[held.facts.state],
            state=_state_words(held.facts.state, held.facts.down_reason),
            facts=tuple(_details(held.facts.kind, held.facts.details)),
            warnings=tuple(finding.text for finding in unusual.get(held.id, ())),
        )
        for held in overview.sources
    ]


def _state_words(state: str, reason: str) -> Text:
    words = STATES[state]
    why = oxygen.down_reasons().get(reason)
    return Text(f"{words.vi}: {why.vi.lower()}", f"{words.en}: {why.en.lower()}") if why else words


def _details(code: str, details: Mapping[str, str]) -> Iterable[Text]:
    for name, one in oxygen.kind(code).fields.items():
        value = details.get(name)
        if not value:
            continue
        unit = one.unit or Text("", "")
        told = one.choices.get(value) or _value(one.type, value)
        yield Text(f"{one.text.vi}: {told.vi} {unit.vi}".strip(), f"{one.text.en}: {told.en} {unit.en}".strip())


def _value(type_: str, value: str) -> Text:
    if type_ == "day":
        day = formatting.day(date.fromisoformat(value))
        return Text(day, day)
    if type_ in {"number", "whole"}:
        return Text(formatting.number(Decimal(value), "vi"), formatting.number(Decimal(value), "en"))
    return Text(value, value)


def days_of(overview: OxygenOverview) -> tuple[Text, str]:
    """How long the oxygen lasts, and the tone of it."""
    days = overview.autonomy_days
    if days is None:
        return Text("chưa đủ số liệu", "not enough figures"), ""
    tone = "bad" if days < DAYS_ENOUGH else "good"
    return Text(f"{formatting.number(days, 'vi', 1)} ngày", f"{formatting.number(days, 'en', 1)} days"), tone


def oxygen_facts(overview: OxygenOverview) -> list[Fact]:
    """Stock, output, demand, gap and how long it lasts."""
    words, tone = days_of(overview)
    daily = overview.mean_daily
    note = (
        Text(f"dùng trung bình {_m3(daily, 'vi')} Nm³ một ngày", f"{_m3(daily, 'en')} Nm³ used a day on average")
        if daily is not None
        else Text("ghi lượng dùng hằng tháng để tính được", "record what is used each month to know")
    )
    gap = overview.gap
    return [
        Fact(Text("Đủ dùng", "Lasts"), words, note, tone),
        Fact(Text("Đang có", "In stock"), _amount(overview.stock, "Nm³")),
        Fact(Text("Khả năng cấp", "Can give"), _amount(overview.output, "Nm³/h", "Nm³/giờ")),
        Fact(
            Text("Nhu cầu ước tính", "Estimated demand"),
            _amount(overview.needed, "Nm³/h", "Nm³/giờ"),
            Text("theo số giường và bàn mổ", "by beds and tables"),
        ),
        Fact(
            Text("Còn thiếu", "Missing"),
            _amount(gap, "Nm³/h", "Nm³/giờ") if gap else Text("không thiếu", "nothing"),
            "",
            "bad" if gap else "good",
        ),
    ]


def _m3(value: Decimal, language: str) -> str:
    return formatting.number(value, language, 0 if value >= 100 else 1)


def _amount(value: Decimal, unit: str, vi_unit: str = "") -> Text:
    return Text(f"{_m3(value, 'vi')} {vi_unit or unit}", f"{_m3(value, 'en')} {unit}")


def equipment_bars(equipment: Sequence[Held[EquipmentFacts]], language: str) -> list[Bar]:
    """Devices by state."""
    tones = {"working": "good", "broken": "bad", "in_repair": "hold", "idle": "wait"}
    counts: dict[str, int] = {}
    for held in equipment:
        counts[held.facts.state] = counts.get(held.facts.state, 0) + held.facts.quantity
    longest = max(counts.values(), default=0) or 1
    return [
        Bar(
            words,
            formatting.number(counts[code], language),
            charts.share(counts[code], 0, longest),
            tones.get(code, "wait"),
            "",
            f"?state={code}",
        )
        for code, words in lists.equipment_states().items()
        if code in counts
    ]


def alerts(profile: FacilityProfile, head: Alert | None, overview: OxygenOverview | None) -> list[Alert]:
    """What must be seen first."""
    found = [head] if head else []
    if profile.warnings:
        count = len(profile.warnings)
        words = Text(f"{count} thiết bị quá hạn kiểm định", f"Inspection overdue: {count}")
        found.append(Alert("note", "note", words, profile.warnings[0].text))
    if overview is not None and overview.autonomy_days is not None and overview.autonomy_days < DAYS_ENOUGH:
        lasts, _ = days_of(overview)
        found.append(
            Alert("bad", "oxygen", Text(f"Oxy chỉ còn đủ dùng {lasts.vi}", f"Oxygen lasts for {lasts.en} only"))
        )
    down = [one for one in profile.oxygen_sources if one.facts.state == "down"]
    if down:
        count = len(down)
        names = ", ".join(one.facts.name or oxygen.kind(one.facts.kind).text.vi for one in down[:3])
        found.append(
            Alert("bad", "oxygen", Text(f"{count} nguồn oxy đang dừng", f"Oxygen sources down: {count}"), names)
        )
    return found


def spot(
    country: CountryMap, latitude: Decimal | None, longitude: Decimal | None, province_code: str
) -> tuple[float, float] | None:
    """Where the facility stands on the country's map; without coordinates the middle of its province."""
    if latitude is not None and longitude is not None:
        return country.projection.point(float(longitude), float(latitude))
    middle = next((one for one in country.outlines if one.province_code == province_code), None)
    return (middle.x, middle.y) if middle else None


def equipment_lines(found: Sequence[Held[EquipmentFacts]]) -> list[dict[str, object]]:
    """Devices as lines: their facts, the words of kind and state, and the shape of the state."""
    return [
        {
            "item": one.thing,
            "facts": one.facts,
            "kind": lists.equipment_kinds().get(one.facts.kind, Text(one.facts.kind, one.facts.kind)),
            "state": lists.equipment_states()[one.facts.state],
            "badge": shown.EQUIPMENT_BADGES.get(one.facts.state, "waiting"),
        }
        for one in found
    ]


def crumbs_of(facility: Facility) -> list[tuple[Words, str]]:
    """The pages above one of a facility's own."""
    return [(FACILITIES, reverse("facilities")), (facility.name, reverse("facility", args=[facility.code]))]
