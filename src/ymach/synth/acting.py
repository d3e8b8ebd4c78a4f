"""Who asks and who decides in a synthetic country, and the papers they show."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from ymach.accounts.models import Membership
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.facilities.models import Facility
from ymach.practitioners.models import Practitioner


def staff(facility: Facility, name: str = "Phòng Kế hoạch tổng hợp") -> Actor:
    """Somebody who asks for a facility."""
    return _acting(Role.FACILITY, name, facility_id=facility.pk)


def oneself(person: Practitioner) -> Actor:
    """The practitioner."""
    return _acting(Role.PRACTITIONER, person.full_name, practitioner_id=person.pk)


def officer(province_code: str, name: str = "Võ Thị Hạnh") -> Actor:
    """An officer of a department of health."""
    return _acting(Role.DEPARTMENT, name, province_code=province_code)


def _acting(role: Role, name: str, **limits: Any) -> Actor:
    """The demonstration's account of that role; where there is none, a name without an account."""
    held = Membership.objects.select_related("user").filter(role=role.value, **limits).first()
    grants = (Grant(role.value, frozenset(word.value for word in ROLE_PERMISSIONS[role]), **limits),)
    if held is None:
        return Actor(ActorKind.COMMAND, f"demo {role.value} {next(iter(limits.values()))}", name, grants)
    return Actor(ActorKind.USER, str(held.user_id), held.user.full_name, grants)


@cache
def paper(kind: str) -> bytes:
    """A page that looks like a decision from afar and says that it is none."""
    page = Image.new("RGB", (620, 877), "#fbfaf5")
    draw = ImageDraw.Draw(page)
    draw.text((220, 60), "CONG HOA XA HOI CHU NGHIA VIET NAM", fill="#222222")
    draw.text((250, 120), f"GIAY TO MINH HOA: {kind}", fill="#222222")
    for line in range(16):
        draw.line((80, 200 + line * 28, 540 - (line % 4) * 40, 200 + line * 28), fill="#9a9a92", width=3)
    draw.ellipse((380, 680, 520, 820), outline="#c0392b", width=6)
    draw.text((405, 745), "BAN MAU / SAMPLE", fill="#c0392b")
    out = io.BytesIO()
    page.save(out, "JPEG", quality=88)
    return out.getvalue()
