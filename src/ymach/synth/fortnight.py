"""The requests of the last fortnight in a synthetic country: every kind in every state, decided sooner or later.

Seeded, and through the actions people use. What the rules refuse for one facility or person is tried with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.base.actors import Actor
from ymach.base.clock import from_vietnam, vietnam_day
from ymach.base.errors import YmachError
from ymach.changes import actions
from ymach.changes.evidence.actions import keep
from ymach.changes.kinds import KINDS
from ymach.changes.models import ChangeRequest
from ymach.facilities.lists import services
from ymach.facilities.models import Facility
from ymach.practitioners.models import PracticeRegistration, Practitioner, TechniqueAssignment
from ymach.synth import acting
from ymach.synth.fixed import fixed_codes

DAYS = 14
LATE = 20
"""So long ago some were sent that still wait: past the term of ten working days."""
TRIES = 6
STATES = ("wait", "approve", "approve", "approve", "reject", "return", "withdraw", "draft")
"""What becomes of the requests of each kind a department decides; own words are written at once."""
TOOK = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8)
"""Days from sending to deciding."""
WORDS = {
    "reject": "Giấy tờ không chứng minh được nội dung đề nghị.",
    "return": "Ảnh chụp mờ; chụp lại cho rõ số và dấu.",
}
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody at work at a facility: whom a request is about, or the facility itself."""

    facility: Facility
    person: Practitioner
    registration: UUID

    def whom(self, kind: str) -> tuple[UUID | None, UUID | None]:
        """Subject and facility, as a request names them."""
        if KINDS[kind].makes_subject:
            return None, self.facility.pk
        if KINDS[kind].subject == "facility":
            return self.facility.pk, None
        return self.person.pk, self.facility.pk if KINDS[kind].at_facility else None

    def asker(self, kind: str) -> Actor:
        by_facility = "facility" in KINDS[kind].proposers
        return acting.staff(self.facility) if by_facility else acting.oneself(self.person)


@dataclass(frozen=True, slots=True)
class Plan:
    """One request to come: what becomes of it, when it is sent, how many days later it is decided."""

    kind: str
    state: str
    sent_at: datetime
    decided_at: datetime


def make_fortnight(*, at: datetime, seed: int = 1) -> dict[str, int]:
    """Let the requests of the fortnight before `at` come and be decided; how many of each kind there are."""
    rng = Random(f"fortnight {seed}")  # noqa: S311 - not a secret
    subjects = cycle(_subjects(vietnam_day(at)))
    done: dict[str, int] = {}
    for plan in sorted(_plans(rng, at), key=lambda one: one.sent_at):
        for _ in range(TRIES):
            subject = _technician(at) if plan.kind == "end-of-technique" else next(subjects, None)
            if subject is not None and _happen(plan, subject, rng, at):
                done[plan.kind] = done.get(plan.kind, 0) + 1
                break
    return done


def _plans(rng: Random, at: datetime) -> Iterator[Plan]:
    for word, kind in KINDS.items():
        for state in ("apply", "apply") if kind.is_own_word else STATES:
            days_ago = rng.randrange(1, DAYS + 1) if state != "wait" else rng.choice((0, 1, 3, LATE))
            sent_at = _office_hour(rng, at - timedelta(days=days_ago), at)
            decided_at = min(sent_at + timedelta(days=rng.choice(TOOK), minutes=rng.randrange(240)), at)
            yield Plan(word, state, sent_at, decided_at)


def _office_hour(rng: Random, moment: datetime, latest: datetime) -> datetime:
    """A moment of the morning or afternoon of that weekday, never later than `latest`."""
    day = vietnam_day(moment)
    day -= timedelta(days=max(day.weekday() - 4, 0))
    hour = rng.choice((8, 9, 9, 10, 11, 14, 15, 16))
    return min(from_vietnam(datetime(day.year, day.month, day.day, hour, rng.randrange(60))), latest)  # noqa: DTZ001


def _happen(plan: Plan, subject: Subject, rng: Random, at: datetime) -> bool:
    """Whether the rules let it happen; what they refuse leaves nothing."""
    try:
        with transaction.atomic():
            request = _propose(plan, subject, rng)
            _settle(request, plan, subject, at)
    except YmachError:
        return False
    return True


def _propose(plan: Plan, subject: Subject, rng: Random) -> ChangeRequest:
    kind, by = plan.kind, subject.asker(plan.kind)
    key, facility_id = subject.whom(kind)
    papers = [_keep_paper(plan, by)] if KINDS[kind].papers else []
    return actions.propose(
        kind=kind,
        subject_id=key,
        facility_id=facility_id,
        values=VALUES[kind](subject, vietnam_day(plan.sent_at), rng),
        by=by,
        at=plan.sent_at,
        evidence=papers,
        as_draft=plan.state == "draft",
    )


