"""Who may ask for a change, see a request, decide it. The words are those of `accounts.permissions`."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor, Grant
from ymach.base.errors import NotAllowed
from ymach.changes.contract import DEPARTMENT, FACILITY, PRACTITIONER, Kind
from ymach.changes.errors import NotYours, OwnRequest
from ymach.changes.kinds import KINDS
from ymach.changes.models import ChangeRequest, SubjectKind
from ymach.changes.subjects import Subject, practises_at
from ymach.facilities.access import is_trusted
from ymach.facilities.models import Facility
from ymach.facilities.queries import ALL, NONE

P = Permission


def require_proposer(by: Actor, kind: Kind, subject: Subject | None, facility: Facility | None) -> None:
    """Raise NotYours unless `by` may ask for this change of this profile."""
    if not is_trusted(by) and not any(_proposes(grant, kind, subject, facility) for grant in by.grants):
        raise NotYours(permission=P.CHANGE_PROPOSE.value)


def require_proposer_at(by: Actor, kind: Kind, facility: Facility) -> None:
    """Raise NotYours unless `by` may ask for such changes at the facility, of whomever."""
    here = (grant for grant in by.grants if grant.facility_id == facility.pk)
    if not is_trusted(by) and not any(asks(grant, kind.word) for grant in here):
        raise NotYours(permission=P.CHANGE_PROPOSE.value)


def require_decider(by: Actor, request: ChangeRequest) -> None:
    """Raise NotAllowed unless `by` decides in the province that answers for the request; OwnRequest for its maker."""
    if not is_trusted(by) and not any(_decides(grant, request.province_code) for grant in by.grants):
        raise NotAllowed(permission=P.CHANGE_DECIDE.value)
    if request.made_by == str(by) and not is_trusted(by):
        raise OwnRequest(permission=P.CHANGE_DECIDE.value)


def decides_somewhere(by: Actor) -> list[str]:
    """The provinces whose requests `by` decides."""
    codes = {grant.province_code or "" for grant in by.grants if _decides(grant, grant.province_code or "")}
    return sorted(codes)


def is_maker(by: Actor, request: ChangeRequest) -> bool:
    """Whether `by` made the request, or works where it was made and proposes there."""
    if request.made_by == str(by) or is_trusted(by):
        return True
    return any(_made_there(grant, request) for grant in by.grants if asks(grant, request.kind))


def require_maker(by: Actor, request: ChangeRequest) -> None:
    """Raise NotYours unless the request is `by`'s own or of `by`'s facility."""
    if not is_maker(by, request):
        raise NotYours(permission=P.CHANGE_PROPOSE.value)


def is_person(by: Actor, practitioner_id: UUID | None) -> bool:
    """Whether `by` is the practitioner, who confirms what others say of them."""
    if practitioner_id is None:
        return False
    words = {P.PROFILE_CONFIRM.value, P.CHANGE_PROPOSE.value}
    return any(grant.practitioner_id == practitioner_id and words & grant.permissions for grant in by.grants)


def visible(by: Actor) -> Q:
    """The requests an actor may see: its own, of its facility, about itself, of its province."""
    seen = NONE
    for part in parts_visible(by):
        seen |= part
    return seen


def parts_visible(by: Actor) -> list[Q]:
    """`visible` in its parts, each of which one index answers in the order of time."""
    return [ALL] if is_trusted(by) else [Q(made_by=str(by)), *map(_sees, by.grants)]


def _sees(grant: Grant) -> Q:
    words = grant.permissions
    if grant.practitioner_id is not None:
        return Q(practitioner_id=grant.practitioner_id) if P.CHANGE_PROPOSE.value in words else NONE
    if grant.facility_id is not None:
        return _sees_of_facility(grant)
    if P.CHANGE_DECIDE.value not in words:
        return NONE
    return Q(province_code=grant.province_code) if grant.province_code else ALL


def _decides(grant: Grant, province_code: str) -> bool:
    """Only grants over a province decide: a facility or a person never verifies itself, the ministry has departments."""
    if P.CHANGE_DECIDE.value not in grant.permissions:
        return False
    if (grant.facility_id, grant.practitioner_id, grant.citizen_id) != (None, None, None):
        return False
    return grant.province_code is not None and grant.province_code == province_code


def _proposes(grant: Grant, kind: Kind, subject: Subject | None, facility: Facility | None) -> bool:
    words = grant.permissions
    if grant.practitioner_id is not None:
        is_self = subject is not None and subject.id == grant.practitioner_id
        return PRACTITIONER in kind.proposers and is_self and P.CHANGE_PROPOSE.value in words
    if grant.facility_id is not None:
        if FACILITY not in kind.proposers or not asks(grant, kind.word):
            return False
        return facility is not None and facility.pk == grant.facility_id and _is_of(kind, subject, grant.facility_id)
    if DEPARTMENT not in kind.proposers or grant.citizen_id is not None or P.PRACTITIONER_MANAGE.value not in words:
        return False
    return facility is not None and grant.province_code in {None, facility.province_code}


def _sees_of_facility(grant: Grant) -> Q:
    if P.CHANGE_PROPOSE.value in grant.permissions:
        return Q(facility_id=grant.facility_id)
    if P.CHANGE_SEND.value in grant.permissions:
        return Q(facility_id=grant.facility_id, kind__in=_software_kinds())
    return NONE


def asks(grant: Grant, kind: str) -> bool:
    """Whether somebody with this grant asks for changes of that kind: people for all, software for some."""
    if P.CHANGE_PROPOSE.value in grant.permissions:
        return True
    return P.CHANGE_SEND.value in grant.permissions and kind in _software_kinds()


def _software_kinds() -> list[str]:
    return [word for word, kind in KINDS.items() if kind.by_software]


def _is_of(kind: Kind, subject: Subject | None, facility_id: UUID) -> bool:
    if subject is None:
        return kind.makes_subject
    if subject.kind == SubjectKind.FACILITY:
        return subject.id == facility_id
    return not kind.only_staff or practises_at(subject.id, facility_id)


def _made_there(grant: Grant, request: ChangeRequest) -> bool:
    return grant.facility_id is not None and grant.facility_id == request.facility_id
