"""The running system as its operators see it: from the picture to what the components take. No query here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from ymach.base.logs import without_numbers
from ymach.base.text import Text
from ymach.exchange.deliveries.names import family_of, words_of
from ymach.exchange.lanes.board import LaneState
from ymach.exchange.lanes.rules import Lane
from ymach.exchange.models import Delivery
from ymach.exchange.operations.certificates import Ending, Owner
from ymach.exchange.operations.rules import Destination, Worker
from ymach.exchange.operations.troubles import Picture, Trouble
from ymach.facilities.models import Facility
from ymach.web import charts, formatting
from ymach.web.parts import Fact, Todo, Words
from ymach.web.shown.status import STANDING, since_note
from ymach.web.states import DELIVERY_STATES
from ymach.web.words import DELIVERY_WORDS

SHOWN_TROUBLES = 8
STEP = timedelta(minutes=30)
MIB, GIB = 1024**2, 1024**3
HOW = Text("Cách xử lý", "What to do")
NOTHING = Text("Không có gì cần nhìn tới lúc này.", "There is nothing to look at now.")

TROUBLES: Mapping[str, Text] = {
    "nobody-works": Text("Không có tiến trình giao nhận nào chạy.", "No worker is running."),
    "worker-lost": Text(
        "{number} tiến trình giao nhận mất tiếng, lâu nhất {length}.",
        "{number} worker(s) fell silent, up to {length} ago.",
    ),
    "nobody-watches": Text(
        "Ba phút qua không ai nhìn vào hàng chờ.", "Nobody has looked at the queues for three minutes."
    ),
    "destination-away": Text(
        "{destination} tạm nghỉ đã {length}; {number} hồ sơ chờ.", "{destination} away for {length}; {number} waiting."
    ),
    "destination-unserved": Text(
        "Không tiến trình nào phục vụ {destination}; {number} hồ sơ chờ.",
        "No worker serves {destination}; {number} waiting.",
    ),
    "queue-old": Text(
        "{destination}: hồ sơ chờ lâu nhất đã {length}, dù nơi nhận vẫn trả lời.",
        "{destination}: the oldest has waited {length}, although it answers.",
    ),
    "deliveries-stuck": Text(
        "{destination}: {number} hồ sơ tắc hoặc bị từ chối.", "{destination}: {number} stuck or refused."
    ),
    "database-connections": Text(
        "Cơ sở dữ liệu đang giữ {number} kết nối, gần hết.", "The database holds {number} connections, nearly all."
    ),
    "database-transaction": Text("Có giao dịch mở đã {length}.", "A transaction has been open for {length}."),
    "database-lag": Text("Bản sao dữ liệu chậm {length}.", "A standby lags {length} behind."),
    "disk-full": Text("Đĩa chỉ còn {number} %.", "Only {number}% of the disk is left."),
    "platform-certificate": Text(
        "{number} chứng thư của hệ thống hoặc tổ chức chứng thực hết hạn trong 30 ngày.",
        "{number} certificate(s) of the platform or an authority end within 30 days.",
    ),
    "facility-certificates": Text(
        "{number} cơ sở có chứng thư hết hạn trong 7 ngày.", "{number} facilities' certificates end within 7 days."
    ),
    "mentions-behind": Text("Chỉ mục người ký chậm {length}.", "The index of authors is {length} behind."),
}
LANES: Mapping[Lane, Text] = {
    Lane.LOOK_UP: Text("Tra cứu cấp cứu", "Emergency look-up"),
    Lane.REFERRAL: Text("Chuyển cơ sở", "Referrals"),
    Lane.PRESCRIPTION: Text("Đơn thuốc", "Prescriptions"),
    Lane.VISIT: Text("Lượt khám", "Visits"),
    Lane.HISTORY: Text("Hồ sơ cũ, gửi cả loạt", "History, in bulk"),
}
OWNERS: Mapping[Owner, Text] = {
    Owner.PLATFORM: Text("Hệ thống", "Platform"),
    Owner.AUTHORITY: Text("Tổ chức chứng thực", "Authority"),
    Owner.SYSTEM: Text("Hệ thống của Sở", "A department's system"),
    Owner.FACILITY: Text("Cơ sở", "Facility"),
}
PARTS: Mapping[str, Text] = {
    "journal": Text("chốt và kiểm nhật ký", "closing and proving the journal"),
    "letters": Text("thư", "letters"),
    "mentions": Text("chỉ mục người ký", "index of authors"),
    "reminders": Text("nhắc hạn", "reminders"),
    "events": Text("tin báo", "events"),
    "following": Text("theo dõi giấy chuyển, lịch hẹn", "following referrals and appointments"),
    "matching": Text("so danh tính người bệnh", "comparing identities"),
    "re-evaluation": Text("xét lại khi sổ bộ sửa", "judging again when the registry is corrected"),
    "revocation": Text("tải danh sách thu hồi chứng thư", "fetching revocation lists"),
}


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """One destination: how it stands, what waits, how old the oldest is, what is left, and the last hours as a line."""

    name: Text
    state: str
    word: Text
    note: Text | str
    waiting: int | None
    oldest: Text | str
    by_hand: int | None
    href: str
    delay: Text | str
    spark: charts.Spark | None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker: where it runs, what it does, whether it lives."""

    name: str
    state: str
    word: Text
    parts: Sequence[Words]
    started_at: datetime
    alive_at: datetime


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One delivery that stays until somebody acts. error: the receiver's last answer, without anybody's number."""

    dossier: str
    facility: Facility | None
    facility_code: str
    destination: Text
    state: str
    word: Text
    since: datetime
    error: str


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One lane: how full it is, what it served and refused in the last minute."""

    name: Text
    state: str
    word: Text
    lane: LaneState


