"""What the exchange keeps of one facility, a row of each kind, for those who guess its addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.support.deliveries import Place, make_delivery
from tests.support.patients import make_record
from tests.support.people import AT, clerk_of, make_person, on_paper, terms_for
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.citizens.matching.models import Pair
from ymach.citizens.models import Citizen
from ymach.citizens.provisional.actions import give
from ymach.citizens.provisional.details import Details, Kind
from ymach.citizens.requests.models import Request
from ymach.consent import actions as consents
from ymach.exchange.appointments.models import Appointment
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.held.models import HeldItem
from ymach.exchange.models import Cancellation
from ymach.exchange.policies.models import PolicyChange
from ymach.exchange.prescriptions.models import Dispensing, Prescription
from ymach.exchange.reading.handles import handle_of
from ymach.exchange.reading.models import Emergency
from ymach.exchange.reconciliation.models import DayCompared, PartnerCompared
from ymach.exchange.referrals.models import Referral
from ymach.exchange.subscriptions.actions import create
from ymach.facilities.models import Facility

Places = dict[str, object]


def belongings(facility: Facility) -> dict[str, Places]:
    """By the name of a page: what stands in its address when it is about something of this facility."""
    delivery = make_delivery("insurance", place=Place(facility.code, facility.province_code, facility.pk))
    about: dict[str, Any] = {
        "facility_id": facility.pk,
        "facility_code": facility.code,
        "submission_id": delivery.submission_id,
        "dossier_code": delivery.dossier_code,
        "version": 1,
    }
    submission = {"submission_id": delivery.submission_id, "number": 0}
    names = ("submission", "send-again", "receipt", "dossier", "cancel-dossier")
    return {
        **{name: {**submission} for name in names},
        "amended-receipt": {**submission, "number": 1},
        "cancellation-receipt": {**submission, "cancellation_id": _cancellation(facility, about)},
        **_living(facility, about),
        **_managed(facility),
        **_compared(facility),
        **_wristband(facility),
        **_pair(facility),
        **_request(facility),
        **_emergency(facility),
        **_patient(facility),
    }


def _patient(facility: Facility) -> dict[str, Places]:
    """A person with a record and a consent on paper, and a handle of them that is another account's."""
    person = make_person()
    record = {"record_id": make_record(person.pk, facility).id}
    terms, by = terms_for(person, facility.id), clerk_of(facility)
    kept = consents.give(terms=terms, giver_id=person.pk, proof=on_paper(), by=by, at=AT, facility=facility)
    consent, handle = {"consent_id": kept.id}, {"handle": handle_of(person.pk, by=by, at=now())}
    own = ("own-consent", "own-consent-agree", "own-consent-paper", "own-consent-receipt")
    return {
        **{name: {**record} for name in ("own-visit", "own-visit-paper")},
        **{name: {**consent} for name in own},
        **{name: {**handle} for name in ("patient", "consents-of", "consent-new", "consent-proxy")},
        **{name: {**handle} for name in ("persons-of", "persons-move")},
        "patient-record": {**handle, **record},
        "consent-paper": {**handle, **consent},
    }


def _emergency(facility: Facility) -> dict[str, Places]:
    """Somebody's records opened by the facility."""
    at = now()
    made = Emergency.objects.create(
        citizen_id=new_id(),
        facility_id=facility.pk,
        facility_code=facility.code,
        province_code=facility.province_code,
        kind="life",
        reason="Nguy kịch",
        opened_by=str(SYSTEM),
        label="",
        opened_at=at,
        ends_at=at + timedelta(hours=4),
        review_due_at=at + timedelta(hours=72),
    )
    return {"emergency": {"emergency_id": made.id}}


def _request(facility: Facility) -> dict[str, Places]:
    """What somebody asks the facility about their data."""
    due = vietnam_day(now())
    made = Request.objects.create(
        citizen_id=new_id(),
        kind="obtain",
        state="sent",
        asked_at=now(),
        asked_by=str(SYSTEM),
        facility_id=facility.pk,
        facility_code=facility.code,
        province_code=facility.province_code,
        answer_due_on=due,
        act_due_on=due,
    )
    return {name: {"request_id": made.id} for name in ("request", "own-request")}


def _pair(facility: Facility) -> dict[str, Places]:
    """Two identities that the facility stated and that may be one."""
    one, other = sorted((new_id(), new_id()))
    for person in (one, other):
        Citizen.objects.create(
            citizen_id=person, full_name="Kín", name_folded="kin", assurance="stated", created_at=now()
        )
    sides = {"facility_id": facility.pk, "province_code": facility.province_code}
    found = {"weight": 1, "prior": 1, "fields": [], "weights_version": "x", "found_at": now()}
    Pair.objects.create(citizen_id=one, other_id=other, **sides, **found)
    return {"person-pair": {"citizen_id": one, "other_id": other}}


