"""What a page says about a dossier, whoever reads it and on whatever basis: the same words, tables and files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.catalogues.queries import lookup
from ymach.clinical.check_in import CheckIn
from ymach.clinical.dossier import Dossier
from ymach.clinical.visit import Visit
from ymach.exchange.records import compartment_of
from ymach.web import formatting
from ymach.web.parts import Alert, Column, Fact, Hop
from ymach.web.sheets import Sheet
from ymach.web.shown import clinical
from ymach.web.templatetags.ymach import language
from ymach.web.words import SEX_WORDS

MEDICINES = [
    Column(Text("Thuốc", "Medicine")),
    Column(Text("Cách dùng", "How to take it")),
    Column(Text("Số lượng", "Quantity"), is_number=True),
    Column(Text("Y lệnh", "Ordered")),
]
SERVICES = [
    Column(Text("Dịch vụ, vật tư", "Service or supply")),
    Column(Text("Số lượng", "Quantity"), is_number=True),
    Column(Text("Thực hiện", "Performed")),
    Column(Text("Thành tiền", "Amount"), is_number=True),
]
RESULTS = [
    Column(Text("Chỉ số", "Indicator")),
    Column(Text("Kết quả", "Result"), is_number=True),
    Column(Text("Mô tả, kết luận", "Description, conclusion")),
    Column(Text("Lúc", "At")),
]
UNIT = Text("Đơn vị", "Unit")
MEDICINE_HEADS = [
    *(MEDICINES[0].label, Text("Hàm lượng", "Strength"), Text("Liều dùng", "Dosage"), MEDICINES[1].label),
    *(MEDICINES[2].label, UNIT, MEDICINES[3].label),
]
SERVICE_HEADS = [*(column.label for column in SERVICES[:2]), UNIT, *(column.label for column in SERVICES[2:])]
RESULT_HEADS = [
    *(Text("Dịch vụ", "Service"), RESULTS[0].label, RESULTS[1].label, UNIT),
    *(Text("Mô tả", "Description"), Text("Kết luận", "Conclusion"), RESULTS[3].label),
]


def context_of(dossier: Dossier) -> dict[str, object]:
    """The person, what must be seen first, and every table: for `pages/dossier_head.html` and `pages/dossier_body.html`."""
    visit, person = dossier.visit, dossier.visit or dossier.check_in
    return {
        "dossier": dossier,
        "name": _name(dossier),
        "alerts": [*_bad_outcome(visit), *clinical.alerts(dossier, compartment_of(dossier))],
        "trends": clinical.trends(dossier, language()),
        "groups": clinical.result_groups(dossier),
        "line": _course(dossier),
        "book": _book(dossier),
        "columns": {"medicines": MEDICINES, "services": SERVICES, "results": RESULTS},
        **(_person_context(person) if person else {}),
    }


def _book(dossier: Dossier) -> list[Fact]:
    """What belongs to the person: doses, measures, who answers for them. Allergies stand above everything else."""
    book = dossier.health_book
    if book is None:
        return []
    doses = [
        Fact(
            one.vaccine or one.vaccine_code or formatting.EMPTY,
            clinical.born(one.given_on),
            Text(f"mũi {one.dose_number}", f"dose {one.dose_number}") if one.dose_number else "",
        )
        for one in book.vaccinations
    ]
    measures = [
        Fact(one.name or one.code or "", f"{formatting.number(one.value, language())} {one.unit or ''}".strip())
        for one in book.measures
        if one.value is not None
    ]
    keeper = book.guardian
    guardian = (
        [Fact(Text("Người giám hộ", "Guardian"), keeper.full_name or "", keeper.relation or "")] if keeper else []
    )
    return [*doses, *measures, *guardian]


def sheets(dossier: Dossier) -> dict[str, Sheet]:
    """The tables of the page as files: those that have lines."""
    medicines = [
        (one.name, one.strength, one.dosage, one.instructions, one.quantity, one.unit, one.ordered_at)
        for one in dossier.medicines
    ]
    results = [
        (group.name, one.indicator_name, one.value, one.unit, one.description, one.conclusion, one.resulted_at)
        for group in clinical.result_groups(dossier)
        for one in group.results
    ]
    services = [
        (one.name or one.supply_name, one.quantity, one.unit, one.performed_at, one.amount_hospital)
        for one in dossier.services
    ]
    tables = {
        "medicines": (MEDICINE_HEADS, medicines),
        "results": (RESULT_HEADS, results),
        "services": (SERVICE_HEADS, services),
    }
    return {name: Sheet(heads, partial(iter, rows)) for name, (heads, rows) in tables.items() if rows}


def _person_context(person: Visit | CheckIn) -> dict[str, object]:
    day = vietnam_day(person.started_at) if person.started_at else vietnam_day(now())
    return {
        "person": person,
        "sex": SEX_WORDS.get(person.sex or "", formatting.EMPTY),
        "born": clinical.born(person.birth_date),
        "age": clinical.age(person.birth_date, day),
        "problems": _problems(person, day) if isinstance(person, Visit) else [],
        "facts": _facts(person, day) if isinstance(person, Visit) else _arrival(person, day),
    }


def _bad_outcome(visit: Visit | None) -> list[Alert]:
    """KET_QUA_DTRI 4 worse, 5 died, 6 taken home with a poor prognosis, 8 died outside (Decision 4750/QĐ-BYT 2023)."""
    if visit is None or visit.result not in {"4", "5", "6", "8"} or visit.started_at is None:
        return []
    words = code_words("treatment_result", visit.result, vietnam_day(visit.started_at))
    return [Alert("bad", "stuck", words, Text("Kết quả điều trị khi ra viện", "Outcome on leaving"))]


def _problems(visit: Visit, day: date) -> list[dict[str, object]]:
    codes = [code for code in (visit.main_diagnosis, *visit.other_diagnoses) if code]
    found = []
    for code in codes:
        entry = lookup("icd10", code, day)
        name = Text(entry.name_vi, entry.name_en or entry.name_vi) if entry else Text(code, code)
        is_main = code == visit.main_diagnosis
        found.append({"code": code, "name": name, "note": Text("bệnh chính", "main diagnosis") if is_main else ""})
    return found


def _facts(visit: Visit, day: date) -> list[Fact]:
    pairs = [
        (Text("Vào", "In"), formatting.moment(visit.started_at)),
        (Text("Ra", "Out"), formatting.moment(visit.ended_at)),
        (Text("Loại khám", "Kind of visit"), code_words("exam_type", visit.kind, day)),
        (Text("Kết quả điều trị", "Outcome of treatment"), code_words("treatment_result", visit.result, day)),
        (Text("Ra viện", "Discharge"), code_words("discharge_type", visit.discharge_type, day)),
        (Text("Lý do vào viện", "Reason"), visit.reason or ""),
        (Text("Chẩn đoán vào", "Diagnosis on arrival"), visit.admission_diagnosis_text or ""),
        (Text("Chẩn đoán ra", "Diagnosis on leaving"), visit.discharge_diagnosis_text or ""),
        (Text("Điều trị", "Treatment"), visit.treatment or ""),
        (Text("Lời dặn", "Advice"), visit.advice or ""),
        (Text("Tổng chi phí", "Total cost"), formatting.money(visit.total_hospital, language())),
        (Text("BHYT trả", "Paid by insurance"), formatting.money(visit.insurance_paid, language())),
    ]
    return _said(pairs)


def _arrival(notice: CheckIn, day: date) -> list[Fact]:
    first = notice.service_name or notice.medicine_name or notice.supply_name
    pairs = [
        (Text("Vào", "In"), formatting.moment(notice.started_at)),
        (Text("Nhập viện", "Admitted"), formatting.moment(notice.admitted_at)),
        (Text("Loại khám", "Kind of visit"), code_words("exam_type", notice.kind, day)),
        (Text("Đối tượng", "Category"), code_words("patient_category", notice.patient_category, day)),
        (Text("Lý do nhập viện", "Reason of admission"), notice.admission_reason or ""),
        (Text("Chi phí đầu tiên", "First cost"), first or ""),
        (Text("Y lệnh", "Ordered"), formatting.moment(notice.ordered_at)),
    ]
    return _said(pairs)


def _said(pairs: Iterable[tuple[Text, Text | str]]) -> list[Fact]:
    return [Fact(name, value) for name, value in pairs if value and value != formatting.EMPTY]


def code_words(catalogue: str, code: str | None, day: date) -> Text | str:
    """A code in the words of its list on a day; one that the list does not hold as it is."""
    entry = lookup(catalogue, code, day) if code else None
    return Text(entry.name_vi, entry.name_en or entry.name_vi) if entry else code or ""


def _course(dossier: Dossier) -> list[Hop]:
    hops = []
    for note in sorted(dossier.notes, key=lambda one: one.noted_at.timestamp() if one.noted_at else 0):
        text, _ = clinical.split_signs(note.course, note.noted_at)
        more = " · ".join(
            part for part in (note.stage, note.consultation, note.operation, ", ".join(note.authors)) if part
        )
        hops.append(Hop("pulse" if not note.operation else "fix", text or formatting.EMPTY, more, at=note.noted_at))
    return hops


def _name(dossier: Dossier) -> str:
    person = dossier.visit or dossier.check_in
    return (person.full_name if person else None) or formatting.EMPTY
