"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because machines ask most often, and addresses are tried one after the other.
    path("", include("ymach.api.urls")),
    path("", include("ymach.web.urls")),
]

handler400 = "ymach.web.errors.bad_request"
handler500 = "ymach.web.errors.fault"
