"""A dossier: everything one facility sends about one episode of care."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.clinical.appointment import Appointment
from ymach.clinical.certificates import Assessment, Birth, PregnancyRest, SickLeave
from ymach.clinical.check_in import CheckIn
from ymach.clinical.discharge import Discharge
from ymach.clinical.health_book import HealthBook
from ymach.clinical.hiv_care import HivCare
from ymach.clinical.medication import Medicine
from ymach.clinical.note import Note
from ymach.clinical.referral import Referral
from ymach.clinical.result import Result
from ymach.clinical.service import Service
from ymach.clinical.summary import Summary
from ymach.clinical.tuberculosis import TuberculosisCare
from ymach.clinical.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One episode of care as sent: the visit and what belongs to it.

    `code` (MA_LK, at most 100 characters) with `facility_code` is the natural key: unique per facility and episode,
    immutable when the dossier is sent again. A check-in notice has only `check_in`; every other dossier has `visit`.
    `health_book` holds what the XML 130 family has no tag for; only FHIR carries it.
    """

    code: str
    facility_code: str | None = None

    check_in: CheckIn | None = None
    visit: Visit | None = None
    medicines: tuple[Medicine, ...] = ()
    services: tuple[Service, ...] = ()
    results: tuple[Result, ...] = ()
    notes: tuple[Note, ...] = ()
    hiv_care: tuple[HivCare, ...] = ()
    discharge: Discharge | None = None
    summary: Summary | None = None
    births: tuple[Birth, ...] = ()
    pregnancy_rest: PregnancyRest | None = None
    sick_leave: SickLeave | None = None
    assessments: tuple[Assessment, ...] = ()
    referral: Referral | None = None
    appointment: Appointment | None = None
    tuberculosis: tuple[TuberculosisCare, ...] = ()

    health_book: HealthBook | None = None

    @property
    def kind(self) -> str:
        """“check-in” or “visit”: a notice shares its code with the visit that follows, and is a dossier of its own."""
        return "check-in" if self.check_in is not None else "visit"
