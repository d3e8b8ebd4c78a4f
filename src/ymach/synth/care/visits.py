"""Visits from arrival to the last paper, within the hours of those who write them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from ymach.base.clock import vietnam_day
from ymach.clinical.appointment import Appointment
from ymach.clinical.check_in import CheckIn
from ymach.clinical.discharge import Discharge
from ymach.clinical.dossier import Dossier
from ymach.clinical.person import PartialDate
from ymach.clinical.referral import Referral
from ymach.clinical.summary import Summary
from ymach.clinical.visit import Visit
from ymach.synth.care.chart import Chart, supplies
from ymach.synth.care.conditions import Condition, ServiceKind, indicators, readings, services
from ymach.synth.care.money import totals
from ymach.synth.care.patients import Patient
from ymach.synth.care.staff import Place, Team, latest_moment, moment_on

OUTPATIENT_MINUTES = 70
_MOMENTS = {"prescription": 20, "check-in": 20}
_MORE_TESTS = (
    *("blood_count", "renal", "liver", "electrolytes", "glucose", "urine", "abdomen_us", "ecg"),
    *("lipids", "uric_acid", "crp", "hba1c", "thyroid", "chest_xray"),
)
_PICK_UP, _VISIT, _INPATIENT = "07", "01", "03"
_INSURED, _NOT_INSURED = "1.1", "9"
_BETTER, _UNCHANGED, _WORSE = "2", "3", "4"
_HOME, _REFERRED = "1", "2"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a visit is made of: where, who writes, who comes, with what, and how long a dossier should get.

    lines: medicines, services, results and notes together, as far as care allows. refer_to: code of a facility.
    """

    rng: Random
    place: Place
    team: Team
    patient: Patient
    condition: Condition
    before: datetime
    lines: int
    refer_to: str

    def code(self) -> str:
        """A fresh MA_LK."""
        return f"{self.place.code}.{self.before.year % 100:02d}.{self.rng.randrange(10**10):010d}"

    def chart(self) -> Chart:
        return Chart(self.rng, self.place, self.team, self.patient, self.condition, self.code())


def outpatient(occasion: Occasion) -> Dossier:
    """Seen, tested, given medicines, all within the hour."""
    start, chart = _start(occasion, OUTPATIENT_MINUTES), occasion.chart()
    end = start + timedelta(minutes=OUTPATIENT_MINUTES)
    seen, told = start + timedelta(minutes=8), end - timedelta(minutes=6)
    chart.order(occasion.condition.exam, seen, until=told)
    chart.note(seen + timedelta(minutes=4), said=occasion.condition.reason)
    for test in _tests(occasion):
        chart.order(test, seen + timedelta(minutes=7), until=told)
    for drug in occasion.condition.drugs:
        chart.prescribe(drug, occasion.condition.days, told)
    chart.recovery = 0.3
    chart.note(told, said="Đã giải thích kết quả, dặn dò dùng thuốc", by_nurse=True)
    return _dossier(chart, _visit(occasion, chart, start, end, kind=_VISIT))


def appointment(occasion: Occasion) -> Dossier:
    """An outpatient visit with a slip for the next one."""
    dossier = outpatient(occasion)
    return replace(dossier, appointment=_appointment(occasion, dossier))


def prescription(occasion: Occasion) -> Dossier:
    """Medicines by appointment, without examination."""
    minutes = _MOMENTS["prescription"]
    start, chart = _start(occasion, minutes), occasion.chart()
    end = start + timedelta(minutes=minutes)
    for drug in occasion.condition.drugs:
        chart.prescribe(drug, occasion.condition.days, end - timedelta(minutes=8))
    return _dossier(chart, _visit(occasion, chart, start, end, kind=_PICK_UP, result=_UNCHANGED))


