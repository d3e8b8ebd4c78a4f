"""The body of `gui-don-thuoc`, from the clinical model (Decision 808/QĐ-BYT 2022 part V). Plain functions.

Every value is text, as in the systems that use it; what the dossier does not say is an empty text. Sex is coded 1
undetermined, 2 male, 3 female, not as in the XML 130 family. A prescription of HIV care hides who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ymach.base.clock import VIETNAM, vietnam_day
from ymach.clinical.dossier import Dossier
from ymach.clinical.medication import Medicine
from ymach.clinical.visit import Visit
from ymach.exchange.prescriptions.sheets import child, plain, pseudonym, sheets_of
from ymach.exchange.records import compartment_of

SEX = {"1": "2", "2": "3", "3": "1"}
"""From the XML 130 coding (1 male, 2 female, 3 undetermined) to that of Decision 808/QĐ-BYT."""

OUTPATIENT = "2"
"""`hinh_thuc_dieu_tri`; the list is not published, vendors use 2 for care without a stay."""

UNKNOWN_SEX = "1"
_DAYS = re.compile(r"\*\s*(\d{1,3})\s*ngày")


@dataclass(frozen=True, slots=True)
class Numbered:
    """The code of a prescription as the exchange keeps it, and that of the one it replaces ("" for none)."""

    code: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Prescription:
    """One prescription: its code, who prescribed it (licence as written, empty if the dossier does not say), the body."""

    code: str
    facility_code: str
    doctor: str
    body: dict[str, Any]


def prescriptions_of(dossier: Dossier, numbered: Mapping[int, Numbered], *, facility_code: str) -> list[Prescription]:
    """The prescriptions of a dossier that have a code, by their place in it; the others are not to be dispensed."""
    visit, found = dossier.visit, []
    for sheet in sheets_of(dossier):
        known = numbered.get(sheet.part)
        if known is not None and visit is not None:
            body = _body(dossier, visit, list(sheet.medicines), known, sheet.kind)
            found.append(Prescription(known.code, facility_code, sheet.prescriber, body))
    return found


def _body(dossier: Dossier, visit: Visit, lines: list[Medicine], known: Numbered, kind: str) -> dict[str, Any]:
    ordered = min((line.ordered_at for line in lines if line.ordered_at), default=visit.started_at)
    under_72_months = child(dossier, visit, on=vietnam_day(ordered)) if ordered else {}
    return {
        "loai_don_thuoc": kind,
        "ma_don_thuoc": known.code,
        **_person(dossier, visit),
        "can_nang": _number(visit.weight_kg),
        "thong_tin_nguoi_giam_ho": under_72_months.get("guardian", ""),
        "chan_doan": _diagnoses(visit),
        "luu_y": f"Thay thế đơn {known.replaces}" if known.replaces else "",
        "hinh_thuc_dieu_tri": OUTPATIENT,
        "dot_dung_thuoc": _course(lines, ordered),
        "thong_tin_don_thuoc": [_line(line) for line in lines],
        "loi_dan": visit.advice or "",
        "ngay_tai_kham": _days_until_next(visit),
        "ngay_gio_ke_don": ordered.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S") if ordered else "",
        "signature": "",
    }


def _person(dossier: Dossier, visit: Visit) -> dict[str, str]:
    sex = SEX.get(visit.sex or "", UNKNOWN_SEX)
    born = visit.birth_date
    if compartment_of(dossier):
        # The year and the sex are what a pharmacist needs; nothing else says who it is.
        return {
            "ho_ten_benh_nhan": f"Người bệnh {pseudonym(dossier)}",
            "ma_dinh_danh_y_te": "",
            "ma_dinh_danh_cong_dan": "",
            "ngay_sinh_benh_nhan": f"01/01/{born.year}" if born else "",
            "gioi_tinh": sex,
            "ma_so_the_bao_hiem_y_te": "",
            "dia_chi": "",
            "so_dien_thoai_nguoi_kham_benh": "",
        }
    number = visit.personal_number or ""
    return {
        "ho_ten_benh_nhan": visit.full_name or "",
        "ma_dinh_danh_y_te": "",
        "ma_dinh_danh_cong_dan": number if len(number) == 12 and number.isdigit() else "",
        "ngay_sinh_benh_nhan": _day(born.earliest) if born else "",
        "gioi_tinh": sex,
        "ma_so_the_bao_hiem_y_te": next(iter(visit.insurance_cards), ""),
        "dia_chi": visit.address or "",
        "so_dien_thoai_nguoi_kham_benh": visit.phone or "",
    }


def _diagnoses(visit: Visit) -> list[dict[str, str]]:
    said = visit.discharge_diagnosis_text or visit.admission_diagnosis_text or ""
    main = {"ma_chan_doan": visit.main_diagnosis or "", "ten_chan_doan": said, "ket_luan": said}
    return [main, *({"ma_chan_doan": code, "ten_chan_doan": "", "ket_luan": ""} for code in visit.other_diagnoses)]


def _course(lines: list[Medicine], ordered: datetime | None) -> dict[str, str]:
    if ordered is None:
        return {"dot": "1", "tu_ngay": "", "den_ngay": "", "so_thang_thuoc": ""}
    days = max((int(found) for line in lines for found in _DAYS.findall(line.dosage or "")), default=1)
    start = vietnam_day(ordered)
    end = start + timedelta(days=max(days, 1) - 1)
    return {"dot": "1", "tu_ngay": _day(start), "den_ngay": _day(end), "so_thang_thuoc": ""}


def _line(line: Medicine) -> dict[str, str]:
    return {
        "ma_thuoc": line.registration_number or line.code or "",
        "biet_duoc": line.name or "",
        "ten_thuoc": " ".join(part for part in (line.name, line.strength) if part),
        "don_vi_tinh": line.unit or "",
        "so_luong": _number(line.quantity),
        "cach_dung": "; ".join(part for part in (line.dosage, line.instructions) if part),
    }


def _days_until_next(visit: Visit) -> str:
    """`ngay_tai_kham` is a number of days."""
    left = visit.ended_at or visit.started_at
    if not visit.next_appointments or left is None:
        return ""
    return str(max((min(visit.next_appointments) - vietnam_day(left)).days, 0))


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
