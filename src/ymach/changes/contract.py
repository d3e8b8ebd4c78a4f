"""What a kind of change is made of. Each is one object in `changes/kinds/`; the engine knows nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.changes.fields import Field, Value, Values
from ymach.changes.models import SubjectKind
from ymach.facilities.models import Facility
from ymach.practitioners.models import Practitioner

if TYPE_CHECKING:
    from ymach.changes.subjects import Subject

FACILITY, PRACTITIONER, DEPARTMENT = "facility", "practitioner", "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One change looked at: whose profile, which facility it concerns, the values, who, when (aware), on what papers.

    subject: None for somebody who is not in the registry yet. decision: the number of the department's decision;
    publish_on: the day on which what it writes is published, None where it is only looked at.
    """

    kind: Kind
    subject: Subject | None
    facility: Facility | None
    values: Values
    by: Actor
    at: datetime
    on: date
    evidence: tuple[UUID, ...] = ()
    decision: str = ""
    publish_on: date | None = None
    request_id: UUID | None = None

    @property
    def practitioner(self) -> Practitioner:
        """The person whose profile it is; for kinds of which the subject is one."""
        assert self.subject is not None
        assert isinstance(self.subject.row, Practitioner)
        return self.subject.row

    @property
    def own_facility(self) -> Facility:
        """The facility whose profile it is, or which the change concerns."""
        row = self.subject.row if self.subject is not None else None
        found = row if isinstance(row, Facility) else self.facility
        assert found is not None
        return found


def nothing(case: Case) -> dict[str, Value]:
    """No present values: the change adds something."""
    return {}


def no_warnings(case: Case) -> tuple[Finding, ...]:
    """Nothing worth saying."""
    return ()


def same_place(case: Case) -> Facility | None:
    """The facility that the case has already."""
    return case.facility


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of change.

    word: in addresses and in the database, never reused. lede: what happens after it was asked. subject: whose profile.
    proposers: "facility", "practitioner", "department"; only_staff: a facility asks only for people registered there.
    is_own_word: applies at once; otherwise a department decides: that of the facility it concerns (at_facility) or of
    the person's main place. many_at_once: several may wait for one profile. makes_subject: of somebody not here yet.
    needs: who has to confirm before the department sees it as ready. clock: of `data/clocks.csv`.
    present: the values now; a field that is not in it is new. place: the facility the values name, if they do.
    apply: writes it through an action, and gives the subject's id where it made one; it is also rehearsed, and undone,
    when the change is asked for. warn: what is worth saying before it is sent and decided; nothing is refused for it.
    by_software: also a facility's own software may ask for it.
    is_published: approving it publishes it, on the day the department chooses. papers: which papers, if any are asked
    for. begins: the field whose day the term `reported_within` (a clock) counts from.
    """

    word: str
    title: Text
    lede: Text
    subject: SubjectKind
    fields: tuple[Field, ...]
    apply: Callable[[Case], UUID | None]
    proposers: frozenset[str]
    present: Callable[[Case], Mapping[str, Value]] = nothing
    place: Callable[[Case], Facility | None] = same_place
    warn: Callable[[Case], tuple[Finding, ...]] = no_warnings
    is_own_word: bool = False
    is_published: bool = False
    by_software: bool = False
    at_facility: bool = False
    only_staff: bool = True
    makes_subject: bool = False
    many_at_once: bool = False
    needs: tuple[str, ...] = ()
    clock: str = ""
    papers: Text | None = None
    papers_required: bool = False
    reported_within: str = ""
    begins: str = ""
    source: str = field(default="Ymạch")

    def field_named(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)
