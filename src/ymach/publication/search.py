"""Finding licences among a million as somebody types: by number, by name with or without tone marks, by place.

In stages, each bounded, and only as long as the page is not full: the name as a whole and its beginning from one
ordered index, then its words in any order, then words with one typing error. Nothing ever sorts more than CAP rows.
What is too common is said to be so (`Found.is_more`) instead of being paged through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.periods import Period
from ymach.base.vietnamese import fold
from ymach.publication import numbers
from ymach.publication.queries import by_ids, clean, stops
from ymach.publication.rules import Entry, judge
from ymach.publication.spelling import Spelling, same_names, spelling_of
from ymach.publication.vocabulary import Vocabulary, vocabulary

SHOWN = 20
CAP = 100
COUNTED = 1000
TOO_COMMON = 0.08
"""Share of all entries above which a word alone is not looked up: the index would read half of itself."""
COMMON = 0.2
"""Beside a rarer word, the index is asked for words up to this share; the others are looked at row by row."""
FEW = 5
"""With fewer hits than this, words with a typing error are looked for too."""
MAX_TEXT = 100
MEANT = 12
"""More facilities than this under one name are offered to choose from; their staff is not looked through."""

EXACT, EQUAL, BEGINS_EXACTLY, BEGINS, WORDS_EXACTLY, WORDS, NEARLY = range(7)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: a name or number, and a facility (code or name), a province and a title (codes)."""

    text: str = ""
    facility: str = ""
    province: str = ""
    title: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.text.strip() or self.facility.strip())


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility that is meant by a name."""

    code: str
    name: str
    province: str


@dataclass(frozen=True, slots=True)
class Found:
    """entries: the best, at most SHOWN. near: from this place on they are only like what was asked.

    count: how many there are, or at least; is_more: there are more than were counted, ask for a narrower search.
    facilities: those meant by the facility's name, or by the text where no person has that name.
    """

    entries: tuple[Entry, ...] = ()
    near: int = 0
    count: int = 0
    is_more: bool = False
    facilities: tuple[Facility, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that fits, before the best are chosen."""

    licence_id: UUID
    name: str
    folded: str
    sort_key: str
    may_practise: bool
    rank: int = NEARLY


@dataclass(frozen=True, slots=True)
class Places:
    """The condition of a facility and a province, as tags and as facts of the day."""

    codes: tuple[str, ...] = ()
    province: str = ""
    title: str = ""
    on: date = date.min

    @property
    def tags(self) -> list[list[str]]:
        """All of these groups, one of each."""
        groups = [[f"f_{code}" for code in self.codes], [f"p_{self.province}"] * bool(self.province)]
        return [group for group in (*groups, [f"t_{self.title}"] * bool(self.title)) if group]

    @property
    def parameters(self) -> dict[str, Any]:
        """For `_WHERE`."""
        tags = tsquery(self.tags) or None
        return {"tags": tags, "codes": list(self.codes) or None, "province": self.province or None, "day": self.on}


def search(wanted: Wanted, *, on: date) -> Found:
    """The licences that fit best on a day in Viet Nam. Blank words find nothing; no text is an error."""
    wanted = _cleaned(wanted)
    if wanted.is_blank:
        return Found()
    meant = facilities_like(wanted.facility, on=on, province=wanted.province) if wanted.facility else ()
    if wanted.facility and not 0 < len(meant) <= MEANT:
        return Found(facilities=meant[:SHOWN], is_more=bool(meant))
    places = Places(tuple(dict.fromkeys(one.code for one in meant)), wanted.province, wanted.title, on)
    if numbers.looks_like_number(wanted.text):
        found = _by_number(wanted.text, places)
    elif wanted.text:
        found = _by_name(spelling_of(wanted.text), places)
    else:
        staff = _matching(places.tags, places.tags, places)
        found = _found([replace(one, rank=WORDS) for one in staff], on)
    if not (found.entries or found.is_more or meant) and wanted.text:
        meant = facilities_like(wanted.text, on=on, province=wanted.province)
    return replace(found, facilities=meant[:SHOWN])


def facilities_like(text: str, *, on: date, province: str = "") -> tuple[Facility, ...]:
    """The facilities with that code, or whose name holds the words; at most CAP, in the order of their names."""
    folded, code = fold(text), text.strip().upper()
    if len(folded) < 2:
        return ()
    where = {"day": on, "province": province or None, "most": CAP}
    with pg.cursor() as cursor:
        cursor.execute(_FACILITIES, {**where, "code": code, "like": f"%{_escaped(folded)}%"})
        return tuple(Facility(*row) for row in cursor)


def _cleaned(wanted: Wanted) -> Wanted:
    parts = (wanted.text, wanted.facility, wanted.province, wanted.title)
    return Wanted(*(" ".join(clean(part)[:MAX_TEXT].split()) for part in parts))


