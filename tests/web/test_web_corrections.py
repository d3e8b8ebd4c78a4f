"""Pages of what became of a dossier after its receipt: later answers, cancellation, versions side by side, corrections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.exchange.test_exchange_intake import changed
from tests.support.accounts import signed_in
from tests.support.correcting import deliver_all, record_of, send_held, suspend
from tests.support.factories import BY
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.accounts.permissions import Role
from ymach.base.history.models import HistoryEntry
from ymach.base.text import Text
from ymach.exchange import mentions
from ymach.exchange.corrections.actions import amend
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.models import Cancellation, Delivery, DossierHead, Submission
from ymach.exchange.reevaluation.actions import consider, judge_noted
from ymach.web.shown.submissions import hops

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def facility(desk: Desk) -> Client:
    return signed_in(Role.FACILITY, facility_id=desk.facility.id)


def send(desk: Desk, *replaced: str) -> Submission:
    replace = (replaced[0], replaced[1]) if replaced else None
    answer = desk.send_one(desk.sign(changed(example("01-outpatient.xml"), replace)))
    return Submission.objects.get(id=answer.body["id"])


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_a_facility_cancels_from_its_receipt_and_sees_who_and_why(desk: Desk) -> None:
    submission, client = send(desk), facility(desk)
    deliver_all(AT)
    address = f"/submissions/{submission.id}"
    assert f'href="{address}/dossiers/0/cancel"' in page(client, address)
    assert "Điều sẽ xảy ra" in page(client, f"{address}/dossiers/0/cancel")
    refused = client.post(f"{address}/dossiers/0/cancel", {"reason": "  ", "seen": "1"})
    assert (refused.status_code, "Ghi lý do" in refused.content.decode()) == (422, True)
    stale = client.post(f"{address}/dossiers/0/cancel", {"reason": "nhầm người", "seen": "7"})
    assert (stale.status_code, "nhầm người" in stale.content.decode()) == (409, True)
    done = client.post(f"{address}/dossiers/0/cancel", {"reason": "nhầm người", "seen": "1"})
    assert done.status_code == 302
    shown = page(client, address)
    assert "Cơ sở tự rút ở: Cổng giám định BHYT" in shown
    made = Cancellation.objects.get()
    assert f"/submissions/{submission.id}/cancelled-{made.id}.jws" in shown
    assert "Lê Thị Hạnh" in shown
    assert "/dossiers/0/cancel" not in shown
    assert "không hiện trong sổ của người bệnh" in shown
    records = shown.partition("Bản ghi của hồ sơ")[2].partition("</table>")[0]
    assert ("Đã hủy" in records, "Đã nhận" in records) == (True, False)
    listed = page(client, "/submissions").partition('id="rows"')[2]
    assert ("Đã hủy" in listed, ": nhầm người" in listed, "Đã nhận" in listed) == (True, True, False)
    assert page(client, f"/submissions/{submission.id}/cancelled-{made.id}.jws") == made.jws
    assert "nhầm người" in page(client, f"{address}/dossiers/0")
    assert "nhầm người" in page(client, "/corrections?cause=cancelled")


def test_others_cannot_cancel(desk: Desk) -> None:
    address = f"/submissions/{send(desk).id}/dossiers/0/cancel"
    assert signed_in(Role.DEPARTMENT, province_code="01").get(address).status_code == 403
    other = open_desk("99003")
    assert signed_in(Role.FACILITY, facility_id=other.facility.id).get(address).status_code == 404
    assert DossierHead.objects.get().cancelled_at is None


def test_a_dossier_shows_what_its_version_says_otherwise(desk: Desk) -> None:
    send(desk)
    newest, client = send(desk, "<LY_DO_VV>", "<LY_DO_VV>Sốt, "), facility(desk)
    shown = page(client, f"/submissions/{newest.id}/dossiers/0")
    assert "1 chỗ khác bản trước" in shown
    assert "Lý do đến khám chữa bệnh" in shown
    assert "<ins>Sốt, " in shown
    older = page(client, f"/submissions/{Submission.objects.earliest('received_at', 'id').id}/dossiers/0")
    assert "đã có bản mới hơn" in older
    sheet = client.get(f"/submissions/{newest.id}/dossiers/0?format=csv&table=differences")
    assert "LY_DO_VV" in b"".join(sheet).decode()  # type: ignore[arg-type]


def test_an_amended_receipt_stands_beside_the_first(desk: Desk) -> None:
    submission = send_held(desk)
    made = amend(
        submission,
        {record_of(submission): "accepted_with_findings"},
        cause="released",
        reason="đã xem hồ sơ giấy",
        by=BY,
        at=LATER,
        issuer=platform_issuer(),
    )
    client = signed_in(Role.DEPARTMENT, province_code="01")
    shown = page(client, f"/submissions/{submission.id}")
    assert "Sở Y tế cho qua" in shown
    assert "đã xem hồ sơ giấy" in shown
    assert page(client, f"/submissions/{submission.id}/amended-1.jws") == made.jws
    assert page(client, f"/submissions/{submission.id}/amended-2.jws", 404)


def test_the_department_sees_what_a_correction_touched(desk: Desk) -> None:
    submission = send(desk)
    suspend()
    mentions.catch_up(at=LATER)
    consider(list(HistoryEntry.objects.order_by("id")))
    judge_noted(by=BY, at=LATER, issuer=platform_issuer())
    client = signed_in(Role.DEPARTMENT, province_code="01")
    shown = page(client, "/corrections")
    assert "1 hồ sơ xét lại" in shown
    assert submission.dossier_codes[0] in shown
    assert "từ “Đã nhận” sang “Sở đang giữ”" in shown
    entry = HistoryEntry.objects.filter(table="practitioners_licence_suspension").latest("id").id
    assert submission.dossier_codes[0] in page(client, f"/corrections?entry={entry}&cause=re-evaluated")
    assert "Chưa có hồ sơ nào" in page(client, "/corrections?entry=1")
    elsewhere = signed_in(Role.FACILITY, facility_id=open_desk("99003").facility.id)
    assert submission.dossier_codes[0] not in page(elsewhere, "/corrections")


def test_the_reason_of_a_cancellation_is_escaped(desk: Desk) -> None:
    submission = send(desk)
    place, code = desk.sender.facility, submission.dossier_codes[0]
    cancel(facility=place, code=code, reason="<b>x</b>", by=desk.sender.by, at=LATER, issuer=platform_issuer())
    assert "<b>x</b>" not in page(facility(desk), "/corrections?cause=cancelled")


def test_what_takes_a_dossier_back_is_not_shown_as_the_dossier(desk: Desk) -> None:
    submission = send(desk)
    own = {"facility_id": submission.facility_id, "submission_id": submission.id, "destination": "referral:99777"}
    told = Delivery(**own, state="delivered", cause="cancellation:2", changed_at=AT, created_at=AT)
    titles = [hop.title.vi for hop in hops(submission, [told]) if isinstance(hop.title, Text)]
    assert "Báo hủy tới Cơ sở nhận chuyển tới 99777" in titles
