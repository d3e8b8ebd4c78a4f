"""From what is seen of the running system to what the components take: the public state, and what one facility is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ymach.base.text import Text
from ymach.exchange.deliveries.names import words_of
from ymach.exchange.operations.public import PublicDestination, PublicStatus
from ymach.exchange.operations.rules import Outage, Standing
from ymach.web import formatting
from ymach.web.parts import Hop, Stat, Todo
from ymach.web.shown import submissions as shown

STANDING = {
    Standing.ANSWERING: ("accepted", Text("Thông", "Answering")),
    Standing.FAILING: ("accepted_with_findings", Text("Chập chờn", "Unsteady")),
    Standing.AWAY: ("stuck", Text("Tạm nghỉ", "Away")),
    Standing.UNSERVED: ("rejected", Text("Chưa giao được", "Not served")),
    Standing.UNUSED: ("waiting", Text("Chưa dùng", "Not in use")),
}
"""The badge of each standing, and its word."""

NOTHING_TO_SEND_AGAIN = Text(
    "Biên nhận vẫn có giá trị, không phải gửi lại. Hồ sơ chờ ở đây và tự đi tiếp khi nơi nhận trở lại.",
    "Receipts stay valid and nothing has to be sent again. Dossiers wait here and go on by themselves when it is back.",
)


@dataclass(frozen=True, slots=True)
class DayAway:
    """One day of a destination: for how long it was away. tone: "good", "note" (up to an hour) or "bad"."""

    day: date
    words: Text
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ShownDestination:
    """A line of the public page."""

    name: Text
    state: str
    word: Text
    note: Text | str
    delivered: int
    waiting: int | None
    delay: Text | str
    days: Sequence[DayAway]


def destination_line(one: PublicDestination, at: datetime) -> ShownDestination:
    """A destination as everybody may see it."""
    state, word = STANDING[one.standing]
    delay = formatting.duration(one.delay) if one.delay is not None else formatting.EMPTY
    days = [_day_away(day, away) for day, away in one.days]
    return ShownDestination(
        words_of(one.name),
        state,
        word,
        since_note(one.away_since, one.next_try, at),
        one.delivered,
        one.waiting,
        delay,
        days,
    )


def since_note(since: datetime | None, next_try: datetime | None, at: datetime) -> Text | str:
    """Since when a destination is away, for how long that is, and when it is tried next; empty while it answers."""
    if since is None:
        return ""
    length, moment = formatting.duration((at - since).total_seconds()), formatting.moment(since)
    vi, en = f"từ {moment}, đã {length.vi}", f"since {moment}, for {length.en}"
    if next_try is None or next_try <= at:
        return Text(vi, en)
    clock = formatting.clock(next_try, seconds=True)
    return Text(f"{vi}; thử lại lúc {clock}", f"{en}; next try {clock}")


def outcome_stats(status: PublicStatus) -> list[Stat]:
    """What came in today and what became of it, without links: the lists behind are not public."""
    counts = {(status.day, "submission", outcome): number for outcome, number in status.outcomes.items()}
    return shown.outcome_stats(counts, [status.day], {})


def outage_line(outages: Sequence[Outage], at: datetime) -> list[Hop]:
    """Outages, the newest first: which destination, from when to when, how long."""
    return [_outage(one, at) for one in outages]


def outages(away: Mapping[str, datetime], at: datetime) -> list[Todo]:
    """What a facility reads while partners are away: since when, and that nothing has to be done."""
    found = []
    for name, since in away.items():
        word, moment = words_of(name), formatting.moment(since)
        length = formatting.duration((at - since).total_seconds())
        title = Text(
            f"{word.vi} tạm nghỉ từ {moment} (đã {length.vi}).", f"{word.en}: away since {moment} (for {length.en})."
        )
        found.append(Todo("note", "wait", title, NOTHING_TO_SEND_AGAIN))
    return found


def _outage(one: Outage, at: datetime) -> Hop:
    length = formatting.duration(((one.ended_at or at) - one.began_at).total_seconds())
    if one.ended_at is None:
        note = Text(f"chưa trở lại, đã {length.vi}", f"not back yet, for {length.en}")
        return Hop("stuck", words_of(one.destination), note, "bad", at=one.began_at)
    back = formatting.clock(one.ended_at, seconds=True)
    note = Text(f"trở lại lúc {back}, nghỉ {length.vi}", f"back at {back}, away for {length.en}")
    return Hop("ok", words_of(one.destination), note, "good", at=one.began_at)


def _day_away(day: date, away: timedelta) -> DayAway:
    if not away:
        return DayAway(day, Text("thông cả ngày", "answering all day"), "good", "ok")
    length = formatting.duration(away.total_seconds())
    words = Text(f"nghỉ {length.vi}", f"away {length.en}")
    return DayAway(
        day, words, "bad" if away > timedelta(hours=1) else "note", "stuck" if away > timedelta(hours=1) else "note"
    )
