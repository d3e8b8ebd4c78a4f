"""The journal as auditors see it: whether it holds, its closed days, and whom an account reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.urls import reverse

from ymach.accounts.models import SystemClient, User
from ymach.accounts.permissions import Permission, may
from ymach.audit.actions import REGISTRY
from ymach.audit.faults import Fault, FaultKind
from ymach.audit.models import AuditCheck, AuditRoot
from ymach.audit.reached import Act, Affected, AffectedPerson
from ymach.audit.roots import last_closed_day
from ymach.audit.words import act_words, part_words
from ymach.base.actors import Actor
from ymach.base.clock import from_vietnam
from ymach.base.text import Text
from ymach.facilities.models import Facility
from ymach.web import formatting
from ymach.web.asked import YEARS
from ymach.web.parts import Column, Fact, Stat, Tab

REGISTRY_NAME = Text("Sổ bộ quốc gia", "The registry")
FAULT_COLUMNS = [
    Column(Text("Chuỗi nhật ký của", "Journal of")),
    Column(Text("Ngày", "Day")),
    Column(Text("Điều không đúng", "What does not hold")),
]
ROOT_COLUMNS = [
    Column(Text("Ngày", "Day")),
    Column(Text("Chuỗi", "Chains"), is_number=True),
    Column(Text("Sự kiện", "Events"), is_number=True),
    Column(Text("Tới muộn", "Late"), is_number=True),
    Column(Text("Ký lúc", "Signed at")),
    Column(Text("Gốc đã ký", "Signed root")),
]
ACT_COLUMNS = [
    Column(Text("Việc đã làm", "What was done")),
    Column(Text("Số lần", "Times"), is_number=True),
    Column(Text("Số người", "Persons"), is_number=True),
    Column(Text("Cơ sở", "Facilities"), is_number=True),
    Column(Text("Từ", "From")),
    Column(Text("Đến", "To")),
]
PERSON_COLUMNS = [
    Column(Text("Người (mã nội bộ)", "Person (internal id)")),
    Column(Text("Số lần", "Times"), is_number=True),
    Column(Text("Việc đã làm", "What was done")),
    Column(Text("Lần đầu", "First")),
    Column(Text("Lần cuối", "Last")),
]
_MOMENTS = ("%H:%M %d/%m/%Y", "%H:%M:%S %d/%m/%Y", "%d/%m/%Y")


def tabs(actor: Actor, here: str) -> list[Tab]:
    """The pages of data protection that `actor` may open."""
    known = (
        ("audit", Text("Nhật ký truy cập", "Journal"), Permission.AUDIT_SEE, "eye"),
        ("incidents", Text("Sự cố dữ liệu", "Incidents"), Permission.INCIDENT_MANAGE, "shield"),
        ("registers", Text("Sổ xử lý dữ liệu", "Processing"), Permission.INCIDENT_MANAGE, "book"),
    )
    return [Tab(words, reverse(name), name == here, icon=icon) for name, words, word, icon in known if may(actor, word)]


def read_local(text: str) -> datetime | None:
    """A moment as people type it in Viet Nam, "08:30 20/11/2026" or a day alone, as aware UTC; None for anything else."""
    for form in _MOMENTS:
        try:
            found = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        return from_vietnam(found).astimezone(UTC) if found.year in YEARS else None
    return None


def find_actor(text: str) -> str | None:
    """Who is meant by a sign-in name, a facility's code (its software) or a system's name; None when nobody is."""
    given = text.strip()
    user = User.objects.filter(username=given.casefold()).values_list("pk", flat=True).first()
    if user is not None:
        return f"user:{user}"
    if Facility.objects.filter(code=given.upper()).exists() or SystemClient.objects.filter(client_id=given).exists():
        return f"machine:{given.upper() if given[:1].isdigit() else given}"
    return None


def health(last: AuditCheck | None, roots: Sequence[AuditRoot], at: datetime) -> tuple[tuple[str, Text], list[Fact]]:
    """The state as a badge, and what it rests on."""
    closed = last_closed_day(at)
    sealed = roots[0].day if roots else None
    facts = [_proven(last), _extent(last), _sealed(sealed, closed)]
    if last is not None and last.fault_count:
        return ("rejected", Text("Nhật ký không còn nguyên", "The journal does not hold")), facts
    if last is None or at - last.ended_at > timedelta(days=2) or (sealed is not None and sealed < closed):
        return ("waiting", Text("Chưa kiểm gần đây", "Not proven lately")), facts
    return ("accepted", Text("Nhật ký còn nguyên", "The journal holds")), facts


def fault_rows(faults: Iterable[Mapping[str, object]]) -> list[tuple[Text | str, str, Text]]:
    """Kept faults as lines: whose chain, which day, what."""
    known = [_fault(one) for one in faults]
    names = facility_names(UUID(one.facility_id) for one in known if one.facility_id)
    return [(_whose(one, names), _day(one.day), one.words) for one in known]


def facility_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Name and code of facilities; to auditors the places of the country are no secret."""
    found = Facility.objects.filter(pk__in=set(ids)).values_list("pk", "name", "code")
    return {key: f"{name} ({code})" for key, name, code in found}


