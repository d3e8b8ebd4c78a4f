"""The demonstration's requests: one done, one being dealt with, one late, one refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from ymach.accounts.models import Membership
from ymach.accounts.permissions import Role
from ymach.accounts.queries import actor_of
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.citizens.requests.actions import About, answer, ask
from ymach.citizens.requests.models import Request
from ymach.citizens.requests.rules import Act, Ground, Kind
from ymach.facilities.models import Facility
from ymach.synth import acting


def make_requests(*, at: datetime) -> int:
    """Let the demonstration's citizen ask, once, over the last days; how many requests there are afterwards. at: aware."""
    held = Membership.objects.select_related("user").filter(role=Role.CITIZEN.value, user__username="nguoi-dan").first()
    desk = Facility.objects.filter(code="99001").first()
    if held is None or held.citizen_id is None or desk is None or Request.objects.exists():
        return Request.objects.count()
    by, clerk, person = actor_of(held.user, on=vietnam_day(at)), acting.staff(desk), held.citizen_id
    here = About(facility_id=desk.id, facility_code=desk.code, province_code=desk.province_code)

    def asked(kind: Kind, words: str, days: int, subject: str = "", record_kind: str = "") -> Request:
        made_at = at - timedelta(days=days)
        about = About(
            subject, record_kind, vietnam_day(made_at), here.facility_id, here.facility_code, here.province_code
        )
        return ask(citizen_id=person, kind=kind, words=words, about=about, by=by, at=made_at)

    copy = asked(Kind.OBTAIN, "Xin bản sao có dấu để nộp cho nơi làm việc.", 20)
    _say(copy, Act.TAKE, "Mời đến quầy số 3, giờ hành chính.", clerk, at - timedelta(days=19))
    _say(copy, Act.DONE, "Đã giao bản sao có dấu tại quầy số 3.", clerk, at - timedelta(days=15))
    asked(Kind.CORRECT, "Tôi dị ứng penicillin, hồ sơ ghi là không dị ứng gì.", 9, "record:demo-visit", "visit")
    taken = asked(
        Kind.CORRECT, "Ngày tái khám ghi sai, đúng là tháng sau.", 2, "record:demo-appointment", "appointment"
    )
    _say(taken, Act.TAKE, "Đang đối chiếu với sổ khám.", clerk, at - timedelta(days=1))
    erased = asked(Kind.DELETE, "Xóa giúp lần khám năm ngoái.", 6)
    _say(erased, Act.REFUSE, "", clerk, at - timedelta(days=5), Ground.KEPT_BY_LAW)
    return Request.objects.count()


def _say(made: Request, act: Act, words: str, by: Actor, at: datetime, ground: Ground | None = None) -> None:
    answer(request_id=made.id, act=act, words=words, by=by, at=at, ground=ground)
