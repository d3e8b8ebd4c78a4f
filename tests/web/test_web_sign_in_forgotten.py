"""A forgotten password: the same answer to everybody, a link that works once, for an hour, for an account in force."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.accounts.signin import forgotten
from ymach.accounts.signin.models import PasswordLetter
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.history.attribution import attributed
from ymach.base.history.models import HistoryEntry
from ymach.notices.models import Letter, Notice
from ymach.web.views import password_reset

pytestmark = pytest.mark.django_db
OLD, NEW = "mot-hai-ba-bon-nam", "sau-bay-tam-chin-muoi"


@pytest.fixture(autouse=True)
def _second_factor_offered(settings: object) -> None:
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]


@pytest.fixture
def user() -> User:
    return made("hanh", "hanh@syt.vn")


def made(username: str, email: str = "", *, province: str = "40", role: Role = Role.DEPARTMENT) -> User:
    user = create_user(username=username, full_name="Lê Thị Hạnh", password=OLD, email=email, by=SYSTEM, at=now())
    grant_role(user=user, role=role, province_code=province, by=SYSTEM, at=now() - timedelta(days=1))
    return user


def suspend(user: User) -> None:
    with attributed(by=SYSTEM, reason="suspended", at=now()):
        User.objects.filter(pk=user.pk).update(
            is_active=False, suspended_at=now(), suspended_by="command:test", suspended_why="left"
        )


def ask(name: str) -> Any:
    return Client().post("/sign-in/forgotten", {"name": name})


def timed(name: str) -> tuple[Any, float]:
    """The answer, and how many seconds it took."""
    begun = time.monotonic()
    return ask(name), time.monotonic() - begun


def shown(answer: Any) -> str:
    """The page without what differs with every answer: masks of the form's token, the clock."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|<time .*</time>', "", answer.content.decode())


def link() -> str:
    return Letter.objects.order_by("created_at").values_list("link", flat=True).last() or ""


def renew(path: str, password: str = NEW, *, again: str | None = None) -> Any:
    fields = {"password": password, "again": password if again is None else again}
    return Client().post(path, fields)


def events() -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(facility_id=REGISTRY).order_by("number")
    return [(one.action, one.detail.get("why", "")) for one in found]


def enters(password: str) -> bool:
    return Client().post("/sign-in", {"username": "hanh", "password": password}).status_code == 302


@pytest.mark.parametrize("name", ["hanh", " HANH@syt.vn "])
def test_the_letter_leads_to_a_new_password(user: User, name: str) -> None:
    assert ask(name).status_code == 200
    letter = Letter.objects.get()
    assert (letter.address, letter.is_link_secret) == ("hanh@syt.vn", True)
    assert "hanh" in Client().get(letter.link).content.decode()
    answer = renew(letter.link)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert (enters(OLD), enters(NEW)) == (False, True)


def test_of_the_token_only_the_digest_is_kept(user: User) -> None:
    ask("hanh")
    token = link().rpartition("/")[2]
    assert PasswordLetter.objects.get().token_digest == forgotten.digest_of(token) != token
    renew(link())
    history = str(list(HistoryEntry.objects.values_list("before", "after")))
    journal = str(list(AuditEvent.objects.values_list("detail", "subject")))
    assert token not in history + journal


def test_a_link_works_once(user: User) -> None:
    ask("hanh")
    path = link()
    renew(path)
    assert renew(path, "khac-han-mat-khau-kia").status_code == 410
    assert Client().get(path).status_code == 410
    assert enters(NEW)
    assert ("password:link-refused", "") in events()


def test_a_link_ends_after_an_hour(user: User) -> None:
    sent_at = now()
    path = forgotten.send_password_letter(user=user, at=sent_at)
    token = path.rpartition("/")[2]
    assert forgotten.account_of_link(token, at=sent_at + timedelta(minutes=59)) == user
    with pytest.raises(forgotten.LinkOver):
        forgotten.renew_password(token=token, password=NEW, at=sent_at + timedelta(hours=1))