def todo(found: Sequence[Trouble]) -> list[Todo]:
    """What to look at, the gravest first, each with the way to its section of the runbook."""
    return [_todo(one) for one in found[:SHOWN_TROUBLES]]


def _todo(one: Trouble) -> Todo:
    length, name = formatting.duration(one.length.total_seconds()), words_of(one.destination)
    vi = TROUBLES[one.code].vi.format(destination=name.vi, number=formatting.number(one.number, "vi"), length=length.vi)
    en = TROUBLES[one.code].en.format(destination=name.en, number=formatting.number(one.number, "en"), length=length.en)
    tone, icon = ("bad", "stuck") if one.is_grave else ("note", "note")
    return Todo(tone, icon, Text(vi, en), act=HOW, href=f"{reverse('operations-runbook')}#{one.code}")


def destination_rows(seen: Picture, ages: Mapping[str, Sequence[float]]) -> list[DestinationRow]:
    """The destinations; ages: of each, how old its oldest was over the last hours."""
    return [_destination(one, ages.get(one.name, ()), seen.at) for one in seen.destinations]


def _destination(one: Destination, ages: Sequence[float], at: datetime) -> DestinationRow:
    state, word = STANDING[one.standing]
    return DestinationRow(
        name=words_of(one.name),
        state=state,
        word=word,
        note=since_note(one.away_since, one.next_try, at),
        waiting=one.waiting,
        oldest=formatting.duration(one.oldest.total_seconds()) if one.oldest else formatting.EMPTY,
        by_hand=one.by_hand,
        href=f"{reverse('operations-deliveries')}?destination={family_of(one.name)}" if one.by_hand else "",
        delay=formatting.duration(one.delay) if one.delay is not None else formatting.EMPTY,
        spark=charts.spark(ages) if any(ages) else None,
    )


def worker_rows(workers: Sequence[Worker], at: datetime) -> list[WorkerRow]:
    """The workers, those that live first."""
    return [_worker(one, at) for one in workers]


def _worker(one: Worker, at: datetime) -> WorkerRow:
    if one.is_alive(at):
        state, word = "accepted", Text("Đang chạy", "Running")
    elif one.is_lost(at):
        state, word = "stuck", Text("Mất tiếng", "Silent")
    else:
        state, word = "waiting", Text("Đã dừng", "Stopped")
    parts = [PARTS.get(name, words_of(name)) for name in one.parts]
    return WorkerRow(f"{one.host} · {one.pid}", state, word, parts, one.started_at, one.alive_at)


def lane_rows(lanes: Sequence[LaneState]) -> list[LaneRow]:
    """The lanes of this machine's server, the most urgent first."""
    return [_lane(one) for one in lanes]


def _lane(one: LaneState) -> LaneRow:
    if one.refused:
        return LaneRow(LANES[one.lane], "held", Text("Đang hẹn lại", "Turning away"), one)
    if one.places and one.inside >= one.places:
        return LaneRow(LANES[one.lane], "accepted_with_findings", Text("Kín chỗ", "Full"), one)
    return LaneRow(LANES[one.lane], "accepted", Text("Thông", "Open"), one)


