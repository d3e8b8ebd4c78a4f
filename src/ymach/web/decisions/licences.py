"""Decisions that grant a licence, convert an old certificate, or change what a licence says (Law 15/2023/QH15 Art. 26 to 33)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.fields import Field, Shape, catalogue
from ymach.places.queries import province
from ymach.practitioners import actions
from ymach.practitioners.models import Licence
from ymach.web.decisions.contract import (
    BACK_DATED,
    DECISION,
    GRANTING,
    REASON,
    Decision,
    Taking,
    Target,
    Things,
    day_field,
    everything,
)
from ymach.web.decisions.stops import NO_LICENCE, licence_of, licence_words, licences_in_force

TITLE = Field(
    name="title",
    label=Text("Chức danh", "Title"),
    shape=Shape.CHOICE,
    is_required=True,
    choices=catalogue("professional_title"),
)
SCOPES = Field(
    name="scopes", label=Text("Phạm vi hành nghề", "Scope"), shape=Shape.MANY, choices=catalogue("practice_scope")
)
NUMBER = Field(
    name="number",
    label=Text("Số giấy phép", "Licence number"),
    is_required=True,
    longest=40,
    hint=Text("Như in trên giấy: 000123/HNO-GPHN.", "As printed: 000123/HNO-GPHN."),
)
ISSUED = day_field("issued_on", "Ngày cấp", "Issued on")
SCOPE_HINT = Text("Không chọn phạm vi nào là giữ nguyên phạm vi đang có.", "None chosen: the scope stays as it is.")


def issuer_of(target: Target) -> str:
    """The department's own name, as it is printed."""
    unit = province(target.province_code, target.on) if target.province_code else None
    return f"Sở Y tế {unit.name('vi')}" if unit else "Sở Y tế"


def _grant_fields(target: Target) -> Sequence[Field]:
    held = [one.number for one in target.profile.licences if target.on in one.valid and one.revoked_on is None]
    replaces = Field(
        name="replaces",
        label=Text(f"Thay giấy phép {', '.join(held)}", f"In place of licence {', '.join(held)}"),
        shape=Shape.YES,
        hint=Text(
            "Cấp lại, gia hạn: giấy cũ kết thúc ở ngày cấp giấy mới.", "Renewed: the old one ends on the day of issue."
        ),
    )
    return NUMBER, TITLE, SCOPES, *GRANTING, ISSUED, *((replaces,) if held else ())


def _grant(taking: Taking) -> UUID:
    target = taking.target
    issued_on = taking.day("issued_on")
    old = None
    if taking.values.get("replaces"):
        old = Licence.objects.filter(practitioner=target.person, valid__contains=issued_on).first()
    return actions.grant_licence(
        practitioner=target.person,
        number=taking.text("number"),
        title=taking.text("title"),
        scopes=taking.codes("scopes"),
        issuer=issuer_of(target),
        issuer_province_code=target.province_code,
        issued_on=issued_on,
        decision=taking.text("decision"),
        decided_on=taking.day("decided_on"),
        replaces=old,
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _certificates(target: Target) -> Things:
    old = Licence.Generation.CERTIFICATE.value
    converted = {one.converted_from for one in target.profile.licences}
    return [
        (one.id, licence_words(one))
        for one in target.profile.licences
        if one.generation == old and one.revoked_on is None and one.number not in converted
    ]


def _convert(taking: Taking) -> UUID:
    return actions.convert_licence(
        certificate=licence_of(taking),
        number=taking.text("number"),
        title=taking.text("title") or None,
        scopes=taking.codes("scopes") or None,
        issuer=issuer_of(taking.target),
        issuer_province_code=taking.target.province_code,
        issued_on=taking.day("issued_on"),
        decision=taking.text("decision"),
        decided_on=taking.day("decided_on"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _kept(one: Field, hint: Text) -> Field:
    return Field(name=one.name, label=one.label, shape=one.shape, choices=one.choices, hint=hint)


def _change_fields(target: Target) -> Sequence[Field]:
    holder = Field(
        name="holder",
        label=Text("Họ tên ghi trên giấy phép", "Name on the licence"),
        shape=Shape.NAME,
        hint=Text("Bỏ trống nếu không đổi.", "Blank if it stays."),
    )
    effective = day_field("effective_on", "Có hiệu lực từ ngày", "From", hint=BACK_DATED)
    title = _kept(TITLE, Text("Không chọn là giữ nguyên.", "None chosen: it stays."))
    return effective, title, _kept(SCOPES, SCOPE_HINT), holder, DECISION, REASON


def _change(taking: Taking) -> UUID:
    return actions.change_licence(
        licence=licence_of(taking),
        effective_on=taking.day("effective_on"),
        title=taking.text("title") or None,
        scopes=taking.codes("scopes") or None,
        holder=taking.text("holder") or None,
        reason=taking.text("reason"),
        decision=taking.text("decision"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


GRANT = Decision(
    word="grant",
    title=Text("Cấp giấy phép hành nghề", "Grant a licence"),
    lede=Text(
        "Thời hạn theo chức danh, tính từ ngày cấp; Sở của bạn là nơi cấp.",
        "It holds for the term of its title, from the day of issue; your department is the issuer.",
    ),
    things=everything,
    fields=_grant_fields,
    take=_grant,
    in_own_name=True,
    button=Text("Cấp giấy phép", "Grant it"),
    done=Text("Đã ghi giấy phép mới.", "The new licence is recorded."),
    nothing=Text("", ""),
    source="Law 15/2023/QH15 Art. 27, 28, 30",
)
CONVERT = Decision(
    word="convert",
    title=Text("Chuyển đổi chứng chỉ cũ sang giấy phép", "Convert an old certificate"),
    lede=Text(
        "Chứng chỉ kết thúc ở ngày cấp giấy phép; các đăng ký hành nghề tiếp tục dưới giấy phép mới.",
        "The certificate ends on the day of issue; the practice registrations go on under the new licence.",
    ),
    things=_certificates,
    fields=lambda target: (
        NUMBER,
        *GRANTING,
        ISSUED,
        _kept(TITLE, Text("Không chọn là giữ nguyên.", "None chosen: it stays.")),
        _kept(SCOPES, SCOPE_HINT),
    ),
    take=_convert,
    button=Text("Chuyển đổi", "Convert it"),
    done=Text("Đã chuyển đổi sang giấy phép hành nghề.", "Converted into a licence."),
    nothing=Text("Người này không có chứng chỉ cũ cần chuyển đổi.", "There is no old certificate to convert."),
    source="Decree 96/2023/NĐ-CP Art. 143",
)
CHANGE = Decision(
    word="change",
    title=Text("Điều chỉnh giấy phép", "Change what the licence says"),
    lede=Text(
        "Những gì giấy phép ghi trước ngày đó vẫn giữ trong lịch sử.",
        "What the licence said before that day stays in its history.",
    ),
    things=licences_in_force,
    fields=_change_fields,
    take=_change,
    stops=lambda taking: Period(taking.day("effective_on"), None),
    button=Text("Điều chỉnh", "Change it"),
    done=Text("Đã điều chỉnh giấy phép.", "The licence is changed."),
    nothing=NO_LICENCE,
    source="Law 15/2023/QH15 Art. 33",
)
