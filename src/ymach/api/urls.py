"""Addresses of the API."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import path

from ymach.api.v1 import api
from ymach.exchange.platform import platform_key
from ymach.trust.platform import jwks


def published_keys(request: HttpRequest) -> HttpResponse:
    """The public keys that verify receipts, as a JSON Web Key Set."""
    return HttpResponse(orjson.dumps(jwks(platform_key())), content_type="application/jwk-set+json")


urlpatterns = [
    path("api/v1/", api.urls),
    path(".well-known/jwks.json", published_keys, name="jwks"),
]