def left_row(one: Delivery, facility: Facility | None) -> LeftRow:
    """A delivery as its operators see it."""
    return LeftRow(
        *(one.dossier_code, facility, one.facility_code, words_of(one.destination), DELIVERY_STATES[one.state]),
        *(_capital(DELIVERY_WORDS[one.state]), one.created_at, without_numbers(one.last_error)),
    )


def store_facts(seen: Picture) -> list[Fact]:
    """Database, disk and backlogs."""
    store, disk = seen.database, seen.disk
    standbys = Text(f"{store.standbys} bản sao", f"{store.standbys} standby(s)") if store.standbys else ""
    lag = formatting.duration(store.lag or 0) if store.standbys else Text("Không có bản sao", "No standby")
    used = disk.total - disk.free
    return [
        Fact(Text("Cơ sở dữ liệu", "Database"), _size(store.size)),
        Fact(
            Text("Kết nối", "Connections"),
            Text(f"{store.connections} / {store.most_connections}", f"{store.connections} of {store.most_connections}"),
        ),
        Fact(Text("Giao dịch mở lâu nhất", "Oldest transaction"), _length(store.oldest)),
        Fact(Text("Bản sao chậm", "Standbys lag"), lag, standbys),
        Fact(
            Text("Đĩa của máy này", "Disk of this machine"),
            Text(f"còn {_size(disk.free).vi}", f"{_size(disk.free).en} left"),
            Text(
                f"đã dùng {formatting.percent(100 * used / disk.total, 'vi', 0)}",
                f"{100 * used / disk.total:.0f}% used",
            ),
        ),
        _mentions(seen),
        Fact(
            Text("Danh sách chờ dựng lại", "Lists to be renewed"),
            ", ".join(seen.settling) or Text("không có", "none"),
            Text("sau một lần nạp lớn", "after a large load") if seen.settling else "",
        ),
        Fact(Text("Thư chờ gửi", "Letters waiting"), str(seen.letters)),
    ]


def age_bars(ages: Mapping[str, Sequence[tuple[datetime, float]]], at: datetime, hours: int = 6) -> charts.Bars | None:
    """How old the oldest of all destinations was, in minutes, the worst of each half hour; None without any."""
    steps = hours * 2
    worst = [0.0] * steps
    for moments in ages.values():
        for moment, seconds in moments:
            place = steps - 1 - (at - moment) // STEP
            if 0 <= place < steps:
                worst[place] = max(worst[place], seconds / 60)
    if not any(worst):
        return None
    labels = [formatting.clock(at - STEP * (steps - 1 - place)) for place in range(steps)]
    columns = [charts.Column(label, (("wait", value),)) for label, value in zip(labels, worst, strict=True)]
    return charts.bars(columns, width=540)


def week_bars(weeks: Sequence[int], at: datetime) -> charts.Bars:
    """Certificates of facilities by the week of their end."""
    columns = [
        charts.Column(
            formatting.day(at + timedelta(weeks=week))[:5],
            (("bad" if not week else "note" if week < 4 else "wait", number),),
        )
        for week, number in enumerate(weeks)
    ]
    return charts.bars(columns, width=540)


def ending_tone(one: Ending, at: datetime) -> tuple[str, Text]:
    """The badge of a certificate that ends: how many weeks are left."""
    week = one.week(at)
    words = Text(f"còn {week} tuần", f"{week} weeks") if week else Text("trong tuần này", "this week")
    return ("stuck" if not week else "accepted_with_findings" if week < 4 else "waiting"), words


def _mentions(seen: Picture) -> Fact:
    name = Text("Chỉ mục người ký", "Index of authors")
    if seen.mentions_until is None:
        return Fact(name, Text("chưa đọc lần nào", "not read yet"))
    return Fact(name, _behind(seen.at - seen.mentions_until))


def _capital(words: Text) -> Text:
    return Text(words.vi[:1].upper() + words.vi[1:], words.en[:1].upper() + words.en[1:])


def _behind(length: timedelta) -> Text:
    said = formatting.duration(max(length.total_seconds(), 0))
    return Text(f"chậm {said.vi}", f"{said.en} behind")


def _length(length: timedelta | None) -> Text:
    return formatting.duration(length.total_seconds()) if length else Text("không có", "none")


def _size(size: int) -> Text:
    value, unit = (size / GIB, "GB") if size >= GIB else (size / MIB, "MB")
    places = 1 if value < 100 and unit == "GB" else 0
    vi, en = formatting.number(value, "vi", places), formatting.number(value, "en", places)
    return Text(f"{vi}{formatting.NO_BREAK}{unit}", f"{en}{formatting.NO_BREAK}{unit}")
