"""The QR code of the citizen's card: seven parts between `|`, read with patience for what scanners do to text.

    number | old 9-digit number (may be empty) | full name | birth ddmmyyyy | Nam or Nữ | address | issued ddmmyyyy

`read` gives a Card or raises CardUnreadable with a sentence of its own for each kind of wrong scan. What the number
itself says of sex and year is compared by `doubts`: warnings only, because a corrected birth year or sex is lawful
(Decree 70/2024/ND-CP). `insurance` reads the number of a health-insurance card.
"""

from ymach.formats.cccd_qr.card import Card, read, write
from ymach.formats.cccd_qr.errors import CardUnreadable
from ymach.formats.cccd_qr.findings import doubts
from ymach.formats.cccd_qr.insurance import InsuranceNumber, InsuranceUnreadable, read_insurance_number

__all__ = [
    "Card",
    "CardUnreadable",
    "InsuranceNumber",
    "InsuranceUnreadable",
    "doubts",
    "read",
    "read_insurance_number",
    "write",
]
