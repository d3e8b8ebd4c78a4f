"""Who a Vietnamese certificate names.

Licensed authorities write typed numbers into the UID attribute (OID 0.9.2342.19200300.100.1.1): `MST:` tax code of an
organisation, `CCCD:` citizen number, `CMND:` old nine-digit number, `MNS:` budget code. Several may appear, in any
order of RDNs (practice of the authorities under Decree 23/2025/NĐ-CP).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

UID_OID = NameOID.USER_ID
_TYPED = re.compile(r"\s*(MST|CCCD|CMND|MNS)\s*:\s*([0-9A-Za-z-]+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SubjectIdentity:
    """The numbers and names of a certificate's subject. Numbers are text, in the order they appear, without prefix.

    tax_codes: `MST`, ten digits or ten-three for a branch. citizen_numbers: `CCCD`, twelve digits.
    old_citizen_numbers: `CMND`, nine digits. budget_codes: `MNS`. organisation: O, and OU where O is absent.
    """

    tax_codes: tuple[str, ...] = ()
    citizen_numbers: tuple[str, ...] = ()
    old_citizen_numbers: tuple[str, ...] = ()
    budget_codes: tuple[str, ...] = ()
    common_name: str = ""
    organisation: str = ""
    organisation_unit: str = ""
    title: str = ""


def identity(name: x509.Name) -> SubjectIdentity:
    """Read the typed numbers and names out of a subject. Values without a known prefix are left out."""
    numbers = _numbers(name)
    unit = _first(name, NameOID.ORGANIZATIONAL_UNIT_NAME)
    return SubjectIdentity(
        tax_codes=numbers["MST"],
        citizen_numbers=numbers["CCCD"],
        old_citizen_numbers=numbers["CMND"],
        budget_codes=numbers["MNS"],
        common_name=_first(name, NameOID.COMMON_NAME),
        organisation=_first(name, NameOID.ORGANIZATION_NAME) or unit,
        organisation_unit=unit,
        title=_first(name, NameOID.TITLE),
    )


def _numbers(name: x509.Name) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {"MST": (), "CCCD": (), "CMND": (), "MNS": ()}
    for attribute in name.get_attributes_for_oid(UID_OID):
        match = _TYPED.fullmatch(str(attribute.value))
        if match:
            prefix = match[1].upper()
            found[prefix] = (*found[prefix], match[2])
    return found


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    attributes = name.get_attributes_for_oid(oid)
    return str(attributes[0].value).strip() if attributes else ""
