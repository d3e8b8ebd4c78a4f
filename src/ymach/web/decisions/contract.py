"""What a decision is made of. Each is one object; the pages know nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.errors import NotFound
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.fields import Field, Shape, Values, day, fixed, key
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries import PractitionerProfile

Things = Sequence[tuple[UUID, Text]]
LIKE = Text("Như 20/11/2026.", "Like 20/11/2026.")
BACK_DATED = Text(
    "Như 20/11/2026. Được ghi lùi ngày; trang xem trước cho biết những hồ sơ liên quan.",
    "Like 20/11/2026. It may lie in the past; the preview tells which dossiers are touched.",
)
DECISION = Field(
    name="decision",
    label=Text("Số quyết định", "Number of the decision"),
    is_required=True,
    longest=100,
    hint=Text("Như 123/QĐ-SYT.", "Like 123/QĐ-SYT."),
)
GRANTING = (
    Field(
        name="decision",
        label=Text("Số quyết định cấp", "Number of the decision"),
        is_required=True,
        longest=100,
        hint=Text("Như 123/QĐ-SYT.", "Like 123/QĐ-SYT."),
    ),
    Field(
        name="decided_on",
        label=Text("Ngày quyết định", "Day of the decision"),
        shape=Shape.DAY,
        is_required=True,
        hint=Text("Như 20/11/2026; không sau ngày cấp.", "Like 20/11/2026; not after the day of issue."),
    ),
)
REASON = Field(
    name="reason",
    label=Text("Lý do", "Reason"),
    shape=Shape.AREA,
    is_required=True,
    longest=1000,
    hint=Text(
        "Hiện trong hồ sơ và trong lịch sử; không ghi thông tin người bệnh.",
        "Stands in the profile and its history; write nothing about patients.",
    ),
)


class DecisionUnknown(NotFound):
    code = "YM-DECISION-UNKNOWN"
    sentence = Text("Không có loại quyết định này.", "There is no such decision.")


class ThingGone(NotFound):
    code = "YM-DECISION-THING-GONE"
    sentence = Text(
        "Mục này không còn trong hồ sơ. Mở lại trang người hành nghề.",
        "This is no longer part of the profile. Reload the practitioner's page.",
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a decision is about on the day `on` (Viet Nam), and who decides."""

    person: Practitioner
    profile: PractitionerProfile
    by: Actor
    on: date

    @property
    def province_code(self) -> str | None:
        """The province in whose name the department decides."""
        return next((grant.province_code for grant in self.by.grants if grant.province_code), None)


@dataclass(frozen=True, slots=True)
class Taking:
    """A decision about to be taken: values by name of field, the paper shown with it, the revision that was seen."""

    target: Target
    values: Values
    at: datetime
    seen: int | None
    paper: UUID | None = None

    @property
    def by(self) -> Actor:
        return self.target.by

    @property
    def about(self) -> UUID:
        """What of the profile it is about. Raises ThingGone."""
        found = key(self.values.get("about"))
        if found is None:
            raise ThingGone
        return found

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def codes(self, name: str) -> list[str]:
        value = self.values.get(name)
        return value if isinstance(value, list) else []

    def day(self, name: str) -> date:
        """A day that the form requires."""
        return day(self.values.get(name)) or self.target.on

    def until(self, name: str) -> date | None:
        """The first day after the last one, which people write."""
        last = day(self.values.get(name))
        return last + timedelta(days=1) if last else None


def everything(target: Target) -> Things:
    """The decision is about the person, not about one thing of several."""
    return ((target.person.pk, Text(target.person.full_name, target.person.full_name)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. word: in its address.

    things: what of the profile it can be about; none: there is nothing to decide. fields: asked of the target, without
    that choice. take: the action; gives what it made. stops: the days on which nothing may be done any more, for
    decisions that touch what was done before. needs_paper: a paper is shown with it. papers: those given before, by what
    they prove. in_own_name: any department may, of anybody: the licence is its own.
    """

    word: str
    title: Text
    lede: Text
    things: Callable[[Target], Things]
    fields: Callable[[Target], Sequence[Field]]
    take: Callable[[Taking], UUID]
    button: Text
    done: Text
    nothing: Text
    source: str
    stops: Callable[[Taking], Period] | None = None
    papers: Callable[[Target], Things] = lambda target: ()
    is_grave: bool = False
    needs_paper: bool = False
    in_own_name: bool = False

    def all_fields(self, target: Target, things: Things) -> Sequence[Field]:
        """The fields with the choice of what it is about in front, where there is one to make."""
        if self.things is everything:
            return self.fields(target)
        choices = fixed(*((str(thing), words) for thing, words in things))
        about = Field(name="about", label=Text("Về", "About"), shape=Shape.CHOICE, is_required=True, choices=choices)
        return (about, *self.fields(target))


def day_field(name: str, vi: str, en: str, *, hint: Text = LIKE, is_required: bool = True) -> Field:
    return Field(name=name, label=Text(vi, en), shape=Shape.DAY, is_required=is_required, hint=hint)
