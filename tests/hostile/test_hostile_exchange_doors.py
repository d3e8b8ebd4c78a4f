"""The doors of the exchange opened by somebody who means harm, or by a program that has gone wrong."""

from __future__ import annotations

import base64
import gzip
import io
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.belongings import belongings
from tests.support.changing import actor
from tests.support.factories import make_facility
from tests.support.held import department, held
from tests.support.intake import RECEIVER, example, open_desk
from tests.support.prescriptions import of_yesterday, open_pharmacy, prescribe
from tests.support.profiles import reader

from ymach.accounts.permissions import Role
from ymach.api import bodies
from ymach.base.clock import VIETNAM, now, vietnam_day
from ymach.exchange.appointments.actions import move
from ymach.exchange.appointments.errors import DayMissing
from ymach.exchange.channels.contract import Parcel, WrongContent
from ymach.exchange.channels.dossiers import xml_for
from ymach.exchange.contents import dossiers_of
from ymach.exchange.deliveries.routing import matters_of
from ymach.exchange.held import bulk
from ymach.exchange.held.rules import Decision
from ymach.exchange.lanes import rules as lanes
from ymach.exchange.models import Submission
from ymach.exchange.platform import access_tokens
from ymach.exchange.policies.models import PolicyChange
from ymach.exchange.policies.reckoning import Move, Reckoning
from ymach.exchange.records import records_of
from ymach.exchange.referrals.rules import receiver_of
from ymach.exchange.subscriptions import managing
from ymach.exchange.subscriptions.errors import TooManySubscriptions
from ymach.formats.xml130.write import write_envelope

pytestmark = pytest.mark.django_db
NDJSON, FORM = "application/x-ndjson", "application/x-www-form-urlencoded"


def machine_of(code: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue(code, at=now())}"})


@pytest.fixture
def machine() -> Client:
    return machine_of(open_desk().facility.code)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, orjson.loads(answer.getvalue())["code"]


@pytest.mark.parametrize(
    ("address", "kind", "body"),
    [
        ("submissions?dry_run=0", "application/xml", "<x/>"),
        ("uploads?dry_run=1", "application/json", '{"size": 1, "sha256": "' + "0" * 64 + '"}'),
    ],
)
def test_hours_are_not_passed_by_a_word_in_the_address(
    machine: Client, monkeypatch: pytest.MonkeyPatch, address: str, kind: str, body: str
) -> None:
    far = (now().astimezone(VIETNAM).hour + 12) % 24
    monkeypatch.setattr(settings.ENVIRONMENT, "sending_windows", f"* {far:02}:00-{far:02}:01")
    assert code_of(machine.post(f"/api/v1/{address}", body, content_type=kind)) == (429, "YM-LANE-CLOSED")


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_lines_of_a_batch_are_counted_before_one_is_read(machine: Client, end: bytes) -> None:
    body = gzip.compress((b"1" + end) * (2 * bodies.MOST_LINES + 1))
    answer = machine.post("/api/v1/submissions:batch", body, content_type=NDJSON, headers={"Content-Encoding": "gzip"})
    assert code_of(answer) == (413, "YM-REQ-TOO-MANY-LINES")


def test_files_of_a_form_are_bounded_together(machine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "max_body_mb", 1)
    packed = gzip.compress(bytes(900_000))
    files = {f"f{number}": SimpleUploadedFile(f"{number}.gz", packed) for number in range(3)}
    assert code_of(machine.post("/api/v1/submissions:batch", files)) == (413, "YM-RCV-TOO-BIG")


def test_an_address_that_ends_some_day_counts_among_the_open_ones() -> None:
    facility = make_facility("40001", province_code="40")
    by, at = actor(Role.FACILITY, "Lê Thị Hạnh", facility_id=facility.pk), now()
    told = {"url": "https://ở-đâu.example", "kinds": (), "by": by, "at": at}
    for number in range(managing.MOST):
        managing.create(name=f"{number}", ends_at=at + timedelta(days=9), **told)
    with pytest.raises(TooManySubscriptions):
        managing.create(name="nữa", **told)


