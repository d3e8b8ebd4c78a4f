"""A referral as its readers see it: where it is, how long somebody has, the steps behind and before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from ymach.base.text import Text
from ymach.clinical.dossier import Dossier
from ymach.exchange.referrals import queries, rules
from ymach.exchange.referrals.models import Referral, ReferralStep
from ymach.exchange.referrals.words import STATE_WORDS
from ymach.facilities.queries import names_of
from ymach.web import formatting
from ymach.web.parts import Fact, Hop
from ymach.web.shown.people import UNKNOWN, Person, people

BADGES = {
    rules.SENT: "waiting",
    rules.SEEN: "waiting",
    rules.ACCEPTED: "accepted",
    rules.DECLINED: "rejected",
    rules.ARRIVED: "delivered",
    rules.ANSWERED: "accepted",
    rules.CLOSED: "delivered",
    rules.WITHDRAWN: "held",
}
WITHHELD = Text("không hiện ở đây", "not shown here")
HELD = Text("Sở Y tế đang giữ", "Held by the department")
UNKNOWN_PLACE = Text("không có cơ sở nào mang mã này", "no facility holds this code")
_AWAITED = {
    rules.SENT: Text("trả lời", "to answer"),
    rules.SEEN: Text("trả lời", "to answer"),
    rules.ACCEPTED: Text("người bệnh đến", "for the patient to come"),
    rules.ARRIVED: Text("phản hồi nơi gửi", "for feedback to the sender"),
}
_ICONS = {
    rules.SENT: ("send", ""),
    rules.SEEN: ("eye", ""),
    rules.ACCEPTED: ("ok", "good"),
    rules.DECLINED: ("no", "bad"),
    rules.ARRIVED: ("bed", "good"),
    rules.ANSWERED: ("note", "good"),
    rules.CLOSED: ("match", "good"),
    rules.WITHDRAWN: ("hold", "hold"),
}
_WAY = (rules.SENT, rules.SEEN, rules.ACCEPTED, rules.ARRIVED, rules.ANSWERED, rules.CLOSED)
_AHEAD = {
    rules.SEEN: Text("Nơi nhận xem", "The receiver looks at it"),
    rules.ACCEPTED: Text("Nơi nhận trả lời", "The receiver answers whether it takes the patient"),
    rules.ARRIVED: Text("Người bệnh đến nơi", "The patient arrives"),
    rules.ANSWERED: Text("Nơi nhận phản hồi", "The receiver gives feedback"),
    rules.CLOSED: Text("Nơi gửi đọc phản hồi", "The sender reads it"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. other: the facility on the other side."""

    row: Referral
    person: Person
    other: str
    other_code: str
    badge: str
    word: Text
    term: Text | None
    is_overdue: bool
    href: str

    @property
    def diagnosis(self) -> str | Text:
        return WITHHELD if self.row.compartment else self.row.diagnosis_text or self.row.diagnosis_code


def lines(rows: Sequence[Referral], direction: str, at: datetime) -> list[Line]:
    """The rows of one side's list, with the names of people and places."""
    known = people(one.citizen_id for one in rows)
    # To both sides of a referral the other's name is no secret.
    places = names_of((one.facility_id if direction == queries.IN else one.receiver_id) for one in rows)
    return [_line(one, direction, known, places, at) for one in rows]


def badge_of(row: Referral) -> str:
    return "held" if row.is_held else BADGES[row.state]


def word_of(row: Referral) -> Text:
    """Where it is, in words; what a department holds has not reached its receiver."""
    return HELD if row.is_held else STATE_WORDS[row.state]


def is_overdue(row: Referral, at: datetime) -> bool:
    return not row.is_held and row.due_at is not None and row.due_at < at


