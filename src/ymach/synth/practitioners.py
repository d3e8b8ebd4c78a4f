"""Practitioners for a list of facilities: names, numbers, licences of both generations, hours that never overlap. Pure.

Made one by one, so that a country of 850,000 needs no more memory than its facilities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from ymach.base.licence_numbers import number_key
from ymach.base.periods import Period
from ymach.synth.facilities import Form, forms, hours
from ymach.synth.geography import Province, province, provinces
from ymach.synth.model import Facility, Licence, Practitioner, Registration, Revocation, Suspension
from ymach.synth.names import full_name
from ymach.synth.numbers import personal_number, uuid7_of
from ymach.synth.tables import rows

# Law 15/2023/QH15 is in force from this day: licences (GPHN) since then, certificates (CCHN) before.
NEW_LAW = date(2024, 1, 1)
_FIRST_CERTIFICATE = date(2012, 3, 1)
# Decree 96/2023/NĐ-CP Art. 143: certificates that were not converted end in 2035, on their own day and month.
_CERTIFICATES_END = 2035
_LICENCE_YEARS = 5

SCOPES = {"b": "X", "c": "XII", "d": "XIII", "đ": "XIV", "e": "XV", "g": "XVIII", "h": "XVI"}
POSITIONS = {
    "a": "Bác sỹ điều trị",
    "b": "Y sỹ",
    "c": "Điều dưỡng viên",
    "d": "Hộ sinh viên",
    "đ": "Kỹ thuật viên",
    "e": "Cử nhân dinh dưỡng",
    "g": "Cấp cứu viên",
    "h": "Chuyên viên tâm lý",
    "i": "Lương y",
    "k": "Người có bài thuốc gia truyền",
}
_WOMEN = {"a": 0.46, "b": 0.55, "c": 0.84, "d": 0.98, "đ": 0.5, "e": 0.85, "h": 0.7}
_ONLY_BY_NEW_LAW = frozenset("egh")
_WITHOUT_TERM = frozenset("ik")
_BY_MINISTRY, _CONVERTED = 0.1, 0.06
_EVENING_FORMS = frozenset({"CLIN_POLY", "CLIN_SPEC", "CLIN_MULTI", "CLIN_DOC", "CLIN_DENT"})
_LEAVES_EVENINGS_FREE = {"hospital": 0.09, "station": 0.06, "mornings": 0.6}
_LEAVES_SUNDAYS_FREE = frozenset({"hospital", "station", "mornings"})


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a thousand practitioners cannot practise, and why."""

    suspended: float = 4
    revoked: float = 4
    expired: float = 6


DEFAULT_SHARES = Shares()


def make_practitioners(
    rng: Random,
    count: int,
    facilities: Sequence[Facility],
    *,
    on: date,
    first_serial: int = 0,
    shares: Shares = DEFAULT_SHARES,
) -> Iterator[Practitioner]:
    """`count` people spread over `facilities` by form; the first at each place is its technical head.

    on: the day of the picture; what lies after it has not happened. first_serial: of their personal numbers.
    """
    maker = _Maker(rng, facilities, on, first_serial, shares)
    for facility, size in _staffing(rng, facilities, count):
        for place in range(size):
            yield maker.person(facility, is_head=place == 0)


def _staffing(rng: Random, facilities: Sequence[Facility], count: int) -> Iterator[tuple[Facility, int]]:
    """One to each facility as far as there are people, the rest by the size of the form; sums to `count`."""
    weights = [forms()[one.form].staff * rng.lognormvariate(0, 0.5) for one in facilities]
    heads = min(count, len(facilities))
    per_weight = (count - heads) / (sum(weights) or 1)
    owed, given = 0.0, 0
    for place, (facility, weight) in enumerate(zip(facilities, weights, strict=True), 1):
        owed += weight * per_weight
        more = (count - heads if place == len(facilities) else round(owed)) - given
        given += more
        yield facility, more + (place <= heads)


