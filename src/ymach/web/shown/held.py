"""What is held as its readers see it: why, how the registry stands now, by when. A patient's values are not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from ymach.base.text import Text
from ymach.exchange.findings import by_code
from ymach.exchange.held.asking import STANDING, Answer, Now, Question, ask_again
from ymach.exchange.held.models import HeldItem, State
from ymach.exchange.held.rules import DECISION_WORDS, Decision, Term, may_decide, term
from ymach.exchange.models import Receipt
from ymach.exchange.receipts.claims import claims_of
from ymach.facilities.queries import names_of
from ymach.practitioners.standing.acts import ACT_TEXTS, Act
from ymach.web.parts import Trouble
from ymach.web.shown.findings import named
from ymach.web.shown.submissions import trouble
from ymach.web.words import record_words

Why = Mapping[str, Any]
STATES: Mapping[str, tuple[str, Text]] = {
    State.WAITING: ("held", Text("Chờ quyết định", "To decide")),
    State.RETURNED: ("waiting", Text("Đã trả lại cơ sở", "Returned to the facility")),
    State.RELEASED: ("accepted_with_findings", Text("Đã cho nhận", "Released")),
    State.REJECTED: ("rejected", Text("Không nhận", "Rejected")),
    State.REPLACED: ("accepted", Text("Cơ sở đã gửi bản mới", "A later version came")),
    State.WITHDRAWN: ("rejected", Text("Cơ sở đã hủy", "Cancelled by the facility")),
    State.SETTLED: ("accepted", Text("Xét lại theo sổ bộ", "Judged again by the registry")),
}
NOW_RIGHT = Text(
    "Nay đã đúng: {number} hành nghề hợp lệ vào ngày ấy", "In order now: {number} was entitled on that day"
)
NOW_SAME = Text("Vẫn chưa hợp lệ, như lúc nhận", "Still not in order, as when it came")
NOT_ASKED = Text("Không do sổ bộ", "Not about the registry")
FACILITY_ITSELF = Text("Cơ sở", "The facility")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the registry, with what it said when the record came and what it says now."""

    author: str
    act: Text
    question: Question
    then: Text
    now: Text
    tone: str

    @property
    def href(self) -> str:
        """The licence as everybody may check it."""
        return reverse("licence-by-number", args=[self.author]) if self.author and self.question.act else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One item as a line of the list, or opened."""

    item: HeldItem
    facility: str
    why: Sequence[Trouble]
    asked: Sequence[Asked]
    term: Term

    @property
    def key(self) -> str:
        return f"{self.item.facility_id}:{self.item.id}"

    @property
    def href(self) -> str:
        return reverse("held-one", args=[self.item.facility_id, self.item.id])

    @property
    def kinds(self) -> list[Text]:
        return [record_words(kind) for kind in self.item.record_kinds]

    @property
    def more(self) -> int:
        return max(len(self.why) - 1, 0)

    @property
    def badge(self) -> str:
        return STATES[self.item.state][0]

    @property
    def word(self) -> Text:
        return STATES[self.item.state][1]

    @property
    def now(self) -> tuple[Text, str]:
        """What the registry says now, the worst first, and its tone."""
        if not self.asked:
            return NOT_ASKED, ""
        worst = min(self.asked, key=lambda one: one.tone == "good")
        return worst.now, worst.tone

    @property
    def decisions(self) -> list[tuple[str, Text]]:
        """What may still be decided."""
        return [(one.value, DECISION_WORDS[one]) for one in Decision if may_decide(self.item.state, one)]


def lines(wanted: Iterable[HeldItem], *, today: date, is_asked: bool = True) -> list[Line]:
    """Items with their facility's name, why they are held, and what the registry says now: three look-ups for all.

    is_asked: whether the registry is asked again.
    """
    items = list(wanted)
    if not items:
        return []
    names = names_of(one.facility_id for one in items)
    reasons = _reasons(items)
    asked = {one.id: (one.facility_code, [Question.of(kept) for kept in one.authors]) for one in items}
    answers = ask_again(asked) if is_asked else {}
    return [
        Line(
            one,
            names.get(one.facility_id, one.facility_code),
            _troubles(reasons[one.id]),
            [_asked(answer, reasons[one.id]) for answer in answers.get(one.id, ())],
            term(one.due_on, on=today),
        )
        for one in items
    ]


def _reasons(items: Iterable[HeldItem]) -> dict[UUID, list[Why]]:
    """The findings of the first receipt by which each item is held."""
    items = list(items)
    found = Receipt.objects.filter(
        facility_id__in={one.facility_id for one in items}, submission_id__in={one.submission_id for one in items}
    )
    claims = {receipt.submission_id: claims_of(receipt.jws) for receipt in found}
    return {one.id: _why(one, claims.get(one.submission_id)) for one in items}


def _why(item: HeldItem, claims: Mapping[str, Any] | None) -> list[Why]:
    if claims is None:
        return []
    entries = [
        one for one in claims["records"] if one["code"] == item.dossier_code and one["kind"] in item.record_kinds
    ]
    found = [*claims["findings"], *(finding for entry in entries for finding in entry["findings"])]
    once = {(one["code"], one["table"], one["vi"]): one for one in found if one["code"] in item.causes}
    return list(once.values())


def _troubles(reasons: Iterable[Why]) -> list[Trouble]:
    """Findings in words, each sentence once with all its places; those that may hold a patient's values without them."""
    kinds = by_code()
    shown: dict[tuple[str, object], Trouble] = {}
    for one in reasons:
        known = kinds.get(one["code"])
        if one["code"].startswith(STANDING) or known is None:
            fresh = trouble(one)
        else:
            text, do = named(known.text), named(known.action)
            fresh = trouble({**one, "vi": text.vi, "en": text.en, "do_vi": do.vi, "do_en": do.en})
        same = shown.get((fresh.code, fresh.text))
        shown[fresh.code, fresh.text] = replace(same, where=f"{same.where}; {fresh.where}") if same else fresh
    return list(shown.values())


def _asked(answer: Answer, reasons: Sequence[Why]) -> Asked:
    one = answer.question
    act = ACT_TEXTS[Act(one.act)] if one.act else FACILITY_ITSELF
    then = next((Text(why["vi"], why["en"]) for why in reasons if _is_about(why, one)), Text("", ""))
    if answer.now is Now.RIGHT:
        return Asked(one.author, act, one, then, NOW_RIGHT.format(number=one.author), "good")
    now = NOW_SAME if answer.now is Now.SAME else answer.findings[0].text
    return Asked(one.author, act, one, then, now, "bad" if answer.now is Now.SAME else "note")


def _is_about(why: Why, question: Question) -> bool:
    return bool(why["code"] == question.code and why["value"] == question.author)
