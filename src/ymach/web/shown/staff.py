"""The people of a facility as lines of a table. No query: related rows are expected to be fetched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from ymach.base.text import Text
from ymach.base.weekly import schedule_words
from ymach.facilities.models import Part
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.queries import StaffFilter
from ymach.web import formatting
from ymach.web.asked import query_of, read_page
from ymach.web.parts import Words
from ymach.web.shown.practitioners import hours_a_week

EXPIRES_WITHIN = timedelta(days=180)
STATES = {
    "": Text("Tất cả", "All"),
    "working": Text("Được hành nghề", "May practise"),
    "blocked": Text("Không được hành nghề", "May not practise"),
    "expiring": Text("Giấy phép hết hạn trong 6 tháng", "Licence ends within 6 months"),
    "unpublished": Text("Sở chưa công bố", "Not published yet"),
    "head": Text("Chịu trách nhiệm chuyên môn", "Technical head"),
}
ACTS = {
    "schedule-change": Text("Đổi giờ hành nghề", "Change hours"),
    "technique-assignment": Text("Giao kỹ thuật", "Assign a technique"),
    "end-of-practice": Text("Báo thôi việc", "Report leaving"),
}


@dataclass(frozen=True, slots=True)
class StaffAsked:
    """The filters of the address, as typed; page counts from 1."""

    q: str = ""
    title: str = ""
    department: str = ""
    state: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> StaffAsked:
        state = query.get("state", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:100],
            title=query.get("title", "").replace("\x00", "").strip()[:2],
            department=query.get("department", "").replace("\x00", "").strip()[:200],
            state=state if state in STATES else "",
            page=read_page(query.get("page", "")),
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page is forgotten unless it is given."""
        values = {"q": self.q, "title": self.title, "department": self.department, "state": self.state, **changes}
        return query_of(values)

    @property
    def only(self) -> StaffFilter:
        return StaffFilter(
            text=self.q,
            title=self.title,
            department=self.department,
            is_technical_head=True if self.state == "head" else None,
            is_published=False if self.state == "unpublished" else None,
            is_blocked={"blocked": True, "working": False}.get(self.state),
        )


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One registration. account: "has", "invited" or "" (none); acts: (words, address)."""

    name: str
    href: str
    licence: str
    title: Words
    position: str
    department: str
    hours: Text
    week: Text
    is_head: bool
    is_published: bool
    until: date | None
    expires: Text | None
    trouble: Text | None
    account: str
    acts: Sequence[tuple[Text, str]]


def line(
    one: PracticeRegistration, titles: Mapping[str, Text], today: date, *, account: str, acts: Collection[str]
) -> StaffLine:
    """A registration as a line. acts: the words of the changes the reader may ask for."""
    last = last_day(one)
    is_soon = last is not None and today <= last <= today + EXPIRES_WITHIN
    return StaffLine(
        name=one.practitioner.full_name,
        href=reverse("practitioner", args=[one.practitioner_id]),
        licence=one.licence.number,
        title=titles.get(one.licence.title, one.licence.title),
        position=one.position,
        department=one.department,
        hours=schedule_words(one.schedule),
        week=hours_a_week(one.schedule.minutes) if one.schedule else Text("", ""),
        is_head=one.is_technical_head,
        is_published=one.published_on is not None,
        until=last,
        expires=formatting.deadline(last, today) if last is not None and is_soon else None,
        trouble=trouble(one, today),
        account=account,
        acts=[(words, _address(word, one.practitioner_id)) for word, words in ACTS.items() if word in acts],
    )


def trouble(one: PracticeRegistration, today: date) -> Text | None:
    """Why the person may not practise on the day, wholly or in part; None when all is well."""
    licence = one.licence
    if any(today in ban.period for ban in one.practitioner.bans.all()):
        return Text("đang bị cấm hành nghề", "banned from practice")
    if today not in licence.valid:
        if not getattr(one, "is_blocked", True):
            return Text("đăng ký theo giấy phép cũ", "registered under a former licence")
        return Text("giấy phép hết hiệu lực", "licence no longer valid")
    lasting = [stop for stop in licence.suspensions.all() if today in stop.period]
    if any(stop.part == Part.WHOLE for stop in lasting):
        return Text("đang bị đình chỉ", "suspended")
    return Text("đang bị đình chỉ một phần", "suspended in part") if lasting else None


def last_day(one: PracticeRegistration) -> date | None:
    """The last day of the licence; None without term."""
    end: date | None = one.licence.valid.upper
    return end - timedelta(days=1) if end else None


def _address(word: str, key: UUID) -> str:
    return f"{reverse('change-new', args=[word])}?subject={key}"
