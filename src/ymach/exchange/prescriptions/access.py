"""Who dispenses: the facility behind an actor, its right to this prescription, its pharmacist's standing, its pace."""

from __future__ import annotations

from datetime import datetime, timedelta

from ymach.accounts.permissions import Permission, require
from ymach.accounts.signin import limits
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotAllowed, TooMany
from ymach.base.findings import Severity
from ymach.base.periods import Period
from ymach.clinical.prescription_code import is_code
from ymach.exchange.prescriptions import errors, rules
from ymach.exchange.prescriptions.models import Prescription
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with
from ymach.practitioners import findings
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.standing.acts import Act
from ymach.practitioners.standing.lookup import standing_facts
from ymach.practitioners.standing.rules import Reason, judge_author, judge_facility

LOOK_UPS, UNKNOWN = 1200, 40
"""In an hour: look-ups of one account, enough for the busiest counter; codes that nobody has, too few to guess one."""
WINDOW = 3600
NOBODY = "prescription:by-code"
PHARMACY_SCOPE = "PHARMACY"
"""A scope of an operating licence: the facility dispenses for everybody, whatever its form."""
PHARMACIST = "ds"
"""The title of a pharmacist in the catalogue professional_title."""
_PASSES = frozenset({findings.AUTHOR_OUT_OF_HOURS.code, findings.FACILITY_PARTLY_SUSPENDED.code})


def pharmacy_of(by: Actor, at: datetime) -> Facility:
    """The facility for which `by` dispenses on the day. Raises NotAllowed, NotADispenser."""
    require(by, Permission.PRESCRIPTION_DISPENSE)
    own = [grant.facility_id for grant in grants_with(by, Permission.PRESCRIPTION_DISPENSE) if grant.facility_id]
    facility = Facility.objects.filter(id__in=own, valid__contains=vietnam_day(at)).first()
    if facility is None:
        raise errors.NotADispenser(permission=Permission.PRESCRIPTION_DISPENSE.value)
    return facility


def is_pharmacy(by: Actor, at: datetime) -> bool:
    """Whether the facility of `by` is there to dispense what others prescribe."""
    try:
        return dispenses(pharmacy_of(by, at), at) is rules.Whose.ANY
    except NotAllowed:
        return False


def dispenses(facility: Facility, at: datetime) -> rules.Whose:
    """Whose prescriptions a facility dispenses, by its form or the scopes of its operating licence."""
    licences = facility.operating_licences.filter(valid__contains=vietnam_day(at))
    if licences.filter(scopes__contains=[PHARMACY_SCOPE]).exists():
        return rules.Whose.ANY
    return rules.whose(facility.form)


def find(code: str, pharmacy: Facility, *, by: Actor, at: datetime) -> Prescription:
    """The prescription under a code, for a pharmacy; each asking counts, and what is refused is in the journal.

    Call it outside a transaction. Raises CodeWrong, TooMany, PrescriptionUnknown, NotADispenser.
    """
    tidy = code.strip().lower()
    if not is_code(tidy):
        raise errors.CodeWrong(field="code")
    kinds = (TooMany, errors.PrescriptionUnknown, errors.NotADispenser)
    with refusals_recorded("prescription:look-up", NOBODY, by=by, at=at, facility_id=pharmacy.id, kinds=kinds):
        _take("prescription", by, at, LOOK_UPS)
        if not limits.left("prescription-unknown", str(by), allowed=UNKNOWN, at=at):
            raise TooMany(retry_after=limits.seconds_until_free("prescription-unknown", str(by), at=at))
        found = Prescription.objects.filter(code=tidy).first()
        if found is None:
            _take("prescription-unknown", by, at, UNKNOWN)
            raise errors.PrescriptionUnknown(field="code")
        reach = dispenses(pharmacy, at)
        if reach is not rules.Whose.ANY and not (reach is rules.Whose.OWN and found.facility_id == pharmacy.id):
            raise errors.NotADispenser(permission=Permission.PRESCRIPTION_DISPENSE.value)
    return found


def check_pharmacist(number: str, pharmacy: Facility, at: datetime) -> None:
    """The pharmacy may operate; the pharmacist has a licence in force, is registered there, and is not suspended.

    Raises PharmacyNotInOrder, PharmacistSuspended, PharmacistNotInOrder.
    """
    day = vietnam_day(at)
    facts = standing_facts(pharmacy.code, [number], Period(day, day + timedelta(days=1)))
    if wrong := _grave(judge_facility(facts, at)):
        raise errors.PharmacyNotInOrder(**_why(wrong[0]))
    authors = facts.authors_in(number)
    if len(authors) != 1:
        raise errors.PharmacistMissing(field="pharmacist")
    grave = _grave(judge_author(authors[0], facility_id=pharmacy.id, at=at, act=Act.DISPENSE).reasons)
    suspended = [one for one in grave if one.kind.code == findings.AUTHOR_SUSPENDED.code]
    if suspended:
        raise errors.PharmacistSuspended(field="pharmacist", **_why(suspended[0]))
    if grave:
        raise errors.PharmacistNotInOrder(field="pharmacist", **_why(grave[0]))


def _grave(reasons: tuple[Reason, ...]) -> list[Reason]:
    return [one for one in reasons if one.kind.severity is not Severity.NOTE and one.kind.code not in _PASSES]


def _why(reason: Reason) -> dict[str, str]:
    text = reason.at().text
    return {"why_vi": text.vi, "why_en": text.en}


def _take(what: str, by: Actor, at: datetime, allowed: int) -> None:
    if limits.take(what, str(by), allowed=allowed, seconds=WINDOW, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free(what, str(by), at=at))


def pharmacists_at(pharmacy: Facility, at: datetime) -> list[tuple[str, str]]:
    """Licence number and name of the pharmacists registered at a facility on the day, by number."""
    day = vietnam_day(at)
    rows = PracticeRegistration.objects.filter(facility=pharmacy, valid__contains=day, licence__title=PHARMACIST)
    return sorted(set(rows.values_list("licence__number", "practitioner__full_name")))
