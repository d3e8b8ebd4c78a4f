"""The desk's people as its pages show them: rows of the list, the facts of one, what was joined and taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max
from django.urls import reverse

from ymach.base.text import Text
from ymach.citizens.identify import Born
from ymach.citizens.links.evidence import WORDS as EVIDENCE_WORDS
from ymach.citizens.links.levels import Level
from ymach.citizens.links.queries import LinkStory, joined_with, levels_of
from ymach.citizens.provisional import codes
from ymach.citizens.provisional.details import WORDS, Details, Kind
from ymach.citizens.provisional.linking import Preview
from ymach.citizens.provisional.queries import Band
from ymach.clinical.person import PartialDate
from ymach.exchange.models import Record
from ymach.web import formatting
from ymach.web.parts import Fact, Hop, Words
from ymach.web.shown.assurance import Assured, assured
from ymach.web.shown.people import people
from ymach.web.words import SEX_WORDS

DESK = Text("Người bệnh chưa có giấy tờ", "Patients without papers")

ICONS = {Kind.UNKNOWN: "person", Kind.NEWBORN: "heart", Kind.FOREIGNER: "globe", Kind.CHILD: "people"}
HINTS = {
    Kind.UNKNOWN: Text("Bất tỉnh, không giấy tờ, chưa nói được.", "Unconscious, without papers, cannot speak yet."),
    Kind.NEWBORN: Text(
        "Sinh tại đây, mang tên mẹ; sinh đôi có thứ tự.", "Born here, called by the mother; twins in order."
    ),
    Kind.FOREIGNER: Text(
        "Có hộ chiếu hoặc chỉ biết tên, quốc tịch.", "With a passport, or name and nationality alone."
    ),
    Kind.CHILD: Text("Chưa có số định danh; ghi người đưa đến.", "No number yet; write down who brought the child."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One wristband in the list. name: as known now; is_linked: it is of the identity under it no longer alone."""

    band: Band
    name: str
    is_linked: bool
    printed: str
    kind: Text
    note: Text
    level: Assured
    dossiers: int
    href: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier that came under one of the person's identities."""

    code: str
    at: datetime
    submission_id: UUID
    facility_code: str
    is_under_band: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One side of what a link joins: who, how sure, how many dossiers at how many facilities. No clinical content."""

    name: str
    facts: Sequence[Fact]
    level: Assured | None


def lines(bands: Sequence[Band]) -> list[Line]:
    """The rows of the list; a few statements more, however many there are."""
    ids = [band.citizen_id for band in bands]
    levels, counts, joined = levels_of(ids), dossier_counts(ids), joined_with(ids)
    names = _names(bands, joined)
    return [
        Line(
            band=band,
            name=names[band.code],
            is_linked=bool(joined[band.citizen_id]),
            printed=codes.printed(band.code),
            kind=WORDS[band.kind],
            note=note_of(band.details),
            level=assured(levels.get(band.citizen_id, Level.PROVISIONAL)),
            dossiers=counts.get(band.citizen_id, (0, 0))[0],
            href=reverse("desk-one", args=[band.code]),
        )
        for band in bands
    ]


def dossier_counts(citizen_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many dossiers were written under each identity, and at how many facilities."""
    rows = Record.objects.filter(citizen_id__in=list(citizen_ids), is_current=True).values("citizen_id")
    counted = rows.annotate(
        dossiers=Count("dossier_code", distinct=True), places=Count("facility_id", distinct=True)
    ).order_by()
    return {row["citizen_id"]: (row["dossiers"], row["places"]) for row in counted}


def dossiers_at(facility_id: UUID, citizen_ids: Iterable[UUID], *, under: UUID) -> list[Dossier]:
    """The dossiers that a facility sent of a person, whichever identity they stand under, the newest first."""
    rows = Record.objects.filter(citizen_id__in=list(citizen_ids), facility_id=facility_id, is_current=True)
    fields = ("citizen_id", "dossier_code", "submission_id", "facility_code")
    found = rows.values(*fields).annotate(at=Max("happened_at")).order_by("-at")[:50]
    return [
        Dossier(row["dossier_code"], row["at"], row["submission_id"], row["facility_code"], row["citizen_id"] == under)
        for row in found
    ]


def called(band: Band) -> str:
    """The name to call the person by: as given with the wristband, or as of the identity that turned out to be theirs."""
    return _names([band], joined_with([band.citizen_id]))[band.code]


