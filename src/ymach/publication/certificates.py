"""The state of a licence on paper: a PDF in both languages with its QR code, sealed by the platform (PAdES).

The seal shows that the page is the platform's and unchanged; what holds today the QR code tells.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ymach.base.clock import print_day, print_moment, vietnam_day
from ymach.base.errors import Misconfigured
from ymach.base.text import Text
from ymach.base.weekly import print_schedule
from ymach.publication.paper import BOLD, LEFT, REGULAR, RIGHT, Page, draw_qr, register_fonts, wrapped
from ymach.publication.payload import scope_words, title_words
from ymach.publication.rules import Entry, judge, last_day, places_on, sentence_of, word_of
from ymach.trust.platform import PlatformKey

YEARS = 10
FIELD = "YmachSeal"
_MOST_PLACES = 12
_NOTES = (
    "Quét mã để xem tình trạng lúc này. Phiếu chỉ nói về lúc được lập.",
    "Scan to see the state as it is now. This page speaks only of the moment it was made.",
    "Phiếu được đóng dấu số; sửa một chữ là dấu vỡ. · Sealed; the seal breaks if a letter is changed.",
    "Không ghi số định danh, ngày sinh, điện thoại. · No personal number, birth date or telephone is shown.",
)


@dataclass(frozen=True)
class Sealer:
    """Who seals: the platform's key, its certificate, and whether both are of a demonstration."""

    key: PlatformKey
    certificate: x509.Certificate
    is_demo: bool

    def seal(self, pdf: bytes, *, reason: str) -> bytes:
        """The PDF with an invisible seal over all its bytes, as an increment that leaves them as they are."""
        out = io.BytesIO()
        signer = signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER)),
            signing_key=asn1_keys.PrivateKeyInfo.load(_der_of(self.key)),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, reason=reason, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        signers.PdfSigner(meta, signer).sign_pdf(writer, output=out)
        return out.getvalue()


def load_or_make_certificate(path: Path, *, key: PlatformKey, is_demo: bool, at: datetime) -> x509.Certificate:
    """The certificate of the platform's key from a PEM file; without one a self-signed one is made there.

    Raises Misconfigured when the certificate is of another key.
    """
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        return _make(path, key, is_demo, at)
    except ValueError as wrong:
        raise Misconfigured(why=f"{path.name}: PEM") from wrong
    if found.public_key() != _private(key).public_key():
        raise Misconfigured(why=f"{path.name}: a certificate of another key; set YMACH_PLATFORM_CERTIFICATE.")
    return found


def certificate_pdf(entry: Entry, *, address: str, sealer: Sealer, at: datetime) -> bytes:
    """The sealed certificate of a licence's state at a moment. address: what the QR code opens."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    register_fonts()
    page = Page(canvas)
    _head(page, sealer.is_demo, at)
    _verdict(page, entry, at)
    _facts(page, entry, at)
    _places(page, entry, at)
    _foot(canvas, address)
    canvas.setTitle(f"{entry.number} {entry.name}")
    canvas.setAuthor("Ymạch")
    canvas.save()
    return sealer.seal(out.getvalue(), reason="Ymạch: tình trạng giấy phép hành nghề · state of a licence")


def _head(page: Page, is_demo: bool, at: datetime) -> None:
    if is_demo:
        page.line("DEMO · BẢN TRÌNH DIỄN, KHÔNG CÓ GIÁ TRỊ · A DEMONSTRATION, WITHOUT EFFECT", size=9, font=BOLD)
    page.line("Ymạch · Sổ bộ và trục dữ liệu y tế quốc gia", size=9)
    page.y -= 8
    page.line("PHIẾU XÁC NHẬN TÌNH TRẠNG GIẤY PHÉP HÀNH NGHỀ", size=15, font=BOLD)
    page.line("Certificate of the state of a licence to practise", size=11)
    moment = print_moment(at, seconds=True)
    page.line(f"Theo sổ bộ lúc {moment} · As the registry stood at {moment} (UTC+7)", size=9)
    page.rule()


def _verdict(page: Page, entry: Entry, at: datetime) -> None:
    verdict = judge(entry, vietnam_day(at))
    word, sentence = word_of(verdict), sentence_of(verdict, entry)
    page.line(entry.name, size=17, font=BOLD)
    page.y -= 4
    page.line(f"{word.vi} · {word.en}", size=13, font=BOLD)
    for text in filter(None, (sentence.vi, sentence.en)):
        page.line(text)
    page.y -= 6


def _facts(page: Page, entry: Entry, at: datetime) -> None:
    title = title_words(entry.title, vietnam_day(at))
    scopes = scope_words(entry.scopes, vietnam_day(at))
    start, end = entry.valid.start, last_day(entry.valid)
    term = f"{print_day(start)} – {print_day(end) if end else 'không thời hạn · without term'}"
    page.pair(Text("Chức danh", "Title"), f"{title.vi} · {title.en}")
    page.pair(Text("Số giấy phép", "Licence number"), entry.number)
    page.pair(Text("Nơi cấp, ngày cấp", "Issued by, on"), f"{entry.issuer}, {print_day(entry.issued_on)}")
    page.pair(Text("Hiệu lực", "Valid"), term)
    page.pair(Text("Phạm vi", "Scope"), f"{scopes.vi} · {scopes.en}" if scopes.vi else "—")


def _places(page: Page, entry: Entry, at: datetime) -> None:
    places = places_on(entry, vietnam_day(at))
    page.y -= 4
    page.line("Nơi đăng ký hành nghề · Places of practice", size=11, font=BOLD)
    for place in places[:_MOST_PLACES]:
        page.line(f"{place.name} ({place.code})", size=10)
        told = "; ".join(filter(None, (place.position, place.department, print_schedule(place.schedule))))
        page.line(told or "—", size=9, left=LEFT + 4 * mm)
    if not places:
        page.line("Không có nơi nào · None")
    if len(places) > _MOST_PLACES:
        page.line(f"… +{len(places) - _MOST_PLACES}")


def _foot(canvas: Canvas, address: str) -> None:
    side = 42 * mm
    draw_qr(canvas, address, left=RIGHT - side, bottom=16 * mm, side=side)
    canvas.setFont(REGULAR, 8)
    lines = [line for text in _NOTES for line in wrapped(text, REGULAR, 8, RIGHT - side - 6 * mm - LEFT)]
    for number, text in enumerate(reversed(lines)):
        canvas.drawString(LEFT, 17 * mm + number * 11, text)


def _make(path: Path, key: PlatformKey, is_demo: bool, at: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ymạch (DEMO)" if is_demo else "Ymạch")])
    private = _private(key)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
            file.write(made.public_bytes(serialization.Encoding.PEM))
    except FileExistsError:  # another process made it at the same moment
        return x509.load_pem_x509_certificate(path.read_bytes())
    return made


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: PlatformKey) -> ec.EllipticCurvePrivateKey:
    private = key.private.get_op_key("sign")
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise Misconfigured(why="platform key ≠ EC")
    return private


def _der_of(key: PlatformKey) -> bytes:
    return _private(key).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
