"""What a person has learnt: diplomas and continuing education, each on a paper that the department has seen."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from ymach.base.text import Text
from ymach.changes.contract import FACILITY, PRACTITIONER, Case, Kind
from ymach.changes.errors import EvidenceMissing
from ymach.changes.fields import Choices, Field, Shape, day, text
from ymach.changes.models import SubjectKind
from ymach.practitioners.actions import add_cme, add_diploma, verify_cme, verify_diploma
from ymach.practitioners.rules.tables import diploma_kinds

CERTIFICATE = Text("bản chụp giấy chứng nhận", "a picture of the certificate")


def _kinds(case: Case) -> Choices:
    return list(diploma_kinds().items())


def _paper(case: Case) -> UUID:
    if not case.evidence:
        raise EvidenceMissing(field="evidence", papers=CERTIFICATE.vi, papers_en=CERTIFICATE.en)
    return case.evidence[0]


def _diploma(case: Case) -> None:
    values = case.values
    diploma = add_diploma(
        practitioner=case.practitioner,
        kind=text(values.get("kind")),
        speciality=text(values.get("speciality")),
        school=text(values.get("school")),
        country=text(values.get("country")).upper() or "VN",
        number=text(values.get("number")),
        issued_on=day(values.get("issued_on")) or case.on,
        evidence=_paper(case),
        by=case.by,
        at=case.at,
    )
    verify_diploma(diploma=diploma, by=case.by, at=case.at)


def _cme(case: Case) -> None:
    values = case.values
    activity = add_cme(
        practitioner=case.practitioner,
        provider=text(values.get("provider")),
        topic=text(values.get("topic")),
        hours=Decimal(text(values.get("hours"))),
        on=day(values.get("on")) or case.on,
        evidence=_paper(case),
        by=case.by,
        at=case.at,
    )
    verify_cme(activity=activity, by=case.by, at=case.at)


DIPLOMA = Kind(
    word="diploma",
    title=Text("Thêm văn bằng", "Diploma"),
    lede=Text("Văn bằng được tính sau khi Sở Y tế xem giấy tờ.", "It counts once the department has seen the paper."),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({PRACTITIONER, FACILITY}),
    many_at_once=True,
    clock="verification",
    papers=Text("bản chụp văn bằng", "a picture of the diploma"),
    papers_required=True,
    fields=(
        Field(name="kind", label=Text("Loại văn bằng", "Kind"), shape=Shape.CHOICE, is_required=True, choices=_kinds),
        Field(name="speciality", label=Text("Chuyên ngành", "Speciality"), is_required=True),
        Field(name="school", label=Text("Nơi đào tạo", "School"), is_required=True),
        Field(
            name="country",
            label=Text("Nước", "Country"),
            longest=2,
            hint=Text("Hai chữ cái; bỏ trống là Việt Nam.", "Two letters; blank is Viet Nam."),
        ),
        Field(name="number", label=Text("Số hiệu", "Number"), longest=60),
        Field(name="issued_on", label=Text("Ngày cấp", "Issued on"), shape=Shape.DAY, is_required=True),
    ),
    apply=_diploma,
    source="Circular 38/2024/TT-BYT Art. 9",
)

CME = Kind(
    word="cme",
    title=Text("Thêm giờ đào tạo liên tục", "Continuing education"),
    lede=Text(
        "Cần 120 giờ tín chỉ trong 5 năm. Giờ được tính sau khi Sở Y tế xem giấy chứng nhận.",
        "120 credit hours are needed in 5 years. Hours count once the department has seen the certificate.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({PRACTITIONER, FACILITY}),
    many_at_once=True,
    clock="verification",
    papers=CERTIFICATE,
    papers_required=True,
    fields=(
        Field(name="provider", label=Text("Nơi tổ chức", "Provider"), is_required=True),
        Field(name="topic", label=Text("Nội dung", "Topic"), is_required=True),
        Field(
            name="hours",
            label=Text("Số giờ tín chỉ", "Credit hours"),
            shape=Shape.NUMBER,
            is_required=True,
            low=Decimal("0.5"),
            high=Decimal(500),
        ),
        Field(name="on", label=Text("Ngày kết thúc", "Ended on"), shape=Shape.DAY, is_required=True),
    ),
    apply=_cme,
    source="Circular 32/2023/TT-BYT Art. 3",
)
