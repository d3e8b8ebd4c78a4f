"""One page with every component in every state: what designers look at and the checks of contrast and access read."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ymach.web.access import public
from ymach.web.states import STATES

SPRITE = Path(__file__).parents[1] / "static" / "ymach" / "icons.svg"


@public
def show(request: HttpRequest) -> HttpResponse:
    """The gallery, with made-up contents."""
    from ymach.web import gallery  # on use: it draws its charts and maps when it is loaded

    names = [name for name in dir(gallery) if name.isupper()]
    context = {name.lower(): getattr(gallery, name) for name in names}
    icons = re.findall(r'id="i-([a-z]+)"', SPRITE.read_text(encoding="utf-8"))
    return render(request, "pages/gallery.html", {**context, "states": STATES, "icons": icons})
