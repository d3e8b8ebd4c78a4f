"""Whom a notice is for, and at which addresses they read letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

Addresses = Callable[["Recipient", date], Iterable[str]]
_books: list[Addresses] = []


@dataclass(frozen=True, slots=True)
class Recipient:
    """Exactly one of: a facility, a practitioner, the department of a province, an account. Raises ValueError otherwise."""

    facility_id: UUID | None = None
    practitioner_id: UUID | None = None
    province_code: str | None = None
    user_id: UUID | None = None

    def __post_init__(self) -> None:
        if sum(getattr(self, one.name) is not None for one in fields(self)) != 1:
            message = "a notice is for exactly one recipient"
            raise ValueError(message)


def knows_addresses(book: Addresses) -> Addresses:
    """Ask `book` too for the addresses of recipients; a part above this one says so when it starts."""
    if book not in _books:
        _books.append(book)
    return book


def addresses_of(to: Recipient, *, on: date) -> list[str]:
    """The e-mail addresses of `to` on the day `on` (Viet Nam), each once, in lower case."""
    return sorted({address.strip().casefold() for book in _books for address in book(to, on) if address.strip()})