def check_in(occasion: Occasion) -> Dossier:
    """The notice that somebody has come and the first cost has arisen."""
    start, code = _start(occasion, _MOMENTS["check-in"]), occasion.code()
    patient, exam = occasion.patient, occasion.condition.exam
    notice = CheckIn(
        code=code,
        sequence=1,
        facility_code=occasion.place.code,
        kind=_VISIT,
        started_at=start,
        service_code=exam.code,
        service_name=exam.name,
        ordered_at=start + timedelta(minutes=8),
        **_person(patient),
        **_card(occasion, start),
    )
    return Dossier(code=code, facility_code=occasion.place.code, check_in=notice)


def inpatient(occasion: Occasion, *, is_referral: bool = False) -> Dossier:
    """A stay of several days; orders and notes on the days on which the team works."""
    chart, minutes = occasion.chart(), OUTPATIENT_MINUTES
    end = _start(occasion, minutes) + timedelta(minutes=minutes)
    start = _arrival(occasion, end, minutes)
    admitted = start + timedelta(minutes=45)
    chart.order(occasion.condition.exam, start + timedelta(minutes=8), until=admitted)
    for test in occasion.condition.tests:
        chart.order(test, start + timedelta(minutes=20), until=start + timedelta(minutes=minutes - 2))
    days = (vietnam_day(end) - vietnam_day(start)).days
    chart.order(
        services()["bed"], admitted, quantity=max(days, 1), until=end, bed=f"H{occasion.rng.randrange(1, 90):03d}"
    )
    chart.note(start + timedelta(minutes=16), said=occasion.condition.reason)
    _days_in_bed(occasion, chart, start, end, days)
    chart.recovery = 0.1 if is_referral else 0.95
    last = "Không đỡ, khó thở tăng" if is_referral else "Tỉnh, đỡ nhiều, ăn ngủ được"
    consultation = "Hội chẩn khoa: chuyển cơ sở chuyên sâu" if is_referral else None
    chart.note(end - timedelta(minutes=30), said=last, consultation=consultation)
    visit = _visit(
        occasion,
        chart,
        start,
        end,
        kind=_INPATIENT,
        result=_WORSE if is_referral else _BETTER,
        discharge_type=_REFERRED if is_referral else _HOME,
        admission_reason=occasion.condition.reason,
        admitted_at=admitted,
        treatment_days=days + 1,
        referred_to=occasion.refer_to if is_referral else None,
    )
    papers: dict[str, Any] = {"discharge": _discharge(occasion, visit), "summary": _summary(visit, chart)}
    if is_referral:
        papers["referral"] = _referral(occasion, visit, chart)
    return replace(_dossier(chart, visit), **papers)


def referral(occasion: Occasion) -> Dossier:
    """A stay that ends with a referral to a more advanced facility."""
    return inpatient(occasion, is_referral=True)


KINDS = {
    "outpatient": outpatient,
    "inpatient": inpatient,
    "referral": referral,
    "prescription": prescription,
    "appointment": appointment,
    "check-in": check_in,
}


def _start(occasion: Occasion, minutes: int) -> datetime:
    return latest_moment(occasion.rng, occasion.team, minutes=minutes, before=occasion.before)


def _arrival(occasion: Occasion, end: datetime, minutes: int) -> datetime:
    """The latest day, at least the usual stay before the end, on which the team is there."""
    for back in range(occasion.condition.days, occasion.condition.days + 8):
        start = moment_on(occasion.team, end - timedelta(days=back), minutes=minutes)
        if start is not None:
            return start
    raise LookupError("never together")


def _days_in_bed(occasion: Occasion, chart: Chart, start: datetime, end: datetime, days: int) -> None:
    """What is ordered each day, more of it the longer the dossier may get."""
    opening = occasion.condition.drugs
    at = start + timedelta(minutes=50)
    for drug in opening:
        chart.prescribe(drug, 1, at, given_after=15)
    for supply in supplies():
        chart.order(supply, at, quantity=max(days, 1))
    for day in range(1, days):
        there = moment_on(occasion.team, start + timedelta(days=day), minutes=60)
        if there is None or there >= end - timedelta(hours=2):
            continue
        chart.recovery = day / days
        round_at = there + timedelta(minutes=occasion.rng.randint(10, 40))
        chart.note(round_at, said=f"Ngày điều trị thứ {day + 1}: diễn biến theo dõi", by_nurse=day % 2 == 0)
        if chart.lines < occasion.lines - len(opening):
            for drug in opening:
                chart.prescribe(drug, 1, round_at, given_after=15)
        if day == days // 2 and chart.lines < occasion.lines:
            chart.order(occasion.condition.tests[0], round_at, until=round_at + timedelta(minutes=18))


