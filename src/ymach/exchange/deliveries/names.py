"""The destinations, and what people call them."""

from __future__ import annotations

from ymach.base.text import Text

INSURANCE, HEALTH_BOOK, PRESCRIPTIONS = "insurance", "health_book", "prescriptions"
REFERRAL, DISPENSING = "referral", "dispensing"
PARTNERS = (INSURANCE, HEALTH_BOOK, PRESCRIPTIONS)
"""One address each, set by the installation."""
WEBHOOK = "webhook"
"""Subscribers: told by the stream of events, with no delivery of their own."""
RECEIVERS = (REFERRAL, DISPENSING)
"""Families: `referral:<facility code>`, each with an address of its own; `dispensing:<id>`, all to the one system."""
DESTINATIONS = (*PARTNERS, *RECEIVERS)

WORDS = {
    INSURANCE: Text("Cổng giám định BHYT", "Insurance portal"),
    HEALTH_BOOK: Text("Sổ sức khỏe điện tử (VNeID)", "Electronic health book (VNeID)"),
    PRESCRIPTIONS: Text("Hệ thống đơn thuốc quốc gia", "National prescription system"),
    REFERRAL: Text("Cơ sở nhận chuyển tới", "Facility referred to"),
    DISPENSING: Text("Hệ thống đơn thuốc quốc gia: lần bán", "National prescription system: dispensings"),
}

BASES = {
    INSURANCE: "Circular 48/2017/TT-BYT; Decision 2733/QĐ-BYT 2024",
    HEALTH_BOOK: "Decree 102/2025/NĐ-CP art. 10; Decision 31/QĐ-BYT 2026",
    PRESCRIPTIONS: "Circular 26/2025/TT-BYT; Decision 425/QĐ-BYT 2025",
    REFERRAL: "Law 15/2023/QH15; Decree 102/2025/NĐ-CP art. 10: the facility a person is referred to",
    DISPENSING: "Circular 26/2025/TT-BYT; Decision 228/QĐ-QLD 2023: what was dispensed",
}
"""Why data go there, for the journal."""


def family_of(destination: str) -> str:
    """The name under which a destination is counted and shown: receivers of one kind share theirs ("referral")."""
    return destination.partition(":")[0]


def receiver_of(destination: str) -> str:
    """Which receiver of its family; empty for a partner."""
    return destination.partition(":")[2]


def words_of(destination: str) -> Text:
    """A destination as people call it; one we have no word for is shown by its name."""
    family, receiver = family_of(destination), receiver_of(destination)
    word = WORDS.get(family, Text(destination, destination))
    return Text(f"{word.vi} {receiver}", f"{word.en} {receiver}") if receiver and family == REFERRAL else word
