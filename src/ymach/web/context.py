"""What every page's frame needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Language, actor and the mark of a demonstration."""
    return {"actor": getattr(request, "actor", None), "is_demo": settings.ENVIRONMENT.demo}
