"""A stand-in of the national population database: the contract of `population.contract` over real HTTP.

It knows everybody: people it is given, and for any other well-formed number somebody made up from the number itself,
always the same. Of the people given, a few are told otherwise than they are enrolled, so that checks find something.
`POST /sandbox/behaviour` says what goes wrong from now on.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from ymach.base.errors import Invalid
from ymach.base.vietnamese import fold
from ymach.population.contract import PATH, UNKNOWN_NUMBER, Person
from ymach.sandbox.behaviour import Behaviour, read_behaviour
from ymach.sandbox.http import DROP, Request, Response, as_json
from ymach.synth.names import full_name

TOKEN = "sandbox"
_NO_CONTRACT = Response(body=b"<html><body>Bao tri</body></html>", content_type="text/html")
_UNKNOWN = as_json({"code": UNKNOWN_NUMBER}, 404)
# Of a thousand people who are given: told without marks, with another birth date, with the other sex, unknown.
_ODDITIES = (("marks", 8), ("birth_date", 6), ("sex", 2), ("unknown", 4))
_UNKNOWN_STRANGERS = 50


class PopulationDatabase:
    """One database with one account. Call it with a request; `sandbox.http` serves it.

    people: those it knows as they are enrolled. odd: whether a few of them are told otherwise.
    """

    def __init__(self, people: Iterable[Person] = (), *, token: str = TOKEN, odd: bool = True) -> None:
        self.behaviour = Behaviour()
        self.asked = 0
        self._people = {one.number: one for one in people}
        self._token, self._odd = token, odd

    async def __call__(self, request: Request) -> Response:
        if request.path == "/sandbox/behaviour":
            return self._control(request)
        self.asked += 1
        behaviour = self._behaviour_now()
        if behaviour.slow:
            await asyncio.sleep(behaviour.slow)
        if behaviour.down:
            return DROP
        if behaviour.status:
            return Response(behaviour.status, b"out of order", "text/plain")
        answer = self._answer(request)
        if behaviour.forget:
            return DROP
        return _NO_CONTRACT if behaviour.wrong_answer else answer

    def person(self, number: str) -> Person | None:
        """Whom this database names for a number; None for an unknown one."""
        known = self._people.get(number)
        if known is None:
            return _stranger(number)
        return _told(known) if self._odd else known

    def _answer(self, request: Request) -> Response:
        if request.method != "POST" or request.path.lstrip("/") != PATH:
            return as_json({"code": "no-such-service"}, 404)
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {self._token}".encode()):
            return as_json({"code": "unauthorized"}, 401)
        number = _number_in(request.body)
        if not number:
            return as_json({"code": "wrong-question"}, 422)
        found = self.person(number)
        return as_json(_as_dict(found)) if found else _UNKNOWN

    def _behaviour_now(self) -> Behaviour:
        behaviour = self.behaviour
        if not behaviour.applies():
            return Behaviour()
        if behaviour.times is not None:
            self.behaviour = replace(behaviour, times=behaviour.times - 1)
        return behaviour

    def _control(self, request: Request) -> Response:
        if request.method != "POST":
            return as_json({"error": "POST"}, 405)
        try:
            self.behaviour = read_behaviour(json.loads(request.body or b"{}"))
        except (Invalid, ValueError) as error:
            return as_json({"error": error.text.en if isinstance(error, Invalid) else str(error)}, 422)
        return as_json({"behaviour": "set"})


def _told(known: Person) -> Person | None:
    """A person as this database has them: for a few in a thousand not as they are enrolled."""
    chance, reached = _chance(known.number) % 1000, 0
    for oddity, share in _ODDITIES:
        reached += share
        if chance < reached:
            return _other(known, oddity)
    return known


def _other(known: Person, oddity: str) -> Person | None:
    match oddity:
        case "marks":
            return replace(known, full_name=fold(known.full_name).title())
        case "birth_date":
            return replace(known, birth_date=known.birth_date + timedelta(days=1))
        case "sex":
            return replace(known, sex="1" if known.sex == "2" else "2")
        case _:
            return None


def _stranger(number: str) -> Person | None:
    """Somebody made up from a number: sex, century and year are what its digits say (Decree 70/2024/NĐ-CP)."""
    if _chance(number) % 1000 < _UNKNOWN_STRANGERS or not number.startswith("0") or int(number[3]) > 3:
        return None
    rng = Random(number)  # noqa: S311 - not a secret
    sex = "2" if int(number[3]) % 2 else "1"
    year = 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
    born = date(year, 1, 1) + timedelta(days=rng.randrange(365))
    return Person(number, full_name(rng, sex, year), born, sex)


def _chance(number: str) -> int:
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:8])


def _number_in(body: bytes) -> str:
    try:
        values: Any = json.loads(body)
    except ValueError:
        return ""
    number = values.get("number") if isinstance(values, dict) else None
    is_number = isinstance(number, str) and len(number) == 12 and number.isascii() and number.isdigit()
    return number if is_number and isinstance(number, str) and values.get("purpose") else ""


def _as_dict(one: Person) -> dict[str, str]:
    return {
        "number": one.number,
        "full_name": one.full_name,
        "birth_date": one.birth_date.isoformat(),
        "sex": one.sex,
        "nationality": one.nationality,
    }
