"""Requests of change as lines of a list: their badge, where they stand, their term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.changes import queries
from ymach.changes.clocks import Standing, Term
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest, State, SubjectKind
from ymach.changes.rules import STATE_WORDS
from ymach.facilities.queries import names_of
from ymach.practitioners.queries import visible_to as visible_practitioners

BADGES = {
    "draft": "waiting",
    "submitted": "waiting",
    "returned": "held",
    "approved": "accepted",
    "rejected": "rejected",
    "withdrawn": "held",
    "applied": "accepted",
}
WAITS_FOR_PERSON = Text("Chờ người hành nghề xác nhận", "Waiting for the practitioner")
TONES = {Standing.OVERDUE: "bad", Standing.SOON: "note", Standing.MET_LATE: "note", Standing.MET: "good"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as one line of a list."""

    request: ChangeRequest
    title: Text
    badge: str
    word: Text
    term: Term | None
    href: str
    place: str = ""
    subject_href: str = ""

    @property
    def tone(self) -> str:
        return TONES.get(self.term.standing, "") if self.term else ""


def shown(requests: Sequence[ChangeRequest], today: date, *, actor: Actor | None = None) -> list[Shown]:
    """Requests as lines of a list; for `actor`, with the way to the people they are about, as far as `actor` sees them."""
    places = names_of(one.facility_id for one in requests)
    people = subject_addresses(requests, actor) if actor is not None else {}
    return [
        Shown(
            one,
            kind_named(one.kind).title,
            BADGES[one.state],
            word_of(one),
            queries.term_of(one, on=today),
            reverse("change", args=[one.pk]),
            places.get(one.facility_id, "") if one.facility_id else "",
            people.get(one.subject_id, ""),
        )
        for one in requests
    ]


def word_of(change: ChangeRequest) -> Text:
    """Where a request stands, in words."""
    if change.state == State.SUBMITTED and not change.is_ready:
        return WAITS_FOR_PERSON
    return STATE_WORDS[change.state]


def subject_addresses(requests: Sequence[ChangeRequest], actor: Actor) -> dict[UUID | None, str]:
    """The pages of the practitioners that requests are about and `actor` may see, by their ids."""
    asked = {one.subject_id for one in requests if one.subject_kind == SubjectKind.PRACTITIONER and one.subject_id}
    seen = visible_practitioners(actor).filter(pk__in=asked).values_list("pk", flat=True) if asked else ()
    return {key: reverse("practitioner", args=[key]) for key in seen}
