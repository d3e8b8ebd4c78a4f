"""The person: how they are reached, what they speak (their own word), and who they are (verified)."""

from __future__ import annotations

from typing import Any

from ymach.base.text import Text
from ymach.changes.contract import FACILITY, PRACTITIONER, Case, Kind
from ymach.changes.fields import Choices, Field, Shape, Value, codes, day, fixed, text
from ymach.changes.models import SubjectKind
from ymach.facilities.lists import languages
from ymach.practitioners.actions import correct_identity, edit_contact, edit_languages

SEXES = fixed(("1", Text("Nam", "Male")), ("2", Text("Nữ", "Female")), ("3", Text("Chưa xác định", "Undetermined")))
AT_ONCE = Text("Ghi vào sổ bộ ngay khi gửi.", "Written into the registry as soon as it is sent.")
_IDENTITY = ("full_name", "birth_date", "sex", "personal_number", "passport_number", "nationality")


def language_choices(case: Case) -> Choices:
    """Languages by their two-letter codes."""
    return [(code, name) for code, name in languages().items() if len(code) == 2]


def _contact(case: Case) -> dict[str, Value]:
    return {"phone": case.practitioner.phone, "email": case.practitioner.email}


def _edit_contact(case: Case) -> None:
    phone, email = text(case.values.get("phone")), text(case.values.get("email"))
    edit_contact(practitioner=case.practitioner, phone=phone, email=email, by=case.by, at=case.at)


def _languages(case: Case) -> dict[str, Value]:
    return {"languages": list(case.practitioner.languages)}


def _edit_languages(case: Case) -> None:
    spoken = codes(case.values.get("languages"))
    edit_languages(practitioner=case.practitioner, languages=spoken, by=case.by, at=case.at)


def _identity(case: Case) -> dict[str, Value]:
    person = case.practitioner
    return {
        "full_name": person.full_name,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "personal_number": person.personal_number or "",
        "passport_number": person.passport_number,
        "nationality": person.nationality,
    }


def _correct(case: Case) -> None:
    before = _identity(case)
    right: dict[str, Any] = {name: case.values.get(name) for name in _IDENTITY if case.values.get(name) != before[name]}
    if "birth_date" in right:
        right["birth_date"] = day(right["birth_date"])
    if "personal_number" in right:
        right["personal_number"] = right["personal_number"] or None
    reason = text(case.values.get("reason")) or "identity corrected"
    correct_identity(practitioner=case.practitioner, reason=reason, by=case.by, at=case.at, **right)


CONTACT = Kind(
    word="practitioner-contact",
    title=Text("Điện thoại, thư điện tử của tôi", "My telephone and e-mail"),
    lede=AT_ONCE,
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({PRACTITIONER}),
    is_own_word=True,
    fields=(
        Field(name="phone", label=Text("Điện thoại", "Telephone"), shape=Shape.PHONE, is_private=True),
        Field(name="email", label=Text("Thư điện tử", "E-mail"), shape=Shape.EMAIL, is_private=True),
    ),
    present=_contact,
    apply=_edit_contact,
)

LANGUAGES = Kind(
    word="practitioner-languages",
    title=Text("Ngôn ngữ tôi dùng khi khám bệnh", "Languages I practise in"),
    lede=AT_ONCE,
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({PRACTITIONER}),
    is_own_word=True,
    fields=(
        Field(
            name="languages",
            label=Text("Ngôn ngữ", "Languages"),
            shape=Shape.MANY,
            is_required=True,
            choices=language_choices,
        ),
    ),
    present=_languages,
    apply=_edit_languages,
    source="Law 15/2023/QH15 Art. 21",
)

IDENTITY = Kind(
    word="identity-correction",
    title=Text("Sửa thông tin nhân thân", "Correction of identity"),
    lede=Text(
        "Sở Y tế đối chiếu giấy tờ rồi mới sửa. Giấy phép đã cấp không đổi theo.",
        "The department compares the papers first. The licence itself is not changed by it.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({PRACTITIONER, FACILITY}),
    clock="verification",
    papers=Text("bản chụp thẻ căn cước hoặc hộ chiếu", "a picture of the identity card or passport"),
    papers_required=True,
    fields=(
        Field(name="full_name", label=Text("Họ và tên", "Full name"), shape=Shape.NAME, is_required=True),
        Field(
            name="birth_date",
            label=Text("Ngày sinh", "Date of birth"),
            shape=Shape.DAY,
            is_required=True,
            is_private=True,
        ),
        Field(name="sex", label=Text("Giới tính", "Sex"), shape=Shape.CHOICE, is_required=True, choices=SEXES),
        Field(
            name="personal_number",
            label=Text("Số định danh cá nhân", "Personal number"),
            digits=12,
            is_private=True,
        ),
        Field(name="passport_number", label=Text("Số hộ chiếu", "Passport number"), is_private=True, longest=20),
        Field(name="nationality", label=Text("Quốc tịch", "Nationality"), is_required=True, longest=2),
        Field(
            name="reason",
            label=Text("Vì sao cần sửa", "Why it is wrong now"),
            shape=Shape.AREA,
            is_required=True,
            longest=500,
        ),
    ),
    present=_identity,
    apply=_correct,
)
