"""Dossiers that are held: the outpatient example, whose doctor the registry does not know."""

from __future__ import annotations

import base64
import re
from datetime import date
from uuid import UUID

from tests.support.intake import Desk, example
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.exchange.held.models import HeldItem, HeldTally

SOME = ("0099900/BYT-CCHN", "0099902/BYT-CCHN")
CODE = "99001.26.0001234"


def changed(content: bytes, old: str, new: str) -> bytes:
    """Replace text inside the Base64 tables."""

    def again(match: re.Match[bytes]) -> bytes:
        table = base64.b64decode(match[1]).replace(old.encode(), new.encode())
        return b"<NOIDUNGFILE>" + base64.b64encode(table) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>(.*?)</NOIDUNGFILE>", again, content, flags=re.DOTALL)


def outpatient(desk: Desk, code: str = CODE, *, doctor: str = "") -> bytes:
    """The outpatient example under another code; signed. doctor: in place of the one who is unknown."""
    content = changed(example("01-outpatient.xml"), CODE, code)
    return desk.sign(changed(content, "0099901/BYT-CCHN", doctor) if doctor else content)


def department(province: str = "01") -> Actor:
    """An officer of a department."""
    grant = Grant("department", frozenset(p.value for p in ROLE_PERMISSIONS[Role.DEPARTMENT]), province_code=province)
    return Actor(ActorKind.USER, str(UUID(int=7)), "Chuyên viên Sở", (grant,))


def held(desk: Desk, *codes: str) -> list[HeldItem]:
    """What is in the queue after these dossiers were sent."""
    desk.send(*(outpatient(desk, code) for code in codes))
    return list(HeldItem.objects.order_by("dossier_code"))


def tally() -> dict[tuple[str, date], int]:
    """The open items by state and last day, as the tally has them."""
    return {(one.state, one.due_on): one.number for one in HeldTally.objects.filter(number__gt=0)}
