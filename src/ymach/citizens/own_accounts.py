"""A citizen's first sign-in with a proven number: an account and a book of their own, without an invitation.

What is proven is the number, the name and the birth date (VNeID, level 2: Decree 69/2024/NĐ-CP). An identity that others
stated under this number is the person's only when nothing speaks against it: otherwise nobody's book is opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import Role
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import SYSTEM
from ymach.base.errors import NotSignedIn
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim, How, Identity, Key
from ymach.citizens.links.actions import assure
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.queries import known_under
from ymach.clinical.person import PartialDate

BASIS = "Decree 69/2024/NĐ-CP: the person signed in with VNeID"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))"


class IdentityInDoubt(NotSignedIn):
    """Somebody else's name or birth date stands under the number."""

    code = "YM-VNEID-IDENTITY-DOUBT"
    sentence = Text(
        "Có hồ sơ mang số định danh của bạn nhưng khác tên hoặc ngày sinh, nên chưa mở sổ. Mang thẻ căn cước tới nơi khám "
        "gần nhất để sửa.",
        "Records under your personal number have another name or birth date, so no book was opened. Take your citizen card "
        "to a facility to have it put right.",
    )


@dataclass(frozen=True, slots=True)
class Proven:
    """Who signed in. subject: what the provider calls the person."""

    subject: str = field(repr=False)
    personal_number: str = field(repr=False)
    name: str = field(repr=False)
    born: date | None = field(repr=False)


def open_account(person: Proven, *, at: datetime) -> User | None:
    """The new account of a person whom nobody has given one. None where an account was ever given under the number:
    what was suspended or ended is not opened by another door.

    at: aware. Raises IdentityInDoubt.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [person.subject])
        citizen_id = _citizen_of(person, at)
        if Membership.objects.filter(role=Role.CITIZEN.value, citizen_id__in=identities_of([citizen_id])).exists():
            return None
        assure(citizen_id, evidence=Evidence(Kind.POPULATION_DATABASE, "VNeID"), by=SYSTEM, at=at)
        key = new_id()
        user = create_user(username=f"cd-{key.hex}", full_name=person.name, password=None, by=SYSTEM, at=at, key=key)
        grant_role(user=user, role=Role.CITIZEN, citizen_id=citizen_id, by=SYSTEM, at=at)
        event = Event(at, str(SYSTEM), "account:opened-by-vneid", f"user:{user.pk}", BASIS, citizen_id, {})
        record(event, facility_id=REGISTRY)
    return user


def is_same(citizen: Citizen, folded: str, born: date | None) -> bool:
    """Whether nothing speaks against an identity being the proven person: the birth date agrees as far as it is known,
    and the name does, or the whole birth date."""
    parts = (citizen.birth_year, citizen.birth_month, citizen.birth_day)
    proven = (born.year, born.month, born.day) if born else (None, None, None)
    pairs = list(zip(parts, proven, strict=True))
    if any(mine and theirs and mine != theirs for mine, theirs in pairs):
        return False
    return citizen.name_folded == folded or (None not in proven and parts == proven)


def _citizen_of(person: Proven, at: datetime) -> UUID:
    claim = Claim(
        full_name=person.name,
        birth=PartialDate.of(person.born) if person.born else None,
        sex=None,
        personal_number=person.personal_number,
        insurance_card=None,
        facility_id=REGISTRY,
        patient_code=None,
        dossier_code="vneid",
    )
    key = _key_of(claim)
    known = known_under([key]).get(key)
    if known is not None and known.citizen_id is not None:
        citizen = Citizen.objects.get(pk=known.citizen_id)
        if not is_same(citizen, claim.folded, person.born):
            raise IdentityInDoubt
        return citizen.citizen_id
    return settle([Identity(claim, How.NEW, None, (key,))], at=at)[0]


def _key_of(claim: Claim) -> Key:
    if claim.personal_key is None:
        raise IdentityInDoubt
    return claim.personal_key