def _by_number(text: str, places: Places) -> Found:
    key = clean(numbers.key_of(text))
    parameters = {**places.parameters, "start": key, "end": _after(key), "most": CAP}
    exact = _candidates(_NUMBER_BEGINS, parameters, on=places.on)
    exact = [replace(one, rank=EXACT) for one in exact]
    near: list[Candidate] = []
    if not exact:
        keys = [clean(one) for one in numbers.near(key)]
        near = _candidates(_NUMBER_NEAR, {**places.parameters, "keys": keys, "most": CAP}, on=places.on)
    return _found([*exact, *near], places.on)


def _by_name(asked: Spelling, places: Places) -> Found:
    known = vocabulary()
    found: dict[UUID, Candidate] = {}
    is_narrow = bool(places.tags)
    _take(found, _equal(asked, places), asked)
    if len(found) < SHOWN and (not is_narrow or len(asked.words) > 2):
        _take(found, _beginning(asked, places), asked)
    # Three words in their order are a name: whoever bears it is meant, not those who have the words in another order.
    skipped, is_named = False, bool(found) and len(asked.words) > 2
    if len(found) < SHOWN and not is_named:
        hits, skipped = _any_order(asked, places, known)
        _take(found, hits, asked)
    if len(found) < FEW and not (skipped or is_named):
        _take(found, _with_typos(asked, places, known), asked)
    count = _count(asked) if len(found) >= CAP and not is_narrow else len(found)
    return _found(found.values(), places.on, count=max(count, len(found)), is_more=skipped or len(found) >= CAP)


def _take(found: dict[UUID, Candidate], hits: Iterable[Candidate], asked: Spelling) -> None:
    for hit in hits:
        found.setdefault(hit.licence_id, replace(hit, rank=_rank(hit, asked)))


def _rank(hit: Candidate, asked: Spelling) -> int:
    marks_agree = asked.agrees_with(hit.name)
    if hit.folded == asked.folded:
        return EXACT if marks_agree else EQUAL
    if hit.folded.startswith(asked.folded):
        return BEGINS_EXACTLY if marks_agree else BEGINS
    if asked.has_all_words_of(hit.folded):
        return WORDS_EXACTLY if marks_agree else WORDS
    there = hit.folded.split(" ")
    return NEARLY + sum(word not in there for word in asked.words)


def _found(hits: Iterable[Candidate], on: date, *, count: int | None = None, is_more: bool | None = None) -> Found:
    ordered = sorted(hits, key=lambda hit: (hit.rank, not hit.may_practise, hit.sort_key, hit.licence_id))
    shown = ordered[:SHOWN]
    return Found(
        entries=tuple(by_ids([hit.licence_id for hit in shown])),
        near=sum(hit.rank < NEARLY for hit in shown),
        count=len(ordered) if count is None else count,
        is_more=len(ordered) >= CAP if is_more is None else is_more,
    )


def _equal(asked: Spelling, places: Places) -> list[Candidate]:
    base = {**places.parameters, "folded": asked.folded, "most": CAP}
    hits: list[Candidate] = []
    if asked.has_marks:
        hits = _candidates(_NAME_MARKS, {**base, "orders": same_names(asked.text)}, on=places.on)
    return hits if len(hits) >= SHOWN else [*hits, *_candidates(_NAME_EQUAL, base, on=places.on)]


def _beginning(asked: Spelling, places: Places) -> list[Candidate]:
    ends = {"start": asked.folded, "end": _after(asked.folded)}
    return _candidates(_NAME_BEGINS, {**places.parameters, **ends, "most": CAP}, on=places.on)


def _any_order(asked: Spelling, places: Places, known: Vocabulary) -> tuple[list[Candidate], bool]:
    """Words in any order, the last one perhaps unfinished; True beside nothing when all words are too common."""
    *complete, last = asked.words
    shares = {**{word: known.share(word) for word in complete}, f"{last}:*": known.share_of_prefix(last)}
    driver = _driver(shares, most=3)
    if not (driver or places.tags):
        return [], True
    whole = [*([word] for word in complete), [f"{last}:*"], *places.tags]
    return _matching([*([word] for word in driver), *places.tags], whole, places), False


def _driver(shares: dict[str, float], *, most: int) -> list[str]:
    """The rarest words, which the index is asked for; none when even the rarest is too common."""
    rarest = sorted(shares, key=lambda word: shares[word])
    if shares[rarest[0]] > TOO_COMMON:
        return []
    return [word for word in rarest[:most] if shares[word] <= COMMON]


def _with_typos(asked: Spelling, places: Places, known: Vocabulary) -> list[Candidate]:
    """First an error only in the words that no name has, then in every word."""
    near = [known.near(word) for word in asked.words]
    strict = [[word] if word in found else found for word, found in zip(asked.words, near, strict=True)]
    hits = _alike(strict, places, known)
    return hits if len(hits) >= FEW else [*hits, *_alike(near, places, known)]


