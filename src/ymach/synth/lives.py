"""A few people of the demonstration with years behind them: visits at several places, results that move, allergies.

Whom a doctor of 99001 looks up: the demonstration's citizen, whose records lie there and elsewhere; somebody just
referred there by 99002; and somebody known elsewhere alone, whose records only an emergency or a consent opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import Allergy, HealthBook, Measure, Vaccination
from ymach.clinical.person import PartialDate
from ymach.exchange.contents import as_fhir
from ymach.synth.care.conditions import conditions
from ymach.synth.care.patients import Patient
from ymach.synth.care.staff import Staff
from ymach.synth.care.visits import KINDS, Occasion
from ymach.synth.certificates import Certificates
from ymach.synth.examples import EXAMPLE_CITIZEN
from ymach.synth.fixed import PROVINCE
from ymach.synth.geography import province
from ymach.synth.past import send_then
from ymach.synth.world import Sender
from ymach.trust.detached import sign

BETWEEN, LATELY = 76, 19
"""Days between two visits, about; between the last two."""
LINES = 24
SENT_WITHIN = timedelta(days=6)
"""Everything is sent in the last days: the certificates of the demonstration are not older."""


@dataclass(frozen=True, slots=True)
class Life:
    """One person: what they come with (a key of conditions.csv), where (facility codes, in turn), how often."""

    patient: Patient
    condition: str
    places: tuple[str, ...]
    visits: int
    book: HealthBook
    referred_to: str = ""


def _patient(name: str, number: str, birth: PartialDate, sex: str, card: str, *, code: str, kg: int) -> Patient:
    commune = province(PROVINCE).communes[0]
    return Patient(
        code=code,
        name=name,
        personal_number=number,
        birth=birth,
        sex=sex,
        age=0,
        card=card,
        address=f"Số 8 đường Mô Phỏng, {commune.full_name}",
        province_code=PROVINCE,
        commune_code=commune.code,
        phone="0900000017",
        weight_kg=kg,
    )


def lives() -> tuple[Life, ...]:
    """The people; the first is the demonstration's citizen."""
    return (
        Life(
            _patient("NGUYỄN THỊ MẪU", EXAMPLE_CITIZEN, PartialDate(1968, 3, 15), "2", "", code="BN0000017", kg=57),
            "hypertension_diabetes",
            ("99001", "99002", "99001"),
            11,
            HealthBook(
                allergies=(
                    Allergy(substance="Aspirin", category="medication", criticality="low", reaction="Đau dạ dày"),
                ),
                vaccinations=(
                    Vaccination(vaccine="COVID-19", dose_number=4, given_on=PartialDate(2023, 8, 2)),
                    Vaccination(vaccine="Phế cầu", dose_number=1, given_on=PartialDate(2025, 10, 20)),
                ),
                measures=(Measure(code="8302-2", name="Chiều cao", value=Decimal(158), unit="cm"),),
            ),
        ),
        Life(
            _patient("TRẦN VĂN THỌ", "999049000021", PartialDate(1949, 9, 2), "1", "", code="BN0000021", kg=61),
            "hypertension",
            ("99002", "99777", "99002"),
            9,
            HealthBook(
                allergies=(
                    Allergy(
                        substance="Penicillin", category="medication", criticality="high", reaction="Phản vệ độ II"
                    ),
                    Allergy(
                        substance="Thuốc cản quang có iod", category="medication", criticality="low", reaction="Mề đay"
                    ),
                ),
                vaccinations=(Vaccination(vaccine="Cúm mùa", dose_number=1, given_on=PartialDate(2026, 4, 12)),),
                measures=(Measure(code="8302-2", name="Chiều cao", value=Decimal(164), unit="cm"),),
            ),
            referred_to="99001",
        ),
        Life(
            _patient("VŨ THỊ HIỀN", "999185000033", PartialDate(1985, 12, 1), "2", "", code="BN0000033", kg=52),
            "diabetes",
            ("99777", "99002"),
            7,
            HealthBook(
                allergies=(Allergy(substance="Sulfamid", criticality="high", reaction="Hội chứng Stevens-Johnson"),)
            ),
        ),
    )


def make_lives(certificates: Certificates, writers: Sequence[tuple[Sender, Staff]], *, at: datetime) -> int:
    """Send the years of these people as their facilities would have; how many dossiers were taken in. at: aware."""
    by_code = {sender.code: (sender, people) for sender, people in writers if people.teams}
    return sum(_live(one, by_code, certificates, at) for one in lives())


def _live(life: Life, by_code: Mapping[str, tuple[Sender, Staff]], certificates: Certificates, at: datetime) -> int:
    rng, taken = Random(life.patient.personal_number), 0  # noqa: S311 - not a secret
    for number, (place, dossier) in enumerate(_dossiers(life, by_code, rng, at)):
        own = certificates.issued(place)
        then = at - SENT_WITHIN * (1 - (number + 1) / (life.visits + 2))
        signed = sign(as_fhir(dossier), own.key, own.certificate, chain=own.chain, at=then)
        try:
            taken += send_then(place.code, [signed], at=then) != ["refused"]
        except YmachError:
            continue
    return taken


def _dossiers(
    life: Life, by_code: Mapping[str, tuple[Sender, Staff]], rng: Random, at: datetime
) -> Iterator[tuple[Sender, Dossier]]:
    """The visits, the oldest first; what the book says comes with the second; a referral with the last."""
    places = [by_code[code] for code in life.places if code in by_code]
    for number in range(life.visits if places else 0):
        place, people = places[number % len(places)]
        is_last = number == life.visits - 1
        kind = "referral" if is_last and life.referred_to else "appointment" if is_last else "outpatient"
        back = 0 if is_last else LATELY + BETWEEN * (life.visits - 2 - number) + rng.randrange(9)
        ago = timedelta(days=back, hours=6)
        try:
            made = KINDS[kind](_occasion(life, place, people, rng, at - SENT_WITHIN - ago, kind))
        except LookupError:
            continue
        yield place, replace(made, health_book=life.book) if number == 1 else made


def _occasion(life: Life, place: Sender, people: Staff, rng: Random, before: datetime, kind: str) -> Occasion:
    fitting = [one for one in conditions(kind).things if one.key == life.condition]
    condition = fitting[0] if fitting else conditions(kind).pick(rng)
    patient = replace(life.patient, age=_age(life.patient.birth, vietnam_day(before)))
    return Occasion(rng, place, rng.choice(people.teams), patient, condition, before, LINES, life.referred_to)


def _age(birth: PartialDate, on: date) -> int:
    return on.year - birth.year
