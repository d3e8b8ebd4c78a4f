"""The health book on paper: sheets of A4 in plain Vietnamese, sealed by the platform (PAdES).

The seal shows that the sheets are the platform's and unchanged. Groups as published by Decision 31/QD-BYT 2026: who it
is; allergies, diseases, vaccinations; each episode; the summary of the record.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ymach.base.clock import VIETNAM, print_day, print_moment
from ymach.base.text import Text
from ymach.clinical.dosages import plain_dosage
from ymach.clinical.dossier import Dossier
from ymach.clinical.patient_summary import PatientSummary
from ymach.clinical.result import Result
from ymach.clinical.visit import Visit
from ymach.exchange.books.episodes import Episode
from ymach.exchange.books.gathering import OPERATIONS, Taken, diagnosis_names, summary_of
from ymach.publication.certificates import Sealer
from ymach.publication.paper import BOLD, LEFT, REGULAR, Page, register_fonts

BOOK = "SỔ SỨC KHỎE ĐIỆN TỬ"
EPISODE = "HỒ SƠ MỘT LẦN KHÁM, CHỮA BỆNH"
REASON = "Ymạch: sổ sức khỏe, bản người dân tải về · health book, the citizen's copy"
_BOTTOM, _FOOT = 24 * mm, 14 * mm
_INDENT = LEFT + 4 * mm
_MOST_RESULTS = 200


def book_pdf(taken: Taken, *, key: UUID, sealer: Sealer) -> bytes:
    """The whole book. key: an opaque name of the person, new with every making."""
    summary = summary_of(taken, key=key)
    sheets = _Sheets(BOOK, summary, sealer, at=taken.opened.at)
    sheets.person(summary)
    sheets.health(summary)
    names = _names(taken.episodes, taken.opened.at.astimezone(VIETNAM).date())
    for episode in taken.episodes:
        sheets.episode(episode, taken.source(episode.entry.facility_id, episode.entry.facility_code).name, names)
    return sheets.sealed()


def episode_pdf(taken: Taken, episode: Episode, *, key: UUID, sealer: Sealer) -> bytes:
    """One episode of the book."""
    summary = summary_of(taken, key=key)
    sheets = _Sheets(EPISODE, summary, sealer, at=taken.opened.at)
    sheets.person(summary)
    names = _names([episode], episode.entry.happened_at.astimezone(VIETNAM).date())
    sheets.episode(episode, taken.source(episode.entry.facility_id, episode.entry.facility_code).name, names)
    return sheets.sealed()


class _Numbered(Canvas):  # type: ignore[misc]
    """Sheets that are kept until it is known how many they are: a sheet that is missing is noticed. foot: what stands
    beside the number."""

    foot = ""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the library's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        self.showPage()
        for number, state in enumerate(self._kept, 1):
            self.__dict__.update(state)
            self.setFont(REGULAR, 8)
            self.drawString(LEFT, _FOOT, f"{self.foot} · trang {number}/{len(self._kept)}")
            super().showPage()
        super().save()


class _Sheets:
    """The sheets while they are written. The same foot stands on each."""

    def __init__(self, title: str, summary: PatientSummary, sealer: Sealer, *, at: datetime) -> None:
        register_fonts()
        self._out, self._sealer, self._at = io.BytesIO(), sealer, at
        self._canvas = _Numbered(self._out, pagesize=A4, invariant=True, lang="vi")
        self._canvas.foot = f"{title} · {summary.subject.name} · {print_moment(at)}"
        self._canvas.setTitle(f"{title}: {summary.subject.name}")
        self._canvas.setAuthor("Ymạch")
        self._page = Page(self._canvas, bottom=_BOTTOM)
        self._head(title, summary)

    def _head(self, title: str, summary: PatientSummary) -> None:
        page = self._page
        if self._sealer.is_demo:
            page.line("DEMO · BẢN TRÌNH DIỄN, KHÔNG CÓ GIÁ TRỊ · A DEMONSTRATION, WITHOUT EFFECT", size=9, font=BOLD)
        page.line("Ymạch · Sổ bộ và trục dữ liệu y tế quốc gia", size=9)
        page.y -= 6
        page.line(title, size=15, font=BOLD)
        page.line(summary.subject.name, size=17, font=BOLD)
        said = "Lập lúc {} theo các hồ sơ có chữ ký số của nơi khám. Đóng dấu số; sửa một chữ là dấu vỡ."
        page.line(said.format(print_moment(self._at)), size=9)
        if summary.is_withheld:
            page.line("Có dữ liệu thuộc ngăn hạn chế không in ở đây.", size=9)
        page.rule()

    def person(self, summary: PatientSummary) -> None:
        """Group (a)."""
        subject = summary.subject
        birth = subject.birth
        parts = [f"{part:02d}" for part in (birth.year, birth.month, birth.day) if part] if birth else []
        self._title("Hành chính")
        self._pairs(
            ("Ngày sinh", _known("-".join(parts))),
            ("Giới tính", {"1": "Nam", "2": "Nữ"}.get(subject.sex, "")),
            ("Số định danh", subject.personal_number),
            ("Số bảo hiểm xã hội", subject.insurance_number),
            ("Điện thoại", subject.phone),
            ("Địa chỉ", subject.address),
        )

    def health(self, summary: PatientSummary) -> None:
        """Group (b), and what is to come."""
        self._list(
            "Dị ứng",
            [_joined(one.substance, "nặng" if one.is_grave else "", one.reaction) for one in summary.allergies],
            "Chưa nơi nào ghi.",
        )
        self._list(
            "Bệnh đã ghi",
            [_joined(one.name or one.text, one.code, f"gần nhất {_day(one.last_at)}") for one in summary.problems],
            "Chưa có.",
        )
        self._list(
            "Thuốc đang dùng",
            [
                _joined(f"{one.name} {one.strength}".strip(), _taken(one.dosage), one.instructions)
                for one in summary.medicines
            ],
            "Không có.",
        )
        self._list(
            "Tiêm chủng",
            [
                _joined(one.vaccine, "" if one.dose is None else f"mũi {one.dose}", _known(one.on))
                for one in summary.vaccinations
            ],
            "Chưa nơi nào gửi.",
        )
        self._list(
            "Việc sắp tới", [_joined(_first(one.title), _day(one.on), one.words) for one in summary.plans], "Không có."
        )

    def episode(self, episode: Episode, place: str, names: dict[str, str]) -> None:
        """Groups (c) and (d) of one episode."""
        dossier, visit = episode.dossier, episode.dossier.visit or Visit()
        page = self._page
        if page.y < _BOTTOM + 60 * mm:
            page.begin_sheet()
        page.y -= 8
        page.line(f"{_day(episode.entry.happened_at)} · {place}", size=12, font=BOLD)
        codes = [code for code in (visit.main_diagnosis, *visit.other_diagnoses) if code]
        self._pairs(
            ("Lý do", visit.reason or ""),
            ("Vào, ra", " – ".join(print_moment(one) for one in (visit.started_at, visit.ended_at) if one)),
            ("Chẩn đoán", visit.discharge_diagnosis_text or visit.admission_diagnosis_text or ""),
            ("Bệnh", "; ".join(_joined(names.get(code, ""), code) for code in codes)),
            *(("Thuốc", one) for one in _medicines(dossier)),
            (
                "Kết quả",
                "; ".join(_result(one) for one in dossier.results[:_MOST_RESULTS] if one.value or one.conclusion),
            ),
            (
                "Phẫu thuật, thủ thuật",
                "; ".join(one.name or "" for one in dossier.services if one.cost_group in OPERATIONS),
            ),
            *_summary(dossier, visit),
        )

    def sealed(self) -> bytes:
        self._canvas.save()
        return self._sealer.seal(self._out.getvalue(), reason=REASON)

    def _title(self, text: str) -> None:
        self._page.y -= 6
        self._page.line(text, size=12, font=BOLD)

    def _pairs(self, *pairs: tuple[str, str]) -> None:
        for name, value in pairs:
            if value:
                self._page.line(f"{name}: {_tidy(value)}", left=_INDENT)

    def _list(self, title: str, lines: Sequence[str], nothing: str) -> None:
        self._title(title)
        for line in lines or [nothing]:
            self._page.line(_tidy(line), left=_INDENT)


def _summary(dossier: Dossier, visit: Visit) -> Iterable[tuple[str, str]]:
    told, slip = dossier.summary, dossier.appointment
    yield "Diễn biến", (told.history if told else "") or ""
    yield "Điều trị", (told.treatment if told else "") or visit.treatment or ""
    yield "Lời dặn", visit.advice or ""
    days = [slip.appointed_on] if slip and slip.appointed_on else list(visit.next_appointments)
    yield "Khám lại", ", ".join(_day(one) for one in days)


def _medicines(dossier: Dossier) -> Iterable[str]:
    for one in dossier.medicines:
        yield _joined(
            f"{one.name or ''} {one.strength or ''}".strip(), _taken(one.dosage or ""), one.instructions or ""
        )


def _result(one: Result) -> str:
    value = f"{one.value or ''} {one.unit or ''}".strip()
    return f"{one.indicator_name or 'Kết luận'}: {value or one.conclusion or one.description or ''}"


def _names(episodes: Iterable[Episode], on: date) -> dict[str, str]:
    visits = [one.dossier.visit for one in episodes if one.dossier.visit]
    codes = {code for visit in visits for code in (visit.main_diagnosis, *visit.other_diagnoses) if code}
    return {code: name.vi for code, name in diagnosis_names(codes, on).items()}


def _day(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    return print_day(value, "")


def _taken(dosage: str) -> str:
    said = plain_dosage(dosage)
    return said.vi if isinstance(said, Text) else said


def _known(day: str) -> str:
    """2024, 2024-03 or 2024-03-05 as people write it."""
    return "/".join(reversed(day.split("-")))


def _first(text: str) -> str:
    return text.split(" · ")[0]


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
