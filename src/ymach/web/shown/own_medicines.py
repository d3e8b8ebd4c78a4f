"""A person's medicines: what is taken now, and prescriptions with the code that a pharmacy scans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from ymach.base.qr import qr_path
from ymach.base.text import Text
from ymach.clinical.dosages import plain_dosage
from ymach.exchange.prescriptions import rules
from ymach.exchange.prescriptions.queries import Sight
from ymach.exchange.reading.summary import Medicine
from ymach.web import formatting
from ymach.web.shown import prescriptions
from ymach.web.shown.own import Places, place_of


def taken(medicines: Iterable[Medicine], places: Places, today: date) -> list[dict[str, object]]:
    """Medicines as people take them: the name, how, until when, who prescribed it."""
    return [
        {
            "name": " ".join(part for part in (one.name, one.strength) if part),
            "how": plain_dosage(one.dosage),
            "note": one.instructions,
            "until": one.until,
            "is_over": one.until is not None and one.until < today,
            "at": one.prescribed_at,
            "place": place_of(places, one.place.facility_id, one.place.facility_code),
        }
        for one in medicines
    ]


def papers(
    found: Iterable[Sight], places: Places, today: date, address: Callable[[str], str]
) -> list[dict[str, object]]:
    """Prescriptions, those that may still be collected first, with their QR code. address: what the code says."""
    shown = [_paper(one, places, today, address) for one in found]
    return sorted(shown, key=lambda one: not one["is_open"])


def _title(day: str, code: str) -> Text:
    """Two prescriptions of a day are told apart by their codes."""
    return Text(f"Đơn ngày {day}, mã {code}", f"Prescription of {day}, code {code}")


def _paper(seen: Sight, places: Places, today: date, address: Callable[[str], str]) -> dict[str, object]:
    one = seen.prescription
    is_open = seen.state in rules.OPEN
    path, side = qr_path(address(one.code)) if is_open else ("", 0)
    last = rules.last_day(one.expires_at)
    return {
        "code": one.code,
        "anchor": f"rx-{one.code}",
        "title": _title(formatting.day(one.issued_at), one.code),
        "is_open": is_open,
        "state": prescriptions.STATES[seen.state],
        "kind": prescriptions.KINDS[one.kind],
        "at": one.issued_at,
        "last": formatting.deadline(last, today) if is_open else "",
        "place": place_of(places, one.facility_id, one.facility_code),
        "advice": one.body["advice"],
        "rows": [(row, plain_dosage(row.line.printed["dosage"])) for row in prescriptions.rows_of(seen)],
        "hops": prescriptions.hops_of(seen) if seen.filled else [],
        "qr": path,
        "side": side + 4,
    }
