"""Papers: what may come in, and what becomes of everything else."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject
from tests.support.changing import AT, jpeg, pdf, png, staff_of
from tests.support.factories import make_facility

from ymach.audit.models import AuditEvent
from ymach.base.errors import YmachError
from ymach.changes.evidence import errors
from ymach.changes.evidence.actions import forget_loose, keep
from ymach.changes.evidence.checking import clean_name, make_safe
from ymach.changes.models import Evidence

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims, and unpacks to, very many pixels."""
    head = struct.pack("!LLBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def catalogue(key: str, value: Any) -> Callable[[PdfWriter], None]:
    return lambda writer: writer._root_object.update({NameObject(key): value})


def action(name: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(name), NameObject("/F"): TextStringObject("cmd.exe")})


def javascript(writer: PdfWriter) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    names = DictionaryObject({NameObject("/JavaScript"): writer._add_object(script)})
    writer._root_object[NameObject("/Names")] = writer._add_object(names)


def attachment(writer: PdfWriter) -> None:
    writer.add_attachment("a.exe", b"MZ")


def in_an_annotation(writer: PdfWriter) -> None:
    annotation = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/A"): action("/Launch")})
    writer.pages[0][NameObject("/Annots")] = writer._add_object(annotation)


def in_an_object_stream_by_another_spelling(writer: PdfWriter) -> None:
    writer._add_object(DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")}))


def encrypted(writer: PdfWriter) -> None:
    writer.encrypt("secret", algorithm="RC4-128")


HOSTILE = {
    "nothing": (b"", errors.EvidenceEmpty),
    "HTML as PDF": (HTML, errors.EvidenceOfUnknownType),
    "SVG as PNG": (SVG, errors.EvidenceOfUnknownType),
    "a program": (b"MZ" + bytes(200), errors.EvidenceOfUnknownType),
    "a ZIP": (b"PK\x03\x04" + bytes(200), errors.EvidenceOfUnknownType),
    "HTML before the PDF": (HTML + pdf(), errors.EvidenceOfUnknownType),
    "HTML after the PDF": (pdf() + HTML, errors.DocumentWithRest),
    "a ZIP after the PDF": (pdf() + b"PK\x03\x04" + bytes(100), errors.DocumentWithRest),
    "a PDF that is none": (b"%PDF-1.7\nstartxref\n9\n%%EOF\n", errors.DocumentDamaged),
    "a PDF cut short": (pdf()[:-200], errors.DocumentWithRest),
    "a PDF with a script": (pdf(javascript), errors.DocumentActive),
    "a PDF with an attachment": (pdf(attachment), errors.DocumentActive),
    "a PDF that opens something": (pdf(catalogue("/OpenAction", action("/URI"))), errors.DocumentActive),
    "a PDF that starts a program": (pdf(in_an_annotation), errors.DocumentActive),
    "a PDF with additional actions": (pdf(catalogue("/AA", DictionaryObject())), errors.DocumentActive),
    "a PDF with a short script name": (pdf(in_an_object_stream_by_another_spelling), errors.DocumentActive),
    "a PDF with an XFA form": (
        pdf(catalogue("/AcroForm", DictionaryObject({NameObject("/XFA"): NumberObject(1)}))),
        errors.DocumentActive,
    ),
    "an encrypted PDF": (pdf(encrypted), errors.DocumentEncrypted),
    "a PDF of too many pages": (pdf(pages=101), errors.DocumentTooComplex),
    "a PNG bomb": (bomb(60_000, 60_000), errors.PictureTooLarge),
    "a PNG just too large": (bomb(10_000, 6_000), errors.PictureTooLarge),
    "a PNG cut short": (png(400, 400)[:-300], errors.PictureDamaged),
    "a JPEG of three bytes": (b"\xff\xd8\xff", errors.PictureDamaged),
}


@pytest.mark.parametrize(("content", "error"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_papers_are_refused_each_with_its_own_code(content: bytes, error: type[YmachError]) -> None:
    with pytest.raises(error) as refusal:
        make_safe(content, limit_mb=10)
    assert refusal.value.code == error.code
    assert "{" not in refusal.value.text.vi + refusal.value.text.en


def test_codes_of_refusals_are_their_own() -> None:
    kinds = errors.EvidenceRefused.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_eleven_mebibytes_are_too_much() -> None:
    with pytest.raises(errors.EvidenceTooBig):
        make_safe(b"%PDF-" + bytes(11 * 1024 * 1024), limit_mb=10)


def test_escaped_names_do_not_hide_a_script() -> None:
    content = pdf(in_an_object_stream_by_another_spelling).replace(b"/JS ", b"/#4aS", 1)
    with pytest.raises(errors.EvidenceRefused):
        make_safe(content, limit_mb=10)


@given(st.binary(max_size=400))
def test_any_bytes_have_an_answer(content: bytes) -> None:
    for start in (b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(errors.EvidenceRefused):
            make_safe(start + content, limit_mb=10)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_pdf_is_refused_or_still_only_shows_something(place: int, byte: int) -> None:
    content = bytearray(pdf())
    content[place % len(content)] = byte
    with suppress(errors.EvidenceRefused):
        assert make_safe(bytes(content), limit_mb=10).pages == 1


def test_a_good_pdf_is_kept_as_it_is() -> None:
    content = pdf(pages=3)
    paper = make_safe(content, limit_mb=10)
    assert (paper.content, paper.pages, paper.media_type) == (content, 3, "application/pdf")


def test_metadata_and_places_do_not_survive_in_pictures() -> None:
    exif = Image.Exif()
    exif[0x010E] = "nhà riêng"
    notes = PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    for content in (jpeg(exif=exif, comment=b"<script>"), png(pnginfo=notes)):
        kept = make_safe(content, limit_mb=10).content
        with Image.open(io.BytesIO(kept)) as picture:
            assert not picture.getexif()
            assert not {"exif", "comment", "Comment"} & picture.info.keys()


def test_what_follows_a_picture_is_left_behind() -> None:
    for content in (jpeg() + HTML, png() + HTML, jpeg() + b"PK\x03\x04"):
        kept = make_safe(content, limit_mb=10)
        assert HTML not in kept.content
        assert not kept.content.endswith(b"PK\x03\x04")


def test_large_pictures_become_smaller() -> None:
    kept = make_safe(png(6000, 3000), limit_mb=10)
    assert (kept.width, kept.height) == (4000, 2000)


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = make_safe(jpeg(exif=exif), limit_mb=10)
    assert (kept.width, kept.height) == (30, 40)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\giấy\\Bằng bác sĩ.pdf", "Bằng bác sĩ.png"),
        ('a"\r\nSet-Cookie: x.png', "a Set-Cookie x.png"),
        ("<script>.html", "script.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("", "giay-to.png"),
    ],
)
def test_names_are_made_harmless(name: str, clean: str) -> None:
    assert clean_name(name, "image/png") == clean


class Clamd(threading.Thread):
    """A small clamd: INSTREAM of clamd(8), finds EICAR; `answer` instead of a verdict."""

    def __init__(self, answer: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.answer, self.seen = answer, b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        line, _ = self.listener.accept()
        with line, line.makefile("rb") as incoming:
            assert incoming.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", incoming.read(4))[0]:
                self.seen += incoming.read(size)
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in self.seen else b"stream: OK\0"
            line.sendall(self.answer or found)

    def close(self) -> None:
        self.listener.close()


@pytest.fixture
def clamd(request: pytest.FixtureRequest) -> Iterator[Clamd]:
    server = Clamd(getattr(request, "param", b""))
    server.start()
    yield server
    server.close()
    server.join(5)


def test_malware_is_found_by_the_scanner(clamd: Clamd) -> None:
    with pytest.raises(errors.EvidenceInfected):
        make_safe(jpeg(comment=EICAR), limit_mb=10, scanner=clamd.address)


def test_the_scanner_sees_the_bytes_as_received(clamd: Clamd) -> None:
    content = png(300, 300)
    assert make_safe(content, limit_mb=10, scanner=clamd.address).was_scanned
    assert clamd.seen == content


@pytest.mark.parametrize("clamd", [b"INSTREAM size limit exceeded. ERROR\0", b"?"], indirect=True)
def test_no_verdict_is_no_clearance(clamd: Clamd) -> None:
    with pytest.raises(errors.ScannerAway):
        make_safe(png(), limit_mb=10, scanner=clamd.address)


@pytest.mark.parametrize("scanner", ["127.0.0.1:1", "/nowhere/clamd.sock", "no-port"])
def test_a_scanner_that_is_away_refuses_and_says_try_again(scanner: str) -> None:
    with pytest.raises(errors.ScannerAway) as refusal:
        make_safe(png(), limit_mb=10, scanner=scanner)
    assert (refusal.value.status, refusal.value.permanent) == (503, False)


@pytest.mark.django_db
def test_a_refused_upload_stays_in_the_journal_and_nowhere_else() -> None:
    with pytest.raises(errors.EvidenceRefused):
        keep(content=SVG, name="a.png", by=staff_of(make_facility()), at=AT)
    event = AuditEvent.objects.get(action="evidence:upload:refused")
    assert event.detail == {"code": "YM-EVIDENCE-TYPE"}
    assert not Evidence.objects.exists()


@pytest.mark.django_db
def test_papers_of_forms_never_sent_are_forgotten() -> None:
    by = staff_of(make_facility())
    keep(content=png(), name="a.png", by=by, at=AT.replace(day=20))
    fresh = keep(content=png(), name="b.png", by=by, at=AT)
    assert forget_loose(at=AT) == 1
    assert Evidence.objects.get() == fresh
