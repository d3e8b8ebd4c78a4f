"""QR codes, live status and sealed PDF: genuine ones are verified offline, altered ones never."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from tests.publication.test_publication_rules import BASE

from ymach.base.clock import now
from ymach.base.errors import Misconfigured
from ymach.base.qr import qr_path
from ymach.cli.licence import licence as command
from ymach.publication.certificates import Sealer, certificate_pdf, load_or_make_certificate
from ymach.publication.seals import (
    QR_DAYS,
    QrExpired,
    QrForged,
    QrOfAnotherKey,
    QrRefused,
    sign_qr,
    sign_status,
    verify_qr,
    verify_status,
)
from ymach.trust.platform import PlatformKey, jwks

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
KEY = PlatformKey.create()
KEYS = jwks(KEY)
TOKEN = sign_qr(BASE, key=KEY, at=AT)


def test_a_genuine_code_is_verified_with_the_published_keys_alone() -> None:
    claims = verify_qr(TOKEN, KEYS, at=AT)
    assert (claims.licence_id, claims.number, claims.name) == (BASE.licence_id, BASE.number, BASE.name)
    assert claims.kid == KEY.kid


def test_a_code_is_short_enough_to_be_scanned_from_paper() -> None:
    longest = replace(BASE, name="Nguyễn Hoàng Thị Phương Uyên Khánh Quỳnh", number="0012345/BRVT-CCHN")
    assert len("https://ymach.example.gov.vn/licences/qr/" + sign_qr(longest, key=KEY, at=AT)) <= 500
    path, side = qr_path(TOKEN)
    assert path.startswith("M0 0.5h7")
    assert side <= 90


def test_an_expired_code_and_one_of_another_key_have_their_own_codes() -> None:
    with pytest.raises(QrExpired):
        verify_qr(TOKEN, KEYS, at=AT + timedelta(days=QR_DAYS))
    with pytest.raises(QrOfAnotherKey):
        verify_qr(TOKEN, jwks(PlatformKey.create()), at=AT)
    with pytest.raises(QrOfAnotherKey):
        verify_qr(TOKEN, {"keys": [{**jwks(PlatformKey.create())["keys"][0], "kid": KEY.kid}]}, at=AT)


@settings(deadline=None)
@given(place=st.integers(0, len(TOKEN) - 1), letter=st.sampled_from("ABab09-_."))
def test_a_code_with_one_letter_changed_is_refused(place: int, letter: str) -> None:
    altered = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if altered == TOKEN:
        return
    try:
        claims = verify_qr(altered, KEYS, at=AT)
    except QrRefused:
        return
    # The last letter of a signature holds bits that mean nothing.
    assert place == len(TOKEN) - 1
    assert claims.number == BASE.number


@given(text=st.text(max_size=80) | st.from_regex(r"\A[A-Za-z0-9_-]{0,30}\.[A-Za-z0-9_-]{0,30}\.[A-Za-z0-9_-]{0,30}\Z"))
def test_nothing_else_is_a_code(text: str) -> None:
    with pytest.raises(QrRefused):
        verify_qr(text, KEYS, at=AT)


def test_a_status_lives_five_minutes_and_is_no_qr_code() -> None:
    token = sign_status({"id": "1", "state": "ACTIVE"}, key=KEY, issuer="https://ymach.test", at=AT)
    assert verify_status(token, KEYS, at=AT + timedelta(seconds=299))["state"] == "ACTIVE"
    with pytest.raises(QrExpired):
        verify_status(token, KEYS, at=AT + timedelta(seconds=300))
    with pytest.raises(QrRefused):
        verify_qr(token, KEYS, at=AT)
    with pytest.raises(QrForged):
        verify_status(token[:-8] + "AAAAAAAA", KEYS, at=AT)


def test_the_command_verifies_a_code_its_address_and_a_file(tmp_path: Path) -> None:
    token = sign_qr(BASE, key=KEY, at=now())
    keys, file = tmp_path / "jwks.json", tmp_path / "code.txt"
    keys.write_bytes(orjson.dumps(KEYS))
    file.write_text(f"{token}\n", encoding="utf-8")
    for given_code in (token, f"https://ymach.test/licences/qr/{token}", str(file)):
        done = CliRunner().invoke(command, ["verify-qr", given_code, "--keys", str(keys), "--json"])
        assert orjson.loads(done.output)["number"] == BASE.number
    done = CliRunner().invoke(command, ["verify-qr", token[:-9] + "AAAAAAAAA", "--keys", str(keys)])
    assert isinstance(done.exception, QrForged)


@pytest.fixture
def sealed(db: None, tmp_path: Path) -> tuple[bytes, Path]:
    path = tmp_path / "platform-certificate.pem"
    sealer = Sealer(KEY, load_or_make_certificate(path, key=KEY, is_demo=True, at=AT), True)
    address = f"https://ymach.test/licences/qr/{TOKEN}"
    return certificate_pdf(BASE, address=address, sealer=sealer, at=AT), path


def _status(pdf: bytes, path: Path) -> tuple[bool, bool]:
    root = load_cert_from_pemder(str(path))
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[root], moment=AT, allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    return status.intact and status.valid, status.bottom_line


def test_the_certificate_is_sealed_whole_and_in_both_languages(sealed: tuple[bytes, Path]) -> None:
    pdf, path = sealed
    assert _status(pdf, path) == (True, True)
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    for words in (
        "Trần Minh Đức",
        "000123/HCM-GPHN",
        "Được phép hành nghề",
        "May practise",
        "DEMO",
        "Bệnh viện (01001)",
    ):
        assert words in text


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_one_changed_byte_breaks_the_seal(sealed: tuple[bytes, Path], share: float) -> None:
    pdf, path = sealed
    streams = [at for at in range(len(pdf)) if pdf[at : at + 7] == b"stream\n"]
    place = streams[int(len(streams) * share)] + 20
    broken = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    assert _status(broken, path) == (False, False)


def test_a_certificate_of_another_key_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "platform-certificate.pem"
    made = load_or_make_certificate(path, key=KEY, is_demo=False, at=AT)
    assert load_or_make_certificate(path, key=KEY, is_demo=False, at=AT) == made
    with pytest.raises(Misconfigured):
        load_or_make_certificate(path, key=PlatformKey.create(), is_demo=False, at=AT)
