"""Keys that two identities of one person have in common in spite of slips: only who shares one is compared.

A key is a keyed digest of 64 bits: what stands in the index tells nothing of the person.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from ymach.citizens.matching.profile import Profile

MOST_KEYS = 9


def keys(profile: Profile, *, secret: bytes) -> list[int]:
    """The keys of one identity, signed 64 bits, without repetition. secret: of the installation, at most 64 bytes."""
    return list(dict.fromkeys(_digest(part, secret) for part in _parts(profile)))


def _parts(one: Profile) -> Iterator[str]:
    yield from _of_birth(one)
    yield from _of_numbers(one)


def _of_birth(one: Profile) -> Iterator[str]:
    words = " ".join(sorted(one.name.split(" "))) if one.name else ""
    year, month, day = one.born
    if words and one.is_day_known:
        # The day and the month in either order.
        either = sorted((month or 0, day or 0))
        yield f"words-birth {words} {year} {either}"
        yield f"given-birth {one.given} {year} {either}"
    if one.is_day_known and one.commune:
        yield f"birth-commune {one.born} {one.commune}"
    if words and year and one.province:
        yield f"words-year-province {words} {year} {one.province}"
    if words and one.commune:
        yield f"words-commune {words} {one.commune}"


def _of_numbers(one: Profile) -> Iterator[str]:
    if one.number:
        yield f"number {one.number}"
    if one.insurance:
        yield f"insurance {one.insurance}"
    if one.phone and one.given:
        yield f"phone {one.phone} {one.given}"
    if one.guardian and one.born[0]:
        yield f"guardian {one.guardian} {one.born}"


def _digest(part: str, secret: bytes) -> int:
    return int.from_bytes(blake2b(part.encode(), digest_size=8, key=secret).digest(), "big", signed=True)
