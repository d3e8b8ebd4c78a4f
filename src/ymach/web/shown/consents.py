"""Consents and proxies as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.base.text import Text
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.rules import EVIDENCE_WORDS, RELATION_WORDS, Proxy
from ymach.consent.actions import signer_of
from ymach.consent.denials import may_deny
from ymach.consent.queries import Standing
from ymach.consent.words import CAPACITY_WORDS, PURPOSE_WORDS, Why
from ymach.facilities.queries import names_of
from ymach.web import formatting
from ymach.web.consenting import TREATING, kinds_words, terms_of, until_words, words_of
from ymach.web.parts import Fact

HEADS = (
    *(Text("Ngày", "Day"), Text("Mục đích", "Purpose"), Text("Nơi được đọc", "Who may read")),
    *(Text("Phần hồ sơ", "What"), Text("Thời hạn", "How long"), Text("Trạng thái", "State")),
)
HOLDS = Text("Đang có hiệu lực", "In force")
STATE_WORDS: Mapping[Why | None, Text] = {
    None: HOLDS,
    Why.WITHDRAWN: Text("Đã rút", "Withdrawn"),
    Why.EXPIRED: Text("Đã hết hạn", "Expired"),
    Why.WAITING: Text("Chờ trẻ đồng ý", "Waits for the child"),
    Why.NOT_YET: Text("Chưa tới ngày", "Not yet begun"),
    Why.NO_REQUEST: Text("Không đủ hiệu lực", "Without force"),
}
_BADGES: Mapping[Why | None, str] = {None: "accepted", Why.WAITING: "waiting", Why.NOT_YET: "waiting"}
CHANNEL_WORDS: Mapping[str, Text] = {
    "vneid": Text("Xác nhận bằng VNeID", "Confirmed with VNeID"),
    "desk-paper": Text("Ký giấy tại quầy", "Signed on paper at a desk"),
    "system": Text("Từ phần mềm của cơ sở", "From a facility's software"),
    "signed-in": Text("Trên trang này", "On this site"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A consent as one line of a list."""

    key: UUID
    standing: Standing
    purpose: Text
    recipients: str | Text
    kinds: Text
    until: Text
    state: str
    word: Text
    person: str = ""
    href: str = ""

    @property
    def may_withdraw(self) -> bool:
        """Whether there is still something to withdraw."""
        return self.standing.why not in {Why.WITHDRAWN, Why.EXPIRED} and self.standing.given.withdrawn_at is None

    @property
    def signer(self) -> str:
        """The name on the signed paper, as its recorder read it; "" where nothing was signed on paper."""
        return signer_of(self.standing.row) if self.standing.row.paper_id else ""

    @property
    def may_deny(self) -> bool:
        """Whether the person can say that they did not sign."""
        return self.may_withdraw and may_deny(self.standing.row)

    def cells(self) -> Sequence[object]:
        """The line as a row of a file."""
        day = vietnam_day(self.standing.row.given_at)
        return (day, self.purpose, self.recipients, self.kinds, self.until, self.word)


def lines_of(found: Sequence[Standing], people: Mapping[UUID, str] | None = None) -> list[Line]:
    """Consents as lines, with the names of who may read in one statement. people: names by id, where they are shown."""
    names = names_of(key for one in found for key in one.row.facilities)
    return [_line(one, names, (people or {}).get(one.row.citizen_id, "")) for one in found]


def names_of_people(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of persons, by id."""
    return dict(Citizen.objects.filter(pk__in=set(ids)).values_list("citizen_id", "full_name"))


def facts_of(line: Line, giver: str, place: str) -> list[Fact]:
    """One consent in full."""
    row = line.standing.row
    withdrawn = line.standing.given.withdrawn_at
    pairs: list[tuple[Text, Text | str]] = [
        (Text("Mục đích", "Purpose"), line.purpose),
        (Text("Nơi được đọc", "Who may read"), line.recipients),
        (Text("Phần hồ sơ", "What"), line.kinds),
        (Text("Thời hạn", "How long"), line.until),
        (Text("Người đồng ý", "Given by"), giver),
        (Text("Tư cách", "As"), CAPACITY_WORDS[row.capacity]),
        (Text("Cách đồng ý", "How"), CHANNEL_WORDS[row.channel]),
        (Text("Tên người ký trên giấy", "Signed on paper by"), line.signer),
        (Text("Lúc", "When"), formatting.moment(row.given_at)),
        (Text("Ghi tại", "Recorded at"), place),
        (Text("Đã rút lúc", "Withdrawn"), formatting.moment(withdrawn) if withdrawn else ""),
        (Text("Bản chữ", "Text"), row.text_version),
    ]
    return [*(Fact(name, value) for name, value in pairs if value), _digest(row.digest)]


def text_of(standing: Standing, person: str, language: str) -> list[str]:
    """The words that were agreed to, line by line."""
    return words_of(terms_of(standing.row), person).to(language).splitlines()


def proxy_fact(one: Proxy, name: str) -> Fact:
    """Who acts for somebody, on which paper, until when."""
    end = Text("tới {day}", "until {day}").format(day=formatting.day(one.until)) if one.until else Text("", "")
    note = Text("{paper} {number}", "{paper} {number}")
    words = EVIDENCE_WORDS[one.evidence]
    said = Text(
        note.vi.format(paper=words.vi, number=one.evidence_number),
        note.en.format(paper=words.en, number=one.evidence_number),
    )
    tail = Text(f"{said.vi}{', ' if end.vi else ''}{end.vi}", f"{said.en}{', ' if end.en else ''}{end.en}")
    return Fact(RELATION_WORDS[one.relation], name, note=tail)


def _line(one: Standing, names: Mapping[UUID, str], person: str) -> Line:
    row = one.row
    said = [names.get(key, "—") for key in row.facilities]
    recipients: str | Text = "; ".join(said)
    if row.is_for_treating:
        recipients = Text("; ".join([*said, TREATING.vi]), "; ".join([*said, TREATING.en]))
    why = Why.WITHDRAWN if one.given.withdrawn_at is not None else one.why
    return Line(
        row.id,
        one,
        PURPOSE_WORDS[row.purpose],
        recipients,
        kinds_words(row.kinds, row.compartments),
        until_words(row.until),
        _BADGES.get(why, "held"),
        STATE_WORDS[why],
        person,
    )


def _digest(digest: str) -> Fact:
    return Fact(Text("Mã băm SHA-256 của nội dung", "SHA-256 of what was agreed to"), digest, is_code=True)
