"""Who can sign in at the stand-in of VNeID in a demonstration: the people behind the demo accounts, and a stranger."""

from __future__ import annotations

from ymach.accounts.models import Membership
from ymach.citizens.models import Citizen
from ymach.citizens.queries import numbers_of
from ymach.practitioners.models import Practitioner
from ymach.synth.sign_ins import ACCOUNTS

STRANGER = {"personal_number": "999000000000", "name": "Trần Chưa Có Tài Khoản", "birthdate": "1990-01-01"}


def vneid_persons() -> list[dict[str, str]]:
    """Personal number, name and birth date (ISO 8601, "" when not wholly known) of each, as the registry has them."""
    held = Membership.objects.filter(user__username__in=[one.username for one in ACCOUNTS])
    practitioners = Practitioner.objects.filter(pk__in=held.values("practitioner_id"), personal_number__isnull=False)
    found = [_person(str(one.personal_number), one.full_name, one.birth_date.isoformat()) for one in practitioners]
    citizens = Citizen.objects.filter(pk__in=held.values("citizen_id")).in_bulk()
    found += [
        _person(number, citizens[one].full_name, _born(citizens[one]))
        for one, numbers in numbers_of(citizens).items()
        for number in numbers
    ]
    return [*found, STRANGER]


def _born(citizen: Citizen) -> str:
    parts = (citizen.birth_year, citizen.birth_month, citizen.birth_day)
    return "{:04d}-{:02d}-{:02d}".format(*parts) if all(parts) else ""


def _person(number: str, name: str, born: str) -> dict[str, str]:
    return {"personal_number": number, "name": name, "birthdate": born}
