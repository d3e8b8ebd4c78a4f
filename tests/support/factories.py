"""Rows of the registry for tests, made by the actions. Each says only what matters to the test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count

from ymach.base.actors import command
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.facilities import actions as facilities
from ymach.facilities.models import Facility
from ymach.practitioners import actions as practitioners
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner

BY = command("test")
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday 09:00 in Viet Nam
START = date(2024, 1, 1)
_serial = count(400_001)  # far from the numbers that tests write out


def make_facility(
    code: str = "01001",
    *,
    licensed: bool = True,
    suspended: Period | None = None,
    province_code: str = "01",
    name: str = "Bệnh viện Đa khoa Thử nghiệm",
    form: str = "HOSP_GEN",
    valid: Period | None = None,
) -> Facility:
    """A facility that holds `code` since 2024, with an operating licence unless `licensed` is False."""
    facility = facilities.register_facility(
        code=code,
        name=name,
        form=form,
        sector="PUBLIC",
        province_code=province_code,
        valid=valid or Period(START),
        by=BY,
        at=AT,
    )
    if licensed or suspended:
        licence = facilities.grant_operating_licence(
            facility=facility, number=f"{code}/SYT-GPHĐ", issued_on=START, issuer="Sở Y tế", by=BY, at=AT
        )
        if suspended:
            facilities.suspend_operating_licence(
                licence=licence, period=suspended, reason="inspection", decision="12/QĐ-SYT", by=BY, at=AT
            )
    return facility


def make_practitioner(full_name: str = "Trần Thị Bích", *, personal_number: str | None = None) -> Practitioner:
    """A citizen with a personal number of their own."""
    return practitioners.enrol_practitioner(
        full_name=full_name,
        birth_date=date(1985, 5, 17),
        sex="2",
        personal_number=personal_number or f"{next(_serial):012d}",
        by=BY,
        at=AT,
    )


def make_licence(
    number: str | None = None,
    *,
    practitioner: Practitioner | None = None,
    title: str = "a",
    scopes: Sequence[str] = ("V",),
    valid: Period | None = None,
    suspended: Period | None = None,
    suspended_scopes: Sequence[str] = (),
    revoked: date | None = None,
    replaces: Licence | None = None,
    issuer_province_code: str | None = None,
    since: date = START,
    generation: Licence.Generation = Licence.Generation.LICENCE,
) -> Licence:
    """A physician's licence in force `since` 2024; `suspended` for a period, or `revoked` from a day on."""
    licence = practitioners.grant_licence(
        practitioner=practitioner or make_practitioner(),
        number=number or f"{next(_serial):06d}/BYT-GPHN",
        title=title,
        scopes=scopes,
        issuer="Bộ Y tế",
        issuer_province_code=issuer_province_code,
        issued_on=since,
        decision="44/QĐ-BYT",
        decided_on=since,
        valid=valid or Period(since, date(2029, 1, 1)),
        generation=generation,
        replaces=replaces,
        by=BY,
        at=AT,
    )
    if suspended:
        _suspend(licence, suspended, suspended_scopes)
    if revoked:
        practitioners.revoke_licence(
            licence=licence, effective_on=revoked, reason="own request", decision="46/QĐ-BYT", by=BY, at=AT
        )
    return licence


def _suspend(licence: Licence, period: Period, scopes: Sequence[str]) -> None:
    practitioners.suspend_licence(
        licence=licence, period=period, scopes=scopes, reason="council finding", decision="45/QĐ-BYT", by=BY, at=AT
    )


def make_registration(
    licence: Licence,
    facility: Facility,
    *,
    schedule: str = "",
    valid: Period | None = None,
    is_technical_head: bool = False,
) -> PracticeRegistration:
    """The holder of `licence` at `facility` since 2024; `schedule` as people write it, blank for no fixed hours."""
    return practitioners.register_practice(
        practitioner=licence.practitioner,
        facility=facility,
        licence=licence,
        valid=valid or Period(START),
        schedule=parse_schedule(schedule),
        is_technical_head=is_technical_head,
        position="Bác sĩ điều trị",
        by=BY,
        at=AT,
    )
