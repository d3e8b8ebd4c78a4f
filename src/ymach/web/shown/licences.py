"""A verdict as the public reads it: the values of the component `licence`, and a line of a list of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.clock import vietnam_day
from ymach.base.kept import Kept
from ymach.base.text import Text
from ymach.base.weekly import minute_of_week, schedule_words
from ymach.places.queries import Unit, provinces
from ymach.publication.payload import title_words
from ymach.publication.rules import Entry, Place, State, Verdict, judge, last_day, places_on, sentence_of, word_of
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request
from ymach.web.parts import Fact, Tab, Words
from ymach.web.templatetags.ymach import language

TELL = Text(
    "Nếu người này đang khám chữa bệnh cho bạn, hãy hỏi cơ sở hoặc báo Sở Y tế.",
    "If this person is treating you, ask the facility or tell the department of health.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A result in a list."""

    href: str
    name: str
    note: Words
    state: str
    word: Text


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A registration in the table of a card."""

    name: str
    note: str
    position: str
    hours: Words


@dataclass(frozen=True, slots=True)
class Card:
    """One licence in full."""

    key: str
    href: str
    name: str
    state: str
    word: Text
    title: Text
    ban: Words
    ban_text: Words
    items: Sequence[Fact]
    places: Sequence[PlaceRow]


def card_of(entry: Entry, at: datetime) -> Card:
    """The card of a licence at a moment."""
    on = vietnam_day(at)
    verdict = judge(entry, on)
    stopped = verdict.state is not State.ACTIVE
    return Card(
        key=f"licence-{entry.licence_id}",
        href=reverse("licence", args=[entry.licence_id]),
        name=entry.name,
        state=_badge(verdict),
        word=word_of(verdict),
        title=title_words(entry.title, on),
        ban=sentence_of(verdict, entry) if stopped else "",
        ban_text=TELL if stopped and not verdict.may_practise and verdict.state is not State.CONVERTED else "",
        items=_facts(entry, at),
        places=[_place_row(place) for place in places_on(entry, on)],
    )


def row_of(entry: Entry, on: date) -> Row:
    """The line of a licence in a list of results."""
    verdict, title = judge(entry, on), title_words(entry.title, on)
    here = places_on(entry, on)
    where = f" · {here[0].name}, {province_name(here[0].province, on)}" if here else ""
    return Row(
        href=reverse("licence", args=[entry.licence_id]),
        name=entry.name,
        note=Text(f"{title.vi} · {entry.number}{where}", f"{title.en} · {entry.number}{where}"),
        state=_badge(verdict),
        word=word_of(verdict),
    )


def province_name(code: str, on: date) -> str:
    """The name of a province on a day, in the reader's language; its code when it has none."""
    unit = _units(on).get(code)
    return unit.name(language()) if unit else code


def province_choices(on: date) -> list[tuple[str, Text | str]]:
    """All provinces, the whole country first."""
    names = [(code, unit.name(language())) for code, unit in _units(on).items()]
    return [("", Text("Cả nước", "Whole country")), *names]


def _read_units(on: date) -> dict[str, Unit]:
    return {unit.code: unit for unit in provinces(on)}


_units: Kept[date, dict[str, Unit]] = Kept(_read_units, seconds=300, size=4)


def _badge(verdict: Verdict) -> str:
    if verdict.state is State.ACTIVE:
        return "accepted"
    if verdict.is_partial:
        return "accepted_with_findings"
    return "rejected" if verdict.state in {State.SUSPENDED, State.BANNED, State.REVOKED} else "waiting"


def _facts(entry: Entry, at: datetime) -> list[Fact]:
    on, end = vietnam_day(at), last_day(entry.valid)
    issued = formatting.day(entry.issued_on)
    until = formatting.day(end) if end else ""
    number_note = Text(
        f"{entry.issuer} cấp {issued}" + (f", có hiệu lực đến {until}" if end else ", không thời hạn"),
        f"{entry.issuer}, {issued}" + (f", valid until {until}" if end else ", without term"),
    )
    return [
        Fact(Text("Số giấy phép", "Licence number"), entry.number, number_note),
        Fact(Text("Phạm vi", "Scope"), _scopes(entry, on)),
        *_now_at(entry, at),
    ]


def _scopes(entry: Entry, on: date) -> Words:
    names = lookups.catalogue_names("practice_scope", entry.scopes, on)
    vi = "; ".join(names[code].vi for code in entry.scopes)
    return Text(vi, "; ".join(names[code].en for code in entry.scopes)) if vi else formatting.EMPTY


def _now_at(entry: Entry, at: datetime) -> list[Fact]:
    """Where the holder works at this hour by their registrations, if anywhere."""
    minute = minute_of_week(at)
    here = [place for place in places_on(entry, vietnam_day(at)) if minute in place.schedule]
    name = Text("Giờ này, theo đăng ký", "At this hour, as registered")
    return [Fact(name, Text(f"Làm việc ở {place.name}", f"Works at {place.name}"), tone="good") for place in here]


def _place_row(place: Place) -> PlaceRow:
    position = ", ".join(filter(None, (place.position, place.department)))
    return PlaceRow(place.name, place.code, position or formatting.EMPTY, schedule_words(place.schedule))


def tabs(request: HttpRequest, here: str) -> list[Tab]:
    """The ways to check: search, QR code, and whole lists for those who may."""
    actor = actor_of_request(request)
    found = [
        Tab(Text("Người hành nghề", "Practitioners"), reverse("licences"), here == "people", icon="person"),
        Tab(Text("Mã QR", "QR code"), reverse("licence-verify"), here == "qr", icon="qr"),
    ]
    if may(actor, Permission.LICENCE_CHECK_MANY):
        found.append(Tab(Text("Cả danh sách", "A whole list"), reverse("licence-lists"), here == "lists", icon="list"))
    return found
