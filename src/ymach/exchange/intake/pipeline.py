"""The whole way of a submission. What each step does is told by its own module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ymach.base import pg
from ymach.exchange.intake.answer import Answer, answer, answer_dry_run
from ymach.exchange.intake.authenticate import authenticate_case
from ymach.exchange.intake.case import Case, Received, Sender, each
from ymach.exchange.intake.check import check_case
from ymach.exchange.intake.decide import decide_case
from ymach.exchange.intake.foresee import foresee
from ymach.exchange.intake.identify import ask_identities_of_cases
from ymach.exchange.intake.open import open_case
from ymach.exchange.intake.read import read_case
from ymach.exchange.intake.standing import ask_standing_of_cases
from ymach.exchange.intake.store import store
from ymach.exchange.lanes.claims import check_claim
from ymach.exchange.receipts.issuer import Issuer


def submit(received: Sequence[Received], *, sender: Sender, at: datetime, issuer: Issuer) -> list[Answer]:
    """Take in what one facility sent (one thing or a batch): an answer each, in the same order.

    Content accepted before is answered with the receipt of that time. One bad dossier never takes a
    good one down. Returns after the commit: every receipt answered is kept.
    """
    cases = [Case(sender, one, refusal=one.refusal) for one in received]
    examine(cases)
    stored = store(cases, sender=sender, at=at, issuer=issuer)
    return [answer(case, one) for case, one in zip(cases, stored, strict=True)]


def dry_run(received: Sequence[Received], *, sender: Sender) -> list[Answer]:
    """Steps 1 to 8, and a look at what came before: what `submit` would answer, without a receipt and without a trace."""
    cases = [Case(sender, one, refusal=one.refusal) for one in received]
    examine(cases)
    foreseen = foresee(cases, sender=sender)
    return [answer_dry_run(case, foreseen) for case in cases]


def examine(cases: Sequence[Case]) -> None:
    """Steps 2 to 8. Writes nothing; a refused case keeps its refusal and takes no further step."""
    each(cases, open_case)
    each(cases, authenticate_case)
    each(cases, read_case)
    each(cases, check_case)
    each(cases, check_claim)
    with pg.together():
        judge_standing = ask_standing_of_cases(cases)
        note_identities = ask_identities_of_cases(cases)
    judge_standing()
    note_identities()
    each(cases, decide_case)
