"""Who owns a facility: asked for by the facility, verified by the department."""

from __future__ import annotations

from ymach.base.text import Text
from ymach.changes.contract import FACILITY, Case, Kind
from ymach.changes.fields import Field, Value, day, text
from ymach.changes.kinds.facility_verified import STANDS_FOR, STARTS
from ymach.changes.models import SubjectKind
from ymach.facilities.facts import LegalPersonFacts
from ymach.facilities.models import LegalPerson
from ymach.facilities.profile.actions import set_legal_person

NAMES = ("name", "enterprise_number", "tax_code", "representative")
FIELDS = (
    Field(name="name", label=Text("Tên pháp nhân", "Legal person"), is_required=True, longest=300),
    Field(
        name="enterprise_number",
        label=Text("Mã số doanh nghiệp", "Enterprise number"),
        longest=14,
        hint=Text(
            "10 chữ số; chi nhánh thêm dấu gạch và 3 chữ số. Đơn vị công lập bỏ trống.",
            "Ten digits; a branch adds a hyphen and three. Public units leave it blank.",
        ),
    ),
    Field(name="tax_code", label=Text("Mã số thuế", "Tax code"), longest=14),
    Field(name="representative", label=Text("Người đại diện theo pháp luật", "Legal representative")),
)


def _present(case: Case) -> dict[str, Value]:
    held = LegalPerson.objects.filter(facility=case.own_facility, valid__contains=case.on).first()
    return {name: getattr(held, name) if held else "" for name in NAMES}


def _write(case: Case) -> None:
    facts = LegalPersonFacts(**{name: text(case.values.get(name)) for name in NAMES})
    on = day(case.values.get("starts_on"))
    set_legal_person(facility=case.own_facility, facts=facts, by=case.by, at=case.at, on=on)


LEGAL_PERSON = Kind(
    word="facility-legal-person",
    title=Text("Pháp nhân sở hữu cơ sở", "Legal person that owns the facility"),
    lede=STANDS_FOR,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    clock="verification",
    papers=Text(
        "giấy chứng nhận đăng ký doanh nghiệp hoặc quyết định thành lập",
        "the enterprise registration or the decision of founding",
    ),
    papers_required=True,
    fields=(*FIELDS, STARTS),
    present=_present,
    apply=_write,
    source="Law 15/2023/QH15",
)
