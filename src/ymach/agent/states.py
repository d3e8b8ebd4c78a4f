"""Where a file stands, in the queue and in words."""

from __future__ import annotations

from enum import StrEnum

from ymach.base.text import Text


class State(StrEnum):
    """Where a file stands. The last four are final for its content; a changed file is a new entry."""

    WAITING = "waiting"
    SENDING = "sending"
    FAILED = "failed"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_FINDINGS = "accepted_with_findings"
    HELD = "held"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        return self not in OPEN

    @property
    def text(self) -> Text:
        return _WORDS[self]


OPEN = (State.WAITING, State.SENDING, State.FAILED)
_WORDS = {
    State.WAITING: Text("chờ gửi", "waiting"),
    State.SENDING: Text("đang gửi", "being sent"),
    State.FAILED: Text("chưa gửi được", "not sent yet"),
    State.ACCEPTED: Text("đã nhận", "accepted"),
    State.ACCEPTED_WITH_FINDINGS: Text("đã nhận, có điều cần xem", "accepted, with something to look at"),
    State.HELD: Text("Sở Y tế đang giữ", "held by the department of health"),
    State.REJECTED: Text("bị trả lại", "sent back"),
}
