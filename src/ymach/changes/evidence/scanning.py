"""Asking clamd, the ClamAV daemon, whether bytes are known malware: its INSTREAM command over a socket."""

from __future__ import annotations

import socket
import struct
from contextlib import ExitStack

from ymach.changes.evidence.errors import EvidenceInfected, ScannerAway

CHUNK = 64 * 1024
PATIENCE = 20.0
"""Seconds for connecting and for each answer."""

LONGEST_ANSWER = 4096


def scan(content: bytes, *, scanner: str) -> None:
    """Have `content` scanned by the clamd at `scanner` (host:port, or the path of a Unix socket).

    Raises EvidenceInfected, and ScannerAway when clamd cannot be reached or gives no verdict.
    """
    try:
        answer = _ask(content, scanner)
    except (OSError, ValueError) as fault:
        raise ScannerAway from fault
    if answer.endswith(b"FOUND"):
        raise EvidenceInfected(field="evidence")
    if not answer.endswith(b"OK"):
        raise ScannerAway


def _ask(content: bytes, scanner: str) -> bytes:
    with _connect(scanner) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            line.sendall(struct.pack("!L", len(part)) + part)
        line.sendall(struct.pack("!L", 0))
        return _read(line).rstrip(b"\0\n ")


def _connect(scanner: str) -> socket.socket:
    if scanner.startswith("/"):
        with ExitStack() as opened:
            line = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            line.settimeout(PATIENCE)
            line.connect(scanner)
            opened.pop_all()
            return line
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _read(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        part = line.recv(1024)
        if not part:
            break
        answer += part
    return answer
