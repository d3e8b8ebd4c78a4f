"""Looking persons up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from ymach.base import pg
from ymach.citizens.identify import Claim, Identity, Key, Known, resolve_all
from ymach.citizens.keeping import blind_key, opened_value
from ymach.citizens.models import Identifier, IdentifierKind

# Side by side, each found by its index: a plan made while the tables are still empty stays right when they have grown.
# The materialised `asked` hides the values from the planner, so that it keeps one plan: planning costs more than finding.
_KNOWN = """
WITH asked AS MATERIALIZED (SELECT %s::text[] AS kinds, %s::text[] AS values)
SELECT wanted.kind, wanted.value, c.citizen_id, c.name_folded, c.birth_year, c.birth_month, c.birth_day
FROM asked CROSS JOIN LATERAL unnest(asked.kinds, asked.values) AS wanted (kind, value)
CROSS JOIN LATERAL (
  SELECT citizen_id FROM citizens_identifier WHERE kind = wanted.kind AND value = wanted.value LIMIT 1) AS i
CROSS JOIN LATERAL (SELECT * FROM citizens_citizen WHERE citizen_id = i.citizen_id LIMIT 1) AS c
"""


def known_under(keys: Iterable[Key]) -> dict[Key, Known]:
    """Everybody known under any of `keys`; one statement."""
    return _ask(keys)()


def ask_identities(claims: list[Claim]) -> Callable[[], list[Identity]]:
    """Who each claim is about, as things stand; writes nothing. Asked now, resolved when the result is called."""
    known = _ask(key for claim in claims for key in lookup_keys(claim))
    return lambda: resolve_all(claims, known())


def lookup_keys(claim: Claim) -> list[Key]:
    """All keys under which the person may be known, those made in a conflict included."""
    band = claim.provisional_key
    return [*claim.keys, claim.named_key, *([band] if band else [])]


def numbers_of(
    citizen_ids: Collection[UUID], kind: IdentifierKind = IdentifierKind.PERSONAL_NUMBER
) -> dict[UUID, list[str]]:
    """The numbers of a kind each has had, the one in force first, in the clear: for who may see them."""
    rows = Identifier.objects.filter(citizen_id__in=citizen_ids, kind=kind, sealed__isnull=False)
    found: dict[UUID, list[str]] = {}
    for one in sorted(rows, key=lambda one: (one.until is not None, -one.since.timestamp())):
        found.setdefault(one.citizen_id, []).append(opened_value(one.kind, one.value, bytes(one.sealed or b"")))
    return found


def _ask(keys: Iterable[Key]) -> Callable[[], dict[Key, Known]]:
    wanted = {blind_key(key): key for key in sorted(set(keys))}
    rows = pg.ask(_KNOWN, pg.columns(wanted) if wanted else [[], []])
    return lambda: {
        wanted[kind, value]: Known(citizen, name, tuple(born)) for kind, value, citizen, name, *born in rows()
    }
