"""The day's close: exactly what is missing, extra or elsewhere; and a partner's list against our deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.test_exchange_intake import changed, outpatient
from tests.support.deliveries import Place, make_delivery
from tests.support.intake import AT, Desk, example, open_desk

from ymach.base.actors import command
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.cli.reconcile import reconcile
from ymach.exchange.models import Delivery
from ymach.exchange.reconciliation import errors, partner_rules, queries, rules
from ymach.exchange.reconciliation.actions import compare_day, compare_partner
from ymach.exchange.reconciliation.models import DayCompared
from ymach.exchange.reconciliation.partner_rules import Line, Sent, Sort
from ymach.exchange.reconciliation.queries import Whose
from ymach.exchange.reconciliation.rules import HeldFile

DAY = vietnam_day(AT)
BY = command("test")
HEAD = "MA_CSKCB;MA_LK;TRANG_THAI;MA_GIAO_DICH\n"
DIGESTS = st.frozensets(st.integers(0, 30).map(lambda number: sha256(bytes([number])).hexdigest()))


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def file_of(digest: str, outcome: str = "accepted") -> HeldFile:
    return HeldFile(digest, new_id(), AT, outcome)


@given(DIGESTS, DIGESTS, DIGESTS)
def test_every_file_of_either_list_is_told_once(
    theirs: frozenset[str], ours: frozenset[str], other: frozenset[str]
) -> None:
    elsewhere = {one: file_of(one) for one in other - ours}
    found = rules.compare(theirs, [file_of(one) for one in ours], elsewhere)
    assert found.matched + len(found.missing) + len(found.different) == len(theirs) == found.theirs
    assert found.matched + len(found.extra) == len(ours) == found.held
    assert found.agrees == (theirs == ours)


def test_a_refused_file_is_matched_when_listed_and_missed_by_nobody() -> None:
    refused = file_of("a" * 64, "rejected")
    assert rules.compare(frozenset(), [refused], {}).agrees
    assert rules.compare(frozenset({"a" * 64}), [refused], {}).matched == 1


@pytest.mark.parametrize("wrong", ["", "xyz", "a" * 63, 7, None])
def test_what_is_no_digest_is_named_by_its_row(wrong: object) -> None:
    with pytest.raises(errors.DigestWrong) as refused:
        rules.check_digests(["A" * 64, wrong])
    assert refused.value.values["row"] == 2


def test_lists_are_bounded_and_days_are_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_DIGESTS", 2)
    with pytest.raises(errors.TooMany):
        rules.check_digests([f"{number:064x}" for number in range(3)])
    for wrong in ("2026-02-30", "20261120", "2026-11-23", 5, None):
        with pytest.raises(errors.DayWrong):
            rules.read_day(wrong, today=date(2026, 11, 22))


def test_digests_are_found_in_whatever_is_pasted() -> None:
    text = f"HS1;{'A' * 64};ok\n{{'digest': '{'b' * 64}'}} {'c' * 65}"
    assert rules.digests_in(text) == {"a" * 64, "b" * 64}
    with pytest.raises(errors.NothingRead):
        rules.digests_in("không có gì")


def close(desk: Desk, *digests: str, day: date = DAY) -> rules.DayFound:
    return compare_day(
        facility=desk.facility, day=day, digests=frozenset(digests), by=desk.sender.by, at=AT + timedelta(hours=2)
    )[1]


@pytest.mark.django_db
def test_a_day_is_compared_exactly_and_kept_with_who_compared_it(desk: Desk) -> None:
    first, second = outpatient(desk), desk.sign(changed(example("01-outpatient.xml"), ("99001.26.0001234", "B-2")))
    desk.send(first, second)
    found = close(desk, digest_of(first), "e" * 64)
    assert (found.matched, found.missing, [one.digest for one in found.extra]) == (1, ["e" * 64], [digest_of(second)])
    other = close(desk, digest_of(first), day=DAY - timedelta(days=1))
    assert [one.digest for one in other.different] == [digest_of(first)]
    assert close(desk, digest_of(first), digest_of(second)).agrees
    (today, before, *_) = queries.days_of_facility(desk.facility, until=DAY)
    assert (today.state, today.held, before.state) == ("agrees", 2, "differs")
    assert DayCompared.objects.filter(compared_by=str(desk.sender.by)).count() == 3


@pytest.mark.django_db
def test_nobody_compares_for_another_facility(desk: Desk) -> None:
    other = open_desk("99002")
    with pytest.raises(NotAllowed):
        compare_day(facility=other.facility, day=DAY, digests=frozenset(), by=desk.sender.by, at=AT)


@pytest.mark.django_db
def test_the_command_tells_who_differs(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    run = CliRunner()
    alone = run.invoke(reconcile, ["--day", DAY.isoformat(), "--json"])
    assert (alone.exit_code, '"not_compared":1' in alone.output) == (0, True)
    close(desk, "e" * 64)
    told = run.invoke(reconcile, ["--day", DAY.isoformat()])
    assert told.exit_code == 1
    assert f"{desk.facility.code}: missing 1, extra 1" in told.output


def sort_of(theirs: Line | None, ours: Sent | None) -> str:
    sent = {("01001", "A"): ours} if ours else {}
    found = partner_rules.compare([theirs] if theirs else [], sent)
    return found.differences[0].sort.value if found.differences else ""


def line(state: str = "delivered", reference: str = "R2") -> Line:
    return Line("01001", "A", state, reference)


def sent(state: str = "delivered", reference: str = "R2", earlier: frozenset[str] = frozenset({"R1"})) -> Sent:
    return Sent("01001", "A", state, 2, reference, "", earlier)


@pytest.mark.parametrize(
    ("theirs", "ours", "sort"),
    [
        (line(), sent(), ""),
        (None, sent(), Sort.MISSING_THERE),
        (None, sent("waiting"), ""),
        (line(), None, Sort.MISSING_HERE),
        (line(reference="R1"), sent(), Sort.OTHER_VERSION),
        (line(reference="R9"), sent(), Sort.OTHER_VERSION),
        (line(reference=""), sent(), ""),
        (line("refused"), sent(), Sort.OTHER_STATE),
        (line(), sent("stuck", ""), Sort.OTHER_STATE),
        (line("refused"), sent("refused"), ""),
    ],
)
def test_each_sort_of_difference_is_told(theirs: Line | None, ours: Sent | None, sort: str) -> None:
    assert sort_of(theirs, ours) == sort


def test_an_insurers_file_is_read_as_its_people_write_it() -> None:
    text = "\ufeff" + HEAD + "01001;'0012;Đã tiếp nhận;R1\n;;;\n01001;B;Từ chối;\n"
    assert partner_rules.read_lines(text.encode()) == [
        Line("01001", "0012", "delivered", "R1"),
        Line("01001", "B", "refused", ""),
    ]
    assert partner_rules.read_lines(b"MA_LK,TRANG_THAI,MA_CSKCB\nA,200,01001\n") == [Line("01001", "A", "delivered")]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\xff\xfe", errors.FileUnreadable),
        (b"", errors.ColumnsMissing),
        (b"MA_LK;MA_CSKCB\n", errors.ColumnsMissing),
        (HEAD.encode() + "01001;A;đang xem;\n".encode(), errors.StateUnknown),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_code(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        partner_rules.read_lines(content)


@pytest.mark.django_db
def test_deliveries_are_compared_with_the_insurers_list(tmp_path: Path) -> None:
    place = Place("38001", "38")
    states: Mapping[str, str] = {"A": "delivered", "B": "delivered", "C": "stuck", "D": "waiting"}
    for code, state in states.items():
        make_delivery("insurance", place=place, code=code, state=state, at=AT)
    Delivery.objects.filter(dossier_code="A").update(partner_reference="R-A")
    file = tmp_path / "list.csv"
    file.write_text(HEAD + "38001;A;đã nhận;R-A\n38001;C;đã nhận;R-C\n38001;X;đã nhận;R-X\n", encoding="utf-8")
    lines = partner_rules.read_lines(file.read_bytes())
    kept, found = compare_partner(lines, whose=Whose(), first=DAY, last=DAY, by=BY, at=AT)
    assert [(one.sort.value, one.code) for one in found.differences] == [
        ("missing-there", "B"),
        ("other-state", "C"),
        ("missing-here", "X"),
    ]
    assert (kept.lines, kept.compared, kept.agreed, kept.missing_there) == (3, 4, 2, 1)
    told = CliRunner().invoke(reconcile, ["--day", DAY.isoformat(), "--insurance", str(file), "--json"])
    assert (told.exit_code, '"missing-here":1' in told.output) == (1, True)
    with pytest.raises(errors.PeriodWrong):
        compare_partner([], whose=Whose(), first=DAY, last=DAY + timedelta(days=1), by=BY, at=AT)
