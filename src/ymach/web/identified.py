"""Looking a person up by their number at a form: what came of it in words, what is filled in and stands fast, where to go on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.changes import fields
from ymach.changes.contract import Case
from ymach.changes.persons import PURPOSE, number_field
from ymach.facilities.models import Facility
from ymach.population.channel import configured
from ymach.population.models import PopulationCheck
from ymach.population.rules import Sameness
from ymach.practitioners.identification import Claimed, Identified, Said, checked_claim, lookup
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries import profile as profile_of
from ymach.practitioners.queries import visible_to
from ymach.web import formatting
from ymach.web.parts import Fact
from ymach.web.registry_words import catalogue_choices
from ymach.web.shown import practitioners as shown

Raw = Mapping[str, Sequence[str]]
FILLED = ("full_name", "birth_date", "sex")
SOURCE = Text("Cơ sở dữ liệu quốc gia về dân cư", "National population database")
HEADS = {
    Said.REGISTERED: ("note", "person", Text("Người này đã có trong sổ bộ: {who}", "In the registry already: {who}")),
    Said.MATCH: (
        "good",
        "ok",
        Text("Khớp Cơ sở dữ liệu quốc gia về dân cư", "Matches the national population database"),
    ),
    Said.MISMATCH: ("bad", "stuck", Text("Không khớp: {fields}", "Different: {fields}")),
    Said.UNKNOWN: ("bad", "stuck", Text("Không ai có số này", "Nobody has this number")),
    Said.UNAVAILABLE: ("hold", "wait", Text("Chưa kiểm tra được", "Not checked")),
    Said.UNNAMED: ("note", "eye", Text("Chưa có trong sổ bộ", "Not in the registry yet")),
}
TEXTS = {
    Said.REGISTERED: Text(
        "Không nhập lại. Dùng hồ sơ đang có để đăng ký hành nghề tại cơ sở.",
        "Do not enter them again: register them by the profile that is there.",
    ),
    Said.MATCH: Text(
        "Họ tên, ngày sinh, giới tính lấy từ đó và không sửa tại đây.",
        "Name, date of birth and sex come from there and are not edited here.",
    ),
    Said.MISMATCH: Text(
        "Xem lại số và những ô này trên giấy tờ. Nếu giấy tờ ghi đúng như vậy, vẫn gửi được; Sở Y tế thấy kết quả này.",
        "Compare the number and these fields with the papers. If they say so, send it; the department sees this.",
    ),
    Said.UNKNOWN: Text(
        "Xem lại từng chữ số trên thẻ. Vẫn gửi được; Sở Y tế thấy kết quả này.",
        "Look at every digit on the card. It may still be sent; the department sees this.",
    ),
    Said.UNAVAILABLE: Text(
        "Cơ sở dữ liệu dân cư chưa trả lời. Vẫn ghi tiếp và gửi được; yêu cầu được đánh dấu là chưa kiểm tra.",
        "The population database does not answer. Go on and send; the request is marked as not checked.",
    ),
    Said.UNNAMED: Text(
        "Ghi họ và tên như trên thẻ rồi bấm Tra cứu lần nữa để lấy ngày sinh, giới tính.",
        "Type the name as on the card and look up again to fill in date of birth and sex.",
    ),
}


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What a look-up found, for the page. fast: the fields that stand fast; facts: public ones, of whom is registered."""

    said: Said
    tone: str
    icon: str
    title: Text
    text: Text
    asked: Text
    facts: Sequence[Fact] = ()
    links: Sequence[tuple[Text, str]] = ()
    fast: frozenset[str] = field(default_factory=frozenset)


def look_up(case: Case, raw: Raw) -> tuple[PersonFound, dict[str, list[str]]]:
    """Ask who has the number that was typed; what is found, and the fields to be filled in as a form would send them.

    Raises NotAllowed, TooMany, PersonalNumberWrong.
    """
    number, claimed = _number(case, raw), _claimed(case, raw)
    channel = configured(settings.ENVIRONMENT)
    try:
        found = lookup(number=number, claimed=claimed, by=case.by, purpose=PURPOSE, at=case.at, channel=channel)
    finally:
        if channel is not None:
            channel.close()
    filled = {name: [_typed(case, name, value)] for name, value in found.known.items()}
    return found_person(found, case.by, case.facility), {_name_of(case): [number], **filled}


def checked_before(case: Case, raw: Raw) -> PersonFound | None:
    """What was found out earlier about just what is typed now; None where nothing was, or it is no new person."""
    field_of_number = number_field(case.kind)
    claim = _claimed(case, raw).whole if field_of_number is not None else None
    check = checked_claim(_number(case, raw), claim) if claim is not None else None
    if check is None:
        return None
    sameness = {name: Sameness(one) for name, one in check.fields.items()}
    return found_person(Identified(Said(check.outcome), check.at, fields=sameness), case.by, case.facility)


def emptied(case: Case) -> dict[str, list[str]]:
    """The fields of a look-up without what it filled in."""
    return {name: [""] for name in (_name_of(case), *FILLED)}


