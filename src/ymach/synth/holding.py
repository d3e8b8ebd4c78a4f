"""What departments made of the held dossiers of a synthetic country: most are decided within days, a few are late.

Seeded, and through the action officers use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from ymach.base.errors import YmachError
from ymach.exchange.held.actions import decide
from ymach.exchange.held.models import HeldItem, State
from ymach.exchange.held.rules import Decision
from ymach.synth import acting
from ymach.synth.dossiers import make_dossier
from ymach.synth.past import delivered_now, send_then

if TYPE_CHECKING:
    from ymach.synth.care.staff import Staff
    from ymach.synth.certificates import Certificates
    from ymach.synth.world import Sender

DECISIONS: tuple[Decision | None, ...] = (
    *(Decision.RELEASE, Decision.RELEASE, Decision.RELEASE, Decision.RELEASE),
    *(Decision.RETURN, Decision.RETURN, Decision.REJECT, None),
)
"""In what proportion; None: nobody has decided yet."""
WORDS = {
    Decision.RELEASE: "Đã đối chiếu với quyết định giấy; sổ bộ sẽ được bổ sung.",
    Decision.RETURN: "Ghi đúng số giấy phép hành nghề đang có hiệu lực của người ghi rồi gửi lại.",
    Decision.REJECT: "Người ghi không được phép hành nghề vào ngày khám.",
}
TOOK = (1, 1, 2, 2, 3)
"""Days from arrival to decision."""
SENT_BACK = 80
STILL_HELD = {
    "99001": ((194, "suspended author"), (SENT_BACK, "unknown author"), (50, "expired author"), (5, "unknown author")),
    "99002": ((170, "revoked author"), (26, "unknown author")),
}
"""By facility: so many hours ago, and what was wrong; what came SENT_BACK hours ago is returned to the facility."""


def decide_held(*, at: datetime, seed: int = 1) -> Counter[str]:
    """Let departments decide what came before the last two days, each at a moment after its arrival; how many of each.

    at: aware, the present.
    """
    rng, done = Random(f"held {seed}"), Counter[str]()  # noqa: S311 - not a secret
    waiting = HeldItem.objects.filter(state=State.WAITING, received_at__lt=at - timedelta(days=2))
    for item in waiting.order_by("received_at", "id"):
        decision, when = rng.choice(DECISIONS), item.received_at + timedelta(days=rng.choice(TOOK), hours=1)
        if decision is None or when >= at:
            continue
        try:
            _decide(item, decision, when)
            done[decision.value] += 1
        except YmachError as refused:
            done[refused.code] += 1
    return done


def hold_some(certificates: Certificates, writers: Sequence[tuple[Sender, Staff]], *, at: datetime) -> int:
    """Dossiers of the shown facilities that are held and not decided, some past their day, and one sent back; how many.

    Send them after `decide_held`. at: aware, the present.
    """
    rng, sent = Random("held"), 0  # noqa: S311 - not a secret
    shown = [(place, people) for place, people in writers if place.code in STILL_HELD]
    for place, people in shown:
        for ago, fault in STILL_HELD[place.code]:
            then = at - timedelta(hours=ago)
            dossier = make_dossier(place, people, rng, then, fault=fault)
            send_then(place.code, [certificates.sign(dossier, place)], at=then)
            sent += 1
            if ago == SENT_BACK:
                for item in HeldItem.objects.filter(state=State.WAITING, dossier_code=dossier.code):
                    _decide(item, Decision.RETURN, then + timedelta(hours=26))
    return sent


def _decide(item: HeldItem, decision: Decision, when: datetime) -> None:
    with delivered_now(when):
        decide(
            facility_id=item.facility_id,
            item_id=item.id,
            decision=decision,
            reason=WORDS[decision],
            by=acting.officer(item.province_code),
            at=when,
        )
