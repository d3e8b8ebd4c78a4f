"""Taking back what has gone out: whoever may have a dossier that holds no longer hears of it, or is named.

A facility that cancels, and a department that rejects what the registry put on hold after it went out, do the same here.
While a department decides, what has arrived stays where it is: the person may already be under way to the receiver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ymach.exchange.channels.contract import CANCELLATION
from ymach.exchange.corrections import ways
from ymach.exchange.corrections.rules import Change
from ymach.exchange.deliveries.names import REFERRAL, family_of
from ymach.exchange.models import Delivery, DossierHead, Submission
from ymach.exchange.policies.rules import REJECTED
from ymach.exchange.receipts.claims import claims_of

CANCELLABLE = frozenset({REFERRAL})
"""Families whose contract with us knows a cancellation. Those of the portals do not: a facility withdraws there itself."""

_NOT = "not-told"
_UNTOLD = {
    "vi": "Nơi nhận này không có lệnh hủy. Cơ sở rút hồ sơ ở đó.",
    "en": "This destination has no cancellation. The facility withdraws the dossier there.",
}


@dataclass(frozen=True, slots=True)
class Recalled:
    """Where a dossier may be and is taken back from. told: hears of it from us; untold: knows no cancellation."""

    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    def entries(self) -> list[Mapping[str, str]]:
        """What a receipt says of them."""
        told = [{"destination": name, "state": "waiting"} for name in self.told]
        return [*told, *({"destination": name, "state": _NOT, **_UNTOLD} for name in self.untold)]


def destinations_of(receipt: str) -> Sequence[Mapping[str, str]]:
    """What the receipt of a cancellation, or an amended one, says of where the dossier may be; nothing where it says nothing."""
    claims = claims_of(receipt)
    found: Sequence[Mapping[str, str]] = claims.get("amends", claims).get("destinations", ())
    return found


def recalled_by(receipt: str) -> Recalled:
    """The same in two parts."""
    said = destinations_of(receipt)
    told, untold = (tuple(one["destination"] for one in said if one["state"] == state) for state in ("waiting", _NOT))
    return Recalled(told, untold)


def recall(
    submission: Submission,
    head: DossierHead,
    *,
    at: datetime,
    cause: str = CANCELLATION,
    only: Iterable[str] | None = None,
) -> Recalled:
    """Tell of its end whoever may have got a version of the dossier; waits for what is on its way there.

    head: as it stands now; a cancellation has moved its version on. cause: of the deliveries, `CANCELLATION`, or that with
    the number of an amended receipt. only: of these destinations alone. Partners whose contract has no cancellation are not
    told.
    """
    reached = _reached(submission, head)
    names = sorted(reached if only is None else reached.intersection(only))
    told = [name for name in names if family_of(name) in CANCELLABLE]
    ways.make(submission, told, head=head, cause=cause, at=at)
    return Recalled(tuple(told), tuple(name for name in names if family_of(name) not in CANCELLABLE))


def recall_rejected(
    submission: Submission,
    before: Mapping[str, Any],
    claims: Mapping[str, Any],
    changes: Iterable[Change],
    *,
    number: int,
    at: datetime,
) -> list[Mapping[str, str]]:
    """Take back what an amendment rejects; what its receipt says of the destinations.

    before, claims: the receipts before and from now on. number: of the amendment. A dossier of which records are left is
    taken back only from where these do not go. Of what has been replaced or cancelled nothing is: what came after it has
    been told there.
    """
    rejected = {(_kind_of(one.kind), one.code) for one in changes if one.after == REJECTED}
    entries: list[Mapping[str, str]] = []
    for kind, code in sorted(rejected):
        head = ways.present_head(submission, kind, code)
        if head is not None:
            only = _lost(submission, before, claims, head)
            recalled = recall(submission, head, at=at, cause=f"{CANCELLATION}:{number}", only=only)
            entries += recalled.entries()
    return entries


def _lost(
    submission: Submission, before: Mapping[str, Any], claims: Mapping[str, Any], head: DossierHead
) -> set[str] | None:
    """Where a dossier goes no longer; None for everywhere."""
    left = [one for one in claims["records"] if (_kind_of(one["kind"]), one["code"]) == (head.kind, head.code)]
    if all(one["outcome"] == REJECTED for one in left):
        return None
    was, now = (ways.wanted_by(submission, said, head) for said in (before, claims))
    return was - now


def _reached(submission: Submission, head: DossierHead) -> set[str]:
    mine = Delivery.objects.filter(facility_id=submission.facility_id).exclude(cause__startswith=CANCELLATION)
    about = Q(dossier_kind=head.kind, dossier_code=head.code) | Q(submission_id=submission.id)
    maybe = Q(state__in=["delivered", "sending"]) | Q(state__in=["waiting", "stuck", "withdrawn"], attempts__gt=0)
    return set(mine.filter(about & maybe).values_list("destination", flat=True))


def _kind_of(record_kind: str) -> str:
    return "check-in" if record_kind == "check-in" else "visit"
