"""A whole invented country put into the index by COPY, with the truth handed back and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.name_keys import folded
from ymach.base.vietnamese import tidy_name
from ymach.citizens.keeping import blind_key, blind_phone, sealed_number
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.queries import COLUMNS, keys_of
from ymach.citizens.matching.units import todays_units
from ymach.citizens.models import Assurance
from ymach.synth.identities.statements import Statement
from ymach.synth.numbers import uuid7_of

AT_ONCE = 50_000
_PEOPLE = f"COPY citizens_citizen ({', '.join(COLUMNS)}, assurance, created_at, compared_at) FROM STDIN"
_KEYS = "COPY citizens_matching_block (key, citizen_id) FROM STDIN"


def load(stated: Iterable[Statement], *, seed: int, at: datetime) -> dict[UUID, int]:
    """Put every statement in as an identity of its own, compared with nobody. Returns who each truly is."""
    rng, truth = Random(seed), dict[UUID, int]()  # noqa: S311 - not a secret
    todays_units()
    rest = iter(stated)
    while some := list(islice(rest, AT_ONCE)):
        known = {uuid7_of(rng, len(truth) + place): one for place, one in enumerate(some)}
        truth |= {citizen: one.who for citizen, one in known.items()}
        _copy(_PEOPLE, (_row(citizen, one, at) for citizen, one in known.items()))
        _copy(
            _KEYS,
            sorted((key, citizen) for citizen, one in known.items() for key in keys_of(kept_profile(one, citizen))),
        )
    return truth


def kept_profile(one: Statement, citizen_id: UUID) -> Profile:
    """The profile as it is read back from the index."""
    row = _row(citizen_id, one, None)
    return Profile(
        citizen_id=citizen_id,
        name=row[2],
        marked=row[1].casefold(),
        born=one.born,
        sex=one.sex,
        number=one.number,
        insurance=row[8] or "",
        phone=row[9] or "",
        guardian=row[10] or "",
        province=one.province,
        commune=one.commune,
        facility_id=row[13],
    )


def _copy(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with pg.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _row(citizen_id: UUID, one: Statement, at: datetime | None) -> tuple[Any, ...]:
    """As the intake keeps a statement."""
    name = tidy_name(one.name)
    insurance = blind_key(("insurance-number", one.insurance))[1] if one.insurance else None
    return (
        *(citizen_id, name, folded(name), *one.born, one.sex),
        sealed_number(one.number, citizen_id) if one.number and at else None,
        insurance,
        blind_phone(one.phone) if one.phone else None,
        folded(one.guardian) if one.guardian else None,
        *(one.province or None, one.commune or None, UUID(int=one.facility), Assurance.STATED.value, at, at),
    )
