"""Systems that are no facility's, e.g. a department's own: registered by an operator, signed in by their certificate."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from ymach.accounts.models import SystemClient
from ymach.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.history.attribution import attributed
from ymach.base.refusals import refused_as
from ymach.base.text import Text

SHORTEST = 6
"""Characters of a system's client id; a facility's code has five."""
WORDS = frozenset(
    {
        *(Permission.EVENT_FOLLOW, Permission.SUBSCRIPTION_MANAGE),
        *(Permission.REGISTRY_FOLLOW, Permission.FACILITY_SEE, Permission.PRACTITIONER_SEE),
        *(Permission.LICENCE_CHECK_MANY, Permission.FIGURE_SEE, Permission.FIGURE_SEE_COUNTRY),
    }
)
"""What a system may do at most: it reads, and says where it wants to be told. Decisions are made by people, unless an
operator lets a system make them."""


class SystemTaken(Conflict):
    """There is a system of this client id."""

    code = "YM-SYSTEM-TAKEN"
    sentence = Text("Đã có hệ thống mang mã “{client}”.", "There is a system “{client}” already.")


class SystemWrong(Invalid):
    """The client id or the role of a system is not in its form."""

    code = "YM-SYSTEM-WRONG"
    sentence = Text(
        "Mã hệ thống gồm 6 đến 20 chữ cái không dấu và chữ số; vai trò là ministry, hoặc department kèm mã tỉnh.",
        "A system's id has 6 to 20 plain letters and digits; its role is ministry, or department with a province.",
    )


class SystemNotFound(NotFound):
    """No such system."""

    code = "YM-SYSTEM-NOT-FOUND"
    sentence = Text("Không có hệ thống “{client}”.", "There is no system “{client}”.")


def add_system(
    *, client_id: str, name: str, role: Role, province_code: str | None, certificate: bytes, by: Actor, at: datetime
) -> SystemClient:
    """Register a system. certificate: DER. Raises SystemTaken, SystemWrong."""
    refusals = {
        "system_client_once": lambda: SystemTaken(field="client_id", client=client_id),
        "system_client_form": lambda: SystemWrong(field="client_id"),
        "system_client_limited_as_its_role_demands": lambda: SystemWrong(field="role"),
    }
    with refused_as(refusals), attributed(by=by, reason="system registered", at=at):
        return SystemClient.objects.create(
            client_id=client_id,
            name=name,
            role=role.value,
            province_code=province_code,
            certificate=certificate,
            created_at=at,
        )


def suspend_system(*, client_id: str, reason: str, by: Actor, at: datetime) -> None:
    """The system opens no token any more, and those it holds open nothing. Raises SystemNotFound."""
    with attributed(by=by, reason=reason, at=at):
        if not SystemClient.objects.filter(client_id=client_id, suspended_at=None).update(suspended_at=at):
            raise SystemNotFound(client=client_id)


def is_system(client_id: str) -> bool:
    """Whether a client id is of the form of a system's, and so not a facility's code."""
    return len(client_id) >= SHORTEST


def system_in_force(client_id: str) -> SystemClient | None:
    """The system of this id, unless it is suspended."""
    return SystemClient.objects.filter(client_id=client_id, suspended_at=None).first()


def decides(client_id: str) -> bool:
    """Whether the operator lets this system decide change requests (`YMACH_DECIDING_SYSTEMS`)."""
    return client_id in {one.strip() for one in settings.ENVIRONMENT.deciding_systems.split(",")}


def system_actor(client_id: str) -> Actor:
    """The actor behind a system: what its role may do, as far as systems may. Raises SystemNotFound."""
    system = system_in_force(client_id)
    if system is None:
        raise SystemNotFound(client=client_id)
    allowed = WORDS | {Permission.CHANGE_DECIDE} if decides(client_id) else WORDS
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role(system.role)] & allowed)
    grant = Grant(system.role, words, province_code=system.province_code)
    return Actor(ActorKind.MACHINE, system.client_id, system.name, (grant,))
