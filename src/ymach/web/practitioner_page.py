"""A practitioner's profile as one page, as far as its reader may see it: theirs, their facility's, the department's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.history.queries import actors_of, entries_of
from ymach.base.history.sentences import steps
from ymach.base.text import Text
from ymach.base.weekly import minute_of_week
from ymach.changes import queries as changes
from ymach.changes.kinds import kind_named
from ymach.changes.models import OPEN, ChangeRequest
from ymach.facilities.lists import languages
from ymach.practitioners import identification
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries import PractitionerProfile
from ymach.practitioners.queries import profile as profile_of
from ymach.practitioners.rules.tables import diploma_kinds
from ymach.web import weeks
from ymach.web.access import actor_of_request
from ymach.web.named import actor_names, names_for
from ymach.web.parts import Column, Hop
from ymach.web.practitioner_readers import Reader, reader_of
from ymach.web.practitioner_tasks import todos
from ymach.web.registry_words import catalogue_choices
from ymach.web.shown import changes as change_lines
from ymach.web.shown import practitioners as shown

SHOWN_MOVES = 5
PLACES = [
    Column(Text("Nơi hành nghề", "Place of practice")),
    Column(Text("Vị trí, khoa phòng", "Position, department")),
    Column(Text("Giờ trong tuần", "Weekly hours")),
    Column(Text("Từ ngày", "Period")),
]
TECHNIQUES = [
    Column(Text("Kỹ thuật", "Technique")),
    Column(Text("Tại", "At")),
    Column(Text("Văn bản giao việc", "Assignment")),
    Column(Text("Thời gian", "Period")),
]
DIPLOMAS = [
    Column(Text("Văn bằng", "Diploma")),
    Column(Text("Nơi đào tạo", "School")),
    Column(Text("Cấp ngày", "Issued")),
    Column(Text("Xác minh", "Verified")),
]
LEARNT = [
    Column(Text("Nội dung", "Topic")),
    Column(Text("Ngày", "Day")),
    Column(Text("Giờ", "Hours"), is_number=True),
    Column(Text("Xác minh", "Verified")),
]
AT_PLACE = ("schedule-change", "end-of-practice")


@dataclass(frozen=True, slots=True)
class Moved:
    """What somebody else changed while the reader looked at an older page."""

    hops: Sequence[Hop]


def page(request: HttpRequest, person: Practitioner, *, moved: Moved | None = None, status: int = 200) -> HttpResponse:
    """The profile as the reader may see it, the person's own tasks first."""
    actor, at = actor_of_request(request), now()
    profile = profile_of(person, on=vietnam_day(at))
    reader = reader_of(actor, profile)
    context = {
        "profile": profile,
        "reader": reader,
        "moved": moved,
        "state": shown.state_badge(profile.state),
        "confirmed": shown.confirmed_badge(profile, at),
        "crumbs": _crumbs(actor, reader),
        "asks": _asks(reader, profile),
        "decides": may(actor, Permission.PRACTITIONER_MANAGE),
        **_licences(profile),
        **_practice(actor, reader, profile, at),
        **_training(profile),
        **_file(actor, reader, profile, at),
    }
    return render(request, "pages/practitioner/index.html", context, status=status)


def _crumbs(actor: Actor, reader: Reader) -> list[tuple[Text, str]]:
    if reader.is_self:
        return []
    if any(grant.facility_id for grant in actor.grants):
        return [(Text("Nhân sự", "Staff"), reverse("staff"))]
    if may(actor, Permission.FIGURE_SEE):
        return [(Text("Người hành nghề", "Practitioners"), reverse("registry-practitioners"))]
    return []


def _asks(reader: Reader, profile: PractitionerProfile) -> Mapping[str, str]:
    """The addresses of the changes the reader may ask for, by word with underscores."""
    return {word.replace("-", "_"): _address(word, profile.id) for word in reader.asks}


def _address(word: str, key: UUID) -> str:
    return f"{reverse('change-new', args=[word])}?subject={key}"


def _licences(profile: PractitionerProfile) -> dict[str, object]:
    titles, scopes = (catalogue_choices(name, profile.on) for name in ("professional_title", "practice_scope"))
    licence = shown.counting(profile)
    return {
        "title": titles.get(licence.title, licence.title) if licence else "",
        "number": licence.number if licence else "",
        "licences": shown.licences(profile, titles, scopes),
        "bans": shown.bans(profile),
    }


