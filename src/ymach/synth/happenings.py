"""What has happened lately in a synthetic country: changes asked for, decided and overdue, profiles confirmed, a doctor
suspended. Everything goes through the actions people use, at moments of the last weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Model

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.base.periods import Period
from ymach.changes import actions
from ymach.changes.evidence.actions import keep
from ymach.changes.models import ChangeRequest
from ymach.facilities.models import Facility
from ymach.practitioners.actions import end_practice, suspend_licence
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner
from ymach.synth import acting
from ymach.synth.fixed import PROVINCE, fixed_codes
from ymach.synth.fortnight import make_fortnight

CONFIRMED_WEEKS = 12
"""Each week of these, a share of the country confirmed its profiles."""
NEWCOMERS = ((20, True), (12, True), (9, True), (6, True), (3, True), (1, True), (2, False), (1, False))
"""Registrations asked for: days ago, and whether the practitioner has confirmed."""
SATURDAY = "T7: 13:00 đến 17:00"
MOST_TRIED = 60
IDLE_DAYS = (760, 735, 725, 715, 705, 690, 640, 600)
"""So long ago some people left their only place: a licence is revoked after 24 months without practice."""


@dataclass(slots=True)
class Happened:
    """done: how many of each; refused: codes of what the rules did not let happen."""

    done: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """One change asked for at 09:00 UTC some days ago, and what became of it: "" (waits), return, reject or approve."""

    kind: str
    subject: Facility | Practitioner
    by: Actor
    days_ago: int
    values: dict[str, Any]
    facility: Facility | None = None
    outcome: str = ""


def make_happenings(*, by: Actor, at: datetime) -> Happened:
    """Let the last weeks happen, once; what the rules refuse is left out and named in the result."""
    told = Happened()
    _confirm_profiles(told, by=by, at=at)
    facilities = {one.code: one for one in Facility.objects.filter(code__in=["99001", "99002", "99777"])}
    doctor = _holder("0099901/BYT-CCHN")
    for asked in (*_of_facilities(facilities, at), *_of_doctor(doctor, facilities, at)):
        _ask(asked, told, at=at)
    _newcomers(facilities["99001"], told, at=at)
    _suspend(told, at=at)
    _leave(told, at=at)
    told.done.update(make_fortnight(at=at))
    return told


def _confirm_profiles(told: Happened, *, by: Actor, at: datetime) -> None:
    models: Sequence[type[Model]] = (Facility, Practitioner)
    for model in models:
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        for week in range(CONFIRMED_WEEKS):
            some, when = keys[week :: CONFIRMED_WEEKS + CONFIRMED_WEEKS // 2], at - timedelta(days=7 * week + 1)
            with attributed(by=by, reason="profile confirmed", at=when):
                rows = model._default_manager.filter(pk__in=some)
                rows.update(confirmed_at=when, confirmed_by="", revision=F("revision") + 1)
            told.done["confirmed"] += len(some)


def _of_facilities(held: dict[str, Facility], at: datetime) -> Iterator[Asked]:
    """What three facilities ask for; the first is overdue."""
    one, two = held["99001"], held["99002"]
    today, clerk = vietnam_day(at), acting.staff(one, "Hồ Văn Công")
    soon = _day(today, 14)
    identity = {"form": one.form, "level": one.level, "address": one.address, "reason": "Quyết định số 118/QĐ-UBND"}
    yield Asked("facility-identity", one, clerk, 24, {**identity, "name": f"{one.name} cơ sở 2"})
    legal = {"name": "Công ty TNHH Y tế Ví Dụ", "tax_code": one.tax_code, "representative": "Hồ Văn Công"}
    yield Asked("facility-legal-person", one, clerk, 5, {**legal, "starts_on": soon})
    beds = {"beds_planned": "24", "beds_actual": "26", "beds_icu": "4", "starts_on": soon, "ends": False}
    yield Asked("facility-department", one, clerk, 2, {"code": "K02", "name": "Khoa Hồi sức cấp cứu", **beds})
    hours = {"schedule": "T2-T6: 07:00 đến 16:30; T7: 07:00 đến 11:30", "note": "Cấp cứu 24 giờ"}
    yield Asked("facility-hours", one, clerk, 10, hours)
    scopes = {"number": "990002/SYT-GPHĐ-2", "scopes": ["V", "IX", "XII"], "starts_on": soon}
    yield Asked("operating-licence", two, acting.staff(two, "Cao Thị Bích"), 12, scopes)
    renamed = {"name": two.name, "form": two.form, "level": two.level, "address": f"{two.address}, tòa B"}
    moved = {**renamed, "reason": "Chuyển khoa khám bệnh"}
    yield Asked("facility-identity", two, acting.staff(two, "Cao Thị Bích"), 7, moved, outcome="return")
    head = PracticeRegistration.objects.get(facility=one, licence__number_key="0099912/BYT-CCHN")
    yield Asked("technical-head", one, clerk, 3, {"head": str(head.pk), "starts_on": soon})


def _of_doctor(doctor: Practitioner, held: dict[str, Facility], at: datetime) -> Iterator[Asked]:
    """What concerns one practitioner: four of her own, and a hospital that wants her on Saturdays."""
    own = acting.oneself(doctor)
    course = {"provider": "Trường Đại học Y khoa Vinh", "hours": "24"}
    yield Asked("cme", doctor, own, 30, {**course, "topic": "Hồi sức cấp cứu", "on": "2026-05-16"}, outcome="approve")
    yield Asked("cme", doctor, own, 4, {**course, "topic": "Siêu âm tại giường", "on": "2026-06-20"})
    school = {"school": "Trường Đại học Y Hà Nội", "country": "VN", "number": "CKI-2019-118"}
    paper = {"kind": "SPECIALIST_1", "speciality": "Nội khoa", "issued_on": "2019-09-02", **school}
    yield Asked("diploma", doctor, own, 16, paper, outcome="reject")
    yield Asked("practitioner-contact", doctor, own, 20, {"phone": "0912 000 901", "email": "minhhoa@example.vn"})
    starts = _day(vietnam_day(at), 7)
    wanted = {"starts_on": starts, "schedule": SATURDAY, "position": "Bác sĩ", "scopes": []}
    large = held["99777"]
    yield Asked("practice-registration", doctor, acting.staff(large, "Lý Văn Tổ Chức"), 1, wanted, facility=large)


def _newcomers(facility: Facility, told: Happened, *, at: datetime) -> None:
    """People of the province whom a facility wants on Saturdays; the earliest requests are overdue."""
    here = PracticeRegistration.objects.filter(facility=facility).values("practitioner")
    held = PracticeRegistration.objects.filter(facility__province_code=PROVINCE, licence__title="a")
    found = Practitioner.objects.filter(pk__in=held.values("practitioner")).exclude(pk__in=here).order_by("pk")
    people, starts = iter(found[:MOST_TRIED]), _day(vietnam_day(at), 10)
    values: dict[str, Any] = {
        "starts_on": starts,
        "schedule": SATURDAY,
        "position": "Bác sĩ khám ngoài giờ",
        "scopes": [],
    }
    values["attendance"] = "part"
    clerk, tried = acting.staff(facility, "Hồ Văn Công"), Happened()  # whom the rules refuse is nobody to tell about
    for days_ago, is_confirmed in NEWCOMERS:
        for person in people:
            asked = Asked("practice-registration", person, clerk, days_ago, values, facility=facility)
            request = _ask(asked, tried, at=at)
            if request is None:
                continue
            if is_confirmed:
                actions.confirm(request_id=request.pk, by=acting.oneself(person), at=_then(at, days_ago, hours=3))
            break
    told.done.update(tried.done)


def _ask(asked: Asked, told: Happened, *, at: datetime) -> ChangeRequest | None:
    """Ask, and let it become what it became; None where the rules refuse it."""
    when = _then(at, asked.days_ago)
    try:
        with transaction.atomic():
            request = _propose(asked, at=when)
            _settle(request, asked.outcome, at=_then(at, asked.days_ago - 2))
    except YmachError as refusal:
        told.refused.append(f"{asked.kind} {refusal.code}")
        return None
    told.done[asked.kind] += 1
    return request


def _propose(asked: Asked, *, at: datetime) -> ChangeRequest:
    paper = keep(content=acting.paper(asked.kind), name="giay-to.jpg", by=asked.by, at=at)
    return actions.propose(
        kind=asked.kind,
        subject_id=asked.subject.pk,
        values=asked.values,
        by=asked.by,
        at=at,
        facility_id=asked.facility.pk if asked.facility else None,
        evidence=[paper.pk],
    )


def _settle(request: ChangeRequest, outcome: str, *, at: datetime) -> None:
    officer = acting.officer(PROVINCE)
    if outcome == "approve":
        actions.approve(request_id=request.pk, by=officer, at=at, decision_number="214/QĐ-SYT")
    elif outcome == "return":
        reason = "Thiếu trang 2 của quyết định; chụp lại cho rõ dấu đỏ."
        actions.give_back(request_id=request.pk, by=officer, at=at, reason=reason)
    elif outcome == "reject":
        reason = "Số văn bằng không có trong danh sách tốt nghiệp của trường."
        actions.reject(request_id=request.pk, by=officer, at=at, reason=reason)


def _suspend(told: Happened, *, at: datetime) -> None:
    """A doctor of the province, none of those who write the examples, is stopped for three months from last week on."""
    here = PracticeRegistration.objects.filter(facility__province_code=PROVINCE, valid__contains=vietnam_day(at))
    others = here.filter(licence__title="a", licence__suspensions=None).exclude(facility__code__in=fixed_codes())
    held = others.select_related("licence").order_by("pk").first()
    if held is None:
        return
    since = vietnam_day(at) - timedelta(days=7)
    try:
        suspend_licence(
            licence=held.licence,
            period=Period(since, since + timedelta(days=92)),
            reason="Sai sót chuyên môn kỹ thuật theo kết luận của hội đồng",
            decision="231/QĐ-SYT",
            by=acting.officer(PROVINCE),
            at=_then(at, 7),
        )
    except YmachError as refusal:
        told.refused.append(f"suspension {refusal.code}")
    else:
        told.done["suspension"] += 1


def _leave(told: Happened, *, at: datetime) -> None:
    """Some people of the province left their only place long ago; two of them more than two years ago."""
    today = vietnam_day(at)
    here = PracticeRegistration.objects.filter(facility__province_code=PROVINCE, is_technical_head=False)
    early = here.filter(valid__contains=today - timedelta(days=max(IDLE_DAYS) + 60), licence__suspensions=None)
    others = early.exclude(facility__code__in=fixed_codes()).filter(valid__contains=today, licence__revocation=None)
    others = others.exclude(facility__form="PHARMACY")  # the only pharmacist of each
    only = others.annotate(places=Count("practitioner__registrations")).filter(places=1).order_by("-pk")
    for days_ago, registration in zip(IDLE_DAYS, only.select_related("facility", "licence"), strict=False):
        left_on = today - timedelta(days=days_ago)
        try:
            end_practice(
                registration=registration, ends_on=left_on, reason="Nghỉ việc", by=acting.officer(PROVINCE), at=at
            )
        except YmachError as refusal:
            told.refused.append(f"leaving {refusal.code}")
        else:
            told.done["leaving"] += 1


def _then(at: datetime, days_ago: int, *, hours: int = 0) -> datetime:
    """A moment of that day's morning or noon in Viet Nam, never later than `at`."""
    return min((at - timedelta(days=days_ago)).replace(hour=2 + hours, minute=15), at)


def _day(today: date, ahead: int) -> str:
    return (today + timedelta(days=ahead)).isoformat()


def _holder(number: str) -> Practitioner:
    return Licence.objects.select_related("practitioner").get(number_key=number).practitioner
