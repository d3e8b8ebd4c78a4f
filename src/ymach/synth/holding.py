"""What departments made of the held dossiers of a synthetic country: most are decided within days, a few are late.

Seeded, and through the action officers use.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from ymach.base.errors import YmachError
from ymach.exchange.held.actions import decide
from ymach.exchange.held.models import HeldItem, State
from ymach.exchange.held.rules import Decision
from ymach.synth import acting

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
            decide(
                facility_id=item.facility_id,
                item_id=item.id,
                decision=decision,
                reason=WORDS[decision],
                by=acting.officer(item.province_code),
                at=when,
            )
            done[decision.value] += 1
        except YmachError as refused:
            done[refused.code] += 1
    return done
