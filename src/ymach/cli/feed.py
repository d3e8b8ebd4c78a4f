"""Facilities of the synthetic country sending over HTTP, as their software does: sign in, sign, submit, keep answers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

from ymach.agent.keys import of_key
from ymach.agent.server import Answer, Server
from ymach.synth.certificates import Certificates
from ymach.synth.world import Sender

BATCH = 20


class Feed:
    """Sends for many facilities to one server.

    base_url: address of the server, by which it knows itself.
    """

    def __init__(self, base_url: str, certificates: Certificates) -> None:
        self._base_url, self._certificates = base_url, certificates
        self._servers: dict[str, Server] = {}
        self._open = ExitStack()

    def __enter__(self) -> Feed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def send(self, sender: Sender, contents: Sequence[bytes]) -> list[Answer]:
        """Send files of one facility, in batches; an answer each, in order. Raises YmachError when it cannot sign in."""
        server = self._server(sender)
        answers: list[Answer] = []
        for start in range(0, len(contents), BATCH):
            some = [(str(start + place), one) for place, one in enumerate(contents[start : start + BATCH])]
            by_id = server.submit_batch(some)
            answers += [by_id[name] for name, _ in some]
        return answers

    def _server(self, sender: Sender) -> Server:
        if sender.code not in self._servers:
            issued = self._certificates.issued(sender)
            identity = of_key(issued.key, issued.certificate, tuple(issued.chain))
            server = Server(self._base_url, sender.code, identity)
            self._servers[sender.code] = self._open.enter_context(server)
        return self._servers[sender.code]
