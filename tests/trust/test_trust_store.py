"""What is trusted is kept in the database with its reasons, and each process sees a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from ymach.base.actors import Actor, ActorKind, command
from ymach.base.history.models import HistoryEntry
from ymach.trust import actions, queries, revocation
from ymach.trust.chains import ChainCache
from ymach.trust.client_assertions import Assertion
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool
from ymach.trust.errors import AssertionRefused, CertificateRefused

pytestmark = pytest.mark.django_db
BY = command("test")
DAY = timedelta(days=1)


def machine(code: str) -> Actor:
    return Actor(ActorKind.MACHINE, code, code)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    queries._kept.clear()
    yield
    queries._kept.clear()


def trust(authority: DemoAuthority, at: datetime, *, is_demo: bool = False) -> None:
    actions.add_anchor(certificate=authority.root, by=BY, at=at, reason="test", is_demo=is_demo)
    actions.add_anchor(certificate=authority.issuing, by=BY, at=at, reason="test", trusted=False, is_demo=is_demo)


def test_a_trusted_authoritys_certificates_are_relied_on(
    authority: DemoAuthority, facility: Issued, at: datetime
) -> None:
    trust(authority, at)
    actions.load_revocation_list(content=authority.crl(), issuer=authority.issuing, by=BY, at=at)
    assert ChainCache().check(facility.certificate, (), queries.trust_store(demo=False), at=at) == ()


def test_a_demonstration_authority_counts_on_a_demonstration_server_only(
    authority: DemoAuthority, at: datetime
) -> None:
    trust(authority, at, is_demo=True)
    assert len(queries.trust_store(demo=True).anchors) == 1
    assert queries.trust_store(demo=False).anchors == ()


def test_trusting_an_authority_is_in_the_history(authority: DemoAuthority, at: datetime) -> None:
    actions.add_anchor(certificate=authority.root, by=BY, at=at, reason="licence 12/GP-BTTTT")
    entry = HistoryEntry.objects.get(table="trust_anchor", row_id=authority.root.fingerprint)
    assert (entry.actor, entry.reason) == ("command:test", "licence 12/GP-BTTTT")


def test_a_withdrawn_authority_is_not_trusted_for_later_signatures(
    authority: DemoAuthority, facility: Issued, at: datetime
) -> None:
    trust(authority, at)
    actions.withdraw_anchor(fingerprint=authority.root.fingerprint, by=BY, at=at, reason="licence ended")
    store = queries.trust_store(demo=False)
    ChainCache().check(facility.certificate, (), store, at=at - DAY)
    with pytest.raises(CertificateRefused, match="YM-CRT-FOREIGN"):
        ChainCache().check(facility.certificate, (), store, at=at)


def test_a_revocation_takes_effect_when_its_list_is_loaded(keys: KeyPool, at: datetime) -> None:
    authority = DemoAuthority(at=at, keys=keys)
    issued, cache = authority.issue_facility("1", "A"), ChainCache()
    trust(authority, at)
    assert actions.load_revocation_list(content=authority.crl(at=at - DAY), issuer=authority.issuing, by=BY, at=at)
    cache.check(issued.certificate, (), queries.trust_store(demo=False), at=at)
    authority.revoke(issued.certificate, at - DAY)
    assert actions.load_revocation_list(content=authority.crl(at=at), issuer=authority.issuing, by=BY, at=at)
    with pytest.raises(CertificateRefused, match="YM-CRT-REVOKED"):
        cache.check(issued.certificate, (), queries.trust_store(fresh=True, demo=False), at=at)


def test_an_older_list_never_replaces_a_newer_one(authority: DemoAuthority, at: datetime) -> None:
    newer, older = authority.crl(at=at), authority.crl(at=at - DAY)
    assert actions.load_revocation_list(content=newer, issuer=authority.issuing, by=BY, at=at)
    assert not actions.load_revocation_list(content=older, issuer=authority.issuing, by=BY, at=at)
    assert not actions.load_revocation_list(content=newer, issuer=authority.issuing, by=BY, at=at)


def test_lists_are_fetched_and_one_that_is_away_leaves_the_old_one(
    authority: DemoAuthority, at: datetime, web: Callable[[int, bytes], str]
) -> None:
    def refresh(answer: str) -> actions.Refreshed:
        actions.add_anchor(certificate=authority.issuing, by=BY, at=at, reason="t", trusted=False, crl_url=answer)
        (done,) = actions.refresh_revocation_lists(by=BY, at=at, fetch=partial(revocation.fetch, allow_private=True))
        return done

    assert refresh(web(200, authority.crl())).is_newer
    away, wrong = refresh(web(500, b"")), refresh(web(200, b"<html>"))
    assert [one.error.code for one in (away, wrong) if one.error] == ["YM-CRL-UNREACHABLE", "YM-CRL-MALFORMED"]
    assert authority.issuing.fingerprint in queries.trust_store(fresh=True, demo=False).revocations.lists


def test_the_store_is_read_again_only_when_its_version_grew(
    authority: DemoAuthority, at: datetime, django_assert_num_queries: object
) -> None:
    trust(authority, at)
    first = queries.trust_store(demo=False)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert queries.trust_store(demo=False) is first
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queries.trust_store(fresh=True, demo=False) is first
    actions.add_anchor(certificate=authority.root, by=BY, at=at, reason="again")
    assert queries.trust_store(fresh=True, demo=False).version > first.version


def test_an_assertion_is_used_once(facility: Issued, at: datetime) -> None:
    first = Assertion("99001", "0123456789", at + DAY, facility.certificate)
    other = Assertion("99002", "0123456789", at + DAY, facility.certificate)
    actions.remember_assertion(assertion=first, by=machine("99001"), at=at)
    actions.remember_assertion(assertion=other, by=machine("99002"), at=at)
    with pytest.raises(AssertionRefused, match="YM-AUT-ASSERTION-REPLAYED"):
        actions.remember_assertion(assertion=first, by=machine("99001"), at=at)


def test_an_assertion_is_used_in_time_and_by_its_own_machine(facility: Issued, at: datetime) -> None:
    assertion = Assertion("99001", "0123456789", at, facility.certificate)
    with pytest.raises(AssertionRefused, match="YM-AUT-ASSERTION-EXPIRED"):
        actions.remember_assertion(assertion=assertion, by=machine("99001"), at=at)
    with pytest.raises(AssertionRefused, match="YM-AUT-ASSERTION-CLIENT"):
        actions.remember_assertion(assertion=assertion, by=machine("99002"), at=at - DAY)


def test_expired_assertions_are_forgotten(facility: Issued, at: datetime) -> None:
    assertion = Assertion("99001", "0123456789", at, facility.certificate)
    actions.remember_assertion(assertion=assertion, by=machine("99001"), at=at - DAY)
    assert actions.forget_assertions(at=at) == 0
    assert actions.forget_assertions(at=at + DAY) == 1
