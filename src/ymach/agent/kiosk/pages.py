"""The kiosk's pages: files with places, filled with escaped values and sentences in one language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from ymach.agent.kiosk import words
from ymach.agent.kiosk.rules import DESK
from ymach.agent.kiosk.screens import Kiosk
from ymach.agent.kiosk.settings import Room
from ymach.agent.kiosk.store import Ticket
from ymach.agent.kiosk.turns import Turn
from ymach.base.clock import VIETNAM
from ymach.base.text import Text

TICKET_SECONDS = 20


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def start(kiosk: Kiosk, turn: Turn) -> str:
    return _page(kiosk, turn, "start", "start_title", say="start_lead")


def who(kiosk: Kiosk, turn: Turn) -> str | None:
    """Who was read from the card; None when nobody was."""
    if turn.card is None:
        return None
    values = {
        "name": turn.card.full_name,
        "born_in": words.WORDS["born"].format(year=turn.card.birth.year).to(turn.language),
    }
    if not turn.accompanied:
        return _page(kiosk, turn, "child", "child_title", values)
    return _page(kiosk, turn, "who", "who_title", values)


def insurance(kiosk: Kiosk, turn: Turn) -> str | None:
    if turn.card is None or turn.pays is None:
        return None
    keys = "".join(f'<button type="button" data-key="{key}">{key}</button>' for key in "1234567890")
    values = {"keys": Markup(keys), "typed": turn.typed, "invalid": "true" if turn.wrong else "false"}
    return _page(kiosk, turn, "insurance", "insurance_title", values, say="insurance_hint")


def rooms(kiosk: Kiosk, turn: Turn) -> str | None:
    if turn.card is None or turn.pays is None:
        return None
    tiles = Markup("".join(_tile(room, turn.language) for room in kiosk.settings.rooms))
    return _page(kiosk, turn, "rooms", "rooms_title", {"tiles": tiles})


def ticket(kiosk: Kiosk, turn: Turn) -> str | None:
    """The number that was given; None when there is none."""
    given = turn.ticket
    if given is None:
        return None
    room = kiosk.settings.room(given.room)
    desk = room is None
    title = "ticket_again" if given.again else "ticket_title"
    number = f"{kiosk.settings.letter}{given.number}"
    values = {
        "heading": words.WORDS[title].to(turn.language),
        "number": number,
        "room": _room_name(room, turn.language),
        "place": words.WORDS["ticket_desk_place"].to(turn.language) if room is None else room.place.to(turn.language),
        "given": words.WORDS["ticket_given"]
        .format(time=given.at.astimezone(VIETNAM).strftime("%H:%M, %d/%m/%Y"))
        .to(turn.language),
        "facility_name": kiosk.settings.name.to(turn.language),
        "code": _code(given, turn.language),
        "prints": "yes" if kiosk.settings.prints and not given.again else "no",
        "desk": "yes" if desk or given.room == DESK else "no",
    }
    return _page(kiosk, turn, "ticket", title, values, said=f"{values['heading']}: {number}. {values['room']}.")


def _page(
    kiosk: Kiosk,
    turn: Turn,
    name: str,
    title: str,
    values: Mapping[str, str] | None = None,
    *,
    say: str | None = None,
    said: str | None = None,
) -> str:
    """A whole page. say: the sentence for the voice, besides the title; said: all of it."""
    spoken = {key: text.to(turn.language) for key, text in words.WORDS.items()}
    common = {**spoken, "form": turn.form, "address": "/" if name == "start" else f"/{name}", **(values or {})}
    wrong, turn.wrong = turn.wrong, None
    status, tone = kiosk.status()
    body = _fill(name, {**common, "wrong": _wrong(wrong, turn.language)})
    told = wrong.to(turn.language) if wrong else said or " ".join(spoken[one] for one in (title, say) if one)
    frame = {
        "lang": turn.language,
        "other": "vi" if turn.language == "en" else "en",
        "other_name": "Tiếng Việt" if turn.language == "en" else "English",
        "title": f"{spoken[title]} · {kiosk.settings.name.to(turn.language)}",
        "facility_name": kiosk.settings.name.to(turn.language),
        "body": Markup(body),
        "said": told,
        "status": status.to(turn.language),
        "tone": tone,
        "page": "/who" if name == "child" else common["address"],
        "screen": name,
        "ask": str(0 if name == "ticket" else kiosk.settings.ask_after),
        "forget": str(TICKET_SECONDS if name == "ticket" else kiosk.settings.forget_after),
        "refresh": Markup(_refresh(kiosk, name)),
    }
    return _fill("base", {**common, **frame})


def _refresh(kiosk: Kiosk, name: str) -> str:
    """Without script the page itself leaves after its time."""
    if name == "start":
        return ""
    seconds = TICKET_SECONDS if name == "ticket" else kiosk.settings.forget_after
    return f'<noscript><meta http-equiv="refresh" content="{seconds};url=/forget"></noscript>'


def _wrong(wrong: Text | None, language: str) -> Markup:
    return Markup(f'<p class="wrong" role="alert">{escape(wrong.to(language))}</p>' if wrong else "")


def _tile(room: Room, language: str) -> str:
    name, place = escape(room.name.to(language)), escape(room.place.to(language))
    return f'<button class="tile" name="room" value="{room.code}"><b>{name}</b><span>{place}</span></button>'


def _room_name(room: Room | None, language: str) -> str:
    return (room.name if room else words.WORDS["ticket_desk"]).to(language)


def _code(given: Ticket, language: str) -> Markup:
    """The code of the visit and its QR code, for the desk's scanner; no QR code where nothing draws one."""
    if given.visit is None:
        return Markup("")
    label = escape(words.WORDS["ticket_code"].to(language))
    return Markup(
        f'<figure class="code">{_qr(given.visit, label)}<figcaption>{escape(given.visit)}</figcaption></figure>'
    )


def _qr(text: str, label: str) -> str:
    try:
        from ymach.base.qr import qr_path  # on use: the drawing is an extra of the agent

        path, side = qr_path(text)
    except ImportError:
        return f"<span>{label}</span>"
    box = f"-2 -2 {side + 4} {side + 4}"
    return f'<svg viewBox="{box}" role="img" aria-label="{label}"><path stroke="currentColor" d="{path}"/></svg>'


def _fill(name: str, values: Mapping[str, str]) -> str:
    safe = {key: value if isinstance(value, Markup) else escape(value) for key, value in values.items()}
    return _template(name).substitute(safe)


@cache
def _template(name: str) -> Template:
    return Template(files("ymach.agent.kiosk").joinpath(f"pages/{name}.html").read_text(encoding="utf-8"))