def _wristband(facility: Facility) -> dict[str, Places]:
    details, form = Details(found_at="Ngã tư"), new_id()
    band = give(kind=Kind.UNKNOWN, details=details, facility=facility, form=form, by=SYSTEM, at=now())
    return {name: {"code": band.code} for name in ("desk-one", "desk-identify", "desk-wristband")}


def _living(facility: Facility, about: dict[str, Any]) -> dict[str, Places]:
    at, person, where = (
        now(),
        {"citizen_id": new_id(), "record_id": new_id()},
        {"province_code": facility.province_code},
    )
    to = {"receiver_code": facility.code, "receiver_id": facility.pk, "receiver_province_code": facility.province_code}
    sent = {"referred_at": at, "sent_at": at, "is_urgent": False, "is_held": False, "state": "sent", "changed_at": at}
    referral = Referral.objects.create(**about, **person, **where, **to, **sent)
    slip = {"on_day": vietnam_day(at), "given_at": at, "is_held": False, "state": "planned", "changed_at": at}
    appointment = Appointment.objects.create(**about, **person, **slip, changed_by="x")
    code = f"{facility.code}abcdefg-c"
    written = {"issued_at": at, "expires_at": at + timedelta(days=5), "changed_at": at, "state": "issued", "kind": "c"}
    said = {"part": 1, "prescriber": "1/X", "body": {}, "digest": ""}
    Prescription.objects.create(**about, **person, **where, **written, **said, code=code)
    held = {
        "record_ids": [],
        "record_kinds": ["visit"],
        "causes": [],
        "happened_on": vietnam_day(at),
        "received_at": at,
    }
    kept = {"dossier_kind": "visit", "due_on": vietnam_day(at), "state": "waiting", "changed_at": at}
    item = HeldItem.objects.create(**about, **where, **held, **kept)
    return {
        "referral": {"referral_id": referral.id},
        "referral-records": {"referral_id": referral.id},
        "appointment": {"appointment_id": appointment.id},
        "prescription": {"code": code},
        "dispensing-one": {"code": code, "dispensing_id": _dispensing(facility, code)},
        "held-one": {"facility_id": facility.pk, "item_id": item.id},
    }


def _dispensing(facility: Facility, code: str) -> UUID:
    by = {"pharmacy_id": facility.pk, "pharmacy_code": facility.code, "pharmacist": "1/X", "dispensed_by": "x"}
    made = Dispensing.objects.create(
        **by, code=code, dispensed_at=now(), idempotency_key="k", digest="", state_after="issued"
    )
    return made.id


def _cancellation(facility: Facility, about: dict[str, Any]) -> UUID:
    of = {"kind": "visit", "code": about["dossier_code"], "version": 2, "submission_id": about["submission_id"]}
    where = {"facility_id": facility.pk, "facility_code": facility.code, "province_code": facility.province_code}
    said = {"citizen_id": new_id(), "reason": "x", "cancelled_by": "x", "cancelled_at": now(), "jws": "x"}
    return Cancellation.objects.create(**of, **where, **said).id


def _managed(facility: Facility) -> dict[str, Places]:
    at, own = now(), {"facility_id": facility.pk, "facility_code": facility.code}
    told = create(name="x", url="https://x.example", facility=facility, by=SYSTEM, at=at)
    ends = at + timedelta(days=1)
    run = ConformanceRun.objects.create(**own, cases=[], opened_at=at, opened_by="x", expires_at=ends)
    what = {"finding_code": "YM-TIM-FUTURE", "record_kind": "*", "outcome": "held", "starts_on": vietnam_day(ends)}
    who = {"reason": "x", "decision_number": "1", "proposed_by": "user:x", "proposed_by_label": "x", "proposed_at": at}
    draft = PolicyChange.objects.create(**what, **who)
    runs = ("conformance-run", "conformance-kit", "conformance-finish", "conformance-report")
    return {
        "subscription": {"key": told.id},
        **{name: {"run_id": run.id} for name in runs},
        **{name: {"change_id": draft.pk} for name in ("policy-change", "policy-reckon")},
    }


def _compared(facility: Facility) -> dict[str, Places]:
    own = {"facility_id": facility.pk, "facility_code": facility.code, "province_code": facility.province_code}
    by = {**own, "compared_at": now(), "compared_by": "x"}
    none = dict.fromkeys(("theirs", "held", "matched", "missing", "extra", "different"), 0)
    found: dict[str, list[object]] = {"missing": [], "extra": [], "different": []}
    day = DayCompared.objects.create(**by, **none, day=vietnam_day(now()), found=found)
    sums = ("lines", "compared", "agreed", "missing_there", "missing_here", "other_version", "other_state")
    days = {"first_day": day.day, "last_day": day.day, "destination": "insurance", "found": []}
    listed = PartnerCompared.objects.create(**by, **days, **dict.fromkeys(sums, 0))
    return {"reconciled": {"key": day.id}, "partner-list": {"key": listed.id}}
