"""Telling somebody something, and reading it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, TextField, Value, When

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.text import Text
from ymach.notices.models import Letter, Notice
from ymach.notices.queries import visible_to
from ymach.notices.recipients import Recipient, addresses_of

PATIENCE = timedelta(days=5)
"""How long a letter is tried, as mail servers do (RFC 5321 §4.5.4.1: at least 4 to 5 days)."""

FORGOTTEN = Case(When(is_link_secret=True, then=Value("")), default=F("link"), output_field=TextField())

NOTICES = "/notices"
SUBJECT = Text("Ymạch: có việc cần xem", "Ymạch: something for you to look at")


def tell(
    *,
    to: Recipient,
    text: Text,
    link: str,
    by: Actor,
    at: datetime,
    letter: bool = False,
    letter_text: Text | None = None,
    citizen_id: UUID | None = None,
    is_own: bool = True,
) -> Notice:
    """Put one sentence on the page of `to`, in the caller's transaction.

    text: formatted, in both languages, without personal numbers. link: path on this site, or "". letter: also write to
    every e-mail address known of the recipient (none known: the notice alone). letter_text: what the letter says instead,
    where the notice says more of a person than may stand in an e-mail. at: aware. citizen_id: whose health book the link
    opens; where that is not the recipient's (is_own), the letter leads to the notice, for no address names a person.
    Raises ValueError for a link that leaves this site.
    """
    _check_path(link)
    with transaction.atomic():
        said = {"vi": text.vi, "en": text.en, "link": link, "citizen_id": citizen_id}
        notice = Notice.objects.create(**asdict(to), **said, told_by=str(by), at=at)
        page = link if is_own else NOTICES
        for address in addresses_of(to, on=vietnam_day(at)) if letter else ():
            write_letter(address=address, subject=SUBJECT, body=letter_text or text, link=page, at=at)
    return notice


def write_letter(
    *, address: str, subject: Text, body: Text, link: str, at: datetime, is_link_secret: bool = False
) -> Letter:
    """Put a letter into the outbox, in the caller's transaction; `ymach worker` sends it.

    is_link_secret: the link is forgotten when the letter is sent, given up or withdrawn.
    Raises ValueError for a link that leaves this site.
    """
    _check_path(link)
    return Letter.objects.create(
        address=address,
        subject_vi=subject.vi,
        subject_en=subject.en,
        body_vi=body.vi,
        body_en=body.en,
        link=link,
        is_link_secret=is_link_secret,
        created_at=at,
        due_at=at,
        deadline_at=at + PATIENCE,
    )


def withdraw_letter(letter_id: UUID, *, at: datetime) -> bool:
    """Take a letter that has not been sent out of the outbox; False when it has been sent, or is being sent."""
    waiting = Letter.objects.filter(pk=letter_id, state=Letter.State.WAITING)
    return bool(waiting.update(state=Letter.State.WITHDRAWN, settled_at=at, link=FORGOTTEN))


def mark_read(ids: Iterable[UUID], *, by: Actor, at: datetime) -> int:
    """Mark those of the notices that `by` may see, and that nobody has read, as read at `at`; how many."""
    unread = visible_to(by).filter(pk__in=list(ids), read_at=None)
    return unread.update(read_at=at, read_by=str(by))


def mark_all_read(*, by: Actor, at: datetime) -> int:
    """Mark everything that waits for `by` as read; how many."""
    return visible_to(by).filter(read_at=None, at__lte=at).update(read_at=at, read_by=str(by))


def _check_path(link: str) -> None:
    if link and (not link.startswith("/") or link.startswith("//") or "\\" in link or any(c.isspace() for c in link)):
        message = "a notice leads to a page of this site"
        raise ValueError(message)
