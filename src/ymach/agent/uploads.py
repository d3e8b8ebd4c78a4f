"""Large files over bad lines: in pieces, each with its digest, gone on with where the line broke.

A line that breaks costs one piece, not the file. How far an upload came is kept beside the queue, so that also a
restarted machine goes on. A server without these doors gets the file in one request.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import httpx
import orjson

from ymach.agent import durable
from ymach.agent.errors import StrangeAnswer
from ymach.agent.lanes import HEADER
from ymach.agent.server import LATER, NOT_THERE, Answer, Server, answer_object

_BEGUN = {httpx.codes.OK, httpx.codes.CREATED}
_ANEW = {httpx.codes.NOT_FOUND, httpx.codes.GONE, httpx.codes.CONFLICT}
_MOST_STARTS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """An upload under way: the server's number for it, bytes per piece, pieces the server has."""

    upload: str
    chunk_size: int
    done: int = 0


@dataclass(slots=True)
class Uploads:
    """Sends bodies in pieces. folder: where progress is kept. told: called with pieces done and pieces in all."""

    server: Server
    folder: Path
    told: Callable[[int, int], None] | None = None
    offered: bool = True

    def submit(self, content: bytes, *, lane: str = "") -> Answer:
        """Send one dossier in pieces; the answer is that of a submission. lane: the lane claimed for it, "" for none.

        Raises ServerAway when the line breaks: the next call with the same content goes on from there.
        """
        digest = sha256(content).hexdigest()
        for _ in range(_MOST_STARTS if self.offered else 0):
            begun = self._kept(digest) or self._begin(digest, len(content), lane)
            if not isinstance(begun, Progress):
                if begun is not None:
                    return begun
                break
            answer, finished = self._go_on(digest, content, begun, lane)
            if answer.status_code in LATER:
                return self.server.read(answer)
            self._file(digest).unlink(missing_ok=True)
            if finished and answer.status_code not in _ANEW:
                return self.server.read(answer)
            # The server forgot this upload or lost a piece: begin anew.
        return self.server.submit(content, lane=lane)

    def _begin(self, digest: str, size: int, lane: str) -> Progress | Answer | None:
        """A new upload; the answer when the server wants it later; None when it takes no pieces."""
        body = orjson.dumps({"size": size, "sha256": digest})
        headers = {"Content-Type": "application/json", **_claim(lane)}
        answer = self.server.ask("POST", "/api/v1/uploads", body, headers)
        if answer.status_code in LATER - NOT_THERE:
            return self.server.read(answer)
        if answer.status_code not in _BEGUN:
            self.offered = answer.status_code not in NOT_THERE
            return None
        told = answer_object(answer)
        chunk_size = told.get("chunk_size")
        if not isinstance(told.get("upload"), str) or not isinstance(chunk_size, int) or chunk_size <= 0:
            raise StrangeAnswer(why="uploads")
        return self._keep(digest, Progress(told["upload"], chunk_size))

    def _go_on(self, digest: str, content: bytes, progress: Progress, lane: str) -> tuple[httpx.Response, bool]:
        """Send the pieces that are missing, then say that it is all. The last answer, and whether all pieces arrived."""
        total = -(-len(content) // progress.chunk_size)
        for number in range(progress.done, total):
            piece = content[number * progress.chunk_size : (number + 1) * progress.chunk_size]
            answer = self._put(progress.upload, number, piece, lane)
            if not answer.is_success:
                return answer, False
            progress = self._keep(digest, replace(progress, done=number + 1))
            if self.told is not None:
                self.told(progress.done, total)
        finish = f"/api/v1/uploads/{progress.upload}/finish"
        return self.server.ask("POST", finish, headers=_claim(lane)), True

    def _put(self, upload: str, number: int, piece: bytes, lane: str) -> httpx.Response:
        stated = base64.b64encode(sha256(piece).digest()).decode()
        headers = {"Content-Type": "application/octet-stream", "Digest": f"sha-256={stated}", **_claim(lane)}
        return self.server.ask("PUT", f"/api/v1/uploads/{upload}/chunks/{number}", piece, headers)

    def _kept(self, digest: str) -> Progress | None:
        try:
            kept = orjson.loads(self._file(digest).read_bytes())
            return Progress(str(kept["upload"]), int(kept["chunk_size"]), int(kept["done"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, digest: str, progress: Progress) -> Progress:
        durable.write(self._file(digest), orjson.dumps(asdict(progress)))
        return progress

    def _file(self, digest: str) -> Path:
        return self.folder / f"{digest}.json"


def _claim(lane: str) -> dict[str, str]:
    return {HEADER: lane} if lane else {}
