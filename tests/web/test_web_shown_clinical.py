from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ymach.clinical.dossier import Dossier
from ymach.clinical.note import Note
from ymach.clinical.person import PartialDate
from ymach.clinical.visit import Visit
from ymach.web.shown import clinical

AT = datetime(2026, 10, 27, 6, 0, tzinfo=UTC)
GRAVE = "Khó thở tăng. CSST<M110_T38_HA125/75_NT30_SP89>"


def _dossier(born: int = 1952, course: str = GRAVE) -> Dossier:
    visit = Visit(birth_date=PartialDate(born), started_at=AT)
    return Dossier(code="1", visit=visit, notes=(Note(course=course, noted_at=AT),))


def test_vital_signs_are_taken_out_of_the_note() -> None:
    text, reading = clinical.split_signs(GRAVE, AT)
    assert text == "Khó thở tăng."
    assert reading is not None
    assert reading.values == {"M": 110, "T": 38, "HA": 125, "NT": 30, "SP": 89}
    assert reading.lower == 75


@given(st.text(max_size=60))
def test_no_note_breaks_the_reading_of_signs(course: str) -> None:
    drawn = clinical.trends(_dossier(course=f"{course} CSST<{course}>"), "vi")
    assert len(drawn) <= len(clinical.SIGNS)


def test_grave_signs_of_an_adult_are_alerts() -> None:
    titles = [alert.title for alert in clinical.alerts(_dossier()) if alert.tone == "bad"]
    assert [one.vi for one in titles] == ["Nhịp thở 30\u00a0lần/phút", "SpO₂ 89\u00a0%"]
    assert [one.en for one in titles] == ["Respiration 30\u00a0/min", "SpO₂ 89\u00a0%"]


def test_a_child_gets_neither_ranges_nor_alerts_of_adults() -> None:
    child = _dossier(born=2022)
    assert [alert.tone for alert in clinical.alerts(child)] == ["note"]
    assert {(one.low, one.high, one.tone) for one in clinical.trends(child, "vi")} == {(None, None, "")}


def test_that_allergies_are_unknown_is_always_said() -> None:
    assert "Dị ứng" in clinical.alerts(_dossier())[-1].title.vi


def test_a_birth_of_which_only_the_year_is_known_shows_the_year() -> None:
    assert clinical.born(PartialDate(1985)) == "1985"
    assert clinical.born(PartialDate(1985, 3)) == "03/1985"
    assert clinical.born(PartialDate(1985, 3, 12)) == "12/03/1985"


def test_age_counts_whole_years_on_the_day() -> None:
    assert clinical.age(PartialDate(2000, 10, 28), AT.date()) == 25
    assert clinical.age(PartialDate(2000, 10, 27), AT.date()) == 26
