"""Wristbands: a code that survives handwriting, and an identity at once for people without papers."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.factories import AT, make_facility

from ymach.accounts.permissions import Permission, Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import NotAllowed, TooMany, YmachError
from ymach.base.ids import new_id
from ymach.citizens.identify import Born, Claim, How, resolve
from ymach.citizens.links import errors as link_errors
from ymach.citizens.links.evidence import Kind as Shows
from ymach.citizens.links.levels import Level
from ymach.citizens.links.models import Link
from ymach.citizens.links.queries import identities_of, joined_with, level_of
from ymach.citizens.models import Citizen
from ymach.citizens.provisional import codes, errors
from ymach.citizens.provisional.actions import give
from ymach.citizens.provisional.details import Details, Kind, may_wear
from ymach.citizens.provisional.linking import confirm, preview, undo
from ymach.citizens.provisional.models import Provisional
from ymach.citizens.provisional.queries import Band, BandFilter, bands_at, children_of, scanned
from ymach.citizens.provisional.shown import DESK_KINDS, Shown, read_birth, read_shown
from ymach.citizens.provisional.turns import WRONG
from ymach.citizens.queries import known_under, lookup_keys
from ymach.clinical.person import PartialDate
from ymach.facilities.models import Facility

TODAY = date(2026, 3, 2)
CARD = "001085012345|012345678|Lê Văn An|17051985|Nam|Phường 1, Hà Nội|02052022"
CODES = st.uuids().map(codes.code_of)
FOUND = Details(sex="1", age=40, found_at="Ngã tư Sở, xe cứu thương 115", marks="Sẹo dài ở cẳng tay trái")


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    assert codes.tidy_code(f"  {codes.printed(code).lower()} ") == code
    assert codes.tidy_code(code) == code


@given(CODES, st.integers(2, 10), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_makes_no_code(code: str, place: int, other: str) -> None:
    wrong = f"{code[:place]}{other}{code[place + 1 :]}"
    assert codes.tidy_code(wrong) == (code if wrong == code else None)


@given(CODES, st.integers(2, 10), st.integers(2, 10))
def test_two_exchanged_characters_make_no_code(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    wrong = "".join(letters)
    assert codes.tidy_code(wrong) == (code if wrong == code else None)


@given(st.text(max_size=60))
def test_what_is_no_code_is_told_apart_without_harm(text: str) -> None:
    code = codes.tidy_code(text)
    assert code is None or codes.has_shape(text)


def desk(facility: Facility) -> Actor:
    words = frozenset({Permission.IDENTITY_DESK.value})
    return Actor(
        ActorKind.USER, str(new_id()), "Đào Thị Lan", (Grant(Role.FACILITY.value, words, facility_id=facility.pk),)
    )


def department(code: str) -> Actor:
    words = frozenset({Permission.IDENTITY_DESK.value})
    return Actor(ActorKind.USER, str(new_id()), "Sở", (Grant(Role.DEPARTMENT.value, words, province_code=code),))


@pytest.fixture
def hospital(db: None) -> Facility:
    return make_facility("01001")


def band(hospital: Facility, details: Details = FOUND, kind: Kind = Kind.UNKNOWN, **more: object) -> Band:
    return give(kind=kind, details=details, facility=hospital, form=new_id(), by=desk(hospital), at=AT, **more)  # type: ignore[arg-type]


def test_an_unknown_person_has_an_identity_at_once(hospital: Facility) -> None:
    made = band(hospital)

    assert (made.name, made.details, level_of(made.citizen_id)) == ("Chưa rõ tên", FOUND, Level.UNKNOWN)
    assert scanned(codes.printed(made.code), by=desk(hospital)) == made
    (event,) = AuditEvent.objects.filter(action="identity:made")
    assert (event.citizen_id, event.facility_id) == (made.citizen_id, hospital.pk)


def test_what_is_known_of_a_person_is_sealed(hospital: Facility) -> None:
    made = band(hospital, Details(guardian_name="Trần Thị Bé", guardian_phone="0912345678"), Kind.CHILD)
    kept = bytes(Provisional.objects.get(code=made.code).details)

    assert "Bé".encode() not in kept
    assert b"0912345678" not in kept


def test_a_form_sent_twice_gives_one_wristband(hospital: Facility) -> None:
    form, by = new_id(), desk(hospital)
    first = give(kind=Kind.UNKNOWN, details=FOUND, facility=hospital, form=form, by=by, at=AT)
    again = give(kind=Kind.UNKNOWN, details=FOUND, facility=hospital, form=form, by=by, at=AT)

    assert again == first
    with pytest.raises(errors.FormUsed):
        give(kind=Kind.CHILD, details=Details(guardian_name="X"), facility=hospital, form=form, by=by, at=AT)


def test_twins_are_two_people_named_after_their_mother(hospital: Facility) -> None:
    mother = band(hospital, Details(full_name="Lê Thị Hoa", guardian_name="Lê Văn Ba"), Kind.CHILD)
    twins = [
        band(hospital, Details(sex="2", birth_order=order), Kind.NEWBORN, mother_id=mother.citizen_id)
        for order in (1, 2)
    ]

    assert [one.name for one in twins] == ["Con bà Lê Thị Hoa (1)", "Con bà Lê Thị Hoa (2)"]
    assert children_of([mother.citizen_id], by=desk(hospital)) == twins
    assert len({one.citizen_id for one in (*twins, mother)}) == 3


def test_a_mother_and_her_child_or_twins_are_never_joined(hospital: Facility) -> None:
    mother = band(hospital)
    first, second = (
        band(hospital, Details(birth_order=order), Kind.NEWBORN, mother_id=mother.citizen_id) for order in (1, 2)
    )
    for one, other in ((mother, first), (first, mother), (first, second)):
        shown = read_shown(Shows.WRISTBAND, {"scan": other.code}, on=TODAY)
        for act in (preview, partial(confirm, reason="Hai vòng tay")):
            with pytest.raises(link_errors.OfOneBirth):
                act(one, shown, by=desk(hospital), at=AT)


@pytest.mark.parametrize(
    ("kind", "born", "fits"),
    [
        (Kind.CHILD, (2008, None, None), True),
        (Kind.CHILD, (2007, 5, 1), False),
        (Kind.NEWBORN, (2025, None, None), True),
        (Kind.NEWBORN, (1998, 3, 2), False),
        (Kind.UNKNOWN, (1940, None, None), True),
        (Kind.UNKNOWN, (TODAY.year + 1, None, None), False),
        (Kind.CHILD, (None, None, None), True),
    ],
)
def test_nobody_wears_a_wristband_against_their_age(kind: Kind, born: Born, fits: bool) -> None:
    assert may_wear(kind, TODAY, born) is fits


def test_a_parents_card_never_makes_a_childs_wristband_theirs(hospital: Facility) -> None:
    child = band(hospital, Details(guardian_name="Lê Văn An"), Kind.CHILD)
    father = card()

    for act in (preview, partial(confirm, reason="Bố đưa đến")):
        with pytest.raises(link_errors.NotTheWearer):
            act(child, father, by=desk(hospital), at=AT)
        with pytest.raises(link_errors.NotTheWearer):
            act(child, father, by=department(hospital.province_code), at=AT)
    assert not Link.objects.exists()
    refused = AuditEvent.objects.filter(action="identity:preview:refused", facility_id=hospital.pk)
    assert {event.detail["code"] for event in refused} == {"YM-IDN-NOT-THE-WEARER"}


def test_two_wristbands_of_one_newborn_are_joined(hospital: Facility) -> None:
    mother = band(hospital)
    one, other = (band(hospital, Details(), Kind.NEWBORN, mother_id=mother.citizen_id) for _ in range(2))
    shown = read_shown(Shows.WRISTBAND, {"scan": other.code}, on=TODAY)
    confirm(one, shown, reason="Cấp hai lần", by=desk(hospital), at=AT)

    assert set(identities_of([one.citizen_id])) == {one.citizen_id, other.citizen_id}


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        (Kind.UNKNOWN, Details(age=130), "age"),
        (Kind.UNKNOWN, Details(sex="9"), "sex"),
        (Kind.UNKNOWN, Details(found_at="x" * 301), "found_at"),
        (Kind.NEWBORN, Details(), "mother"),
        (Kind.NEWBORN, Details(guardian_name="Y tá", birth_order=10), "birth_order"),
        (Kind.FOREIGNER, Details(full_name="John Smith"), "nationality"),
        (Kind.CHILD, Details(), "guardian_name"),
        (Kind.CHILD, Details(guardian_name="X", birth=PartialDate(1970)), "birth"),
        (Kind.UNKNOWN, Details(birth=PartialDate(2035, 1, 1)), "birth"),
        (Kind.FOREIGNER, Details(full_name="John", nationality="USA", passport="@@"), "passport"),
    ],
)
def test_what_must_be_known_is_said_beside_its_field(
    hospital: Facility, kind: Kind, details: Details, field: str
) -> None:
    with pytest.raises(errors.DetailsWrong) as refused:
        band(hospital, details, kind)
    assert set(refused.value.faults) == {field}


def claim(hospital: Facility, **more: str | None) -> Claim:
    said = {"full_name": "Người bệnh", "birth": None, "sex": "1", "personal_number": None, "insurance_card": None}
    return Claim(**{**said, "facility_id": hospital.pk, "patient_code": None, "dossier_code": "HS1", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["patient_code", "personal_number"])
def test_a_record_under_the_code_is_the_persons_whatever_name_it_gives(hospital: Facility, place: str) -> None:
    made = band(hospital)
    said = claim(hospital, **{place: codes.printed(made.code)})
    found = resolve(said, known_under(lookup_keys(said)))

    assert (found.how, found.citizen_id) == (How.PROVISIONAL, made.citizen_id)


def test_a_personal_number_beside_the_code_decides(hospital: Facility) -> None:
    made = band(hospital)
    said = claim(hospital, patient_code=made.code, personal_number="001085012345")
    assert resolve(said, known_under(lookup_keys(said))).how is How.NEW


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("HS-2026-0001", errors.NotACode),
        ("", errors.NotACode),
        ("VT-0000-0000-1", errors.CodeMistyped),
        (codes.code_of(UUID(int=1)), errors.CodeUnknown),
    ],
)
def test_a_code_that_finds_nobody_says_which_kind_of_wrong(
    hospital: Facility, typed: str, error: type[YmachError]
) -> None:
    with pytest.raises(error):
        scanned(typed, by=desk(hospital))


def test_another_facilitys_wristband_is_named_as_such_and_not_opened(hospital: Facility) -> None:
    made = band(hospital)
    other = make_facility("01002")
    with pytest.raises(errors.CodeElsewhere) as refused:
        scanned(made.code, by=desk(other))
    assert hospital.name in refused.value.text.vi


def test_a_desk_sees_its_own_a_department_those_of_its_province(hospital: Facility) -> None:
    made, everything = band(hospital), BandFilter()
    south = make_facility("79001", province_code="79")

    assert bands_at(desk(hospital), everything, limit=9) == bands_at(department("01"), everything, limit=9) == [made]
    assert bands_at(desk(south), everything, limit=9) == bands_at(department("79"), everything, limit=9) == []


def test_only_a_facilitys_own_desk_gives_wristbands(hospital: Facility) -> None:
    with pytest.raises(errors.NotAtAFacility):
        give(kind=Kind.UNKNOWN, details=FOUND, facility=hospital, form=new_id(), by=department("01"), at=AT)
    with pytest.raises(NotAllowed):
        give(kind=Kind.UNKNOWN, details=FOUND, facility=hospital, form=new_id(), by=desk(make_facility("01002")), at=AT)


def card(number: str = CARD) -> Shown:
    return read_shown(Shows.CITIZEN_CARD, {"scan": number}, on=TODAY)


def test_a_card_read_at_the_desk_tells_who_it_is(hospital: Facility) -> None:
    made, by = band(hospital), desk(hospital)
    seen = preview(made, card(), by=by, at=AT)
    done = confirm(made, card(), reason="Tỉnh lại, có thẻ", by=by, at=AT)

    assert (seen.citizen_id, seen.full_name) == (None, "Lê Văn An")
    assert set(identities_of([made.citizen_id])) == {made.citizen_id, done.to_citizen_id}
    assert (level_of(made.citizen_id), level_of(done.to_citizen_id)) == (Level.CARD_READ, Level.CARD_READ)
    assert Citizen.objects.get(pk=made.citizen_id).full_name == "Chưa rõ tên"


def test_a_second_wristband_joins_whom_the_card_found_before(hospital: Facility) -> None:
    first, second, by = band(hospital), band(hospital), desk(hospital)
    known = confirm(first, card(), reason="Có thẻ", by=by, at=AT).to_citizen_id
    seen = preview(second, card(), by=by, at=AT)
    confirm(second, card(), reason="Có thẻ", by=by, at=AT)

    assert (seen.citizen_id, set(seen.identities)) == (known, {known, first.citizen_id})
    asked = (first.citizen_id, new_id())
    assert {one: set(others) for one, others in joined_with(asked).items()} == {
        asked[0]: {known, second.citizen_id},
        asked[1]: set(),
    }
    with pytest.raises(link_errors.AlreadyJoined):
        preview(second, Shown(Shows.WRISTBAND, code=first.code), by=by, at=AT)
    assert AuditEvent.objects.filter(action="identity:previewed", citizen_id=known).count() == 1


def test_two_wristbands_of_one_person_are_linked_by_scanning_the_other(hospital: Facility) -> None:
    first, second, by = band(hospital), band(hospital), desk(hospital)
    confirm(second, Shown(Shows.WRISTBAND, code=codes.printed(first.code)), reason="Cấp hai lần", by=by, at=AT)

    assert set(identities_of([first.citizen_id])) == {first.citizen_id, second.citizen_id}
    with pytest.raises(link_errors.SameIdentity):
        confirm(first, Shown(Shows.WRISTBAND, code=first.code), reason="x", by=by, at=AT)


def test_a_number_of_somebody_else_links_nothing(hospital: Facility) -> None:
    first, second, by = band(hospital), band(hospital), desk(hospital)
    confirm(first, card(), reason="Có thẻ", by=by, at=AT)
    others = card(CARD.replace("Lê Văn An|17051985", "Phạm Thị Mai|02031990"))
    with pytest.raises(errors.SomebodyElses):
        confirm(second, others, reason="x", by=by, at=AT)

    (refusal,) = AuditEvent.objects.filter(action="identity:preview:refused")
    assert (refusal.facility_id, refusal.detail) == (hospital.pk, {"code": "YM-IDN-SOMEBODY-ELSES"})


def test_numbers_are_not_tried_out_at_a_desk(hospital: Facility) -> None:
    first, second, by = band(hospital), band(hospital), desk(hospital)
    confirm(first, card(), reason="Có thẻ", by=by, at=AT)
    others = card(CARD.replace("Lê Văn An|17051985", "Phạm Thị Mai|02031990"))
    for _ in range(WRONG):
        with pytest.raises(errors.SomebodyElses):
            preview(second, others, by=by, at=AT)
    with pytest.raises(TooMany):
        preview(second, card(), by=by, at=AT)


def test_a_link_of_the_desk_is_taken_apart_again(hospital: Facility) -> None:
    made, by = band(hospital), desk(hospital)
    done = confirm(made, card(), reason="Có thẻ", by=by, at=AT)
    with pytest.raises(NotAllowed):
        undo(made, done.id, reason="x", by=desk(make_facility("01002")), at=AT)
    undo(made, done.id, reason="Thẻ của người đi cùng", by=department("01"), at=AT)

    assert (identities_of([made.citizen_id]), level_of(made.citizen_id)) == ([made.citizen_id], Level.UNKNOWN)


GOOD = {"number": "001085012345", "full_name": "Lê Văn An", "birth": "17/5/1985", "reference": "Vợ", "scan": CARD}


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        (Shows.CITIZEN_CARD, {"scan": "xyz"}, "scan"),
        (Shows.RELATIVE, {"number": "12"}, "number"),
        (Shows.RELATIVE, {"full_name": " "}, "full_name"),
        (Shows.RELATIVE, {"reference": " "}, "reference"),
        (Shows.RELATIVE, {"birth": "32/13/1985"}, "birth"),
        (Shows.RELATIVE, {"birth": "1/1/2030"}, "birth"),
        (Shows.RELATIVE, {"birth": "05/00/1985"}, "birth"),
        (Shows.PASSPORT, {"number": "001"}, "number"),
        (Shows.INSURANCE_CARD, {"number": "DN", "scan": ""}, "number"),
    ],
)
def test_evidence_that_shows_nobody_is_refused_beside_its_field(
    kind: Shows, change: dict[str, str], field: str
) -> None:
    with pytest.raises(YmachError) as refused:
        read_shown(kind, {**GOOD, **change}, on=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize("kind", [kind for kind in DESK_KINDS if kind is not Shows.WRISTBAND])
def test_evidence_never_keeps_a_whole_number_as_its_reference(kind: Shows) -> None:
    number = {Shows.PASSPORT: "B1234567", Shows.INSURANCE_CARD: "DN4010123456789"}.get(kind, GOOD["number"])
    typed = {**GOOD, "number": number, "reference": "Vợ", "scan": "" if kind is Shows.INSURANCE_CARD else CARD}
    assert number not in read_shown(kind, typed, on=TODAY).evidence.reference


def test_zeros_of_a_birth_are_what_is_not_known() -> None:
    assert read_birth("00/00/1985") == read_birth("1985") == PartialDate(1985)
    assert read_birth("00/05/1985") == PartialDate(1985, 5)
