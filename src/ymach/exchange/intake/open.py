"""Step 2, open: XML without DTD, entities or network, and the envelope. The tree is never changed afterwards."""

from __future__ import annotations

from ymach.exchange.intake.case import Case
from ymach.formats import safexml
from ymach.formats.xml130.envelope import open_envelope


def open_case(case: Case) -> None:
    """Parse the content once; the signature is verified over, and the tables are read from, this same tree.

    Raises Refused: YM-XML-… or YM-ENV-….
    """
    case.root = safexml.parse(case.received.content)
    case.envelope = open_envelope(case.root)
    case.findings.extend(case.envelope.findings)
