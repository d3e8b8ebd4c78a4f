"""What evidence shows of a person, read from what the desk scanned or typed: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from ymach.base.errors import Invalid, YmachError
from ymach.base.masking import mask
from ymach.base.text import Text
from ymach.base.vietnamese import tidy_name
from ymach.citizens.identify import Claim
from ymach.citizens.links.errors import ReferenceMissing
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.clinical.person import PartialDate
from ymach.formats import cccd_qr

DESK_KINDS = (
    *(Kind.CITIZEN_CARD, Kind.BIRTH_CERTIFICATE, Kind.INSURANCE_CARD, Kind.RELATIVE, Kind.BIOMETRIC_REPORT),
    *(Kind.PASSPORT, Kind.WRISTBAND),
)
"""What a desk may link by, the commonest first."""
REFERENCE_NEEDED = frozenset({Kind.RELATIVE, Kind.BIOMETRIC_REPORT, Kind.BIRTH_CERTIFICATE})
"""Evidence that is a paper or a person: which, has to be written down."""
_BIRTH = re.compile(r"(?:(?:([0-9]{1,2})[/.-])?([0-9]{1,2})[/.-])?([0-9]{4})")
_PERSONAL = re.compile("[0-9]{12}")


class NumberMissing(Invalid):
    code = "YM-DESK-NUMBER-MISSING"
    sentence = Text(
        "Cần số định danh 12 chữ số, số thẻ bảo hiểm y tế hoặc số hộ chiếu của người này.",
        "The 12 digits of the personal number, an insurance number or a passport number of this person is needed.",
    )


class NameMissing(Invalid):
    code = "YM-DESK-NAME-MISSING"
    sentence = Text("Cần họ tên như trên giấy tờ.", "The full name as on the papers is needed.")


class BirthMissing(Invalid):
    code = "YM-DESK-BIRTH-MISSING"
    sentence = Text(
        "Cần ngày sinh: ngày/tháng/năm, hoặc chỉ năm nếu giấy tờ chỉ có năm.",
        "The birth date is needed: day/month/year, or the year alone if the papers say no more.",
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """number: personal, insurance or passport number, in the field it belongs to; code: of another wristband."""

    kind: Kind
    full_name: str = field(default="", repr=False)
    birth: PartialDate | None = field(default=None, repr=False)
    sex: str | None = None
    number: str = field(default="", repr=False)
    insurance: str = field(default="", repr=False)
    code: str = ""
    reference: str = field(default="", repr=False)

    @property
    def evidence(self) -> Evidence:
        """What is kept of it: the paper's reference, or its number with the middle hidden."""
        return Evidence(self.kind, self.reference or self.code or mask(self.number or self.insurance))

    def claim(self, facility_id: UUID, code: str) -> Claim:
        """What the evidence says, as a desk of the facility says it about the wristband `code`."""
        return Claim(
            full_name=self.full_name,
            birth=self.birth,
            sex=self.sex,
            personal_number=self.number or None,
            insurance_card=self.insurance or None,
            facility_id=facility_id,
            patient_code=None,
            dossier_code=f"desk {code}",
        )


def read_shown(kind: Kind, typed: Mapping[str, str], *, on: date) -> Shown:
    """What the desk's form says: `scan`, `number`, `full_name`, `birth`, `reference`. on: today in Viet Nam.

    Raises the first of `faults_of`.
    """
    for fault in faults_of(kind, typed, on=on):
        raise fault
    if kind is Kind.WRISTBAND:
        return Shown(kind, code=typed.get("scan", "").strip(), reference="")
    if kind is Kind.CITIZEN_CARD:
        return _of_card(typed.get("scan", ""), on)
    name, birth, reference = _said(typed)
    number, insurance = _numbers(kind, typed)
    return Shown(kind, name, birth, None, number, insurance, reference=reference)


def faults_of(kind: Kind, typed: Mapping[str, str], *, on: date) -> Iterator[YmachError]:
    """Everything that cannot be read, or is missing: CardUnreadable, InsuranceUnreadable, NumberMissing, NameMissing,
    BirthMissing, ReferenceMissing; each names its field."""
    if kind is Kind.WRISTBAND:
        return
    try:
        _of_card(typed.get("scan", ""), on) if kind is Kind.CITIZEN_CARD else _numbers(kind, typed)
    except YmachError as unreadable:
        yield unreadable
    if kind is Kind.CITIZEN_CARD:
        return
    name, birth, reference = _said(typed)
    if not name:
        yield NameMissing(field="full_name")
    if birth is None or birth.earliest > on:
        yield BirthMissing(field="birth")
    if kind in REFERENCE_NEEDED and not reference:
        yield ReferenceMissing(field="reference")


def read_birth(text: str) -> PartialDate | None:
    """`17/5/1985`, `5/1985` or `1985`, zeros for what is unknown (`00/00/1985`); None for anything else."""
    found = _BIRTH.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = (int(part or 0) or None for part in found.groups())
    try:
        return PartialDate(year or 0, month, day)
    except ValueError:
        return None


def _said(typed: Mapping[str, str]) -> tuple[str, PartialDate | None, str]:
    return (
        tidy_name(typed.get("full_name", "")),
        read_birth(typed.get("birth", "")),
        tidy_name(typed.get("reference", "")),
    )


def _of_card(scan: str, on: date) -> Shown:
    try:
        card = cccd_qr.read(scan, on=on)
    except cccd_qr.CardUnreadable as unreadable:
        unreadable.field = "scan"
        raise
    issued = f", {card.issued_on:%d/%m/%Y}" if card.issued_on else ""
    return Shown(
        Kind.CITIZEN_CARD,
        card.full_name,
        card.birth,
        card.sex,
        card.number,
        reference=f"{mask(card.number)}{issued}",
    )


def _numbers(kind: Kind, typed: Mapping[str, str]) -> tuple[str, str]:
    """The personal number or passport, and the insurance number, of which one is given."""
    written = typed.get("number", "").strip()
    plain = re.sub(r"[\s.-]", "", written).upper()
    if kind is Kind.INSURANCE_CARD:
        try:
            return "", cccd_qr.read_insurance_number(typed.get("scan", "") or written).number
        except cccd_qr.InsuranceUnreadable as unreadable:
            unreadable.field = "number"
            raise
    found = Claim("", None, None, plain, None, UUID(int=0), None, "")
    if found.personal_key or (kind is Kind.PASSPORT and found.document_key):
        return plain, ""
    if kind is not Kind.PASSPORT and found.document_key is None and not _PERSONAL.fullmatch(plain):
        try:
            return "", cccd_qr.read_insurance_number(written).number
        except cccd_qr.InsuranceUnreadable:
            raise NumberMissing(field="number") from None
    raise NumberMissing(field="number")