def _keep_paper(plan: Plan, by: Actor) -> UUID:
    return keep(content=acting.paper(plan.kind), name="giay-to.jpg", by=by, at=plan.sent_at).pk


def _settle(request: ChangeRequest, plan: Plan, subject: Subject, at: datetime) -> None:
    if plan.state in {"apply", "draft"}:
        return
    if request.needs:
        confirmed_at = min(plan.sent_at + timedelta(minutes=50), at)
        actions.confirm(request_id=request.pk, by=acting.oneself(subject.person), at=confirmed_at)
    if plan.state == "withdraw":
        actions.withdraw(request_id=request.pk, by=subject.asker(plan.kind), at=plan.decided_at)
        return
    officer = acting.officer(request.province_code)
    key, then = request.pk, plan.decided_at
    if plan.state == "approve":
        actions.approve(request_id=key, by=officer, at=then, decision_number=f"{200 + plan.sent_at.minute}/QĐ-SYT")
    elif plan.state == "reject":
        actions.reject(request_id=key, by=officer, at=then, reason=WORDS["reject"])
    elif plan.state == "return":
        actions.give_back(request_id=key, by=officer, at=then, reason=WORDS["return"])


def _subjects(on: date) -> Sequence[Subject]:
    """People at work at facilities of every province, one a facility, province by province in turn."""
    rows = PracticeRegistration.objects.filter(valid__contains=on, licence__valid__contains=on, licence__title="a")
    rows = rows.filter(is_technical_head=False, licence__suspensions=None, licence__revocation=None)
    rows = rows.exclude(facility__code__in=fixed_codes()).select_related("facility", "practitioner")
    chosen = rows.order_by("facility__code", "pk").distinct("facility__code")[:600]
    turns: dict[str, int] = {}
    order = []
    for one in chosen:
        turn = turns[one.facility.province_code] = turns.get(one.facility.province_code, 0) + 1
        order.append((turn, one.facility.code, Subject(one.facility, one.practitioner, one.pk)))
    return [subject for *_, subject in sorted(order, key=lambda each: each[:2])]


def _technician(at: datetime) -> Subject | None:
    """Somebody with a technique assigned."""
    held = TechniqueAssignment.objects.select_related("facility", "practitioner").order_by("-pk")
    one = held.filter(period__contains=vietnam_day(at)).first() or held.first()
    return Subject(one.facility, one.practitioner, one.pk) if one is not None else None


def _identity(subject: Subject, on: date, rng: Random) -> Values:
    one = subject.facility
    kept = {"name": one.name, "form": one.form, "level": one.level}
    return {**kept, "address": f"{one.address}, tòa {rng.choice('ABC')}", "reason": "Chuyển khu khám bệnh"}


def _head(subject: Subject, on: date, rng: Random) -> Values:
    return {"head": str(subject.registration), "starts_on": _day(on, 10)}


def _operating(subject: Subject, on: date, rng: Random) -> Values:
    scopes = sorted(rng.sample(["I", "II", "V", "IX", "XII"], 3))
    return {
        "number": f"{subject.facility.code}{rng.randrange(100)}/SYT-GPHĐ",
        "scopes": scopes,
        "starts_on": _day(on, 8),
    }


def _legal(subject: Subject, on: date, rng: Random) -> Values:
    name = f"Công ty TNHH {subject.facility.name}"
    return {"name": name, "tax_code": "", "representative": subject.person.full_name, "starts_on": _day(on, 8)}


def _department(subject: Subject, on: date, rng: Random) -> Values:
    beds = {"beds_planned": str(rng.randrange(8, 40)), "beds_actual": str(rng.randrange(8, 40)), "beds_icu": "0"}
    return {"code": f"K{rng.randrange(60, 99)}", "name": "Khoa Phục hồi chức năng", **beds, **_from(on), "ends": False}


def _techniques(subject: Subject, on: date, rng: Random) -> Values:
    added = " ".join(f"{rng.randrange(1, 20):02d}.{rng.randrange(1, 300):04d}" for _ in range(3))
    return {"added": added, "removed": "", "release": "", "decision": "77/QĐ-SYT", "approved_on": on.isoformat()}


def _diploma(subject: Subject, on: date, rng: Random) -> Values:
    school = {
        "school": "Trường Đại học Y Dược Thái Nguyên",
        "country": "VN",
        "number": f"CKI-{rng.randrange(1000, 9999)}",
    }
    return {"kind": "SPECIALIST_1", "speciality": "Nội khoa", "issued_on": "2022-09-02", **school}


def _cme(subject: Subject, on: date, rng: Random) -> Values:
    topic = rng.choice(("Cấp cứu phản vệ", "Kháng sinh hợp lý", "Siêu âm tại giường", "An toàn người bệnh"))
    ended = _day(on, -rng.randrange(20, 120))
    return {"provider": "Bệnh viện tuyến trên", "topic": topic, "hours": str(rng.choice((8, 12, 16, 24))), "on": ended}


