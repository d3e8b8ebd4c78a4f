"""Answers of the API, compressed for who can read that: zstd or gzip.

Left alone: short ones, tokens (a secret beside what the asker sent could be guessed from the length), and events, which
must leave as they happen.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import zstandard
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import patch_vary_headers

PREFIXES = ("/api/", "/.well-known/")
SHORTEST = 1024
_SECRET = "/api/v1/token"  # noqa: S105 - an address
_KINDS = ("application/", "text/")
_NEVER = ("text/event-stream", "application/pdf", "application/zip", "application/vnd.openxmlformats")
_LEVEL = 3
Handler = Callable[[HttpRequest], HttpResponse]


class Compressed:
    """Middleware of the API, outside the lanes: nobody waits for a turn while this works."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PREFIXES) and request.path != _SECRET and _is_fit(response):
            patch_vary_headers(response, ("Accept-Encoding",))
            encoding = chosen(request.headers.get("Accept-Encoding", ""))
            if encoding:
                _compress(response, encoding)
        return response


def chosen(accepted: str) -> str:
    """The encoding of ours that an `Accept-Encoding` likes best (RFC 9110 §12.5.3), "" for none; zstd among equals."""
    wished = dict(map(_read, accepted.lower().split(",")))
    best = max(("zstd", "gzip"), key=lambda name: wished.get(name, wished.get("*", 0.0)))
    return best if wished.get(best, wished.get("*", 0.0)) > 0 else ""


def _read(part: str) -> tuple[str, float]:
    name, _, parameter = part.partition(";")
    _, _, weight = parameter.partition("=")
    try:
        return name.strip(), float(weight) if weight.strip() else 1.0
    except ValueError:
        return name.strip(), 0.0


def _is_fit(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "")
    if response.has_header("Content-Encoding") or not kind.startswith(_KINDS) or kind.startswith(_NEVER):
        return False
    return response.streaming or len(response.content) >= SHORTEST


def _compress(response: HttpResponse, encoding: str) -> None:
    response["Content-Encoding"] = encoding
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = _pieces(cast("Iterable[bytes]", response.streaming_content), encoding)
        return
    packed = _zstd().compress(response.content) if encoding == "zstd" else gzip.compress(response.content, 6, mtime=0)
    response.content = packed
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(packed))


def _pieces(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Each piece leaves at once, in a block of its own."""
    packer: Any = _zstd().compressobj() if encoding == "zstd" else zlib.compressobj(6, zlib.DEFLATED, 31)
    block = zstandard.COMPRESSOBJ_FLUSH_BLOCK if encoding == "zstd" else zlib.Z_SYNC_FLUSH
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(block)
    yield packer.flush()


def _zstd() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL)
