"""A facility as one line of a list, with its counters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.facilities.models import Facility
from ymach.places.queries import Unit
from ymach.web import formatting
from ymach.web.shown.outcomes import Line, Outcomes
from ymach.web.templatetags.ymach import language


def line_of(actor: Actor, facility: Facility, numbers: Outcomes, day: date, names: Mapping[str, Unit]) -> Line:
    """A facility with its counters of `day`; the figures open its submissions for those who may see them."""
    unit = names.get(facility.province_code)
    province = unit.name(language()) if unit else facility.province_code
    sees = may(actor, Permission.SUBMISSION_SEE, facility=facility)
    return Line(
        code=facility.code,
        name=facility.name,
        note=f"{facility.code} · {province}",
        province=province,
        outcomes=numbers,
        href=reverse("facility", args=[facility.code]),
        listing=f"{reverse('submissions')}?facility={facility.code}&day={formatting.day(day)}" if sees else "",
    )
