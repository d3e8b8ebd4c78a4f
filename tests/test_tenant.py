"""A test installation: marked everywhere, and without a way to a real partner."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.support.intake import AT, certificate_of, example, open_desk, platform_issuer
from ymach.base.errors import Misconfigured
from ymach.config import is_stand_in, read_environment
from ymach.exchange.intake.pipeline import submit
from ymach.exchange.intake.receive import receive
from ymach.exchange.receipts.claims import claims_of
from ymach.exchange.receipts.issuer import Issuer

STAND_INS = ("http://127.0.0.1:9000", "https://10.2.0.7", "http://localhost:1", "https://portal.sandbox.ymach.example")
REAL = ("https://egw.baohiemxahoi.gov.vn", "https://donthuocquocgia.vn", "https://203.162.0.1", "https://sandboxes.vn")


@pytest.mark.parametrize("url", STAND_INS)
def test_a_stand_in_is_known_by_its_address(url: str) -> None:
    assert is_stand_in(url)


@pytest.mark.parametrize("url", REAL)
def test_a_test_installation_refuses_to_start_with_a_real_partner(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_stand_in(url)
    monkeypatch.setenv("YMACH_INSURANCE_URL", url)
    assert not read_environment().is_test
    monkeypatch.setenv("YMACH_TENANT", "test")
    with pytest.raises(Misconfigured) as refused:
        read_environment()
    assert "YMACH_INSURANCE_URL" in refused.value.text.en


@pytest.mark.django_db
@pytest.mark.parametrize("is_test", [True, False])
def test_only_the_receipt_of_a_test_installation_says_test(is_test: bool) -> None:
    desk, key = open_desk(), platform_issuer().key
    content = certificate_of("99001").signer().sign(example("01-outpatient.xml"))
    issuer = Issuer(key, "https://ymach.test", is_test=is_test)
    answer = submit([receive(content, at=AT)], sender=desk.sender, at=AT, issuer=issuer)[0]
    assert claims_of(answer.body["receipt"]).get("test") is (True if is_test else None)


@pytest.mark.django_db
def test_every_page_of_a_test_installation_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Bản kiểm thử" not in client.get("/sign-in").content.decode()
    monkeypatch.setattr(settings.ENVIRONMENT, "tenant", "test")
    assert "Bản kiểm thử" in client.get("/sign-in").content.decode()
