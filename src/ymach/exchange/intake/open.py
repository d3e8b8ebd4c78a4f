"""Step 2, open: the format, the parts, who it says it comes from. What is opened is never changed afterwards."""

from __future__ import annotations

from ymach.exchange.contents import format_of
from ymach.exchange.intake.case import Case


def open_case(case: Case) -> None:
    """Take the content apart once; what the signature is verified over is what is read.

    Raises Refused: YM-XML-…, YM-ENV-… or YM-FHIR-….
    """
    case.format = format_of(case.received.content)
    case.content = case.format.open(case.received.content)
    case.findings.extend(case.content.findings)
