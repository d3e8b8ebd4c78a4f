"""Comparing new identities with those known before, and writing down what people decide about probable pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ymach.audit.actions import REGISTRY, Journal, day_of
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import SYSTEM, Actor
from ymach.base.clock import vietnam_day
from ymach.base.refusals import refused_as
from ymach.base.rounds import Stopped, never
from ymach.citizens.links import actions as links
from ymach.citizens.links.errors import TwoPersons
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.citizens.links.queries import identities_of
from ymach.citizens.matching.bulk import sweep
from ymach.citizens.matching.comparators import DIFFERENT, number_level
from ymach.citizens.matching.errors import (
    DecisionMissing,
    LimitsRefused,
    PairDecided,
    PairNotLinked,
    WhyMissing,
    WhyTooLong,
)
from ymach.citizens.matching.models import Pair, State, Thresholds
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.queries import (
    are_two_persons,
    candidates,
    get_pair,
    identities_known,
    keys_of,
    limits_on,
    profiles,
    told_apart,
)
from ymach.citizens.matching.rules import Comparison, Limits, Verdict, verdict, weigh
from ymach.citizens.matching.weights import shipped
from ymach.citizens.provisional.wearers import check_may_be_one
from ymach.facilities.access import is_trusted

BATCH = 100
LONGEST_REASON = 1000
PUT_OFF = timedelta(days=7)
BASIS = "Decree 102/2025/NĐ-CP art. 6"
_LOCK = 0x59_4D_4D_58
_TO_COMPARE = """
SELECT citizen_id FROM citizens_citizen WHERE compared_at IS NULL ORDER BY citizen_id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_ADD_KEYS = """
INSERT INTO citizens_matching_block (key, citizen_id)
SELECT key, who FROM unnest(%s::bigint[], %s::uuid[]) AS given (key, who) ON CONFLICT DO NOTHING
"""
_COMPARED = "UPDATE citizens_citizen SET compared_at = %s WHERE citizen_id = ANY(%s::uuid[])"


class Answer(StrEnum):
    """What a person says about a pair. LATER asks again in a week."""

    SAME = "same"
    DIFFERENT = "different"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Found:
    """A pair that is linked or asked about."""

    one: Profile
    other: Profile
    comparison: Comparison
    verdict: Verdict


def compare_new(*, at: datetime, stopped: Stopped = never) -> Mapping[str, int]:
    """Compare every identity that is new, some at a time; a chore of the worker. How many were compared, linked, asked."""
    tally = {"compared": 0, "linked": 0, "to ask": 0}
    while not stopped():
        done = compare_some(at=at)
        for word, count in done.items():
            tally[word] += count
        if done["compared"] < BATCH:
            break
    return tally


def compare_some(*, at: datetime, limit: int = BATCH) -> dict[str, int]:
    """One batch in one transaction. One at a time in the whole installation: two would not see what the other finds."""
    with transaction.atomic():
        if not _is_alone():
            return {"compared": 0, "linked": 0, "to ask": 0}
        ids = [citizen for (citizen,) in pg.ask(_TO_COMPARE, [str(limit)])()]
        new = profiles(ids)
        _add_keys(new.values())
        found = _found(new.values(), limits_on(vietnam_day(at)))
        written = [_write(one, at=at) for one in found]
        pg.ask(_COMPARED, [at, [str(one) for one in ids]])()
    linked = sum(one == State.LINKED for one in written)
    return {"compared": len(ids), "linked": linked, "to ask": sum(one == State.OPEN for one in written)}


def identify(profile: Profile, limits: Limits) -> list[Found]:
    """Who of those known may be `profile`, the surest first; writes nothing."""
    weights, known = shipped(), identities_known()
    prior, found = weights.prior(known), []
    for other in candidates(profile):
        comparison = weigh(profile, other, weights=weights, prior=prior)
        what = verdict(comparison, limits)
        if what is not Verdict.APART:
            found.append(Found(profile, other, comparison, what))
    return sorted(found, key=lambda one: -one.comparison.weight)


def look(citizen_id: UUID, other_id: UUID, *, by: Actor, at: datetime) -> Pair:
    """Open a pair: both persons find in their journal who looked. Raises PairNotFound."""
    with transaction.atomic():
        pair = get_pair(by, citizen_id, other_id)
        _note(pair, "opened", {}, by=by, at=at)
    return pair


