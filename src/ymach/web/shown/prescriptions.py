"""Prescriptions as pages show them: words of states and kinds, the person, what was handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from ymach.base.text import Text
from ymach.exchange.prescriptions.models import Prescription
from ymach.exchange.prescriptions.queries import Filled, Line, Sight
from ymach.exchange.prescriptions.rules import last_day
from ymach.facilities.models import Facility
from ymach.practitioners.queries import find_practitioner_by_licence
from ymach.web import formatting
from ymach.web.parts import Fact, Hop, Words
from ymach.web.shown import prescriptions as shown
from ymach.web.templatetags.ymach import language
from ymach.web.words import SEX_WORDS


@dataclass(frozen=True, slots=True)
class Shown:
    """A state of a prescription: the badge it borrows, its word."""

    badge: str
    word: Text


STATES = {
    "issued": Shown("waiting", Text("Chưa bán", "Not dispensed")),
    "partly-dispensed": Shown("accepted_with_findings", Text("Bán một phần", "Partly dispensed")),
    "dispensed": Shown("accepted", Text("Đã bán hết", "Dispensed")),
    "expired": Shown("stuck", Text("Hết hạn", "Expired")),
    "replaced": Shown("rejected", Text("Đã thay bằng đơn khác", "Replaced")),
    "cancelled": Shown("rejected", Text("Đã hủy", "Cancelled")),
    "held": Shown("held", Text("Sở đang giữ", "Held by the department")),
}
FILTERS = tuple(name for name in STATES if name != "held")
KINDS = {
    "c": Text("Đơn thuốc", "Prescription"),
    "n": Text("Đơn thuốc gây nghiện", "Prescription of narcotics"),
    "h": Text("Đơn thuốc hướng thần, tiền chất", "Prescription of psychotropics or precursors"),
    "y": Text("Đơn thuốc cổ truyền", "Prescription of traditional medicine"),
    "t": Text("Đơn thuốc thang", "Prescription of a decoction"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a prescription on a page. field, batch_field: of the form; typed, batch: what stands in them."""

    line: Line
    quantity: str
    left: str
    field: str = ""
    batch_field: str = ""
    typed: str = ""
    batch: str = ""
    error: Words = ""

    @property
    def is_over(self) -> bool:
        return self.line.left <= 0


def rows_of(seen: Sight) -> list[Row]:
    """The lines as printed, with what is left."""
    return [Row(line, _amount(line.prescribed), _amount(line.left)) for line in seen.lines]


def patient_facts(one: Prescription) -> list[Fact]:
    """Who takes the medicines, and of a child what the law asks for."""
    said = one.body["patient"]
    facts = [
        Fact(Text("Sinh", "Born"), said["birth"] or formatting.EMPTY),
        Fact(Text("Giới tính", "Sex"), SEX_WORDS.get(said["sex"], formatting.EMPTY)),
    ]
    if "age_months" in said:
        months = said["age_months"]
        facts.append(Fact(Text("Tuổi", "Age"), Text(f"{months} tháng", f"{months} months")))
        facts.append(
            Fact(Text("Cân nặng", "Weight"), f"{said['weight_kg']} kg" if said["weight_kg"] else formatting.EMPTY)
        )
        facts.append(Fact(Text("Người đưa trẻ tới", "Accompanied by"), said["guardian"] or formatting.EMPTY))
    return facts


def paper_facts(one: Prescription, *, doctor: str, place: str) -> list[Fact]:
    """Who wrote it, when, until when it holds, and for what. doctor, place: names, "" where the registry has none."""
    body = one.body
    diagnosis = " · ".join(part for part in (", ".join(body["diagnoses"]), body["diagnosis_text"]) if part)
    triples = [
        (Text("Người kê đơn", "Prescriber"), doctor or one.prescriber, one.prescriber if doctor else ""),
        (Text("Nơi kê đơn", "Written at"), place or one.facility_code, one.facility_code if place else ""),
        (Text("Kê lúc", "Written"), formatting.moment(one.issued_at), ""),
        (Text("Mua đến hết ngày", "To be dispensed until"), formatting.day(last_day(one.expires_at)), ""),
        (Text("Chẩn đoán", "Diagnosis"), diagnosis, ""),
        (Text("Lời dặn", "Advice"), body["advice"], ""),
    ]
    return [Fact(name, value, note) for name, value, note in triples if value]


def hops_of(seen: Sight) -> list[Hop]:
    """What was handed over, in order, and what became of the prescription."""
    one = seen.prescription
    names = {line.number: line.printed for line in seen.lines}
    hops = [Hop("pill", Text("Kê đơn", "Written"), one.prescriber, "good", at=one.issued_at)]
    for filled in seen.filled:
        hops += _dispensing_hops(filled, names)
    if one.state == "replaced":
        note = Text(f"Đơn mới: {one.replaced_by}", f"New code: {one.replaced_by}") if one.replaced_by else ""
        hops.append(Hop("no", Text("Thay bằng đơn khác", "Replaced"), note, "bad", at=one.changed_at))
    if one.state == "cancelled":
        hops.append(Hop("no", Text("Hủy đơn", "Cancelled"), one.state_why, "bad", at=one.changed_at))
    if seen.state == "expired":
        hops.append(Hop("wait", Text("Hết hạn mua thuốc", "Expired"), "", "hold", at=one.expires_at))
    return hops


def parts_words(filled: Filled, names: Mapping[int, object]) -> list[str]:
    """“28 viên Amlodipin 5 mg, lô A1” for each line handed over."""
    return [_part(names.get(part.number), part.quantity, part.batch) for part in filled.parts]


def names_of(one: Prescription) -> dict[int, object]:
    """The printed lines by their number."""
    return {int(line["number"]): line for line in one.body["lines"]}


def _dispensing_hops(filled: Filled, names: Mapping[int, object]) -> list[Hop]:
    done = filled.dispensing
    title = Text(f"Nhà thuốc {done.pharmacy_code} đã bán", f"Dispensed by {done.pharmacy_code}")
    is_undone = done.undone_at is not None
    hop = Hop(
        "pill",
        title,
        done.pharmacist,
        "" if is_undone else "good",
        at=done.dispensed_at,
        also=parts_words(filled, names),
    )
    if not is_undone:
        return [hop]
    undone = Text(f"Nhà thuốc {done.pharmacy_code} đã hoàn lần bán đó", f"Undone by {done.pharmacy_code}")
    return [hop, Hop("fix", undone, done.undone_why, "note", at=done.undone_at)]


def _part(line: object, quantity: Decimal, batch: str) -> str:
    printed = line if isinstance(line, dict) else {}
    said = " ".join(part for part in (_amount(quantity), printed.get("unit", ""), printed.get("name", "")) if part)
    return said + (Text(f", lô {batch}", f", batch {batch}").to(language()) if batch else "")


def _amount(value: Decimal | None) -> str:
    return formatting.number(value, language())


def facts_of(one: Prescription) -> list[Fact]:
    """The person, who prescribed and where, by name where the registry has one."""
    known = find_practitioner_by_licence(one.prescriber) if one.prescriber else None
    place = Facility.objects.filter(pk=one.facility_id).values_list("name", flat=True).first()
    paper = shown.paper_facts(one, doctor=known.full_name if known else "", place=place or "")
    return [*shown.patient_facts(one), *paper]


def code_address(code: str) -> str:
    """What the QR code of a prescription says: where a pharmacy dispenses it."""
    return f"{settings.ENVIRONMENT.base_url}{reverse('dispensing')}?{urlencode({'code': code})}"
