"""What a decision will change: the action itself, taken and undone, so that nothing is foretold that would not happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.fields import day
from ymach.exchange.mentions import complete_until
from ymach.exchange.models import AuthorMention
from ymach.exchange.queries import records_by_author
from ymach.facilities.queries import names_of
from ymach.notices.models import Letter, Notice
from ymach.places.queries import province
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries import PractitionerProfile, author_keys
from ymach.practitioners.queries import profile as profile_of
from ymach.practitioners.queries.profile import RegistrationView
from ymach.practitioners.rules.states import StateCode
from ymach.web.decisions.contract import Decision, Taking

GRAVE = frozenset({StateCode.SUSPENDED, StateCode.REVOKED})
_DAYS = ("starts_on", "effective_on", "ends_on", "issued_on")


@dataclass(frozen=True, slots=True)
class State:
    """How a licence stands before and after."""

    number: str
    before: Text | None
    after: Text
    is_grave: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Who reads which sentence."""

    whom: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class Effects:
    """What is different on the day `on`, the first on which the decision holds, from today on."""

    on: date
    states: Sequence[State]
    blocked: Sequence[RegistrationView]
    freed: Sequence[RegistrationView]
    ended: Sequence[RegistrationView]
    without_head: Sequence[RegistrationView]
    told: Sequence[Told]
    letters: int

    @property
    def is_quiet(self) -> bool:
        """Nothing of what others see changes."""
        return not (self.states or self.blocked or self.freed or self.ended or self.without_head)


@dataclass(frozen=True, slots=True)
class Touched:
    """Dossiers signed on days on which nothing might be done: those the reader may see, and how many more there are.

    complete_until: what was answered later has not been read for its authors yet; None: nothing is sure.
    """

    period: Period
    rows: QuerySet[AuthorMention]
    number: int
    elsewhere: int
    complete_until: datetime | None


def rehearse(decision: Decision, taking: Taking) -> Effects:
    """Take the decision, look, and undo it. Raises what the action raises."""
    person, on = taking.target.person, _first_day(taking)
    with transaction.atomic():
        before = profile_of(person, on=on)
        decision.take(taking)
        after = profile_of(Practitioner.objects.get(pk=person.pk), on=on)
        told = _told(taking)
        letters = Letter.objects.filter(created_at=taking.at).count()
        transaction.set_rollback(True)
    return Effects(
        on=on,
        states=_states(before, after),
        blocked=[one for one in after.registrations if one.blocked and not _was_blocked(before, one)],
        freed=[one for one in after.registrations if not one.blocked and _was_blocked(before, one)],
        ended=_ended(before, after),
        without_head=_lost_heads(before, after),
        told=told,
        letters=letters,
    )


def touched(person: Practitioner, period: Period, *, by: Actor, at: datetime) -> Touched | None:
    """The dossiers the person signed on days of `period` up to today; None for a period that begins tomorrow or later."""
    tomorrow = vietnam_day(at) + timedelta(days=1)
    if period.start is None or period.start >= tomorrow:
        return None
    past = Period(period.start, min(period.end or tomorrow, tomorrow))
    keys = author_keys(person)
    rows = records_by_author(keys, past, visible_to=by)
    number = _dossiers(rows)
    return Touched(
        period=past,
        rows=rows,
        number=number,
        elsewhere=_dossiers(records_by_author(keys, past, visible_to=None)) - number,
        complete_until=complete_until(),
    )


def _dossiers(rows: QuerySet[AuthorMention]) -> int:
    return rows.order_by().values("facility_id", "dossier_code").distinct().count()


def _first_day(taking: Taking) -> date:
    days = [found for name in _DAYS if (found := day(taking.values.get(name)))]
    return max([taking.target.on, *days])


def _states(before: PractitionerProfile, after: PractitionerProfile) -> list[State]:
    known = {one.id: one.state for one in before.licences}
    found = []
    for one in after.licences:
        old = known.get(one.id)
        if old is None or old.text != one.state.text:
            is_grave = one.state.code in GRAVE
            found.append(State(one.number, old.text if old else None, one.state.text, is_grave))
    return found


def _was_blocked(before: PractitionerProfile, one: RegistrationView) -> bool:
    return any(old.blocked for old in before.registrations if old.facility_id == one.facility_id)


def _ended(before: PractitionerProfile, after: PractitionerProfile) -> list[RegistrationView]:
    """Places where the person would have worked on the day or later, and will not."""
    still = {one.facility_id for one in _ahead(after)}
    return list({one.facility_id: one for one in _ahead(before) if one.facility_id not in still}.values())


def _ahead(profile: PractitionerProfile) -> Iterable[RegistrationView]:
    ends = (*profile.registrations, *profile.other_registrations)
    return [one for one in ends if one.valid.end is None or one.valid.end > profile.on]


def _lost_heads(before: PractitionerProfile, after: PractitionerProfile) -> list[RegistrationView]:
    heads = {one.facility_id for one in after.registrations if one.is_technical_head}
    return [one for one in before.registrations if one.is_technical_head and one.facility_id not in heads]


def _told(taking: Taking) -> list[Told]:
    rows = list(Notice.objects.filter(at=taking.at, told_by=str(taking.by)).order_by("id"))
    names = names_of(row.facility_id for row in rows if row.facility_id)
    return [Told(_whom(row, names, taking), Text(row.vi, row.en)) for row in rows]


def _whom(row: Notice, names: dict[UUID, str], taking: Taking) -> Text:
    if row.facility_id is not None:
        name = names.get(row.facility_id, "")
        return Text(name, name)
    if row.province_code is not None:
        unit = province(row.province_code, taking.target.on)
        return Text(f"Sở Y tế {unit.name('vi')}", f"Department of Health, {unit.name('en')}") if unit else Text("", "")
    return Text(taking.target.person.full_name, taking.target.person.full_name)
