"""The impact assessment on paper, sealed by the platform."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ymach.base.clock import print_moment
from ymach.publication.certificates import Sealer
from ymach.publication.paper import BOLD, LEFT, Page, register_fonts
from ymach.registers.activities import content, digest_of
from ymach.registers.assessment import TITLE, Assessment, chapters

REASON = "Ymạch: hồ sơ đánh giá tác động xử lý dữ liệu cá nhân · impact assessment"


def assessment_pdf(file: Assessment, *, sealer: Sealer) -> bytes:
    """The file on paper, sealed by the platform."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    register_fonts()
    page = Page(canvas, bottom=22 * mm)
    if sealer.is_demo:
        page.line("DEMO · BẢN TRÌNH DIỄN, KHÔNG CÓ GIÁ TRỊ", size=9, font=BOLD)
    page.line(TITLE, size=15, font=BOLD)
    made = print_moment(file.made_at)
    page.line(f"Nội dung theo mẫu 10, Nghị định 356/2025/NĐ-CP. Bản số {file.version}, lập lúc {made}.", size=9)
    page.line(f"Mã kiểm của sổ xử lý dữ liệu: {digest_of(content())}", size=8)
    page.y -= 8
    page.rule()
    for title, pairs in chapters(file):
        page.line(title.vi, size=12, font=BOLD)
        for name, words in pairs:
            page.line(f"{name.vi}: {words}", size=10, left=LEFT + 4 * mm)
        page.y -= 10
    canvas.setTitle(TITLE)
    canvas.setAuthor("Ymạch")
    canvas.save()
    return sealer.seal(out.getvalue(), reason=REASON)
