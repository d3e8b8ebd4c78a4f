"""Decisions that stop practice, or let it begin again (Law 15/2023/QH15 Art. 20, 34, 35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.fields import Field, Shape, catalogue
from ymach.practitioners import actions
from ymach.practitioners.models import Licence, LicenceSuspension, PractiseBan
from ymach.practitioners.queries.profile import LicenceView, StopView
from ymach.practitioners.rules.tables import ban_cases
from ymach.web import formatting
from ymach.web.decisions.contract import (
    BACK_DATED,
    DECISION,
    REASON,
    Decision,
    Taking,
    Target,
    ThingGone,
    Things,
    day_field,
    everything,
)

TOLD = Text(
    "Người này và các cơ sở nơi đăng ký hành nghề được báo; trang tra cứu công khai đổi ngay.",
    "The person and the facilities where they are registered are told; the public check changes at once.",
)
STARTS = day_field("starts_on", "Từ ngày", "From", hint=BACK_DATED)


def licence_of(taking: Taking) -> Licence:
    """The licence it is about. Raises ThingGone."""
    rows = Licence.objects.select_related("practitioner")
    found = rows.filter(pk=taking.about, practitioner=taking.target.person).first()
    if found is None:
        raise ThingGone
    return found


def licences_in_force(target: Target) -> Things:
    """The licences that nobody has revoked and that have not ended."""
    return [(one.id, licence_words(one)) for one in target.profile.licences if _goes_on(one, target.on)]


def licence_words(one: LicenceView) -> Text:
    return Text(f"{one.number}, {one.state.text.vi}", f"{one.number}, {one.state.text.en}")


def _goes_on(one: LicenceView, on: date) -> bool:
    return one.revoked_on is None and (one.valid.end is None or one.valid.end > on)


def _suspend_fields(target: Target) -> Sequence[Field]:
    last = day_field(
        "last_day",
        "Đến hết ngày",
        "Until the end of",
        hint=Text("Từ 1 đến 24 tháng kể từ ngày bắt đầu.", "1 to 24 months from the first day."),
    )
    return STARTS, last, *_scopes(target), DECISION, REASON


def _scopes(target: Target) -> Sequence[Field]:
    """The scopes the person holds, to choose from; nothing where the licence names none."""
    held = {scope for one in target.profile.licences if _goes_on(one, target.on) for scope in one.scopes}
    if not held:
        return ()
    every = catalogue("practice_scope")
    field = Field(
        name="scopes",
        label=Text("Chỉ đình chỉ phạm vi", "Suspend only these scopes"),
        shape=Shape.MANY,
        choices=lambda case: [(code, words) for code, words in every(case) if code in held],
        hint=Text("Không chọn phạm vi nào là đình chỉ toàn bộ.", "None chosen: the whole practice is suspended."),
    )
    return (field,)


def _suspend_period(taking: Taking) -> Period:
    return Period(taking.day("starts_on"), taking.until("last_day"))


def _suspend(taking: Taking) -> UUID:
    return actions.suspend_licence(
        licence=licence_of(taking),
        period=_suspend_period(taking),
        scopes=taking.codes("scopes"),
        reason=taking.text("reason"),
        decision=taking.text("decision"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _suspension(taking: Taking) -> LicenceSuspension:
    rows = LicenceSuspension.objects.select_related("licence__practitioner")
    found = rows.filter(pk=taking.about, licence__practitioner=taking.target.person).first()
    if found is None:
        raise ThingGone
    return found


def _stop_words(one: StopView) -> Text:
    start, end = formatting.day(one.period.start), formatting.day(one.period.end)
    until = Text(f" đến trước {end}", f" until before {end}") if one.period.end else Text("", "")
    return Text(f"{one.decision}, từ {start}{until.vi}", f"{one.decision}, from {start}{until.en}")


def _running(target: Target) -> Things:
    every = [one for licence in target.profile.licences for one in licence.suspensions]
    return [(one.id, _stop_words(one)) for one in every if one.period.end is None or one.period.end > target.on]


def _over(target: Target) -> Things:
    """Suspensions that have ended, after which nobody has shown the training yet."""
    every = [one for licence in target.profile.licences for one in licence.suspensions]
    over = [one for one in every if one.period.end is not None and one.period.end <= target.on]
    return [(one.id, _stop_words(one)) for one in over if one.returned_on is None]


def _lift(taking: Taking) -> UUID:
    return actions.lift_suspension(
        suspension=_suspension(taking),
        ends_on=taking.day("ends_on"),
        reason=taking.text("reason"),
        decision=taking.text("decision"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _return(taking: Taking) -> UUID:
    if taking.paper is None:
        raise ThingGone
    return actions.confirm_return(
        suspension=_suspension(taking),
        returned_on=taking.day("returned_on"),
        evidence=taking.paper,
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _revoke_period(taking: Taking) -> Period:
    return Period(taking.day("effective_on"), None)


def _revoke(taking: Taking) -> UUID:
    return actions.revoke_licence(
        licence=licence_of(taking),
        effective_on=taking.day("effective_on"),
        reason=taking.text("reason"),
        decision=taking.text("decision"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _ban_fields(target: Target) -> Sequence[Field]:
    case = Field(
        name="case",
        label=Text("Trường hợp", "Case"),
        shape=Shape.CHOICE,
        is_required=True,
        choices=lambda case: list(ban_cases().items()),
    )
    last = day_field(
        "last_day",
        "Đến hết ngày",
        "Until the end of",
        hint=Text("Bỏ trống nếu chưa biết ngày kết thúc.", "Blank if nobody knows yet."),
        is_required=False,
    )
    return case, STARTS, last, DECISION, REASON


def _ban(taking: Taking) -> UUID:
    return actions.ban_practitioner(
        practitioner=taking.target.person,
        period=_suspend_period(taking),
        case=taking.text("case"),
        reason=taking.text("reason"),
        decision=taking.text("decision"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


def _bans(target: Target) -> Things:
    found = [one for one in target.profile.bans if one.period.end is None or one.period.end > target.on]
    return [(one.id, _stop_words(one)) for one in found]


def _end_ban(taking: Taking) -> UUID:
    ban = PractiseBan.objects.filter(pk=taking.about, practitioner=taking.target.person).first()
    if ban is None:
        raise ThingGone
    return actions.end_ban(
        ban=ban,
        ends_on=taking.day("ends_on"),
        reason=taking.text("reason"),
        decision=taking.text("decision"),
        by=taking.by,
        at=taking.at,
        seen=taking.seen,
    ).pk


AGAIN = day_field("ends_on", "Được hành nghề lại từ ngày", "May practise again from")
NO_LICENCE = Text("Người này không có giấy phép đang còn hiệu lực.", "This person holds no licence in force.")
SUSPEND = Decision(
    word="suspend",
    title=Text("Đình chỉ hành nghề", "Suspend"),
    lede=TOLD,
    things=licences_in_force,
    fields=_suspend_fields,
    take=_suspend,
    stops=_suspend_period,
    is_grave=True,
    button=Text("Đình chỉ", "Suspend"),
    done=Text("Đã đình chỉ. Người này và các cơ sở được báo.", "Suspended. The person and the facilities are told."),
    nothing=NO_LICENCE,
    source="Law 15/2023/QH15 Art. 34",
)
LIFT = Decision(
    word="lift",
    title=Text("Chấm dứt đình chỉ trước hạn", "Lift a suspension"),
    lede=TOLD,
    things=_running,
    fields=lambda target: (AGAIN, DECISION, REASON),
    take=_lift,
    button=Text("Chấm dứt đình chỉ", "Lift it"),
    done=Text("Đã chấm dứt đình chỉ. Các cơ sở được báo.", "Lifted. The facilities are told."),
    nothing=Text("Không có đình chỉ nào đang áp dụng.", "No suspension is in force."),
    source="Law 15/2023/QH15 Art. 34",
)
RETURN = Decision(
    word="return",
    title=Text("Xác nhận hành nghề trở lại", "Confirm the return to practice"),
    lede=Text(
        "Sau đình chỉ, người hành nghề phải có giấy xác nhận đã cập nhật kiến thức trước khi làm việc lại.",
        "After a suspension the law asks for proof of training before practice is taken up again.",
    ),
    things=_over,
    fields=lambda target: (day_field("returned_on", "Hành nghề trở lại từ ngày", "Practises again from"),),
    take=_return,
    needs_paper=True,
    button=Text("Xác nhận", "Confirm"),
    done=Text("Đã ghi việc hành nghề trở lại.", "The return is recorded."),
    nothing=Text("Không có đình chỉ nào vừa hết hạn chờ xác nhận.", "No suspension that has ended waits for this."),
    source="Law 15/2023/QH15 Art. 34",
)
REVOKE = Decision(
    word="revoke",
    title=Text("Thu hồi giấy phép hành nghề", "Revoke the licence"),
    lede=TOLD,
    things=licences_in_force,
    fields=lambda target: (
        day_field("effective_on", "Thu hồi từ ngày", "Revoked from", hint=BACK_DATED),
        DECISION,
        REASON,
    ),
    take=_revoke,
    stops=_revoke_period,
    is_grave=True,
    button=Text("Thu hồi", "Revoke"),
    done=Text("Đã thu hồi. Các đăng ký hành nghề kết thúc.", "Revoked. The practice registrations end."),
    nothing=NO_LICENCE,
    source="Law 15/2023/QH15 Art. 35",
)
BAN = Decision(
    word="ban",
    title=Text("Ghi lệnh cấm hành nghề", "Record a ban"),
    lede=TOLD,
    things=everything,
    fields=_ban_fields,
    take=_ban,
    stops=_suspend_period,
    is_grave=True,
    button=Text("Ghi lệnh cấm", "Record the ban"),
    done=Text("Đã ghi lệnh cấm. Các cơ sở được báo.", "The ban is recorded. The facilities are told."),
    nothing=Text("", ""),
    source="Law 15/2023/QH15 Art. 20",
)
END_BAN = Decision(
    word="end-ban",
    title=Text("Chấm dứt lệnh cấm hành nghề", "End a ban"),
    lede=TOLD,
    things=_bans,
    fields=lambda target: (AGAIN, DECISION, REASON),
    take=_end_ban,
    button=Text("Chấm dứt lệnh cấm", "End it"),
    done=Text("Lệnh cấm đã chấm dứt. Các cơ sở được báo.", "The ban has ended. The facilities are told."),
    nothing=Text("Không có lệnh cấm nào đang áp dụng.", "No ban is in force."),
    source="Law 15/2023/QH15 Art. 20",
)
