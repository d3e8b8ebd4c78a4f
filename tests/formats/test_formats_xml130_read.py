"""Reading rows: by name, exactly, and a finding instead of a crash for everything that is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.clinical.person import PartialDate
from ymach.formats.xml130.envelope import RawDossier, RawTable
from ymach.formats.xml130.read import MOST_FINDINGS, Reading, read_dossier

NAMES = {
    "XML2": ("CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC"),
    "XML3": ("CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT"),
}
MISSING = {"YM-FMT-KEY-MISSING", "YM-FMT-REQUIRED-MISSING", "YM-FMT-CONDITION-MISSING"}


def tags(values: dict[str, str]) -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for tag, text in values.items())


def visit(extra: str = "", **values: str) -> RawTable:
    return RawTable("XML1", f"<TONG_HOP>{tags({'MA_LK': 'L1'} | values)}{extra}</TONG_HOP>".encode())


def rows(name: str, *values: dict[str, str]) -> RawTable:
    root, around, row = NAMES[name]
    body = "".join(f"<{row}>{tags({'MA_LK': 'L1'} | value)}</{row}>" for value in values)
    return RawTable(name, f"<{root}><{around}>{body}</{around}></{root}>".encode())


def single(name: str, root: str, **values: str) -> RawTable:
    return RawTable(name, f"<{root}>{tags({'MA_LK': 'L1'} | values)}</{root}>".encode())


def read(*tables: RawTable) -> Reading:
    return read_dossier(RawDossier(tables, "99001"))


def faults(reading: Reading) -> list[tuple[str, str | None]]:
    """Code and field of every finding but those about missing fields."""
    return [(f.code, f.field) for f in reading.findings if f.code not in MISSING]


def test_fields_are_read_by_name_whatever_their_order() -> None:
    one = read(rows("XML2", {"SO_LUONG": "2.125", "TEN_THUOC": "Oxy", "MA_THUOC": "40.17"})).dossier
    two = read(rows("XML2", {"MA_THUOC": "40.17", "TEN_THUOC": "Oxy", "SO_LUONG": "2.125"})).dossier
    assert one == two
    assert one is not None
    assert one.medicines[0].quantity == Decimal("2.125")


@pytest.mark.parametrize(
    ("tag", "attribute", "text"),
    [
        ("MA_LOAI_KCB", "kind", "01"),
        ("MA_DOITUONG_KCB", "patient_category", "1.10"),
        ("MA_QUOCTICH", "nationality", "000"),
        ("SO_CCCD", "personal_number", "001068000017"),
        ("KET_QUA_DTRI", "result", "1"),
    ],
)
def test_codes_stay_text_with_every_zero(tag: str, attribute: str, text: str) -> None:
    reading = read(visit(**{tag: text}))
    assert reading.dossier is not None
    assert getattr(reading.dossier.visit, attribute) == text
    assert faults(reading) == []


@pytest.mark.parametrize("written", ["", "<NGAY_TTOAN/>", "<NGAY_TTOAN></NGAY_TTOAN>", "<NGAY_TTOAN> \n </NGAY_TTOAN>"])
def test_missing_closed_empty_and_blank_all_mean_no_value(written: str) -> None:
    reading = read(visit(written))
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.paid_at is None
    assert faults(reading) == []


def test_a_blank_required_field_is_missing() -> None:
    found = [f.field for f in read(visit(HO_TEN="  ", LY_DO_VV=" \n ")).findings if f.code in MISSING]
    assert "HO_TEN" in found
    assert "LY_DO_VV" in found


def test_a_leading_apostrophe_of_a_spreadsheet_is_stripped() -> None:
    reading = read(visit(SO_CCCD="'001068000017", NGAY_VAO="'202611100805", SO_NGAY_DTRI="'3"))
    assert reading.dossier is not None
    seen = reading.dossier.visit
    assert seen is not None
    assert (seen.personal_number, seen.treatment_days) == ("001068000017", 3)
    assert seen.started_at == datetime(2026, 11, 10, 1, 5, tzinfo=UTC)
    assert faults(reading) == []


def test_times_are_viet_nam_wall_clock_and_utc_inside() -> None:
    reading = read(visit(NGAY_VAO="202611100630"))
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.started_at == datetime(2026, 11, 9, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("198500000000", PartialDate(1985)),
        ("198503000000", PartialDate(1985, 3)),
        ("198503150000", PartialDate(1985, 3, 15)),
        ("202611010742", PartialDate(2026, 11, 1, time(7, 42))),
        ("19850315", PartialDate(1985, 3, 15)),
    ],
)
def test_unknown_parts_of_a_birth_are_unknown(written: str, value: PartialDate) -> None:
    reading = read(visit(NGAY_SINH=written))
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.birth_date == value
    assert faults(reading) == []


@pytest.mark.parametrize("written", ["198500150000", "198513010000", "198502300000", "198501012500", "00000000", "x"])
def test_an_impossible_birth_is_a_finding(written: str) -> None:
    assert faults(read(visit(NGAY_SINH=written))) == [("YM-FMT-DATE", "NGAY_SINH")]


@pytest.mark.parametrize(
    "written",
    ["NaN", "1e999", "Infinity", "１２", "1,5", "1.000,00", "0x10", "--1", "1_000", "9" * 40, "1" * 5000, "²"],
)
def test_a_number_in_another_form_is_a_finding_and_no_value(written: str) -> None:
    reading = read(visit(T_THUOC=written))
    assert ("YM-FMT-NUMBER", "T_THUOC") in faults(reading)
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.total_medicines is None
    assert "T_THUOC" not in [f.field for f in reading.findings if f.code in MISSING]


@pytest.mark.parametrize("written", ["202611102460", "20261110", "202613010000", "000000000000", "99991231235959", "x"])
def test_a_wrong_time_is_a_finding(written: str) -> None:
    assert faults(read(visit(NGAY_VAO=written))) == [("YM-FMT-TIME", "NGAY_VAO")]


def test_a_wrong_date_is_a_finding() -> None:
    assert faults(read(visit(NAM_NAM_LIEN_TUC="20260230"))) == [("YM-FMT-DATE", "NAM_NAM_LIEN_TUC")]


def test_a_value_longer_than_the_rule_is_kept_with_a_warning() -> None:
    reading = read(visit(NHOM_MAU="nhóm O Rh+"))
    assert faults(reading) == [("YM-FMT-TOO-LONG", "NHOM_MAU")]
    assert not any(f.kind.severity == "error" for f in reading.findings if f.field == "NHOM_MAU")
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.blood_group == "nhóm O Rh+"


def test_a_monstrous_value_is_not_taken() -> None:
    assert ("YM-FMT-OVERSIZED", "GHI_CHU") in faults(read(visit(GHI_CHU="x" * 300_000)))


def test_hidden_control_characters_become_blanks_with_a_warning() -> None:
    reading = read(visit(HO_TEN="NGUYỄN&#x202E;MẪU&#x85;"))
    assert faults(reading) == [("YM-FMT-CONTROL", "HO_TEN")]
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.full_name == "NGUYỄN MẪU"


def test_lists_in_one_field_become_tuples() -> None:
    reading = read(visit(MA_BENH_KT="I10; E11.9 ;;", MA_THE_BHYT="GD1;GD2", GT_THE_TU="20260101;20260601"))
    assert reading.dossier is not None
    seen = reading.dossier.visit
    assert seen is not None
    assert seen.other_diagnoses == ("I10", "E11.9")
    assert [card.number for card in seen.coverages] == ["GD1", "GD2"]
    assert seen.coverages[1].valid_from == date(2026, 6, 1)


@pytest.mark.parametrize("written", ["80", "47.5", "100"])
def test_a_benefit_level_may_have_decimals(written: str) -> None:
    reading = read(rows("XML2", {"MUC_HUONG": written}))
    assert reading.dossier is not None
    assert reading.dossier.medicines[0].benefit_level == Decimal(written)
    assert faults(reading) == []


@pytest.mark.parametrize(
    ("written", "value"),
    [("20261127", PartialDate(2026, 11, 27)), ("202611270830", PartialDate(2026, 11, 27, time(8, 30)))],
)
def test_an_appointment_is_a_day_or_a_day_with_its_hour(written: str, value: PartialDate) -> None:
    reading = read(single("XML14", "CHI_TIEU_GIAYHEN_KHAMLAI", NGAY_HEN_KL=written))
    assert reading.dossier is not None
    slip = reading.dossier.appointment
    assert slip is not None
    assert (slip.appointed, slip.appointed_on) == (value, date(2026, 11, 27))
    assert faults(reading) == []


@pytest.mark.parametrize(
    ("values", "layout"),
    [
        ({"MA_CSKCB_DI": "99001;99002", "MA_CSKCB_DEN": "99777", "TINH_TRANG_CT": "Tỉnh"}, "3176"),
        ({"MA_NOI_DI": "99001", "MA_NOI_DEN": "99777", "PP_DIEU_TRI": "Thở oxy", "TEN_THUOC": "Oxy"}, "4750"),
    ],
)
def test_both_layouts_of_the_referral_become_one_thing(values: dict[str, str], layout: str) -> None:
    reading = read(single("XML13", "CHI_TIEU_GIAYCHUYENTUYEN", **values, MA_BAC_SI="0001/HCM-CCHN"))
    assert reading.dossier is not None
    paper = reading.dossier.referral
    assert paper is not None
    assert (paper.layout, paper.to_facility, paper.from_facilities[0]) == (layout, "99777", "99001")
    assert paper.doctors == ("0001/HCM-CCHN",)
    assert faults(reading) == []


def test_a_row_of_another_episode_is_an_error() -> None:
    reading = read(visit(), rows("XML2", {}, {"MA_LK": "L2"}))
    assert faults(reading) == [("YM-FMT-ROW-LINK", "MA_LK")]
    assert next(f.row for f in reading.findings if f.code == "YM-FMT-ROW-LINK") == 2
    assert reading.has_errors


def test_unknown_tags_are_counted_and_noted_once() -> None:
    reading = read(rows("XML2", {"TAG_LA": "1"}, {"TAG_LA": "2"}))
    assert reading.unknown_tags == {"XML2/TAG_LA": 2}
    assert faults(reading) == [("YM-FMT-UNKNOWN-TAG", "TAG_LA")]


def test_known_misspellings_are_read_and_noted_once() -> None:
    reading = read(rows("XML3", {"MAVATTU": "V1", "MA_BACSI": "0001/X;0002/X"}, {"MAVATTU": "V2"}))
    assert faults(reading) == [("YM-FMT-MISSPELT-TAG", "MAVATTU"), ("YM-FMT-MISSPELT-TAG", "MA_BACSI")]
    assert reading.dossier is not None
    assert [row.supply_code for row in reading.dossier.services] == ["V1", "V2"]
    assert reading.dossier.services[0].orderers == ("0001/X", "0002/X")


def test_the_official_tag_wins_over_its_misspelling() -> None:
    reading = read(rows("XML3", {"MAVATTU": "V1", "MA_VAT_TU": "V2"}))
    assert reading.dossier is not None
    assert reading.dossier.services[0].supply_code == "V2"


def test_a_tag_that_comes_twice_in_a_row_is_an_error() -> None:
    assert faults(read(visit("<HO_TEN>A</HO_TEN><HO_TEN>B</HO_TEN>"))) == [("YM-FMT-TAG-TWICE", "HO_TEN")]


def test_a_missing_key_is_an_error_and_a_missing_field_a_warning() -> None:
    found = {f.field: f.kind.severity for f in read(visit()).findings}
    assert found["HO_TEN"] == "error"
    assert found["LY_DO_VV"] == "warning"


def test_a_condition_makes_a_field_expected() -> None:
    found = [f.field for f in read(rows("XML3", {"MA_NHOM": "8", "MA_DICH_VU": "D1"})).findings if f.code in MISSING]
    assert {"NGUOI_THUC_HIEN", "NGAY_TH_YL", "TEN_DICH_VU"} <= set(found)
    assert "MA_XANG_DAU" not in found


def test_a_dossier_without_any_episode_code_cannot_be_named() -> None:
    reading = read(visit(MA_LK=""))
    assert reading.dossier is None
    assert ("YM-FMT-KEY-MISSING", "MA_LK") in [(f.code, f.field) for f in reading.findings]


def test_findings_are_bounded_and_say_so() -> None:
    reading = read(rows("XML2", *({"SO_LUONG": "x"} for _ in range(MOST_FINDINGS))))
    assert len(reading.findings) == MOST_FINDINGS + 1
    assert reading.findings[-1].code == "YM-FMT-TOO-MANY-FINDINGS"


def test_a_namespace_around_the_rows_does_not_lose_them() -> None:
    raw = b'<TONG_HOP xmlns="urn:x"><MA_LK>L1</MA_LK></TONG_HOP>'
    reading = read(RawTable("XML1", raw))
    assert reading.dossier is not None
    assert reading.dossier.code == "L1"


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00&<>"), max_size=30)


@given(st.dictionaries(st.sampled_from(["NGAY_VAO", "NGAY_SINH", "T_THUOC", "GT_THE_TU", "HO_TEN", "STT"]), TEXTS))
def test_no_text_in_any_field_crashes_the_reader(values: dict[str, str]) -> None:
    for finding in read(visit(**values)).findings:
        assert finding.as_json()["vi"]
