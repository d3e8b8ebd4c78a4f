"""Papers that people gave, as answers: to look at or to keep; nothing in them can run here."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def paper_answer(content: bytes, *, media_type: str, name: str, is_shown: bool = False) -> HttpResponse:
    """The file under its own name. is_shown: pictures are looked at in place, everything else is kept as a file."""
    answer = HttpResponse(content, content_type=media_type)
    way = "inline" if is_shown and media_type.startswith("image/") else "attachment"
    ascii_name = name.encode("ascii", "ignore").decode() or "paper"
    answer["Content-Disposition"] = f"{way}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
