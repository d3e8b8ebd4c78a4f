"""Who must answer a request: a facility, the department of a province, or the ministry where no province is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ymach.accounts.permissions import Role
from ymach.accounts.queries import in_force
from ymach.notices.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Answerer:
    """facility_id: where a facility must act; else province_code: of whose department; both blank: the ministry."""

    facility_id: UUID | None
    province_code: str = ""

    @property
    def key(self) -> str:
        """By what it is remembered that they were told."""
        if self.facility_id is not None:
            return f"facility:{self.facility_id}"
        return f"province:{self.province_code}" if self.province_code else "ministry"


def recipients_of(answerer: Answerer, *, on: date) -> list[Recipient]:
    """Whom to tell: the unit; for the ministry its accounts on the day `on` (Viet Nam)."""
    if answerer.facility_id is not None:
        return [Recipient(facility_id=answerer.facility_id)]
    if answerer.province_code:
        return [Recipient(province_code=answerer.province_code)]
    held = in_force(on).filter(role=Role.MINISTRY.value, user__is_active=True)
    return [Recipient(user_id=one) for one in sorted(set(held.values_list("user_id", flat=True)))]
