"""From kept signed bytes to what a channel sends: the clinical model, or XML 130."""

from __future__ import annotations

from ymach.base.clock import vietnam_day
from ymach.base.refusal import Refused
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents
from ymach.exchange.channels.contract import Parcel, WrongContent


def dossiers_in(content: bytes) -> list[Dossier]:
    """The dossiers of a file that the intake accepted; their signature was verified then. Raises WrongContent."""
    try:
        return contents.dossiers_of(content)
    except Refused:
        raise WrongContent(why="XML 130, FHIR") from None


def signed_xml(parcel: Parcel) -> bytes:
    """The file as its facility signed it, for partners that take no other signature. Raises WrongContent for FHIR."""
    content = parcel.load()
    if contents.format_of(content) is not contents.XML130:
        raise WrongContent(why="XML 130")
    return content


def xml_of(parcel: Parcel) -> bytes:
    """The file as XML 130, for partners that go by our signature: as it was signed, or written from FHIR unsigned.

    Raises WrongContent when it cannot be read.
    """
    content, day = parcel.load(), vietnam_day(parcel.created_at)
    try:
        return contents.as_xml(content, facility_code=parcel.facility_code, created_on=day)
    except Refused:
        raise WrongContent(why="XML 130, FHIR") from None
