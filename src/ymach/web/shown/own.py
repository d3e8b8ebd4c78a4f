"""A health book as its own person reads it: from what may be seen to what the pages show, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from ymach.base.clock import VIETNAM
from ymach.base.text import Text
from ymach.exchange.appointments.models import Appointment
from ymach.exchange.books.plans import COMING
from ymach.exchange.health_books import KnownAllergy
from ymach.exchange.prescriptions import rules as prescribed
from ymach.exchange.prescriptions.queries import Sight
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.summary import Problem, Series, Vaccination
from ymach.exchange.referrals import rules as referred
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility
from ymach.web import formatting
from ymach.web.parts import Alert, Todo, Trend, Words
from ymach.web.templatetags.ymach import language
from ymach.web.words import record_words

NEAR_DAYS = 7
FIRST = ("visit", "check-in")
EMPTY_KINDS = frozenset({"check-in"})
Places = Mapping[UUID, Facility]


@dataclass(frozen=True, slots=True)
class Tile:
    """A way into the book, large enough for a thumb."""

    icon: str
    label: Text
    note: Words
    href: str


@dataclass(frozen=True, slots=True)
class Stay:
    """One episode of care: everything one facility recorded under one number, its main record first."""

    main: Entry
    kinds: tuple[str, ...]
    place: str

    @property
    def href(self) -> str:
        return reverse("own-visit", args=[self.main.id])

    @property
    def title(self) -> Words:
        """What it was about, as far as anybody wrote it."""
        said = self.main.summary
        return said.get("diagnosis_text") or said.get("reason") or record_words(self.main.kind)

    @property
    def also(self) -> list[Text]:
        """What else there is in it."""
        return [record_words(kind) for kind in self.kinds if kind != self.main.kind]

    @property
    def year(self) -> int:
        return self.main.happened_at.astimezone(VIETNAM).year


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of episodes is narrowed to: a year, a kind of record, a facility's code; "" for all."""

    year: str = ""
    kind: str = ""
    place: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        return cls(**{name: query.get(name, "").strip()[:20] for name in cls.__dataclass_fields__})

    def keeps(self, one: Stay) -> bool:
        by_place = not self.place or one.main.facility_code == self.place
        return (not self.year or str(one.year) == self.year) and (not self.kind or self.kind in one.kinds) and by_place

    @property
    def is_blank(self) -> bool:
        return not (self.year or self.kind or self.place)


def stays_of(entries: Iterable[Entry], places: Places) -> list[Stay]:
    """The episodes, the newest first."""
    grouped: dict[tuple[UUID, str], list[Entry]] = {}
    for one in entries:
        grouped.setdefault((one.facility_id, one.dossier_code), []).append(one)
    stays = [_stay(mine, places) for mine in grouped.values()]
    return sorted(stays, key=lambda one: one.main.happened_at, reverse=True)


def choices_of(stays: Sequence[Stay]) -> dict[str, list[tuple[str, Words]]]:
    """What the list can be narrowed to: only what there is."""
    years = sorted({one.year for one in stays}, reverse=True)
    kinds = dict.fromkeys(kind for one in stays for kind in one.kinds)
    places = {one.main.facility_code: one.place for one in stays}
    return {
        "years": [("", Text("Mọi năm", "Any year")), *((str(year), str(year)) for year in years)],
        "kinds": [("", Text("Mọi loại", "Any kind")), *((kind, record_words(kind)) for kind in kinds)],
        "places": [("", Text("Mọi nơi", "Anywhere")), *sorted(places.items(), key=lambda one: one[1])],
    }


def place_of(places: Places, facility_id: UUID | None, code: str) -> str:
    """The facility's name, or its code where the registry has none."""
    known = places.get(facility_id) if facility_id else None
    return known.name if known else code or formatting.EMPTY


