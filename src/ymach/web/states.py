"""The seven states a reader meets: word, icon, tone. Shape, word, colour, in that order."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.base.text import Text


@dataclass(frozen=True, slots=True)
class State:
    """How one state is shown. `tone` is good, note, hold, bad or wait; `icon` a symbol of the sprite."""

    code: str
    word: Text
    icon: str
    tone: str


STATES = {
    state.code: state
    for state in (
        State("accepted", Text("Đã nhận", "Accepted"), "ok", "good"),
        State("accepted_with_findings", Text("Nhận, có lưu ý", "Accepted with findings"), "note", "note"),
        State("held", Text("Sở đang giữ", "Held by the department"), "hold", "hold"),
        State("rejected", Text("Không nhận", "Rejected"), "no", "bad"),
        State("waiting", Text("Chờ gửi", "Waiting"), "wait", "wait"),
        State("delivered", Text("Đã giao", "Delivered"), "sent", "good"),
        State("stuck", Text("Tắc", "Stuck"), "stuck", "bad"),
    )
}
# What a delivery passes through is shown with the nearest of the seven.
DELIVERY_STATES = {
    "waiting": "waiting",
    "sending": "waiting",
    "delivered": "delivered",
    "refused": "rejected",
    "stuck": "stuck",
    "withdrawn": "rejected",
}
