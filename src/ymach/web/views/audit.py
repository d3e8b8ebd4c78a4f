"""For auditors: whether the journal holds, its closed days, and whom an account reached between two moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.audit.queries import affected_by, affected_persons, checks, latest_roots
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.web.access import actor_of_request, needs
from ymach.web.named import actor_names
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import journal as shown

BASIS = "oversight"
PERSONS, ROOTS, IN_FILE = 25, 14, 200_000
WRONG_MOMENT = Text("Viết giờ và ngày như 08:30 20/11/2026.", "Write the time and day like 08:30 20/11/2026.")
WRONG_ORDER = Text("“Đến” phải sau “Từ”.", "The end must be after the beginning.")
UNKNOWN = Text(
    "Không có tài khoản này. Viết tên đăng nhập, hoặc mã cơ sở cho phần mềm của cơ sở.",
    "No such account. Write a sign-in name, or a facility's code for its software.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as typed, and as understood: an actor and two moments, or errors by field."""

    account: str
    start: str
    end: str
    actor: str | None
    first: datetime | None
    last: datetime | None

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        account, start, end = (request.GET.get(name, "").strip()[:150] for name in ("account", "from", "until"))
        found = shown.find_actor(account) if account else None
        return cls(account, start, end, found, shown.read_local(start), shown.read_local(end))

    @property
    def is_asked(self) -> bool:
        return bool(self.account or self.start or self.end)

    @property
    def errors(self) -> dict[str, Text]:
        if not self.is_asked:
            return {}
        wrong = {"account": UNKNOWN} if self.actor is None else {}
        if self.first is None:
            wrong["start"] = WRONG_MOMENT
        if self.last is None:
            wrong["end"] = WRONG_MOMENT
        elif self.first is not None and self.first >= self.last:
            wrong["end"] = WRONG_ORDER
        return wrong


@needs(Permission.AUDIT_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The health of the journal, and the question of a breach; the question itself is an event of the journal."""
    actor, asked, at = actor_of_request(request), Asked.of(request), now()
    roots, last = latest_roots(ROOTS), next(iter(checks(1)), None)
    sheets = {
        "roots": Sheet(
            [one.label for one in shown.ROOT_COLUMNS],
            lambda: (
                [one.day, one.leaves, one.events, one.late, one.at, bytes(one.root).hex()] for one in latest_roots(4000)
            ),
        )
    }
    answer: dict[str, object] = {}
    if asked.actor and asked.first and asked.last and not asked.errors:
        answer, more = _answer(actor, asked, asked.actor, asked.first, asked.last, at)
        sheets = {**sheets, **more}

    def context() -> dict[str, object]:
        state, facts = shown.health(last, roots, at)
        return {
            "tabs": shown.tabs(actor, "audit"),
            "state": state,
            "facts": facts,
            "faults": shown.fault_rows(last.faults) if last else [],
            "fault_count": last.fault_count if last else 0,
            "fault_columns": shown.FAULT_COLUMNS,
            "roots": [(one, bytes(one.root).hex()[:16]) for one in roots],
            "root_columns": shown.ROOT_COLUMNS,
            "asked": asked,
            "errors": asked.errors,
            **answer,
        }

    return page_or_sheet(request, "pages/audit/index.html", context, sheets)


def _answer(
    by: Actor, asked: Asked, actor: str, first: datetime, last: datetime, at: datetime
) -> tuple[dict[str, object], dict[str, Sheet]]:
    question = {"from": first.isoformat(), "until": last.isoformat()}
    with transaction.atomic():
        record(Event(at, str(by), "audit:asked", f"actor:{actor}", BASIS, detail=question), facility_id=REGISTRY)
    found = affected_by(actor, start=first, end=last)
    names = actor_names([actor], vietnam_day(at))
    heads = [one.label for one in shown.PERSON_COLUMNS]
    acts = [(one, shown.act_name(one)) for one in found.acts]
    sheets = {
        "persons": Sheet(
            heads, lambda: (shown.person_row(one) for one in affected_persons(actor, start=first, end=last)), IN_FILE
        ),
        "acts": Sheet(
            [one.label for one in shown.ACT_COLUMNS],
            lambda: (
                [words, one.events, one.persons, len(one.facilities), one.first_at, one.last_at] for one, words in acts
            ),
        ),
    }
    query = urlencode({"account": asked.account, "from": asked.start, "until": asked.end})
    return {
        "found": found,
        "who": names.get(actor, actor),
        "stats": shown.affected_stats(found),
        "acts": acts,
        "act_columns": shown.ACT_COLUMNS,
        "persons": [
            (one, shown.actions_text(one.actions))
            for one in affected_persons(actor, start=first, end=last, limit=PERSONS)
        ],
        "person_columns": shown.PERSON_COLUMNS,
        "shown": PERSONS,
        "incident": f"{reverse('incidents')}?{query}" if may(by, Permission.INCIDENT_MANAGE) else "",
    }, sheets
