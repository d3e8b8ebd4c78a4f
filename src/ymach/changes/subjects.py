"""Whose profile a change is of, and which department answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from ymach.changes.errors import SubjectNotFound
from ymach.changes.models import SubjectKind
from ymach.facilities.models import Facility
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner


@dataclass(frozen=True, slots=True)
class Subject:
    """A profile as the engine sees it."""

    kind: SubjectKind
    row: Practitioner | Facility

    @property
    def id(self) -> UUID:
        return self.row.pk

    @property
    def label(self) -> str:
        return self.row.full_name if isinstance(self.row, Practitioner) else self.row.name

    @property
    def revision(self) -> int:
        return self.row.revision


def find_subject(kind: SubjectKind, key: UUID, *, lock: bool = False) -> Subject:
    """The profile of that id; locked until the transaction ends where `lock`. Raises SubjectNotFound."""
    model: type[Practitioner] | type[Facility] = Practitioner if kind == SubjectKind.PRACTITIONER else Facility
    rows = model._default_manager.select_for_update() if lock else model._default_manager.all()
    row = rows.filter(pk=key).first()
    if row is None:
        raise SubjectNotFound
    return Subject(kind, row)


def practises_at(practitioner_id: UUID, facility_id: UUID) -> bool:
    """Whether the person is or was registered at the facility."""
    return PracticeRegistration.objects.filter(practitioner=practitioner_id, facility=facility_id).exists()


def registrations_on(practitioner_id: UUID, day: date) -> list[PracticeRegistration]:
    """Registrations that hold on `day` or begin after it; the main place first, then the oldest."""
    rows = PracticeRegistration.objects.select_related("facility").filter(practitioner=practitioner_id)
    found = rows.filter(Q(valid__contains=day) | Q(valid__startswith__gt=day))
    return sorted(found, key=lambda one: (not one.is_main, day not in one.valid, one.valid.lower, str(one.pk)))


def licence_on(practitioner_id: UUID, day: date) -> Licence | None:
    """The licence in force on `day`, or the last one."""
    held = Licence.objects.filter(practitioner=practitioner_id)
    return held.filter(valid__contains=day).first() or held.order_by("-valid").first()


def province_of_practitioner(practitioner_id: UUID, day: date) -> str | None:
    """The province that answers for a person: of the main registration in force, else of the licence's issuer."""
    places = registrations_on(practitioner_id, day)
    if places:
        return places[0].facility.province_code
    licence = licence_on(practitioner_id, day)
    return licence.issuer_province_code if licence else None
