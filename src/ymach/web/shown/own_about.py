"""Who the person is: group (a) of the health book (Decision 31/QD-BYT 2026)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ymach.base.masking import mask
from ymach.base.text import Text
from ymach.citizens.models import Citizen, IdentifierKind
from ymach.citizens.proxies.rules import RELATION_WORDS, Proxy
from ymach.citizens.queries import numbers_of
from ymach.clinical.dossier import Dossier
from ymach.clinical.visit import Visit
from ymach.facilities.models import Facility
from ymach.web import formatting
from ymach.web.parts import Fact
from ymach.web.words import SEX_WORDS


def identity_facts(citizen: Citizen, visit: Visit | None) -> list[Fact]:
    """Name, birth, sex, numbers masked in the middle, blood group."""
    numbers = numbers_of([citizen.citizen_id]).get(citizen.citizen_id, [])
    insured = numbers_of([citizen.citizen_id], IdentifierKind.INSURANCE_NUMBER).get(citizen.citizen_id, [])
    return _told(
        [
            (Text("Họ và tên", "Name"), citizen.full_name),
            (Text("Ngày sinh", "Born"), _born(citizen)),
            (Text("Giới tính", "Sex"), SEX_WORDS.get(citizen.sex or "", "")),
            (Text("Số định danh", "Personal number"), mask(numbers[0]) if numbers else ""),
            (Text("Số bảo hiểm xã hội", "Social insurance number"), mask(insured[0]) if insured else ""),
            (Text("Nhóm máu", "Blood group"), (visit.blood_group if visit else "") or ""),
        ]
    )


def card_facts(visit: Visit | None) -> list[Fact]:
    """The insurance cards, where they are registered, until when they hold."""
    found = []
    for card in visit.coverages if visit else ():
        code = card.registered_facility or ""
        place = Facility.objects.filter(code=code).order_by("-valid").values_list("name", flat=True).first()
        term = Text(f"đến {formatting.day(card.valid_to)}", f"until {formatting.day(card.valid_to)}")
        note = place or code
        found.append(Fact(mask(card.number), term if card.valid_to else formatting.EMPTY, note))
    return found


def contact_facts(visit: Visit | None) -> list[Fact]:
    if visit is None:
        return []
    pairs = [(Text("Điện thoại", "Telephone"), visit.phone or ""), (Text("Địa chỉ", "Address"), visit.address or "")]
    return _told(pairs)


def keeper_facts(acting: Iterable[Proxy], dossier: Dossier | None) -> list[Fact]:
    """Who acts for the person by law, as proven; and the guardian whom a facility wrote down."""
    found = list(acting)
    people = Citizen.objects.in_bulk([one.proxy_id for one in found])
    facts = [
        Fact(RELATION_WORDS[one.relation], people[one.proxy_id].full_name, _term(one))
        for one in found
        if one.proxy_id in people
    ]
    book = dossier.health_book if dossier else None
    if book and book.guardian and book.guardian.full_name:
        note = " · ".join(part for part in (book.guardian.relation, book.guardian.phone) if part)
        facts.append(
            Fact(Text("Người giám hộ ghi trong hồ sơ", "Guardian in the record"), book.guardian.full_name, note)
        )
    return facts


def deniable(acting: Iterable[Proxy]) -> list[tuple[UUID, str]]:
    """Proxies whom the person can say they never appointed, with their names."""
    found = list(acting)
    people = Citizen.objects.in_bulk([one.proxy_id for one in found])
    return [(one.id, people[one.proxy_id].full_name) for one in found if one.proxy_id in people]


def _born(citizen: Citizen) -> str:
    return formatting.partial_day(citizen.birth_year, citizen.birth_month, citizen.birth_day, none="")


def _term(one: Proxy) -> Text:
    if one.until is None:
        return Text(f"từ {formatting.day(one.since)}", f"since {formatting.day(one.since)}")
    return formatting.period(one.since, one.until)


def _told(pairs: Iterable[tuple[Text, Text | str]]) -> list[Fact]:
    return [Fact(name, value) for name, value in pairs if value and value != formatting.EMPTY]
