"""A practitioner's profile as its page shows it. No query here: names of codes are given by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding, Severity
from ymach.base.masking import mask
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.weekly import DAY_NAMES, ENGLISH_DAYS, schedule_words
from ymach.population.models import PopulationCheck
from ymach.population.rules import Outcome, Sameness
from ymach.practitioners.models import Licence
from ymach.practitioners.queries import PractitionerProfile
from ymach.practitioners.queries.profile import LicenceView, RegistrationView, StopView
from ymach.practitioners.rules.states import LicenceState, StateCode
from ymach.web import formatting, weeks
from ymach.web.parts import Fact, Hop, Trouble, Words
from ymach.web.sources import source_words

Names = Mapping[str, Text]

GENERATIONS = {
    Licence.Generation.LICENCE.value: Text("Giấy phép hành nghề", "Licence to practise"),
    Licence.Generation.CERTIFICATE.value: Text("Chứng chỉ hành nghề", "Certificate of practice"),
}
SEXES = {"1": Text("Nam", "Male"), "2": Text("Nữ", "Female"), "3": Text("Chưa xác định", "Undetermined")}
WITHOUT_LICENCE = Text("Chưa có giấy phép", "No licence")
BADGES = {
    StateCode.ACTIVE: "accepted",
    StateCode.SUSPENDED: "rejected",
    StateCode.REVOKED: "rejected",
    StateCode.EXPIRED: "waiting",
    StateCode.INACTIVE: "waiting",
    StateCode.CONVERTED: "waiting",
}
CHECKED = {
    Outcome.MATCH.value: ("accepted", Text("Khớp dữ liệu dân cư", "Matches the population database")),
    Outcome.MISMATCH.value: ("accepted_with_findings", Text("Có điểm không khớp", "Differs in part")),
    Outcome.UNKNOWN.value: ("rejected", Text("Không có số định danh này", "No such personal number")),
}
CHECKED_FIELDS = {
    "full_name": Text("Họ và tên", "Full name"),
    "birth_date": Text("Ngày sinh", "Date of birth"),
    "sex": Text("Giới tính", "Sex"),
}
SAMENESS = {
    Sameness.SAME.value: (Text("khớp", "the same"), "good"),
    Sameness.MARKS.value: (Text("chỉ khác dấu", "only the marks differ"), "note"),
    Sameness.DIFFERENT.value: (Text("không khớp", "different"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state of `states.STATES` for shape and colour, its words, and a line beside it."""

    state: str
    word: Text
    note: Words = ""


