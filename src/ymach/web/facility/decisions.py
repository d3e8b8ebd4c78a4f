"""Decisions of the department about an operating licence, and the end of a facility."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from ymach.base.clock import print_day
from ymach.base.findings import Finding
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.fields import Field, Shape, Values, catalogue, fixed
from ymach.facilities import actions
from ymach.facilities.errors import OperatingLicenceNotFound
from ymach.facilities.models import Facility, OperatingLicence, OperatingLicenceSuspension
from ymach.web.facility.forms import FacilityForm, Saving, Target, ThingGone

REASON = Field(name="reason", label=Text("Lý do", "Reason"), shape=Shape.AREA, is_required=True, longest=1000)
DECISION = Field(
    name="decision",
    label=Text("Số quyết định", "Number of the decision"),
    is_required=True,
    longest=100,
    hint=Text("Như 123/QĐ-SYT.", "Like 123/QĐ-SYT."),
)
NOTICED = Text(
    "Cơ sở nhận thông báo và thư; trang tra cứu công khai đổi ngay.",
    "The facility is notified by letter; the public check changes at once.",
)


def _day(name: str, vi: str, en: str, hint: Text | None = None, *, is_required: bool = True) -> Field:
    like = Text("Như 20/11/2026.", "Like 20/11/2026.")
    return Field(name=name, label=Text(vi, en), shape=Shape.DAY, is_required=is_required, hint=hint or like)


def licence_on(facility: Facility, on: date) -> OperatingLicence:
    """The operating licence of the day. Raises OperatingLicenceNotFound."""
    found = facility.operating_licences.filter(valid__contains=on).first()
    if found is None:
        raise OperatingLicenceNotFound(facility=facility.code, day=print_day(on))
    return found


def _suspend_fields(target: Target) -> Sequence[Field]:
    scopes = licence_on(target.facility, target.on).scopes
    parts = Field(
        name="scopes",
        label=Text("Chỉ đình chỉ phần", "Suspend only"),
        shape=Shape.MANY,
        choices=fixed(*((scope, Text(scope, scope)) for scope in scopes)),
        hint=Text("Không chọn là đình chỉ toàn bộ.", "None: the whole operation is suspended."),
    )
    return (
        _day("starts_on", "Từ ngày", "From"),
        _day(
            "last_day",
            "Đến hết ngày",
            "Until the end of",
            Text("Bỏ trống nếu quyết định không ghi.", "Blank if the decision does not say."),
            is_required=False,
        ),
        *((parts,) if scopes else ()),
        DECISION,
        REASON,
    )


def _suspend(saving: Saving) -> Sequence[Finding]:
    last = saving.day("last_day")
    actions.suspend_operating_licence(
        licence=licence_on(saving.facility, saving.target.on),
        period=Period(saving.starts_on, last + timedelta(days=1) if last else None),
        reason=saving.text("reason"),
        decision=saving.text("decision"),
        scopes=saving.codes("scopes"),
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
    )
    return ()


def _suspension(target: Target) -> OperatingLicenceSuspension:
    rows = OperatingLicenceSuspension.objects.select_related("licence__facility")
    found = rows.filter(pk=target.key, licence__facility=target.facility).first()
    if found is None:
        raise ThingGone
    return found


def _lift_fields(target: Target) -> Sequence[Field]:
    _suspension(target)
    return _day("ends_on", "Được hoạt động lại từ ngày", "May operate again from"), REASON


def _lift(saving: Saving) -> Sequence[Finding]:
    actions.lift_suspension(
        suspension=_suspension(saving.target),
        ends_on=saving.day("ends_on") or saving.target.on,
        reason=saving.text("reason"),
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
    )
    return ()


def _revoke_fields(target: Target) -> Sequence[Field]:
    licence_on(target.facility, target.on)
    return _day("effective_on", "Thu hồi từ ngày", "Revoked from"), DECISION, REASON


def _revoke(saving: Saving) -> Sequence[Finding]:
    actions.revoke_operating_licence(
        licence=licence_on(saving.facility, saving.target.on),
        effective_on=saving.day("effective_on") or saving.target.on,
        reason=saving.text("reason"),
        decision=saving.text("decision"),
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
    )
    return ()


def _close_fields(target: Target) -> Sequence[Field]:
    hint = Text(
        "Từ ngày này mã cơ sở hết hiệu lực và giấy phép kết thúc.", "From this day the code and the licence end."
    )
    return _day("ends_on", "Ngừng hoạt động từ ngày", "Closed from", hint), REASON


def _close(saving: Saving) -> Sequence[Finding]:
    actions.close_facility(
        facility=saving.facility,
        ends_on=saving.day("ends_on") or saving.target.on,
        reason=saving.text("reason"),
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
    )
    return ()


def licence_fields() -> Sequence[Field]:
    """What is printed on an operating licence."""
    return (
        Field(
            name="number",
            label=Text("Số giấy phép hoạt động", "Licence number"),
            is_required=True,
            longest=40,
            hint=Text("Như 00123/SYT-GPHĐ.", "Like 00123/SYT-GPHĐ."),
        ),
        _day("issued_on", "Ngày cấp", "Issued on"),
        Field(name="issuer", label=Text("Nơi cấp", "Issuer"), is_required=True),
        Field(
            name="scopes",
            label=Text("Phạm vi hoạt động", "Scopes"),
            shape=Shape.MANY,
            choices=catalogue("practice_scope"),
        ),
    )


def _licence_values(target: Target) -> Values:
    held = target.facility.operating_licences.filter(valid__contains=target.on).first()
    return {"issuer": held.issuer, "scopes": list(held.scopes)} if held else {"issuer": "Sở Y tế"}


def _grant(saving: Saving) -> Sequence[Finding]:
    """A new licence takes the place of the one in force on its day of issue."""
    issued_on, seen = saving.day("issued_on") or saving.target.on, saving.seen
    with transaction.atomic():
        old = saving.facility.operating_licences.filter(valid__contains=issued_on).first()
        if old is not None:
            number = saving.text("number")
            reason = f"replaced by {number}"
            actions.end_operating_licence(
                licence=old, ends_on=issued_on, reason=reason, by=saving.by, at=saving.at, seen=seen
            )
            seen = None
        actions.grant_operating_licence(
            facility=saving.facility,
            number=saving.text("number"),
            issued_on=issued_on,
            issuer=saving.text("issuer"),
            scopes=saving.codes("scopes"),
            by=saving.by,
            at=saving.at,
            seen=seen,
        )
    return ()


SUSPEND = FacilityForm(
    word="suspend",
    title=Text("Đình chỉ giấy phép hoạt động", "Suspend the operating licence"),
    lede=NOTICED,
    part="licences",
    fields=_suspend_fields,
    save=_suspend,
    decides=True,
    is_grave=True,
    button=Text("Đình chỉ", "Suspend"),
    done=Text("Đã đình chỉ. Cơ sở được báo.", "Suspended. The facility is told."),
    source="Law 15/2023/QH15",
)
LIFT = FacilityForm(
    word="lift",
    title=Text("Chấm dứt đình chỉ", "Lift the suspension"),
    lede=NOTICED,
    part="licences",
    fields=_lift_fields,
    save=_lift,
    decides=True,
    button=Text("Chấm dứt đình chỉ", "Lift it"),
    done=Text("Đã chấm dứt đình chỉ. Cơ sở được báo.", "Lifted. The facility is told."),
    source="Law 15/2023/QH15",
)
REVOKE = FacilityForm(
    word="revoke",
    title=Text("Thu hồi giấy phép hoạt động", "Revoke the operating licence"),
    lede=NOTICED,
    part="licences",
    fields=_revoke_fields,
    save=_revoke,
    decides=True,
    is_grave=True,
    button=Text("Thu hồi", "Revoke"),
    done=Text("Đã thu hồi. Cơ sở được báo.", "Revoked. The facility is told."),
    source="Law 15/2023/QH15 Art. 56; Decree 96/2023/NĐ-CP Art. 78",
)
CLOSE = FacilityForm(
    word="close",
    title=Text("Cơ sở ngừng hoạt động", "The facility closes"),
    lede=Text(
        "Mã và giấy phép hết hiệu lực từ ngày ghi dưới đây. Lịch sử vẫn giữ nguyên.",
        "Code and licence end on the day below. The history stays.",
    ),
    part="licences",
    fields=_close_fields,
    save=_close,
    decides=True,
    is_grave=True,
    button=Text("Ghi ngừng hoạt động", "Close it"),
    done=Text("Đã ghi ngày ngừng hoạt động.", "The day of closing is recorded."),
    source="Law 15/2023/QH15",
)
GRANT = FacilityForm(
    word="licence",
    title=Text("Cấp giấy phép hoạt động mới", "Grant a new operating licence"),
    lede=Text(
        "Giấy phép đang có hiệu lực kết thúc vào ngày cấp giấy mới.", "The licence in force ends on the day of issue."
    ),
    part="licences",
    fields=lambda target: licence_fields(),
    present=_licence_values,
    save=_grant,
    decides=True,
    button=Text("Cấp giấy phép", "Grant it"),
    done=Text("Đã ghi giấy phép mới.", "The new licence is recorded."),
    source="Law 15/2023/QH15 Art. 49; Decree 96/2023/NĐ-CP Art. 59",
)
FORMS = (SUSPEND, LIFT, REVOKE, CLOSE, GRANT)
