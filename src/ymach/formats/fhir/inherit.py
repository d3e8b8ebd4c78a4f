"""What a part takes over from the visit when its own resource does not say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import HealthBook
from ymach.formats.fhir.schema import ROW_NUMBER, Spec

BODY_WEIGHT = "29463-7"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def inherited_value(spec: Spec, dossier: Dossier, number: int) -> Any:
    """The value an attribute has when nothing is said: the visit's (else the check-in's) own, or the row's number."""
    if spec.source == ROW_NUMBER:
        return number
    return taken_over(spec, dossier.visit or dossier.check_in)


def weight_of(book: HealthBook | None) -> Decimal | None:
    """The latest body weight in kilograms among the measurements: the visit's, when the visit states none."""
    weights = [one for one in (book.measures if book else ()) if one.code == BODY_WEIGHT and one.unit == "kg"]
    latest = max(weights, key=lambda one: one.measured_at or _LONG_AGO, default=None)
    return latest.value if latest else None


def taken_over(spec: Spec, main: Any) -> Any:
    """The value of the visit or check-in, as a tuple where the attribute is one."""
    value = getattr(main, str(spec.source), None)
    if not spec.many:
        return None if value == () else value
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
