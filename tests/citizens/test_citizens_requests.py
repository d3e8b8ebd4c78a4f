"""Asking about one's data and answering: who may, what follows, what is kept and how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.support.factories import make_facility

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM, Actor, ActorKind, Grant
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.citizens.models import Citizen
from ymach.citizens.requests import actions, queries
from ymach.citizens.requests.actions import About, Scope
from ymach.citizens.requests.errors import (
    AskedAlready,
    GroundMissing,
    PurposeMissing,
    ReaderMissing,
    RecordMissing,
    RequestNotFound,
    StepNotOpen,
    TooManyOpen,
    WordsMissing,
)
from ymach.citizens.requests.models import Request, Step
from ymach.citizens.requests.reminders import remind
from ymach.citizens.requests.rules import Act, Ground, Kind, State
from ymach.facilities.models import Facility
from ymach.notices.models import Notice

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 2, tzinfo=UTC)
WORDS = "Nhóm máu của tôi là O, không phải A."
ABOUT_A_RECORD = About(f"record:{new_id()}", facility_id=new_id())


def citizen_actor(**given: object) -> Actor:
    row = Citizen.objects.create(
        full_name="Lê Thị Mai",
        name_folded="le thi mai",
        birth_year=1990,
        assurance="stated",
        created_at=AT,
        **given,
    )
    grant = Grant(Role.CITIZEN.value, words_of(Role.CITIZEN), citizen_id=row.citizen_id)
    return Actor(ActorKind.USER, str(new_id()), "Lê Thị Mai", (grant,))


def words_of(role: Role) -> frozenset[str]:
    return frozenset(word.value for word in ROLE_PERMISSIONS[role])


def officer(facility: Facility) -> Actor:
    grant = Grant(Role.FACILITY.value, words_of(Role.FACILITY), facility_id=facility.id)
    return Actor(ActorKind.USER, str(new_id()), "Phòng Kế hoạch tổng hợp", (grant,))


def department(province_code: str) -> Actor:
    grant = Grant(Role.DEPARTMENT.value, words_of(Role.DEPARTMENT), province_code=province_code)
    return Actor(ActorKind.USER, str(new_id()), "Sở Y tế", (grant,))


def person(by: Actor) -> UUID:
    found = by.grants[0].citizen_id
    assert found is not None
    return found


def at_facility(facility: Facility) -> About:
    return About(f"record:{new_id()}", "visit", date(2026, 9, 1), facility.id, facility.code, facility.province_code)


def asked(
    by: Actor, kind: Kind = Kind.CORRECT, about: About | None = None, words: str = WORDS, **more: object
) -> Request:
    return actions.ask(
        citizen_id=person(by), kind=kind, words=words, about=about or About(province_code="01"), by=by, at=AT, **more
    )


def test_a_correction_goes_to_the_facility_that_wrote_the_record() -> None:
    here, other, by = make_facility(), make_facility("01002"), citizen_actor()
    made = asked(by, about=at_facility(here))
    assert queries.get_answerable(officer(here), made.id).act_due_on == date(2026, 10, 20)
    for stranger in (officer(other), department("01"), by):
        with pytest.raises(RequestNotFound):
            queries.get_answerable(stranger, made.id)


def test_what_people_write_is_sealed_and_in_no_journal() -> None:
    here, by = make_facility(), citizen_actor()
    made = asked(by, about=at_facility(here))
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM citizens_request")
        assert WORDS.encode() not in bytes(cursor.fetchone()[0])
    assert queries.words_of(Request.objects.get(id=made.id)) == WORDS
    (event,) = AuditEvent.objects.filter(action="request:send")
    assert (event.citizen_id, event.detail) == (person(by), {"kind": "correct", "state": "sent"})


def test_an_answer_is_told_with_its_steps() -> None:
    here, by = make_facility(), citizen_actor()
    made = asked(by, about=at_facility(here))
    desk = officer(here)
    actions.answer(request_id=made.id, act=Act.TAKE, words="", by=desk, at=AT)
    closed = actions.answer(request_id=made.id, act=Act.DONE, words="Đã sửa, phiên bản 2.", by=desk, at=AT)
    assert (closed.state, closed.closed_at) == (State.DONE, AT)
    said = queries.steps_of(closed)
    assert [(one.act, one.words) for one in said] == [("send", ""), ("take", ""), ("done", "Đã sửa, phiên bản 2.")]
    with pytest.raises(StepNotOpen):
        actions.answer(request_id=made.id, act=Act.TAKE, words="", by=desk, at=AT)


def test_records_are_refused_deletion_with_the_law_that_keeps_them() -> None:
    by, desk = citizen_actor(), department("01")
    made = asked(by, Kind.DELETE)
    for wrong in (None, Ground.RIGHT_AS_IT_IS):
        with pytest.raises(GroundMissing):
            actions.answer(request_id=made.id, act=Act.REFUSE, words="", ground=wrong, by=desk, at=AT)
    closed = actions.answer(request_id=made.id, act=Act.REFUSE, words="", ground=Ground.KEPT_BY_LAW, by=desk, at=AT)
    assert (closed.state, closed.ground) == (State.REFUSED, Ground.KEPT_BY_LAW)


def test_an_extension_comes_once_and_says_why() -> None:
    by, desk = citizen_actor(), department("01")
    made = asked(by, Kind.OBTAIN, words="")
    with pytest.raises(WordsMissing):
        actions.answer(request_id=made.id, act=Act.EXTEND, words="bận", by=desk, at=AT)
    longer = actions.answer(request_id=made.id, act=Act.EXTEND, words="Hồ sơ ở kho lưu trữ.", by=desk, at=AT)
    assert (longer.act_due_on, longer.state) == (date(2026, 10, 26), State.TAKEN)
    with pytest.raises(StepNotOpen):
        actions.answer(request_id=made.id, act=Act.EXTEND, words="Hồ sơ ở kho lưu trữ.", by=desk, at=AT)


def test_a_restriction_holds_from_the_next_reading_until_it_is_lifted() -> None:
    by, kept_out = citizen_actor(), new_id()
    made = asked(by, Kind.RESTRICT, words="", scope=Scope(readers=frozenset({kept_out})))
    assert made.state == State.DONE
    assert queries.restrictions_of([person(by)], at=AT - timedelta(seconds=1)) == []
    (holds,) = queries.restrictions_of([person(by)], at=AT)
    assert (holds.readers, holds.purposes, holds.reference) == (frozenset({kept_out}), None, f"request:{made.id}")
    later = AT + timedelta(days=1)
    actions.lift(citizen_id=person(by), request_id=made.id, by=by, at=later)
    assert queries.restrictions_of([person(by)], at=later) == []
    assert queries.restrictions_of([person(by)], at=AT) != []


@pytest.mark.parametrize(
    ("kind", "given", "refused"),
    [
        (Kind.CORRECT, {"about": About(province_code="01")}, RecordMissing),
        (Kind.CORRECT, {"words": "sai", "about": ABOUT_A_RECORD}, WordsMissing),
        (Kind.READER, {"words": ""}, WordsMissing),
        (Kind.OBTAIN, {"words": "x" * 2001}, WordsMissing),
        (Kind.RESTRICT, {"scope": Scope(readers=frozenset())}, ReaderMissing),
        (Kind.OBJECT, {}, PurposeMissing),
        (Kind.OBJECT, {"scope": Scope(purposes=frozenset())}, PurposeMissing),
    ],
)
def test_a_request_that_says_too_little_is_refused_at_its_field(
    kind: Kind, given: dict[str, object], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        asked(citizen_actor(), kind, **given)
    assert not Request.objects.exists()


def test_the_same_thing_is_asked_once_and_nobody_fills_the_queue() -> None:
    by = citizen_actor()
    asked(by, Kind.OBTAIN)
    with pytest.raises(AskedAlready):
        asked(by, Kind.OBTAIN)
    for number in range(19):
        asked(by, Kind.READER, About(f"event:{number}", province_code="01"))
    with pytest.raises(TooManyOpen):
        asked(by, Kind.DELETE)
    asked(by, Kind.UNSIGNED, About("consent:1", province_code="01"))  # that word must always end its paper


def test_nobody_asks_for_a_stranger() -> None:
    by, stranger = citizen_actor(), citizen_actor()
    with pytest.raises(NotAllowed):
        actions.ask(
            citizen_id=person(stranger), kind=Kind.OBTAIN, words="", about=About(province_code="01"), by=by, at=AT
        )
    made = asked(stranger, Kind.OBTAIN)
    for act in (actions.withdraw, actions.lift):
        with pytest.raises(NotAllowed):
            act(citizen_id=person(stranger), request_id=made.id, by=by, at=AT)


def test_a_request_taken_back_is_over() -> None:
    by = citizen_actor()
    made = asked(by, Kind.OBTAIN)
    assert actions.withdraw(citizen_id=person(by), request_id=made.id, by=by, at=AT).state == State.WITHDRAWN
    with pytest.raises(StepNotOpen):
        actions.withdraw(citizen_id=person(by), request_id=made.id, by=by, at=AT)


def test_a_department_answers_for_its_province_and_sees_what_is_late() -> None:
    by, desk = citizen_actor(), department("01")
    made = asked(by, Kind.OBTAIN)
    assert queries.figures(department("02"), on=date(2026, 10, 8))["open"] == 0
    assert queries.figures(desk, on=date(2026, 10, 8)) == {"open": 1, "overdue": 1, "today": 0}
    wanted = queries.Wanted(state="overdue")
    assert [one.id for one in queries.worklist(desk, wanted, on=date(2026, 10, 8), limit=9)] == [made.id]
    assert queries.worklist(desk, wanted, on=date(2026, 10, 7), limit=9) == []


def test_who_must_answer_is_told_once_before_the_term_and_once_after() -> None:
    by, here = citizen_actor(), make_facility()
    asked(by, Kind.OBTAIN)
    asked(by, about=at_facility(here))
    done = asked(by, Kind.DELETE)
    actions.withdraw(citizen_id=person(by), request_id=done.id, by=by, at=AT)
    Notice.objects.all().delete()
    told = [dict(remind(at=AT + timedelta(days=days))) for days in (0, 1, 1, 2, 3, 4)]
    assert told == [
        {},
        {"data-request-due": 2},
        {"data-request-due": 0},
        {"data-request-due": 0},
        {"data-request-overdue": 2},
        {"data-request-overdue": 0},
    ]
    mine = Notice.objects.filter(province_code="01").order_by("at").values_list("vi", "link")
    assert [(text.split()[0], link) for text, link in mine] == [("1", "/requests"), ("1", "/requests?state=overdue")]
    assert Notice.objects.filter(facility_id=here.id).count() == 2


def test_what_no_province_can_answer_the_ministry_hears_of() -> None:
    user = create_user(username="bo", full_name="Vụ Pháp chế", password=None, by=SYSTEM, at=AT)
    grant_role(user=user, role=Role.MINISTRY, by=SYSTEM, at=AT)
    asked(citizen_actor(), Kind.OBTAIN, About())
    assert Notice.objects.filter(user_id=user.pk).count() == 1


@pytest.mark.parametrize("table", ["citizens_request_step", "citizens_restriction", "citizens_request"])
def test_the_running_role_removes_nothing_and_rewrites_no_step(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('ymach_app', %s, 'DELETE')", [table])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_table_privilege('ymach_app', 'citizens_request_step', 'UPDATE')")
        assert cursor.fetchone() == (False,)
    assert Step.objects.count() == 0
