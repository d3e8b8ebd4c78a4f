"""What each touch does: from the turn and the form to the next page. Nothing is written before the last one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ymach.agent.kiosk import words
from ymach.agent.kiosk.rules import DESK, Pays, Wish, is_child, is_newborn, notice, visit_code
from ymach.agent.kiosk.service import Line
from ymach.agent.kiosk.settings import Room, Settings
from ymach.agent.kiosk.store import Store
from ymach.agent.kiosk.turns import Turn
from ymach.base.clock import VIETNAM, now, vietnam_day
from ymach.base.text import Text
from ymach.formats.cccd_qr import Card, CardUnreadable, InsuranceUnreadable, read, read_insurance_number
from ymach.formats.xml130.write import write_check_in

Form = Mapping[str, str]
_PATIENT_CODE = 16
_LONGEST_TYPED = 500


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One kiosk: what it offers, where it keeps, and how the line is. facility: code of 5 characters."""

    facility: str
    settings: Settings
    store: Store
    line: Line
    clock: Callable[[], datetime] = now

    def since(self) -> datetime:
        """From when on a number given still counts for the same person."""
        return self.clock() - timedelta(minutes=self.settings.again_minutes)

    def status(self) -> tuple[Text, str]:
        """One line for the staff, and its tone: good, note or bad."""
        count, lost = self.store.open_count(), self.line.lost_at
        refused = self.store.refused_count(day=vietnam_day(self.clock()))
        if refused:
            return words.LINE_REFUSED.format(count=refused), "bad"
        if lost is not None:
            text = words.LINE_LOST if count else words.LINE_LOST_NONE
            return text.format(count=count, time=f"{lost.astimezone(VIETNAM):%H:%M}"), "note"
        return (words.LINE_WAITING.format(count=count), "good") if count else (words.LINE_GOOD, "good")


def scan(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """A card was scanned: who it is, and whether that person has a number already."""
    if turn.ticket is not None:  # the next person, while the last number is still shown
        turn.language = "vi"
    turn.forget()
    today = vietnam_day(kiosk.clock())
    try:
        card = read(form.get("text", ""), on=today)
    except CardUnreadable as wrong:
        turn.wrong = wrong.text
        return "/"
    turn.ticket = kiosk.store.recent(kiosk.store.person(card.number), since=kiosk.since())
    if turn.ticket is not None:
        return "/ticket"
    if is_newborn(card.birth, on=today):
        turn.wrong = words.NEWBORN
        return "/"
    turn.card = card
    turn.accompanied = not is_child(card.birth, on=today)
    return "/who"


def desk(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """No card, or no answer that a machine can give: a number for the reception desk."""
    turn.forget()
    turn.ticket = kiosk.store.give_plain(DESK, at=kiosk.clock())
    return "/ticket"


def accompany(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """An adult is with the child."""
    turn.accompanied = True
    return "/who"


def choose_payer(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """Who I am is right, and who bears the visit."""
    chosen = form.get("pays", "")
    if turn.card is None or not turn.accompanied or chosen not in {*Pays, "number"}:
        return "/who"
    turn.insurance = None
    turn.pays = Pays.INSURANCE if chosen == "number" else Pays(chosen)
    return "/insurance" if chosen == "number" else _to_rooms(kiosk, turn)


def give_insurance(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """The number of the insurance card, typed or scanned."""
    turn.typed = form.get("number", "")[:_LONGEST_TYPED]
    try:
        turn.insurance = read_insurance_number(turn.typed)
    except InsuranceUnreadable as wrong:
        turn.wrong = wrong.text
        return "/insurance"
    return _to_rooms(kiosk, turn)


def choose_room(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """The last touch: the check-in is made and its number given."""
    room = kiosk.settings.room(form.get("room", ""))
    if turn.card is None or turn.pays is None or room is None:
        return "/ticket" if turn.ticket else "/rooms"  # touched twice
    return _check_in(kiosk, turn, turn.card, turn.pays, room)


def forget(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """Nobody is here any more, or somebody else."""
    turn.forget()
    turn.language, turn.wrong = "vi", None
    return "/"


def speak(kiosk: Kiosk, turn: Turn, form: Form) -> str:
    """In the other language, on the same page."""
    turn.language = "en" if form.get("to") == "en" else "vi"
    page = form.get("page", "")
    return page if page in {"/who", "/insurance", "/rooms", "/ticket"} else "/"


def _to_rooms(kiosk: Kiosk, turn: Turn) -> str:
    """Where there is one room, there is nothing to choose."""
    rooms = kiosk.settings.rooms
    if len(rooms) == 1 and turn.card is not None and turn.pays is not None:
        return _check_in(kiosk, turn, turn.card, turn.pays, rooms[0])
    return "/rooms"


def _check_in(kiosk: Kiosk, turn: Turn, card: Card, pays: Pays, room: Room) -> str:
    wish = Wish(card, pays, room, turn.insurance)
    person, at = kiosk.store.person(card.number), kiosk.clock()

    def make(number: int, spread: str) -> tuple[str, bytes]:
        code = visit_code(kiosk.settings, room.code, number, at=at, spread=spread)
        # The same for every visit of a person, and nothing to anybody else.
        patient_code = f"K{person[:_PATIENT_CODE]}"
        made = notice(wish, kiosk.settings, facility=kiosk.facility, code=code, patient_code=patient_code, at=at)
        return code, write_check_in(made)

    ticket = kiosk.store.give(room.code, person=person, since=kiosk.since(), at=at, make=make)
    turn.forget()
    turn.ticket = ticket
    return "/ticket"
