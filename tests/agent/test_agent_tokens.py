"""Signing with a token: a real PKCS#11 library (SoftHSM2), keys that cannot be read out of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.agent.standin import FACILITY, Exchange

from ymach.agent.commands import agent
from ymach.agent.errors import PinRefused, TokenAway, TokenDriver, TokenKey
from ymach.agent.token_signatures import canonical
from ymach.agent.tokens import TokenPlace, open_token
from ymach.trust import detached, xmldsig
from ymach.trust.client_assertions import check_assertion
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool, new_key

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

PIN, OFFICER_PIN = "135790", "97531000"
LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
DOSSIER = (
    f'<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    f"<THONGTINDONVI><MACSKCB>{FACILITY}</MACSKCB></THONGTINDONVI>\r\n<THONGTINHOSO><SO>Một &amp; hai</SO></THONGTINHOSO>"
    f"<CHUKYDONVI/></GIAMDINHHS>"
).encode()


def _module() -> Path | None:
    return next((Path(one) for one in LIBRARIES if Path(one).exists()), None)


@pytest.fixture(scope="session")
def issued() -> Issued:
    """With an RSA key, as most tokens hold one."""
    authority = DemoAuthority(at=datetime.now(UTC), keys=KeyPool(1))
    return authority.issue_facility("0100109106", "Bệnh viện Đa khoa Mẫu")


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """SoftHSM2 with a store of its own; skipped, loudly, where it is not installed."""
    found = _module()
    if found is None or shutil.which("softhsm2-util") is None:
        if os.environ.get("YMACH_TEST_HSM") == "required":
            pytest.fail("YMACH_TEST_HSM=required, but SoftHSM2 is not installed (Debian: softhsm2)")
        pytest.skip("SoftHSM2 is not installed (Debian: softhsm2): signing with tokens is NOT tested here")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        for label in ("rsa", "ec", "two", "spare", "unlike"):
            _softhsm("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", OFFICER_PIN)
        yield found


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _put(module: Path, token: str, issued: Issued, label: str, folder: Path, *, key: Any = None) -> None:
    """Put a key and its certificates on a token, as a provider does before handing it over."""
    import pkcs11

    pem = (key or issued.key).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    number = issued.certificate.fingerprint[:8]
    _softhsm("--import", str(folder / "key.pem"), "--token", token, "--label", label, "--id", number, "--pin", PIN)
    session = pkcs11.lib(str(module)).get_token(token_label=token).open(rw=True, user_pin=PIN)
    for place, one in enumerate((issued.certificate, *issued.chain)):
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.ID: bytes.fromhex(number) if place == 0 else b"",
                pkcs11.Attribute.SUBJECT: one.x509.subject.public_bytes(),
                pkcs11.Attribute.VALUE: one.der,
            }
        )
    session.close()


@dataclass(frozen=True)
class Tokens:
    module: Path
    rsa: Issued
    ec: Issued

    def place(self, token: str, key_label: str = "") -> TokenPlace:
        return TokenPlace(self.module, token, key_label)


@pytest.fixture(scope="session")
def tokens(module: Path, issued: Issued, tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    folder, authority = tmp_path_factory.mktemp("keys"), DemoAuthority(at=datetime.now(UTC))
    ec = authority.issue_facility("0100109106", "Bệnh viện Đường Cong", key=new_key("EC"))
    _put(module, "rsa", issued, "Bệnh viện", folder)
    _put(module, "ec", ec, "benh-vien", folder)
    _put(module, "two", issued, "first", folder)
    _put(module, "two", ec, "second", folder)
    _put(module, "unlike", issued, "other", folder, key=new_key())
    return Tokens(module, issued, ec)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_dossier_signed_by_a_token_verifies_and_carries_the_chain(tokens: Tokens, kind: str) -> None:
    identity = open_token(tokens.place(kind), PIN)
    try:
        signed = identity.signer().sign(DOSSIER)
    finally:
        identity.close()
    verified = xmldsig.verify(etree.fromstring(signed))
    expected: Issued = getattr(tokens, kind)
    assert verified.certificate == expected.certificate
    assert list(verified.chain) == list(expected.chain)
    assert verified.covered.whole


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_stated_signing_time_is_covered_by_the_tokens_signature(tokens: Tokens, kind: str) -> None:
    identity, at = open_token(tokens.place(kind), PIN), datetime(2026, 11, 23, 10, tzinfo=UTC)
    try:
        signed = identity.signer().sign(DOSSIER, at=at)
    finally:
        identity.close()
    assert xmldsig.verify(etree.fromstring(signed)).claimed_at == at


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_bundle_signed_by_a_token_verifies(tokens: Tokens, kind: str) -> None:
    identity, content = open_token(tokens.place(kind), PIN), b'{"resourceType": "Bundle"}'
    try:
        verified = detached.verify(identity.signer().sign(content))
    finally:
        identity.close()
    expected: Issued = getattr(tokens, kind)
    assert (verified.content, verified.certificate) == (content, expected.certificate)
    assert list(verified.chain) == list(expected.chain)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_an_assertion_signed_by_a_token_is_taken(tokens: Tokens, kind: str) -> None:
    identity, at = open_token(tokens.place(kind), PIN), datetime.now(UTC)
    try:
        made = identity.make_assertion(FACILITY, "https://x/token", at)
    finally:
        identity.close()
    found = check_assertion(made, audience="https://x/token", at=at, find_certificate=lambda *_: identity.certificate)
    assert found.client_id == FACILITY


def test_a_token_that_knows_only_the_bare_operation_is_given_the_digest(tokens: Tokens) -> None:
    identity = open_token(tokens.place("rsa"), PIN)
    try:
        hardware = identity.close.__self__  # type: ignore[attr-defined]
        whole = hardware.sign(DOSSIER)
        hardware.mechanisms = frozenset()
        assert hardware.sign(DOSSIER) == whole
    finally:
        identity.close()


def test_a_key_does_not_leave_its_token(tokens: Tokens) -> None:
    from pkcs11 import Attribute, AttributeSensitive

    identity = open_token(tokens.place("rsa"), PIN)
    try:
        with pytest.raises(AttributeSensitive):
            identity.close.__self__.private[Attribute.PRIVATE_EXPONENT]  # type: ignore[attr-defined]
    finally:
        identity.close()


def test_a_key_that_is_not_the_certificates_is_found_before_anything_is_sent(tokens: Tokens) -> None:
    identity = open_token(tokens.place("unlike"), PIN)
    try:
        with pytest.raises(xmldsig.SignatureRefused):
            identity.signer().sign(DOSSIER)
    finally:
        identity.close()


def test_one_of_several_keys_is_chosen_by_its_label(tokens: Tokens) -> None:
    with pytest.raises(TokenKey) as refused:
        open_token(tokens.place("two"), PIN)
    assert "first" in refused.value.text.en
    chosen = open_token(tokens.place("two", "second"), PIN)
    chosen.close()
    assert chosen.certificate == tokens.ec.certificate


def test_a_token_that_is_not_plugged_in_is_awaited(tokens: Tokens) -> None:
    with pytest.raises(TokenAway):
        open_token(tokens.place("no such token"), PIN)


def test_a_driver_that_is_none_is_told(tokens: Tokens, tmp_path: Path) -> None:
    (tmp_path / "driver.so").write_bytes(b"no library")
    with pytest.raises(TokenDriver):
        open_token(TokenPlace(tmp_path / "driver.so", "rsa"), PIN)


def test_a_token_pulled_out_while_signing_is_told(tokens: Tokens) -> None:
    identity = open_token(tokens.place("rsa"), PIN)
    identity.close()
    with pytest.raises(TokenAway):
        identity.signer().sign(DOSSIER)


def _init(machine: Machine, tokens: Tokens, pin_file: Path, token: str = "rsa") -> Any:
    to = ("--server", machine.exchange.base, "--facility", FACILITY)
    key = ("--pkcs11-module", tokens.module, "--token", token, "--pin-file", pin_file)
    return machine.run("init", *to, *key)


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    path = tmp_path / "pin"
    path.write_text(f"{PIN}\n")
    path.chmod(0o600)
    return path


def test_a_folder_is_sent_with_a_token_and_the_pin_is_kept_nowhere(
    fresh: Machine, tokens: Tokens, pin_file: Path
) -> None:
    fresh.environment = {}
    done = _init(fresh, tokens, pin_file)
    assert done.exit_code == 0, done.output
    done = fresh.run("send", fresh.dossier("a"), fresh.dossier("b", "2"))
    assert done.exit_code == 0, done.output
    assert len(fresh.exchange.stored) == 2
    assert not [path for path in fresh.home.rglob("*") if path.is_file() and PIN.encode() in path.read_bytes()]


def test_a_wrong_pin_is_tried_once_however_often_the_service_starts(
    fresh: Machine, tokens: Tokens, pin_file: Path, exchange: Exchange
) -> None:
    pin_file.write_text("000000")
    assert "YM-AGENT-PIN-REFUSED" in _init(fresh, tokens, pin_file, "spare").output
    for _ in range(20):
        pin_file.touch()
        done = _init(fresh, tokens, pin_file, "spare")
        assert (done.exit_code, "YM-AGENT-PIN-REFUSED" in done.output) == (2, True)
    kept = (fresh.home / "pin-refused.json").read_text(encoding="utf-8")
    assert "000000" not in kept
    with pytest.raises(PinRefused):  # and not PinBlocked: the token was asked only twice
        open_token(tokens.place("spare"), "000000")
    pin_file.write_text("111111")  # another PIN is tried
    assert "YM-AGENT-PIN-REFUSED" in _init(fresh, tokens, pin_file, "spare").output
    assert (fresh.home / "pin-refused.json").read_text(encoding="utf-8") != kept


def test_a_pin_file_that_others_can_read_is_refused(fresh: Machine, tokens: Tokens, pin_file: Path) -> None:
    pin_file.chmod(0o644)
    done = _init(fresh, tokens, pin_file)
    assert (done.exit_code, "YM-AGENT-SECRET-OPEN" in done.output) == (2, True)


def test_without_a_pin_and_without_a_person_it_is_wrong_use(fresh: Machine, tokens: Tokens) -> None:
    to = ("--server", fresh.exchange.base, "--facility", FACILITY)
    done = fresh.run("init", *to, "--pkcs11-module", tokens.module, "--token", "rsa")
    assert (done.exit_code, "YM-AGENT-PIN" in done.output) == (2, True)


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True).filter(lambda name: name.lower()[:3] != "xml")
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(prefix=NAMES, uri=st.sampled_from(["urn:a", "http://x/%C3%A9"]), text=TEXTS, value=TEXTS, lang=TEXTS)
def test_the_canonical_form_is_the_one_the_xml_library_signs(
    issued: Issued, prefix: str, uri: str, text: str, value: str, lang: str
) -> None:
    root = etree.Element("GIAMDINHHS", nsmap={prefix: uri})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    etree.SubElement(root, f"{{{uri}}}A", {"b": value}).text = text
    signed = etree.fromstring(issued.signer().sign(root))
    info, value_node = signed.find(".//{*}SignedInfo"), signed.find(".//{*}SignatureValue")
    signature = b64decode(value_node.text)
    assert is_signed_by(issued, canonical(info), signature)
    assert not is_signed_by(issued, canonical(info) + b" ", signature)


def is_signed_by(issued: Issued, content: bytes, signature: bytes) -> bool:
    public: Any = issued.certificate.public_key
    try:
        public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def test_a_token_plugged_in_again_is_found_by_the_running_service(
    fresh: Machine, tokens: Tokens, pin_file: Path
) -> None:
    from click import Context as Call

    from ymach.agent.commands.running import make_service
    from ymach.agent.commands.shared import Context
    from ymach.agent.queue import Queue
    from ymach.agent.server import Server
    from ymach.agent.show import Show

    fresh.environment = {}
    assert _init(fresh, tokens, pin_file).exit_code == 0
    shared = Context(fresh.home, Show(as_json=True))
    config = shared.config()
    with Call(agent), Queue(fresh.home) as queue:
        identity = shared.identity(config)
        with Server(config.server, config.facility, identity) as server:
            service = make_service(shared, config, queue, server, identity)
            service.watch.settle = 0
            service.folders.make()
            fresh.dossier("a", "1", fresh.inbox)
            identity.close()  # the token is pulled out
            service.turn()
            assert queue.all() == []
            service.turn()
    assert len(fresh.exchange.stored) == 1
