"""Certificates that come to their end: of facilities, of departments' systems, of authorities, and the platform's own.

A facility that has bound a newer certificate is left alone: only the last one counts.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ymach.accounts.models import SystemClient
from ymach.accounts.permissions import Role
from ymach.accounts.queries import in_force
from ymach.base.actors import SYSTEM
from ymach.base.clock import print_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.changes.reminders import first_times
from ymach.exchange.operations.rules import mark_of
from ymach.facilities.models import FacilityCertificate
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient
from ymach.trust.certificates import Certificate, load
from ymach.trust.models import TrustAnchor

MARKS = (30, 14, 7)
"""Days before the end at which the owner is told, once each."""

WEEKS = 12
_BATCH = 200
FACILITY = Text(
    "Chứng thư số “{name}” của cơ sở hết hạn ngày {day}. Hồ sơ ký sau ngày đó không được nhận. Gắn chứng thư mới trước ngày đó.",
    "The facility's certificate “{name}” ends on {day}. Dossiers signed after it are rejected. Bind a new one before.",
)
OTHER = Text(
    "Chứng thư số “{name}” hết hạn ngày {day}. Thay chứng thư trước ngày đó.",
    "The certificate “{name}” ends on {day}. Replace it before.",
)


class Owner(StrEnum):
    """Whose certificate it is."""

    PLATFORM = "platform"
    AUTHORITY = "authority"
    SYSTEM = "system"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends within WEEKS. code: of the facility or the system; empty for others."""

    owner: Owner
    name: str
    code: str
    fingerprint: str
    not_after: datetime
    facility_id: UUID | None = None
    province_code: str = ""

    def week(self, at: datetime) -> int:
        """In how many full weeks it ends."""
        return max((self.not_after - at) // timedelta(days=7), 0)


def ending_of_facilities(*, at: datetime, within: timedelta, limit: int | None = None) -> list[Ending]:
    """The last certificates of facilities that end within so long after `at`, the next to end first."""
    rows = _of_facilities(at, within).order_by("not_after", "id")
    shown = rows.values_list(
        *("facility__name", "facility__code", "fingerprint", "not_after", "facility_id", "facility__province_code")
    )
    return [Ending(Owner.FACILITY, *row) for row in shown[:limit]]


def weeks_of_facilities(*, at: datetime) -> Sequence[int]:
    """How many of them end in each of the next WEEKS weeks."""
    tally: Tally[int] = Tally()
    for not_after in _of_facilities(at, timedelta(weeks=WEEKS)).values_list("not_after", flat=True).iterator():
        tally[(not_after - at) // timedelta(days=7)] += 1
    return [tally[week] for week in range(WEEKS)]


def ending_of_others(*, at: datetime, within: timedelta) -> list[Ending]:
    """The platform's own, the authorities' and the systems' certificates that end within so long, the next first."""
    found = [one for one in (*_platform(), *_authorities(), *_systems()) if at < one.not_after <= at + within]
    return sorted(found, key=lambda one: one.not_after)


def warn(*, at: datetime, stopped: Callable[[], bool] = lambda: False) -> Tally[str]:
    """Tell the owner of every certificate that has come within one of MARKS, once each; how many were told."""
    within, told = timedelta(days=max(MARKS)), 0
    ending = iter((*ending_of_others(at=at, within=within), *ending_of_facilities(at=at, within=within)))
    while not stopped() and (some := list(islice(ending, _BATCH))):
        told += _tell_some(some, at)
    return Tally({"certificate warnings": told}) if told else Tally()


def _tell_some(ending: Sequence[Ending], at: datetime) -> int:
    marked: dict[int, list[Ending]] = defaultdict(list)
    for one in ending:
        if mark := mark_of(one.not_after, at=at, marks=MARKS):
            marked[mark].append(one)
    told = 0
    with transaction.atomic():
        for mark, some in marked.items():
            ends = {(one.fingerprint, vietnam_day(one.not_after)): one for one in some}
            new = first_times(list(ends), "certificate", mark, at)
            for key in filter(new.__contains__, ends):
                _tell(ends[key], at)
            told += len(new)
    return told


def _tell(one: Ending, at: datetime) -> None:
    sentence, link = (FACILITY, f"/facilities/{one.code}") if one.facility_id else (OTHER, "/operations/certificates")
    said = {"name": one.name, "day": print_day(one.not_after)}
    text = Text(sentence.vi.format(**said), sentence.en.format(**said))
    for to in _recipients(one, at):
        tell(to=to, text=text, link=link if not to.province_code else "", by=SYSTEM, at=at, letter=True)


def _recipients(one: Ending, at: datetime) -> Iterator[Recipient]:
    if one.facility_id is not None:
        yield Recipient(facility_id=one.facility_id)
    elif one.province_code:
        yield Recipient(province_code=one.province_code)
    else:
        of_ministry = in_force(vietnam_day(at)).filter(role=Role.MINISTRY).values_list("user_id", flat=True)
        yield from (Recipient(user_id=user_id) for user_id in sorted(set(of_ministry)))


def _of_facilities(at: datetime, within: timedelta) -> QuerySet[FacilityCertificate]:
    later = FacilityCertificate.objects.filter(
        facility=OuterRef("facility"), not_after__gt=OuterRef("not_after"), valid__contains=OuterRef("not_after")
    )
    rows = FacilityCertificate.objects.filter(valid__contains=at, not_after__gt=at, not_after__lte=at + within)
    return rows.exclude(Exists(later))


def _platform() -> Iterator[Ending]:
    environment = settings.ENVIRONMENT
    path: Path = environment.platform_certificate or environment.secrets_folder / "platform-certificate.pem"
    if path.is_file():
        yield from _read(path.read_bytes(), partial(Ending, Owner.PLATFORM, "Ymạch", ""))


def _authorities() -> Iterator[Ending]:
    for name, der in TrustAnchor.objects.filter(trusted_until=None).values_list("name", "der"):
        yield from _read(bytes(der), partial(Ending, Owner.AUTHORITY, name, ""))


def _systems() -> Iterator[Ending]:
    rows = SystemClient.objects.filter(suspended_at=None)
    for name, code, der, province in rows.values_list("name", "client_id", "certificate", "province_code"):
        yield from _read(bytes(der), partial(Ending, Owner.SYSTEM, name, code, province_code=province or ""))


def _read(content: bytes, make: Callable[..., Ending]) -> Iterator[Ending]:
    """What it says of its end; a certificate that cannot be read is told where it is used."""
    try:
        one: Certificate = load(content)
    except YmachError:
        return
    yield make(fingerprint=one.fingerprint, not_after=one.not_after)