def act_name(act: Act) -> Text:
    """What was done, with the part of the record where one was named."""
    words = act_words(act.action)
    if not act.part:
        return words
    part = part_words(act.part)
    return Text(f"{words.vi}: {part.vi}", f"{words.en}: {part.en}")


def actions_text(actions: Sequence[str]) -> Text:
    words = [act_words(one) for one in actions]
    return Text("; ".join(one.vi for one in words), "; ".join(one.en for one in words))


def affected_stats(found: Affected) -> list[Stat]:
    """The sum of a breach: persons, events, facilities."""
    places = {place for act in found.acts for place in act.facilities if place != REGISTRY}
    return [
        Stat(
            Text("Người bị xem, bị sửa", "Persons reached"),
            found.persons,
            icon="people",
            tone="bad" if found.persons else "",
        ),
        Stat(Text("Lần xem, sửa", "Events"), found.events, icon="eye"),
        Stat(Text("Hồ sơ của cơ sở", "Facilities concerned"), len(places), icon="house"),
    ]


def person_row(one: AffectedPerson) -> list[object]:
    """A line of the file."""
    return [str(one.citizen_id), one.events, actions_text(one.actions), one.first_at, one.last_at]


def _proven(last: AuditCheck | None) -> Fact:
    name = Text("Kiểm lần cuối", "Last proven")
    if last is None:
        return Fact(name, Text("Chưa kiểm lần nào", "Never"), tone="note")
    took = formatting.duration((last.ended_at - last.began_at).total_seconds())
    return Fact(name, formatting.moment(last.ended_at), Text(f"trong {took.vi}", f"in {took.en}"))


def _extent(last: AuditCheck | None) -> Fact:
    name = Text("Đã kiểm", "What was proven")
    if last is None:
        return Fact(name, formatting.EMPTY)
    events, chains = (Text(formatting.number(n, "vi"), formatting.number(n, "en")) for n in (last.events, last.chains))
    since = (
        Text(f"từ ngày {formatting.day(last.since)}", f"since {formatting.day(last.since)}")
        if last.since
        else Text("toàn bộ nhật ký", "the whole journal")
    )
    return Fact(name, Text(f"{events.vi} sự kiện, {chains.vi} chuỗi", f"{events.en} events, {chains.en} chains"), since)


def _sealed(sealed: date | None, closed: date) -> Fact:
    name = Text("Ngày chốt gần nhất", "Last closed day")
    if sealed is None:
        return Fact(name, Text("Chưa có ngày nào được chốt", "None yet"), tone="note")
    behind = (closed - sealed).days
    note = Text(f"chậm {behind} ngày: xem tiến trình worker", f"{behind} days behind: look at the worker")
    return Fact(name, formatting.day(sealed), note if behind > 0 else "", tone="note" if behind > 0 else "")


def _fault(kept: Mapping[str, object]) -> Fault:
    first, last = (int(str(kept.get(name) or 0)) for name in ("first", "last"))
    kind = FaultKind(str(kept["kind"]))
    return Fault(kind, str(kept["day"]), str(kept.get("facility_id", "")), first, last)


def _whose(one: Fault, names: Mapping[UUID, str]) -> Text | str:
    if not one.facility_id:
        return Text("Bản chốt ngày", "Root of the day")
    key = UUID(one.facility_id)
    return REGISTRY_NAME if key == REGISTRY else names.get(key, str(key))


def _day(text: str) -> str:
    try:
        return formatting.day(date.fromisoformat(text))
    except ValueError:
        return text
