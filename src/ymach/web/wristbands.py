"""What the desk's pages share: their form, and the wristband of an address or a scan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.citizens.provisional import codes
from ymach.citizens.provisional.errors import CodeElsewhere, CodeUnknown, DetailsWrong
from ymach.citizens.provisional.queries import Band, scanned


@dataclass(slots=True)
class Form:
    """A form of the desk as it stands: what was typed, what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, Text] = field(default_factory=dict)
    trouble: Text | None = None
    status: int = 200

    def refuse(self, error: YmachError, fields: Iterable[str]) -> None:
        """Beside the field it belongs to, or above the form."""
        self.status = error.status
        if isinstance(error, DetailsWrong):
            self.errors.update(error.faults)
        elif error.field in set(fields):
            self.errors[str(error.field)] = error.text
        else:
            self.trouble = error.text


def band_at_address(code: str, actor: Actor, at: datetime) -> Band:
    """The wristband of an address. Raises CodeUnknown or CodeElsewhere: what is no code lies nowhere."""
    if codes.tidy_code(code) is None:
        raise CodeUnknown
    return find_band(code, actor, at)


def find_band(text: str, actor: Actor, at: datetime) -> Band:
    """The wristband; an attempt at another desk's is in the journal."""
    with refusals_recorded("identity:open", "wristband", by=actor, at=at, kinds=(CodeElsewhere,)):
        return scanned(text, by=actor)
