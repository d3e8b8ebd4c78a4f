"""Which person is this? A pure rule over what the sender says and what is known under the same identifiers.

Exact on strong identifiers when nothing speaks against it; a provisional identity otherwise. Never a guess that merges:
a number that belongs to somebody of another name and another birthday makes a provisional identity and a finding.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ymach.base.vietnamese import fold, tidy_name
from ymach.citizens.provisional.codes import tidy_code
from ymach.clinical.person import PartialDate

# One digit all along (000000000000) is typed when there is no number; it must not gather strangers.
_PERSONAL_NUMBER = re.compile(r"(?!([0-9])\1{11})[0-9]{12}")
_OLD_NUMBER = re.compile(r"(?!([0-9])\1{8})[0-9]{9}")
_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{6,8}")
_PHONE = re.compile(r"0[0-9]{9,10}")
_INSURANCE_CARD = re.compile(r"(?:[A-Z]{2}[1-5][0-9]{2})?((?!([0-9])\2{9})[0-9]{10})")
_LONGEST_KEPT = 200

Key = tuple[str, str]
"""Kind and value of an identifier, as `citizens.models.Identifier` keeps them."""


Born = tuple[int | None, int | None, int | None]


class How(StrEnum):
    """How the person was found; the level of assurance follows from it."""

    EXACT = "exact"
    NEW = "new"
    PROVISIONAL = "provisional"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sender says about a person.

    facility_id and patient_code: the facility's own number for the person; dossier_code: last resort when even that is
    missing, so that a corrected dossier finds the same provisional identity again. province_code, commune_code, phone and
    guardian (the name of a parent or guardian) find nobody by themselves; they are kept to compare identities by.
    """

    full_name: str
    birth: PartialDate | None
    sex: str | None
    personal_number: str | None
    insurance_card: str | None
    facility_id: UUID
    patient_code: str | None
    dossier_code: str
    province_code: str | None = None
    commune_code: str | None = None
    phone: str | None = None
    guardian: str | None = None

    @property
    def folded(self) -> str:
        """The name as it is compared; what is longer than any name is cut, since it stands in an index."""
        return fold(self.full_name)[:_LONGEST_KEPT]

    @property
    def born(self) -> Born:
        """Year, month and day of birth, as far as stated."""
        return (self.birth.year, self.birth.month, self.birth.day) if self.birth else (None, None, None)

    @property
    def personal_key(self) -> Key | None:
        """The personal number, if it has the 12 digits of Law 26/2023/QH15 art. 12."""
        number = (self.personal_number or "").strip()
        return ("personal-number", number) if _PERSONAL_NUMBER.fullmatch(number) else None

    @property
    def provisional_key(self) -> Key | None:
        """The code of a wristband, in place of the facility's number of the patient or of the personal number."""
        code = tidy_code(self.patient_code or "") or tidy_code(self.personal_number or "")
        return ("provisional", code) if code else None

    @property
    def document_key(self) -> Key | None:
        """What else stands where the personal number should (`SO_CCCD`): an old number of 9 digits, or a passport."""
        number = re.sub(r"[\s.-]", "", self.personal_number or "").upper()
        if _OLD_NUMBER.fullmatch(number):
            return ("old-number", number)
        return ("passport", number) if _PASSPORT.fullmatch(number) else None

    @property
    def dialled(self) -> str | None:
        """The telephone number as it is dialled at home, digits only; None for what is none."""
        digits = re.sub(r"\D", "", self.phone or "")
        digits = f"0{digits[2:]}" if digits.startswith("84") else digits
        return digits if _PHONE.fullmatch(digits) else None

    @property
    def insurance_key(self) -> Key | None:
        """The ten digits of the social-insurance number, with or without the card's first five characters."""
        match = _INSURANCE_CARD.fullmatch(re.sub(r"[\s-]", "", self.insurance_card or "").upper())
        return ("insurance-number", match[1]) if match else None

    @property
    def local_key(self) -> Key:
        return ("facility-patient", _bounded(self._local))

    @property
    def named_key(self) -> Key:
        """The facility's number with the name: for a second person under the same number."""
        return ("facility-patient", _bounded(f"{self._local}:{self.folded}"))

    @property
    def _local(self) -> str:
        return f"{self.facility_id}:{self.patient_code or 'dossier ' + self.dossier_code}"

    @property
    def keys(self) -> tuple[Key, ...]:
        """All identifiers, the strongest first."""
        found = (self.personal_key, self.document_key, self.insurance_key, self.local_key)
        return tuple(key for key in found if key)


