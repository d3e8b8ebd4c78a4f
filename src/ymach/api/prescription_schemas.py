"""What OpenAPI cannot read off the functions of prescriptions: the shapes of answers."""

from __future__ import annotations

from typing import Any

from ymach.api.openapi import SECURED, problems, shape

_LINE = "lines: number, name, strength, unit, dosage, instructions, prescribed, left (decimal text)"


def _answers(ok: int, answer: dict[str, Any], *refusals: int) -> dict[str, Any]:
    return {**SECURED, "responses": {ok: answer, **problems(401, 403, *refusals)}}


LOOK_UP = _answers(
    200,
    shape(
        f"What a pharmacy needs; {_LINE}.",
        code="string",
        state="string",
        expires_at="string",
        patient="object",
        diagnoses="array",
        lines="array",
    ),
    *(404, 409, 422, 429),
)
DISPENSE = _answers(
    201,
    shape("Handed over; 200 with `Idempotent-Replayed: true` when the key was used for the same.", id="string"),
    *(404, 409, 422, 429),
)
UNDO = _answers(200, shape("Taken back.", id="string", undone_at="string"), 404, 409, 422)
LIST = _answers(200, shape("A page of your prescriptions.", prescriptions="array", more="boolean"), 422)
ONE = _answers(200, shape("One of your prescriptions with what was dispensed on it.", code="string"), 404)
