"""Whether a Bundle is FHIR: its shape, what must be there, and the codes that FHIR itself prescribes."""

from __future__ import annotations

from collections.abc import Iterator

from fhir.resources.R4B.bundle import Bundle
from pydantic import BaseModel, ValidationError


def faults_of(content: bytes, *, codes: bool = True) -> list[str]:
    """What is wrong, with where; R4B reads the same as R4 for all kinds that are written here. codes: not for made-up ones."""
    try:
        found = Bundle.model_validate_json(content)
    except ValidationError as wrong:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors()]
    return list(_codes(found, "")) if codes else []


def _codes(node: BaseModel, path: str) -> Iterator[str]:
    """Values outside the list that FHIR has for their place: the library holds the lists and does not ask them."""
    for name, field in type(node).model_fields.items():
        value = getattr(node, name, None)
        extra = field.json_schema_extra
        allowed = extra.get("enum_values") if isinstance(extra, dict) else None
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, BaseModel):
                yield from _codes(one, f"{path}.{name}")
            elif isinstance(allowed, list) and one is not None and one not in allowed:
                yield f"{path}.{name}: {one}"
