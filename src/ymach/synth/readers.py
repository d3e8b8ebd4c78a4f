"""Who has looked at the demonstration's citizen: where they are treated, and another hospital in an emergency."""

from __future__ import annotations

from datetime import datetime, timedelta

from ymach.base.clock import vietnam_day
from ymach.citizens.queries import known_under
from ymach.consent.rules import Purpose
from ymach.exchange.reading.emergencies import Terms, open_emergency
from ymach.exchange.reading.gate import read
from ymach.facilities.models import Facility
from ymach.synth.acting import staff
from ymach.synth.examples import EXAMPLE_CITIZEN

TREATS, EMERGENCY = "99001", "99777"
REASON = "Người bệnh ngất ở bến xe, không có người nhà; cần biết thuốc đang dùng và dị ứng."


def make_readings(*, at: datetime) -> int:
    """Read, in the last hour before `at` (aware); how often. Nothing where the citizen or the facilities are not there."""
    key = ("personal-number", EXAMPLE_CITIZEN)
    known = known_under([key]).get(key)
    today = vietnam_day(at)
    places = {one.code: one for one in Facility.objects.filter(code__in=[TREATS, EMERGENCY], valid__contains=today)}
    if known is None or known.citizen_id is None or len(places) < 2:
        return 0
    doctor, rescuer = staff(places[TREATS]), staff(places[EMERGENCY])
    read(known.citizen_id, purpose=Purpose.TREATMENT, part="summary", by=doctor, at=at - timedelta(minutes=50))
    then = at - timedelta(minutes=30)
    person = known.citizen_id
    open_emergency(citizen_id=person, kind="unconscious", reason=REASON, terms=Terms(), by=rescuer, at=then)
    read(known.citizen_id, purpose=Purpose.TREATMENT, part="summary", by=rescuer, at=then + timedelta(minutes=1))
    return 2
