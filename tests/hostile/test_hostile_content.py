"""Strange values inside well-signed dossiers: told as findings, kept as they are, shown as text."""

from __future__ import annotations

import base64
import copy
import logging
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from tests.support.hostile import codes, footprint, machine, post, table, with_code, with_values
from tests.support.intake import Desk, example

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.citizens.models import Citizen
from ymach.exchange.models import DossierHead, Record, Submission
from ymach.exchange.platform import platform_key
from ymach.exchange.queries import content_of
from ymach.exchange.verification import verify_counters
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>{{7*7}}{% now %}${x}'; DROP TABLE exchange_record;--"
MARKS = "\u202egnp\u202c\u200b\ufeff👩‍⚕️\x7f\x85"
AMOUNTS = ("1e400", "-0", "-1", str(10**30), "9" * 18 + ".99999999", "NaN", "Infinity", "0x10", "１２", "1,5", " 5 ")
TIMES = ("000101010000", "999912312359", "20260230", "202602300000", "202611102400", "190001010000", "1" * 5000)
BIRTHS = ("198500000000", "198505000000", "198500170000", "198513000000", "000000000000", "185001010000")


def taken(desk: Desk, content: bytes) -> dict[str, Any]:
    answer = post(desk, desk.sign(content))
    assert answer.status_code in {201, 422}, answer.content
    assert verify_counters().holds
    return answer.json()


@pytest.mark.parametrize("value", AMOUNTS)
def test_strange_amounts_are_taken_or_told(desk: Desk, value: str) -> None:
    taken(desk, with_values(dict.fromkeys(("DON_GIA", "SO_LUONG", "THANH_TIEN_BV"), value), table_name="XML2"))
    taken(desk, with_values(dict.fromkeys(("T_TONGCHI_BV", "CAN_NANG", "NAM_QT"), value)))


@pytest.mark.parametrize("value", TIMES)
def test_strange_times_are_taken_or_told(desk: Desk, value: str) -> None:
    taken(desk, with_values({"NGAY_VAO": value, "NGAY_RA": value}))
    taken(desk, with_values({"NGAY_YL": value}, table_name="XML2"))


@pytest.mark.parametrize("value", BIRTHS)
def test_births_of_which_a_part_is_unknown_are_taken_or_told(desk: Desk, value: str) -> None:
    taken(desk, with_values({"NGAY_SINH": value}))


def test_values_of_any_length_are_taken_or_told(desk: Desk) -> None:
    noise = "".join(chr(0x4E00 + place * 7 % 20_000) for place in range(9_000))
    for values in ({"HO_TEN": noise}, {"MA_BN": noise, "SO_CCCD": ""}, {"MA_BN": noise, "HO_TEN": noise}):
        assert "YM-FMT-TOO-LONG" in codes(taken(desk, with_values(values)))
    assert "YM-FMT-TOO-LONG" in codes(taken(desk, with_values({"MA_BAC_SI": noise}, table_name="XML2")))
    assert "YM-FMT-OVERSIZED" in codes(taken(desk, with_values({"DIA_CHI": noise * 25})))
    assert taken(desk, with_code(noise))["code"] == "YM-FMT-NOTHING-READABLE"


@pytest.mark.parametrize("code", ["a:b;c", "../../x", "%00%0a", SCRIPT[:90], MARKS + "x", "x" * 150, "👩‍⚕️" * 30])
def test_strange_codes_are_dossiers_of_their_own(desk: Desk, code: str) -> None:
    first, second = (taken(desk, with_values({"LY_DO_VV": word}, content=with_code(code))) for word in ("a", "b"))
    assert [one["records"][0]["version"] for one in (first, second)] == [1, 2]
    kept = DossierHead.objects.get().code
    found = machine(desk).get("/api/v1/submissions", {"dossier": kept}).json()["submissions"]
    assert {row["id"] for row in found} == {first["id"], second["id"]}


def test_text_is_shown_as_text(desk: Desk) -> None:
    fields = dict.fromkeys(("HO_TEN", "DIA_CHI", "LY_DO_VV", "CHAN_DOAN_RV", "CHAN_DOAN_VAO", "MA_BN"), SCRIPT + MARKS)
    content = with_values({"TEN_THUOC": SCRIPT, "CACH_DUNG": SCRIPT}, table_name="XML2", content=with_values(fields))
    key = taken(desk, with_code(SCRIPT[:90], content))["id"]
    user = create_user(username="clerk", full_name=SCRIPT, password=None, by=SYSTEM, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=desk.facility.id, by=SYSTEM, at=now())
    pages = Client()
    pages.force_login(user)
    for path in ("/submissions", f"/submissions/{key}", f"/submissions/{key}/dossiers/0"):
        page = pages.get(path)
        assert page.status_code == 200, path
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "onerror=alert(2)>" not in text
        assert "&lt;script&gt;" in text
        assert "49" not in text.partition("&lt;script&gt;")[2][:120]


