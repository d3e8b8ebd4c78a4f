"""Refusals of the trust package. Each carries a finding, so that a receipt can hold the same sentence as the answer."""

from __future__ import annotations

from ymach.base.errors import NotSignedIn
from ymach.base.refusal import Refused


class SignatureRefused(Refused):
    """The XML signature is missing, malformed, weak, broken, or covers too little (`YM-SIG-…`)."""


class CertificateRefused(Refused):
    """The signer's certificate cannot be relied on at the moment of signing (`YM-CRT-…`), or its list (`YM-CRL-…`)."""


class ReceiptRefused(Refused):
    """A receipt does not prove what it says (`YM-RCP-…`)."""


class AssertionRefused(Refused, NotSignedIn):
    """A machine's assertion or access token is not accepted (`YM-AUT-…`, HTTP 401)."""
