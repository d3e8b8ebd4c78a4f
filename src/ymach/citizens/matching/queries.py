"""Reading for the comparison of persons: profiles, who shares a key with whom, thresholds, pairs to decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain, product
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.kept import Kept
from ymach.base.sealing import blind
from ymach.citizens.keeping import opened_number
from ymach.citizens.matching.blocks import keys
from ymach.citizens.matching.comparators import DIFFERENT, birth_level, name_level, number_level
from ymach.citizens.matching.errors import PairNotFound
from ymach.citizens.matching.models import Pair, State, Thresholds
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.rules import Limits, in_force
from ymach.citizens.matching.units import Units, todays_units
from ymach.citizens.models import Citizen
from ymach.citizens.provisional.models import Provisional
from ymach.citizens.queries import numbers_of
from ymach.facilities.access import is_trusted

COLUMNS = (
    *("citizen_id", "full_name", "name_folded", "birth_year", "birth_month", "birth_day", "sex", "number_sealed"),
    *("insurance_key", "phone_key", "guardian_folded", "province_code", "commune_code", "facility_id"),
)
MOST_OF_A_KEY = 60
"""Identities looked at under one key: one that gathers more tells nobody apart."""
PAGE = 25
_SELECTED = ", ".join(f"c.{column}" for column in COLUMNS)
# The materialised parameters hide their values from the planner: one plan for every person.
_CANDIDATES = f"""
WITH asked AS MATERIALIZED (SELECT %s::bigint[] AS keys, %s::uuid AS who), met AS (
  SELECT DISTINCT b.citizen_id FROM asked CROSS JOIN LATERAL unnest(asked.keys) AS k (key)
  CROSS JOIN LATERAL (
    SELECT citizen_id FROM citizens_matching_block WHERE key = k.key ORDER BY key, citizen_id LIMIT {MOST_OF_A_KEY}
  ) AS b WHERE b.citizen_id <> asked.who
)
SELECT {_SELECTED} FROM met CROSS JOIN LATERAL (
  SELECT * FROM citizens_citizen WHERE citizen_id = met.citizen_id LIMIT 1) AS c