@dataclass(frozen=True, slots=True)
class LicenceShown:
    """A licence with its whole life, the newest first."""

    id: UUID
    number: str
    generation: Text
    badge: Badge
    facts: Sequence[Fact]
    life: Sequence[Hop]
    is_now: bool
    href: str
    certificate: str


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A registration in the table of places. number, tone: its key in the figure of the week; asks: (words, address)."""

    number: int
    tone: str
    name: str
    code: str
    href: str
    position: str
    notes: Sequence[Text]
    hours: Text
    period: Text
    badge: Badge | None
    asks: Sequence[tuple[Text, str]]


def state_badge(state: LicenceState | None) -> Badge:
    """Whether the person may practise now; a suspension of a part is no full stop."""
    if state is None:
        return Badge("waiting", WITHOUT_LICENCE)
    is_partial = state.code is StateCode.SUSPENDED and state.may_practise
    note = Text(f"Quyết định {state.decision}", f"Decision {state.decision}") if state.decision else ""
    return Badge("accepted_with_findings" if is_partial else BADGES[state.code], state.text, note)


def confirmed_badge(profile: PractitionerProfile, at: datetime) -> Badge:
    """When the person last said that all is right, and whether that is long ago."""
    if profile.confirmed_at is None:
        return Badge("waiting", Text("Chưa xác nhận lần nào", "Never confirmed"))
    said = formatting.moment(profile.confirmed_at)
    note = Text(f"người hành nghề xác nhận lúc {said}", f"confirmed by the practitioner at {said}")
    days = days_since_confirmed(profile, at)
    if days is not None and is_stale(days):
        return Badge("waiting", Text(f"Chưa xác nhận {days} ngày", f"Not confirmed for {days} days"), note)
    return Badge("accepted", Text("Còn đúng", "Still right"), note)


def days_since_confirmed(profile: PractitionerProfile, at: datetime) -> int | None:
    """Days in Viet Nam since; None when it never was."""
    return None if profile.confirmed_at is None else (vietnam_day(at) - vietnam_day(profile.confirmed_at)).days


def is_stale(days: int) -> bool:
    """Whether a confirmation of so many days ago no longer counts: as the figures count it (YMACH_CONFIRMED_DAYS)."""
    limit: int = settings.ENVIRONMENT.confirmed_days
    return days >= limit


def counting(profile: PractitionerProfile) -> LicenceView | None:
    """The licence in force, else the last one."""
    in_force = (one for one in profile.licences if profile.on in one.valid)
    return next(in_force, profile.licences[0] if profile.licences else None)


def licences(profile: PractitionerProfile, titles: Names, scopes: Names) -> list[LicenceShown]:
    """All licences, the newest first."""
    later = {one.converted_from: one for one in profile.licences if one.converted_from}
    return [
        LicenceShown(
            id=one.id,
            number=one.number,
            generation=GENERATIONS[one.generation],
            badge=state_badge(one.state),
            facts=_licence_facts(one, titles, scopes),
            life=_life(one, later.get(one.number), profile.on, titles, scopes),
            is_now=profile.on in one.valid,
            href=reverse("licence", args=[one.id]),
            certificate=reverse("licence-certificate", args=[one.id]),
        )
        for one in profile.licences
    ]


def _licence_facts(one: LicenceView, titles: Names, scopes: Names) -> list[Fact]:
    facts = [
        Fact(Text("Chức danh", "Title"), titles.get(one.title, one.title)),
        Fact(Text("Phạm vi hành nghề", "Scope"), named(one.scopes, scopes)),
        Fact(Text("Nơi cấp", "Issued by"), one.issuer, formatting.day(one.issued_on)),
        Fact(Text("Hiệu lực", "Valid"), period(one.valid)),
    ]
    if one.decision:
        facts.append(Fact(Text("Quyết định cấp", "Granted by"), one.decision, formatting.day(one.decided_on)))
    if one.converted_from:
        facts.append(Fact(Text("Thay cho chứng chỉ", "In place of"), one.converted_from))
    return facts


def _life(one: LicenceView, later: LicenceView | None, on: date, titles: Names, scopes: Names) -> list[Hop]:
    told = [
        *_beginning(one),
        *_changes(one, titles, scopes),
        *_stops(one.suspensions, scopes),
        *_ending(one, later, on),
    ]
    return sorted(told, key=lambda hop: hop.day or on, reverse=True)


def _beginning(one: LicenceView) -> Iterator[Hop]:
    before = one.converted_from
    title = (
        Text(f"Chuyển đổi từ chứng chỉ {before}", f"Converted from certificate {before}")
        if before
        else Text("Được cấp", "Issued")
    )
    yield Hop("ok", title, one.issuer, "good", day=one.issued_on)


def _changes(one: LicenceView, titles: Names, scopes: Names) -> Iterator[Hop]:
    for change in one.changes:
        title, held = titles.get(change.title_before, _same(change.title_before)), named(change.scopes_before, scopes)
        note = Text(
            f"Trước đó: {change.holder_before}, {title.vi}, {held.vi}. Quyết định {change.decision}: {change.reason}",
            f"Before: {change.holder_before}, {title.en}, {held.en}. Decision {change.decision}: {change.reason}",
        )
        yield Hop("fix", Text("Thay đổi nội dung giấy phép", "Contents changed"), note, day=change.effective_on)


def _stops(stops: Iterable[StopView], scopes: Names) -> Iterator[Hop]:
    for stop in stops:
        part, end = named(stop.scopes, scopes), stop.period.end
        title = (
            Text(f"Đình chỉ một phần: {part.vi}", f"Suspended in part: {part.en}")
            if stop.scopes
            else Text("Đình chỉ hành nghề", "Suspended")
        )
        yield Hop("stuck", title, stop_note(stop), "bad", day=stop.period.start)
        if stop.lift_decision and end:
            lifted = Text(f"Quyết định {stop.lift_decision}", f"Decision {stop.lift_decision}")
            yield Hop("ok", Text("Dừng đình chỉ trước hạn", "Suspension lifted early"), lifted, "good", day=end)
        if stop.returned_on:
            yield Hop("ok", Text("Trở lại hành nghề", "Back in practice"), "", "good", day=stop.returned_on)


def _ending(one: LicenceView, later: LicenceView | None, on: date) -> Iterator[Hop]:
    if one.revoked_on is not None:
        note = Text(
            f"Quyết định {one.revocation_decision}: {one.revocation_reason}",
            f"Decision {one.revocation_decision}: {one.revocation_reason}",
        )
        yield Hop("no", Text("Bị thu hồi", "Revoked"), note, "bad", day=one.revoked_on)
    elif later is not None:
        words = Text(f"Chuyển đổi sang giấy phép {later.number}", f"Converted into licence {later.number}")
        yield Hop("go", words, "", "good", day=later.valid.start)
    elif one.valid.end is not None:
        is_over = one.valid.end <= on
        words = Text("Hết hiệu lực", "Expired") if is_over else Text("Sẽ hết hiệu lực", "Will expire")
        yield Hop("hold" if is_over else "wait", words, "", "note" if is_over else "", day=one.valid.end)


def bans(profile: PractitionerProfile) -> list[Fact]:
    """Every ban, the lasting ones in red."""
    return [
        Fact(
            one.label or Text("Cấm hành nghề", "Banned"),
            period(one.period),
            Text(f"Quyết định {one.decision}. {one.reason}", f"Decision {one.decision}. {one.reason}"),
            "bad" if profile.on in one.period else "",
        )
        for one in profile.bans
    ]


def stop_note(stop: StopView) -> Text:
    """Until when, by which decision, why."""
    last = f" đến hết {period_end(stop.period)}" if stop.period.end else ""
    last_en = f" until {period_end(stop.period)}" if stop.period.end else ""
    vi = f"Quyết định {stop.decision}{last}. {stop.reason}"
    return Text(vi, f"Decision {stop.decision}{last_en}. {stop.reason}")


def places(
    registrations: Sequence[RegistrationView],
    scopes: Names,
    languages: Names,
    *,
    linked: Collection[UUID],
    asks: Mapping[UUID, Sequence[tuple[Text, str]]],
    first: int = 1,
) -> list[PlaceShown]:
    """Registrations as lines. linked: facilities whose page the reader may open; asks: what may be asked, by facility."""
    return [
        PlaceShown(
            number=number,
            tone=weeks.tone_of(number),
            name=one.facility_name,
            code=one.facility_code,
            href=reverse("facility", args=[one.facility_code]) if one.facility_id in linked else "",
            position=", ".join(filter(None, (one.position, one.department))),
            notes=list(_place_notes(one, scopes, languages)),
            hours=schedule_words(one.schedule),
            period=period(one.valid),
            badge=Badge("rejected", one.blocked) if one.blocked else None,
            asks=asks.get(one.facility_id, ()),
        )
        for number, one in enumerate(registrations, first)
    ]


def _place_notes(one: RegistrationView, scopes: Names, languages: Names) -> Iterator[Text]:
    if one.is_technical_head:
        yield Text("Chịu trách nhiệm chuyên môn", "Technical head")
    if one.is_main:
        yield Text("Nơi hành nghề chính", "Main place of practice")
    yield Text("Toàn thời gian", "Full time") if one.is_full_time else Text("Bán thời gian", "Part time")
    if one.scopes:
        yield named(one.scopes, scopes)
    if one.language != "vi":
        name = languages.get(one.language, _same(one.language))
        yield Text(f"Khám bằng: {name.vi}", f"Practises in: {name.en}")
    if one.published_on is None:
        yield Text("Sở chưa công bố", "Not published yet")
    else:
        day = formatting.day(one.published_on)
        yield Text(f"Sở công bố {day}", f"Published {day}")


def open_facts(profile: PractitionerProfile, languages: Names) -> list[Fact]:
    """What everybody who sees the profile may know."""
    return [Fact(Text("Ngôn ngữ hành nghề", "Languages of practice"), named(profile.languages, languages))]


def contact_facts(profile: PractitionerProfile) -> list[Fact]:
    """What only those near the person see. The number stays masked for them too."""
    number, passport, missing = profile.personal_number, profile.passport_number, Text("chưa có", "none")
    pairs: list[tuple[Text, Words]] = [
        (Text("Ngày sinh", "Date of birth"), formatting.day(profile.birth_date)),
        (Text("Giới tính", "Sex"), SEXES.get(profile.sex, formatting.EMPTY)),
        (Text("Quốc tịch", "Nationality"), _nationality(profile.nationality)),
        (Text("Số định danh", "Personal number"), mask(number) if number else ""),
        (Text("Hộ chiếu", "Passport"), mask(passport) if passport else ""),
        (Text("Điện thoại", "Telephone"), profile.phone or missing),
        (Text("Thư điện tử", "E-mail"), profile.email or missing),
    ]
    return [Fact(name, value) for name, value in pairs if value]


def checked_badge(check: PopulationCheck | None) -> Badge:
    """What the last check against the population database found."""
    if check is None:
        return Badge("waiting", Text("Chưa đối chiếu", "Not checked yet"))
    state, word = CHECKED[check.outcome]
    return Badge(state, word, formatting.moment(check.at))


def checked_facts(check: PopulationCheck | None) -> list[Fact]:
    """Field by field, without any value."""
    found = check.fields if check is not None else {}
    known = [name for name in CHECKED_FIELDS if name in found]
    return [Fact(CHECKED_FIELDS[name], *_sameness(found[name])) for name in known]


def troubles(findings: Iterable[Finding]) -> list[Trouble]:
    """What is worth saying about hours, terms and education; the same of several days is said once."""
    tones = {Severity.ERROR: "bad", Severity.WARNING: "note", Severity.NOTE: "hold"}
    grouped: dict[object, list[Finding]] = {}
    for one in findings:
        rest = tuple((name, value) for name, value in one.values.items() if name != "day" or value not in DAY_NAMES)
        grouped.setdefault((one.code, rest), []).append(one)
    return [
        Trouble(tones[some[0].kind.severity], some[0].code, _said(some), some[0].action, _source(some[0]))
        for some in grouped.values()
    ]


def _said(same: Sequence[Finding]) -> Text:
    """The sentence of findings that differ in their day alone, with days as each language calls them."""
    first, days = same[0], [str(one.values.get("day", "")) for one in same]
    english = dict(zip(DAY_NAMES, ENGLISH_DAYS, strict=True))
    if days[0] not in english:
        return first.text
    vi, en = ", ".join(days), ", ".join(english[day] for day in days)
    values = {name: value for name, value in first.values.items() if name != "day"}
    return Text(first.kind.text.format(**values, day=vi).vi, first.kind.text.format(**values, day=en).en)


def _source(one: Finding) -> Text:
    return source_words(one.kind.source)


def named(codes: Iterable[str], names: Names) -> Text:
    """Codes by their names; a dash for none."""
    found = [names.get(code, _same(code)) for code in codes]
    if not found:
        return _same(formatting.EMPTY)
    return Text("; ".join(one.vi for one in found), "; ".join(one.en for one in found))


def period(one: Period) -> Text:
    """A period by its first and last day."""
    return formatting.period(one.start, one.end) if one.start else _same(formatting.EMPTY)


def period_end(one: Period) -> str:
    """The last day of a period."""
    return formatting.day(date.fromordinal(one.end.toordinal() - 1)) if one.end else ""


def hours_a_week(minutes: int) -> Text:
    """Minutes of a week as hours: “42,5 giờ một tuần”."""
    hours = Decimal(minutes) / 60
    vi, en = (formatting.number(round(hours, 1), one) for one in ("vi", "en"))
    return Text(f"{vi} giờ một tuần", f"{en} hours a week")


def idle_since(profile: PractitionerProfile) -> date | None:
    """The first day without any registration, for somebody who has none now; None for others."""
    if profile.registrations or not profile.licences:
        return None
    ends = [one.valid.end for one in profile.other_registrations if one.valid.end and one.valid.end <= profile.on]
    starts = [one.valid.start for one in profile.licences if one.valid.start]
    return max([*ends, min(starts)]) if starts else None


def _sameness(word: str) -> tuple[Text, str, str]:
    text, tone = SAMENESS[word]
    return text, "", tone


def _nationality(code: str) -> Text:
    return Text("Việt Nam", "Viet Nam") if code == "VN" else _same(code)


def _same(text: str) -> Text:
    return Text(text, text)
