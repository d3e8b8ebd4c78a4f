"""Who asks for changes and who decides them, and papers to give with a request."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from PIL import Image
from pypdf import PdfWriter

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.changes import actions
from ymach.changes.evidence.actions import keep
from ymach.changes.models import ChangeRequest
from ymach.facilities.models import Facility
from ymach.practitioners.models import PracticeRegistration, Practitioner

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09:00 in Viet Nam; the 24th is a holiday
_NAMES = UUID("00000000-0000-7000-8000-000000000001")


def actor(role: Role, name: str, **limits: Any) -> Actor:
    """An account of that role; the same name is the same account."""
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, str(uuid5(_NAMES, name)), name, (Grant(role.value, words, **limits),))


def staff_of(facility: Facility, name: str = "Lê Thị Hạnh") -> Actor:
    return actor(Role.FACILITY, name, facility_id=facility.pk)


def department_of(province_code: str = "01", name: str = "Nguyễn Thị Thu") -> Actor:
    return actor(Role.DEPARTMENT, name, province_code=province_code)


def self_of(person: Practitioner) -> Actor:
    return actor(Role.PRACTITIONER, person.full_name, practitioner_id=person.pk)


def joining(person: Practitioner, facility: Facility, *, by: Actor | None = None, **values: Any) -> ChangeRequest:
    """A facility asks to register a person from 01/12/2026 on."""
    given = {
        "starts_on": "2026-12-01",
        "last_day": None,
        "schedule": "",
        "position": "Bác sĩ",
        "department": "",
        "scopes": [],
    }
    return actions.propose(
        kind="practice-registration",
        subject_id=person.pk,
        facility_id=facility.pk,
        values={**given, **values},
        by=by or staff_of(facility),
        at=AT,
    )


def ready(person: Practitioner, facility: Facility, **values: Any) -> ChangeRequest:
    """The same, confirmed by the person: it waits for the department."""
    request = joining(person, facility, **values)
    return actions.confirm(request_id=request.pk, by=self_of(person), at=AT)


def renaming(facility: Facility, name: str, *, by: Actor | None = None, seen: int | None = None) -> ChangeRequest:
    """A facility asks for another name, with a paper."""
    by = by or staff_of(facility)
    return actions.propose(
        kind="facility-identity",
        subject_id=facility.pk,
        values={**identity_of(facility), "name": name, "reason": "Quyết định đổi tên"},
        evidence=[paper(by)],
        by=by,
        at=AT,
        seen=seen,
    )


def identity_of(facility: Facility) -> dict[str, Any]:
    return {name: getattr(facility, name) for name in ("name", "form", "level", "address")}


def paper(by: Actor) -> UUID:
    return keep(content=png(), name="giấy.png", by=by, at=AT).pk


def registrations(person: Practitioner) -> list[PracticeRegistration]:
    return list(PracticeRegistration.objects.filter(practitioner=person))


def png(width: int = 40, height: int = 30, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG", **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", **options)
    return out.getvalue()


def pdf(change: Any = None, *, pages: int = 1) -> bytes:
    """A plain PDF; `change` may do something to its writer first."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if change is not None:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
