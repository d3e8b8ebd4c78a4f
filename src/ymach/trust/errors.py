"""Refusals of the trust package. Each carries a finding, so that a receipt can hold the same sentence as the answer."""

from __future__ import annotations

from ymach.base.errors import Invalid, NotSignedIn
from ymach.base.findings import Finding
from ymach.base.text import Text


class Refused(Invalid):
    """Something signed was not accepted; `finding` says what and what to do. `code` and `status` are the finding's."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self.code = finding.code  # type: ignore[misc]
        self.status = finding.kind.status  # type: ignore[misc]
        self.args = (finding.code,)

    @property
    def text(self) -> Text:
        return self.finding.text


class SignatureRefused(Refused):
    """The XML signature is missing, malformed, weak, broken, or covers too little (`YM-SIG-…`)."""


class CertificateRefused(Refused):
    """The signer's certificate cannot be relied on at the moment of signing (`YM-CRT-…`)."""


class ReceiptRefused(Refused):
    """A receipt does not prove what it says (`YM-RCP-…`)."""


class AssertionRefused(Refused, NotSignedIn):
    """A machine's assertion or access token is not accepted (`YM-AUT-…`, HTTP 401)."""
