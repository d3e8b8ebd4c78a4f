"""A certificate is judged at the moment of signing, and each refusal has its own name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ymach.trust import certificates, revocation
from ymach.trust.chains import Anchor, ChainCache, TrustStore, build_chain, check_chain
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool, _usage, foreign_authority, new_key
from ymach.trust.errors import CertificateRefused
from ymach.trust.revocation import NO_REVOCATIONS, Revocations

DAY = timedelta(days=1)


def refused(issued: Issued, store: TrustStore, at: datetime) -> str:
    with pytest.raises(CertificateRefused) as error:
        check_chain(issued.certificate, issued.chain, store.anchors, at=at, revocations=store.revocations)
    return error.value.code


def special(authority: DemoAuthority, *extensions: x509.ExtensionType) -> Issued:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mẫu")])
    return authority.issue(name, extensions=[(one, True) for one in extensions])


def test_a_certificate_of_a_known_authority_is_relied_on(facility: Issued, store: TrustStore, at: datetime) -> None:
    found = check_chain(facility.certificate, facility.chain, store.anchors, at=at, revocations=store.revocations)
    assert found == ()


def test_expired_at_signing_is_refused_and_before_it_is_not(
    authority: DemoAuthority, store: TrustStore, at: datetime
) -> None:
    issued = authority.issue_expired("1", "A")
    assert refused(issued, store, at) == "YM-CRT-EXPIRED"
    check_chain(issued.certificate, issued.chain, store.anchors, at=at - 40 * DAY, revocations=store.revocations)


def test_not_yet_valid_is_refused(authority: DemoAuthority, store: TrustStore, at: datetime) -> None:
    assert refused(authority.issue_not_yet("1", "A"), store, at) == "YM-CRT-NOT-YET"


def test_revoked_before_signing_is_refused_and_later_is_not(keys: KeyPool, at: datetime) -> None:
    authority = DemoAuthority(at=at, keys=keys)
    issued = authority.issue_revoked("1", "A", since=at - 10 * DAY)
    store = authority.trust_store()
    assert refused(issued, store, at) == "YM-CRT-REVOKED"
    check_chain(issued.certificate, issued.chain, store.anchors, at=at - 11 * DAY, revocations=store.revocations)


def test_an_untrusted_root_is_foreign_and_a_missing_issuer_is_unknown(
    keys: KeyPool, store: TrustStore, at: datetime
) -> None:
    abroad = foreign_authority(at=at, keys=keys)
    issued = abroad.issue_facility("1", "A")
    assert refused(issued, store, at) == "YM-CRT-UNKNOWN"
    with_root = Issued(issued.key, issued.certificate, (*issued.chain, abroad.root))
    assert refused(with_root, store, at) == "YM-CRT-FOREIGN"
    alone = Issued(issued.key, issued.certificate, ())
    assert refused(alone, store, at) == "YM-CRT-UNKNOWN"


def test_a_known_name_with_another_key_is_foreign(keys: KeyPool, store: TrustStore, at: datetime) -> None:
    forged = DemoAuthority(at=at, keys=keys).issue_facility("1", "A")
    assert refused(forged, store, at) == "YM-CRT-FOREIGN"


def test_a_weak_key_is_refused(authority: DemoAuthority, store: TrustStore, at: datetime) -> None:
    issued = authority.issue_facility("1", "A", key=new_key(bits=1024))
    assert refused(issued, store, at) == "YM-CRT-WEAK-KEY"


@pytest.mark.parametrize(
    "extension",
    [
        _usage(key_encipherment=True),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
        x509.BasicConstraints(ca=True, path_length=None),
    ],
)
def test_a_certificate_for_another_use_is_refused(
    authority: DemoAuthority, store: TrustStore, at: datetime, extension: x509.ExtensionType
) -> None:
    assert refused(special(authority, extension), store, at) == "YM-CRT-USAGE"


def test_a_critical_extension_we_cannot_read_is_refused(
    authority: DemoAuthority, store: TrustStore, at: datetime
) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.7"), b"\x05\x00")
    assert refused(special(authority, strange), store, at) == "YM-CRT-CHAIN-BROKEN"


def test_a_facility_cannot_issue_certificates(authority: DemoAuthority, store: TrustStore, at: datetime) -> None:
    false = DemoAuthority(at=at)
    middle = authority.issue_facility("1", "A", key=false._issuing_key)
    false.issuing = middle.certificate
    issued = false.issue_facility("2", "B", key=new_key("EC"))
    below = Issued(issued.key, issued.certificate, (middle.certificate, *middle.chain))
    assert refused(below, store, at) == "YM-CRT-CHAIN-BROKEN"


def test_an_authority_is_trusted_only_in_its_period(authority: DemoAuthority, facility: Issued, at: datetime) -> None:
    anchor = Anchor(authority.root, trusted_until=at)
    chain = (facility.certificate, facility.chain, (anchor,))
    check_chain(*chain, at=at - DAY, revocations=NO_REVOCATIONS)
    with pytest.raises(CertificateRefused, match="YM-CRT-FOREIGN"):
        check_chain(*chain, at=at, revocations=NO_REVOCATIONS)


def test_an_old_or_missing_list_warns_and_never_stops(store: TrustStore, facility: Issued, at: datetime) -> None:
    def codes(revocations: Revocations, checked_at: datetime) -> list[str]:
        found = check_chain(
            facility.certificate, facility.chain, store.anchors, at=at, revocations=revocations, checked_at=checked_at
        )
        return [finding.code for finding in found]

    assert codes(store.revocations, at + 7 * DAY) == []
    assert codes(store.revocations, at + 9 * DAY) == ["YM-CRT-REVOCATION-STALE"]
    assert codes(NO_REVOCATIONS, at) == ["YM-CRT-REVOCATION-UNKNOWN"]


def test_a_remembered_chain_is_judged_again_at_each_moment(keys: KeyPool, at: datetime) -> None:
    authority = DemoAuthority(at=at, keys=keys)
    issued, cache = authority.issue_facility("1", "A"), ChainCache(size=1)
    store = authority.trust_store(version=1)
    assert cache.check(issued.certificate, issued.chain, store, at=at) == ()
    assert cache.check(issued.certificate, (), store, at=at) == ()
    with pytest.raises(CertificateRefused, match="YM-CRT-EXPIRED"):
        cache.check(issued.certificate, (), store, at=at + 800 * DAY)
    authority.revoke(issued.certificate, at - DAY)
    with pytest.raises(CertificateRefused, match="YM-CRT-REVOKED"):
        cache.check(issued.certificate, (), authority.trust_store(version=2), at=at)


def test_the_store_knows_issuing_authorities_that_senders_leave_out(
    store: TrustStore, facility: Issued, at: datetime
) -> None:
    assert ChainCache().check(facility.certificate, (), store, at=at) == ()


def test_the_signer_is_found_among_several_certificates_in_any_order(
    authority: DemoAuthority, facility: Issued
) -> None:
    bundle = [authority.root, authority.issuing, facility.certificate]
    assert certificates.leaf_of(bundle) == facility.certificate
    assert build_chain(facility.certificate, bundle, [Anchor(authority.root)]).path[-1] == authority.root


def test_certificates_are_read_from_pem_and_der_alike(facility: Issued) -> None:
    again = certificates.load(facility.certificate.pem())
    assert again == certificates.load(facility.certificate.der)
    assert len(again.fingerprint) == 64
    with pytest.raises(CertificateRefused, match="YM-CRT-MALFORMED"):
        certificates.load(b"\x30\x03abc")
    with pytest.raises(CertificateRefused, match="YM-CRT-MALFORMED"):
        certificates.load(b"0" * 40_000)


def test_a_list_signed_by_somebody_else_is_refused(authority: DemoAuthority) -> None:
    with pytest.raises(CertificateRefused, match="YM-CRL-BROKEN"):
        revocation.read(authority.crl(), authority.root)
    changed = bytearray(authority.crl())
    changed[-1] ^= 1
    with pytest.raises(CertificateRefused, match="YM-CRL-BROKEN"):
        revocation.read(bytes(changed), authority.issuing)
    with pytest.raises(CertificateRefused, match="YM-CRL-MALFORMED"):
        revocation.read(b"no list", authority.issuing)


def test_a_list_says_when_and_why(keys: KeyPool, at: datetime) -> None:
    authority = DemoAuthority(at=at, keys=keys)
    issued = authority.issue_revoked("1", "A", since=at - DAY)
    found = authority.revocation_list().entries[issued.certificate.serial]
    assert (found.at, found.reason) == (at - DAY, "keyCompromise")


def test_the_newest_list_of_an_issuer_is_used(authority: DemoAuthority, at: datetime) -> None:
    old, new = authority.revocation_list(at=at - DAY), authority.revocation_list(at=at)
    for order in ([old, new], [new, old]):
        assert Revocations.of(order).lists[authority.issuing.fingerprint] is new


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "ldap://x/y"])
def test_lists_are_fetched_over_http_only(url: str) -> None:
    with pytest.raises(revocation.ListUnreachable):
        revocation.fetch(url, allow_private=True)


def test_a_list_is_not_fetched_from_inside_our_own_network() -> None:
    with pytest.raises(revocation.ListUnreachable) as error:
        revocation.fetch("http://127.0.0.1:1/list.crl")
    assert "127.0.0.1" in error.value.text.en


def test_fetching_is_bounded_and_follows_no_redirect(web: Callable[[int, bytes], str]) -> None:
    assert revocation.fetch(web(200, b"abc"), allow_private=True) == b"abc"
    with pytest.raises(revocation.ListUnreachable):
        revocation.fetch(web(200, b"x" * 2000), max_bytes=1000, allow_private=True)
    with pytest.raises(revocation.ListUnreachable) as error:
        revocation.fetch(web(302, b""), allow_private=True)
    assert "302" in error.value.text.en
    with pytest.raises(revocation.ListUnreachable):
        revocation.fetch("http://127.0.0.1:9/", allow_private=True)
