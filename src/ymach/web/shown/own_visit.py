"""One episode of care in plain words: for the person whose it is, not for a clinician."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.clinical.dosages import plain_dosage
from ymach.clinical.dossier import Dossier
from ymach.clinical.service import Service
from ymach.clinical.visit import Visit
from ymach.exchange.books.gathering import OPERATIONS, diagnosis_names
from ymach.practitioners.queries import find_practitioner_by_licence
from ymach.web import formatting
from ymach.web.parts import Fact, Trend
from ymach.web.shown import clinical
from ymach.web.shown.dossiers import RESULTS, code_words
from ymach.web.templatetags.ymach import language

MOST_DOCTORS = 3


def context_of(dossier: Dossier) -> dict[str, object]:
    """Everything the page of an episode shows of its dossier."""
    visit = dossier.visit or Visit()
    day = vietnam_day(visit.started_at) if visit.started_at else vietnam_day(now())
    return {
        "dossier": dossier,
        "visit": visit,
        "medicines": [(one, plain_dosage(one.dosage or "")) for one in dossier.medicines],
        "problems": _problems(visit, day),
        "facts": _facts(dossier, visit, day),
        "advice": _advice(dossier, visit),
        "course": _course(dossier, visit),
        "trends": _signs(dossier),
        "groups": clinical.result_groups(dossier),
        "operations": [_operation(one) for one in dossier.services if one.cost_group in OPERATIONS],
        "money": _money(visit),
        "columns": RESULTS,
    }


def _signs(dossier: Dossier) -> list[Trend]:
    """Vital signs as measured. What counts as in range for an alarm (NEWS2) is no word for the person: 150 is not well."""
    found = clinical.trends(dossier, language())
    return [replace(one, low=None, high=None, words="", tone="") for one in found]


def _problems(visit: Visit, day: date) -> list[dict[str, object]]:
    codes = [code for code in (visit.main_diagnosis, *visit.other_diagnoses) if code]
    names = diagnosis_names(codes, day)
    main = Text("bệnh chính", "main")
    return [
        {
            "code": code,
            "name": names.get(code) or (visit.discharge_diagnosis_text if code == visit.main_diagnosis else "") or code,
            "note": main if code == visit.main_diagnosis else "",
        }
        for code in dict.fromkeys(codes)
    ]


def _facts(dossier: Dossier, visit: Visit, day: date) -> list[Fact]:
    pairs = [
        (Text("Vì sao đi khám", "Why"), visit.reason or visit.admission_reason or ""),
        (Text("Bác sĩ kết luận", "The doctor's conclusion"), visit.discharge_diagnosis_text or ""),
        (Text("Vào lúc", "In"), formatting.moment(visit.started_at)),
        (Text("Ra lúc", "Out"), formatting.moment(visit.ended_at)),
        (Text("Kết quả", "Outcome"), code_words("treatment_result", visit.result, day)),
        (Text("Ra về thế nào", "How it ended"), code_words("discharge_type", visit.discharge_type, day)),
        (Text("Hình thức", "Kind of visit"), code_words("exam_type", visit.kind, day)),
        (Text("Bác sĩ điều trị", "Treating doctor"), ", ".join(_doctors(dossier))),
        (Text("Nhóm máu", "Blood group"), visit.blood_group or ""),
        (Text("Cân nặng", "Weight"), f"{formatting.number(visit.weight_kg, language())} kg" if visit.weight_kg else ""),
    ]
    return [Fact(name, value) for name, value in pairs if value and value != formatting.EMPTY]


def _doctors(dossier: Dossier) -> list[str]:
    """Who prescribed or signed, by name where the registry has one."""
    numbers = [code for line in dossier.medicines for code in line.prescribers]
    numbers += [code for line in dossier.services for code in line.orderers]
    found = []
    for number in list(dict.fromkeys(numbers))[:MOST_DOCTORS]:
        known = find_practitioner_by_licence(number)
        found.append(known.full_name if known else number)
    return found


def _advice(dossier: Dossier, visit: Visit) -> list[Fact]:
    """What to do from here on: what the person most wants to know."""
    slip, paper = dossier.appointment, dossier.referral
    days = [slip.appointed_on] if slip and slip.appointed_on else list(visit.next_appointments)
    pairs = [
        (Text("Lời dặn", "Advice"), visit.advice or ""),
        (Text("Khám lại", "Come back"), ", ".join(formatting.day(day) for day in days)),
        (Text("Hướng điều trị tiếp", "Further treatment"), (paper.plan if paper else "") or ""),
        (Text("Ghi chú khi ra viện", "Note on leaving"), (dossier.discharge.note if dossier.discharge else "") or ""),
    ]
    return [Fact(name, value) for name, value in pairs if value]


def _course(dossier: Dossier, visit: Visit) -> list[Fact]:
    """The summary of the record (group d of Decision 31/QD-BYT 2026)."""
    told, left = dossier.summary, dossier.discharge
    pairs = [
        (Text("Bệnh diễn biến thế nào", "How it went"), (told.history if told else "") or ""),
        (Text("Kết quả đáng chú ý", "Results that matter"), (told.results_summary if told else "") or ""),
        (
            Text("Đã điều trị", "Treatment"),
            (told.treatment if told else "") or visit.treatment or (left.treatment if left else "") or "",
        ),
    ]
    return [Fact(name, value) for name, value in pairs if value]


def _operation(one: Service) -> dict[str, object]:
    return {"name": one.name or one.code or formatting.EMPTY, "at": one.performed_at or one.ordered_at}


def _money(visit: Visit) -> list[Fact]:
    triples = (
        (Text("Tổng chi phí", "Total"), visit.total_hospital),
        (Text("Bảo hiểm y tế trả", "Paid by insurance"), visit.insurance_paid),
        (Text("Bạn cùng chi trả", "Your co-payment"), visit.copayment),
        (Text("Bạn tự trả", "Paid by you"), visit.patient_paid),
    )
    return [Fact(name, formatting.money(value, language())) for name, value in triples if value is not None]
