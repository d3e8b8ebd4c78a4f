"""Who may write what of a practitioner's profile.

Verified facts only the department responsible; their own word also the person; what happens at a facility also that
facility. Commands of an operator and the system itself pass (`facilities.access.is_trusted`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from ymach.accounts.permissions import Located, Permission
from ymach.base.actors import Actor, Grant
from ymach.base.errors import NotAllowed
from ymach.facilities.access import is_trusted

Provinces = Callable[[], Collection[str]]
"""The provinces that are responsible, asked for only where somebody has to be judged."""


def require_department(by: Actor, provinces: Provinces) -> None:
    """Raise NotAllowed unless `by` decides about practitioners in one of the provinces, or in the whole country.

    Without any province (a person of the ministry's, not registered anywhere) every department may.
    """
    if not is_trusted(by) and not _decides_there(by, provinces()):
        raise NotAllowed(permission=Permission.PRACTITIONER_MANAGE.value)


def require_own_word(by: Actor, practitioner_id: UUID, provinces: Provinces) -> None:
    """Raise NotAllowed unless `by` is the person, or the department responsible."""
    if not is_trusted(by) and not _is_self(by, Permission.CHANGE_PROPOSE, practitioner_id):
        require_department(by, provinces)


def require_confirmer(by: Actor, practitioner_id: UUID) -> None:
    """“All is still right” is said by the person alone. Raise NotAllowed otherwise."""
    if not is_trusted(by) and not _is_self(by, Permission.PROFILE_CONFIRM, practitioner_id):
        raise NotAllowed(permission=Permission.PROFILE_CONFIRM.value)


def require_place(by: Actor, facility: Located) -> None:
    """Raise NotAllowed unless `by` is of the facility, or of the department of its province."""
    word = Permission.CHANGE_PROPOSE.value
    if any(grant.facility_id == facility.id and word in grant.permissions for grant in by.grants):
        return
    require_department(by, lambda: (facility.province_code,))


def _is_self(by: Actor, needs: Permission, practitioner_id: UUID) -> bool:
    return any(grant.practitioner_id == practitioner_id and needs.value in grant.permissions for grant in by.grants)


def _decides_there(by: Actor, provinces: Collection[str]) -> bool:
    return any(
        grant.province_code is None or not provinces or grant.province_code in provinces
        for grant in by.grants
        if Permission.PRACTITIONER_MANAGE.value in grant.permissions and _is_of_an_authority(grant)
    )


def _is_of_an_authority(grant: Grant) -> bool:
    """A grant limited to one facility or person never decides: nobody verifies themselves."""
    return (grant.facility_id, grant.practitioner_id, grant.citizen_id) == (None, None, None)
