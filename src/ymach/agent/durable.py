"""Files that are there whole or not at all, also after a pull of the plug."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

PRIVATE = 0o600
_TRIES, _BETWEEN = 20, 0.05


def write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` at `path`: on the disk when this returns. The folder is made when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _replace(part, path)
    sync_folder(path.parent)


def _replace(part: Path, path: Path) -> None:
    """Windows refuses while somebody (a reader, a virus scanner) has the old file open for a moment: wait for it."""
    for _ in range(_TRIES):
        try:
            part.replace(path)
            return
        except PermissionError:
            time.sleep(_BETWEEN)
    part.replace(path)


def sync_folder(folder: Path) -> None:
    """Make names in `folder` durable. Windows keeps names with the file itself and cannot open folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
