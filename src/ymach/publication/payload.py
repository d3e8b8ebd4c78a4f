"""A verdict as programs read it. The public fields and no others: this list is the only way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from ymach.base.clock import iso, vietnam_day
from ymach.base.kept import Kept
from ymach.base.text import Text
from ymach.base.weekly import print_schedule
from ymach.catalogues.queries import search as catalogue_entries
from ymach.publication.rules import Entry, Place, Stop, judge, last_day, places_on, sentence_of, word_of

KEPT_SECONDS = 300


def verdict_body(entry: Entry, at: datetime) -> dict[str, Any]:
    """Everything the public may know of a licence at a moment, as plain JSON values; days are ISO, last days included."""
    on = vietnam_day(at)
    verdict = judge(entry, on)
    return {
        "id": str(entry.licence_id),
        "number": entry.number,
        "name": entry.name,
        "title": {"code": entry.title, **both(title_words(entry.title, on))},
        "scopes": list(entry.scopes),
        "generation": entry.generation,
        "issuer": entry.issuer,
        "issued_on": entry.issued_on.isoformat(),
        "valid_from": _iso(entry.valid.start),
        "valid_until": _iso(last_day(entry.valid)),
        "state": verdict.state.value,
        "in_part": verdict.is_partial,
        "may_practise": verdict.may_practise,
        "state_words": both(word_of(verdict)),
        "sentence": both(sentence_of(verdict, entry)),
        "since": _iso(verdict.since),
        "until": _iso(verdict.until),
        "decision": verdict.decision or None,
        "suspended_scopes": list(verdict.stop.scopes) if verdict.stop else [],
        "replaced_by": entry.replaced_by or None,
        "suspensions": [_stop(stop) for stop in entry.suspensions],
        "workplaces": [_place(place) for place in places_on(entry, on)],
        "computed_at": iso(at),
    }


def both(text: Text) -> dict[str, str]:
    """A sentence in both languages."""
    return {"vi": text.vi, "en": text.en}


def title_words(code: str, on: date) -> Text:
    """The professional title in words; a code that is not in the catalogue names itself."""
    return _titles(on).get(code, Text(code, code))


def scope_words(codes: Sequence[str], on: date) -> Text:
    """Scopes of practice in words; a code that is not in the catalogue names itself."""
    known = _scopes(on)
    named = [known.get(code, Text(code, code)) for code in codes]
    return Text("; ".join(one.vi for one in named), "; ".join(one.en for one in named))


def titles(on: date) -> dict[str, Text]:
    """All professional titles of the day, by code, in the order of the catalogue."""
    return _titles(on)


def _read_titles(on: date) -> dict[str, Text]:
    return _named("professional_title", on)


def _read_scopes(on: date) -> dict[str, Text]:
    return _named("practice_scope", on)


def _named(catalogue: str, on: date) -> dict[str, Text]:
    found = catalogue_entries(catalogue, "", on, limit=100)
    return {one.code: Text(one.name_vi, one.name_en or one.name_vi) for one in found}


_scopes: Kept[date, dict[str, Text]] = Kept(_read_scopes, seconds=KEPT_SECONDS, size=4)
_titles: Kept[date, dict[str, Text]] = Kept(_read_titles, seconds=KEPT_SECONDS, size=4)


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "from": _iso(stop.period.start),
        "until": _iso(last_day(stop.period)),
        "decision": stop.decision,
        "scopes": list(stop.scopes),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "facility": place.code,
        "name": place.name,
        "province": place.province,
        "position": place.position,
        "department": place.department,
        "from": _iso(place.valid.start),
        "until": _iso(last_day(place.valid)),
        "hours": print_schedule(place.schedule),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
