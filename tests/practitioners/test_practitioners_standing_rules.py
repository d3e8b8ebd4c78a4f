"""The rule of standing as a truth table: plain facts in, codes of findings out. No database."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from uuid import UUID

import pytest

from ymach.base.findings import FindingKind
from ymach.base.licence_numbers import author_number
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.practitioners import findings
from ymach.practitioners.standing.acts import ACT_TEXTS, Act, allowances, is_allowed
from ymach.practitioners.standing.facts import (
    AuthorFacts,
    FacilityFacts,
    LicenceFacts,
    OperatingLicenceFacts,
    PersonFacts,
    RegistrationFacts,
    StandingFacts,
    SuspensionFacts,
)
from ymach.practitioners.standing.rules import Judge, Verdict, judge_author, judge_facility

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
MONDAY_9 = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam
DAY = date(2026, 3, 2)
SINCE_2024 = Period(date(2024, 1, 1))
OVER = Period(date(2024, 1, 1), date(2026, 3, 2))
THIS_MONTH = Period(date(2026, 3, 1), date(2026, 4, 1))
TERM = Period(date(2024, 1, 1), date(2029, 1, 1))
LICENCE = LicenceFacts("000123/BYT-GPHN", "000123/BYT-GPHN", "a", frozenset({"V"}), TERM)
AT_WORK = RegistrationFacts(HERE, SINCE_2024, parse_schedule("T2-T6: 07:00 đến 16:30"))


def judge(
    licences: Iterable[LicenceFacts] = (LICENCE,),
    registrations: Iterable[RegistrationFacts] = (AT_WORK,),
    *,
    written: str = "000123/BYT-GPHN",
    homes: frozenset[UUID] = frozenset(),
    at: datetime | date = MONDAY_9,
    act: Act = Act.PRESCRIBE,
) -> Verdict:
    person = PersonFacts(UUID(int=9), tuple(licences), tuple(registrations))
    return judge_author(AuthorFacts(author_number(written), person, homes), facility_id=HERE, at=at, act=act)


def kinds(verdict: Verdict) -> list[FindingKind]:
    return [reason.kind for reason in verdict.reasons]


def test_physician_registered_here_within_hours_is_in_order() -> None:
    verdict = judge()
    assert kinds(verdict) == []
    assert verdict.is_in_order


def test_unknown_number_is_the_only_reason() -> None:
    author = AuthorFacts(author_number("1234567890"), None)
    verdict = judge_author(author, facility_id=HERE, at=MONDAY_9, act=Act.PRESCRIBE)
    assert kinds(verdict) == [findings.AUTHOR_UNKNOWN]


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        pytest.param(replace(LICENCE, valid=OVER), findings.AUTHOR_NO_LICENCE, id="ended that morning"),
        pytest.param(
            replace(LICENCE, valid=Period(date(2026, 3, 3))), findings.AUTHOR_NO_LICENCE, id="begins tomorrow"
        ),
        pytest.param(replace(LICENCE, valid=Period(DAY)), None, id="begins today"),
        pytest.param(replace(LICENCE, revoked_on=DAY), findings.AUTHOR_REVOKED, id="revoked from today"),
        pytest.param(replace(LICENCE, valid=OVER, revoked_on=DAY), findings.AUTHOR_REVOKED, id="revoked and closed"),
        pytest.param(replace(LICENCE, revoked_on=date(2026, 3, 3)), None, id="revoked from tomorrow"),
        pytest.param(
            replace(LICENCE, suspensions=(SuspensionFacts(THIS_MONTH),)), findings.AUTHOR_SUSPENDED, id="suspended"
        ),
        pytest.param(replace(LICENCE, suspensions=(SuspensionFacts(OVER),)), None, id="suspension over"),
        pytest.param(replace(LICENCE, title="c", scopes=frozenset({"XII"})), findings.AUTHOR_OUT_OF_SCOPE, id="nurse"),
        pytest.param(
            replace(LICENCE, scopes=frozenset({"XII"})), findings.AUTHOR_OUT_OF_SCOPE, id="scope of another title"
        ),
        pytest.param(replace(LICENCE, scopes=frozenset()), None, id="old certificate without scope codes"),
    ],
)
def test_licence_decides(licence: LicenceFacts, expected: FindingKind | None) -> None:
    assert kinds(judge([licence])) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("held", "suspended", "stopped"),
    [
        ({"V", "IX"}, {"V", "IX"}, True),
        ({"V", "IX"}, {"IX"}, False),
        ({"V"}, {"V"}, True),
        ({"V"}, {"VIII"}, False),
    ],
)
def test_suspension_in_part_stops_what_only_the_suspended_scopes_allow(
    held: set[str], suspended: set[str], stopped: bool
) -> None:
    part = SuspensionFacts(THIS_MONTH, whole=False, scopes=frozenset(suspended))
    licence = replace(LICENCE, scopes=frozenset(held), suspensions=(part,))
    assert kinds(judge([licence])) == ([findings.AUTHOR_SUSPENDED] if stopped else [])


@pytest.mark.parametrize(
    ("registration", "expected"),
    [
        pytest.param(replace(AT_WORK, facility_id=ELSEWHERE), findings.AUTHOR_NOT_REGISTERED, id="elsewhere"),
        pytest.param(replace(AT_WORK, valid=OVER), findings.AUTHOR_NOT_REGISTERED, id="left yesterday"),
        pytest.param(
            replace(AT_WORK, schedule=parse_schedule("T3: 07:00 đến 16:30")), findings.AUTHOR_OUT_OF_HOURS, id="hours"
        ),
        pytest.param(replace(AT_WORK, schedule=parse_schedule("")), None, id="no fixed hours"),
    ],
)
def test_registration_decides(registration: RegistrationFacts, expected: FindingKind | None) -> None:
    assert kinds(judge(registrations=[registration])) == ([expected] if expected else [])


def test_several_registrations_here_add_their_hours() -> None:
    evening = replace(AT_WORK, schedule=parse_schedule("T2: 19:00 đến 22:00"))
    night = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 20:00 in Viet Nam
    assert kinds(judge(registrations=[AT_WORK, evening], at=night)) == []


@pytest.mark.parametrize(("hour", "minute", "outside"), [(23, 59, True), (0, 0, False), (9, 29, False), (9, 30, True)])
def test_hours_are_those_of_viet_nam_and_half_open(hour: int, minute: int, outside: bool) -> None:
    day = 1 if hour == 23 else 2  # 06:59 on Monday in Viet Nam is still Sunday in UTC
    at = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
    assert kinds(judge(at=at)) == ([findings.AUTHOR_OUT_OF_HOURS] if outside else [])


def test_registered_hours_are_told_in_the_language_of_each_sentence() -> None:
    (reason,) = judge(registrations=[replace(AT_WORK, schedule=parse_schedule("T3: 07:00 đến 16:30"))]).reasons
    said = reason.at().as_json()
    assert "ngoài giờ đã đăng ký: T3: 07:00 đến 16:30." in str(said["vi"])
    assert "outside the registered hours: Tue: 07:00 to 16:30." in str(said["en"])


def test_day_without_hour_is_never_out_of_hours() -> None:
    sunday = date(2026, 3, 1)
    assert kinds(judge(at=sunday)) == []


def test_seconded_person_registered_at_home_is_noted_and_in_order() -> None:
    at_home = replace(AT_WORK, facility_id=ELSEWHERE, schedule=parse_schedule("T3: 07:00 đến 16:30"))
    verdict = judge(registrations=[at_home], written="000123/BYT-GPHN.HD.79001", homes=frozenset({ELSEWHERE}))
    assert kinds(verdict) == [findings.AUTHOR_SECONDED]
    assert verdict.is_in_order


def test_seconded_person_not_registered_at_the_home_named_is_not_registered() -> None:
    verdict = judge(registrations=[], written="000123/BYT-GPHN.HD.79001", homes=frozenset({ELSEWHERE}))
    assert kinds(verdict) == [findings.AUTHOR_NOT_REGISTERED]


def test_old_number_is_judged_by_the_licence_now_in_force() -> None:
    old = LicenceFacts("0012/HCM-CCHN", "0012/HCM-CCHN", "a", frozenset(), OVER)
    verdict = judge([LICENCE, old], written="0012/HCM-CCHN")
    assert kinds(verdict) == [findings.AUTHOR_OLD_NUMBER]
    assert verdict.is_in_order


def test_reasons_add_up() -> None:
    licence = replace(LICENCE, title="c", scopes=frozenset({"XII"}), suspensions=(SuspensionFacts(THIS_MONTH),))
    verdict = judge([licence], registrations=[])
    assert kinds(verdict) == [findings.AUTHOR_OUT_OF_SCOPE, findings.AUTHOR_SUSPENDED, findings.AUTHOR_NOT_REGISTERED]
    assert not verdict.is_in_order


@pytest.mark.parametrize(
    ("act", "title", "scope", "allowed"),
    [
        (Act.PRESCRIBE, "a", "VIII", True),
        (Act.PRESCRIBE, "b", "X", True),
        (Act.PRESCRIBE, "i", "", True),
        (Act.PRESCRIBE, "c", "XII", False),
        (Act.PRESCRIBE, "đ", "XIV", False),
        (Act.ORDER, "c", "XII", False),
        (Act.PERFORM, "c", "XII", True),
        (Act.READ_RESULT, "đ", "XIV", True),
        (Act.READ_RESULT, "c", "XII", False),
        (Act.WRITE_NOTE, "d", "XIII", True),
        (Act.SIGN_DISCHARGE, "c", "XII", False),
        (Act.REFER, "g", "XVIII", True),
        (Act.APPOINT, "e", "XV", True),
        (Act.LEAD, "c", "XII", True),
    ],
)
def test_act_needs_title_and_scope(act: Act, title: str, scope: str, allowed: bool) -> None:
    assert is_allowed(act, title=title, scopes=[scope] if scope else [], on=DAY) is allowed


def test_titles_of_the_new_law_do_not_reach_back_before_2024() -> None:
    assert is_allowed(Act.WRITE_NOTE, title="g", scopes=["XVIII"], on=date(2024, 1, 1))
    assert not is_allowed(Act.WRITE_NOTE, title="g", scopes=["XVIII"], on=date(2023, 12, 31))


def test_every_act_has_a_text_and_a_physician_or_somebody_who_may_do_it() -> None:
    assert set(ACT_TEXTS) == set(Act) == {act for act, rows in allowances().items() if rows}


def test_table_of_acts_uses_the_codes_of_the_catalogues() -> None:
    def codes(name: str) -> set[str]:
        text = files("ymach.catalogues").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
        return {row["code"] for row in csv.DictReader(text.splitlines())}

    rows = [row for rows in allowances().values() for row in rows]
    assert {title for row in rows for title in row.titles} <= codes("professional_title")
    assert {scope for row in rows for scope in row.scopes or ()} <= codes("practice_scope")


def facility(*licences: OperatingLicenceFacts, valid: Period = SINCE_2024) -> StandingFacts:
    one = FacilityFacts(HERE, "01004", "Bệnh viện Bạch Mai", "01", valid, licences)
    return StandingFacts(7, "01004", THIS_MONTH, {"01004": (one,)})


IN_FORCE = OperatingLicenceFacts("0165/SYT-GPHĐ", SINCE_2024)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(facility(IN_FORCE), [], id="in order"),
        pytest.param(StandingFacts(7, "01004", THIS_MONTH), [findings.FACILITY_UNKNOWN], id="unknown"),
        pytest.param(facility(IN_FORCE, valid=OVER), [findings.FACILITY_UNKNOWN], id="code given back"),
        pytest.param(facility(), [findings.FACILITY_UNLICENSED], id="no licence"),
        pytest.param(facility(replace(IN_FORCE, valid=OVER)), [findings.FACILITY_UNLICENSED], id="licence over"),
        pytest.param(
            facility(replace(IN_FORCE, suspensions=(SuspensionFacts(THIS_MONTH),))),
            [findings.FACILITY_SUSPENDED],
            id="suspended",
        ),
        pytest.param(
            facility(replace(IN_FORCE, suspensions=(SuspensionFacts(THIS_MONTH, whole=False),))),
            [findings.FACILITY_PARTLY_SUSPENDED],
            id="suspended in part",
        ),
    ],
)
def test_facility_is_known_licensed_and_not_suspended(facts: StandingFacts, expected: list[FindingKind]) -> None:
    assert [reason.kind for reason in judge_facility(facts, MONDAY_9)] == expected


def test_unknown_sender_is_forbidden() -> None:
    assert findings.FACILITY_UNKNOWN.status == 403


def test_each_author_of_a_field_gets_a_verdict() -> None:
    person = PersonFacts(UUID(int=9), (LICENCE,), (AT_WORK,))
    facts = replace(facility(IN_FORCE), people={LICENCE.key: person})
    verdicts = Judge(facts).field("000123/BYT-GPHN; 999999/BYT-GPHN", at=MONDAY_9, act=Act.PERFORM)
    assert [kinds(verdict) for verdict in verdicts] == [[], [findings.AUTHOR_UNKNOWN]]


def test_what_a_judge_has_judged_before_changes_nothing() -> None:
    hours = replace(AT_WORK, schedule=parse_schedule("T2: 08:00 đến 11:00"))
    facts = replace(facility(IN_FORCE), people={LICENCE.key: PersonFacts(UUID(int=9), (LICENCE,), (hours,))})
    together, moments = Judge(facts), [MONDAY_9, MONDAY_9 + timedelta(hours=5), DAY, MONDAY_9 + timedelta(days=1)]
    for at, act in itertools.product(moments * 2, (Act.PERFORM, Act.PRESCRIBE)):
        alone = Judge(facts).field("000123/BYT-GPHN", at=at, act=act)
        assert together.field("000123/BYT-GPHN", at=at, act=act) == alone


def test_reason_becomes_a_finding_at_its_place_with_both_sentences() -> None:
    (reason,) = judge([replace(LICENCE, revoked_on=DAY, revocation_decision="46/QĐ-BYT")]).reasons
    finding = reason.at(table="XML2", row=3, field="MA_BAC_SI", value="000123/BYT-GPHN")
    assert (finding.code, finding.table, finding.row) == ("YM-STA-AUTHOR-REVOKED", "XML2", 3)
    assert "02/03/2026" in finding.text.vi
    assert "46/QĐ-BYT" in finding.text.en


def test_every_kind_of_finding_is_filled_by_the_rule() -> None:
    out = judge(registrations=[replace(AT_WORK, schedule=parse_schedule("T3: 07:00 đến 16:30"))])
    (reason,) = out.reasons
    assert "—" not in reason.at().text.vi
    assert "T3: 07:00 đến 16:30" in reason.at().text.vi
