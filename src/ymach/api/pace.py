"""What is open to everybody is bounded for each address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from ymach.base.clock import now
from ymach.publication.asking import address_of, check_pace


def check_public_pace(request: HttpRequest) -> None:
    """One more question from the request's address. Raises TooMany beyond YMACH_PUBLIC_PER_MINUTE."""
    environment = settings.ENVIRONMENT
    if not environment.public_per_minute:
        return
    forwarded = request.headers.get("X-Forwarded-For", "")
    address = address_of(request.META.get("REMOTE_ADDR", ""), forwarded, proxies=environment.proxies)
    check_pace(address, allowed=environment.public_per_minute, at=now())
