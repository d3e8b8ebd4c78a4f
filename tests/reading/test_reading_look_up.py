"""Looking patients up: one sentence for nobody and for nobody whom you may see; addresses that are of no use to others."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.support.factories import make_facility
from tests.support.patients import NOW, doctor, make_patient, make_record

from ymach.accounts.permissions import Permission
from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind
from ymach.base.errors import NotAllowed, TooMany, YmachError
from ymach.exchange.reading import look_up as looking
from ymach.exchange.reading.asked import read_asked
from ymach.exchange.reading.errors import HandleOver, NobodyFound, SeveralFound
from ymach.exchange.reading.handles import LASTS, citizen_behind, handle_of
from ymach.exchange.reading.look_up import Found, look_up
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
NUMBER = "001158000412"


@pytest.fixture
def here() -> Facility:
    return make_facility("01001")


def find(facility: Facility, number: str = "", name: str = "", birth: str = "") -> Found:
    return look_up(read_asked(number=number, full_name=name, birth=birth), by=doctor(facility), at=NOW)


def test_a_patient_of_ones_own_is_found_by_number_and_by_name_with_birth(here: Facility) -> None:
    patient = make_patient(number=NUMBER)
    make_record(patient, here)
    assert find(here, NUMBER).citizen_id == patient
    assert find(here, name="dang thi ngoc lan", birth="12/03/1958").citizen_id == patient
    told = list(AuditEvent.objects.order_by("number").values_list("action", "detail__how"))
    assert told == [("patient:looked-up", "number"), ("patient:looked-up", "name")]


def test_nobody_and_nobody_whom_you_may_see_are_one_sentence(here: Facility) -> None:
    somebody = make_patient(number=NUMBER)
    make_record(somebody, make_facility("79001", province_code="79"))
    said = set()
    for number, name, birth in ((NUMBER, "", ""), ("001158000413", "", ""), ("", "Đặng Thị Ngọc Lan", "12/03/1958")):
        with pytest.raises(NobodyFound) as refused:
            find(here, number, name, birth)
        said.add((refused.value.code, refused.value.text, refused.value.status))
    assert len(said) == 1


def test_who_was_looked_for_in_vain_can_see_it_and_the_number_is_nowhere(here: Facility) -> None:
    somebody = make_patient(number=NUMBER)
    with pytest.raises(NobodyFound):
        find(here, NUMBER)
    told = AuditEvent.objects.get()
    assert (told.action, told.citizen_id) == ("patient:looked-up:refused", somebody)
    assert NUMBER not in str((told.detail, told.subject, told.basis))


def test_two_namesakes_whom_you_may_see_need_a_number(here: Facility) -> None:
    for _ in range(2):
        make_record(make_patient(), here)
    with pytest.raises(SeveralFound):
        find(here, name="Đặng Thị Ngọc Lan", birth="12/03/1958")


def test_of_two_namesakes_the_one_you_may_see_is_found(here: Facility) -> None:
    mine = make_patient()
    make_record(mine, here)
    make_patient()
    assert find(here, name="Đặng Thị Ngọc Lan", birth="12/03/1958").citizen_id == mine


def test_numbers_cannot_be_tried_out(here: Facility, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "NOBODY", 2)
    for number in ("001158000401", "001158000402"):
        with pytest.raises(NobodyFound):
            find(here, number)
    with pytest.raises(TooMany):
        find(here, "001158000403")


def test_who_has_not_the_word_looks_nobody_up(here: Facility) -> None:
    nobody = Actor(ActorKind.USER, "nobody", "Không quyền")
    with pytest.raises(NotAllowed) as refused:
        look_up(read_asked(number=NUMBER), by=nobody, at=NOW)
    assert refused.value.values["permission"] == Permission.RECORD_LOOKUP.value


def test_a_handle_is_for_one_account_and_for_one_shift(here: Facility) -> None:
    patient, by = make_patient(), doctor(here)
    handle = handle_of(patient, by=by, at=NOW)
    assert citizen_behind(handle, by=by, at=NOW + LASTS - timedelta(seconds=1)) == patient
    assert patient.hex not in handle
    spoilt = ("A" if handle[0] != "A" else "B") + handle[1:]
    for other, at, text in (
        (by, NOW + LASTS, handle),
        (doctor(here, "else"), NOW, handle),
        (by, NOW, spoilt),
        (by, NOW, ""),
    ):
        with pytest.raises(HandleOver):
            citizen_behind(text, by=other, at=at)


@pytest.mark.parametrize("text", ["é", "=", "a" * 300, str(UUID(int=1)), "../.."])
def test_an_address_made_up_leads_nowhere(here: Facility, text: str) -> None:
    with pytest.raises(YmachError):
        citizen_behind(text, by=doctor(here), at=NOW)


def test_a_birth_date_of_which_parts_are_unknown_is_found_by_number_only(here: Facility) -> None:
    patient = make_patient("Nguyễn Văn Cũ", born=None, number=NUMBER)
    make_record(patient, here)
    assert find(here, NUMBER).citizen_id == patient
    with pytest.raises(NobodyFound):
        find(here, name="Nguyễn Văn Cũ", birth=f"{date(1940, 1, 1):%d/%m/%Y}")
