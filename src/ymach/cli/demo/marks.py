"""What has been done already, so that the next start goes on from there: files in the demonstration's folder."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import ymach


class Marks:
    """What is done once, each a file with its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def put(self, name: str, content: str = "1") -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(content, encoding="utf-8")

    def take_off(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything: the marks are of a database that is gone."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def once_for(self, files: str) -> Iterator[bool]:
        """Whether something made of these files of the package is due; done when the block ends."""
        state, kept = _state_of_package(files), self.folder / f"made-of-{files.partition('/')[0]}"
        is_due = not kept.exists() or kept.read_text(encoding="utf-8") != state
        yield is_due
        if is_due:
            self.put(kept.name, state)


def _state_of_package(files: str) -> str:
    """A digest that changes with any of the package's files of that pattern."""
    package, digest = Path(ymach.__file__).parent, hashlib.sha256()
    for path in sorted(package.rglob(files)):
        digest.update(f"{path.relative_to(package)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()
