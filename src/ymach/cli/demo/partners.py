"""The partners of the demonstration: stand-ins of all destinations in one program, and who subscribes to it."""

from __future__ import annotations

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.cli.processes import is_free
from ymach.exchange.deliveries.names import HEALTH_BOOK, INSURANCE, PRESCRIPTIONS, REFERRAL, WEBHOOK

PLACES = {INSURANCE: 0, HEALTH_BOOK: 1, PRESCRIPTIONS: 2, REFERRAL: 3, WEBHOOK: 4}
"""Ports of `ymach sandbox partners`, counted from its first."""

SUBSCRIBER = "Kho dữ liệu mẫu"


def first_port_from(port: int) -> int:
    """The first of as many free ports in a row as there are partners; `port` itself when there are none near."""
    tries = range(port, port + 100, len(PLACES))
    return next((start for start in tries if all(is_free(start + place) for place in PLACES.values())), port)


def settings(port: int) -> dict[str, str]:
    """What the site and the worker are told of partners whose first port is `port`."""
    from ymach.sandbox import health_book, insurance_portal, prescriptions

    return {
        "YMACH_INSURANCE_URL": _url(port, INSURANCE),
        "YMACH_INSURANCE_USERNAME": insurance_portal.USERNAME,
        "YMACH_INSURANCE_PASSWORD": insurance_portal.PASSWORD,
        "YMACH_HEALTH_BOOK_URL": _url(port, HEALTH_BOOK),
        "YMACH_HEALTH_BOOK_USERNAME": health_book.USERNAME,
        "YMACH_HEALTH_BOOK_PASSWORD": health_book.PASSWORD,
        "YMACH_HEALTH_BOOK_SENDER": health_book.SENDER,
        "YMACH_PRESCRIPTIONS_URL": _url(port, PRESCRIPTIONS),
        "YMACH_PRESCRIPTIONS_PASSWORD": prescriptions.PASSWORD,
        "YMACH_PRESCRIPTIONS_APP_NAME": prescriptions.APP_NAME,
        "YMACH_PRESCRIPTIONS_APP_KEY": prescriptions.PASSWORD,
        "YMACH_WEBHOOK_ALLOW": "127.0.0.0/8",
    }


def subscribe(port: int) -> None:
    """One system hears everything, and one facility takes referrals; at another port than last time, they move."""
    from ymach.exchange.models import Subscription
    from ymach.exchange.subscriptions import actions
    from ymach.facilities.models import Facility

    by, at = command("demo"), now()
    urls = {"events": f"{_url(port, WEBHOOK)}/events", "referrals": f"{_url(port, REFERRAL)}/referrals"}
    held = {one.purpose: one for one in Subscription.objects.filter(ends_at=None)}
    for purpose, one in held.items():
        if one.url != urls[purpose]:
            actions.rotate(one.id, url=urls[purpose], by=by, at=at, reason="another port")
    if "events" not in held:
        actions.create(name=SUBSCRIBER, url=urls["events"], by=by, at=at)
    taker = Facility.objects.filter(form="HOSP_GEN").order_by("code").first()
    if "referrals" not in held and taker is not None:
        actions.receive_referrals(facility=taker, url=urls["referrals"], by=by, at=at)


def _url(port: int, name: str) -> str:
    return f"http://127.0.0.1:{port + PLACES[name]}"
