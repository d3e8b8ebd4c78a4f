"""Incidents: opened at their detection, with minutes that are only added to, and the persons whom they reached.

Law 91/2025/QH15 art. 23; Decree 356/2025/NĐ-CP art. 28, 29 (form 08). All moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import print_moment
from ymach.base.errors import NotFound, YmachError
from ymach.registers.errors import AlreadyClosed, KindUnknown, NotToldYet, TextMissing, TimeWrong
from ymach.registers.models import Incident, IncidentKind, IncidentPerson, IncidentStep, StepKind

BASIS = "Law 91/2025/QH15 art. 23"
WRITTEN = (StepKind.NOTED, StepKind.MEASURE, StepKind.AUTHORITY_TOLD, StepKind.CONTROLLER_TOLD, StepKind.PERSONS_TOLD)
"""What people write into the minutes; the rest writes itself."""
LONGEST = 4000

_ATTACH = """
WITH reached AS (
  SELECT citizen_id, count(*)::int AS events, array_agg(DISTINCT action ORDER BY action) AS actions,
    min(at) AS first_at, max(at) AS last_at
  FROM audit_event WHERE actor = %(actor)s AND at >= %(start)s AND at < %(end)s AND citizen_id IS NOT NULL GROUP BY 1
), kept AS (
  INSERT INTO registers_incident_person AS p (citizen_id, incident_id, events, actions, first_at, last_at)
  SELECT citizen_id, %(incident)s, events, actions, first_at, last_at FROM reached
  ON CONFLICT (citizen_id, incident_id) DO UPDATE SET events = greatest(p.events, excluded.events),
    actions = ARRAY(SELECT DISTINCT unnest(p.actions || excluded.actions) ORDER BY 1),
    first_at = least(p.first_at, excluded.first_at), last_at = greatest(p.last_at, excluded.last_at)
  RETURNING 1
) SELECT count(*) FROM kept
"""


@transaction.atomic
def open_incident(
    *,
    kind: str,
    summary: str,
    data_kinds: str,
    contact: str,
    detected_at: datetime | None,
    by: Actor,
    at: datetime,
    place: str = "",
    account: str = "",
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> Incident:
    """Write an incident down. detected_at: when somebody first knew; the 72 hours run from it, and it is never changed.

    Raises NotAllowed; TextMissing, TimeWrong, KindUnknown name their field.
    """
    require(by, Permission.INCIDENT_MANAGE)
    texts = {"summary": summary, "data_kinds": data_kinds, "contact": contact}
    found = faults_of(kind=kind, detected_at=detected_at, began_at=began_at, ended_at=ended_at, texts=texts, at=at)
    fault = next(found, None)
    if fault is not None or detected_at is None:
        raise fault or TimeWrong(field="detected")
    made = Incident.objects.create(
        kind=kind,
        summary=_text("summary", summary),
        data_kinds=_text("data_kinds", data_kinds),
        contact=_text("contact", contact),
        place=place.strip()[:LONGEST],
        account=account,
        detected_at=detected_at,
        began_at=began_at,
        ended_at=ended_at,
        opened_at=at,
        opened_by=str(by),
    )
    _tell(made, "opened", by, at)
    return made


def faults_of(
    *,
    kind: str,
    detected_at: datetime | None,
    began_at: datetime | None,
    ended_at: datetime | None,
    texts: Mapping[str, str],
    at: datetime,
) -> Iterator[YmachError]:
    """All for which an incident is not written down, each with its field. texts: what must be said, by field."""
    if kind not in IncidentKind:
        yield KindUnknown(field="kind")
    if detected_at is None or detected_at > at:
        yield TimeWrong(field="detected")
    elif began_at is not None and (began_at > detected_at or (ended_at is not None and ended_at < began_at)):
        yield TimeWrong(field="began")
    yield from (TextMissing(field=field) for field, text in texts.items() if not text.strip())


@transaction.atomic
def write(
    incident: Incident, *, kind: str, text: str, done_at: datetime | None, by: Actor, at: datetime
) -> IncidentStep:
    """Add to the minutes what was done at `done_at`. Telling the authority stops the clock.

    Raises NotAllowed, AlreadyClosed; TextMissing, TimeWrong, KindUnknown name their field.
    """
    held = _open(incident, by)
    if kind not in WRITTEN:
        raise KindUnknown(field="step")
    if done_at is None or not held.detected_at <= done_at <= at:
        raise TimeWrong(field="done")
    if kind == StepKind.AUTHORITY_TOLD and held.told_at is None:
        held.told_at = done_at
        held.save(update_fields=["told_at"])
    return _step(held, StepKind(kind), _text("text", text), done_at, by, at)


@transaction.atomic
def assess(incident: Incident, *, cause: str, consequences: str, by: Actor, at: datetime) -> None:
    """Keep what is known now of the cause and the consequences; what stood there before stays in the minutes."""
    held = _open(incident, by)
    for name, title, words in (("cause", "Nguyên nhân", cause), ("consequences", "Hậu quả", consequences)):
        before, after = getattr(held, name), words.strip()[:LONGEST]
        if after != before:
            setattr(held, name, after)
            _step(held, StepKind.NOTED, f"{title}: {before or '—'} → {after or '—'}", at, by, at)
    held.save(update_fields=["cause", "consequences"])


@transaction.atomic
def attach_persons(incident: Incident, *, actor: str, start: datetime, end: datetime, by: Actor, at: datetime) -> int:
    """Keep with the incident whom `actor` reached from `start` (included) to `end` (not included), as the journal tells it.

    Doing it again adds to what is there. How many persons. Raises NotAllowed, AlreadyClosed, TimeWrong.
    """
    held = _open(incident, by)
    if start >= end:
        raise TimeWrong(field="start")
    ((count,),) = pg.ask(_ATTACH, {"actor": actor, "start": start, "end": end, "incident": held.id})()
    first, last = (print_moment(moment) for moment in (start, end))
    text = f"{count} người, theo nhật ký của {actor} từ {first} đến {last}"
    _step(held, StepKind.PERSONS_FOUND, text, at, by, at)
    return int(count)


@transaction.atomic
def close(incident: Incident, *, text: str, by: Actor, at: datetime, is_no_notice_due: bool = False) -> None:
    """End the minutes with `text`. is_no_notice_due: the authority need not be told, for the reason in `text`.

    Raises NotAllowed, AlreadyClosed, TextMissing; NotToldYet where a notice is due and none was given.
    """
    held = _open(incident, by)
    if held.told_at is None and not is_no_notice_due:
        raise NotToldYet(field="text")
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    _step(held, StepKind.CLOSED, _text("text", text), at, by, at)


def incidents(by: Actor) -> list[Incident]:
    """All, the open ones first, then the latest. Raises NotAllowed."""
    require(by, Permission.INCIDENT_MANAGE)
    return sorted(Incident.objects.order_by("-detected_at"), key=lambda one: one.closed_at is not None)


def get(by: Actor, key: UUID) -> Incident:
    """Raises NotAllowed, NotFound."""
    require(by, Permission.INCIDENT_MANAGE)
    found = Incident.objects.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def steps_of(incident: Incident) -> list[IncidentStep]:
    """The minutes, the oldest first."""
    return list(incident.steps.order_by("written_at", "id"))


def persons_of(incident: Incident, limit: int | None = None) -> list[IncidentPerson]:
    """Whom it reached, in the order in which it first did."""
    return list(IncidentPerson.objects.filter(incident_id=incident.id).order_by("first_at", "citizen_id")[:limit])


def count_persons(incident: Incident) -> int:
    """How many persons it reached."""
    return IncidentPerson.objects.filter(incident_id=incident.id).count()


def _open(incident: Incident, by: Actor) -> Incident:
    require(by, Permission.INCIDENT_MANAGE)
    held = Incident.objects.filter(pk=incident.pk).first()
    if held is None:
        raise NotFound
    if held.closed_at is not None:
        raise AlreadyClosed(field="text")
    return held


def _step(incident: Incident, kind: StepKind, text: str, done_at: datetime, by: Actor, at: datetime) -> IncidentStep:
    made = IncidentStep.objects.create(
        incident=incident, kind=kind, text=text, at=done_at, written_at=at, written_by=str(by)
    )
    _tell(incident, kind.value, by, at)
    return made


def _tell(incident: Incident, act: str, by: Actor, at: datetime) -> None:
    event = Event(at, str(by), f"incident:{act}", f"incident:{incident.id}", BASIS)
    record(event, facility_id=REGISTRY)


def _text(field: str, given: str) -> str:
    text = given.strip()[:LONGEST]
    if not text:
        raise TextMissing(field=field)
    return text
