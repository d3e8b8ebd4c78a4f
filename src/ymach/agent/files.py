"""Finding the files to send, and preparing each: signed if it is not, kept as the exact bytes that will be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from ymach.agent.errors import NothingToDo, Unreadable
from ymach.agent.queue import Entry, Queue
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.trust.signing import Signer, is_signed


@dataclass(frozen=True, slots=True)
class Unready:
    """A file that could not be prepared, with the code and sentence that say why."""

    path: Path
    code: str
    sentence: Text


def discover(given: Iterable[Path]) -> list[Path]:
    """The XML files among `given` files and folders (with all below), each once, in order of name.

    Raises NothingToDo naming the first place without any.
    """
    found: dict[Path, None] = {}
    for place in given:
        here = sorted(one for one in place.rglob("*") if _is_xml(one)) if place.is_dir() else [place]
        if not here or not here[0].is_file():
            raise NothingToDo(where=str(place))
        found.update(dict.fromkeys(here))
    return list(found)


def sign_to(path: Path, folder: Path, signer: Signer, *, at: datetime | None) -> Path:
    """Sign one file into `folder` under its own name; a file that is signed already is copied unchanged.

    at: the moment to state as the signing time, or None. Raises NotADossier, Unreadable.
    """
    target = folder / path.name
    _write(target, _signed(read_file(path), signer, at))
    return target


@dataclass(frozen=True, slots=True)
class Preparing:
    """Puts files into the queue. signer: None to send files as they are."""

    queue: Queue
    folder: Path
    signer: Signer | None

    def add(self, path: Path, *, at: datetime) -> Entry | Unready:
        """The queue's entry of a file; content that is queued or done already is not signed again."""
        try:
            content = read_file(path)
            source_digest = sha256(content).hexdigest()
            known = self.queue.find(source_digest)
            if known is not None and (known.state.is_final or kept_content(self.folder, known) is not None):
                return known
            ready = self.ready(content)
        except YmachError as refused:
            return Unready(path, refused.code, refused.text)
        digest = sha256(ready).hexdigest()
        _write(self.folder / f"{digest}.xml", ready)
        return self.queue.add(source_digest=source_digest, path=path.absolute(), digest=digest, at=at)

    def ready(self, content: bytes) -> bytes:
        """The bytes to send for a file's content. Raises NotADossier."""
        return content if self.signer is None else _signed(content, self.signer, None)


def read_file(path: Path) -> bytes:
    """The content of a file. Raises Unreadable."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Unreadable(why=wrong.strerror or path.name) from wrong


def kept_content(folder: Path, entry: Entry) -> bytes | None:
    """The signed bytes of an entry, if they are still what was queued."""
    try:
        content = (folder / f"{entry.digest}.xml").read_bytes()
    except FileNotFoundError:
        return None
    return content if sha256(content).hexdigest() == entry.digest else None


def _signed(content: bytes, signer: Signer, at: datetime | None) -> bytes:
    return content if is_signed(content) else signer.sign(content, at=at)


def _is_xml(path: Path) -> bool:
    return path.suffix.lower() == ".xml" and path.is_file()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)
