"""Requests about personal data as their two readers see them: the person who asked, and who must answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from ymach.base.text import Text
from ymach.changes.clocks import Standing
from ymach.citizens.requests import rules
from ymach.citizens.requests.models import Request
from ymach.citizens.requests.queries import Restriction, Said
from ymach.citizens.requests.rules import Act, Due, Ground, Kind, State
from ymach.citizens.requests.words import ACTS, BADGES, GROUNDS, KINDS, LIFTED, STATES
from ymach.citizens.requests.words import AT_ONCE as IN_FORCE
from ymach.consent.words import PURPOSE_WORDS
from ymach.facilities.models import Facility
from ymach.places.queries import province
from ymach.web import formatting
from ymach.web.parts import Fact, Hop, Words
from ymach.web.words import record_words

EVERYBODY = Text("Mọi nơi khác", "Everybody else")
EVERYTHING = Text("Mọi mục đích", "Every purpose")
AT_ONCE = Text("Có hiệu lực ngay, không qua ai", "In force at once, through nobody")
WHOLE = Text("Toàn bộ dữ liệu", "All data")
_TONES = {Standing.OVERDUE: "bad", Standing.SOON: "note"}
_ICONS: Mapping[str, tuple[str, str]] = {
    Act.SEND: ("send", ""),
    Act.TAKE: ("hold", ""),
    Act.EXTEND: ("wait", "note"),
    Act.DONE: ("ok", "good"),
    Act.REFUSE: ("no", "bad"),
    Act.WITHDRAW: ("close", ""),
    Act.LIFT: ("close", ""),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a list. term: how the next day stands, in words; None when nothing is left."""

    row: Request
    kind: Text
    about: Words
    word: Text
    badge: str
    term: Text | None
    tone: str
    href: str
    answerer: Words


def lines(rows: Iterable[Request], *, today: date, is_own: bool) -> list[Line]:
    """The lines of a list. is_own: as the person sees them, else as who answers."""
    shown = list(rows)
    places = Facility.objects.in_bulk([one.facility_id for one in shown if one.facility_id])
    return [_line(row, places, today, is_own) for row in shown]


def answerer_of(row: Request, places: Mapping[UUID, Facility], today: date) -> Words:
    """Who must act: nobody, the facility, the department of the province, or the ministry."""
    if rules.terms()[Kind(row.kind)].at_once:
        return AT_ONCE
    if row.facility_id is not None:
        found = places.get(row.facility_id)
        return found.name if found else row.facility_code
    unit = province(row.province_code, today) if row.province_code else None
    if unit is None:
        return Text("Bộ Y tế", "Ministry of Health")
    return Text(f"Sở Y tế {unit.name('vi')}", f"Department of Health, {unit.name('en')}")


def about_of(row: Request) -> Words:
    """What it is about."""
    if row.kind == Kind.READER:
        when = formatting.day(row.about_on) if row.about_on else ""
        return Text(f"Lần xem ngày {when}", f"Reading on {when}") if when else Text("Một lần xem", "A reading")
    if row.kind == Kind.UNSIGNED:
        is_proxy = row.about.startswith("proxy:")
        return _dated(Text("Người đại diện", "A proxy") if is_proxy else Text("Một đồng ý", "A consent"), row.about_on)
    if row.about_kind:
        return _dated(record_words(row.about_kind), row.about_on)
    return WHOLE


def facts(line: Line) -> list[Fact]:
    """What stands at the head of one request."""
    row = line.row
    terms = rules.terms()[Kind(row.kind)]
    found = [
        Fact(Text("Về", "About"), line.about),
        Fact(Text("Gửi lúc", "Sent"), formatting.moment(row.asked_at)),
        Fact(Text("Nơi giải quyết", "Dealt with by"), line.answerer),
    ]
    if row.state == State.SENT:
        found.append(Fact(Text("Trả lời chậm nhất", "Answer by"), formatting.day(row.answer_due_on), tone=line.tone))
    if row.state in {State.SENT, State.TAKEN} and not terms.at_once:
        note = Text("đã gia hạn một lần", "extended once") if row.extended else ""
        tone = line.tone if row.state == State.TAKEN else ""
        found.append(Fact(Text("Xong chậm nhất", "Done by"), formatting.day(row.act_due_on), note, tone=tone))
    return found


def steps(said: Iterable[Said], row: Request) -> list[Hop]:
    """Everything that happened, in order, with what was said."""
    return [_hop(one, row) for one in said]


def scope_of(found: Restriction, places: Mapping[UUID, Facility]) -> list[Fact]:
    """What a restriction keeps from whom."""
    who: Words = EVERYBODY
    if found.readers is not None:
        who = "; ".join(sorted(places[one].name if one in places else formatting.EMPTY for one in found.readers))
    what: Words = EVERYTHING
    if found.purposes is not None:
        known = [PURPOSE_WORDS[one] for one in sorted(found.purposes) if one in PURPOSE_WORDS]
        what = Text("; ".join(one.vi for one in known), "; ".join(one.en for one in known))
    return [Fact(Text("Không được xem", "May not read"), who), Fact(Text("Không dùng cho", "Not used for"), what)]


def _line(row: Request, places: Mapping[UUID, Facility], today: date, is_own: bool) -> Line:
    state = State(row.state)
    stands = rules.standing(state, Due(row.answer_due_on, row.act_due_on), on=today)
    return Line(
        row,
        KINDS[Kind(row.kind)],
        about_of(row),
        STATES[state],
        BADGES[state],
        stands[1] if stands else None,
        _TONES.get(stands[0], "") if stands else "",
        reverse("own-request" if is_own else "request", args=[row.id]),
        answerer_of(row, places, today),
    )


def _hop(one: Said, row: Request) -> Hop:
    icon, tone = _ICONS.get(one.act, ("note", ""))
    also: list[Words] = [one.words] if one.words else []
    if one.act == Act.REFUSE and row.ground:
        also.insert(0, GROUNDS[Ground(row.ground)])
    if rules.terms()[Kind(row.kind)].at_once:
        also += {Act.DONE.value: [IN_FORCE], Act.LIFT.value: [LIFTED]}.get(one.act, [])
    return Hop(icon, ACTS[Act(one.act)], one.by_label, tone, at=one.at, also=also)


def _dated(words: Text, on: date | None) -> Text:
    if on is None:
        return words
    return Text(f"{words.vi}, {formatting.day(on)}", f"{words.en}, {formatting.day(on)}")
