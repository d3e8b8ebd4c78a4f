"""From kept signed bytes to what a channel sends: the clinical model, or XML 130."""

from __future__ import annotations

from ymach.base.clock import vietnam_day
from ymach.base.refusal import Refused
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents
from ymach.exchange.channels.contract import Parcel, WrongContent
from ymach.exchange.records import compartment_of
from ymach.exchange.referrals.rules import receiver_of
from ymach.formats.xml130.write import write_envelope


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


def xml_for(parcel: Parcel, receiver: str) -> bytes:
    """What of a file a facility that is referred to gets: the file where it holds one dossier (`xml_of`); else those of the
    people sent to it alone, written anew without a signature. A newer version that sends it nobody any more: the dossier
    it got before. What lies in a restricted compartment stays where it is.

    receiver: 5 characters. Raises WrongContent when nothing is left, or it cannot be read.
    """
    content = parcel.load()
    try:
        opened = contents.format_of(content).open(content)
    except Refused:
        return xml_of(parcel)  # the intake keeps nothing like it; there is nobody else's dossier to take out
    read = [one.dossier for one in contents.readings(opened)]
    held = [one for one in read if one is not None and not compartment_of(one)]
    if len(read) == len(held) == 1:
        return xml_of(parcel)
    theirs = [one for one in held if receiver_of(one) == receiver]
    theirs = theirs or [one for one in held if one.code == parcel.dossier_code]
    if not theirs:
        raise WrongContent(why="XML13")
    return write_envelope(theirs, facility_code=parcel.facility_code, created_on=vietnam_day(parcel.created_at))
