"""What an account may do: one enum of words, roles as named sets of them, one check.

A word reads `subject:act`. A look-up starts from what the actor may see (`queries.visible_to`); what is visible but
not allowed raises NotAllowed; what is not visible raises NotFound, so that nobody learns what exists.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from ymach.base.actors import Actor, Grant
from ymach.base.errors import NotAllowed


class Permission(StrEnum):
    """The words. Deny by default: a door names the word it needs, a role lists the words it holds."""

    SUBMISSION_SEND = "submission:send"
    SUBMISSION_SEE = "submission:see"
    RECORD_READ = "record:read"
    DELIVERY_SEE = "delivery:see"
    DELIVERY_REPLAY = "delivery:replay"
    COUNTER_SEE = "counter:see"
    COUNTER_SEE_COUNTRY = "counter:see-country"
    FACILITY_SEE = "facility:see"
    FACILITY_MANAGE = "facility:manage"
    PRACTITIONER_SEE = "practitioner:see"
    PRACTITIONER_MANAGE = "practitioner:manage"
    PROFILE_SEE_OWN = "profile:see-own"
    RECORD_READ_OWN = "record:read-own"
    AUDIT_SEE = "audit:see"
    ACCOUNT_MANAGE = "account:manage"
    CHANGE_PROPOSE = "change:propose"
    CHANGE_DECIDE = "change:decide"
    CHANGE_SEND = "change:send"
    PROFILE_CONFIRM = "profile:confirm"
    LICENCE_CHECK_MANY = "licence:check-many"
    IDENTITY_VERIFY = "identity:verify"
    IDENTITY_DESK = "identity:desk"
    IDENTITY_MATCH = "identity:match"
    FIGURE_SEE = "figure:see"
    FIGURE_SEE_COUNTRY = "figure:see-country"
    REGISTRY_FOLLOW = "registry:follow"
    EVENT_FOLLOW = "event:follow"
    SUBSCRIPTION_MANAGE = "subscription:manage"
    PRESCRIPTION_DISPENSE = "prescription:dispense"
    PLATFORM_OPERATE = "platform:operate"
    HELD_DECIDE = "held:decide"
    REFERRAL_ANSWER = "referral:answer"
    APPOINTMENT_MANAGE = "appointment:manage"
    POLICY_EDIT = "policy:edit"
    REQUEST_ANSWER = "request:answer"
    RECORD_LOOKUP = "record:lookup"
    RECORD_EMERGENCY = "record:emergency"
    EMERGENCY_REVIEW = "emergency:review"
    CONSENT_RECORD = "consent:record"
    CONSENT_GIVE_OWN = "consent:give-own"
    INCIDENT_MANAGE = "incident:manage"


class Role(StrEnum):
    MINISTRY = "ministry"
    DEPARTMENT = "department"
    DEPARTMENT_ADMIN = "department-admin"
    FACILITY = "facility"
    PRACTITIONER = "practitioner"
    CITIZEN = "citizen"
    AUDITOR = "auditor"
    FACILITY_MACHINE = "facility-machine"


P = Permission
_DEPARTMENT = frozenset(
    {
        *(P.COUNTER_SEE, P.FACILITY_SEE, P.FACILITY_MANAGE, P.PRACTITIONER_SEE, P.PRACTITIONER_MANAGE),
        *(P.SUBMISSION_SEE, P.DELIVERY_SEE, P.DELIVERY_REPLAY, P.CHANGE_DECIDE, P.FIGURE_SEE),
        *(P.LICENCE_CHECK_MANY, P.IDENTITY_VERIFY, P.REGISTRY_FOLLOW, P.HELD_DECIDE),
        *(P.IDENTITY_DESK, P.IDENTITY_MATCH),
        *(P.EVENT_FOLLOW, P.SUBSCRIPTION_MANAGE),
        P.EMERGENCY_REVIEW,
        P.REQUEST_ANSWER,
    }
)
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MINISTRY: frozenset(
        {
            *(P.COUNTER_SEE, P.COUNTER_SEE_COUNTRY, P.FACILITY_SEE, P.PRACTITIONER_SEE, P.DELIVERY_SEE),
            *(P.ACCOUNT_MANAGE, P.FIGURE_SEE, P.FIGURE_SEE_COUNTRY, P.LICENCE_CHECK_MANY, P.REGISTRY_FOLLOW),
            P.DELIVERY_REPLAY,
            *(P.EVENT_FOLLOW, P.SUBSCRIPTION_MANAGE),
            P.PLATFORM_OPERATE,
            P.POLICY_EDIT,
            P.REQUEST_ANSWER,
            P.INCIDENT_MANAGE,
        }
    ),
    Role.DEPARTMENT: _DEPARTMENT,
    Role.DEPARTMENT_ADMIN: _DEPARTMENT | {P.ACCOUNT_MANAGE},
    Role.FACILITY: frozenset(
        {
            *(P.SUBMISSION_SEND, P.SUBMISSION_SEE, P.RECORD_READ, P.DELIVERY_SEE, P.COUNTER_SEE, P.FACILITY_SEE),
            *(P.PRACTITIONER_SEE, P.CHANGE_PROPOSE, P.PROFILE_CONFIRM, P.ACCOUNT_MANAGE, P.LICENCE_CHECK_MANY),
            *(P.IDENTITY_VERIFY, P.REGISTRY_FOLLOW, P.PRESCRIPTION_DISPENSE, P.IDENTITY_DESK),
            P.IDENTITY_MATCH,
            *(P.REFERRAL_ANSWER, P.APPOINTMENT_MANAGE, P.EVENT_FOLLOW, P.SUBSCRIPTION_MANAGE),
            *(P.RECORD_LOOKUP, P.RECORD_EMERGENCY, P.EMERGENCY_REVIEW),
            P.CONSENT_RECORD,
            P.REQUEST_ANSWER,
        }
    ),
    Role.PRACTITIONER: frozenset({P.PROFILE_SEE_OWN, P.PRACTITIONER_SEE, P.CHANGE_PROPOSE, P.PROFILE_CONFIRM}),
    Role.CITIZEN: frozenset({P.RECORD_READ_OWN, P.CONSENT_GIVE_OWN}),
    Role.AUDITOR: frozenset(
        {
            *(P.AUDIT_SEE, P.EMERGENCY_REVIEW, P.INCIDENT_MANAGE),
            *(P.COUNTER_SEE, P.COUNTER_SEE_COUNTRY, P.FIGURE_SEE, P.FIGURE_SEE_COUNTRY),
        }
    ),
    Role.FACILITY_MACHINE: frozenset(
        {
            *(P.SUBMISSION_SEND, P.SUBMISSION_SEE, P.REGISTRY_FOLLOW, P.LICENCE_CHECK_MANY, P.CHANGE_SEND),
            *(P.IDENTITY_VERIFY, P.RECORD_READ, P.PRESCRIPTION_DISPENSE),
            *(P.REFERRAL_ANSWER, P.APPOINTMENT_MANAGE, P.EVENT_FOLLOW, P.SUBSCRIPTION_MANAGE),
            P.RECORD_LOOKUP,
            P.CONSENT_RECORD,
        }
    ),
}


class Located(Protocol):
    """Anything that lies at a facility in a province, e.g. a facility itself."""

    @property
    def id(self) -> UUID: ...
    @property
    def province_code(self) -> str: ...


def require(by: Actor, needs: Permission, *, facility: Located | None = None) -> None:
    """Raise NotAllowed unless some grant of `by` holds the word `needs` and reaches `facility` (if one is given)."""
    if not any(needs.value in grant.permissions and _reaches(grant, facility) for grant in by.grants):
        raise NotAllowed(permission=needs.value)


def may(by: Actor, needs: Permission, *, facility: Located | None = None) -> bool:
    """The yes/no form of `require`."""
    try:
        require(by, needs, facility=facility)
    except NotAllowed:
        return False
    return True


def _reaches(grant: Grant, facility: Located | None) -> bool:
    if facility is None:
        return True
    if grant.facility_id is not None:
        return grant.facility_id == facility.id
    if grant.province_code is not None:
        return grant.province_code == facility.province_code
    return grant.practitioner_id is None and grant.citizen_id is None
