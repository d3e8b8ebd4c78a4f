"""On what evidence an identity is said to be somebody's, and how sure it makes us: pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ymach.base.text import Text
from ymach.citizens.links.levels import Level

LONGEST_REFERENCE = 200


class Kind(StrEnum):
    """What was shown, said or compared."""

    CITIZEN_CARD = "citizen-card"
    POPULATION_DATABASE = "population-database"
    BIOMETRIC_REPORT = "biometric-report"
    INSURANCE_CARD = "insurance-card"
    BIRTH_CERTIFICATE = "birth-certificate"
    PASSPORT = "passport"
    RELATIVE = "relative"
    WRISTBAND = "wristband"
    MATCHING = "matching"
    BIRTH = "birth"


WORDS: dict[Kind, Text] = {
    Kind.CITIZEN_CARD: Text("Đọc mã QR trên thẻ căn cước", "QR code of the citizen card read"),
    Kind.POPULATION_DATABASE: Text("Cơ sở dữ liệu dân cư hoặc VNeID xác nhận", "Verified by the population database"),
    Kind.BIOMETRIC_REPORT: Text(
        "Công an trả lời theo vân tay, sinh trắc", "Police report by fingerprints or biometrics"
    ),
    Kind.INSURANCE_CARD: Text("Thẻ bảo hiểm y tế", "Insurance card"),
    Kind.BIRTH_CERTIFICATE: Text("Giấy khai sinh", "Birth certificate"),
    Kind.PASSPORT: Text("Hộ chiếu", "Passport"),
    Kind.RELATIVE: Text("Người nhà nhận", "Recognised by a relative"),
    Kind.WRISTBAND: Text("Hai vòng tay trên cùng một người", "Two wristbands on one person"),
    Kind.MATCHING: Text("So khớp hai danh tính", "Two identities compared"),
    Kind.BIRTH: Text("Sinh tại cơ sở, mẹ đã rõ", "Born at the facility, of a known mother"),
}
LEVELS: dict[Kind, Level | None] = {
    Kind.CITIZEN_CARD: Level.CARD_READ,
    Kind.POPULATION_DATABASE: Level.VERIFIED,
    Kind.BIOMETRIC_REPORT: Level.VERIFIED,
    Kind.INSURANCE_CARD: Level.STATED,
    Kind.BIRTH_CERTIFICATE: Level.STATED,
    Kind.PASSPORT: Level.STATED,
    Kind.RELATIVE: Level.STATED,
    Kind.WRISTBAND: None,
    Kind.MATCHING: None,
    Kind.BIRTH: None,
}
"""How sure each kind makes us of the identity it was shown for; None: no surer than before."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """kind, and where it can be found again: the number of a report, who said it. The reference is kept sealed."""

    kind: Kind
    reference: str = field(default="", repr=False)

    @property
    def level(self) -> Level | None:
        return LEVELS[self.kind]
