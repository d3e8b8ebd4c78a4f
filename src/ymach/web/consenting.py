"""The form of a consent, at the desk and at home: what was typed, the terms it means, and the words to be read and signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from ymach.base.clock import start_of_day, vietnam_day
from ymach.base.text import Text
from ymach.changes.evidence.checking import ENDINGS
from ymach.citizens.proxies.models import Paper
from ymach.citizens.proxies.rules import Born
from ymach.consent.errors import PeriodWrong, RecipientUnknown
from ymach.consent.models import Consent
from ymach.consent.rules import CONSENTABLE, Capacity
from ymach.consent.terms import MOST_YEARS, Terms, end_of, faults, last_day
from ymach.consent.texts import text_for, texts
from ymach.consent.words import PURPOSE_WORDS
from ymach.exchange.models import Record
from ymach.facilities.models import Facility
from ymach.facilities.queries import facility_by_code
from ymach.web import formatting
from ymach.web.asked import read_day
from ymach.web.faults import Faults
from ymach.web.papers import paper_answer

GROUPS: dict[str, tuple[Text, frozenset[str]]] = {
    "visits": (
        Text("Các lần khám, giấy ra viện, giấy chuyển", "Visits, discharge papers, referrals"),
        frozenset({"visit", "check-in", "discharge", "summary", "referral", "appointment", "assessment"}),
    ),
    "medicines": (Text("Đơn thuốc", "Prescriptions"), frozenset({"prescription"})),
    "health-book": (Text("Dị ứng, tiêm chủng, sổ sức khỏe", "Allergies, vaccinations"), frozenset({"health-book"})),
    "certificates": (
        Text("Giấy nghỉ ốm, dưỡng thai, chứng sinh", "Sick leave and birth certificates"),
        frozenset({"sick-leave", "pregnancy-rest", "birth-certificate"}),
    ),
    "tuberculosis": (Text("Điều trị lao", "Tuberculosis care"), frozenset({"tuberculosis-care"})),
}
"""What may be chosen of a record, in words that people use."""

EVERYTHING = Text("toàn bộ hồ sơ", "the whole record")
WITH_HIV = Text("kể cả hồ sơ HIV", "HIV care included")
WITHOUT_HIV = Text("không gồm hồ sơ HIV", "without HIV care")
TREATING = Text("mọi cơ sở đang điều trị", "every facility that is treating")
NO_END = Text("tới khi rút lại", "until withdrawn")
UNTIL = Text("tới hết ngày {day}", "to the end of {day}")
CONTROLLER = Text("Bộ Y tế", "Ministry of Health")
OFFICER = Text("Bộ phận bảo vệ dữ liệu cá nhân, Bộ Y tế", "Data protection office, Ministry of Health")
PURPOSES = [(one.value, PURPOSE_WORDS[one.value]) for one in CONSENTABLE]
_MOST_RECIPIENTS, _LONGEST = 10, 1000
_FIELDS: Mapping[str, str] = {"kinds": "part", "compartments": "hiv", "capacity": "giver", "text_version": ""}
"""Where the form asks for what the rules call otherwise."""
_CODE = re.compile(r"[0-9A-Z]{5}")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed; nothing is chosen before the person chooses. part: "all" or "some" of the record."""

    purpose: str = ""
    recipients: str = ""
    treating: bool = False
    part: str = ""
    groups: frozenset[str] = frozenset()
    hiv: bool = False
    until: str = ""
    giver: str = ""
    signer: str = field(default="", repr=False)
    child_signed: bool = False
    text_version: str = ""

    @classmethod
    def of(cls, form: QueryDict) -> Typed:
        def told(name: str) -> str:
            return form.get(name, "").replace("\x00", "").strip()[:_LONGEST]

        return cls(
            purpose=told("purpose"),
            recipients=told("recipients"),
            treating=told("treating") == "1",
            part=told("part"),
            groups=frozenset(form.getlist("groups")) & GROUPS.keys(),
            hiv=told("hiv") == "1",
            until=told("until"),
            giver=told("giver"),
            signer=told("signer"),
            child_signed=told("child_signed") == "1",
            text_version=told("text_version"),
        )

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Names and values that carry the form from one step to the next."""
        yield from (("purpose", self.purpose), ("recipients", self.recipients), ("part", self.part))
        yield from (("until", self.until), ("giver", self.giver), ("text_version", self.text_version))
        yield from (("groups", one) for one in sorted(self.groups))
        yield from ((name, "1") for name in ("treating", "hiv") if getattr(self, name))


def read_terms(typed: Typed, subject_id: UUID, capacity: Capacity, *, born: Born, at: datetime, found: Faults) -> Terms:
    """The terms that a form means, from the moment `at` (aware) on, about somebody `born` then.

    Whatever is wrong with them is added to `found`; the terms are of use when nothing is.
    """
    version = text_for(typed.purpose, vietnam_day(at)).version if typed.purpose in CONSENTABLE else ""
    terms = Terms(
        subject_id=subject_id,
        purpose=typed.purpose,
        capacity=capacity,
        facilities=frozenset(_recipients(typed.recipients, at, found)),
        is_for_treating=typed.treating,
        kinds=_kinds(typed),
        compartments=frozenset({"hiv"}) if typed.hiv else frozenset(),
        since=at.replace(microsecond=0),
        until=_until(typed.until),
        text_version=typed.text_version or version,
    )
    found.add(*faults(terms, born=born, at=at), at=_FIELDS)
    if typed.until and terms.until is None:
        found.add(PeriodWrong(field="until", years=MOST_YEARS))
    # What is read is what will hold: a child's consent ends with childhood.
    return replace(terms, until=end_of(terms, born))


def words_of(terms: Terms, person: str) -> Text:
    """The text of the terms with every place filled: what is read, and signed."""
    facilities = Facility.objects.filter(pk__in=terms.facilities).order_by("name").values_list("name", flat=True)
    recipients = _joined([*(Text(name, name) for name in facilities), *([TREATING] if terms.is_for_treating else [])])
    kinds = kinds_words(terms.kinds, terms.compartments)
    until = until_words(terms.until)
    words = texts()[terms.text_version].words
    return Text(
        words.vi.format(person=person, recipients=recipients.vi, kinds=kinds.vi, until=until.vi, **_office("vi")),
        words.en.format(person=person, recipients=recipients.en, kinds=kinds.en, until=until.en, **_office("en")),
    )


def terms_of(row: Consent) -> Terms:
    """The terms of a consent as it was given; its end is what was reckoned then."""
    return Terms(
        row.citizen_id,
        row.purpose,
        Capacity(row.capacity),
        frozenset(row.facilities),
        row.is_for_treating,
        frozenset(row.kinds) or None,
        frozenset(row.compartments),
        row.since,
        row.until,
        row.text_version,
    )


def kinds_words(kinds: Iterable[str] | None, compartments: Iterable[str]) -> Text:
    """Parts of a record in words."""
    held = frozenset(kinds or ())
    named = [words for words, group in GROUPS.values() if group & held]
    return _joined([*(named or [EVERYTHING]), WITH_HIV if "hiv" in compartments else WITHOUT_HIV])


def until_words(until: datetime | None) -> Text:
    """How long, in words."""
    day = last_day(until)
    return UNTIL.format(day=formatting.day(day)) if day else NO_END


def places_of(citizen_ids: Iterable[UUID]) -> list[Facility]:
    """Facilities that keep records of the person outside restricted compartments: what is offered to the person first."""
    rows = Record.objects.filter(citizen_id__in=list(citizen_ids), compartment="")
    ids = rows.values_list("facility_id", flat=True).distinct()
    return list(Facility.objects.filter(pk__in=list(ids)).order_by("name")[:30])


def paper_of(request: HttpRequest) -> bytes | None:
    """The scan that was uploaded, one byte longer than allowed at most; None without one."""
    upload: Any = request.FILES.get("paper")
    if upload is None:
        return None
    content: bytes = upload.read(settings.ENVIRONMENT.evidence_max_mb * 1024 * 1024 + 1)
    return content


def scan_answer(paper: Paper, content: bytes) -> HttpResponse:
    """A scan to keep."""
    name = f"dong-y-{paper.id}{ENDINGS[paper.media_type]}"
    return paper_answer(content, media_type=paper.media_type, name=name)


def form_context(typed: Typed, places: Iterable[Facility]) -> dict[str, object]:
    """What the form's template needs. places: offered as recipients; at a desk never those where the person was treated."""
    return {
        "typed": typed,
        "purposes": PURPOSES,
        "groups": [(key, words) for key, (words, _) in GROUPS.items()],
        "places": [(one.code, one.name) for one in places],
    }


