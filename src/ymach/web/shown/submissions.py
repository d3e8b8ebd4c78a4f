"""From what the exchange keeps to what the components take. No query here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ymach.base.numbers import number_text
from ymach.base.text import Text
from ymach.exchange.channels.contract import takes_back
from ymach.exchange.models import Cancellation, Delivery, Submission
from ymach.web import charts, formatting
from ymach.web.parts import Column, Fact, Hop, Key, Stat, Trouble
from ymach.web.sources import source_words
from ymach.web.states import DELIVERY_STATES, STATES
from ymach.web.words import DELIVERY_WORDS, destination_words, record_words

COLUMNS = [
    Column(Text("Hồ sơ", "Dossier")),
    Column(Text("Nhận lúc", "Received"), order="descending"),
    Column(Text("Kết quả", "Outcome")),
    Column(Text("Điều cần biết", "What to know")),
    Column(Text("Đã giao", "Delivered"), is_number=True),
]

Counts = Mapping[tuple[date, str, str], int]
TONES = {"error": "bad", "warning": "note", "note": "note"}
OUTCOMES = ("accepted", "accepted_with_findings", "held", "rejected")
SUMS = "YM-SUM-"
CHECK_IN = "check-in"
CANCELLED = Text("Đã hủy", "Cancelled")
_AMOUNT = re.compile(r"(?<![\w.,])\d{4,}(?:\.\d+)?(?![\w.,]*\d)")
OUTCOME_KEYS = [Key(STATES[code].tone, STATES[code].word) for code in OUTCOMES]


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in a list: what to know first, how many findings more, how many destinations have it.

    cancelled: how many of its dossiers the facility has cancelled since.
    """

    submission: Submission
    sentence: Text | None
    more: int
    delivered: int
    destinations: int
    facility: str = ""
    cancelled: int = 0

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing of it holds any more."""
        return 0 < len(self.submission.dossier_codes) <= self.cancelled

    @property
    def word(self) -> Text:
        """What became of it, in a word."""
        return CANCELLED if self.is_cancelled else STATES[self.submission.outcome].word

    @property
    def name(self) -> str:
        """The first dossier's code, or the beginning of the digest where nothing could be read."""
        codes = self.submission.dossier_codes
        return codes[0] if codes else bytes(self.submission.digest).hex()[:12] + "…"

    @property
    def others(self) -> int:
        return max(len(self.submission.dossier_codes) - 1, 0)


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record of a receipt with its findings."""

    kind: Text
    code: str
    version: int
    outcome: str
    troubles: tuple[Trouble, ...]
    cancelled_at: datetime | None = None


def trouble(finding: Mapping[str, Any], link: str = "") -> Trouble:
    """A finding of a receipt as its readers see it."""
    place = [finding.get("table"), finding.get("row") and f"#{finding['row']}", finding.get("field")]
    return Trouble(
        tone=TONES.get(str(finding["severity"]), "note"),
        code=str(finding["code"]),
        text=_sentence(finding),
        do=Text(str(finding["do_vi"]), str(finding["do_en"])),
        source=source_words(str(finding["source"] or "")),
        where=" ".join(str(part) for part in place if part),
        href=link,
        more=Text("hồ sơ khác cùng lỗi", "others like this") if link else "",
    )


def _sentence(finding: Mapping[str, Any]) -> Text:
    """What a receipt says; the amounts of sums that do not agree with separators, as people read them."""
    vi, en = str(finding["vi"]), str(finding["en"])
    if not str(finding["code"]).startswith(SUMS):
        return Text(vi, en)
    return Text(
        _AMOUNT.sub(lambda found: number_text(Decimal(found[0])).vi, vi),
        _AMOUNT.sub(lambda found: number_text(Decimal(found[0])).en, en),
    )


def records(claims: Mapping[str, Any], cancelled: Iterable[Cancellation] = ()) -> list[ShownRecord]:
    """The records of a receipt, with the moment when their dossier was cancelled."""
    taken = {(one.kind == CHECK_IN, one.code): one.cancelled_at for one in cancelled}
    return [
        ShownRecord(
            record_words(one["kind"]),
            one["code"],
            one["version"],
            one["outcome"],
            tuple(trouble(finding) for finding in one["findings"]),
            taken.get((one["kind"] == CHECK_IN, one["code"])),
        )
        for one in claims["records"]
    ]


def findings_of(claims: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All findings of a receipt, the gravest first, each place once."""
    everything = [*claims["findings"], *(f for one in claims["records"] for f in one["findings"])]
    once = {(f["code"], f["table"], f["row"], f["field"]): f for f in everything}
    order = list(TONES)
    return sorted(once.values(), key=lambda f: order.index(f["severity"]))


