"""Events, reconciliations, subscriptions and checked receipts over HTTP: what is answered, and what is refused how."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.base.clock import now, vietnam_day
from ymach.exchange.events.sequencing import catch_up
from ymach.exchange.models import Receipt, Submission
from ymach.exchange.platform import access_tokens
from ymach.exchange.receipts import checking
from ymach.exchange.subscriptions import managing

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    desk = open_desk()
    desk.send(desk.sign(example("01-outpatient.xml")), b"<nonsense")
    return desk


@pytest.fixture
def ask(client: Client) -> Any:
    """Ask as the facility's machine: the status and the JSON of the answer."""
    token = access_tokens().issue("99001", at=now(), scopes=[])

    def asked(method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {token}", **headers}
        answer = client.generic(method, f"/api/v1/{path}", data, content_type=JSON, headers=sent)
        return answer.status_code, answer.json()

    return asked


def test_events_are_read_on_from_a_cursor_and_narrowed(desk: Desk, ask: Any) -> None:
    catch_up(at=AT)
    status, first = ask("GET", "events?limit=1")
    assert (status, first["more"], first["cursor"], first["events"][0]["kind"]) == (200, True, "1", "submission:stored")
    _, rest = ask("GET", "events?after=1")
    assert ([one["kind"] for one in rest["events"]], rest["more"]) == (["submission:refused"], False)
    assert ask("GET", "events?kinds=submission:refused,visit")[1]["events"] == []
    assert len(ask("GET", "events?kinds=visit")[1]["events"]) == 1
    assert ask("GET", "events?after=now")[1]["events"] == []


def test_what_is_asked_wrongly_is_refused_with_its_code(desk: Desk, ask: Any) -> None:
    asked = {
        "events?after=99": "YM-EVENT-CURSOR",
        "events?kinds=x": "YM-EVENT-KIND-UNKNOWN",
        "events?limit=0": "YM-REQ-PARAMETER",
    }
    for path, code in asked.items():
        status, problem = ask("GET", path)
        assert (status, problem["code"]) == (422, code)


BAD_LISTS: tuple[tuple[object, int, str], ...] = (
    (b"{", 422, "YM-RECONCILE-BODY"),
    ([], 422, "YM-RECONCILE-BODY"),
    ({"day": "2026-11-20"}, 422, "YM-RECONCILE-BODY"),
    ({"day": "20/11/2026", "digests": []}, 422, "YM-RECONCILE-DAY"),
    ({"day": "2999-01-01", "digests": []}, 422, "YM-RECONCILE-DAY"),
    ({"day": "2026-11-20", "digests": ["x"]}, 422, "YM-RECONCILE-DIGEST"),
    ({"day": "2026-11-20", "digests": ["a" * 64] * 50_001}, 413, "YM-RECONCILE-TOO-MANY"),
)


def test_a_list_that_is_none_is_refused_with_its_code(desk: Desk, ask: Any) -> None:
    for body, status, code in BAD_LISTS:
        answered, problem = ask("POST", "reconciliations", body)
        assert (answered, problem["code"]) == (status, code)


def test_a_day_is_compared(desk: Desk, ask: Any) -> None:
    kept = Submission.objects.exclude(outcome="rejected").get()
    status, told = ask("POST", "reconciliations", {"day": vietnam_day(AT).isoformat(), "digests": ["E" * 64]})
    assert (status, told["matched"], told["missing"], told["different"]) == (200, 0, ["e" * 64], [])
    assert [(one["digest"], one["submission"]) for one in told["extra"]] == [(bytes(kept.digest).hex(), str(kept.id))]


def test_a_receipt_holds_and_a_changed_one_has_its_code(desk: Desk, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "platform_key", lambda: platform_issuer().key)
    receipt = Receipt.objects.get(submission_id=Submission.objects.exclude(outcome="rejected").get().id).jws
    status, told = ask("POST", "receipts:verify", {"receipt": receipt})
    assert (status, told["valid"], told["kept"], told["facility"]) == (200, True, True, "99001")
    head, body, signature = receipt.split(".")
    wrongs = {f"{head}.{body[:-8]}AAAAAAAA.{signature}": "YM-RCP-BROKEN", "a.b": "YM-RCP-FORMAT"}
    for wrong, code in wrongs.items():
        status, problem = ask("POST", "receipts:verify", wrong.encode())
        assert (status, problem["code"]) == (422, code)


def test_a_subscription_lives_over_the_api(desk: Desk, ask: Any) -> None:
    wanted = {"name": "Kho", "url": "https://kho.example/in", "kinds": ["visit", "delivery:stuck"]}
    status, made = ask("POST", "subscriptions", wanted)
    assert (status, made["state"], made["facility"]) == (201, "open", "99001")
    place = f"subscriptions/{made['id']}"
    assert ask("POST", f"{place}/pause", {"reason": "bảo trì"})[1]["state"] == "paused"
    assert ask("POST", f"{place}/resume", {"reason": "xong"})[1]["state"] == "open"
    moved = ask("POST", f"{place}/rotate", {"reason": "đổi máy", "url": "https://b.example/"})[1]
    assert moved["url"] == "https://b.example/"
    assert ask("POST", f"{place}/repeat", {"reason": "mất", "after": 99})[1]["code"] == "YM-EVENT-CURSOR"
    assert ask("POST", f"{place}/repeat", {"reason": "mất", "after": 0})[1]["cursor"] == "0"
    assert ask("POST", f"{place}/end", {"reason": "thôi"})[1]["state"] == "ended"
    assert ask("POST", f"{place}/pause", {"reason": "thử"})[0] == 409
    assert [one["state"] for one in ask("GET", "subscriptions")[1]["subscriptions"]] == ["ended"]


def test_a_unit_has_so_many_addresses_and_no_more(desk: Desk, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managing, "MOST", 1)
    wanted = {"name": "Kho", "url": "https://kho.example/in"}
    assert ask("POST", "subscriptions", wanted)[0] == 201
    assert ask("POST", "subscriptions", wanted)[1]["code"] == "YM-SUBSCRIPTION-TOO-MANY"


def test_addresses_inside_and_other_peoples_subscriptions_are_refused(desk: Desk, ask: Any) -> None:
    status, problem = ask("POST", "subscriptions", {"name": "Kho", "url": "https://127.0.0.1/"})
    assert (status, problem["code"], problem["field"]) == (422, "YM-SUBSCRIPTION-ADDRESS-WRONG", "url")
    assert ask("GET", f"subscriptions/{desk.facility.id}")[1]["code"] == "YM-SUBSCRIPTION-NOT-FOUND"
