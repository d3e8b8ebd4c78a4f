"""The algorithms of XML signatures by their identifiers: what is taken, what is weak, what is never run."""

from __future__ import annotations

from typing import Final

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007: Final = "http://www.w3.org/2007/05/xmldsig-more#"
_ENC: Final = "http://www.w3.org/2001/04/xmlenc#"

ENVELOPED: Final = f"{DS}enveloped-signature"
C14N_10: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

DIGESTS: Final = {
    f"{_ENC}sha256": "SHA-256",
    f"{_MORE}sha384": "SHA-384",
    f"{_ENC}sha512": "SHA-512",
}
SIGNATURES: Final = {
    f"{_MORE}rsa-sha256": "RSA-SHA256",
    f"{_MORE}rsa-sha384": "RSA-SHA384",
    f"{_MORE}rsa-sha512": "RSA-SHA512",
    f"{_MORE_2007}sha256-rsa-MGF1": "RSA-PSS-SHA256",
    f"{_MORE_2007}sha384-rsa-MGF1": "RSA-PSS-SHA384",
    f"{_MORE_2007}sha512-rsa-MGF1": "RSA-PSS-SHA512",
    f"{_MORE}ecdsa-sha256": "ECDSA-SHA256",
    f"{_MORE}ecdsa-sha384": "ECDSA-SHA384",
    f"{_MORE}ecdsa-sha512": "ECDSA-SHA512",
}
CANONICALISATIONS: Final = {
    C14N_10: "C14N 1.0",
    f"{C14N_10}#WithComments": "C14N 1.0 with comments",
    "http://www.w3.org/2006/12/xml-c14n11": "C14N 1.1",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments": "C14N 1.1 with comments",
    EXCLUSIVE: "exclusive C14N",
    f"{EXCLUSIVE}WithComments": "exclusive C14N with comments",
}

RSA_SHA256: Final = f"{_MORE}rsa-sha256"
ECDSA_SHA256: Final = f"{_MORE}ecdsa-sha256"
SHA256: Final = f"{_ENC}sha256"


def key_kind_of(signature_algorithm: str) -> str:
    """The kind of key ("RSA" or "EC") that a signature algorithm of `SIGNATURES` needs."""
    return "EC" if SIGNATURES[signature_algorithm].startswith("ECDSA") else "RSA"
