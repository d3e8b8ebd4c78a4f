"""People and facts around one facility, for tests of its profile."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.facilities.facts import ContactFacts, DepartmentFacts, EquipmentFacts, LegalPersonFacts, OxygenSourceFacts

LATER = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
LATER_DAY = date(2026, 6, 1)
WARD = DepartmentFacts("K03", "Nội tổng hợp", beds_planned=40, beds_actual=50, beds_icu=5)
OWNER = LegalPersonFacts("Công ty Bệnh viện Thử", "0101234567", "0101234567", "Nguyễn Văn Mẫu")
HOTLINE = ContactFacts("HOTLINE", "Trực lãnh đạo", "1900 1234", is_public=True)
SCANNER = EquipmentFacts("CT", "Máy CT 64 dãy", made_year=2019)
TANK = OxygenSourceFacts("LOX_TANK", "Bồn số 1", {"gross_volume": "10000", "level": "50", "vaporiser_capacity": "100"})


def person(role: Role, **limits: object) -> Actor:
    """Somebody with a role, limited to a province or a facility."""
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, "u", "Lê Thị Người Dùng", (Grant(role.value, words, **limits),))  # type: ignore[arg-type]