def test_ten_megabytes_of_rows_are_one_dossier(desk: Desk) -> None:
    def edit(root: Any) -> None:
        row = next(root.iter("CHI_TIET_THUOC"))
        row.getparent().extend(copy.deepcopy(row) for _ in range(5000))

    body = taken(desk, table("XML2", edit))
    assert body["outcome"] == "accepted_with_findings"
    assert content_of(Submission.objects.get()).count(b"HOSO>") > 0


def test_five_hundred_findings_in_each_of_ten_dossiers_still_make_a_receipt(desk: Desk) -> None:
    def edit(root: Any) -> None:
        row = next(root.iter("CHI_TIET_THUOC"))
        row.find("SO_LUONG").text = row.find("DON_GIA").text = "x"
        row.getparent().extend(copy.deepcopy(row) for _ in range(300))

    root = etree.fromstring(table("XML2", edit))
    listed = root.find("THONGTINHOSO/DANHSACHHOSO")
    for number in range(9):
        listed.append(copy.deepcopy(listed[0]))
        for node in listed[-1].iter("NOIDUNGFILE"):
            inner = base64.b64decode(node.text).replace(b"99001.26.0001234", f"MANY-{number}".encode())
            node.text = base64.b64encode(inner).decode()
    body = taken(desk, etree.tostring(root))
    claims = verify_receipt(body["receipt"], jwks(platform_key()))
    assert len(claims["records"]) == 20
    assert all(record["findings"][-1]["code"] == "YM-FMT-TOO-MANY-FINDINGS" for record in claims["records"])
    assert len(body["receipt"]) < 2_000_000


def test_one_bad_dossier_beside_a_good_one_replaces_nothing(desk: Desk) -> None:
    taken(desk, with_code("GOOD"))
    taken(desk, with_code("BAD"))
    root, bad = (etree.fromstring(one) for one in (with_code("GOOD"), with_code("BAD")))
    dossier = etree.fromstring(with_values({"NGAY_RA": "202611100700"}, content=etree.tostring(bad)))
    root.find("THONGTINHOSO/DANHSACHHOSO").append(dossier.find("THONGTINHOSO/DANHSACHHOSO/HOSO"))
    body = taken(desk, etree.tostring(root))
    told = {(record["code"], record["kind"]): record["outcome"] for record in body["records"]}
    assert told["BAD", "visit"] == "rejected"
    current = Record.objects.filter(is_current=True, kind="visit").values_list("dossier_code", "version")
    assert dict(current) == {"GOOD": 2, "BAD": 1}


def test_check_in_beside_its_visit_makes_no_second_current_record(desk: Desk) -> None:
    root = etree.fromstring(example("01-outpatient.xml"))
    file = etree.SubElement(next(root.iter("HOSO")), "FILEHOSO")
    etree.SubElement(file, "LOAIHOSO").text = "XML0"
    etree.SubElement(file, "NOIDUNGFILE").text = base64.b64encode(example("00-checkin-XML0.xml")).decode()
    assert "YM-ENV-CHECK-IN-BESIDE-VISIT" in codes(taken(desk, etree.tostring(root)))
    taken(desk, example("01-outpatient.xml"))
    assert list(Record.objects.filter(is_current=True, kind="visit").values_list("version", flat=True)) == [2]


def test_number_typed_for_two_people_in_one_batch_merges_nobody(desk: Desk) -> None:
    other = {"HO_TEN": "PHẠM VĂN KHÁC", "NGAY_SINH": "199001010000", "MA_BN": "P2"}
    answers = desk.send(
        desk.sign(example("01-outpatient.xml")), desk.sign(with_values(other, content=with_code("SECOND")))
    )
    assert "YM-IDN-CONFLICT" in codes(answers[1].body)
    assert Citizen.objects.count() == Record.objects.values("citizen_id").distinct().count() == 2


@pytest.mark.parametrize("number", ["000000000000", "999999999999"])
def test_number_that_stands_for_none_gathers_no_strangers(desk: Desk, number: str) -> None:
    for code in ("ONE", "TWO"):
        values = {"SO_CCCD": number, "MA_THE_BHYT": "", "MA_BN": code, "HO_TEN": f"NGƯỜI {code}"}
        assert "YM-IDN-NUMBER-SHAPE" in codes(taken(desk, with_values(values, content=with_code(code))))
    assert Citizen.objects.count() == 2


def test_no_personal_number_reaches_a_log_or_a_sentence(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bodies = [
            taken(desk, with_values(values))
            for values in (
                {"SO_CCCD": "00123456789"},
                {"SO_CCCD": "0012345678901234567"},
                {"MA_THE_BHYT": "GD499990000001"},
            )
        ]
        desk.send_one(desk.sign(with_values({"HO_TEN": "PHẠM VĂN KHÁC", "NGAY_SINH": "199001010000"})))
    told = " ".join(
        f"{one['vi']} {one['en']}" for body in bodies for record in body["records"] for one in record["findings"]
    )
    for number in ("00123456789", "GD49999000000", "999168000017"):
        assert number not in told
        assert number not in caplog.text
    assert footprint()["Submission"] == 4
