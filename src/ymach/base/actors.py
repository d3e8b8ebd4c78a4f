"""Who acts: every write says `by` whom. An actor is a person, a machine of a facility, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    USER = "user"
    MACHINE = "machine"
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held by an actor, with the words it contains and the locality or unit it is limited to.

    A grant without any limit holds for the whole country. is_lent: held by delegation, for a time.
    """

    role: str
    permissions: frozenset[str]
    province_code: str | None = None
    facility_id: UUID | None = None
    practitioner_id: UUID | None = None
    citizen_id: UUID | None = None
    is_lent: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who reads or writes.

    kind and key identify the actor for ever (`user:<uuid>`, `machine:<facility code>`, `command:<name>`);
    label is what people read in a timeline.
    """

    kind: ActorKind
    key: str
    label: str
    grants: tuple[Grant, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.key}"


def command(name: str) -> Actor:
    """The actor of a command that an operator runs, e.g. `command("load-reference")`."""
    return Actor(ActorKind.COMMAND, name, f"ymach {name}")


SYSTEM = Actor(ActorKind.SYSTEM, "ymach", "Ymạch")