def found_person(found: Identified, by: Actor, facility: Facility | None) -> PersonFound:
    """A look-up in words."""
    tone, icon, title = HEADS[found.said]
    bad = [shown.CHECKED_FIELDS[name] for name, one in found.fields.items() if one is not Sameness.SAME]
    who = found.known.get("full_name", "")
    names = Text(", ".join(one.vi for one in bad).lower(), ", ".join(one.en for one in bad).lower())
    title = Text(title.vi.format(who=who, fields=names.vi), title.en.format(who=who, fields=names.en))
    known = person_of(found.practitioner_id, facility, by, found.at) if found.practitioner_id else None
    source = SOURCE if known is None and found.said is not Said.UNNAMED else Text("Sổ bộ", "The registry")
    when = formatting.moment(found.at)
    return PersonFound(
        said=found.said,
        tone=tone,
        icon=icon,
        title=title,
        text=TEXTS[found.said],
        asked=Text(f"{source.vi}, lúc {when}", f"{source.en}, {when}"),
        facts=known.facts if known else (),
        links=known.links if known else (),
        fast=frozenset(found.known) if known else frozenset(FILLED if found.said is Said.MATCH else ()),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the registry as everybody may know them, and what to do next. state: the badge of the licence."""

    person: Practitioner
    facts: Sequence[Fact]
    state: shown.Badge
    may_practise: bool
    is_here: bool
    profile: str
    register: str

    @property
    def links(self) -> list[tuple[Text, str]]:
        """Where to go on, the most likely first."""
        found = []
        if self.register and self.may_practise and not self.is_here:
            found.append((Text("Đăng ký hành nghề tại cơ sở", "Register at the facility"), self.register))
        if self.profile:
            found.append((Text("Mở hồ sơ", "Open the profile"), self.profile))
        return found


def person_of(key: UUID, facility: Facility | None, by: Actor, at: datetime) -> Known:
    """What is public of a person, with the profile for those who may open it."""
    person, today = Practitioner.objects.get(pk=key), vietnam_day(at)
    profile = profile_of(person, on=today)
    licence, titles = shown.counting(profile), catalogue_choices("professional_title", today)
    facts = [Fact(Text("Nơi đang hành nghề", "Practises at"), one.facility_name) for one in profile.registrations]
    if licence is not None:
        number = Fact(Text("Số giấy phép", "Licence number"), licence.number, shown.period(licence.valid))
        facts = [Fact(Text("Chức danh", "Title"), titles.get(licence.title, licence.title)), number, *facts]
    state = shown.state_badge(profile.state)
    is_seen = visible_to(by).filter(pk=person.pk).exists()
    asked = {"subject": str(person.pk), **({"facility": facility.code} if facility is not None else {})}
    is_department = not any(grant.facility_id for grant in by.grants)
    register = "" if is_department else f"{reverse('change-new', args=['practice-registration'])}?{urlencode(asked)}"
    return Known(
        person=person,
        facts=[Fact(Text("Tình trạng", "State"), state.word, state.note), *facts],
        state=state,
        may_practise=profile.state is not None and profile.state.may_practise,
        is_here=facility is not None and any(one.facility_id == facility.pk for one in profile.registrations),
        profile=reverse("practitioner", args=[person.pk]) if is_seen else "",
        register=register,
    )


def check_fact(check: PopulationCheck | None) -> Fact:
    """What the population database said about somebody who is asked for, for those who decide."""
    name = Text("Đối chiếu dân cư", "Population database")
    if check is None:
        return Fact(name, Text("Chưa kiểm tra", "Not checked"), tone="note")
    said = shown.checked_badge(check).word
    bad = [shown.CHECKED_FIELDS[one] for one, same in check.fields.items() if same != Sameness.SAME]
    when = formatting.moment(check.at)
    vi, en = "; ".join([*(one.vi for one in bad), when]), "; ".join([*(one.en for one in bad), when])
    return Fact(name, said, Text(vi, en), "good" if check.outcome == Said.MATCH else "bad")


def _name_of(case: Case) -> str:
    found = number_field(case.kind)
    return found.name if found is not None else ""


def _number(case: Case, raw: Raw) -> str:
    return re.sub(r"[\s.\-]", "", next(iter(raw.get(_name_of(case), [""])), ""))


def _claimed(case: Case, raw: Raw) -> Claimed:
    values = {name: _value(case, name, raw) for name in FILLED}
    return Claimed(values["full_name"], fields.day(values["birth_date"]), values["sex"])


def _value(case: Case, name: str, raw: Raw) -> str:
    one = case.kind.field_named(name)
    try:
        return fields.text(fields.read(one, raw.get(name, ()), case)) if one is not None else ""
    except YmachError:
        return ""  # what is wrong in it is said when the form is sent


def _typed(case: Case, name: str, value: str) -> str:
    one = case.kind.field_named(name)
    return fields.typed(one, value) if one is not None else value
