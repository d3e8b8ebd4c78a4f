"""Making identities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.ids import new_id
from ymach.base.vietnamese import fold
from ymach.citizens.identify import Claim, How, Identity, Key, Known, kept_name, resolve
from ymach.citizens.keeping import blind_key, blind_phone, sealed_number, sealed_value
from ymach.citizens.models import Assurance
from ymach.citizens.queries import known_under

# Whoever takes the first key of a person makes the person.
_MAKE = """
WITH given AS (SELECT %(made)s::jsonb AS d), taken AS (
  INSERT INTO citizens_identifier (kind, value, citizen_id, since, sealed, source)
  SELECT kind, value, citizen_id, %(at)s::timestamptz, decode(sealed, 'hex'), source
  FROM given, jsonb_to_recordset(d -> 'keys') AS k
    (kind text, value text, citizen_id uuid, sealed text, source text)
  ON CONFLICT DO NOTHING RETURNING kind, value
), made AS (
  INSERT INTO citizens_citizen
    (citizen_id, full_name, name_folded, birth_year, birth_month, birth_day, sex, assurance, created_at,
     province_code, commune_code, insurance_key, phone_key, guardian_folded, number_sealed, facility_id)
  SELECT citizen_id, full_name, name_folded, birth_year, birth_month, birth_day, sex, assurance, %(at)s::timestamptz,
     province_code, commune_code, insurance_key, phone_key, guardian_folded, decode(number, 'hex'), facility_id
  FROM given, jsonb_to_recordset(d -> 'people') AS p (citizen_id uuid, full_name text, name_folded text,
    birth_year int, birth_month int, birth_day int, sex text, assurance text, province_code text, commune_code text,
    insurance_key text, phone_key text, guardian_folded text, number text, facility_id uuid,
    first_kind text, first_value text)
  WHERE EXISTS (SELECT FROM taken WHERE kind = first_kind AND value = first_value)
)
SELECT kind, value FROM taken
"""


def settle(identities: Sequence[Identity], *, at: datetime) -> list[UUID]:
    """The person behind each identity, made now if nobody was known; inside the caller's transaction.

    The unique index on (kind, value) decides between two who make the same person at once: the loser takes the
    winner's, unless it is a stranger. Returns the citizens' ids, in the same order.
    """
    return ask_settled(identities, at=at)()


def ask_settled(identities: Sequence[Identity], *, at: datetime) -> Callable[[], list[UUID]]:
    """The same, asked now and read later, so that it can share a round trip (`pg.together`)."""
    wanted: dict[Key, tuple[UUID, Identity]] = {}
    for identity in identities:
        if identity.citizen_id is None:
            wanted.setdefault(identity.keys[0], (new_id(), identity))
    made = _ask_made(wanted, at) if wanted else dict

    def answer() -> list[UUID]:
        people = made()
        return [identity.citizen_id or people[identity.keys[0]] for identity in identities]

    return answer


def _ask_made(wanted: dict[Key, tuple[UUID, Identity]], at: datetime) -> Callable[[], dict[Key, UUID]]:
    blinded = {key: blind_key(key) for _, identity in wanted.values() for key in identity.keys}
    # Sorted, so that two transactions that make the same persons wait for each other in one order.
    held = sorted(
        (blinded[key], key, citizen, identity) for citizen, identity in wanted.values() for key in identity.keys
    )
    rows = {
        "keys": [_key_row(*one) for one in {one[0]: one for one in held}.values()],
        "people": [_row(citizen, identity, blinded) for citizen, identity in wanted.values()],
    }
    taken = pg.ask(_MAKE, {"made": pg.as_json(rows), "at": at})

    def answer() -> dict[Key, UUID]:
        won = set(taken())
        missed = [key for key in wanted if blinded[key] not in won]
        lost = known_under(missed) if missed else {}
        made = {key: citizen for key, (citizen, _) in wanted.items() if blinded[key] in won}
        for key in missed:
            made[key] = _beside_the_winner(wanted[key], lost, at)
        return made

    return answer


def _beside_the_winner(loser: tuple[UUID, Identity], lost: Mapping[Key, Known], at: datetime) -> UUID:
    """Somebody else took the number a moment ago: the same person, or a stranger with whom nothing is shared."""
    citizen, identity = loser
    again = resolve(identity.claim, lost)
    if again.citizen_id is not None:
        return again.citizen_id
    return _ask_made({again.keys[0]: (citizen, again)}, at)()[again.keys[0]]


def _key_row(blinded: Key, key: Key, citizen: UUID, identity: Identity) -> dict[str, Any]:
    kind, value = blinded
    sealed = sealed_value(key, value)
    source = f"facility:{identity.claim.facility_id}"
    return {
        "kind": kind,
        "value": value,
        "citizen_id": citizen,
        "sealed": sealed.hex() if sealed else None,
        "source": source,
    }


def _row(citizen: UUID, identity: Identity, blinded: Mapping[Key, Key]) -> dict[str, Any]:
    claim = identity.claim
    year, month, day = claim.born
    first_kind, first_value = blinded[identity.keys[0]]
    return {
        "citizen_id": citizen,
        "full_name": kept_name(claim),
        "name_folded": claim.folded,
        "birth_year": year,
        "birth_month": month,
        "birth_day": day,
        "sex": claim.sex[:1] if claim.sex else None,
        "assurance": (Assurance.STATED if identity.how is How.NEW else Assurance.PROVISIONAL).value,
        **_to_compare_by(citizen, claim),
        "first_kind": first_kind,
        "first_value": first_value,
    }


def _to_compare_by(citizen: UUID, claim: Claim) -> dict[str, Any]:
    stated = claim.personal_key or claim.document_key
    insurance, phone = claim.insurance_key, claim.dialled
    return {
        "province_code": claim.province_code,
        "commune_code": claim.commune_code,
        "insurance_key": blind_key(insurance)[1] if insurance else None,
        "phone_key": blind_phone(phone) if phone else None,
        "guardian_folded": fold(claim.guardian) if claim.guardian else None,
        "number": sealed_number(stated[1], citizen).hex() if stated else None,
        "facility_id": claim.facility_id,
    }
