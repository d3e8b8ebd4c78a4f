"""Checking a receipt that somebody shows: our signature over every word of it, and whether we keep the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.exchange.models import AmendedReceipt, Cancellation, Receipt, Submission
from ymach.exchange.platform import platform_key
from ymach.exchange.receipts.claims import submission_of
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

MOST_BYTES = 8 * 1024 * 1024


class ReceiptTooLong(Invalid):
    code = "YM-RCP-TOO-LONG"
    status = 413
    sentence = Text(
        "Biên nhận dài quá {megabytes} MB; kiểm tra bằng công cụ của cơ sở (ymach agent).",
        "The receipt is longer than {megabytes} MB; check it with the facility's tool (ymach agent).",
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt whose signature holds. is_kept: we have the very same one; a receipt of another installation, or of a
    database that was set back, is not among ours."""

    claims: dict[str, Any]
    is_kept: bool

    def as_json(self) -> dict[str, Any]:
        """Who sent what, when, and what became of it: no finding, no record."""
        told = {name: self.claims.get(name) for name in ("iss", "digest", "size", "received_at", "outcome")}
        return {
            "valid": True,
            "kept": self.is_kept,
            "submission": submission_of(self.claims),
            "facility": self.claims.get("sub"),
            **told,
        }


def check_receipt(token: str) -> Checked:
    """Verify a receipt with our own key. Raises ReceiptRefused (`YM-RCP-…`): changed, not ours, or no receipt."""
    token = "".join(token.split())
    claims = verify_receipt(token, jwks(platform_key()))
    return Checked(claims, token in _kept(submission_of(claims)))


def _kept(number: str) -> set[str]:
    """Every receipt we have given for a submission, the amended ones and the cancellation too."""
    try:
        key = UUID(number)
    except ValueError:
        return set()
    found = Submission.objects.filter(id=key).values_list("facility_id", flat=True).first()
    if found is None:
        return set()
    of_it = {"facility_id": found, "submission_id": key}
    receipts = Receipt.objects.filter(**of_it).values_list("jws", flat=True)
    amended = AmendedReceipt.objects.filter(**of_it).values_list("jws", flat=True)
    return {*receipts, *amended, *Cancellation.objects.filter(**of_it).values_list("jws", flat=True)}