def term_of(row: Referral, at: datetime) -> Text | None:
    """How long the next step may take, or by how much it is late; None when nobody has to do anything."""
    awaited = _AWAITED.get(row.state)
    if row.due_at is None or awaited is None or row.is_held:
        return None
    long = formatting.duration(abs((row.due_at - at).total_seconds()))
    if row.due_at < at:
        return Text(f"Quá hạn {awaited.vi} {long.vi}", f"{long.en} past the time {awaited.en}")
    return Text(
        f"Còn {long.vi} để {awaited.vi}" if row.state != rules.ACCEPTED else f"Chờ {awaited.vi}, còn {long.vi}",
        f"{long.en} left {awaited.en}",
    )


def hops(row: Referral, steps: Iterable[ReferralStep], names: Mapping[UUID | None, str]) -> list[Hop]:
    """What happened, and, while it goes on, what is still to come. names: of both facilities, in place of their codes."""
    places = {row.facility_code: names.get(row.facility_id, ""), row.receiver_code: names.get(row.receiver_id, "")}
    done = [_hop(step, places) for step in steps]
    if row.state in {rules.DECLINED, rules.WITHDRAWN} or row.receiver_id is None:
        return done
    ahead = _WAY[_WAY.index(row.state) + 1 :]
    return [*done, *(Hop("wait", _AHEAD[state], Text("chưa", "not yet"), tone="wait") for state in ahead)]


def facts(row: Referral, dossier: Dossier | None, *, is_own: bool) -> list[Fact]:
    """The paper, as far as it may be shown: why, in what condition, what to do, how the patient travels.

    is_own: for who sent it, who reads the rest in the dossier itself.
    """
    paper = dossier.referral if dossier else None
    pairs: list[tuple[Text, object]] = [(Text("Số giấy", "Number"), row.number)]
    if is_own:
        pairs.append((Text("Chẩn đoán", "Diagnosis"), _joined(row.diagnosis_code, row.diagnosis_text)))
    if paper is not None:
        pairs += [
            (Text("Chẩn đoán", "Diagnosis"), _joined(paper.main_diagnosis, paper.diagnosis_text)),
            (Text("Bệnh kèm theo", "Other diagnoses"), ", ".join(paper.other_diagnoses)),
            (Text("Dấu hiệu lâm sàng", "Signs"), paper.signs),
            (Text("Quá trình bệnh lý", "Course"), paper.history),
            (Text("Kết quả cận lâm sàng", "Results"), paper.results_summary),
            (Text("Đã điều trị", "Treatment so far"), paper.care_given or paper.treatment),
            (Text("Tình trạng lúc chuyển", "Condition"), paper.condition),
            (Text("Hướng điều trị", "What should follow"), paper.plan),
            (Text("Phương tiện", "Travels by"), paper.transport),
            (Text("Người hộ tống", "Escort"), _joined(paper.escort_name, paper.escort_title)),
        ]
    pairs.append((Text("Rời nơi gửi lúc", "Left the sender"), formatting.moment(row.referred_at)))
    return [Fact(name, str(value)) for name, value in pairs if value]


def _line(
    row: Referral, direction: str, known: dict[UUID, Person], places: dict[UUID | None, str], at: datetime
) -> Line:
    is_in = direction == queries.IN
    key, code = (row.facility_id, row.facility_code) if is_in else (row.receiver_id, row.receiver_code)
    return Line(
        row=row,
        person=known.get(row.citizen_id, UNKNOWN),
        other=places.get(key, ""),
        other_code=code,
        badge=badge_of(row),
        word=word_of(row),
        term=term_of(row, at),
        is_overdue=is_overdue(row, at),
        href=reverse("referral", args=[row.id]),
    )


def _hop(step: ReferralStep, places: Mapping[str, str]) -> Hop:
    icon, tone = _ICONS[step.state]
    who = places.get(step.label) or step.label
    note = f"{who} · {step.note}" if who and step.note else who or step.note
    return Hop(icon, STATE_WORDS[step.state], note, tone=tone, at=step.at)


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
