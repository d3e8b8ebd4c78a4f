"""Parameters of the API's addresses, as strict as the database behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from ymach.base.clock import from_vietnam

_YEARS = range(1900, 2200)


def _aware(at: datetime) -> datetime:
    """`at` with its zone; a time without one is Viet Nam's. Raises ValueError outside any year we know."""
    if at.year not in _YEARS:
        raise ValueError("year")
    return at if at.tzinfo else from_vietnam(at)


Moment = Annotated[datetime, AfterValidator(_aware)]
Word = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
"""A word to look for. PostgreSQL keeps no NUL in a text, so nothing is found under one."""
