"""The first page of each role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ymach.web.access import actor_of_request, signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What an account without any role sees."""
    return render(request, "pages/no_role.html", {"name": actor_of_request(request).label})
