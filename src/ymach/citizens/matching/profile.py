"""What two identities are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ymach.citizens.identify import Born


@dataclass(frozen=True, slots=True)
class Profile:
    """One identity as it was stated. Empty text is unknown.

    name: folded (`base.vietnamese.fold`); marked: as written, lower case. born: year, month, day as far as known. number:
    the 12 digits, or the 9 of an old card. insurance, phone: blind values, compared for equality alone. guardian: folded
    name of a parent or guardian. province, commune: today's units.
    """

    citizen_id: UUID
    name: str
    marked: str
    born: Born
    sex: str = ""
    number: str = ""
    insurance: str = ""
    phone: str = ""
    guardian: str = ""
    province: str = ""
    commune: str = ""
    facility_id: UUID | None = None

    @property
    def given(self) -> str:
        """The last word, by which Vietnamese are called."""
        return self.name.rpartition(" ")[2]

    @property
    def family(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def is_day_known(self) -> bool:
        """Whether the whole birthday is known. The first of January stands for an unknown day so often that it is none."""
        year, month, day = self.born
        return None not in self.born and (month, day) != (1, 1) and year is not None