def test_whoever_may_not_decide_is_not_told_what_is_held() -> None:
    (item,) = held(open_desk(authors=("0099900/BYT-CCHN", "0099902/BYT-CCHN")), "99001.26.0001234")
    key = (item.facility_id, item.id)
    (row,) = bulk.decide_many([key], decision=Decision.RELEASE, reason="", by=department("79"), at=now())
    assert (row.item, row.error is None) == (None, False)


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_days_at_the_ends_of_the_calendar_open_every_list(day: str) -> None:
    client = reader(Role.FACILITY, facility_id=make_facility("40001", province_code="40").pk)
    wrong = []
    for path in ("/submissions", "/prescriptions", "/reconciliation", "/appointments", "/referrals", "/quality"):
        answer = client.get(path, {"day": day, "at": day, "week": "-".join(day.split("/")[::-1])})
        wrong += [path] if answer.status_code >= 500 else []
    for name in ("first", "last"):
        form = {
            "first": day,
            "last": day,
            "day": day,
            "lines": "0" * 64,
            "file": io.BytesIO(b"MA_CSKCB;MA_LK;TRANG_THAI"),
        }
        path = "/reconciliation/insurance" if name == "first" else "/reconciliation"
        answer = client.post(path, form)
        wrong += [path] if answer.status_code >= 500 else []
    assert wrong == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_without_a_night_before_it_is_refused_and_falls_over_nothing(machine: Client, day: str) -> None:
    answer = machine.post("/api/v1/reconciliations", {"day": day, "digests": []}, content_type="application/json")
    assert answer.status_code == 422


def test_an_upload_let_in_by_a_claim_is_judged_by_it_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = open_desk()
    machine, content = machine_of(desk.facility.code), desk.sign(example("01-outpatient.xml"))
    far = (now().astimezone(VIETNAM).hour + 12) % 24
    monkeypatch.setattr(settings.ENVIRONMENT, "sending_windows", f"history {far:02}:00-{far:02}:01")
    monkeypatch.setattr(lanes, "OLD", timedelta(0))
    digest = sha256(content)
    told = {"size": len(content), "sha256": digest.hexdigest()}
    address, kind = "/api/v1/uploads", "application/json"
    begun = machine.post(address, told, content_type=kind, headers={"Ymach-Lane": "visit"}).json()
    for number in range(begun["chunks"]):
        piece = content[number * begun["chunk_size"] : (number + 1) * begun["chunk_size"]]
        stated = base64.b64encode(sha256(piece).digest()).decode()
        place = f"{address}/{begun['upload']}/chunks/{number}"
        machine.put(place, piece, content_type="application/octet-stream", headers={"Digest": f"sha-256={stated}"})
    answer = machine.post(f"{address}/{begun['upload']}/finish").json()
    assert "YM-LANE-CLAIM" in {one["code"] for one in answer["findings"]}


def test_an_appointment_is_not_moved_out_of_the_calendar() -> None:
    facility = make_facility("40001", province_code="40")
    key = belongings(facility)["appointment"]["appointment_id"]
    by, far = actor(Role.FACILITY, "Lê Thị Hạnh", facility_id=facility.pk), vietnam_day(now()).replace(year=9999)
    with pytest.raises(DayMissing):
        move(appointment_id=key, on_day=far, reason="nghỉ lễ", by=by, at=now())  # type: ignore[arg-type]


def test_numbers_without_end_in_the_names_of_fields_are_no_lines() -> None:
    one, counter = prescribe(open_desk("99003"), of_yesterday(), now()), open_pharmacy()
    client = reader(Role.FACILITY, facility_id=counter.facility.pk)
    form = {"do": "dispense", "code": one.code, "key": "k", "pharmacist": counter.pharmacist}
    for number in ("9" * 5000, "9" * 20, "²"):
        said = urlencode({**form, f"quantity-{number}": "1"})
        assert client.post("/dispensing", said, content_type=FORM).status_code == 422


def test_how_others_would_fare_under_a_policy_is_told_to_who_counts_the_country_alone() -> None:
    facility = make_facility("40001", province_code="40", name="Bệnh viện Kín")
    key = belongings(facility)["policy-change"]["change_id"]
    reckoning = Reckoning(vietnam_day(now()), vietnam_day(now()))
    reckoning.add("40001", "40", [Move("visit", "accepted", "held")])
    PolicyChange.objects.filter(pk=key).update(state="proposed", is_reckoned=True, preview=reckoning.as_json())
    other = reader(Role.FACILITY, facility_id=make_facility("79001", province_code="79").pk)
    address = f"/policies/changes/{key}"
    for path in (address, f"{address}?format=csv"):
        assert "Bệnh viện Kín" not in other.get(path).getvalue().decode()
        assert "Bệnh viện Kín" in reader(Role.MINISTRY, path).get(path).getvalue().decode()


