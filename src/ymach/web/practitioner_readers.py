"""What a reader of a practitioner's profile sees and may ask for. Plain rules over grants and the profile; no query.

Whoever may see a profile at all sees the licences and where the person works: that is public anyway. The file (training,
checks, reminders, requests) is for the person, the facilities where they work, the departments that answer for them,
and the ministry. How the person is reached is for all of these but the ministry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor, Grant
from ymach.changes.contract import FACILITY, PRACTITIONER, Kind
from ymach.changes.kinds import KINDS
from ymach.changes.models import SubjectKind
from ymach.practitioners.queries import PractitionerProfile

P = Permission


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader before one profile. asks: the words of the changes they may ask for.

    sees_contact: telephone, e-mail, day of birth, the masked number.
    """

    is_self: bool = False
    sees_contact: bool = False
    sees_file: bool = False
    may_confirm: bool = False
    may_check: bool = False
    asks: frozenset[str] = frozenset()


def reader_of(actor: Actor, profile: PractitionerProfile) -> Reader:
    """How `actor` stands to the person."""
    near = [grant for grant in actor.grants if _is_near(grant, profile)]
    is_self = any(grant.practitioner_id == profile.id for grant in near)
    return Reader(
        is_self=is_self,
        sees_contact=bool(near),
        sees_file=bool(near) or any(_is_country(grant) for grant in actor.grants),
        may_confirm=any(_is_own(grant, profile) and _holds(grant, P.PROFILE_CONFIRM) for grant in near),
        may_check=profile.personal_number is not None and any(_holds(grant, P.IDENTITY_VERIFY) for grant in near),
        asks=frozenset(_asked(actor.grants, profile)),
    )


def _is_near(grant: Grant, profile: PractitionerProfile) -> bool:
    """The person, a facility where they work or soon will, or a department that answers for them."""
    if not _holds(grant, P.PRACTITIONER_SEE) or grant.citizen_id is not None:
        return False
    if grant.practitioner_id is not None:
        return grant.practitioner_id == profile.id
    ahead = [one for one in profile.other_registrations if one.valid.start and one.valid.start > profile.on]
    places = [*profile.registrations, *ahead]
    if grant.facility_id is not None:
        return grant.facility_id in {one.facility_id for one in places}
    issuers = {one.issuer_province_code for one in profile.licences}
    provinces = issuers | {one.province_code for one in places}
    return grant.province_code is not None and grant.province_code in provinces


def _asked(grants: Iterable[Grant], profile: PractitionerProfile) -> Iterator[str]:
    kinds = [one for one in KINDS.values() if one.subject == SubjectKind.PRACTITIONER and not one.makes_subject]
    for grant in grants:
        if _holds(grant, P.CHANGE_PROPOSE):
            yield from (one.word for one in kinds if _asks(grant, one, profile))


def _asks(grant: Grant, kind: Kind, profile: PractitionerProfile) -> bool:
    if _is_own(grant, profile):
        return PRACTITIONER in kind.proposers
    if grant.facility_id is None or FACILITY not in kind.proposers:
        return False
    works_there = any(one.facility_id == grant.facility_id for one in profile.registrations)
    return works_there if kind.only_staff else not works_there


def _is_own(grant: Grant, profile: PractitionerProfile) -> bool:
    return grant.practitioner_id == profile.id


def _is_country(grant: Grant) -> bool:
    limits = (grant.province_code, grant.facility_id, grant.practitioner_id, grant.citizen_id)
    return limits == (None, None, None, None) and _holds(grant, P.PRACTITIONER_SEE)


def _holds(grant: Grant, word: Permission) -> bool:
    return word.value in grant.permissions
