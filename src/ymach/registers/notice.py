"""The notice of a breach to the authority: the content of form 08 (Decree 356/2025/NĐ-CP art. 28), from what was written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ymach.base.clock import print_moment
from ymach.base.text import Text
from ymach.registers.models import Incident, IncidentKind, IncidentStep, StepKind
from ymach.registers.rules import clock_of

KINDS: Mapping[str, Text] = {
    IncidentKind.ACCOUNT_MISUSED: Text("Tài khoản bị người khác dùng", "An account was misused"),
    IncidentKind.DISCLOSED: Text("Lộ dữ liệu", "Data were disclosed"),
    IncidentKind.STOLEN: Text("Mất cắp dữ liệu hoặc thiết bị", "Data or a device were stolen"),
    IncidentKind.CHANGED: Text("Dữ liệu bị sửa trái phép", "Data were changed unlawfully"),
    IncidentKind.LOST: Text("Mất dữ liệu", "Data were lost"),
    IncidentKind.UNLAWFUL_USE: Text("Dùng dữ liệu sai mục đích", "Data were used for another purpose"),
}
STEPS: Mapping[str, Text] = {
    StepKind.NOTED: Text("Ghi nhận", "Noted"),
    StepKind.MEASURE: Text("Biện pháp khắc phục", "Measure taken"),
    StepKind.AUTHORITY_TOLD: Text("Đã báo cơ quan bảo vệ dữ liệu (A05, Bộ Công an)", "The authority was told"),
    StepKind.CONTROLLER_TOLD: Text("Đã báo bên kiểm soát dữ liệu", "The controller was told"),
    StepKind.PERSONS_TOLD: Text("Đã báo những người bị ảnh hưởng", "The persons concerned were told"),
    StepKind.PERSONS_FOUND: Text("Đính kèm danh sách người bị ảnh hưởng", "Persons concerned attached"),
    StepKind.CLOSED: Text("Đóng sự cố", "Closed"),
}
TITLE = "THÔNG BÁO VI PHẠM QUY ĐỊNH VỀ BẢO VỆ DỮ LIỆU CÁ NHÂN"
EMPTY = Text("Chưa xác định; sẽ bổ sung.", "Not established yet; to follow.")


def notice_of(
    incident: Incident, steps: Sequence[IncidentStep], *, persons: int, at: datetime
) -> list[tuple[Text, Text]]:
    """The notice as heads and paragraphs. persons: how many are known to be concerned; at: when it is made (aware)."""
    done = [one for one in steps if one.kind == StepKind.MEASURE]
    return [
        (Text("Loại vi phạm", "Kind of breach"), KINDS[incident.kind]),
        (Text("Thời điểm phát hiện", "Detected at"), _moment(incident.detected_at)),
        (Text("Thời gian xảy ra", "When it happened"), _span(incident)),
        (Text("Địa điểm", "Place"), _given(incident.place)),
        (
            Text("Diễn biến, hành vi, tổ chức và cá nhân liên quan", "What happened, and who is involved"),
            _given(incident.summary),
        ),
        (Text("Loại dữ liệu", "Kinds of data"), _given(incident.data_kinds)),
        (Text("Số người bị ảnh hưởng", "Persons concerned"), _count(persons)),
        (Text("Nguyên nhân", "Cause"), _given(incident.cause)),
        (Text("Hậu quả, thiệt hại có thể xảy ra", "Consequences"), _given(incident.consequences)),
        (
            Text("Biện pháp đã và sẽ thực hiện", "Measures"),
            _given("\n".join(f"- {print_moment(one.at)}: {one.text}" for one in done)),
        ),
        (Text("Liên hệ phụ trách bảo vệ dữ liệu", "Contact for data protection"), _given(incident.contact)),
        (Text("Lý do báo sau 72 giờ", "Why later than 72 hours"), _late(incident, at)),
    ]


def as_text(notice: Sequence[tuple[Text, Text]], *, at: datetime) -> str:
    """The notice as plain Vietnamese text, to be copied into the authority's form."""
    head = f"{TITLE}\n(nội dung theo mẫu 08, Nghị định 356/2025/NĐ-CP)\nLập lúc {print_moment(at)}\n"
    return head + "".join(f"\n{number}. {name.vi}\n{text.vi}\n" for number, (name, text) in enumerate(notice, 1))


def _late(incident: Incident, at: datetime) -> Text:
    if not clock_of(incident.detected_at, incident.told_at, at).is_late:
        return Text("Không áp dụng: báo trong 72 giờ.", "Does not apply: within 72 hours.")
    return Text("Phải nêu lý do chậm ở đây.", "The reason for the delay has to be given here.")


def _span(incident: Incident) -> Text:
    if incident.began_at is None:
        return EMPTY
    if incident.ended_at is None:
        return Text(
            f"Từ {print_moment(incident.began_at)}, chưa rõ lúc kết thúc",
            f"From {print_moment(incident.began_at)}, end not known",
        )
    span = f"{print_moment(incident.began_at)} – {print_moment(incident.ended_at)}"
    return Text(span, span)


def _count(persons: int) -> Text:
    return Text(f"{persons} người", f"{persons} persons") if persons else EMPTY


def _given(text: str) -> Text:
    return Text(text, text) if text else EMPTY


def _moment(at: datetime) -> Text:
    return Text(print_moment(at), print_moment(at))
