"""Long lists of a facility's profile: approved techniques and equipment, filtered by their address, as pages and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.facilities import lists
from ymach.facilities.facts import EquipmentFacts, Held, TechniqueFacts
from ymach.facilities.profile.queries import profile, techniques
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_page
from ymach.web.facility.rights import rights_of
from ymach.web.facility.techniques import technique_names
from ymach.web.parts import Column, Words, numbered
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown.facilities import crumbs_of, equipment_lines

PAGE = 50
FILE_ROWS = 20_000
CODE, NAME = Text("Mã", "Code"), Text("Tên kỹ thuật", "Technique")
DECISION, APPROVED = Text("Quyết định", "Decision"), Text("Duyệt ngày", "Approved on")
RELEASE = Text("Bản danh mục", "Release")
TECHNIQUE_COLUMNS = [Column(CODE, order="ascending"), Column(NAME), Column(DECISION), Column(APPROVED)]
DEVICE = Text("Thiết bị", "Equipment")
STATE, COUNT = Text("Tình trạng", "State"), Text("Số lượng", "Quantity")
SERVICE, INSPECTION = Text("Bảo trì tới", "Next service"), Text("Kiểm định trước", "Inspection due")
EQUIPMENT_COLUMNS = [
    *(Column(DEVICE), Column(STATE), Column(COUNT, is_number=True)),
    *(Column(Text("Đặt tại", "Where")), Column(SERVICE), Column(INSPECTION)),
]
EQUIPMENT_HEADS = (
    *(Text("Loại", "Kind"), DEVICE, STATE, COUNT, Text("Kiểu máy", "Model"), Text("Số máy", "Serial number")),
    *(Text("Hãng", "Maker"), Text("Năm sản xuất", "Made in"), Text("Khoa", "Department")),
    *(Text("Bảo trì lần cuối", "Last service"), SERVICE, INSPECTION),
)
ANY = Text("Tất cả", "All")
OVERDUE = Text("Quá hạn kiểm định", "Inspection overdue")


@dataclass(frozen=True, slots=True)
class Line:
    """An approved technique with its name, if a catalogue held here knows it."""

    facts: TechniqueFacts
    name: Words


@needs(Permission.FACILITY_SEE)
@require_safe
def technique_list(request: HttpRequest, code: str) -> HttpResponse:
    """The techniques a facility is approved for: by code or words of the name, fifty a page, or all as a file."""
    actor, today = actor_of_request(request), vietnam_day(now())
    facility = lookups.facility_of(actor, code)
    asked, page = request.GET.get("q", "").strip()[:100], read_page(request.GET.get("page", ""))
    decision = request.GET.get("decision", "")[:100]
    held = [one.facts for one in techniques(facility.pk, on=today)]
    names = technique_names(one.code for one in held)
    wanted = fold(asked)
    found = [
        one
        for one in held
        if (not decision or one.decision == decision)
        and (one.code.upper().startswith(asked.upper()) or wanted in fold(names.get(one.code, "")))
    ]

    def context() -> dict[str, object]:
        rights = rights_of(actor, facility)
        return {
            "facility": facility,
            "crumbs": crumbs_of(facility),
            "lines": [Line(one, names.get(one.code, "")) for one in found[(page - 1) * PAGE : page * PAGE]],
            "count": len(found),
            "all": len(held),
            "columns": TECHNIQUE_COLUMNS,
            "q": asked,
            "decision": decision,
            "decisions": [("", ANY), *((one, one) for one in sorted({one.decision for one in held}))],
            "change": reverse("facility-techniques-new", args=[code]) if rights.any else "",
            "decides": rights.decides,
            "pages": numbered(page, len(found), PAGE, lambda to: _address(q=asked, decision=decision, page=str(to))),
        }

    heads = (CODE, NAME, RELEASE, DECISION, APPROVED)
    rows = ([one.code, names.get(one.code, ""), one.release, one.decision, one.approved_on] for one in found)
    return page_or_sheet(
        request, "pages/facility/techniques.html", context, {"techniques": Sheet(heads, lambda: rows, FILE_ROWS)}
    )


@needs(Permission.FACILITY_SEE)
@require_safe
def equipment_list(request: HttpRequest, code: str) -> HttpResponse:
    """The equipment of a facility by kind, state and words, fifty a page, or all as a file."""
    actor, today = actor_of_request(request), vietnam_day(now())
    facility = lookups.facility_of(actor, code)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "kind", "state")}
    page, held = read_page(request.GET.get("page", "")), profile(facility.pk, on=today)
    found = [one for one in held.equipment if _fits(one.facts, asked, today)]

    def context() -> dict[str, object]:
        rights = rights_of(actor, facility)
        names = {one.facts.code: one.facts.name for one in held.departments}
        return {
            "facility": facility,
            "crumbs": crumbs_of(facility),
            "lines": _placed(found[(page - 1) * PAGE : page * PAGE], names, today),
            "count": len(found),
            "all": len(held.equipment),
            "columns": EQUIPMENT_COLUMNS,
            **asked,
            "kinds": [("", ANY), *_used(lists.equipment_kinds(), (one.facts.kind for one in held.equipment))],
            "states": [("", ANY), *lists.equipment_states().items(), ("overdue", OVERDUE)],
            "edit": reverse("facility-edit", args=[code, "equipment"]) if rights.states else "",
            "pages": numbered(page, len(found), PAGE, lambda to: _address(**asked, page=str(to))),
        }

    sheet = Sheet(EQUIPMENT_HEADS, lambda: map(_cells, (one.facts for one in found)), FILE_ROWS)
    return page_or_sheet(request, "pages/facility/equipment.html", context, {"equipment": sheet})


def _fits(one: EquipmentFacts, asked: Mapping[str, str], today: date) -> bool:
    words = fold(f"{one.name} {one.model} {one.serial} {one.maker}")
    is_overdue = one.inspection_due_on is not None and one.inspection_due_on < today and one.state == "working"
    right_state = is_overdue if asked["state"] == "overdue" else asked["state"] in {"", one.state}
    return right_state and asked["kind"] in {"", one.kind} and fold(asked["q"]) in words


def _placed(
    found: Sequence[Held[EquipmentFacts]], departments: Mapping[str, str], today: date
) -> list[dict[str, object]]:
    lines = equipment_lines(found)
    for line, one in zip(lines, found, strict=True):
        due = one.facts.inspection_due_on
        line["where"] = departments.get(one.facts.department_code, one.facts.department_code)
        line["is_overdue"] = due is not None and due < today and one.facts.state == "working"
    return lines


def _used(known: Mapping[str, Text], codes: Iterable[str]) -> list[tuple[str, Text]]:
    here = set(codes)
    return [(code, words) for code, words in known.items() if code in here]


def _address(**asked: str) -> str:
    return query_of(asked)


def _cells(one: EquipmentFacts) -> list[Cell]:
    kind, state = lists.equipment_kinds().get(one.kind, one.kind), lists.equipment_states()[one.state]
    about = [one.model, one.serial, one.maker, one.made_year, one.department_code]
    return [
        kind,
        one.name,
        state,
        one.quantity,
        *about,
        one.last_service_on,
        one.next_service_on,
        one.inspection_due_on,
    ]
