"""From what the registry keeps to what the components take. No query here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from ymach.base.clock import vietnam_day
from ymach.base.text import Text
from ymach.base.weekly import schedule_words
from ymach.facilities.models import Facility, FacilityCertificate, OperatingLicence, OperatingLicenceSuspension, Part
from ymach.practitioners.models import Licence, PracticeRegistration
from ymach.web import formatting
from ymach.web.parts import Fact, Words

WARN_BEFORE = timedelta(days=60)
Names = Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a facility may operate: a state of `states.STATES` for shape and colour, and its words."""

    state: str
    word: Text


@dataclass(frozen=True, slots=True)
class Staff:
    """A practitioner registered at a facility, as a line of a table."""

    name: str
    licence: str
    title: Words
    position: str
    department: str
    hours: Text
    is_head: bool
    trouble: Text | None
    href: str = ""


def status(facility: Facility, licences: Iterable[OperatingLicence], today: date) -> Status:
    """Whether the facility may operate on the day `today` (Viet Nam). Suspensions are expected to be prefetched."""
    if today not in facility.valid:
        return Status("waiting", Text("Đã ngừng hoạt động", "Closed"))
    in_force = [one for one in licences if today in one.valid]
    if not in_force:
        return Status("rejected", Text("Không có giấy phép còn hiệu lực", "No licence in force"))
    now_suspended = [one for licence in in_force for one in licence.suspensions.all() if today in one.period]
    if any(one.part == Part.WHOLE for one in now_suspended):
        return Status("rejected", Text("Đang bị đình chỉ", "Suspended"))
    if now_suspended:
        return Status("held", Text("Đang bị đình chỉ một phần", "Suspended in part"))
    return Status("accepted", Text("Được phép hoạt động", "May operate"))


def code_facts(facility: Facility, names: Mapping[str, Words], place: Words) -> list[Fact]:
    """What identifies and classes a facility. names: words of its form, level, class and sector, by column name."""
    pairs: list[tuple[Text, Words, Words]] = [
        (Text("Mã cơ sở", "Code"), facility.code, ""),
        (Text("Mã GLN", "GLN"), facility.gln or Text("chưa cấp", "not issued"), ""),
        (Text("Hình thức", "Form"), names.get("form", ""), ""),
        (Text("Cấp chuyên môn", "Level"), names.get("level", ""), ""),
        (Text("Hạng", "Class"), names.get("hospital_class", ""), ""),
        (Text("Loại hình", "Sector"), names.get("sector", ""), ""),
        (Text("Địa chỉ", "Address"), facility.address or place, ""),
        (Text("Mã số thuế", "Tax code"), facility.tax_code, ""),
        (Text("Điện thoại", "Telephone"), facility.phone, ""),
        (Text("Thư điện tử", "E-mail"), facility.email, ""),
        (Text("Dùng mã này", "Under this code"), formatting.period(facility.valid.lower, facility.valid.upper), ""),
    ]
    return [Fact(name, value, note) for name, value, note in pairs if value]


def licence_facts(licence: OperatingLicence, today: date) -> list[Fact]:
    """An operating licence and its suspensions, the newest first."""
    period = formatting.period(licence.valid.lower, licence.valid.upper)
    issued = formatting.day(licence.issued_on)
    note = Text(
        f"{licence.issuer} cấp {issued}; hiệu lực {period.vi}", f"{licence.issuer}, {issued}; valid {period.en}"
    )
    name = Text("Giấy phép", "Licence") if today in licence.valid else Text("Giấy phép cũ", "Former licence")
    suspensions = sorted(licence.suspensions.all(), key=lambda one: one.period.lower, reverse=True)
    return [Fact(name, licence.number, note), *(suspension_fact(one, today) for one in suspensions)]


def suspension_fact(one: OperatingLicenceSuspension, today: date) -> Fact:
    """A suspension with its period, decision and reason; in red while it lasts."""
    whole = one.part == Part.WHOLE
    name = Text("Đình chỉ toàn bộ", "Suspended") if whole else Text("Đình chỉ một phần", "Suspended in part")
    parts = [one.decision, one.reason, "; ".join(one.scopes)]
    period = formatting.period(one.period.lower, one.period.upper)
    return Fact(name, period, ". ".join(part for part in parts if part), "bad" if today in one.period else "")


def certificate_fact(one: FacilityCertificate, at: datetime) -> Fact:
    """A certificate with its last day; in red when it has ended, noted when it soon will, plain when it was unbound."""
    fingerprint = one.fingerprint[:16] + "…"
    if at not in one.valid:
        unbound = formatting.day(one.valid.upper) if one.valid.upper and one.valid.upper <= at else None
        words = (
            Text(f"đã gỡ {unbound}", f"unbound {unbound}") if unbound else Text("chưa tới ngày dùng", "not yet in use")
        )
        return Fact(one.subject_common_name, words, fingerprint)
    tone = "bad" if one.not_after <= at else "note" if one.not_after - at < WARN_BEFORE else ""
    words = formatting.deadline(vietnam_day(one.not_after), vietnam_day(at))
    return Fact(one.subject_common_name, words, fingerprint, tone)


def staff(one: PracticeRegistration, titles: Names, today: date) -> Staff:
    """A registration as a line. titles: names of professional titles. Suspensions are expected to be prefetched."""
    licence = one.licence
    return Staff(
        name=one.practitioner.full_name,
        licence=licence.number,
        title=titles.get(licence.title, licence.title),
        position=one.position,
        department=one.department,
        hours=schedule_words(one.schedule),
        is_head=one.is_technical_head,
        trouble=_licence_trouble(licence, today),
        href=reverse("practitioner", args=[one.practitioner_id]),
    )


def _licence_trouble(licence: Licence, today: date) -> Text | None:
    """Why the licence may not be used on the day, or None. Suspensions are expected to be prefetched."""
    if today not in licence.valid:
        return Text("giấy phép hết hiệu lực", "licence no longer valid")
    lasting = [one for one in licence.suspensions.all() if today in one.period]
    if any(one.part == Part.WHOLE for one in lasting):
        return Text("đang bị đình chỉ", "suspended")
    return Text("đang bị đình chỉ một phần", "suspended in part") if lasting else None
