"""One practitioner: everything the registry holds, as far as the reader may see it; to confirm, to check, to ask for changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, NotAllowed, NotFound, YmachError
from ymach.base.history.queries import actors_of, entries_of
from ymach.base.history.sentences import steps
from ymach.base.text import Text
from ymach.base.weekly import minute_of_week
from ymach.changes import queries as changes
from ymach.changes.kinds import kind_named
from ymach.changes.models import OPEN, ChangeRequest
from ymach.facilities.lists import languages
from ymach.population.channel import configured
from ymach.practitioners import identification
from ymach.practitioners.actions import confirm_profile
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries import PractitionerProfile, visible_to
from ymach.practitioners.queries import profile as profile_of
from ymach.practitioners.rules.tables import diploma_kinds
from ymach.web import weeks
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_number
from ymach.web.named import actor_names, names_for
from ymach.web.parts import Column, Hop
from ymach.web.practitioner_readers import Reader, reader_of
from ymach.web.practitioner_tasks import todos
from ymach.web.registry_words import catalogue_choices
from ymach.web.shown import practitioners as shown
from ymach.web.templatetags.ymach import language
from ymach.web.views import changes as change_pages

CONFIRMED = Text("Đã ghi: mọi thứ còn đúng. Cảm ơn bạn.", "Noted: all is still right. Thank you.")
CHECKED = Text("Đã đối chiếu với dữ liệu dân cư.", "Checked against the population database.")
AWAY = Text(
    "Chưa hỏi được cơ sở dữ liệu dân cư. Kết quả lần trước vẫn giữ nguyên; thử lại sau ít phút.",
    "The population database did not answer. The last result is kept; try again in a few minutes.",
)
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


@needs(Permission.PRACTITIONER_SEE)
@require_safe
def index(request: HttpRequest, key: UUID) -> HttpResponse:
    """The profile. Raises NotFound for one the reader may not see."""
    return page(request, _visible(request, key))


@needs(Permission.PROFILE_CONFIRM)
@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """“All is still right”, of the page the person looked at; after a change by somebody else the page comes again."""
    person, actor = _visible(request, key), actor_of_request(request)
    seen = read_number(request.POST.get("seen", ""))
    try:
        confirm_profile(practitioner=person, by=actor, at=now(), seen=-1 if seen is None else seen)
    except Conflict:
        person.refresh_from_db()
        return page(request, person, moved=moved_since(person, seen), status=409)
    messages.success(request, CONFIRMED.to(language()))
    return redirect("profile" if _is_self(actor, person) else reverse("practitioner", args=[person.pk]))


@needs(Permission.IDENTITY_VERIFY)
@require_POST
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask the population database about the person now."""
    person, actor, at = _visible(request, key), actor_of_request(request), now()
    if not reader_of(actor, profile_of(person, on=vietnam_day(at))).may_check:
        raise NotAllowed(permission=Permission.IDENTITY_VERIFY.value)
    channel = configured(settings.ENVIRONMENT)
    try:
        found = identification.verify(practitioner=person, by=actor, at=at, channel=channel)
    except YmachError as refusal:
        if refusal.status in {403, 404, 500}:
            raise
        messages.warning(request, refusal.text.to(language()))
    else:
        is_away = found.outcome == "unavailable"
        (messages.warning if is_away else messages.success)(request, (AWAY if is_away else CHECKED).to(language()))
    finally:
        if channel is not None:
            channel.close()
    return redirect(f"{reverse('practitioner', args=[person.pk])}#population")


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


def _visible(request: HttpRequest, key: UUID) -> Practitioner:
    found = visible_to(actor_of_request(request)).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def _is_self(actor: Actor, person: Practitioner) -> bool:
    return any(grant.practitioner_id == person.pk for grant in actor.grants)


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
        "requests": change_pages.shown(requests, profile.on),
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
