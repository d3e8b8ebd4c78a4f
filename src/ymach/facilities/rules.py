"""What must hold before a facility, its licence or its certificate is written. Plain functions; `check_…` raise."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

from ymach.base.clock import print_day
from ymach.base.errors import YmachError
from ymach.base.gln import is_gln
from ymach.base.periods import Period
from ymach.facilities.errors import CertificateExpired, FacilityCodeWrong, GlnWrong, PeriodWrong, SiteOfSite

Refusals = Mapping[str, Callable[[], YmachError]]
"""What to raise, by the name of the constraint that refused."""


class MaybeSite(Protocol):
    """A facility, as far as it matters whether it is a site of another."""

    @property
    def code(self) -> str: ...
    @property
    def site_of_id(self) -> object: ...


_CODE = re.compile(r"[0-9]{2}[0-9A-Z]{3}\Z")


def check_facility_code(code: str) -> None:
    """A facility code has two digits and three digits or capitals (Decision 384/QĐ-BYT 2019 as seen in use).

    Raises FacilityCodeWrong.
    """
    if not _CODE.match(code):
        raise FacilityCodeWrong(field="code", facility=code)


def check_gln(gln: str | None) -> None:
    """None (not issued yet) or thirteen digits with a right check digit. Raises GlnWrong."""
    if gln is not None and not is_gln(gln):
        raise GlnWrong(field="gln", gln=gln)


def check_period(period: Period) -> None:
    """A period to be written has a first day, and ends after it if it ends. Raises PeriodWrong."""
    if period.start is None or (period.end is not None and period.end <= period.start):
        raise PeriodWrong(field="period", start=_print(period.start), end=_print(period.end))


def check_main_facility(main: MaybeSite | None) -> None:
    """Sites hang on a main facility, not on another site. Raises SiteOfSite."""
    if main is not None and main.site_of_id is not None:
        raise SiteOfSite(field="site_of", facility=main.code)


def check_certificate_usable(not_after: datetime, *, at: datetime) -> None:
    """A certificate is not registered after its end. Raises CertificateExpired."""
    if at > not_after:
        raise CertificateExpired(field="certificate", end=print_day(not_after))


def _print(day: date | None) -> str | None:
    return print_day(day) if day else None
