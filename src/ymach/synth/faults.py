"""Faults by name: how a dossier goes wrong, and what the intake must say about it.

Three kinds: in the content (the clinical model), in the document (its XML), and in the signing. A fault knows the
findings and the outcome each record must get under the policy as shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from ymach.base.clock import VIETNAM
from ymach.base.weekly import minute_of_week
from ymach.clinical.dossier import Dossier
from ymach.clinical.person import PartialDate
from ymach.synth import documents
from ymach.synth.care.staff import Staff
from ymach.synth.care.visits import moment, visit_of
from ymach.synth.errors import NobodyForFault
from ymach.synth.fixed import fixed_part
from ymach.synth.model import Licence

ACCEPTED, WITH_FINDINGS, HELD, REJECTED = "accepted", "accepted_with_findings", "held", "rejected"
NO_AUTHOR = "0000000/KHONG-CCHN"
UNKNOWN_FACILITY = "98Z98"


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A dossier gone wrong in its content, and which findings that makes beyond those of the fault itself."""

    dossier: Dossier
    more: frozenset[str] = frozenset()


Spoil = Callable[[Dossier, Staff, str], Spoilt]
"""(dossier, staff, facility code) to the spoilt dossier. Raises NobodyForFault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong.

    codes: the findings it must bring. refuses: nothing of the submission is kept. outcomes: of records by kind, "*" for
    the others. spoil, edit: on content and on the unsigned XML. signing: how to sign (see `Certificates.sign`).
    follows: the same dossier must have been sent in order before it.
    """

    codes: frozenset[str]
    refuses: bool = False
    outcomes: Mapping[str, str] = field(default_factory=lambda: {"*": ACCEPTED})
    spoil: Spoil | None = None
    edit: Callable[[bytes], bytes] | None = None
    signing: str = "facility"
    follows: bool = False

    def outcome_of(self, kind: str) -> str:
        """What becomes of a record of this kind."""
        return REJECTED if self.refuses else self.outcomes.get(kind, self.outcomes["*"])