def with_version(typed: Typed, terms: Terms) -> Typed:
    """The form with the version of the text that is shown now."""
    return replace(typed, text_version=terms.text_version)


def _kinds(typed: Typed) -> frozenset[str] | None:
    if typed.part == "all":
        return None
    chosen = frozenset[str]().union(*(GROUPS[one][1] for one in typed.groups))
    if typed.part != "some" or not chosen:
        return frozenset()
    return chosen | ({"hiv-care"} if typed.hiv else frozenset())


def _until(text: str) -> datetime | None:
    day = read_day(text) if text else None
    return start_of_day(day + timedelta(days=1)) if day else None


def _recipients(text: str, at: datetime, found: Faults) -> list[UUID]:
    names = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    known = {name: _facility(name, at) for name in names[:_MOST_RECIPIENTS]}
    wrong = [name[:60] for name, one in known.items() if one is None]
    if wrong:
        found.add(RecipientUnknown(field="recipients", code="”, “".join(wrong)))
    return [one.id for one in known.values() if one]


def _facility(name: str, at: datetime) -> Facility | None:
    """A facility by its code, by “code, name” as the list offers it, or by its exact name when only one has it."""
    code = name.split(",")[0].strip().upper()
    found = facility_by_code(code, on=vietnam_day(at)) if _CODE.fullmatch(code) else None
    if found is None:
        named = list(Facility.objects.filter(name__iexact=name, valid__contains=vietnam_day(at))[:2])
        found = named[0] if len(named) == 1 else None
    return found


def _office(language: str) -> dict[str, str]:
    contact = settings.ENVIRONMENT.data_protection_contact
    return {"controller": CONTROLLER.to(language), "officer": contact or OFFICER.to(language)}


def _joined(parts: Iterable[Text]) -> Text:
    parts = list(parts)
    return Text("; ".join(one.vi for one in parts), "; ".join(one.en for one in parts))
