"""Several desks at once, with real commits: no ring of links, no second wristband, nobody waits for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from tests.support.committed import own_database
from tests.support.factories import AT, BY, make_facility

from ymach.audit.queries import verify
from ymach.base.ids import new_id
from ymach.citizens.links import errors
from ymach.citizens.links.actions import link, unlink
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.provisional.actions import give
from ymach.citizens.provisional.details import Details
from ymach.citizens.provisional.details import Kind as Without
from ymach.citizens.provisional.linking import confirm
from ymach.citizens.provisional.shown import Shown, read_shown

EVIDENCE = Evidence(Kind.RELATIVE, "Vợ")
CARD = "001085012345||Lê Văn An|17051985|Nam|Hà Nội|02052022"


@pytest.fixture(scope="module", autouse=True)
def _own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own_database("links", django_db_blocker):
        yield


def at_once(work: list[Callable[[], object]]) -> Counter[str]:
    """How many of all, started together, each on a connection of its own, came to what."""
    barrier = Barrier(len(work))

    def run(one: Callable[[], object]) -> str:
        barrier.wait()
        try:
            one()
        except (errors.AlreadyJoined, errors.LinkNotFound) as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(work)) as pool:
        return Counter(pool.map(run, work))


def person() -> UUID:
    return Citizen.objects.create(full_name="A", name_folded="a", assurance="stated", created_at=AT).citizen_id


def test_links_made_at_once_close_no_ring() -> None:
    people = [person() for _ in range(4)]
    pairs = [(one, other) for one in people for other in people if str(one) < str(other)]
    came = at_once([lambda pair=pair: link(*pair, evidence=EVIDENCE, reason="x", by=BY, at=AT) for pair in pairs])

    assert came == {"done": 3, "YM-IDN-ALREADY-JOINED": 3}
    assert set(identities_of(people[:1])) == set(people)


def test_a_form_sent_by_two_hands_gives_one_wristband_and_desks_do_not_lock_each_other_out() -> None:
    facility, form = make_facility("01001"), new_id()
    bands: list[Any] = []

    def give_one() -> None:
        bands.append(give(kind=Without.UNKNOWN, details=Details(), facility=facility, form=form, by=BY, at=AT))

    assert at_once([give_one] * 3) == {"done": 3}
    assert len({one.code for one in bands}) == 1
    shown: Shown = read_shown(Kind.CITIZEN_CARD, {"scan": CARD}, on=AT.date())
    one, other = person(), person()
    link(one, other, evidence=EVIDENCE, reason="x", by=BY, at=AT)
    came = at_once(
        [
            *[lambda: confirm(bands[0], shown, reason="x", by=BY, at=AT)] * 3,
            *[lambda: unlink(one, other, reason="x", by=BY, at=AT)] * 2,
        ]
    )
    assert came == {"done": 2, "YM-IDN-ALREADY-JOINED": 2, "YM-IDN-NO-LINK": 1}
    assert verify().holds
