"""Where to go after signing in or proving oneself again: only to pages of this site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest) -> str:
    """The page that was asked for, as the form or the address carries it; not yet to be trusted."""
    return request.POST.get("next", request.GET.get("next", ""))


def of(request: HttpRequest) -> str:
    """Where the request goes on."""
    return safe(request, wanted(request))


def safe(request: HttpRequest, address: str) -> str:
    """`address` if it is a page of this site, the first page otherwise."""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure()):
        return address
    return resolve_url(settings.LOGIN_REDIRECT_URL)