class _Maker:
    """What people of one country have in common: running numbers, and where evening work is to be had."""

    def __init__(
        self, rng: Random, facilities: Sequence[Facility], on: date, first_serial: int, shares: Shares
    ) -> None:
        self._rng, self._on, self._serial, self._shares = rng, on, first_serial, shares
        self._numbers: dict[str, int] = defaultdict(int)
        self._evening_places: dict[str, list[Facility]] = defaultdict(list)
        for one in facilities:
            if one.form in _EVENING_FORMS and one.licences[-1].valid.end is None:
                self._evening_places[one.province_code].append(one)

    def person(self, facility: Facility, *, is_head: bool) -> Practitioner:
        rng, form = self._rng, forms()[facility.form]
        title = form.head if is_head else form.titles.pick(rng)
        sex = "2" if rng.random() < _WOMEN.get(title, 0.3) else "1"
        born = self._born(title)
        home = self._home(facility)
        self._serial += 1
        licences = self._licences(title, _scopes(rng, title, form), born, home)
        registrations = tuple(self._registrations(facility, form, title, licences[-1], is_head))
        last = replace(licences[-1], registrations=registrations)
        return Practitioner(
            id=uuid7_of(rng, 10_000_000 + self._serial),
            personal_number=personal_number(rng.choice(home.former), sex, born, self._serial - 1),
            full_name=full_name(rng, sex, born.year),
            birth_date=born,
            sex=sex,
            licences=(*licences[:-1], last if is_head else self._stopped(last)),
        )

    def _born(self, title: str) -> date:
        youngest, oldest = (42, 76) if title in _WITHOUT_TERM else (25, 61)
        age = youngest + (oldest - youngest) * (self._rng.random() ** 1.4)
        return self._on - timedelta(days=int(age * 365.25))

    def _home(self, facility: Facility) -> Province:
        if self._rng.random() < 0.75:
            return province(facility.province_code)
        return self._rng.choice(provinces())

    def _licences(self, title: str, scopes: tuple[str, ...], born: date, home: Province) -> tuple[Licence, ...]:
        issued = self._first_issued(title, born)
        first = self._licence(title, scopes, issued, home)
        if first.generation == "licence" or title in _WITHOUT_TERM or self._rng.random() > _CONVERTED:
            return (first,)
        second = self._licence(title, scopes, self._day(NEW_LAW, self._on), home)
        return replace(first, valid=Period(issued, second.issued_on)), second

    def _first_issued(self, title: str, born: date) -> date:
        earliest = NEW_LAW if title in _ONLY_BY_NEW_LAW else _FIRST_CERTIFICATE
        trained = born + timedelta(days=int(24.3 * 365.25))
        latest = self._on - timedelta(days=90)
        return self._day(min(max(earliest, trained), latest - timedelta(days=30)), latest)

    def _licence(self, title: str, scopes: tuple[str, ...], issued: date, home: Province) -> Licence:
        is_old = issued < NEW_LAW
        by_ministry = self._rng.random() < _BY_MINISTRY
        former = self._rng.choice(home.former) if is_old else home.code
        suffix = "BYT" if by_ministry else suffixes()[former]
        kind = f"{suffix}-CCHN" if is_old else f"{suffix}-GPHN"
        key = number_key(kind)
        self._numbers[key] += 1
        return Licence(
            number=f"{self._numbers[key]:06d}/{kind}",
            generation="certificate" if is_old else "licence",
            title=title,
            scopes=scopes,
            issuer="Bộ Y tế" if by_ministry else f"Sở Y tế {home.name}",
            issued_on=issued,
            valid=Period(issued, _ends(title, issued, is_old)),
            issuer_province_code=None if by_ministry else home.code,
        )

    def _registrations(
        self, facility: Facility, form: Form, title: str, licence: Licence, is_head: bool
    ) -> Iterator[Registration]:
        key = form.hours.things[0] if is_head else form.hours.pick(self._rng)
        start = self._day(max(facility.valid.start or licence.issued_on, licence.issued_on), self._on)
        position = "Người chịu trách nhiệm chuyên môn kỹ thuật" if is_head else POSITIONS[title]
        yield Registration(facility.id, facility.code, Period(start), hours()[key], position, is_head)
        if not is_head and self._rng.random() < _LEAVES_EVENINGS_FREE.get(key, 0):
            yield from self._evening_work(facility, title, key, start)

    def _evening_work(self, facility: Facility, title: str, key: str, since: date) -> Iterator[Registration]:
        places = self._evening_places[facility.province_code]
        place = self._rng.choice(places) if places else facility
        if place is facility or title in _WITHOUT_TERM:
            return
        evening = self._rng.choice(("evenings", "evenings_three") if key in _LEAVES_SUNDAYS_FREE else ("evenings",))
        start = self._day(since, self._on)
        yield Registration(place.id, place.code, Period(start), hours()[evening], POSITIONS[title])

    def _stopped(self, licence: Licence) -> Licence:
        """The licence, or for a few people what has become of it."""
        chance, shares = self._rng.random() * 1000, self._shares
        if chance < shares.suspended:
            return self._suspended(licence)
        if chance < shares.suspended + shares.revoked:
            return self._revoked(licence)
        if chance < shares.suspended + shares.revoked + shares.expired:
            day = max(self._day(licence.issued_on, self._on), _after_begun(licence))
            return replace(licence, valid=Period(licence.valid.start, day))
        return licence

    def _suspended(self, licence: Licence) -> Licence:
        start = max(_after_begun(licence), self._on - timedelta(days=self._rng.randrange(1, 200)))
        period = Period(start, start + timedelta(days=30 * self._rng.randrange(7, 24)))
        decision = f"{self._rng.randrange(10, 999)}/QĐ-SYT"
        suspension = Suspension(period, "Sai sót chuyên môn theo kết luận của hội đồng", decision)
        return replace(licence, suspensions=(suspension,))

    def _revoked(self, licence: Licence) -> Licence:
        day = self._day(max(licence.issued_on, self._on - timedelta(days=700)), self._on)
        decision = f"{self._rng.randrange(10, 999)}/QĐ-SYT"
        return replace(
            licence,
            valid=Period(licence.valid.start, day),
            revocation=Revocation(day, "Không hành nghề quá 24 tháng liên tục", decision),
            registrations=tuple(_ended(one, day) for one in licence.registrations),
        )

    def _day(self, first: date, last: date) -> date:
        """A day after `first` and before `last`, or the day after `first` when there is none between."""
        return first + timedelta(days=1 + self._rng.randrange(max((last - first).days - 1, 1)))