def alerts_of(allergies: Iterable[KnownAllergy], places: Mapping[str, str]) -> list[Alert]:
    """Allergies above everything else; that none is known is said too. places: names by code."""
    found = []
    for one in allergies:
        vi, en = ("Dị ứng nặng", "Severe allergy") if one.is_grave else ("Dị ứng", "Allergy")
        where = places.get(one.facility_code, one.facility_code)
        reaction = f"{one.reaction}. " if one.reaction else ""
        note = Text(
            f"{reaction}{where} ghi {formatting.day(one.said_at)}", f"{reaction}{where}, {formatting.day(one.said_at)}"
        )
        tone, icon = ("bad", "stuck") if one.is_grave else ("note", "pill")
        found.append(Alert(tone, icon, Text(f"{vi}: {one.substance}", f"{en}: {one.substance}"), note))
    if found:
        return found
    return [
        Alert(
            "note",
            "pill",
            Text("Chưa nơi nào ghi dị ứng của bạn", "No facility has written down an allergy"),
            Text(
                "Nếu từng dị ứng, hãy nói với bác sĩ ở lần khám tới.", "If you have had one, tell the doctor next time."
            ),
        )
    ]


def todo_of(
    appointments: Sequence[Appointment],
    referrals: Sequence[Referral],
    papers: Sequence[Sight],
    places: Places,
    today: date,
) -> list[Todo]:
    """What the person has to do, the most urgent first; four at most."""
    href = reverse("own-plans")
    found = [_to_referral(one, places, href) for one in referrals if one.state in COMING]
    near = [one for one in appointments if (one.on_day - today).days <= NEAR_DAYS]
    found += [_to_appointment(one, places, today, href) for one in near]
    found += [_to_collect(one, today) for one in papers if one.state in prescribed.OPEN]
    return found[:4]


def until(day: date, today: date) -> Text:
    """How far away a day is."""
    left = (day - today).days
    if left <= 1:
        return Text("ngày mai", "tomorrow") if left else Text("hôm nay", "today")
    return Text(f"còn {left} ngày", f"in {left} days")


def appointment_rows(
    found: Iterable[Appointment], reminded: set[tuple[UUID, date]], places: Places, today: date
) -> list[dict[str, object]]:
    """What the person is expected to, with the way there."""
    return [
        {
            "day": one.on_day,
            "hour": one.at,
            "when": until(one.on_day, today),
            "place": place_of(places, one.facility_id, one.facility_code),
            "facility": places.get(one.facility_id),
            "map": map_link(places.get(one.facility_id)),
            "why": one.diagnosis_text,
            "moved_from": one.moved_from,
            "is_near": (one.id, one.on_day) in reminded,
        }
        for one in found
    ]


REFERRAL_STEPS = {
    referred.SENT: Text(
        "Nơi nhận chưa xem. Cầm giấy chuyển tới nơi nhận.", "Not read yet there. Go there with the paper."
    ),
    referred.SEEN: Text("Nơi nhận đã xem giấy. Cầm giấy chuyển tới nơi nhận.", "Read there. Go there with the paper."),
    referred.ACCEPTED: Text("Nơi nhận sẵn sàng đón. Hãy tới đó.", "They expect you. Go there."),
    referred.DECLINED: Text(
        "Nơi này chưa nhận được. Hỏi lại nơi đã viết giấy chuyển.", "They cannot take you. Ask who wrote the referral."
    ),
    referred.ARRIVED: Text("Bạn đã tới nơi nhận.", "You have arrived there."),
    referred.ANSWERED: Text("Nơi nhận đã trả lời nơi gửi.", "They have answered who referred you."),
    referred.CLOSED: Text("Xong.", "Done."),
    referred.WITHDRAWN: Text("Giấy chuyển đã rút lại.", "The referral was withdrawn."),
}


def referral_rows(found: Iterable[Referral], places: Places) -> list[dict[str, object]]:
    """Where the person is referred to, what to do next."""
    return [
        {
            "to": place_of(places, one.receiver_id, one.receiver_code),
            "from": place_of(places, one.facility_id, one.facility_code),
            "facility": places.get(one.receiver_id) if one.receiver_id else None,
            "map": map_link(places.get(one.receiver_id) if one.receiver_id else None),
            "why": one.diagnosis_text or one.reason,
            "number": one.number,
            "at": one.referred_at,
            "is_urgent": one.is_urgent,
            "is_open": one.state in COMING,
            "next": REFERRAL_STEPS[one.state],
        }
        for one in found
    ]


def problem_rows(problems: Iterable[Problem], names: Mapping[str, Text], places: Places) -> list[dict[str, object]]:
    """Diseases in words, the code small beside them."""
    return [
        {
            "name": names.get(one.code) or one.text or one.code,
            "text": one.text if one.code in names and one.text != names[one.code].vi else "",
            "code": one.code,
            "visits": one.visits,
            "first": one.first_at,
            "last": one.last_at,
            "place": place_of(places, one.place.facility_id, one.place.facility_code),
        }
        for one in problems
    ]


