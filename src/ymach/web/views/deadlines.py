"""What the law makes due about people: renewals, months without practice. The soonest first, past ones above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.changes import deadlines
from ymach.changes.clocks import Standing, clocks
from ymach.changes.deadlines import Due, Key
from ymach.web import lookups
from ymach.web.access import actor_of_request, signed_in
from ymach.web.asked import query_of
from ymach.web.parts import Column, Fact, Pages, Stat
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.sources import source_words

PAGE = 50
MANY = 1000
MORE = Text("hơn 1.000", "more than 1,000")
ANY = Text("Tất cả", "All")
WHATS = (
    ("renewal", Text("Gia hạn giấy phép", "Renewal of the licence")),
    ("idle", Text("24 tháng không hành nghề", "24 months without practice")),
)
STATES = (("overdue", Text("Quá hạn", "Overdue")), ("soon", Text("Sắp đến hạn", "Due soon")))
TONES = {Standing.OVERDUE: "bad", Standing.SOON: "note"}
HEADS = (
    *(Text("Người hành nghề", "Practitioner"), Text("Số giấy phép", "Licence")),
    *(Text("Việc đến hạn", "What is due"), Text("Hạn", "Due")),
)
FILE_HEADS = (
    *HEADS[:3],
    *(Text("Ngày đến hạn", "Due on"), Text("Còn bao lâu", "How long"), Text("Ghi chú", "Note")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address."""

    what: str = ""
    state: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        what, state = query.get("what", ""), query.get("state", "")
        return cls(
            what if what in dict(WHATS) else "", state if state in dict(STATES) else "", query.get("after", "")[:80]
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page further on is forgotten unless it is given."""
        values = {"what": self.what, "state": self.state, **changes}
        return query_of(values)

    def wanted(self) -> deadlines.Asked:
        return deadlines.Asked(self.what, self.state, _key(self.after))


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is due about the people this account answers for, narrowed by the address. Raises NotAllowed for others."""
    actor, asked, today = actor_of_request(request), Asked.of(request.GET), vietnam_day(now())
    if not (may(actor, Permission.CHANGE_DECIDE) or may(actor, Permission.CHANGE_PROPOSE)):
        raise NotAllowed(permission=Permission.CHANGE_PROPOSE.value)
    sheet = Sheet([*FILE_HEADS], lambda: _rows(actor, asked, today))
    return page_or_sheet(
        request, "pages/changes/deadlines.html", lambda: _context(actor, asked, today), {"deadlines": sheet}
    )


def _context(actor: Actor, asked: Asked, today: date) -> dict[str, object]:
    found = deadlines.due(actor, today, limit=PAGE + 1, asked=asked.wanted())
    lines = found[:PAGE]
    older = asked.address(after=_written(lines[-1].key)) if len(found) > PAGE else ""
    is_self = all(grant.practitioner_id for grant in actor.grants)
    return {
        "unit": lookups.unit_of(actor),
        "is_self": is_self,
        "asked": asked,
        "today": today,
        "lines": [(one, dict(WHATS)[one.what], TONES.get(one.term.standing, "")) for one in lines],
        "columns": [Column(head) for head in HEADS],
        "stats": [] if is_self else _stats(actor, today),
        "whats": [("", ANY), *WHATS],
        "states": [("", ANY), *STATES],
        "chips": _chips(asked),
        "pages": Pages(older=older, older_label=Text("Tiếp theo", "Next")),
        "sources": [Fact(clocks()[what].label, source_words(clocks()[what].source)) for what, _ in WHATS],
    }


def _stats(actor: Actor, today: date) -> list[Stat]:
    """Counted up to a thousand: a longer list is worked from its top."""
    numbers = deadlines.counts(actor, today, most=MANY + 1)
    return [
        _stat(
            numbers[what, state],
            Asked(what, state),
            Text(f"{words.vi}, {state_words.vi.lower()}", f"{words.en}, {state_words.en.lower()}"),
        )
        for what, words in WHATS
        for state, state_words in STATES
    ]


def _stat(number: int, asked: Asked, label: Text) -> Stat:
    tone, icon = ("bad", "stuck") if asked.state == "overdue" else ("note", "wait")
    note = MORE if number > MANY else ""
    return Stat(label, min(number, MANY), note, icon, tone if number else "", asked.address())


def _rows(actor: Actor, asked: Asked, today: date) -> Iterable[Sequence[object]]:
    wanted = deadlines.Asked(asked.what, asked.state)
    for one in deadlines.due(actor, today, limit=LIMIT, asked=wanted):
        yield (one.name, one.licence, dict(WHATS)[one.what], one.term.due_on, one.term.sentence, _note(one))


def _note(one: Due) -> Text | str:
    return one.note or ""


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.what:
        chips.append((dict(WHATS)[asked.what], asked.address(what="")))
    if asked.state:
        chips.append((dict(STATES)[asked.state], asked.address(state="")))
    return chips


def _written(key: Key) -> str:
    day, person, what = key
    return f"{day.isoformat()}_{person}_{what}"


def _key(text: str) -> Key | None:
    try:
        day, person, what = text.split("_")
        key = date.fromisoformat(day), UUID(person), what
    except ValueError:
        return None
    return key if what in dict(WHATS) else None
