"""The tables of facilities: who they are and may do, what their profile says, what they hold of oxygen."""

from __future__ import annotations

from ymach.facilities.models.facility import (
    Facility,
    FacilityCertificate,
    OperatingLicence,
    OperatingLicenceRevocation,
    OperatingLicenceSuspension,
    Part,
)
from ymach.facilities.models.oxygen import OxygenConsumption, OxygenSource
from ymach.facilities.models.profile import (
    Contact,
    Dated,
    Department,
    Equipment,
    LegalPerson,
    OpeningHours,
    Technique,
)

__all__ = [
    "Contact",
    "Dated",
    "Department",
    "Equipment",
    "Facility",
    "FacilityCertificate",
    "LegalPerson",
    "OpeningHours",
    "OperatingLicence",
    "OperatingLicenceRevocation",
    "OperatingLicenceSuspension",
    "OxygenConsumption",
    "OxygenSource",
    "Part",
    "Technique",
]