def _tests(occasion: Occasion) -> list[ServiceKind]:
    """The tests of the condition, and usual ones beside them while the dossier is short. None without a reader."""
    if occasion.team.reader is None:
        return [test for test in occasion.condition.tests if test.group == "18"]
    chosen, known = list(occasion.condition.tests), services()
    expected = len(occasion.condition.drugs) + 3 + sum(map(_lines_of, chosen))
    for key in _MORE_TESTS:
        if known[key] not in chosen and expected < occasion.lines:
            chosen.append(known[key])
            expected += _lines_of(known[key])
    return chosen


def _lines_of(kind: ServiceKind) -> int:
    return 1 + len(indicators().get(kind.key, ())) + (kind.key in readings())


def _visit(
    occasion: Occasion, chart: Chart, start: datetime, end: datetime, *, kind: str, result: str = _BETTER, **more: Any
) -> Visit:
    patient, condition = occasion.patient, occasion.condition
    day = vietnam_day(end)
    return Visit(
        code=chart.code,
        sequence=1,
        facility_code=occasion.place.code,
        record_number=f"HS{chart.code[6:]}",
        kind=kind,
        nationality="000",
        ethnic_group="01",
        occupation="00000",
        phone=patient.phone,
        address=patient.address,
        province_code=patient.province_code,
        commune_code=patient.commune_code,
        reason=condition.reason,
        admission_diagnosis_text=condition.admission_text,
        discharge_diagnosis_text=condition.diagnosis_text,
        main_diagnosis=condition.main,
        other_diagnoses=condition.others,
        started_at=start,
        ended_at=end,
        paid_at=end,
        next_appointments=(day + timedelta(days=condition.days),) if condition.days >= 14 else (),
        treatment=condition.treatment,
        result=result,
        advice=condition.advice,
        weight_kg=Decimal(patient.weight_kg),
        settlement_year=day.year,
        settlement_month=day.month,
        department=condition.department,
        head_of_unit=occasion.team.head.number,
        **{"discharge_type": _HOME, "treatment_days": 0, **more},
        **_person(patient),
        **_card(occasion, start),
        **totals(chart.medicines, chart.services),
    )


def _person(patient: Patient) -> dict[str, Any]:
    return {
        "patient_code": patient.code,
        "full_name": patient.name,
        "personal_number": patient.personal_number or None,
        "birth_date": patient.birth,
        "sex": patient.sex,
    }


def _card(occasion: Occasion, at: datetime) -> dict[str, Any]:
    if not occasion.patient.card:
        return {"patient_category": _NOT_INSURED}
    return {
        "patient_category": _INSURED,
        "insurance_cards": (occasion.patient.card,),
        "registered_facilities": (occasion.place.code,),
        "cards_valid_from": (date(at.year, 1, 1),),
        "cards_valid_to": (date(at.year, 12, 31),),
    }


def _appointment(occasion: Occasion, dossier: Dossier) -> Appointment:
    visit = visit_of(dossier)
    day = vietnam_day(moment(visit.ended_at))
    return Appointment(
        **_copied(visit),
        number=f"HK{dossier.code[6:]}",
        facility_code=visit.facility_code,
        patient_category=visit.patient_category,
        address=visit.address,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        appointed=PartialDate.of(day + timedelta(days=max(occasion.condition.days, 7))),
        doctor=occasion.team.doctor.number,
        head_of_unit=occasion.team.head.number,
        issued_on=day,
    )


