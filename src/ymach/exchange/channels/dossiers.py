"""From kept signed bytes back to the clinical model, for channels that send something made from them."""

from __future__ import annotations

from ymach.clinical.dossier import Dossier
from ymach.exchange.channels.contract import WrongContent
from ymach.formats import safexml
from ymach.formats.xml130.envelope import open_envelope
from ymach.formats.xml130.read import read_dossier


def dossiers_in(content: bytes) -> list[Dossier]:
    """The dossiers of a file that the intake accepted; their signature was verified then. Raises WrongContent."""
    if not content.lstrip()[:1] == b"<":
        raise WrongContent(why="XML 130")
    envelope = open_envelope(safexml.parse(content))
    readings = [read_dossier(raw).dossier for raw in envelope.dossiers]
    return [one for one in readings if one is not None]