def _no_author(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    return Spoilt(_prescribed_by(dossier, NO_AUTHOR))


def _fixed_author(number: str) -> Spoil:
    """Somebody of the fixed people, who at most facilities is not registered either."""

    def spoil(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
        registered = [one for one in _fixed_licence(number).registrations if one.valid.end is None]
        here = next((one.schedule for one in registered if one.facility_code == code), None)
        at = dossier.medicines[0].ordered_at
        more = set() if here else {"YM-STA-AUTHOR-NOT-REGISTERED"}
        if here and at and minute_of_week(at) not in here:
            more.add("YM-STA-AUTHOR-OUT-OF-HOURS")
        return Spoilt(_prescribed_by(dossier, number), frozenset(more))

    return spoil


def _out_of_scope(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    visit_at = dossier.medicines[0].ordered_at
    nurse = next(
        (one for one in staff.authors if one.title in "cdđ" and visit_at and minute_of_week(visit_at) in one.schedule),
        None,
    )
    if nurse is None:
        raise NobodyForFault(facility=code, fault="author out of scope")
    return Spoilt(_prescribed_by(dossier, nurse.number))


def _unregistered(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    number = "0099907/BYT-GPHN" if code != "99777" else "0099912/BYT-CCHN"
    return Spoilt(_prescribed_by(dossier, number))


def _seconded(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    number, home = ("0099907/BYT-GPHN", "99777") if code != "99777" else ("0099912/BYT-CCHN", "99001")
    return Spoilt(_prescribed_by(dossier, f"{number}.HD.{home}"))


def _out_of_hours(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    """Medicines ordered in the first minute of the day at which the prescriber is at home."""
    first = dossier.medicines[0]
    doctor = next((one for one in staff.authors if (one.number,) == first.prescribers), None)
    if doctor is None or not doctor.schedule or first.ordered_at is None:
        raise NobodyForFault(facility=code, fault="author out of hours")
    at = first.ordered_at.astimezone(VIETNAM).replace(hour=0, minute=5).astimezone(first.ordered_at.tzinfo)
    while minute_of_week(at) in doctor.schedule:
        at += timedelta(minutes=30)
    if at >= first.ordered_at:
        raise NobodyForFault(facility=code, fault="author out of hours")
    lines = tuple(replace(line, ordered_at=at) for line in dossier.medicines)
    return Spoilt(replace(dossier, medicines=lines))


def _visit(**changes: Any) -> Spoil:
    def spoil(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
        return Spoilt(replace(dossier, visit=replace(visit_of(dossier), **changes)))

    return spoil


def _wrong_sums(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    visit = visit_of(dossier)
    total = visit.total_hospital
    return Spoilt(replace(dossier, visit=replace(visit, total_hospital=total and total + 50_000)))


def _moved_end(days: int) -> Spoil:
    """The end moved by whole weeks, so that hours of work still fit."""

    def spoil(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
        visit = visit_of(dossier)
        end = moment(visit.ended_at) + timedelta(days=days)
        return Spoilt(replace(dossier, visit=replace(visit, ended_at=end)))

    return spoil


def _born_after(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    visit = visit_of(dossier)
    born = PartialDate.of((moment(visit.started_at) + timedelta(days=10)).date())
    return Spoilt(replace(dossier, visit=replace(visit, birth_date=born)))


def _other_name(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    """Another person under the number of the dossier before."""
    visit = visit_of(dossier)
    birth = visit.birth_date
    other = PartialDate(birth.year - 7 if birth else 1950)
    changed = replace(
        visit, code=f"{dossier.code}9", full_name="VƯƠNG KHÁC HẲN", birth_date=other, patient_code="BNKHAC"
    )
    return Spoilt(_recoded(replace(dossier, visit=changed), f"{dossier.code}9"))


def _corrected(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    visit = visit_of(dossier)
    return Spoilt(replace(dossier, visit=replace(visit, advice=f"{visit.advice}; bản sửa")))


def _foreign_facility(dossier: Dossier, staff: Staff, code: str) -> Spoilt:
    visit = replace(visit_of(dossier), facility_code=UNKNOWN_FACILITY)
    return Spoilt(replace(dossier, facility_code=UNKNOWN_FACILITY, visit=visit))


def _prescribed_by(dossier: Dossier, number: str) -> Dossier:
    return replace(dossier, medicines=tuple(replace(line, prescribers=(number,)) for line in dossier.medicines))


def _recoded(dossier: Dossier, code: str) -> Dossier:
    return replace(
        dossier,
        code=code,
        medicines=tuple(replace(line, visit_code=code) for line in dossier.medicines),
        services=tuple(replace(line, visit_code=code) for line in dossier.services),
        results=tuple(replace(line, visit_code=code) for line in dossier.results),
        notes=tuple(replace(line, visit_code=code) for line in dossier.notes),
    )


def fixed_numbers(fault: str) -> frozenset[str]:
    """The licence numbers of the fixed people that a fault names; without them in the registry it is another fault."""
    return _FIXED_OF.get(fault, frozenset())


def _fixed_licence(number: str) -> Licence:
    return next(licence for one in fixed_part().practitioners for licence in one.licences if licence.number == number)


def _refused(code: str, *, edit: Callable[[bytes], bytes] | None = None, signing: str = "facility") -> Fault:
    return Fault(frozenset({code}), refuses=True, edit=edit, signing=signing)


def _kept(code: str, outcome: str, spoil: Spoil, *, prescription: str | None = None, follows: bool = False) -> Fault:
    outcomes = {"*": outcome, "prescription": prescription or outcome}
    return Fault(frozenset({code}), outcomes=outcomes, spoil=spoil, follows=follows)


def _unlicensed(code: str, spoil: Spoil) -> Fault:
    return _kept(code, HELD, spoil, prescription=REJECTED)


FAULTS: dict[str, Fault] = {
    "unsigned": _refused("YM-SIG-MISSING", signing="none"),
    "broken signature": _refused("YM-SIG-BROKEN", signing="broken"),
    "covers too little": _refused("YM-SIG-COVERS-TOO-LITTLE", signing="partial"),
    "wrapped": _refused("YM-SIG-WRAPPED", signing="wrapped"),
    "weak algorithm": _refused("YM-SIG-WEAK", signing="weak"),
    "unknown certificate": _refused("YM-CRT-UNKNOWN", signing="unknown"),
    "expired certificate": _refused("YM-CRT-EXPIRED", signing="expired"),
    "revoked certificate": _refused("YM-CRT-REVOKED", signing="revoked"),
    "foreign certificate": _refused("YM-CRT-FOREIGN", signing="foreign"),
    "certificate of another": _refused("YM-SND-CERTIFICATE-OF-OTHER", signing="other"),
    "facility of another": Fault(frozenset({"YM-SND-NOT-YOURS"}), refuses=True, spoil=_foreign_facility),
    "not XML": _refused("YM-XML-NOT-XML", edit=documents.not_xml, signing="none"),
    "DTD": _refused("YM-XML-DTD", edit=documents.with_dtd, signing="none"),
    "too deep": _refused("YM-XML-TOO-DEEP", edit=documents.too_deep, signing="none"),
    "missing XML1": _refused("YM-FMT-NOTHING-READABLE", edit=documents.without_visit),
    "bad Base64": Fault(
        frozenset({"YM-ENV-TABLE-UNDECODABLE", "YM-SUM-TOTAL"}),
        outcomes={"*": REJECTED, "prescription": WITH_FINDINGS},
        edit=documents.bad_base64,
    ),
    "misspelt tag": Fault(frozenset({"YM-FMT-MISSPELT-TAG"}), edit=documents.misspelt),
    "unknown author": _unlicensed("YM-STA-AUTHOR-UNKNOWN", _no_author),
    "suspended author": _unlicensed("YM-STA-AUTHOR-SUSPENDED", _fixed_author("0099904/BYT-CCHN")),
    "revoked author": _unlicensed("YM-STA-AUTHOR-REVOKED", _fixed_author("0099905/BYT-CCHN")),
    "expired author": _unlicensed("YM-STA-AUTHOR-NO-LICENCE", _fixed_author("0099906/BYT-GPHN")),
    "author out of scope": _kept("YM-STA-AUTHOR-OUT-OF-SCOPE", WITH_FINDINGS, _out_of_scope),
    "unregistered author": _kept("YM-STA-AUTHOR-NOT-REGISTERED", WITH_FINDINGS, _unregistered),
    "author out of hours": _kept("YM-STA-AUTHOR-OUT-OF-HOURS", WITH_FINDINGS, _out_of_hours),
    "seconded author": _kept("YM-STA-AUTHOR-SECONDED", ACCEPTED, _seconded),
    "unknown code": _kept("YM-COD-UNKNOWN", WITH_FINDINGS, _visit(result="9")),
    "wrong sums": _kept("YM-SUM-TOTAL", WITH_FINDINGS, _wrong_sums),
    "time in future": _kept("YM-TIM-FUTURE", REJECTED, _moved_end(35)),
    "end before start": _kept("YM-TIM-IMPOSSIBLE", REJECTED, _moved_end(-7)),
    "born after visit": _kept("YM-TIM-BORN-AFTER-VISIT", REJECTED, _born_after),
    "no number": _kept("YM-IDN-PROVISIONAL", ACCEPTED, _visit(personal_number=None)),
    "number conflict": _kept("YM-IDN-CONFLICT", WITH_FINDINGS, _other_name, follows=True),
    "new version": _kept("YM-VER-NEW-VERSION", ACCEPTED, _corrected, follows=True),
}
"""Every fault by name."""

_FIXED_OF = {
    "suspended author": frozenset({"0099904/BYT-CCHN"}),
    "revoked author": frozenset({"0099905/BYT-CCHN"}),
    "expired author": frozenset({"0099906/BYT-GPHN"}),
    "unregistered author": frozenset({"0099907/BYT-GPHN", "0099912/BYT-CCHN"}),
    "seconded author": frozenset({"0099907/BYT-GPHN", "0099912/BYT-CCHN"}),
}