@dataclass(frozen=True, slots=True)
class Known:
    """A person found under an identifier; citizen_id is None for one who was met earlier in the same batch.

    born: year, month and day, each None when unknown.
    """

    citizen_id: UUID | None
    name_folded: str
    born: Born


@dataclass(frozen=True, slots=True)
class Identity:
    """The answer: an existing person (`citizen_id`), or a new identity to be made under `keys` (the first names it)."""

    claim: Claim
    how: How
    citizen_id: UUID | None
    keys: tuple[Key, ...] = ()


def resolve_all(claims: Iterable[Claim], known: Mapping[Key, Known]) -> list[Identity]:
    """Each claim in order. Whom one claim makes, the next one meets: a number typed twice merges no two people."""
    met, identities = dict(known), []
    for claim in claims:
        identity = resolve(claim, met)
        identities.append(identity)
        if identity.citizen_id is None:
            person = Known(None, claim.folded, claim.born)
            for key in identity.keys:
                met.setdefault(key, person)
    return identities


def resolve(claim: Claim, known: Mapping[Key, Known]) -> Identity:
    """The person behind `claim`, given everybody `known` under its keys."""
    if claim.personal_key:
        return _by_personal_number(claim, claim.personal_key, known)
    return _without_personal_number(claim, known)


def _by_personal_number(claim: Claim, key: Key, known: Mapping[Key, Known]) -> Identity:
    person = known.get(key)
    if person is None:
        return Identity(claim, How.NEW, None, (key, *_free(claim, known)))
    if _same_name(claim, person) or _same_birthday(claim, person):
        how = How.NEW if person.citizen_id is None else How.EXACT
        return Identity(claim, how, person.citizen_id, (key,))
    # Told apart by name: two people with one number must not share the provisional identity either.
    held = known.get(claim.named_key)
    return Identity(claim, How.CONFLICT, held.citizen_id if held else None, (claim.named_key,))


def _without_personal_number(claim: Claim, known: Mapping[Key, Known]) -> Identity:
    band = known.get(claim.provisional_key) if claim.provisional_key else None
    if band:
        # The name is not asked: a wristband is given before one is known, and names nobody else.
        return Identity(claim, How.PROVISIONAL, band.citizen_id)
    for key in (claim.document_key, claim.insurance_key):
        person = known.get(key) if key else None
        if person and person.citizen_id and _same_name(claim, person) and _same_year(claim, person):
            return Identity(claim, How.EXACT, person.citizen_id)
    local = known.get(claim.local_key)
    if local and _same_name(claim, local):
        return Identity(claim, How.PROVISIONAL, local.citizen_id, (claim.local_key,))
    if local:
        held = known.get(claim.named_key)
        return Identity(claim, How.PROVISIONAL, held.citizen_id if held else None, (claim.named_key,))
    document = claim.document_key
    more = (document,) if document and document not in known else ()
    return Identity(claim, How.PROVISIONAL, None, (claim.local_key, *more))


def _free(claim: Claim, known: Mapping[Key, Known]) -> Iterator[Key]:
    """Further identifiers of a new person that nobody holds yet."""
    for key in (claim.insurance_key, claim.local_key):
        if key and key not in known:
            yield key


def _same_name(claim: Claim, person: Known) -> bool:
    return claim.folded == person.name_folded


def _same_year(claim: Claim, person: Known) -> bool:
    return claim.born[0] is not None and claim.born[0] == person.born[0]


def _same_birthday(claim: Claim, person: Known) -> bool:
    """A name changes with marriage or is spelt anew; the year alone is shared by a million and a half people."""
    return None not in claim.born and claim.born == person.born


def _bounded(value: str) -> str:
    """`value`, or its digest where it is too long for an index: what a sender writes has no end."""
    return value if len(value) <= _LONGEST_KEPT else f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"


def kept_name(claim: Claim) -> str:
    """The name as it is kept."""
    return tidy_name(claim.full_name)
