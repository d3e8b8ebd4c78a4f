"""How the national population database is asked. Its contract is not public: this is a plain one of our own, kept here alone.

    POST <address>/v1/persons/query      Authorization: Bearer <token>
    {"number": "079…", "purpose": "…"}

    200 {"number", "full_name", "birth_date": "YYYY-MM-DD", "sex": "1" | "2" | "3", "nationality"}
    404 {"code": "unknown-number"}

The number travels in the body: addresses are written into logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import orjson

from ymach.base.errors import Misconfigured, Unavailable
from ymach.base.text import Text

PATH = "v1/persons/query"
UNKNOWN_NUMBER = "unknown-number"
SOURCE = "national-population-database"
LARGEST_NAME = 200


class PopulationAway(Unavailable):
    """The database did not answer, or not with what it should. Trying again makes sense. `why` is for logs."""

    code: ClassVar[str] = "YM-POPULATION-AWAY"
    sentence = Text(
        "Chưa hỏi được Cơ sở dữ liệu quốc gia về dân cư. Thử lại sau ít phút; điều bạn đã nhập vẫn còn.",
        "The national population database cannot be asked now. Try again in a few minutes; what you entered is kept.",
    )


class PopulationRefusesUs(Misconfigured):
    """Our token is not taken: an operator must act."""

    code: ClassVar[str] = "YM-POPULATION-TOKEN"
    sentence = Text(
        "Cơ sở dữ liệu quốc gia về dân cư từ chối tài khoản của hệ thống. Kiểm tra YMACH_POPULATION_TOKEN.",
        "The national population database refuses the platform's account. Check YMACH_POPULATION_TOKEN.",
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the population database knows them. sex: 1 male, 2 female, 3 undetermined."""

    number: str
    full_name: str
    birth_date: date
    sex: str
    nationality: str = "VN"


def question(number: str, purpose: str) -> bytes:
    """The body of a question."""
    return orjson.dumps({"number": number, "purpose": purpose})


def read_answer(status: int, body: bytes, number: str) -> Person | None:
    """The person, or None for an unknown number. Raises PopulationAway, PopulationRefusesUs."""
    if status in {401, 403}:
        raise PopulationRefusesUs
    values = _object(body)
    if status == 404 and values.get("code") == UNKNOWN_NUMBER:
        return None
    if status != 200:
        raise PopulationAway(why=f"HTTP {status}")
    return _person(values, number)


def _person(values: dict[str, Any], number: str) -> Person:
    try:
        name, sex = values["full_name"], values["sex"]
        born, nationality = date.fromisoformat(values["birth_date"]), values.get("nationality", "VN")
        told = values["number"]
    except (KeyError, TypeError, ValueError):
        raise PopulationAway(why="not in the contract") from None
    texts = isinstance(name, str) and isinstance(nationality, str) and 0 < len(name) <= LARGEST_NAME
    if told != number or sex not in {"1", "2", "3"} or not texts:
        raise PopulationAway(why="not in the contract")
    return Person(number, name, born, sex, nationality[:2])


def _object(body: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(body)
    except ValueError:
        raise PopulationAway(why="not JSON") from None
    if not isinstance(values, dict):
        raise PopulationAway(why="not an object")
    return values