def _alike(groups: list[list[str]], places: Places, known: Vocabulary) -> list[Candidate]:
    if not all(groups):
        return []
    ordered = sorted(groups, key=lambda group: sum(map(known.share, group)))
    if sum(map(known.share, ordered[0])) > COMMON and not places.tags:
        return []
    return _matching([*ordered[:2], *places.tags], [*groups, *places.tags], places)


def _matching(driver: list[list[str]], whole: list[list[str]], places: Places) -> list[Candidate]:
    parameters = {**places.parameters, "driver": tsquery(driver), "whole": tsquery(whole), "most": CAP, "read": 3 * CAP}
    return _candidates(_MATCHING, parameters, on=places.on)


def _candidates(statement: str, parameters: dict[str, Any], *, on: date) -> list[Candidate]:
    with pg.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_candidate(row, on) for row in cursor]


def _candidate(row: tuple[Any, ...], on: date) -> Candidate:
    key, name, folded, sort_key, start, end, revoked_on, suspensions, bans = row
    facts = replace(_NOTHING, valid=Period(start, end), suspensions=stops(suspensions), bans=stops(bans))
    return Candidate(key, name, folded, sort_key, judge(replace(facts, revoked_on=revoked_on), on).may_practise)


def _count(asked: Spelling) -> int:
    with pg.cursor() as cursor:
        cursor.execute(_COUNT, {"start": asked.folded, "end": _after(asked.folded), "most": COUNTED + 1})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def tsquery(groups: Iterable[Iterable[str]]) -> str:
    """All groups, one word of each; a word ends in `:*` where it is only a beginning. Any text is taken as a word."""
    return " & ".join(f"({' | '.join(map(_lexeme, group))})" for group in groups)


def _lexeme(word: str) -> str:
    bare, begins = word.removesuffix(":*"), ":*" if word.endswith(":*") else ""
    doubled = bare.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'{begins}"


def _after(text: str) -> str:
    """A text that sorts after everything that begins with `text`, byte by byte."""
    return f"{text}\U0010ffff"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_NOTHING = Entry(UUID(int=0), "", "", "", "", "", "", date.min, Period())

_TAKEN = """
SELECT licence_id, name, folded, sort_key, lower(valid), upper(valid), revoked_on, suspensions::text, bans::text
"""
# The tags hold former places too; whether somebody is there on the day, the places say.
_WHERE = """
(%(tags)s::text IS NULL OR (terms @@ %(tags)s::tsquery
  AND (%(codes)s::text[] IS NULL AND %(province)s::text IS NULL OR EXISTS (
    SELECT FROM jsonb_array_elements(places) AS place
    WHERE (%(codes)s::text[] IS NULL OR place ->> 'code' = ANY (%(codes)s::text[]))
      AND (%(province)s::text IS NULL OR place ->> 'province' = %(province)s::text)
      AND coalesce((place ->> 'until')::date > %(day)s, true)))))
"""
_FROM = f"{_TAKEN} FROM publication_entry"
_NAME_MARKS = f"""{_FROM} WHERE folded = %(folded)s AND sort_key = ANY (%(orders)s::text[]) AND {_WHERE}
LIMIT %(most)s"""
_NAME_EQUAL = f"{_FROM} WHERE folded = %(folded)s AND {_WHERE} ORDER BY sort_key LIMIT %(most)s"
_NAME_BEGINS = f"""{_FROM} WHERE folded ~>=~ %(start)s AND folded ~<~ %(end)s AND {_WHERE}
ORDER BY folded USING ~<~, sort_key LIMIT %(most)s"""
_COUNT = """
SELECT count(*) FROM (
  SELECT FROM publication_entry WHERE folded ~>=~ %(start)s AND folded ~<~ %(end)s LIMIT %(most)s) AS counted
"""
_NUMBER_BEGINS = f"""{_FROM} WHERE number_key ~>=~ %(start)s AND number_key ~<~ %(end)s AND {_WHERE}
ORDER BY number_key USING ~<~ LIMIT %(most)s"""
_NUMBER_NEAR = f"{_FROM} WHERE number_key = ANY (%(keys)s::text[]) AND {_WHERE} LIMIT %(most)s"
_MATCHING = f"""{_TAKEN} FROM ymach_publication_matching(%(driver)s::tsquery, %(whole)s::tsquery, %(read)s::int) AS e
WHERE {_WHERE} LIMIT %(most)s"""
_FACILITIES = """
SELECT code, name, province_code FROM facilities_facility
WHERE (code = %(code)s OR name_folded LIKE %(like)s) AND valid @> %(day)s::date
  AND (%(province)s::text IS NULL OR province_code = %(province)s::text)
ORDER BY code = %(code)s DESC, sort_key LIMIT %(most)s
"""