def vaccination_rows(doses: Iterable[Vaccination], places: Places) -> list[dict[str, object]]:
    return [
        {
            "vaccine": one.vaccine,
            "dose": one.dose,
            "on": formatting.partial_iso(one.on),
            "place": place_of(places, one.place.facility_id, one.place.facility_code),
        }
        for one in doses
    ]


def trend_of(one: Series) -> Trend:
    """One indicator over time."""
    values = [float(point.value) for point in one.points]
    last, before = values[-1], values[-2] if len(values) > 1 else values[-1]
    way = "up" if last > before else "fall" if last < before else "flat"
    more = {
        "up": Text("cao hơn lần trước", "higher than before"),
        "fall": Text("thấp hơn lần trước", "lower than before"),
    }
    same = Text("như lần trước", "as before") if len(values) > 1 else Text("một lần đo", "measured once")
    shown = formatting.number(one.points[-1].value, language())
    note = formatting.day(one.points[-1].at)
    return Trend(one.name, one.unit, values, shown=shown, way=way, words=more.get(way, same), note=note)


def series_rows(found: Iterable[Series], places: Places) -> list[tuple[Series, list[tuple[datetime, Decimal, str]]]]:
    """Every value of each indicator with when and where, the newest first."""
    return [
        (
            one,
            [
                (point.at, point.value, place_of(places, point.place.facility_id, point.place.facility_code))
                for point in reversed(one.points)
            ],
        )
        for one in found
    ]


def map_link(facility: Facility | None) -> str:
    """Where the facility lies on an open map, "" where its place is not known."""
    if facility is None or facility.latitude is None:
        return ""
    place = {"mlat": f"{facility.latitude}", "mlon": f"{facility.longitude}"}
    return f"https://www.openstreetmap.org/?{urlencode(place)}#map=17/{facility.latitude}/{facility.longitude}"


def _stay(mine: list[Entry], places: Places) -> Stay:
    main = next((one for kind in FIRST for one in mine if one.kind == kind), mine[-1])
    kinds = tuple(dict.fromkeys(one.kind for one in (main, *mine) if one.kind not in EMPTY_KINDS or one is main))
    return Stay(main, kinds, place_of(places, main.facility_id, main.facility_code))


def _to_referral(one: Referral, places: Places, href: str) -> Todo:
    to = place_of(places, one.receiver_id, one.receiver_code)
    tone = "bad" if one.is_urgent or one.state == referred.DECLINED else "note"
    title = Text(f"Chuyển tới {to}.", f"Referred to {to}.")
    return Todo(
        tone, "route", title, REFERRAL_STEPS[one.state], one.diagnosis_text, Text("Xem đường đi", "How to go"), href
    )


def _to_appointment(one: Appointment, places: Places, today: date, href: str) -> Todo:
    place, when = place_of(places, one.facility_id, one.facility_code), until(one.on_day, today)
    hour = f" {formatting.clock(one.at)}" if one.at else ""
    title = Text(
        f"Khám lại {when.vi}: {formatting.day(one.on_day)}{hour}.",
        f"Appointment {when.en}: {formatting.day(one.on_day)}{hour}.",
    )
    return Todo("note", "day", title, place, one.diagnosis_text, Text("Xem lịch hẹn", "See it"), href)


def _to_collect(one: Sight, today: date) -> Todo:
    paper = one.prescription
    last = prescribed.last_day(paper.expires_at)
    partly = one.state == prescribed.PARTLY
    title = (
        Text("Đơn thuốc còn thuốc chưa mua.", "Some medicines are not collected.")
        if partly
        else Text("Đơn thuốc chưa mua.", "A prescription is not collected.")
    )
    names = ", ".join(str(line.printed["name"]) for line in one.lines[:3])
    term = formatting.deadline(last, today)
    href = f"{reverse('own-medicines')}#rx-{paper.code}"
    until_when, act = Text(f"Mua {term.vi}.", f"Collect it: {term.en}."), Text("Mở mã QR", "Open the QR code")
    return Todo("hold", "pill", title, until_when, names, act, href)
