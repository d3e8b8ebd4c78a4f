"""The register of processing as the program has it now, and what differs between two. Plain functions.

What people say of each activity stands in `processing.toml`. Which roles may do it and where data go is read from the
program itself, so that a permission given to another role, or a new recipient, shows as a change of the register.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from ymach.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from ymach.accounts.words import ROLE_WORDS
from ymach.base.text import Text
from ymach.consent.words import PURPOSE_WORDS
from ymach.exchange.deliveries import names
from ymach.registers.rules import Change

FIELDS: Mapping[str, Text] = {
    "purpose": Text("Mục đích", "Purpose"),
    "subjects": Text("Của ai", "Whose"),
    "kinds": Text("Loại dữ liệu", "Kinds of data"),
    "bases": Text("Căn cứ", "Basis"),
    "recipients": Text("Nơi nhận", "Recipients"),
    "roles": Text("Ai được làm", "Who may"),
    "retention": Text("Lưu bao lâu", "Kept for"),
    "measures": Text("Biện pháp bảo vệ", "Measures"),
    "risks": Text("Rủi ro và cách giảm", "Risks, and what lessens them"),
}


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of processing. Lists are in the order of the file; roles and recipients in that of the program."""

    code: str
    title: Text
    is_sensitive: bool
    values: Mapping[str, tuple[Text, ...]]

    def as_json(self) -> dict[str, Any]:
        """The activity as it is kept and handed out."""
        values = {name: [[one.vi, one.en] for one in told] for name, told in self.values.items()}
        return {"code": self.code, "title": [self.title.vi, self.title.en], "is_sensitive": self.is_sensitive, **values}


@cache
def activities() -> tuple[Activity, ...]:
    """The register as the program and its file have it now."""
    told = _file()
    return tuple(_activity(one, told["measures"]) for one in told["activity"])


def abroad() -> Text:
    """Whether data leave the country."""
    return _text(_file()["abroad"]["text"])


def unplaced() -> set[str]:
    """Permission words and destinations that stand under no activity, or that the program does not know: there should be none."""
    told = _file()
    words = {word for one in told["activity"] for word in one["words"]} | set(told["without"]["words"])
    places = {place for one in told["activity"] for place in one["destinations"]}
    return ({one.value for one in Permission} ^ words) | (set(names.DESTINATIONS) ^ places)


def content() -> dict[str, Any]:
    """The register as JSON, the same for the same register."""
    return {"activities": [one.as_json() for one in activities()], "abroad": [abroad().vi, abroad().en]}


def digest_of(said: Mapping[str, Any]) -> str:
    """SHA-256 over the register as canonical JSON, in hexadecimal."""
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """What differs between two registers (as `content`), activity by activity and field by field, in Vietnamese."""
    old = {one["code"]: one for one in before["activities"]}
    new = {one["code"]: one for one in after["activities"]}
    for code in [*new, *(code for code in old if code not in new)]:
        was, now = old.get(code), new.get(code)
        title = _text((now or was or {})["title"])
        if was is None or now is None:
            yield Change(code, title, "", (title.vi,) if was else (), (title.vi,) if now else ())
            continue
        for field in FIELDS:
            gone, come = (tuple(vi for vi, _ in one.get(field, ())) for one in (was, now))
            if gone != come:
                yield Change(code, title, field, gone, come)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files("ymach.registers") / "processing.toml").read_text(encoding="utf-8"))


def _activity(told: Mapping[str, Any], measures: Mapping[str, Sequence[str]]) -> Activity:
    values = {
        "purpose": (_text(told["purpose"]), *(PURPOSE_WORDS.values() if told.get("has_consents") else ())),
        "subjects": (_text(told["subjects"]),),
        "kinds": tuple(map(_text, told["kinds"])),
        "bases": tuple(Text(one, one) for one in told["bases"]),
        "recipients": tuple(names.WORDS[one] for one in told["destinations"]),
        "roles": tuple(ROLE_WORDS[role] for role in Role if _holds(role, told["words"])),
        "retention": (_text(told["retention"]),),
        "measures": tuple(_text(measures[one]) for one in told["measures"]),
        "risks": tuple(Text(f"{one[0]}: {one[2]}", f"{one[1]}: {one[3]}") for one in told["risks"]),
    }
    return Activity(told["code"], _text(told["title"]), bool(told["is_sensitive"]), values)


def _holds(role: Role, words: Sequence[str]) -> bool:
    return bool(ROLE_PERMISSIONS[role] & {Permission(word) for word in words})


def _text(pair: Sequence[str]) -> Text:
    vi, en = pair
    return Text(vi, en)