def troubles(claims: Mapping[str, Any], listing: str) -> list[Trouble]:
    """The findings of a receipt, one for each sentence, with all the places where it was found."""
    found: dict[tuple[str, str], Trouble] = {}
    for finding in findings_of(claims):
        one = trouble(finding, f"{listing}?finding={finding['code']}")
        key = (one.code, str(finding["vi"]))
        known = found.get(key)
        found[key] = replace(known, where=f"{known.where}; {one.where}") if known else one
    return list(found.values())


def row(
    submission: Submission,
    claims: Mapping[str, Any] | None,
    deliveries: Sequence[Delivery],
    facility: str = "",
    cancelled: Sequence[Cancellation] = (),
) -> Row:
    """A submission as a line of a list. facility: the name of its sender, where the list holds several."""
    found = [_sentence(one) for one in findings_of(claims)] if claims else []
    said = [_taken_back(cancelled, len(submission.dossier_codes)), *found] if cancelled else found
    done = sum(delivery.state == "delivered" for delivery in deliveries)
    return Row(
        submission, said[0] if said else None, max(len(said) - 1, 0), done, len(deliveries), facility, len(cancelled)
    )


def _taken_back(cancelled: Sequence[Cancellation], count: int) -> Text:
    """When and why; of a file of many dossiers, how many."""
    last = cancelled[-1]
    at = formatting.moment(last.cancelled_at)
    if count > 1:
        return Text(
            f"Cơ sở đã hủy {len(cancelled)} hồ sơ, gần nhất lúc {at}.", f"{len(cancelled)} cancelled, last {at}."
        )
    return Text(f"Cơ sở hủy lúc {at}: {last.reason}", f"Cancelled by its facility at {at}: {last.reason}")


def hops(submission: Submission, deliveries: Iterable[Delivery], cancelled: Sequence[Cancellation] = ()) -> list[Hop]:
    """The way of a submission: to us, its cancellations, then to every destination."""
    state = STATES[submission.outcome]
    way = [
        Hop("ok", Text("Đã tới Ymạch", "Reached Ymạch"), tone="good", at=submission.received_at),
        Hop(state.icon, state.word, _after(submission), state.tone, at=submission.searchable_at),
        *(Hop("no", CANCELLED, one.code, "bad", at=one.cancelled_at) for one in cancelled),
    ]
    for delivery in deliveries:
        shown = STATES[DELIVERY_STATES[delivery.state]]
        name = destination_words(delivery.destination)
        if takes_back(delivery.cause):
            name = Text(f"Báo hủy tới {name.vi}", f"Told that it holds no longer: {name.en}")
        way.append(Hop(shown.icon, name, delivery_note(delivery), shown.tone, at=_known_time(delivery)))
    return way


def delivery_note(delivery: Delivery) -> Text:
    """What a reader should know of one delivery: its state, the partner's number, when it is tried again."""
    word = DELIVERY_WORDS[delivery.state]
    if delivery.state == "delivered" and delivery.partner_reference:
        return Text(f"{word.vi}, mã bên nhận {delivery.partner_reference}", f"{word.en}, {delivery.partner_reference}")
    if delivery.state == "waiting" and delivery.attempts:
        at = formatting.moment(delivery.due_at)
        return Text(
            f"đã thử {delivery.attempts} lần, tự gửi lại lúc {at}", f"tried {delivery.attempts} times, again at {at}"
        )
    if delivery.last_error and delivery.state in {"refused", "stuck"}:
        return Text(f"{word.vi}: {delivery.last_error}", f"{word.en}: {delivery.last_error}")
    return word


