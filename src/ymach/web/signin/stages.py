"""The step between the first proof and the session."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from ymach.web.signin.library import (
    AuthenticateStage,
)


class SecondFactor(AuthenticateStage):  # type: ignore[misc]
    """Asked of every account that has a second factor, unless it signed in with a passkey, which is both at once."""

    urlname = "second-factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self._should_handle(self.request):
            return HttpResponseRedirect(reverse("second-factor")), True
        return None, True