def test_a_newer_letter_ends_the_older_one(user: User) -> None:
    ask("hanh")
    first = link()
    ask("hanh")
    assert Client().get(first).status_code == 410
    assert list(Letter.objects.order_by("created_at").values_list("state", flat=True)) == ["withdrawn", "waiting"]


def test_a_forged_link_is_answered_like_a_used_one(user: User) -> None:
    assert Client().get("/sign-in/new-password/khong-co").status_code == 410


@pytest.mark.parametrize("name", ["ai-do", "ai-do@syt.vn", "tam-ngung", "khong-thu", "\x00"])
def test_everybody_is_told_the_same_about_as_fast(user: User, name: str) -> None:
    suspend(made("tam-ngung", "tam@syt.vn"))
    made("khong-thu")
    ask("hanh")
    known, known_took = timed("hanh")
    other, other_took = timed(name)
    assert (other.status_code, shown(other)) == (known.status_code, shown(known))
    assert min(known_took, other_took) >= password_reset.SAME_TIME_SECONDS
    assert set(Letter.objects.values_list("address", flat=True)) == {"hanh@syt.vn"}


def test_writing_a_letter_takes_less_than_every_answer_waits(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = password_reset.SAME_TIME_SECONDS
    monkeypatch.setattr(password_reset, "SAME_TIME_SECONDS", 0)
    assert min(timed("hanh")[1] for _ in range(password_reset.LETTERS_PER_ACCOUNT)) < waits


def test_nobody_is_flooded_with_letters_and_who_asks_is_told_the_same(user: User) -> None:
    answers = {shown(ask("hanh")) for _ in range(password_reset.LETTERS_PER_ACCOUNT + 2)}
    assert len(answers) == 1
    assert Letter.objects.count() == password_reset.LETTERS_PER_ACCOUNT
    assert events()[-1] == ("password:letter-refused", "too-many")


def test_an_address_that_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_reset, "SAME_TIME_SECONDS", 0)
    for _ in range(password_reset.QUESTIONS_PER_ADDRESS):
        assert ask("ai-do").status_code == 200
    answer = ask("ai-do")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_nothing_typed_is_told_beside_the_field() -> None:
    assert ask("  ").status_code == 422


def test_an_account_suspended_meanwhile_is_not_opened(user: User) -> None:
    ask("hanh")
    suspend(user)
    assert renew(link()).status_code == 410


def test_a_new_password_ends_every_session_and_is_told(user: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(user)
    ask("hanh")
    renew(link())
    assert elsewhere.get("/notices").status_code == 302
    assert Notice.objects.get(user_id=user.pk).link == "/security"
    assert [action for action, _ in events() if action.startswith("password:")] == [
        "password:letter-sent",
        "password:renewed",
    ]


@pytest.mark.parametrize(("password", "again"), [("ngan", "ngan"), (NEW, OLD)])
def test_a_password_refused_leaves_the_link_usable(user: User, password: str, again: str) -> None:
    ask("hanh")
    assert renew(link(), password, again=again).status_code == 422
    assert enters(OLD)
    assert renew(link()).status_code == 302


def test_the_administrator_of_the_unit_sends_a_letter_and_nobody_else(user: User) -> None:
    own, other = Client(), Client()
    own.force_login(made("quan-tri", role=Role.DEPARTMENT_ADMIN))
    other.force_login(made("tinh-khac", province="01", role=Role.DEPARTMENT_ADMIN))
    assert other.post(f"/accounts/{user.pk}/password").status_code == 404
    assert Letter.objects.count() == 0
    assert "Gửi thư đặt mật khẩu mới" in own.get(f"/accounts/{user.pk}").content.decode()
    assert own.post(f"/accounts/{user.pk}/password").status_code == 302
    assert Letter.objects.get().address == "hanh@syt.vn"
    assert renew(link()).status_code == 302


def test_an_account_without_an_address_gets_no_letter_from_its_administrator() -> None:
    without, own = made("khong-thu"), Client()
    own.force_login(made("quan-tri", role=Role.DEPARTMENT_ADMIN))
    assert own.post(f"/accounts/{without.pk}/password").status_code == 409