"""  # noqa: S608 - names of columns and a number of ours
_BY_IDS = f"SELECT {_SELECTED} FROM citizens_citizen c WHERE citizen_id = ANY(%s::uuid[])"  # noqa: S608
_COUNT = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'citizens_citizen'::regclass"


@lru_cache(maxsize=1)
def block_secret() -> bytes:
    """Under which keys of blocks are made; of this installation."""
    return blind("keys of blocks", context="matching").encode()


def keys_of(profile: Profile) -> list[int]:
    """The keys under which one is found again."""
    return keys(profile, secret=block_secret())


def profiles(citizen_ids: Iterable[UUID]) -> dict[UUID, Profile]:
    """Profiles by id; who is not there is left out."""
    asked = [str(one) for one in dict.fromkeys(citizen_ids)]
    units = todays_units()
    return {row[0]: profile_of(row, units) for row in pg.ask(_BY_IDS, [asked])()} if asked else {}


def candidates(profile: Profile) -> list[Profile]:
    """Everybody else who shares a key; one statement."""
    units = todays_units()
    asked = "{" + ",".join(map(str, keys_of(profile))) + "}"
    return [profile_of(row, units) for row in pg.ask(_CANDIDATES, [asked, profile.citizen_id])()]


def profile_of(row: Sequence[Any], units: Units) -> Profile:
    """A row of COLUMNS as a profile."""
    (
        citizen_id,
        full_name,
        folded,
        year,
        month,
        day,
        sex,
        number,
        insurance,
        phone,
        guardian,
        province,
        commune,
        where,
    ) = row
    return Profile(
        citizen_id=citizen_id,
        name=folded,
        marked=full_name.casefold(),
        born=(year, month, day),
        sex=sex or "",
        number=opened_number(number, citizen_id),
        insurance=insurance or "",
        phone=phone or "",
        guardian=guardian or "",
        province=units.province(province or ""),
        commune=units.commune(commune or ""),
        facility_id=where,
    )


def limits_on(day: date) -> Limits:
    """The thresholds in force on a day (Viet Nam)."""
    rows = Thresholds.objects.values_list("starts_on", "automatic", "worklist")
    return in_force([Limits(*row) for row in rows], day)


def identities_known() -> int:
    """About how many identities there are; asked once in ten minutes."""
    return _known("")


def visible_pairs(by: Actor, word: Permission = Permission.IDENTITY_MATCH) -> QuerySet[Pair]:
    """The pairs one may decide: a department those of its province, a facility those of whom it stated one."""
    if is_trusted(by):
        return Pair.objects.all()
    reach = Q(pk__in=[])
    for grant in by.grants:
        if word.value not in grant.permissions:
            continue
        if grant.facility_id is not None:
            reach |= Q(facility_id=grant.facility_id) | Q(other_facility_id=grant.facility_id)
        elif grant.province_code is not None:
            reach |= Q(province_code=grant.province_code) | Q(other_province_code=grant.province_code)
        elif grant.practitioner_id is None and grant.citizen_id is None:
            reach |= ~Q(pk__in=[])
    return Pair.objects.filter(reach)


def waiting(by: Actor, *, on: date, province: str = "", limit: int = PAGE, offset: int = 0) -> list[Pair]:
    """What is to be decided and not put off, the surest first."""
    return list(_waiting(by, on, province).order_by("-weight", "citizen_id", "other_id")[offset : offset + limit])


def count_waiting(by: Actor, *, on: date, province: str = "") -> int:
    """How many of these."""
    return _waiting(by, on, province).count()


def decided(by: Actor, state: State, *, province: str = "", limit: int = PAGE, offset: int = 0) -> list[Pair]:
    """What was decided, the latest first."""
    found = _at(visible_pairs(by).filter(state=state), province)
    return list(found.order_by("-decided_at", "citizen_id", "other_id")[offset : offset + limit])


def get_pair(by: Actor, citizen_id: UUID, other_id: UUID) -> Pair:
    """One pair, in either order. Raises PairNotFound, also for one that is not to be seen."""
    first, second = sorted((citizen_id, other_id))
    found = visible_pairs(by).filter(citizen_id=first, other_id=second).first()
    if found is None:
        raise PairNotFound
    return found


def told_apart(some: Iterable[UUID], others: Iterable[UUID]) -> bool:
    """Whether a person decided that somebody of the one group is not somebody of the other."""
    first, second = list(some), list(others)
    either = Q(citizen_id__in=first, other_id__in=second) | Q(citizen_id__in=second, other_id__in=first)
    return Pair.objects.filter(either, state=State.DIFFERENT).exists()


def are_two_persons(some: Collection[UUID], others: Collection[UUID]) -> bool:
    """Whether joining the two groups joins two persons: their personal numbers are no slip of a digit, or nobody of the one
    agrees with anybody of the other in name or birthday. A wristband's own identity says neither."""
    first, second = (chain.from_iterable(numbers_of(group).values()) for group in (some, others))
    if {number_level(one, other) for one, other in product(first, second)} == {DIFFERENT}:
        return True
    bands = set(Provisional.objects.filter(citizen_id__in=[*some, *others]).values_list("citizen_id", flat=True))
    known = profiles([*some, *others])
    sides = [[known[one] for one in group if one in known and one not in bands] for group in (some, others)]
    return all(sides) and not any(_agree(one, other) for one, other in product(*sides))


def _agree(one: Profile, other: Profile) -> bool:
    """Whether name or birthday may be one person's; what is not known speaks against nobody."""
    is_name = name_level(one, other) not in {DIFFERENT, "given"}
    return is_name or birth_level(one.born, other.born) not in {DIFFERENT, "same-year"}


def identities_to_compare() -> int:
    """How many wait to be compared."""
    return Citizen.objects.filter(compared_at__isnull=True).count()


def _waiting(by: Actor, on: date, province: str) -> QuerySet[Pair]:
    found = visible_pairs(by).filter(state=State.OPEN).filter(Q(postponed_until=None) | Q(postponed_until__lte=on))
    return _at(found, province)


def _at(found: QuerySet[Pair], province: str) -> QuerySet[Pair]:
    """Those of whom one lives in the province, if one is asked for."""
    return found.filter(Q(province_code=province) | Q(other_province_code=province)) if province else found


def _count(_: str) -> int:
    ((estimated,),) = pg.ask(_COUNT, [])()
    return int(estimated) or Citizen.objects.count()


_known: Kept[str, int] = Kept(_count, seconds=600.0, size=1)
