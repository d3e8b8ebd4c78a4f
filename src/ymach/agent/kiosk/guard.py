"""Who may talk to the kiosk: only its own pages, in a browser on this machine.

Another web page open on the machine can send requests to localhost, and a name of the attacker's can be made to point
there (DNS rebinding). So the Host must be ours, a form must come from our own page (Origin, Sec-Fetch-Site), and it
must carry what that page was given.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would have forms state the Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
"""On every answer. no-store: what was shown of a person is in no cache and not behind the back button."""


def hosts(port: int) -> frozenset[str]:
    """The names by which this machine may call its own kiosk."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def is_ours(headers: Mapping[str, str], *, port: int) -> bool:
    """Whether a request is meant for this kiosk and comes from no foreign page."""
    host, origin = headers.get("Host", ""), headers.get("Origin")
    if host.lower() not in hosts(port):
        return False
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return False
    return headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}


def carries(form_token: str, given: str) -> bool:
    """Whether a form carries the token of its own turn."""
    return hmac.compare_digest(form_token.encode(), given.encode())