def _correction(subject: Subject, on: date, rng: Random) -> Values:
    one = subject.person
    born = one.birth_date + timedelta(days=rng.choice((-1, 1)))
    kept = {"full_name": one.full_name, "sex": one.sex, "personal_number": one.personal_number or ""}
    kept |= {"passport_number": one.passport_number, "nationality": one.nationality}
    return {**kept, "birth_date": born.isoformat(), "reason": "Ngày sinh ghi nhầm so với thẻ căn cước"}


def _joining(subject: Subject, on: date, rng: Random) -> Values:
    asked: dict[str, Any] = {
        "position": "Bác sĩ khám ngoài giờ",
        "department": "",
        "scopes": [],
        "attendance": "part",
        "last_day": None,
    }
    return {**asked, "schedule": "CN: 07:00 đến 11:00", "starts_on": _day(on, 15)}


def _hours(subject: Subject, on: date, rng: Random) -> Values:
    schedule = f"T2-T6: 07:00 đến {rng.choice((15, 16))}:30"
    return {"registration": str(subject.registration), "schedule": schedule, "starts_on": _day(on, 12)}


def _enrolment(subject: Subject, on: date, rng: Random) -> Values:
    name = rng.choice(("Phan Thị Ngọc Diệp", "Trịnh Quốc Bảo", "Đoàn Thị Hải Yến", "Tạ Minh Khôi", "Lương Gia Hân"))
    issued = date(2024, rng.randrange(1, 13), rng.randrange(1, 28))
    number = f"{rng.randrange(900000, 999999)}/SYN-GPHN"
    person = {"full_name": name, "birth_date": f"199{rng.randrange(0, 8)}-0{rng.randrange(1, 9)}-14", "sex": "3"}
    papers = {"generation": "licence", "number": number, "title": "a", "scopes": ["V"], "issuer": "Bộ Y tế"}
    days = {"issued_on": issued.isoformat(), "decision": "301/QĐ-BYT", "decided_on": issued.isoformat()}
    return {**person, "personal_number": f"0012{rng.randrange(10**8):08d}", "nationality": "VN", **papers, **days}


def _contact(subject: Subject, on: date, rng: Random) -> Values:
    return {"phone": f"024 3{rng.randrange(100, 999)} {rng.randrange(1000, 9999)}", "email": "", "website": ""}


def _own_contact(subject: Subject, on: date, rng: Random) -> Values:
    return {"phone": f"0912 {rng.randrange(100, 999)} {rng.randrange(100, 999)}", "email": ""}


def _coordinates(subject: Subject, on: date, rng: Random) -> Values:
    return {"latitude": f"{rng.uniform(10.5, 21.5):.5f}", "longitude": f"{rng.uniform(105.2, 107):.5f}"}


def _leaving(subject: Subject, on: date, rng: Random) -> Values:
    return {"registration": str(subject.registration), "last_day": _day(on, -1), "reason": "Nghỉ việc theo nguyện vọng"}


def _assignment(subject: Subject, on: date, rng: Random) -> Values:
    code = f"{rng.randrange(1, 20):02d}.{rng.randrange(1, 300):04d}"
    return {"technique": code, "document": f"{rng.randrange(10, 99)}/QĐ-BV", **_from(on), "last_day": None}


def _from(on: date) -> dict[str, str]:
    return {"starts_on": _day(on, 8)}


def _day(on: date, ahead: int) -> str:
    return (on + timedelta(days=ahead)).isoformat()


VALUES: Mapping[str, Callable[[Subject, date, Random], Values]] = {
    "facility-identity": _identity,
    "technical-head": _head,
    "operating-licence": _operating,
    "facility-legal-person": _legal,
    "facility-department": _department,
    "technique-list": _techniques,
    "diploma": _diploma,
    "cme": _cme,
    "identity-correction": _correction,
    "practice-registration": _joining,
    "schedule-change": _hours,
    "enrol-practitioner": _enrolment,
    "facility-contact": _contact,
    "facility-hours": lambda *_: {"schedule": "T2-T7: 07:00 đến 17:00", "note": ""},
    "facility-services": lambda subject, on, rng: {"services": sorted(rng.sample(list(services()), 3))},
    "facility-languages": lambda *_: {"languages": ["vi", "en"]},
    "facility-coordinates": _coordinates,
    "practitioner-contact": _own_contact,
    "practitioner-languages": lambda *_: {"languages": ["vi", "fr"]},
    "end-of-practice": _leaving,
    "technique-assignment": _assignment,
    "end-of-technique": lambda subject, on, rng: {"assignment": str(subject.registration), "last_day": _day(on, 20)},
}
