"""Prescriptions for the national system: what is sent, what is hidden, what a code that is used already means."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.partners import Reached, content, numbered, parcel, reached

from ymach.base.errors import Misconfigured
from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import Guardian, HealthBook
from ymach.clinical.person import PartialDate
from ymach.exchange.channels.contract import AccountRefused, RefusedByPartner, WrongContent
from ymach.exchange.channels.dossiers import dossiers_in
from ymach.exchange.channels.prescriptions.accounts import Accounts, read_accounts
from ymach.exchange.channels.prescriptions.channel import PrescriptionsChannel
from ymach.exchange.channels.prescriptions.payload import Numbered, prescriptions_of

EXAMPLE = Path(__file__).parents[1] / "data" / "examples" / "03-prescription-only.xml"
AGREED = json.loads(
    '{"loai_don_thuoc": "c", "ho_ten_benh_nhan": "LÝ THỊ DỮ LIỆU", "ma_dinh_danh_cong_dan": "999175000031",'
    ' "ngay_sinh_benh_nhan": "01/01/1975", "can_nang": "48", "gioi_tinh": "3", "ma_so_the_bao_hiem_y_te": "HN2999900000031",'
    ' "dia_chi": "Bản Mẫu, xã Thử Nghiệm, tỉnh Ví Dụ", "hinh_thuc_dieu_tri": "2", "loi_dan": "Uống thuốc đều",'
    ' "dot_dung_thuoc": {"dot": "1", "tu_ngay": "05/11/2026", "den_ngay": "02/12/2026", "so_thang_thuoc": ""},'
    ' "ngay_tai_kham": "28", "ngay_gio_ke_don": "2026-11-05 09:30:00", "signature": ""}'
)


@pytest.fixture
def partner() -> Iterator[Reached]:
    with reached("prescriptions") as found:
        yield found


def example() -> Dossier:
    (found,) = dossiers_in(EXAMPLE.read_bytes())
    return found


CODES = {part: Numbered(f"99003000000{part}-c") for part in range(4)}


def body_of(dossier: Dossier, known: Numbered = CODES[0]) -> dict[str, Any]:
    (one,) = prescriptions_of(dossier, {0: known}, facility_code="99003")
    return one.body


def changed(dossier: Dossier, **values: Any) -> Dossier:
    assert dossier.visit is not None
    return dataclasses.replace(dossier, visit=dataclasses.replace(dossier.visit, **values))


def test_the_body_is_that_of_decision_808() -> None:
    body = body_of(example())
    assert {name: body[name] for name in AGREED} == AGREED
    (line,) = body["thong_tin_don_thuoc"]
    assert (line["so_luong"], line["don_vi_tinh"]) == ("28", "Viên")
    assert body["chan_doan"][0]["ma_chan_doan"] == "I10"


@pytest.mark.parametrize(("ours", "theirs"), [("1", "2"), ("2", "3"), ("3", "1"), (None, "1")])
def test_sex_is_coded_otherwise_there(ours: str | None, theirs: str) -> None:
    assert body_of(changed(example(), sex=ours))["gioi_tinh"] == theirs


def test_a_prescription_of_hiv_care_says_nobody() -> None:
    body = body_of(changed(example(), main_diagnosis="B20"))
    told = json.dumps(body, ensure_ascii=False)
    assert not any(word in told for word in ("LÝ THỊ", "999175000031", "HN2999900000031", "Bản Mẫu"))
    assert body["ho_ten_benh_nhan"].startswith("Người bệnh ")
    assert body["ma_don_thuoc"] == body_of(example())["ma_don_thuoc"]


def test_a_correction_is_a_new_prescription_that_names_the_old_one() -> None:
    body = body_of(example(), Numbered("990030000009-c", "990030000008-c"))
    assert (body["ma_don_thuoc"], body["luu_y"]) == ("990030000009-c", "Thay thế đơn 990030000008-c")


def test_nothing_is_prescribed_in_a_stay() -> None:
    assert prescriptions_of(changed(example(), kind="03"), CODES, facility_code="99003") == []


def test_what_has_no_code_is_not_sent() -> None:
    assert prescriptions_of(example(), {}, facility_code="99003") == []


def test_a_child_under_72_months_comes_with_somebody() -> None:
    book = HealthBook(guardian=Guardian(full_name="Lý Văn Bố"))
    small = dataclasses.replace(changed(example(), birth_date=PartialDate(2021, 1, 1)), health_book=book)
    assert body_of(small)["thong_tin_nguoi_giam_ho"] == "Lý Văn Bố"
    assert body_of(dataclasses.replace(example(), health_book=book))["thong_tin_nguoi_giam_ho"] == ""


def test_controlled_medicines_and_other_doctors_have_prescriptions_of_their_own() -> None:
    (line,) = example().medicines
    lines = (
        line,
        dataclasses.replace(line, name="Morphin 10mg"),
        dataclasses.replace(line, prescribers=("0099902/BYT-CCHN",)),
    )
    found = prescriptions_of(dataclasses.replace(example(), medicines=lines), CODES, facility_code="99003")
    assert [(one.doctor, one.body["loai_don_thuoc"], one.code) for one in found] == [
        ("0099901/BYT-CCHN", "c", CODES[0].code),
        ("0099901/BYT-CCHN", "n", CODES[1].code),
        ("0099902/BYT-CCHN", "c", CODES[2].code),
    ]


def test_a_code_used_with_other_content_is_refused(partner: Reached) -> None:
    partner.channel.send(partner.parcel())
    (dossier,) = dossiers_in(content(1))
    (one,) = prescriptions_of(dossier, numbered(partner.parcel(), dossier), facility_code="99003")
    partner.stand_in.ledger.keep(one.code, json.dumps({**one.body, "ho_ten_benh_nhan": "Người Khác"}))
    with pytest.raises(RefusedByPartner) as caught:
        partner.channel.send(partner.parcel())
    assert one.code in caught.value.text.en


def test_an_account_that_is_refused_blames_nobody_else(partner: Reached) -> None:
    for accounts in (Accounts(), Accounts(shared="wrong"), Accounts({"99003": "sandbox"})):
        channel = PrescriptionsChannel(
            partner.address, accounts=accounts, patience=timedelta(seconds=5), codes=numbered
        )
        with pytest.raises(AccountRefused) as caught:
            channel.send(partner.parcel())
        assert not caught.value.blames_partner
        channel.close()


def test_a_visit_without_a_prescription_is_nothing_to_send(partner: Reached) -> None:
    body = EXAMPLE.read_bytes().replace(b"XML2", b"XML3")
    answer = partner.channel.send(parcel("prescriptions", body, code="LK1"))
    assert answer.kept == {"codes": []}


def test_a_file_in_another_format_is_refused_for_good(partner: Reached) -> None:
    with pytest.raises(WrongContent) as caught:
        partner.channel.send(parcel("prescriptions", b'{"resourceType":"Bundle"}', code="LK1"))
    assert caught.value.permanent


def test_accounts_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("code,password\n99003,a\n0159nt-cchn ,b\n", encoding="utf-8")
    accounts = read_accounts(path, shared="c")
    assert [accounts.password_of(code) for code in ("99003", "0159NT-CCHN", "x")] == ["a", "b", "c"]
    assert "password" not in repr(accounts)
    path.write_text("wrong\n", encoding="utf-8")
    assert read_accounts(path, shared="") == Accounts()
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(Misconfigured):
        read_accounts(path, shared="")


def test_the_end_of_the_course_is_the_last_day_of_the_longest_medicine() -> None:
    (line,) = example().medicines
    longer = dataclasses.replace(line, dosage="1 viên/lần * 2 lần/ngày * 30 ngày [2 viên/ngày]")
    body = body_of(dataclasses.replace(example(), medicines=(line, longer)))
    assert body["dot_dung_thuoc"]["den_ngay"] == f"{date(2026, 11, 5) + timedelta(days=29):%d/%m/%Y}"
