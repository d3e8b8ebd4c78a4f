"""What a kiosk offers: `kiosk.toml` in the agent's folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ymach.agent import durable
from ymach.agent.errors import WrongSetting
from ymach.base.errors import Misconfigured
from ymach.base.text import Text

FILE_NAME = "kiosk.toml"
_CODE = re.compile(r"[A-Z0-9]{1,8}")
_LETTER = re.compile(r"[A-Z]?")


class NoRooms(Misconfigured):
    code = "YM-AGENT-KIOSK-ROOMS"
    sentence = Text(
        "Chưa có tệp {file}. Máy đã tạo tệp mẫu: ghi các phòng khám của cơ sở vào đó, rồi chạy lại.",
        "The file {file} was missing. A sample was made: write your rooms into it, then run again.",
    )


@dataclass(frozen=True, slots=True)
class Room:
    """A tile of the screen. service_code and service_name: the first cost of the visit (MA_DICH_VU, TEN_DICH_VU)."""

    code: str
    name: Text
    place: Text
    service_code: str
    service_name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """rooms: the tiles, in their order. letter: before every number, where a facility has several kiosks.

    again_minutes: for how long the same person gets the same number again. ask_after, forget_after: seconds without a
    touch until the screen asks, and until it forgets the person. insured, uninsured: the category of attendance
    (MA_DOITUONG_KCB, Decision 3276/QD-BYT 2025) that the notice states; the desk corrects it where it is another.
    """

    name: Text
    rooms: tuple[Room, ...]
    letter: str = ""
    again_minutes: int = 60
    ask_after: int = 30
    forget_after: int = 45
    prints: bool = True
    insured: str = "1.1"
    uninsured: str = "9"

    def room(self, code: str) -> Room | None:
        return next((room for room in self.rooms if room.code == code), None)


def load(home: Path) -> Settings:
    """The settings of a folder. Raises NoRooms after putting a sample there, WrongSetting."""
    file = home / FILE_NAME
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        sample = files("ymach.agent.kiosk").joinpath("sample.toml").read_bytes()
        durable.write(file, sample)
        raise NoRooms(file=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongSetting(why=f"{FILE_NAME}: {wrong}") from wrong
    try:
        return _read(values)
    except (KeyError, TypeError, ValueError) as wrong:
        raise WrongSetting(why=f"{FILE_NAME}: {wrong}") from wrong


def _read(values: Mapping[str, Any]) -> Settings:
    rooms = tuple(_room(one) for one in values["rooms"])
    if not rooms or len({room.code for room in rooms}) < len(rooms):
        raise ValueError("rooms")
    letter = str(values.get("letter", ""))
    if not _LETTER.fullmatch(letter):
        raise ValueError("letter")
    numbers = {name: int(values[name]) for name in ("again_minutes", "ask_after", "forget_after") if name in values}
    texts = {name: str(values[name]) for name in ("insured", "uninsured") if name in values}
    made = Settings(_text(values, "name"), rooms, letter, prints=bool(values.get("prints", True)), **numbers, **texts)  # type: ignore[arg-type]
    if not 0 < made.ask_after < made.forget_after or made.again_minutes < 0:
        raise ValueError("ask_after, forget_after, again_minutes")
    return made


def _room(values: Mapping[str, Any]) -> Room:
    code = str(values["code"])
    if not _CODE.fullmatch(code):
        raise ValueError(f"code = {code}")
    service = (str(values["service_code"]), str(values["service_name"]))
    if not all(service):
        raise ValueError(f"{code}: service_code, service_name")
    return Room(code, _text(values, "name"), _text(values, "place"), *service)


def _text(values: Mapping[str, Any], name: str) -> Text:
    """`name` in Vietnamese and `name_en`; without the English one the Vietnamese stands for both."""
    vi = str(values[name])
    return Text(vi, str(values.get(f"{name}_en") or vi))