def _after_begun(licence: Licence) -> date:
    """The first day on which every registration under the licence has begun: nobody registers while they may not."""
    begun = [one.valid.start for one in licence.registrations if one.valid.start]
    return max([licence.issued_on, *(day + timedelta(days=1) for day in begun)])


def _ended(registration: Registration, on: date) -> Registration:
    start = registration.valid.start or on
    return replace(registration, valid=Period(min(start, on - timedelta(days=1)), on))


def _scopes(rng: Random, title: str, form: Form) -> tuple[str, ...]:
    if title == "a":
        scope = rng.choice(form.physician_scopes)
        return ("V", "IX") if scope == "IX" else (scope,)
    if title == "b" and form.code.endswith("TRAD"):
        return ("XI",)
    return (SCOPES[title],) if title in SCOPES else ()


def _ends(title: str, issued: date, is_old: bool) -> date | None:
    if title in _WITHOUT_TERM:
        return None
    year = _CERTIFICATES_END if is_old else issued.year + _LICENCE_YEARS
    return issued.replace(year=year, day=min(issued.day, 28))


@cache
def suffixes() -> dict[str, str]:
    """Suffixes of licence numbers by former province."""
    return {row["old_province"]: row["suffix"] for row in rows("registry/licence_suffixes.csv")}