def _discharge(occasion: Occasion, visit: Visit) -> Discharge:
    return Discharge(
        visit_code=visit.code,
        archive_number=visit.record_number,
        patient_code=visit.patient_code,
        department=visit.department,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        diagnosis_text=visit.discharge_diagnosis_text,
        treatment=visit.treatment,
        note=visit.advice,
        pregnancy_terminated="0",
        head_of_unit=occasion.team.head.number,
        doctor=occasion.team.doctor.number,
        doctor_name=occasion.team.doctor.name,
        issued_on=vietnam_day(moment(visit.ended_at)),
    )


def _summary(visit: Visit, chart: Chart) -> Summary:
    return Summary(
        visit_code=visit.code,
        kind=visit.kind,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        admission_diagnosis_text=visit.admission_diagnosis_text,
        discharge_diagnosis_text=visit.discharge_diagnosis_text,
        history=f"{visit.reason}, diễn biến vài ngày trước khi đến khám",
        results_summary=_results_summary(chart),
        treatment=visit.treatment,
        result=visit.result,
        head_of_unit=visit.head_of_unit,
        issued_on=vietnam_day(moment(visit.ended_at)),
    )


def _referral(occasion: Occasion, visit: Visit, chart: Chart) -> Referral:
    serial = moment(visit.ended_at).strftime("%y%m%d%H%M")
    return Referral(
        **_copied(visit),
        file_number=visit.record_number,
        register_number=f"CT{serial}",
        number=f"{serial}/GCT",
        facility_code=visit.facility_code,
        to_facility=visit.referred_to,
        nationality=visit.nationality,
        ethnic_group=visit.ethnic_group,
        occupation=visit.occupation,
        address=visit.address,
        started_at=(moment(visit.started_at),),
        admitted_at=visit.admitted_at,
        ended_at=(moment(visit.ended_at),),
        signs=f"{visit.reason}; chưa đáp ứng điều trị",
        history=f"{visit.reason}; điều trị {visit.treatment_days} ngày, đáp ứng kém",
        results_summary=_results_summary(chart),
        care_given=visit.treatment,
        condition="Tỉnh, thở oxy, mạch và huyết áp ổn định",
        discharge_type=visit.discharge_type,
        reason="1",
        plan="Điều trị tiếp tại cơ sở chuyên sâu",
        transport="Xe cấp cứu 115" if occasion.patient.age >= 70 else "Xe cứu thương",
        escort_name=occasion.team.nurse.name,
        escort_title="Điều dưỡng",
        doctor=occasion.team.doctor.number,
        head_of_unit=occasion.team.head.number,
    )


def _copied(visit: Visit) -> dict[str, Any]:
    """What papers repeat from table 1, and must repeat exactly."""
    return {
        "visit_code": visit.code,
        "full_name": visit.full_name,
        "birth_date": visit.birth_date,
        "sex": visit.sex,
        "insurance_cards": visit.insurance_cards,
        "cards_valid_to": visit.cards_valid_to,
        "diagnosis_text": visit.discharge_diagnosis_text,
        "main_diagnosis": visit.main_diagnosis,
        "other_diagnoses": visit.other_diagnoses,
    }


def _results_summary(chart: Chart) -> str:
    found = [f"{one.indicator_name} {one.value} {one.unit or ''}".strip() for one in chart.results[:5] if one.value]
    return "; ".join(found) or "Kết quả kèm theo hồ sơ"


def _dossier(chart: Chart, visit: Visit) -> Dossier:
    return Dossier(
        code=chart.code,
        facility_code=chart.place.code,
        visit=visit,
        medicines=tuple(chart.medicines),
        services=tuple(chart.services),
        results=tuple(chart.results),
        notes=tuple(chart.notes),
    )


def visit_of(dossier: Dossier) -> Visit:
    """The visit of a dossier that must have one. Raises ValueError for a check-in notice."""
    if dossier.visit is None:
        raise ValueError("a dossier without a visit")
    return dossier.visit


def moment(at: datetime | None) -> datetime:
    """A time that must be there. Raises ValueError when it is not."""
    if at is None:
        raise ValueError("a visit without times")
    return at