def _practice(actor: Actor, reader: Reader, profile: PractitionerProfile, at: datetime) -> dict[str, object]:
    scopes, linked = catalogue_choices("practice_scope", profile.on), _linked(actor, profile)
    asks = _asked_at(actor, reader, profile)
    here, others = profile.registrations, profile.other_registrations
    count = len(here) + 1
    return {
        "places": shown.places(here, scopes, languages(), linked=linked, asks=asks),
        "other_places": shown.places(others, scopes, languages(), linked=linked, asks={}, first=count),
        "place_columns": PLACES,
        "week": weeks.week([one.schedule for one in here], minute=minute_of_week(at)),
        "week_total": shown.hours_a_week(sum(one.schedule.minutes for one in here)),
    }


def _linked(actor: Actor, profile: PractitionerProfile) -> set[UUID]:
    """The places whose own page the reader may open."""
    grants = [grant for grant in actor.grants if Permission.FACILITY_SEE.value in grant.permissions]
    return {
        one.facility_id
        for one in (*profile.registrations, *profile.other_registrations)
        for grant in grants
        if grant.facility_id in {None, one.facility_id} and grant.province_code in {None, one.province_code}
    }


def _asked_at(actor: Actor, reader: Reader, profile: PractitionerProfile) -> dict[UUID, list[tuple[Text, str]]]:
    """What may be asked for at each place: by the person everywhere, by a facility at its own."""
    words = [word for word in AT_PLACE if word in reader.asks]
    asked = [(kind_named(word).title, _address(word, profile.id)) for word in words]
    own = {grant.facility_id for grant in actor.grants}
    return {one.facility_id: asked for one in profile.registrations if reader.is_self or one.facility_id in own}


def _training(profile: PractitionerProfile) -> dict[str, object]:
    kinds = diploma_kinds()
    return {
        "diplomas": [(kinds.get(one.kind, one.kind), one) for one in profile.diplomas],
        "diploma_columns": DIPLOMAS,
        "technique_columns": TECHNIQUES,
        "techniques": [(one, shown.period(one.period)) for one in profile.techniques],
        "learnt_columns": LEARNT,
        "trainees": [(one, shown.period(one.period)) for one in profile.trainees],
    }


def _file(actor: Actor, reader: Reader, profile: PractitionerProfile, at: datetime) -> dict[str, object]:
    """What only those near the person and the ministry see."""
    facts = [*shown.open_facts(profile, languages())]
    if not reader.sees_file:
        return {"facts": facts}
    requests, last = _requests(actor, profile), identification.last_check(profile.id)
    return {
        "facts": [*(shown.contact_facts(profile) if reader.sees_contact else []), *facts],
        "troubles": shown.troubles(profile.warnings),
        "checked": shown.checked_badge(last),
        "checked_facts": shown.checked_facts(last),
        "requests": change_lines.shown(requests, profile.on),
        "todos": todos(profile, requests, maker=str(actor), at=at) if reader.is_self else [],
    }


def _requests(actor: Actor, profile: PractitionerProfile) -> list[ChangeRequest]:
    """The open requests about the person that the reader may see."""
    rows = changes.visible_to(actor).filter(practitioner_id=profile.id, state__in=OPEN)
    return list(rows.order_by("-changed_at")[:20])


def moved_since(person: Practitioner, seen: int | None) -> Moved:
    """The steps since the revision `seen`, at most the last few."""
    count = min(max(person.revision - seen, 1), SHOWN_MOVES) if seen is not None else SHOWN_MOVES
    entries = entries_of(person.pk, size=10 * SHOWN_MOVES)
    today = vietnam_day(now())
    told = steps(entries, names_for(entries, today), of=person.pk)[:count]
    who = actor_names(actors_of(entries), today)
    return Moved([_hop(step.lines, who.get(step.actor, Text(step.actor, step.actor)), step.at) for step in told])


def _hop(lines: Sequence[Text], actor: Text, at: datetime) -> Hop:
    said = Text("; ".join(one.vi for one in lines), "; ".join(one.en for one in lines))
    return Hop("fix", said, actor, "note", at=at)
