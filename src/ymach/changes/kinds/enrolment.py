"""A person who is not in the registry yet, with their licence: entered by a facility or a department, verified."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.contract import DEPARTMENT, FACILITY, Case, Kind
from ymach.changes.fields import Field, Shape, catalogue, codes, day, fixed, text
from ymach.changes.models import SubjectKind
from ymach.practitioners.actions import enrol_practitioner, grant_licence
from ymach.practitioners.identification import carry_over
from ymach.practitioners.models import Licence

GENERATIONS = fixed(
    ("licence", Text("Giấy phép hành nghề (GPHN)", "Licence (GPHN)")),
    ("certificate", Text("Chứng chỉ hành nghề cấp trước 2024 (CCHN)", "Certificate issued before 2024 (CCHN)")),
)


def _enrol(case: Case) -> UUID:
    values = case.values
    issued_on = day(values.get("issued_on")) or case.on
    last = day(values.get("licence_last_day"))
    person = enrol_practitioner(
        full_name=text(values.get("full_name")),
        birth_date=day(values.get("birth_date")) or case.on,
        sex=text(values.get("sex")),
        personal_number=text(values.get("personal_number")) or None,
        passport_number=text(values.get("passport_number")),
        nationality=text(values.get("nationality")).upper() or "VN",
        by=case.by,
        at=case.at,
    )
    carry_over(person)
    grant_licence(
        practitioner=person,
        number=text(values.get("number")),
        title=text(values.get("title")),
        scopes=codes(values.get("scopes")),
        issuer=text(values.get("issuer")),
        issuer_province_code=text(values.get("issuer_province")) or None,
        issued_on=issued_on,
        decision=text(values.get("decision")),
        decided_on=day(values.get("decided_on")),
        is_transcribed=True,
        generation=Licence.Generation(text(values.get("generation"))),
        valid=Period(issued_on, last + timedelta(days=1) if last else None),
        by=case.by,
        at=case.at,
    )
    return person.pk


ENROLMENT = Kind(
    word="enrol-practitioner",
    title=Text("Thêm người hành nghề mới", "New practitioner"),
    lede=Text(
        "Sở Y tế đối chiếu giấy tờ rồi mới thêm người này vào sổ bộ.",
        "The department compares the papers before the person enters the registry.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({FACILITY, DEPARTMENT}),
    makes_subject=True,
    many_at_once=True,
    at_facility=True,
    by_software=True,
    clock="verification",
    papers=Text("bản chụp giấy phép hành nghề và giấy tờ tùy thân", "pictures of the licence and of the identity card"),
    papers_required=True,
    fields=(
        Field(
            name="personal_number",
            label=Text("Số định danh cá nhân", "Personal number"),
            digits=12,
            is_private=True,
            finds_person=True,
            hint=Text(
                "12 chữ số; bấm Tra cứu trước khi gõ tiếp. Người nước ngoài để trống, ghi hộ chiếu.",
                "12 digits; look it up before you type on. Foreigners leave it blank and give a passport.",
            ),
        ),
        Field(name="full_name", label=Text("Họ và tên", "Full name"), shape=Shape.NAME, is_required=True),
        Field(
            name="birth_date",
            label=Text("Ngày sinh", "Date of birth"),
            shape=Shape.DAY,
            is_required=True,
            is_private=True,
        ),
        Field(
            name="sex",
            label=Text("Giới tính", "Sex"),
            shape=Shape.CHOICE,
            is_required=True,
            choices=fixed(
                ("1", Text("Nam", "Male")), ("2", Text("Nữ", "Female")), ("3", Text("Chưa xác định", "Undetermined"))
            ),
        ),
        Field(name="passport_number", label=Text("Số hộ chiếu", "Passport number"), is_private=True, longest=20),
        Field(
            name="nationality",
            label=Text("Quốc tịch", "Nationality"),
            longest=2,
            hint=Text(
                "Hai chữ cái, như VN, FR, JP. Bỏ trống là Việt Nam.", "Two letters, like VN, FR, JP. Blank is Viet Nam."
            ),
        ),
        Field(
            name="generation",
            label=Text("Loại giấy", "Kind of licence"),
            shape=Shape.CHOICE,
            is_required=True,
            choices=GENERATIONS,
        ),
        Field(
            name="number",
            label=Text("Số giấy phép", "Licence number"),
            is_required=True,
            longest=40,
            hint=Text("Như in trên giấy: 000123/BYT-GPHN.", "As printed: 000123/BYT-GPHN."),
        ),
        Field(
            name="title",
            label=Text("Chức danh", "Title"),
            shape=Shape.CHOICE,
            is_required=True,
            choices=catalogue("professional_title"),
        ),
        Field(
            name="scopes",
            label=Text("Phạm vi hành nghề", "Scope"),
            shape=Shape.MANY,
            choices=catalogue("practice_scope"),
        ),
        Field(name="issuer", label=Text("Nơi cấp", "Issuer"), is_required=True),
        Field(
            name="issuer_province",
            label=Text("Mã tỉnh của Sở cấp", "Province code of the issuing department"),
            digits=2,
            hint=Text("Bỏ trống nếu Bộ cấp.", "Blank if a ministry issued it."),
        ),
        Field(
            name="decision",
            label=Text("Số quyết định cấp", "Number of the decision"),
            longest=100,
            hint=Text("Nếu giấy có ghi: 123/QĐ-SYT.", "If the paper names it: 123/QĐ-SYT."),
        ),
        Field(
            name="decided_on",
            label=Text("Ngày quyết định", "Day of the decision"),
            shape=Shape.DAY,
            hint=Text("Ghi cùng số quyết định.", "Together with the number."),
        ),
        Field(name="issued_on", label=Text("Ngày cấp", "Issued on"), shape=Shape.DAY, is_required=True),
        Field(
            name="licence_last_day",
            label=Text("Có giá trị đến hết ngày", "Valid until"),
            shape=Shape.DAY,
            hint=Text("Bỏ trống nếu không ghi thời hạn.", "Blank if it has no term."),
        ),
    ),
    apply=_enrol,
    source="Law 15/2023/QH15 Art. 27, 28",
)