def test_a_word_that_is_no_act_changes_no_address_and_no_policy() -> None:
    facility = make_facility("40001", province_code="40")
    things = belongings(facility)
    client, ministry = reader(Role.FACILITY, facility_id=facility.pk), reader(Role.MINISTRY)
    told = client.post(f"/subscriptions/{things['subscription']['key']}", {"act": "x", "reason": "y"})
    PolicyChange.objects.update(proposed_by=f"user:{ministry.session['_auth_user_id']}")
    asked = ministry.post(f"/policies/changes/{things['policy-change']['change_id']}", {"do": "x"})
    assert (told.status_code, asked.status_code, PolicyChange.objects.get().state) == (404, 404, "draft")


POSTED = {
    "conformance/runs/{run_id}": {"finish": {}},
    "subscriptions/{key}": {
        "pause": {"reason": "x"},
        "resume": {"reason": "x"},
        "rotate": {"reason": "x", "url": "https://evil.example"},
        "repeat": {"reason": "x", "after": 0},
        "end": {"reason": "x"},
    },
    "referrals/{referral_id}": {
        "accept": {},
        "decline": {"reason": "x"},
        "arrive": {},
        "answer": {"text": "x", "may_read_visit": True},
    },
    "prescriptions/{code}/dispensings/{dispensing_id}": {"undo": {"reason": "x"}},
    "dossiers/{dossier}": {"cancellation": {"reason": "x"}},
}
READ = [
    *("conformance/runs/{run_id}", "conformance/runs/{run_id}/kit", "conformance/runs/{run_id}/report"),
    *("subscriptions/{key}", "referrals/{referral_id}", "referrals/{referral_id}/dossier", "prescriptions/{code}"),
    *("dossiers/{dossier}", "dossiers/{dossier}/versions/1", "submissions/{submission_id}"),
    *("submissions/{submission_id}/receipts", "submissions/{submission_id}/content"),
]


def test_software_of_one_facility_reaches_nothing_of_another_by_its_number() -> None:
    there = make_facility("79001", province_code="79")
    things = belongings(there)
    given = {name: value for places in things.values() for name, value in places.items()}
    given |= {"key": things["subscription"]["key"], "dossier": Submission.objects.get().dossier_codes[0]}
    machine = machine_of(make_facility("40001", province_code="40").code)
    reached = [path for path in READ if machine.get(f"/api/v1/{path.format(**given)}").status_code != 404]
    for path, acts in POSTED.items():
        for act, body in acts.items():
            address = f"/api/v1/{path.format(**given)}/{act}"
            status = machine.post(address, body, content_type="application/json").status_code
            reached += [f"{path}/{act}"] if status != 404 else []
    lists = ["subscriptions", "referrals", "referrals?direction=out", "prescriptions", "submissions", "held", "events"]
    texts = [machine.get(f"/api/v1/{path}").content.decode() for path in lists]
    assert (reached, [text for text in texts if "79001" in text]) == ([], [])


def test_a_referral_takes_nobody_elses_dossier_along() -> None:
    told, other = (dossiers_of(example(name))[0] for name in ("02-inpatient-referral.xml", "01-outpatient.xml"))
    day, receiver = vietnam_day(now()), receiver_of(told)
    alone = write_envelope([told], facility_code="99002", created_on=day)
    both = write_envelope([other, told], facility_code="99002", created_on=day)
    hidden = replace(other, code=told.code, visit=replace(other.visit, main_diagnosis="B20"))
    secret = write_envelope([hidden], facility_code="99002", created_on=day)
    sent = {name: parcel_of(content, other.code) for name, content in (("alone", alone), ("both", both))}
    assert xml_for(sent["alone"], receiver) == alone
    assert [one.code for one in dossiers_of(xml_for(sent["both"], receiver))] == [told.code]
    with pytest.raises(WrongContent):
        xml_for(parcel_of(secret, told.code), receiver)


def test_what_is_restricted_is_pushed_to_no_facility() -> None:
    told = dossiers_of(example("02-inpatient-referral.xml"))[0]
    assert told.visit is not None
    for visit in (told.visit, replace(told.visit, main_diagnosis="B20")):
        one = replace(told, visit=visit)
        drafts = tuple(records_of(one, received_at=now()))
        decided = SimpleNamespace(dossier=one, drafts=drafts, outcomes=("accepted",) * len(drafts))
        receivers = {matter.receiver for matter in matters_of([decided])} - {""}
        assert receivers == ({receiver_of(told)} if visit is told.visit else set())


def parcel_of(content: bytes, code: str) -> Parcel:
    digest = sha256(content).digest()
    return Parcel(f"referral:{RECEIVER}", "99002", "visit", code, 1, digest, lambda: content, created_at=now())
