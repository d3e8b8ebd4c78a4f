"""What is corrected after the receipt in a synthetic country: results that come late, a dossier taken back, a suspension
with a back date whose dossiers the worker then judges again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.periods import Period
from ymach.exchange.contents import dossiers_of
from ymach.exchange.corrections.cancelling import cancel
from ymach.facilities.models import Facility
from ymach.formats.xml130.write import write_envelope
from ymach.practitioners import actions as practitioners
from ymach.practitioners.models import Licence
from ymach.synth.acting import officer, staff
from ymach.synth.care.staff import Staff, Team
from ymach.synth.dossiers import SynthDossier, make_dossier
from ymach.synth.past import send_then

if TYPE_CHECKING:
    from ymach.synth.certificates import Certificates
    from ymach.synth.world import Sender

CORRECTING = "99001"
TAKEN_BACK = "Nhập nhầm lượt khám của người bệnh khác; đã lập hồ sơ đúng dưới mã mới."
COUNCIL = "kết luận của Hội đồng chuyên môn, có hiệu lực từ ngày ra văn bản yêu cầu ngừng"
SUSPENDED_DAYS, ENDED_DAYS_AGO = 32, 8
_WRITTEN_DAYS_AGO = (11, 10, 9)


def make_corrections(
    certificates: Certificates, writers: Sequence[tuple[Sender, Staff]], *, at: datetime
) -> Counter[str]:
    """Send, correct, cancel and suspend, once; how many of each. at: aware."""
    rng, told = Random("correcting"), Counter[str]()  # noqa: S311
    for place, people in writers:
        if place.code == CORRECTING:
            told["late results"] = _results_come_late(certificates, place, people, rng, at)
            told["cancelled"] = _take_back(certificates, place, people, rng, at)
    elsewhere = ((place, people) for place, people in writers if place.code != CORRECTING and len(people.teams) > 2)
    for place, people in elsewhere:
        told["suspended"] = _suspend(certificates, place, people, rng, at)
        break
    return told


def _results_come_late(certificates: Certificates, place: Sender, people: Staff, rng: Random, at: datetime) -> int:
    then = at - timedelta(hours=30)
    whole = make_dossier(place, people, rng, then, kind="outpatient")
    (said,) = dossiers_of(whole.xml)
    if not said.results:
        return 0
    waiting = write_envelope([replace(said, results=())], facility_code=place.code, created_on=vietnam_day(then))
    send_then(place.code, [certificates.sign(replace(whole, xml=waiting), place)], at=then)
    send_then(place.code, [certificates.sign(whole, place)], at=then + timedelta(hours=3))
    return 1


def _take_back(certificates: Certificates, place: Sender, people: Staff, rng: Random, at: datetime) -> int:
    then = at - timedelta(hours=27)
    sent = make_dossier(place, people, rng, then, kind="outpatient")
    send_then(place.code, [certificates.sign(sent, place)], at=then)
    facility = Facility.objects.get(code=place.code, valid__contains=vietnam_day(at))
    try:
        cancel(
            facility=facility, code=sent.code, reason=TAKEN_BACK, by=staff(facility), at=then + timedelta(minutes=40)
        )
    except YmachError:
        return 0
    return 1


def _suspend(certificates: Certificates, place: Sender, people: Staff, rng: Random, at: datetime) -> int:
    """A doctor's days of last month, known only now; somebody who leads nothing, so that nothing else changes."""
    team = next((one for one in reversed(people.teams) if not one.doctor.is_head and one.head != one.doctor), None)
    if team is None:
        return 0
    for dossier, then in _written(place, people, team, rng, at):
        send_then(place.code, [certificates.sign(dossier, place)], at=then)
    licence = Licence.objects.get(number=team.doctor.number)
    end = vietnam_day(at) - timedelta(days=ENDED_DAYS_AGO)
    try:
        practitioners.suspend_licence(
            licence=licence,
            period=Period(end - timedelta(days=SUSPENDED_DAYS), end),
            reason=COUNCIL,
            decision="118/QĐ-SYT",
            by=officer(licence.issuer_province_code or place.province_code),
            at=at,
        )
    except YmachError:
        return 0
    return 1


def _written(
    place: Sender, people: Staff, team: Team, rng: Random, at: datetime
) -> list[tuple[SynthDossier, datetime]]:
    alone = Staff(people.authors, (team,))
    moments = [at - timedelta(days=days) for days in _WRITTEN_DAYS_AGO]
    return [(make_dossier(place, alone, rng, then, kind="outpatient"), then) for then in moments]
