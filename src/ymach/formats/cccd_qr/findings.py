"""What may be doubted about a card that was read well: its number says one thing, its fields another. Warnings only."""

from __future__ import annotations

from ymach.base.findings import Finding, FindingKind, Severity
from ymach.base.text import Text
from ymach.formats.cccd_qr.card import Card

_COMPARE = Text(
    "So với thẻ đang cầm. Nếu thẻ đúng thì làm tiếp: số cũ vẫn có thể nằm trong mã QR sau khi cải chính.",
    "Compare with the card in hand. If the card is right, go on: an old number may stay in the code after a correction.",
)
_SOURCE = "Decree 137/2015/ND-CP; Decree 70/2024/ND-CP"

SEX_DIFFERS = FindingKind(
    code="YM-CARD-SEX-DIFFERS",
    severity=Severity.WARNING,
    text=Text(
        "Giới tính ghi trên thẻ khác với giới tính trong số định danh.",
        "The sex on the card differs from the one in the personal number.",
    ),
    action=_COMPARE,
    source=_SOURCE,
)
YEAR_DIFFERS = FindingKind(
    code="YM-CARD-YEAR-DIFFERS",
    severity=Severity.WARNING,
    text=Text(
        "Năm sinh ghi trên thẻ khác với năm sinh trong số định danh.",
        "The birth year on the card differs from the one in the personal number.",
    ),
    action=_COMPARE,
    source=_SOURCE,
)


def year_of(number: str) -> int:
    """The birth year that a personal number of 12 digits states. Source: Decree 137/2015/ND-CP."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_of(number: str) -> str:
    """The sex that a personal number of 12 digits states: "1" male, "2" female. Source: Decree 137/2015/ND-CP."""
    return "2" if int(number[3]) % 2 else "1"


def doubts(card: Card) -> list[Finding]:
    """Where the card's fields and its number disagree. Never a reason to refuse the card."""
    found = []
    if card.sex is not None and card.sex != sex_of(card.number):
        found.append(SEX_DIFFERS.at(field="sex"))
    if card.birth.year != year_of(card.number):
        found.append(YEAR_DIFFERS.at(field="birth"))
    return found