def receipt_facts(claims: Mapping[str, Any], sender: str = "", name: str = "") -> list[Fact]:
    """What proves a receipt: number, digest, sender (called `name`, its page at the address `sender`), signer."""
    digest = str(claims["digest"]["value"])
    signature = claims.get("signature") or {}
    facts = [
        Fact(Text("Mã biên nhận", "Receipt number"), str(claims["jti"]), is_code=True),
        Fact(
            Text("Dấu nội dung (SHA-256)", "Digest (SHA-256)"),
            " ".join(digest[i : i + 16] for i in range(0, 64, 16)),
            is_code=True,
        ),
        Fact(Text("Cơ sở gửi", "Sender"), name or str(claims["sub"]), str(claims["sub"]) if name else "", href=sender),
        Fact(Text("Kích thước", "Size"), _bytes(claims["size"])),
    ]
    if signature:
        facts.append(Fact(Text("Người ký", "Signer"), str(signature["signer"]), str(signature["algorithm"])))
    return facts


def catalogue_versions(claims: Mapping[str, Any], names: Mapping[str, Text]) -> list[Fact]:
    """The release of every code list that the submission was checked against; names: of the lists, by code."""
    return [Fact(names.get(code, code), label) for code, label in (claims.get("catalogue_versions") or {}).items()]


def last_days(day: date, number: int = 14) -> list[date]:
    """The `number` days up to `day`, oldest first."""
    return [day - timedelta(days=back) for back in range(number - 1, -1, -1)]


def outcome_stats(counts: Counts, days: Sequence[date], links: Mapping[str, str]) -> list[Stat]:
    """What was sent and what became of it on the last of `days`, each with the days before it as a line."""
    series = {code: [_sum(counts, day, code) for day in days] for code in OUTCOMES}
    totals = [sum(series[code][i] for code in OUTCOMES) for i in range(len(days))]
    yesterday = totals[-2] if len(totals) > 1 else 0
    before = Text(
        f"ngày trước {formatting.number(yesterday, 'vi')}", f"day before {formatting.number(yesterday, 'en')}"
    )
    note = before if len(days) > 1 else ""
    stats = [Stat(Text("Đã gửi", "Sent"), totals[-1], note, "send", "", links.get("", ""), totals)]
    for code in OUTCOMES:
        state = STATES[code]
        part = 100 * series[code][-1] / totals[-1] if totals[-1] else 0
        words = Text(formatting.percent(part, "vi"), formatting.percent(part, "en"))
        stats.append(
            Stat(state.word, series[code][-1], words, state.icon, state.tone, links.get(code, ""), series[code])
        )
    return stats


def outcome_bars(counts: Counts, days: Sequence[date], *, width: int = 880) -> charts.Bars:
    """One column a day, its outcomes stacked."""
    columns = [
        charts.Column(day.strftime("%d/%m"), tuple((STATES[code].tone, _sum(counts, day, code)) for code in OUTCOMES))
        for day in days
    ]
    return charts.bars(columns, width=width)


def destination_hops(counts: Counts) -> list[Hop]:
    """Where things stand at every destination, from counters of the subject "delivery"."""
    found: dict[str, dict[str, int]] = {}
    for (_, name, state), number in counts.items():
        found.setdefault(name, {}).setdefault(state, 0)
        found[name][state] += number
    return [_destination(name, states) for name, states in sorted(found.items())]


def _destination(name: str, states: Mapping[str, int]) -> Hop:
    worst = next((code for code in ("stuck", "refused", "waiting", "sending") if states.get(code)), "delivered")
    shown = STATES[DELIVERY_STATES[worst]]
    known = [(DELIVERY_WORDS[code], states[code]) for code in DELIVERY_WORDS if states.get(code)]
    note = Text(
        ", ".join(f"{formatting.number(n, 'vi')} {word.vi}" for word, n in known),
        ", ".join(f"{formatting.number(n, 'en')} {word.en}" for word, n in known),
    )
    return Hop(shown.icon, destination_words(name), note, shown.tone)


def _bytes(size: int) -> Text:
    return Text(f"{formatting.number(size, 'vi')} byte", f"{formatting.number(size, 'en')} bytes")


def _after(submission: Submission) -> Text:
    if submission.outcome == "rejected":
        return Text("không lưu, không gửi đi đâu; sửa rồi gửi lại", "not kept, sent nowhere; mend and send again")
    if submission.outcome == "held":
        return Text("Sở Y tế quyết định; không cần gửi lại", "the department decides; do not send again")
    return Text("đã lưu và tìm thấy được", "kept, and can be found")


def _known_time(delivery: Delivery) -> datetime | None:
    return delivery.changed_at if delivery.state != "waiting" else None


def _sum(counts: Counts, day: date, state: str) -> int:
    return sum(number for (at, _, code), number in counts.items() if at == day and code == state)
