import pytest
from django.test import Client

from ymach.accounts.actions import create_user
from ymach.accounts.models import User
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.web.signin import limits

pytestmark = pytest.mark.django_db
PASSWORD = "mot-hai-ba-bon-nam"


@pytest.fixture
def user() -> User:
    return create_user(username="hanh", full_name="Lê Thị Hạnh", password=PASSWORD, by=SYSTEM, at=now())


def test_the_right_password_leads_to_the_page_that_was_asked_for(client: Client, user: User) -> None:
    answer = client.post("/sign-in", {"username": "hanh", "password": PASSWORD, "next": "/gallery"})
    assert (answer.status_code, answer["Location"]) == (302, "/gallery")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_nobody_is_led_to_another_site(client: Client, user: User) -> None:
    answer = client.post("/sign-in", {"username": "hanh", "password": PASSWORD, "next": "https://example.com/"})
    assert answer["Location"] == "/"


def test_a_wrong_password_gives_one_sentence_and_keeps_the_user_name(client: Client, user: User) -> None:
    answer = client.post("/sign-in", {"username": "hanh", "password": "sai", "next": "/gallery"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in page
    assert 'value="hanh"' in page
    assert 'value="/gallery"' in page
    assert "sai" not in page.replace("sai-", "")


def test_an_unknown_user_name_gets_the_same_sentence(client: Client, user: User) -> None:
    answer = client.post("/sign-in", {"username": "ai-do", "password": PASSWORD})
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in answer.content.decode()


def test_after_ten_wrong_passwords_even_the_right_one_waits(client: Client, user: User) -> None:
    for _ in range(limits.PER_ACCOUNT_AND_ADDRESS):
        client.post("/sign-in", {"username": "hanh", "password": "sai"})
    answer = client.post("/sign-in", {"username": "hanh", "password": PASSWORD})
    assert answer.status_code == 429
    assert limits.WINDOW_SECONDS - 60 < int(answer["Retry-After"]) <= limits.WINDOW_SECONDS


def test_the_right_password_forgets_the_wrong_ones(client: Client, user: User) -> None:
    for _ in range(2):
        for _ in range(limits.PER_ACCOUNT_AND_ADDRESS - 1):
            client.post("/sign-in", {"username": "hanh", "password": "sai"})
        assert client.post("/sign-in", {"username": "hanh", "password": PASSWORD}).status_code == 302


def test_signing_out_is_a_post_and_ends_the_session(client: Client, user: User) -> None:
    client.force_login(user)
    opened = client.get("/sign-out")
    assert (opened.status_code, opened.headers["Allow"]) == (405, "POST")
    assert "YM-PAGE-METHOD" in opened.content.decode()
    assert client.post("/sign-out").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_form_without_its_token_is_refused(user: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "hanh", "password": PASSWORD})
    assert answer.status_code == 403
    assert "YM-FORM-TOO-OLD" in answer.content.decode()


def test_the_language_is_remembered(client: Client) -> None:
    answer = client.post("/language", {"language": "en", "next": "/sign-in"})
    assert answer["Location"] == "/sign-in"
    page = client.get("/sign-in").content.decode()
    assert '<html lang="en">' in page
    assert "Sign in to Ymạch" in page
