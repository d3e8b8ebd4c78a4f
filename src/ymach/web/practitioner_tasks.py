"""What waits for a practitioner themselves, most urgent first. Plain rules over the profile and the open requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse

from ymach.base.text import Text
from ymach.changes.clocks import Standing, clocks, term
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest, State
from ymach.practitioners.queries import PractitionerProfile
from ymach.practitioners.rules.spans import months_later
from ymach.web import formatting
from ymach.web.parts import Todo
from ymach.web.shown.practitioners import counting, days_since_confirmed, idle_since, is_stale

ORDER = {"bad": 0, "hold": 1, "note": 2}
MOST = 6
PRESSING = (Standing.SOON, Standing.OVERDUE)


def todos(profile: PractitionerProfile, requests: Sequence[ChangeRequest], *, maker: str, at: datetime) -> list[Todo]:
    """What waits for the person. requests: the open ones about them; maker: how the person's account is written there."""
    found = [*_renewal(profile), *_idle(profile), *_requests(requests, maker), *_stale(profile, at)]
    return sorted(found, key=lambda one: ORDER[one.tone])[:MOST]


def _requests(requests: Iterable[ChangeRequest], maker: str) -> Iterator[Todo]:
    for one in requests:
        href, title = reverse("change", args=[one.pk]), kind_named(one.kind).title
        if one.state == State.SUBMITTED and not one.is_ready:
            words = Text(f"Chờ bạn xác nhận: {title.vi}", f"Waiting for you to confirm: {title.en}")
            note = f"{one.made_by_label}, {formatting.moment(one.made_at)}"
            yield Todo("hold", "hold", words, "", note, Text("Xem và xác nhận", "Look and confirm"), href)
        elif one.state == State.RETURNED and one.made_by == maker:
            words = Text(f"Sở trả lại: {title.vi}", f"Returned: {title.en}")
            yield Todo("note", "fix", words, "", one.note, Text("Bổ sung", "Complete"), href)


def _renewal(profile: PractitionerProfile) -> Iterator[Todo]:
    licence = counting(profile)
    if licence is None or licence.valid.end is None or licence.revoked_on is not None:
        return
    ends = term("renewal", licence.valid.end - timedelta(days=1), on=profile.on)
    if ends.standing not in PRESSING:
        return
    missing = profile.cme.missing
    note: Text | str = ""
    if missing:
        vi, en = formatting.number(missing, "vi"), formatting.number(missing, "en")
        note = Text(f"còn thiếu {vi} giờ đào tạo liên tục", f"{en} credit hours are missing")
    tone = "bad" if ends.standing is Standing.OVERDUE else "note"
    words = Text(f"Gia hạn giấy phép {licence.number}", f"Renew licence {licence.number}")
    yield Todo(tone, "licence", words, ends.sentence, note, Text("Xem giờ đào tạo", "See the hours"), "#training")


def _idle(profile: PractitionerProfile) -> Iterator[Todo]:
    since = idle_since(profile)
    if since is None or profile.state is None or not profile.state.may_practise:
        return
    ends = term("idle", months_later(since, clocks()["idle"].amount), on=profile.on)
    if ends.standing in PRESSING:
        words = Text("Chưa đăng ký hành nghề ở đâu", "Registered nowhere")
        tone = "bad" if ends.standing is Standing.OVERDUE else "note"
        yield Todo(tone, "stuck", words, ends.sentence, ends.clock.label)


def _stale(profile: PractitionerProfile, at: datetime) -> Iterator[Todo]:
    days = days_since_confirmed(profile, at)
    if days is not None and not is_stale(days):
        return
    text = (
        Text("chưa xác nhận lần nào", "never confirmed")
        if days is None
        else Text(f"lần cuối cách đây {days} ngày", f"last time {days} days ago")
    )
    words = Text("Xem lại hồ sơ và xác nhận còn đúng", "Look at your profile and confirm it")
    yield Todo("note", "eye", words, text, "", Text("Xác nhận", "Confirm"), "#confirm")
