"""Who looked at a book: the journal in the words of the person whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.accounts.models import User
from ymach.audit.queries import Reading
from ymach.base.actors import ActorKind
from ymach.base.clock import iso
from ymach.base.text import Text
from ymach.consent.rules import Basis
from ymach.consent.words import BASIS_WORDS
from ymach.exchange.reading.models import Emergency, Verdict
from ymach.facilities.models import Facility
from ymach.web.parts import Words
from ymach.web.sources import source_words

OWN = frozenset({Basis.SELF.value, Basis.PROXY.value})
PARTS = {
    "overview": Text("trang đầu của sổ", "the first page of the book"),
    "summary": Text("tóm tắt sức khỏe", "the summary"),
    "records": Text("danh sách lần khám", "the list of visits"),
    "episode": Text("một lần khám", "one visit"),
    "dossier": Text("một hồ sơ đầy đủ", "one whole record"),
    "health": Text("bệnh, dị ứng, tiêm chủng", "diseases, allergies, vaccines"),
    "measures": Text("chỉ số, xét nghiệm", "results over time"),
    "medicines": Text("thuốc", "medicines"),
    "plans": Text("lịch hẹn, giấy chuyển", "appointments, referrals"),
    "about": Text("thông tin cá nhân", "personal details"),
    "requests": Text("yêu cầu của bạn", "your requests"),
    "differences": Text("chỗ sửa của một hồ sơ", "what was changed in a record"),
    "visit": Text("một lần khám", "one visit"),
    "readers": Text("danh sách người đã xem", "the list of readers"),
    "card": Text("thẻ khẩn cấp", "the emergency card"),
    "book-paper": Text("tải cả sổ (PDF)", "the whole book, as PDF"),
    "episode-paper": Text("tải một lần khám (PDF)", "one visit, as PDF"),
    "patient-summary": Text("tải bản tóm tắt quốc tế", "the international summary"),
}
ACTIONS = {
    "emergency-card:opened": Text("thẻ khẩn cấp của bạn", "your emergency card"),
    "emergency:opened": Text("mở hồ sơ khẩn cấp", "opened in an emergency"),
    "dossier:read": Text("một hồ sơ đầy đủ", "one whole record"),
    "prescription:looked-up": Text("đơn thuốc, để bán thuốc", "a prescription, to dispense it"),
    "prescription:read": Text("đơn thuốc", "a prescription"),
    "patient:looked-up": Text("tìm tên bạn", "looked for you"),
    "identity:looked-up": Text("tìm danh tính của bạn", "looked for your identity"),
    "identity:read": Text("các số giấy tờ của bạn", "your numbers"),
    "consent:looked-up": Text("tìm bạn để ghi đồng ý", "looked for you to record a consent"),
    "consent:read": Text("đồng ý của bạn", "your consents"),
    "evidence:opened": Text("bản chụp giấy tờ của bạn", "a scan of your papers"),
    "identity-pair:opened": Text("xem hai danh tính nghi đều là bạn", "compared two identities that may both be yours"),
}
WHY = {
    "emergency-card:opened": Text("Bạn bật thẻ để người khác quét", "You switched the card on for others to scan"),
    "prescription:looked-up": Text("Bán thuốc theo đơn", "To dispense it"),
}
VERDICTS = {
    Verdict.NONE: Text("Chờ người khác xem lại", "Waits for a review"),
    Verdict.JUSTIFIED: Text("Đã xem lại: có lý do chính đáng", "Reviewed: justified"),
    Verdict.NOT_JUSTIFIED: Text("Đã xem lại: KHÔNG có lý do chính đáng", "Reviewed: NOT justified"),
}
SOMEBODY = Text("Người có mã QR của thẻ", "Somebody with the card's QR code")
SOFTWARE = Text("Phần mềm của cơ sở", "The facility's software")
SYSTEM = Text("Hệ thống", "The system")


@dataclass(frozen=True, slots=True)
class Line:
    """One reading. key: by which a complaint names it, "" where nobody is there to complain about."""

    at: datetime
    key: str
    who: Words
    where: str
    why: Words
    part: Words
    reason: str
    is_refused: bool
    is_own: bool
    emergency: Text | None = None
    is_wrong: bool = False


def lines_of(readings: Sequence[Reading], emergencies: Iterable[Emergency]) -> list[Line]:
    """The readings as the person reads them, the newest first."""
    keys = {one.actor.partition(":")[2] for one in readings if one.actor.startswith(f"{ActorKind.USER.value}:")}
    names = {str(key): name for key, name in User.objects.filter(pk__in=keys).values_list("id", "full_name")}
    places = Facility.objects.in_bulk([one.facility_id for one in readings if one.facility_id])
    opened = list(emergencies)
    return [_line(one, names, places, _emergency(one, opened)) for one in readings]


def _line(one: Reading, names: Mapping[str, str], places: Mapping[UUID, Facility], opened: Emergency | None) -> Line:
    place = places.get(one.facility_id) if one.facility_id else None
    verdict = Verdict(opened.verdict) if opened else None
    return Line(
        at=one.at,
        key=f"{iso(one.at)}|{one.facility_id}" if one.facility_id else "",
        who=_who(one.actor, names),
        where=place.name if place else "",
        why=WHY.get(one.action) or BASIS_WORDS.get(one.basis) or source_words(one.basis.partition(":")[0]),
        part=ACTIONS.get(one.action) or PARTS.get(one.part) or one.part,
        reason=opened.reason if opened else one.reason,
        is_refused=one.is_refused,
        is_own=one.basis in OWN,
        emergency=VERDICTS[verdict] if verdict is not None else None,
        is_wrong=verdict is Verdict.NOT_JUSTIFIED,
    )


def _who(actor: str, names: Mapping[str, str]) -> Words:
    kind, _, key = actor.partition(":")
    if kind == ActorKind.USER.value:
        return names.get(key, "—")
    if kind == ActorKind.MACHINE.value:
        return SOFTWARE
    return SOMEBODY if kind == "anybody" else SYSTEM


def _emergency(one: Reading, opened: Iterable[Emergency]) -> Emergency | None:
    """The emergency under which it was read."""
    if one.basis != Basis.EMERGENCY.value:
        return None
    mine = (e for e in opened if e.facility_id == one.facility_id and e.opened_at <= one.at < e.ends_at)
    return next(mine, None)
