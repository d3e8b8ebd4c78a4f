"""From where a request reaches us."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from ymach.publication.asking import address_of, household_of


def reader_address(request: HttpRequest) -> str:
    """The address a request comes from, behind our own proxies (`YMACH_PROXIES`); what others claim is not believed.

    Of IPv6 the network of the customer, who has many addresses."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return household_of(
        address_of(request.META.get("REMOTE_ADDR", ""), forwarded, proxies=settings.ENVIRONMENT.proxies)
    )