def note_listing(what: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """That somebody read the list, or took it as a file; what: the filters asked for."""
    event = Event(at, str(by), "identity-pair:listed", "pairs", BASIS, detail=dict(what))
    with transaction.atomic():
        Journal(_facility_of(by), day_of(at)).add([event])


def decide(citizen_id: UUID, other_id: UUID, *, answer: Answer | None, reason: str, by: Actor, at: datetime) -> Pair:
    """Say that the two are one person, or are not, or that it is not known yet. A decision is never asked for again.

    Raises PairNotFound, PairDecided, DecisionMissing, WhyMissing, WhyTooLong, TwoPersons, OfOneBirth, NotTheWearer; what
    `links.link` raises.
    """
    if answer is None:
        raise DecisionMissing(field="answer")
    why = _why(reason, answer)
    with transaction.atomic():
        seen = get_pair(by, citizen_id, other_id)
        pair = Pair.objects.select_for_update().get(citizen_id=seen.citizen_id, other_id=seen.other_id)
        if pair.state != State.OPEN:
            raise PairDecided
        if answer is Answer.LATER:
            pair.postponed_until, pair.reason = vietnam_day(at) + PUT_OFF, why
            pair.save(update_fields=["postponed_until", "reason"])
        else:
            if answer is Answer.SAME:
                _check_persons(pair, by)
                _link(pair, why, by=by, at=at)
            _close(pair, State(answer.value), why, by=by, at=at)
        _note(pair, f"answered-{answer.value}", {"weight": str(pair.weight)}, by=by, at=at)
    return pair


def take_apart(citizen_id: UUID, other_id: UUID, *, reason: str, by: Actor, at: datetime) -> Pair:
    """Undo a link of a machine or of a person: the two are two persons, and no machine links them again.

    Raises PairNotFound, PairNotLinked, WhyMissing, WhyTooLong; `links.errors.LinkNotFound` where they are linked by way of
    others alone.
    """
    why = _why(reason, Answer.DIFFERENT)
    with transaction.atomic():
        seen = get_pair(by, citizen_id, other_id)
        pair = Pair.objects.select_for_update().get(citizen_id=seen.citizen_id, other_id=seen.other_id)
        if pair.state not in {State.LINKED, State.SAME}:
            raise PairNotLinked
        links.unlink(pair.other_id, pair.citizen_id, reason=why, by=by, at=at)
        _close(pair, State.DIFFERENT, why, by=by, at=at)
        _note(pair, "taken-apart", {"weight": str(pair.weight)}, by=by, at=at)
    return pair


def compare_everybody(*, at: datetime) -> Mapping[str, int]:
    """Weigh everybody anew, after a first load or with new weights: what is open gets its new weight, what was decided
    stays decided. How many were linked, asked about and weighed again."""
    tally = {"linked": 0, "to ask": 0, "weighed again": 0}
    prior, limits = shipped().prior(identities_known()), limits_on(vietnam_day(at))
    for one, other, comparison, what in sweep(weights=shipped(), prior=prior, limits=limits):
        with transaction.atomic():
            found = Found(one, other, comparison, what)
            known = Pair.objects.filter(citizen_id=one.citizen_id, other_id=other.citizen_id)
            if known.filter(state=State.OPEN).update(**_weighed(comparison)):
                tally["weighed again"] += 1
                continue
            written = _write(found, at=at)
        tally["linked"] += written == State.LINKED
        tally["to ask"] += written == State.OPEN
    return tally


def set_limits(limits: Limits, *, decision: str, by: Actor, at: datetime) -> None:
    """Other thresholds from a coming day on; the earlier ones stay for the days they held.

    Raises LimitsRefused: the day is not to come, the order is wrong, or no decision is named.
    """
    is_coming = limits.starts_on > vietnam_day(at)
    if not is_trusted(by) or not is_coming or limits.automatic <= limits.worklist or not decision.strip():
        raise LimitsRefused
    values = {"automatic": limits.automatic, "worklist": limits.worklist, "decision": decision.strip()}
    with transaction.atomic(), refused_as({"citizens_matching_thresholds_pkey": LimitsRefused}):
        Thresholds.objects.create(starts_on=limits.starts_on, **values)
        detail = {name: str(value) for name, value in values.items()}
        event = Event(at, str(by), "matching:limits-set", f"limits:{limits.starts_on}", BASIS, detail=detail)
        Journal(REGISTRY, day_of(at)).add([event])


def _found(new: Iterable[Profile], limits: Limits) -> list[Found]:
    """Every pair of a batch once, the surest first."""
    met: dict[tuple[UUID, UUID], Found] = {}
    for profile in new:
        for one in identify(profile, limits):
            first, second = sorted((profile.citizen_id, one.other.citizen_id))
            met.setdefault((first, second), one)
    return sorted(met.values(), key=lambda one: -one.comparison.weight)


def _write(found: Found, *, at: datetime) -> State | None:
    """Keep a pair that is new, linked where nothing speaks against it; None for one that is known or needs nothing."""
    one, other = sorted((found.one, found.other), key=lambda profile: profile.citizen_id)
    if Pair.objects.filter(citizen_id=one.citizen_id, other_id=other.citizen_id).exists():
        return None
    group, others = identities_of([one.citizen_id]), identities_of([other.citizen_id])
    if other.citizen_id in group:
        return None
    pair = _pair(one, other, found.comparison, at)
    if found.verdict is Verdict.LINK:
        pair.vetoes = _vetoes_of_groups(group, others)
    pair.save(force_insert=True)
    if found.verdict is Verdict.LINK and not pair.vetoes:
        reason = f"weight {pair.weight} bits, weights {pair.weights_version}"
        _link(pair, reason, by=SYSTEM, at=at)
        _close(pair, State.LINKED, reason, by=SYSTEM, at=at)
    return State(pair.state)


def _vetoes_of_groups(group: Iterable[UUID], others: Iterable[UUID]) -> list[str]:
    """What the two do not say themselves, but those they are linked with."""
    first, second = profiles(group), profiles(others)
    names = ["told-apart"] if told_apart(first, second) else []
    levels = {number_level(one.number, other.number) for one in first.values() for other in second.values()}
    return [*names, *(["two-numbers"] if DIFFERENT in levels else [])]


def _pair(one: Profile, other: Profile, comparison: Comparison, at: datetime) -> Pair:
    return Pair(
        citizen_id=one.citizen_id,
        other_id=other.citizen_id,
        **_weighed(comparison),
        province_code=one.province,
        other_province_code=other.province,
        facility_id=one.facility_id,
        other_facility_id=other.facility_id,
        found_at=at,
    )


def _weighed(comparison: Comparison) -> dict[str, Any]:
    return {
        "weight": _bits(comparison.weight),
        "prior": _bits(comparison.prior),
        "fields": [(field, level, float(_bits(bits))) for field, level, bits in comparison.fields],
        "vetoes": [veto.name for veto in comparison.vetoes],
        "weights_version": shipped().version,
    }


def _link(pair: Pair, reason: str, *, by: Actor, at: datetime) -> None:
    """The later identity is said to be the earlier one; nothing to do where they are joined already."""
    if pair.other_id in identities_of([pair.citizen_id]):
        return
    links.link(pair.other_id, pair.citizen_id, evidence=Evidence(Kind.MATCHING), reason=reason, by=by, at=at)


def _check_persons(pair: Pair, by: Actor) -> None:
    """A facility joins no two persons, by way of others neither: who is one of the two would read both. Nobody joins whom
    a wristband tells apart."""
    links.one_after_another()
    some, others = identities_of([pair.citizen_id]), identities_of([pair.other_id])
    if pair.citizen_id not in others:
        check_may_be_one(some, others)
    if _facility_of(by) != REGISTRY and are_two_persons(some, others):
        raise TwoPersons


def _close(pair: Pair, state: State, reason: str, *, by: Actor, at: datetime) -> None:
    pair.state, pair.reason, pair.decided_by, pair.decided_by_label = state, reason, str(by), by.label
    pair.decided_at = at
    pair.save(update_fields=["state", "reason", "decided_by", "decided_by_label", "decided_at"])


def _note(pair: Pair, act: str, detail: dict[str, Any], *, by: Actor, at: datetime) -> None:
    sides = ((pair.citizen_id, pair.other_id), (pair.other_id, pair.citizen_id))
    Journal(_facility_of(by), day_of(at)).add(
        Event(at, str(by), f"identity-pair:{act}", f"citizen:{one}", BASIS, one, {**detail, "other": str(other)})
        for one, other in sides
    )


def _facility_of(by: Actor) -> UUID:
    return next((grant.facility_id for grant in by.grants if grant.facility_id), REGISTRY)


def _why(reason: str, answer: Answer) -> str:
    why = reason.strip()
    if not why and answer is not Answer.LATER:
        raise WhyMissing(field="reason")
    if len(why) > LONGEST_REASON:
        raise WhyTooLong(field="reason", limit=LONGEST_REASON)
    return why


def _add_keys(new: Iterable[Profile]) -> None:
    rows = [(key, one.citizen_id) for one in new for key in keys_of(one)]
    if rows:
        keys, who = pg.columns(rows)
        pg.ask(_ADD_KEYS, [[str(key) for key in keys], [str(one) for one in who]])()


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _bits(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")
