"""Which facility a bundle says it comes from."""

from __future__ import annotations

from ymach.formats.fhir.bundle import Opened
from ymach.formats.fhir.names import system
from ymach.formats.fhir.paths import Json


def sender_code(opened: Opened) -> str:
    """The code of the facility that answers for the encounter (else of the custodian of the document); "" when unsaid."""
    for type_name, element in (("Encounter", "serviceProvider"), ("Composition", "custodian")):
        for resource in opened.of_type(type_name):
            code = _code(opened, resource.get(element))
            if code:
                return code
    return ""


def _code(opened: Opened, reference: Json) -> str:
    holder = opened.resolve(reference)
    if holder is not None and holder["resourceType"] != "Organization":
        return ""
    held = holder.get("identifier") if holder is not None else None
    if holder is None and isinstance(reference, dict):
        held = [reference.get("identifier")]
    for one in held if isinstance(held, list) else ():
        if isinstance(one, dict) and one.get("system") == system("facility") and isinstance(one.get("value"), str):
            return str(one["value"])
    return ""
