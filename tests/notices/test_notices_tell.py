"""Notices: whom they reach, and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction

from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.notices import queries, recipients
from ymach.notices.actions import mark_all_read, mark_read, tell, withdraw_letter, write_letter
from ymach.notices.models import Letter, Notice
from ymach.notices.recipients import Recipient

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BY = command("test")
WORDS = Text("Hồ sơ đã duyệt.", "The request is approved.")


def reader(**limits: object) -> Actor:
    return Actor(ActorKind.USER, str(new_id()), "Người đọc", (Grant("any", frozenset(), **limits),))  # type: ignore[arg-type]


def told(to: Recipient) -> Notice:
    return tell(to=to, text=WORDS, link="/today", by=BY, at=AT)


@pytest.mark.parametrize("field", ["facility_id", "practitioner_id"])
def test_a_unit_sees_the_notices_for_it_and_no_other(field: str) -> None:
    key = new_id()
    notice = told(Recipient(**{field: key}))
    told(Recipient(**{field: new_id()}))
    assert list(queries.visible_to(reader(**{field: key}))) == [notice]


def test_a_department_sees_the_notices_for_its_province() -> None:
    notice = told(Recipient(province_code="40"))
    told(Recipient(province_code="01"))
    assert list(queries.visible_to(reader(province_code="40"))) == [notice]


def test_an_account_sees_the_notices_for_itself() -> None:
    who = reader()
    notice = told(Recipient(user_id=new_id()))
    own = tell(to=Recipient(user_id=UUID(who.key)), text=WORDS, link="", by=BY, at=AT)
    assert list(queries.visible_to(who)) == [own]
    assert notice != own


def test_a_reader_without_limit_sees_no_notice_of_others() -> None:
    told(Recipient(facility_id=new_id()))
    told(Recipient(province_code="01"))
    assert not queries.visible_to(reader())


def test_a_machine_has_no_notices() -> None:
    key = new_id()
    told(Recipient(facility_id=key))
    machine = Actor(ActorKind.MACHINE, "01001", "01001", (Grant("any", frozenset(), facility_id=key),))
    assert not queries.visible_to(machine)


def test_an_actor_whose_key_is_no_account_sees_nothing_of_units_it_does_not_hold() -> None:
    told(Recipient(facility_id=new_id()))
    assert not queries.visible_to(Actor(ActorKind.USER, "nobody", "—"))


@pytest.mark.parametrize("fields", [{}, {"province_code": "01", "user_id": new_id()}])
def test_a_notice_is_for_exactly_one_recipient(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Recipient(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("link", ["https://elsewhere.vn/", "//elsewhere.vn", "/\\elsewhere.vn", "today", "/a b"])
def test_a_notice_leads_to_a_page_of_this_site_only(link: str) -> None:
    with pytest.raises(ValueError, match="this site"):
        tell(to=Recipient(province_code="01"), text=WORDS, link=link, by=BY, at=AT)


def test_a_read_notice_says_who_read_it_and_is_counted_no_more() -> None:
    who = reader(province_code="40")
    notice = told(Recipient(province_code="40"))
    assert queries.unread_count(who) == 1
    assert mark_read([notice.pk], by=who, at=AT) == 1
    notice.refresh_from_db()
    assert (notice.read_at, notice.read_by, queries.unread_count(who)) == (AT, str(who), 0)


def test_a_notice_read_first_by_one_colleague_keeps_their_name() -> None:
    first, second = reader(province_code="40"), reader(province_code="40")
    notice = told(Recipient(province_code="40"))
    mark_read([notice.pk], by=first, at=AT)
    assert mark_all_read(by=second, at=AT) == 0
    notice.refresh_from_db()
    assert notice.read_by == str(first)


def test_nobody_marks_a_notice_of_others_as_read() -> None:
    notice = told(Recipient(province_code="40"))
    assert mark_read([notice.pk], by=reader(province_code="01"), at=AT) == 0


def test_the_count_of_the_masthead_reads_a_hundred_rows_at_most() -> None:
    for _ in range(queries.MOST_COUNTED + 5):
        told(Recipient(province_code="40"))
    assert queries.unread_count(reader(province_code="40")) == queries.MOST_COUNTED + 1


def test_a_notice_with_a_letter_writes_to_every_address_known_once(monkeypatch: pytest.MonkeyPatch) -> None:
    books = [lambda to, on: ["A@syt.vn", "b@syt.vn"], lambda to, on: ["a@syt.vn ", ""]]
    monkeypatch.setattr(recipients, "_books", books)
    tell(to=Recipient(province_code="40"), text=WORDS, link="/today", by=BY, at=AT, letter=True)
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["a@syt.vn", "b@syt.vn"]


def test_a_notice_of_a_change_that_was_undone_is_not_there() -> None:
    with transaction.atomic():
        told(Recipient(province_code="40"))
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_letter_that_is_withdrawn_forgets_its_secret_link() -> None:
    letter = write_letter(
        address="a@syt.vn", subject=WORDS, body=WORDS, link="/invitations/x", at=AT, is_link_secret=True
    )
    assert withdraw_letter(letter.pk, at=AT)
    letter.refresh_from_db()
    assert (letter.state, letter.link) == ("withdrawn", "")
    assert not withdraw_letter(letter.pk, at=AT)
