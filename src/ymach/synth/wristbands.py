"""The demonstration's emergency room: people without papers, one of them known since, twins with their mother."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from ymach.base.actors import command
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.citizens.links.errors import AlreadyJoined
from ymach.citizens.links.evidence import Kind as Shows
from ymach.citizens.provisional.actions import give
from ymach.citizens.provisional.births import give_to_newborn
from ymach.citizens.provisional.details import Details, Kind
from ymach.citizens.provisional.linking import confirm
from ymach.citizens.provisional.queries import Band
from ymach.citizens.provisional.shown import read_shown
from ymach.clinical.person import PartialDate
from ymach.exchange.contents import as_fhir
from ymach.facilities.models import Facility
from ymach.facilities.queries import facility_by_code
from ymach.synth.care.staff import Staff
from ymach.synth.certificates import Certificates
from ymach.synth.dossiers import clean_dossier
from ymach.synth.past import send_then
from ymach.synth.world import Sender
from ymach.trust.detached import sign

EMERGENCY_ROOM = "99001"
BY = command("demo")
_FORMS = UUID("0198a000-0000-7000-8000-00000000de5c")
CARD = "999085000041||Đỗ Văn Vắng|12041985|Nam|Số 8 đường Mô Phỏng|01032023"
MOTHER = "999192000058||Lý Thị Thơm|05091992|Nữ|Số 9 đường Mô Phỏng|01032023"
UNKNOWN = (
    Details(sex="1", age=40, found_at="Ngã tư Mô Phỏng, xe cứu thương 115", marks="Sẹo dài ở cẳng tay trái"),
    Details(sex="2", age=70, found_at="Bến xe, công an phường đưa đến", marks="Áo len xám, túi vải có thuốc huyết áp"),
)
FOREIGNER = Details("John Sample", "1", PartialDate(1979, 2, 3), passport="X9990001", nationality="Canada")
CHILD = Details("Bùi Gia Bảo", "1", PartialDate(2026, 3), guardian_name="Bùi Văn Mẫu, cha", guardian_phone="0900000041")


def make_wristbands(certificates: Certificates, writers: Sequence[tuple[Sender, Staff]], *, at: datetime) -> int:
    """Give them, once, at the first facility of the demonstration, and send a dossier under two; how many. at: aware."""
    facility = facility_by_code(EMERGENCY_ROOM, on=vietnam_day(at))
    place = next((one for one in writers if one[0].code == EMERGENCY_ROOM and one[1].teams), None)
    if facility is None:
        return 0
    unknown = [
        _give(Kind.UNKNOWN, one, facility, at - timedelta(hours=ago)) for one, ago in zip(UNKNOWN, (30, 3), strict=True)
    ]
    if place is not None:
        for band, name in zip(unknown, ("Không rõ", "Nữ khoảng 70 tuổi"), strict=True):
            _send(certificates, *place, band, name, at)
    card = read_shown(Shows.CITIZEN_CARD, {"scan": CARD}, on=vietnam_day(at))
    with suppress(AlreadyJoined):  # begun before, and not ended
        confirm(unknown[0], card, reason="Tỉnh lại, người nhà mang thẻ đến", by=BY, at=at - timedelta(hours=20))
    others = [
        _give(kind, one, facility, at - timedelta(hours=9))
        for kind, one in ((Kind.FOREIGNER, FOREIGNER), (Kind.CHILD, CHILD))
    ]
    return len(unknown) + len(others) + _twins(facility, at - timedelta(hours=6))


def _give(kind: Kind, details: Details, facility: Facility, at: datetime) -> Band:
    name = f"{kind}:{details.full_name or details.found_at}"
    return give(kind=kind, details=details, facility=facility, form=uuid5(_FORMS, name), by=BY, at=at)


def _twins(facility: Facility, at: datetime) -> int:
    """The first under the mother's card, the second under the first."""
    born, mother = PartialDate.of(vietnam_day(at)), MOTHER
    for order, sex in ((1, "2"), (2, "1")):
        details, form = Details(sex=sex, birth=born, birth_order=order), uuid5(_FORMS, f"twin:{order}")
        mother = give_to_newborn(mother=mother, details=details, facility=facility, form=form, by=BY, at=at).code
    return 2


def _send(certificates: Certificates, place: Sender, people: Staff, band: Band, name: str, at: datetime) -> None:
    """One visit as the hospital's software writes it: the wristband where the patient's code stands, no number, the year of birth
    by sight."""
    made = clean_dossier(place, people, Random(band.code), at)  # noqa: S311 - not a secret
    if made.visit is None:
        return
    visit = replace(made.visit, full_name=name, patient_code=band.code, personal_number=None, insurance_cards=())
    born = PartialDate(at.year - (band.details.age or 0))
    seen = replace(made, visit=replace(visit, birth_date=born, sex=band.details.sex))
    own = certificates.issued(place)
    signed = sign(as_fhir(seen), own.key, own.certificate, chain=own.chain, at=at)
    try:
        send_then(place.code, [signed], at=at)
    except YmachError:
        return  # nobody there could sign at that hour: the wristband is shown without a dossier
