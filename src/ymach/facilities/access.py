"""Who may write what of a profile: verified facts only the department responsible, its own word also the profile's owner.

Commands that an operator runs and the system itself pass; everybody else needs a word through a grant that reaches.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ymach.accounts.permissions import Located, Permission, may, require
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import NotAllowed

_TRUSTED = frozenset({ActorKind.COMMAND, ActorKind.SYSTEM})
_NOWHERE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Locality:
    """A province as something that permissions reach: whoever holds a word there, and no single facility's grant."""

    province_code: str
    id: UUID = _NOWHERE


def is_trusted(by: Actor) -> bool:
    """Whether nobody has to be asked: a command of the operator, or the system itself."""
    return by.kind in _TRUSTED


def require_decider(by: Actor, needs: Permission, *, where: Located) -> None:
    """Verified facts: raise NotAllowed unless `by` is trusted or holds `needs` over the province of `where`.

    A grant limited to one facility or person never decides, even where it holds the word: nobody verifies themselves.
    where: the facility, or `Locality(province_code)` for what lies at none.
    """
    if not is_trusted(by) and not any(_decides(grant, needs, where) for grant in by.grants):
        raise NotAllowed(permission=needs.value)


def require_own_word(by: Actor, *, facility: Located) -> None:
    """Facts a facility states itself: raise NotAllowed unless `by` is trusted, of the facility, or of its department."""
    if not is_trusted(by) and not may(by, Permission.FACILITY_MANAGE, facility=facility):
        require(by, Permission.CHANGE_PROPOSE, facility=facility)


def require_confirmer(by: Actor, *, facility: Located) -> None:
    """Confirming a profile is the facility's own act: raise NotAllowed unless `by` is trusted or holds that word there."""
    if not is_trusted(by):
        require(by, Permission.PROFILE_CONFIRM, facility=facility)


def _decides(grant: Grant, needs: Permission, where: Located) -> bool:
    if needs.value not in grant.permissions:
        return False
    if (grant.facility_id, grant.practitioner_id, grant.citizen_id) != (None, None, None):
        return False
    return grant.province_code is None or grant.province_code == where.province_code