def _names(bands: Iterable[Band], joined: Mapping[UUID, Sequence[UUID]]) -> dict[str, str]:
    """By wristband. joined: the other identities of who wears each."""
    others = {one for group in joined.values() for one in group}
    levels, known = levels_of(others), people(others)
    found = {}
    for band in bands:
        theirs = [] if band.details.full_name else [one for one in joined[band.citizen_id] if one in known]
        surest = max(theirs, key=lambda one: levels[one].rank, default=None)
        found[band.code] = known[surest].name if surest else band.name
    return found


def note_of(known: Details) -> Text:
    """Sex and age in a line, as far as known."""
    parts = [part for part in (SEX_WORDS.get(known.sex), _age(known)) if part]
    return Text(", ".join(part.vi for part in parts), ", ".join(part.en for part in parts))


def facts_of(band: Band, mother: str = "") -> list[Fact]:
    """What the desk knows of the person."""
    known = band.details
    pairs: list[tuple[Text, Words]] = [
        (Text("Loại", "Kind"), WORDS[band.kind]),
        (Text("Giới tính, tuổi", "Sex, age"), note_of(known) if note_of(known).vi else ""),
        (Text("Ngày sinh", "Born"), born_words(_parts(known.birth))),
        (Text("Mẹ", "Mother"), mother),
        (Text("Thứ tự sinh", "Order of birth"), str(known.birth_order or "")),
        (Text("Thấy ở đâu, ai đưa đến", "Where found, brought by whom"), known.found_at),
        (Text("Dấu hiệu nhận dạng", "Marks"), known.marks),
        (Text("Quốc tịch", "Nationality"), known.nationality),
        (Text("Hộ chiếu", "Passport"), known.passport),
        (Text("Người đưa đến, người giám hộ", "Brought by, guardian"), known.guardian_name),
        (Text("Điện thoại", "Telephone"), known.guardian_phone),
        (Text("Cấp lúc", "Given"), formatting.moment(band.made_at)),
    ]
    return [Fact(name, value) for name, value in pairs if value]


def side_of(preview: Preview, counts: Mapping[UUID, tuple[int, int]]) -> Side:
    """Whom the evidence shows."""
    dossiers = sum(counts.get(one, (0, 0))[0] for one in preview.identities)
    if preview.citizen_id is None:
        known: Words = Text("Chưa từng gặp; danh tính được lập khi nối", "Not met before; made when linked")
    else:
        known = Text(f"Đã có, {dossiers} hồ sơ", f"Known, {dossiers} dossiers")
    facts = [
        Fact(Text("Ngày sinh", "Born"), born_words(preview.born)),
        Fact(Text("Giới tính", "Sex"), SEX_WORDS.get(preview.sex or "", formatting.EMPTY)),
        Fact(Text("Trong hệ thống", "In the system"), known),
    ]
    return Side(preview.full_name, facts, assured(preview.level) if preview.level else None)


def hops_of(stories: Sequence[LinkStory], of: Iterable[UUID]) -> list[Hop]:
    """What was joined and taken apart, the newest first."""
    mine = set(of)
    names = people(one for story in stories for one in (story.citizen_id, story.to_citizen_id))
    hops = []
    for story in stories:
        other = story.to_citizen_id if story.citizen_id in mine else story.citizen_id
        name = names[other].name if other in names else formatting.EMPTY
        evidence = EVIDENCE_WORDS[story.evidence]
        also: list[Words] = [
            Text(f"{evidence.vi}: {story.reference}", f"{evidence.en}: {story.reference}"),
            story.reason,
        ]
        if story.undone_at is not None:
            title = Text(f"Đã gỡ khỏi {name}", f"Taken apart from {name}")
            hops.append(Hop("close", title, note=story.undone_why or "", tone="bad", at=story.undone_at))
        hops.append(
            Hop("match", Text(f"Nối với {name}", f"Linked with {name}"), tone="good", at=story.since, also=also)
        )
    return sorted(hops, key=lambda hop: hop.at.timestamp() if hop.at else 0, reverse=True)


def born_words(born: Born) -> str:
    """A birth date as far as known: 17/05/1985, 05/1985 or 1985; blank for none."""
    year, month, day = born
    parts = [f"{day:02d}" if day else "", f"{month:02d}" if month else "", str(year) if year else ""]
    return "/".join(part for part in parts if part)


def _parts(birth: PartialDate | None) -> Born:
    return (birth.year, birth.month, birth.day) if birth else (None, None, None)


def _age(known: Details) -> Text | None:
    return None if known.age is None else Text(f"khoảng {known.age} tuổi", f"about {known.age}")
