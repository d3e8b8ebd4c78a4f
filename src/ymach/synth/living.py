"""Referrals in every state and a filled calendar, as a synthetic country has them: sent by signed dossiers on days gone
by, moved on by the people of both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.exchange.appointments import actions as appointments
from ymach.exchange.appointments.following import remind
from ymach.exchange.appointments.models import Appointment as Expected
from ymach.exchange.contents import as_fhir
from ymach.exchange.referrals import actions as referrals
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility
from ymach.synth.acting import staff
from ymach.synth.dossiers import ADVANCED_FACILITY, make_dossier
from ymach.synth.own_book import book_visits
from ymach.synth.past import send_then
from ymach.trust.detached import sign as sign_detached

if TYPE_CHECKING:
    from ymach.synth.care.staff import Staff
    from ymach.synth.certificates import Certificates
    from ymach.synth.world import Sender

REFERRING, EXPECTING = "99002", "99001"
REFERRED_HOURS = (1, 3, 6, 20, 30, 50, 76, 100, 130, 170)
"""So many hours ago somebody was referred."""
SLIPS = 60
REMIND_DAYS = 3
DECLINED = "Khoa Hồi sức hết giường thở máy, chưa thể nhận thêm hôm nay."
ANSWER = (
    "Viêm phổi cộng đồng nặng, đã thở oxy dòng cao 2 ngày, chuyển thuốc uống. Ra viện ổn định; nơi gửi theo dõi SpO₂ và "
    "tái khám sau 1 tuần."
)
# How far each referral has come, the newest first.
_STORIES = (
    (),
    ("see",),
    ("see", "accept"),
    ("see", "accept", "arrive"),
    ("see", "decline"),
    ("see", "accept", "arrive", "answer"),
    ("see", "accept", "arrive", "answer", "close"),
    (),
    ("see", "accept", "arrive", "answer", "close"),
    ("see", "accept"),
)


def make_living(certificates: Certificates, writers: Sequence[tuple[Sender, Staff]], *, at: datetime) -> Counter[str]:
    """Send and move on, once; how many of each. at: aware."""
    rng, by_code = Random("living"), {sender.code: (sender, people) for sender, people in writers}  # noqa: S311
    told: Counter[str] = Counter()
    if REFERRING in by_code:
        _send(certificates, *by_code[REFERRING], rng, "referral", [at - timedelta(hours=ago) for ago in REFERRED_HOURS])
    if EXPECTING in by_code:
        then = [at - timedelta(days=1 + number * 13 // SLIPS, minutes=17 * number % 300) for number in range(SLIPS)]
        _send(certificates, *by_code[EXPECTING], rng, "appointment", then)
        _health_book(certificates, by_code[EXPECTING][0], at - timedelta(hours=20))
    told["referrals"] = sum(_refer_on(at))
    told["appointments"] = sum(_keep(rng, at))
    return told + Counter(remind(at=at, days_before=REMIND_DAYS))


def _send(
    certificates: Certificates, place: Sender, people: Staff, rng: Random, kind: str, moments: Sequence[datetime]
) -> None:
    for then in moments:
        dossier = make_dossier(place, people, rng, then, kind=kind)
        send_then(place.code, [certificates.sign(dossier, place)], at=then)


def _health_book(certificates: Certificates, place: Sender, at: datetime) -> None:
    """The demonstration's citizen once more, as FHIR: allergies, doses, and an appointment soon."""
    own = certificates.issued(place)
    for whole in book_visits(1, until=at):
        then = (whole.visit.ended_at if whole.visit else None) or at
        signed = sign_detached(as_fhir(whole), own.key, own.certificate, chain=own.chain, at=then)
        send_then(place.code, [signed], at=then)


def _refer_on(at: datetime) -> Iterator[int]:
    """Each referral to the advanced hospital as far as its story goes."""
    receiver = Facility.objects.filter(code=ADVANCED_FACILITY, valid__contains=vietnam_day(at)).first()
    if receiver is None:
        return
    theirs = staff(receiver, "Phòng Công tác xã hội")
    found = Referral.objects.filter(receiver_id=receiver.pk, facility_code=REFERRING, is_held=False, state="sent")
    for row, story in zip(found.order_by("-sent_at"), _STORIES, strict=False):
        ours = staff(Facility.objects.get(pk=row.facility_id))
        step = max((at - row.sent_at) / (len(story) + 1), timedelta(minutes=1))
        for number, act in enumerate(story, 1):
            yield _step(act, row, theirs if act != "close" else ours, row.sent_at + step * number)


def _step(act: str, row: Referral, by: Actor, at: datetime) -> int:
    if act == "see":
        referrals.see(referral_id=row.id, by=by, at=at)
    elif act == "accept":
        referrals.accept(referral_id=row.id, by=by, at=at, note="Khoa Nội hô hấp đón, mang theo phim phổi.")
    elif act == "decline":
        referrals.decline(referral_id=row.id, reason=DECLINED, suggested_code=EXPECTING, by=by, at=at)
    elif act == "arrive":
        referrals.arrive(referral_id=row.id, by=by, at=at)
    elif act == "answer":
        referrals.answer(referral_id=row.id, text=ANSWER, by=by, at=at)
    else:
        referrals.close(referral_id=row.id, by=by, at=at)
    return 1


def _keep(rng: Random, at: datetime) -> Iterator[int]:
    """Of the appointments of the last days most were kept; of those to come one is moved and one cancelled."""
    today = vietnam_day(at)
    place = Facility.objects.filter(code=EXPECTING, valid__contains=today).first()
    if place is None:
        return
    by, mine = staff(place, "Quầy tiếp đón"), Expected.objects.filter(facility_id=place.pk, is_held=False)
    for row in mine.filter(on_day__lte=today, state="planned"):
        if rng.random() < 0.75:
            appointments.came(appointment_id=row.id, by=by, at=at)
            yield 1
    ahead = list(mine.filter(on_day__gt=today + timedelta(days=REMIND_DAYS), state="planned").order_by("on_day")[:6])
    for row in ahead[2:4]:
        day = row.on_day + timedelta(days=2)
        appointments.move(appointment_id=row.id, on_day=day, reason="Bác sĩ dự hội nghị.", by=by, at=at)
        yield 1
    for row in ahead[4:5]:
        appointments.cancel(appointment_id=row.id, reason="Người bệnh chuyển nơi ở.", by=by, at=at)
        yield 1
