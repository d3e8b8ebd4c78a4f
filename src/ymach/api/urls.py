"""Addresses of the API."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from ymach.api.errors import MethodRefused, render
from ymach.api.v1 import api
from ymach.base.errors import NotFound
from ymach.exchange.platform import platform_key
from ymach.trust.platform import jwks

View = Callable[..., HttpResponse]


def with_problems(view: View) -> View:
    """`view`, whose refusal of a method or an address is a problem document as every other refusal of the API."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return render(request, NotFound())
        if not isinstance(answer, HttpResponseNotAllowed):
            return answer
        problem = render(request, MethodRefused(method=request.method))
        problem["Allow"] = answer["Allow"]
        return problem

    return told


@with_problems
@require_safe
def published_keys(request: HttpRequest) -> HttpResponse:
    """The public keys that verify receipts, as a JSON Web Key Set."""
    return HttpResponse(orjson.dumps(jwks(platform_key())), content_type="application/jwk-set+json")


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Programs are told in their own form that there is nothing here."""
    return render(request, NotFound())


_operations, _app, _namespace = api.urls
for _operation in _operations:
    if isinstance(_operation, URLPattern):
        _operation.callback = with_problems(_operation.callback)

urlpatterns = [
    path("api/v1/", (_operations, _app, _namespace)),
    path(".well-known/jwks.json", published_keys, name="jwks"),
    re_path(r"^(?:api|\.well-known)/", no_such_address),
]
