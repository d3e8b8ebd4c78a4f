"""What is taken along of a book: without restricted compartments, and told that something is left out."""

from __future__ import annotations

from datetime import timedelta

from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.consent.rules import Facts, Purpose, Question, decide
from ymach.exchange.books.gathering import without_restricted
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.gate import Opened
from ymach.web.shown import own as shown

ME = new_id()


def entry(kind: str, code: str, *, days: int = 0, compartment: str = "") -> Entry:
    at = now() - timedelta(days=days)
    return Entry(ME, new_id(), ME, "99001", new_id(), code, kind, at, None, compartment, 1, {"diagnosis": "I10"})


def opened(*entries: Entry) -> Opened:
    question = Question(now(), Purpose.OWN, frozenset({ME}), reader_citizen_id=ME)
    return Opened(ME, frozenset({ME}), decide(question, Facts()), now(), entries)


def test_the_restricted_part_stays_at_home_and_the_paper_says_so() -> None:
    taken = without_restricted(opened(entry("visit", "a"), entry("visit", "b", compartment="hiv")))
    assert [one.dossier_code for one in taken.entries] == ["a"]
    assert taken.is_partial


def test_a_book_without_restricted_part_is_taken_whole() -> None:
    taken = without_restricted(opened(entry("visit", "a")))
    assert (len(taken.entries), taken.is_partial) == (1, False)


def test_an_episode_is_one_line_whatever_was_recorded_under_it() -> None:
    stays = shown.stays_of(
        [entry("prescription", "a"), entry("visit", "a"), entry("visit", "b", days=400), entry("check-in", "c")], {}
    )
    assert sorted(one.main.kind for one in stays) == ["check-in", "visit", "visit"]
    assert sum(len(one.also) for one in stays) == 1


def test_the_list_is_narrowed_by_year_kind_and_place() -> None:
    stays = shown.stays_of([entry("prescription", "a"), entry("visit", "a"), entry("visit", "b", days=400)], {})
    kept = [one for one in stays if shown.Wanted(kind="prescription").keeps(one)]
    assert [one.main.dossier_code for one in kept] == ["a"]
    assert not [one for one in stays if shown.Wanted(place="99002").keeps(one)]
    assert len([one for one in stays if shown.Wanted(year=str(stays[-1].year)).keeps(one)]) == 1
