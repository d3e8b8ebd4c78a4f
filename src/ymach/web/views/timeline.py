"""The life of a practitioner or a facility in the registry: what happened, and how everything stood on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import from_vietnam, now, print_day, vietnam_day
from ymach.base.errors import NotFound
from ymach.base.history.described import HIDDEN, column_words, in_order, reason_words, table_words, tables_of
from ymach.base.history.events import What
from ymach.base.history.models import HistoryEntry
from ymach.base.history.queries import State, actors_of, as_of, entries_of
from ymach.base.history.sentences import Step, steps, value_text
from ymach.base.text import Text
from ymach.practitioners.queries import profile
from ymach.practitioners.queries import visible_to as practitioners_visible_to
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_day
from ymach.web.named import RowNames, actor_names, names_for, names_in
from ymach.web.parts import Fact, Hop, Pages, Tab
from ymach.web.practitioner_readers import reader_of

PAGE = 50
MOST_LINES = 6
EVERYTHING = Text("Tất cả", "Everything")
PARTS = {
    "practitioner": {
        "profile": Text("Thông tin cá nhân", "Personal details"),
        "licence": Text("Giấy phép", "Licences"),
        "work": Text("Nơi hành nghề", "Places of practice"),
        "training": Text("Đào tạo", "Training"),
    },
    "facility": {
        "profile": Text("Thông tin cơ sở", "The facility"),
        "licence": Text("Giấy phép hoạt động", "Operating licences"),
        "resources": Text("Nguồn lực", "Resources"),
        "staff": Text("Người hành nghề", "Practitioners"),
    },
}
FILE = "training"
"""The part that former facilities and departments do not see."""

LOOKS = {
    What.CREATED: ("ok", "good"),
    What.CHANGED: ("fix", ""),
    What.ENDED: ("hold", "note"),
    What.REMOVED: ("no", "bad"),
}
STOPPED = ("stuck", "bad")
MORE = Text("và {count} việc khác cùng lúc", "and {count} more at the same time")
AS_OF = Text("Hồ sơ tại ngày {day}", "The profile as of {day}")
WRONG_DAY = Text("Ghi ngày như 05/11/2026.", "Write the day like 05/11/2026.")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose life it is. kind: "practitioner" or "facility"; key: what stands in its addresses; parts: what the reader sees;
    in_public: the tables of which the reader sees no more than everybody may."""

    id: UUID
    kind: str
    key: str
    name: str
    parts: tuple[str, ...]
    in_public: frozenset[str] = frozenset()

    def told(self, table: str, row: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """What the reader sees of a row."""
        if row is None or table not in self.in_public:
            return dict(row) if row is not None else None
        return {column: value for column, value in row.items() if column_words(table, column).is_public}

    @property
    def tables(self) -> list[str]:
        return [table for part in self.parts for table in tables_of(self.kind, part)]

    def address(self, page: str, **asked: str) -> str:
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse(f"{self.kind}-{page}", args=[self.key]) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table on the day asked for. items: the facts of each row."""

    id: str
    title: Text
    items: list[list[Fact]]


@needs(Permission.PRACTITIONER_SEE)
@require_safe
def practitioner_timeline(request: HttpRequest, key: UUID) -> HttpResponse:
    """What happened to a practitioner. Raises NotFound for one the reader may not see."""
    return _timeline(request, _practitioner(actor_of_request(request), key))


@needs(Permission.FACILITY_SEE)
@require_safe
def facility_timeline(request: HttpRequest, code: str) -> HttpResponse:
    """What happened to a facility. Raises FacilityNotFound for one the reader may not see."""
    return _timeline(request, _facility(actor_of_request(request), code))


@needs(Permission.PRACTITIONER_SEE)
@require_safe
def practitioner_as_of(request: HttpRequest, key: UUID) -> HttpResponse:
    """How everything about a practitioner stood on a day. Raises NotFound."""
    return _as_of(request, _practitioner(actor_of_request(request), key))


@needs(Permission.FACILITY_SEE)
@require_safe
def facility_as_of(request: HttpRequest, code: str) -> HttpResponse:
    """How everything about a facility stood on a day. Raises FacilityNotFound."""
    return _as_of(request, _facility(actor_of_request(request), code))


def _practitioner(actor: Actor, key: UUID) -> Subject:
    found = practitioners_visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    reader = reader_of(actor, profile(found, on=vietnam_day(now())))
    parts = tuple(part for part in PARTS["practitioner"] if reader.sees_file or part != FILE)
    in_public = frozenset[str]() if reader.sees_contact else frozenset(tables_of("practitioner", "profile"))
    return Subject(found.pk, "practitioner", str(found.pk), found.full_name, parts, in_public)


def _facility(actor: Actor, code: str) -> Subject:
    found = lookups.facility_of(actor, code)
    is_near = any(may(actor, word, facility=found) for word in (Permission.FACILITY_MANAGE, Permission.CHANGE_PROPOSE))
    in_public = frozenset[str]() if is_near else frozenset({"facilities_contact"})
    return Subject(found.pk, "facility", found.code, found.name, tuple(PARTS["facility"]), in_public)


def _timeline(request: HttpRequest, subject: Subject) -> HttpResponse:
    part = request.GET.get("part", "")
    part = part if part in subject.parts else ""
    before = request.GET.get("before", "")
    is_number = before.isascii() and before.isdecimal() and len(before) < 19
    entries = entries_of(
        subject.id, size=PAGE + 1, tables=_tables(subject, part), before=int(before) if is_number else None
    )
    return render(request, "pages/timeline/timeline.html", _story(subject, part, entries, is_first=not is_number))


def _story(subject: Subject, part: str, entries: list[HistoryEntry], *, is_first: bool) -> dict[str, object]:
    shown, today = entries[:PAGE], vietnam_day(now())
    for one in shown:
        one.before, one.after = subject.told(one.table, one.before), subject.told(one.table, one.after)
    who = actor_names(actors_of(shown), today)
    older = subject.address("timeline", part=part, before=str(shown[-1].id)) if len(entries) > PAGE else ""
    return {
        "subject": subject,
        "hops": [_hop(step, who) for step in steps(shown, names_for(shown, today), of=subject.id)],
        "tabs": _tabs(subject, part),
        "pages": Pages(newer="" if is_first else subject.address("timeline", part=part), older=older),
        "as_of": subject.address("as-of"),
        "crumbs": _crumbs(subject),
    }


def _tables(subject: Subject, part: str) -> Collection[str]:
    """The tables of one part; a facility's story tells of its staff, a practitioner's of no facility's own affairs."""
    staff = ("practitioners_registration", "practitioners_technique_assignment", "practitioners_supervision")
    if subject.kind == "practitioner":
        return tables_of("practitioner", part) if part else subject.tables
    if part == "staff":
        return staff
    return tables_of("facility", part) if part else (*tables_of("facility"), *staff)


def _tabs(subject: Subject, part: str) -> list[Tab]:
    choices = {"": EVERYTHING, **{part: PARTS[subject.kind][part] for part in subject.parts}}
    return [Tab(words, subject.address("timeline", part=key), key == part) for key, words in choices.items()]


def _hop(step: Step, who: Mapping[str, Text]) -> Hop:
    icon, tone = STOPPED if step.is_grave else LOOKS[step.what]
    lines = list(step.lines[:MOST_LINES])
    if len(step.lines) > MOST_LINES:
        lines.append(MORE.format(count=len(step.lines) - MOST_LINES))
    actor, why = who.get(step.actor, Text(step.actor, step.actor)), reason_words(step.reason)
    note = Text(f"{actor.vi} · lý do: {why.vi}", f"{actor.en} · reason: {why.en}")
    first, *rest = (_capital(line) for line in lines)
    return Hop(icon, first, note, tone, at=step.at, also=rest)


def _capital(text: Text) -> Text:
    return Text(text.vi[:1].upper() + text.vi[1:], text.en[:1].upper() + text.en[1:])


def _crumbs(subject: Subject) -> list[tuple[Text | str, str]]:
    if subject.kind == "facility":
        above = (Text("Cơ sở", "Facilities"), reverse("facilities"))
        return [above, (subject.name, reverse("facility", args=[subject.key]))]
    return []


def _as_of(request: HttpRequest, subject: Subject) -> HttpResponse:
    at = now()
    asked, asked_known = request.GET.get("on", ""), request.GET.get("known", "")
    on, known = read_day(asked) or vietnam_day(at), _end_of(read_day(asked_known)) or at
    context = {
        "subject": subject,
        "heading": AS_OF.format(day=print_day(on)),
        "known": asked_known if read_day(asked_known) else "",
        "asked": asked or print_day(on),
        "error": WRONG_DAY if asked and not read_day(asked) else "",
        "known_error": WRONG_DAY if asked_known and not read_day(asked_known) else "",
        "crumbs": [*_crumbs(subject), (Text("Diễn biến", "Timeline"), subject.address("timeline"))],
        "here": subject.address("as-of"),
        **_picture(subject, on, min(known, at), at),
    }
    return render(request, "pages/timeline/as_of.html", context)


def _picture(subject: Subject, on: date, known: datetime, at: datetime) -> dict[str, object]:
    then = _as_told(subject, as_of(subject.id, on, known=known))
    today = _as_told(subject, as_of(subject.id, vietnam_day(at), known=at))
    both = [(table, row) for state in (then, today) for (table, _), row in state.rows.items()]
    names = names_in(both, vietnam_day(at))
    tables = subject.tables
    return {
        "sections": [one for table in tables if (one := _section(table, then, today, names)).items],
        "since": [one for table in tables for one in _since(table, then, today, names)],
    }


def _as_told(subject: Subject, state: State) -> State:
    return State({key: subject.told(key[0], row) or {} for key, row in state.rows.items()})


def _section(table: str, then: State, today: State, names: RowNames) -> Section:
    keyed = {key: row for key, row in then.rows.items() if key[0] == table}
    items = [_facts(table, row, today.rows.get(key), names) for key, row in keyed.items()]
    return Section(table.replace("_", "-"), table_words(table).title, items)


def _facts(table: str, row: Mapping[str, Any], now_row: Mapping[str, Any] | None, names: RowNames) -> list[Fact]:
    facts = []
    for column in in_order(row):
        words, value = column_words(table, column), row[column]
        if words.format == HIDDEN or value in (None, "", [], False):
            continue
        note: Text | str = ""
        if now_row is not None and now_row.get(column) != value:
            present = value_text(table, column, now_row.get(column), names)
            note = Text(f"hôm nay: {present.vi}", f"today: {present.en}")
        facts.append(Fact(_capital(words.label), value_text(table, column, value, names), note))
    if now_row is None:
        facts.append(Fact(Text("Hôm nay", "Today"), Text("không còn", "no longer holds"), tone="bad"))
    return facts


def _since(table: str, then: State, today: State, names: RowNames) -> list[Fact]:
    """What holds today and did not on the day asked for."""
    added = [row for key, row in today.rows.items() if key[0] == table and key not in then.rows]
    return [Fact(table_words(table).title, _in_short(table, row, names)) for row in added]


def _in_short(table: str, row: Mapping[str, Any], names: RowNames) -> Text:
    said = [
        value_text(table, column, row[column], names)
        for column in in_order(row)
        if row[column] not in (None, "", [], False) and column_words(table, column).is_public
    ]
    return Text(", ".join(one.vi for one in said[:5]), ", ".join(one.en for one in said[:5]))


def _end_of(day: date | None) -> datetime | None:
    return from_vietnam(datetime.combine(day, datetime.max.time())) if day else None
