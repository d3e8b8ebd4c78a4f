"""Whom a move is told to, and in which words. Notices carry no values, only what happened and where to look."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

WORDS = {
    "submit": Text("Yêu cầu mới chờ quyết định: {title}, {whose}.", "A new request waits: {title}, {whose}."),
    "ask": Text(
        "Có yêu cầu chờ bạn xác nhận: {title}, {whose}.", "A request waits for you to confirm: {title}, {whose}."
    ),
    "confirm": Text("Người hành nghề đã xác nhận: {title}, {whose}.", "The practitioner confirmed: {title}, {whose}."),
    "decline": Text(
        "Người hành nghề không xác nhận: {title}, {whose}.", "The practitioner declined: {title}, {whose}."
    ),
    "withdraw": Text("Yêu cầu đã được rút: {title}, {whose}.", "A request was withdrawn: {title}, {whose}."),
    "return": Text("Sở trả lại để bổ sung: {title}, {whose}.", "Returned to be completed: {title}, {whose}."),
    "approve": Text("Đã duyệt và ghi vào sổ bộ: {title}, {whose}.", "Approved and written: {title}, {whose}."),
    "reject": Text("Không duyệt: {title}, {whose}.", "Rejected: {title}, {whose}."),
    "apply": Text("Đã ghi vào sổ bộ: {title}, {whose}.", "Written into the registry: {title}, {whose}."),
}
LETTERS = frozenset({"ask", "return", "approve", "reject"})
"""Moves after which somebody outside the department has something to know or to do."""


def of_move(request: ChangeRequest, act: str, *, by: Actor, at: datetime) -> None:
    """Tell everybody whom the move concerns, except who made it."""
    if act in {"submit", "confirm"} and request.is_ready:
        _tell(Recipient(province_code=request.province_code), request, act, by, at)
    if act == "submit" and not request.is_ready and request.practitioner_id is not None:
        _tell(Recipient(practitioner_id=request.practitioner_id), request, "ask", by, at)
    if act in {"confirm", "decline", "return", "approve", "reject", "apply"}:
        for to in _concerned(request, by):
            _tell(to, request, act, by, at)


def _concerned(request: ChangeRequest, by: Actor) -> list[Recipient]:
    """The facility and the person concerned, and the maker where they are neither."""
    here = {(grant.facility_id, grant.practitioner_id) for grant in by.grants}
    found: list[Recipient] = []
    if request.facility_id is not None and (request.facility_id, None) not in here:
        found.append(Recipient(facility_id=request.facility_id))
    if request.practitioner_id is not None and (None, request.practitioner_id) not in here:
        found.append(Recipient(practitioner_id=request.practitioner_id))
    kind, _, key = request.made_by.partition(":")
    if not found and kind == "user" and request.made_by != str(by):
        found.append(Recipient(user_id=UUID(key)))
    return found


def _tell(to: Recipient, request: ChangeRequest, act: str, by: Actor, at: datetime) -> None:
    title = kind_named(request.kind).title
    words = WORDS[act]
    text = Text(
        words.vi.format(title=title.vi.lower(), whose=request.subject_label),
        words.en.format(title=title.en.lower(), whose=request.subject_label),
    )
    tell(to=to, text=text, link=f"/changes/{request.pk}", by=by, at=at, letter=act in LETTERS)
