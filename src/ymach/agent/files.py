"""Finding the files to send, and preparing each: signed if it is not, kept as the exact bytes that will be sent."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from ymach.agent import durable
from ymach.agent.documents import ENDINGS, DocumentSigner, is_signed
from ymach.agent.errors import NothingToDo, Unreadable
from ymach.agent.queue import CURRENT, Entry, Lane, Queue
from ymach.base.errors import Misconfigured, Unavailable, YmachError
from ymach.base.text import Text

FORBIDDEN_ON_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(\.|$)", re.IGNORECASE)
_LONGEST_NAME = 200  # bytes; the systems allow 255, and a name may get a number and an ending


@dataclass(frozen=True, slots=True)
class Unready:
    """A file that could not be prepared, with the code and sentence that say why."""

    path: Path
    code: str
    sentence: Text


def discover(given: Iterable[Path]) -> list[Path]:
    """The documents among `given` files and folders (with all below), each once, in order of name.

    Raises NothingToDo naming the first place without any.
    """
    found: dict[Path, None] = {}
    for place in given:
        here = sorted(one for one in place.rglob("*") if is_document(one)) if place.is_dir() else [place]
        if not here or not here[0].is_file():
            raise NothingToDo(where=str(place))
        found.update(dict.fromkeys(here))
    return list(found)


def sign_to(path: Path, folder: Path, signer: DocumentSigner, *, at: datetime | None) -> Path:
    """Sign one file into `folder` under its own name; a file that is signed already is copied unchanged.

    at: the moment to state as the signing time, or None. Raises NotADossier, Unreadable.
    """
    target = folder / safe_name(path.name)
    durable.write(target, _signed(read_file(path), signer, at))
    return target


def _always() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Preparing:
    """Puts files into the queue. signer: None to send files as they are.

    before_signing: raises when this machine must not sign now (its clock is wrong).
    """

    queue: Queue
    signer: DocumentSigner | None
    lane: Lane = CURRENT
    before_signing: Callable[[], object] = _always

    def add(self, path: Path, *, at: datetime) -> Entry | Unready:
        """The queue's entry of a file; content that is queued or done already is not signed again.

        What is wrong with this machine (its clock, its token) is raised; what is wrong with the file is returned.
        """
        try:
            return self.add_content(read_file(path), path.absolute(), at=at)
        except (Misconfigured, Unavailable):
            raise
        except YmachError as refused:
            return Unready(path, refused.code, refused.text)

    def add_content(self, content: bytes, path: Path, *, at: datetime) -> Entry:
        """The queue's entry of bytes that came from `path`. Raises NotADossier."""
        source_digest = sha256(content).hexdigest()
        known = self.queue.find(source_digest)
        if known is not None and (known.state.is_final or self.queue.holds(known)):
            return known
        ready = self.ready(content)
        return self.queue.add(source_digest=source_digest, path=path, content=ready, lane=self.lane, at=at)

    def ready(self, content: bytes) -> bytes:
        """The bytes to send for a file's content. Raises NotADossier, and what `before_signing` raises."""
        if self.signer is None or is_signed(content):
            return content
        self.before_signing()
        return self.signer.sign(content)


def read_file(path: Path) -> bytes:
    """The content of a file. Raises Unreadable."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Unreadable(why=wrong.strerror or path.name) from wrong


def safe_name(name: str) -> str:
    """A file name that every system takes: no colon and the like, no device of Windows, no dot or blank at the end.

    Letters with marks stay, in their composed form, which is how Windows and most programs write them.
    """
    plain = FORBIDDEN_ON_WINDOWS.sub("-", unicodedata.normalize("NFC", name)).rstrip(". ")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    while len((stem + dot + ending).encode("utf-8", "surrogatepass")) > _LONGEST_NAME and stem:
        stem = stem[:-1].rstrip(". ")
    return stem + dot + ending or "_"


def move(path: Path, folder: Path) -> Path:
    """Move a file into `folder`, under another name when there is one of its name; where it is now.

    A cut leaves it at one of the two places or, across disks, at both, never at none. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = free_name(folder, safe_name(path.name))
    try:
        path.rename(target)
    except OSError:
        # Another disk, or a network share: copy, make sure it is there, then remove.
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(path, part)
        _sync(part)
        part.replace(target)
        path.unlink()
    durable.sync_folder(folder)
    return target


def free_name(folder: Path, name: str) -> Path:
    """`name` in `folder`, or with the first number that is free."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    target, number = folder / name, 2
    while target.exists():
        target, number = folder / f"{stem}-{number}{dot}{ending}", number + 1
    return target


def is_document(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file()


def _signed(content: bytes, signer: DocumentSigner, at: datetime | None) -> bytes:
    return content if is_signed(content) else signer.sign(content, at=at)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
