"""Checking a list of licences at once, in place of an official letter to each department that issued one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.errors import NotFound
from ymach.base.licence_numbers import number_key
from ymach.base.text import Text
from ymach.publication.models import CheckList
from ymach.publication.queries import check_many, clean
from ymach.publication.rules import Entry, judge, word_of
from ymach.publication.spelling import same_person

MOST_LINES = 2000
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a licence number as written, and the name it should belong to, if one was given."""

    number: str
    name: str = ""


class Result(StrEnum):
    """What a line came to."""

    IN_ORDER = "in-order"
    IN_PART = "suspended-in-part"
    STOPPED = "may-not-practise"
    OTHER_NAME = "name-differs"
    UNKNOWN = "not-found"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """The verdict of one line; `words` say the state or what is wrong with the line."""

    line: Line
    result: Result
    words: Text
    entry: Entry | None = None


OTHER_NAME = Text("Số có thật, nhưng tên khác", "The number exists under another name")
UNKNOWN = Text("Không có số này trong sổ bộ", "The registry has no such number")
BLANK = Text("Dòng không có số giấy phép", "The line has no licence number")


def verdicts_of(lines: Sequence[Line], *, on: date) -> list[LineVerdict]:
    """A verdict for each line, in order; one statement for all."""
    found = check_many(line.number for line in lines)
    return [_verdict(line, found.get(clean(number_key(line.number))), on) for line in lines]


def keep_list(lines: Iterable[Line], *, by: Actor, at: datetime) -> UUID:
    """Keep a list for the asker for a month, under the key that is answered; lists older than that go."""
    CheckList.objects.filter(asked_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    kept = [[clean(line.number)[:200], clean(line.name)[:200]] for line in lines]
    return CheckList.objects.create(asked_by=str(by), asked_at=at, lines=kept).id


def kept_list(key: UUID, *, by: Actor) -> tuple[list[Line], datetime]:
    """A list and when it was asked, for its asker alone. Raises NotFound."""
    found = CheckList.objects.filter(id=key, asked_by=str(by)).first()
    if found is None:
        raise NotFound
    return [Line(number, name) for number, name in found.lines], found.asked_at


def lists_of(by: Actor) -> list[CheckList]:
    """The asker's lists of the last month, the newest first, at most twenty."""
    return list(CheckList.objects.filter(asked_by=str(by)).order_by("-asked_at")[:20])


def _verdict(line: Line, entry: Entry | None, on: date) -> LineVerdict:
    if not line.number.strip():
        return LineVerdict(line, Result.BLANK, BLANK)
    if entry is None:
        return LineVerdict(line, Result.UNKNOWN, UNKNOWN)
    if line.name.strip() and not same_person(line.name, entry.name):
        # Whose number it is stands in the public check already; here it shows the mistake.
        return LineVerdict(line, Result.OTHER_NAME, OTHER_NAME, entry)
    verdict = judge(entry, on)
    words = word_of(verdict)
    if not verdict.may_practise:
        return LineVerdict(line, Result.STOPPED, words, entry)
    return LineVerdict(line, Result.IN_PART if verdict.is_partial else Result.IN_ORDER, words, entry)
