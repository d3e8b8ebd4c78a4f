"""Letters against a real mail server: accepted, refused, cut off, away and back, with and without TLS."""

from __future__ import annotations

import ssl
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from tests.support.mail import HOST, Mailbox, certificate, free_port, mail_server

from ymach.base.text import Text
from ymach.notices import outbox
from ymach.notices.actions import PATIENCE, write_letter
from ymach.notices.models import Letter
from ymach.notices.post import Away, MailServer, Post, Refused, Stationery
from ymach.notices.postman import Postman

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PAPER = Stationery("Ymạch <khong-tra-loi@ymach.example>", "https://ymach.example")
WORDS = Text("Hồ sơ đã duyệt.", "The request is approved.")


@pytest.fixture(autouse=True)
def _connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The postman runs in the test's own thread and transaction here."""
    monkeypatch.setattr("ymach.base.rounds.connection.close", lambda: None)


def letter(address: str = "a@syt.vn", *, link: str = "/today", secret: bool = False) -> Letter:
    return write_letter(address=address, subject=WORDS, body=WORDS, link=link, at=AT, is_link_secret=secret)


def carry(port: int, *, at: datetime = AT, scheme: str = "smtp+plain", trust: ssl.SSLContext | None = None) -> Counter:
    server = MailServer(scheme, HOST, port)
    postman = Postman(lambda: Post(server, trust=trust, patience=5), PAPER, stopping=Event(), clock=lambda: at)
    return postman.run(once=True)


def test_a_letter_arrives_in_both_languages_with_its_link() -> None:
    box, sent = Mailbox(), letter()
    with mail_server(box) as port:
        assert carry(port) == {"sent": 1}
    (arrived,) = box.letters
    body = arrived.get_content()
    assert WORDS.vi in body
    assert WORDS.en in body
    assert "https://ymach.example/today" in body
    assert (arrived["To"], arrived["Message-ID"]) == ("a@syt.vn", f"<{sent.pk}@ymach.example>")


def test_a_letter_that_was_sent_is_not_sent_again_and_forgets_its_secret() -> None:
    box, sent = Mailbox(), letter(link="/invitations/x", secret=True)
    with mail_server(box) as port:
        carry(port)
        assert carry(port) == {}
    sent.refresh_from_db()
    assert (sent.state, sent.link, len(box.letters)) == ("sent", "", 1)


def test_an_address_that_does_not_exist_fails_alone_and_says_why() -> None:
    box, wrong, right = Mailbox(), letter("nobody@syt.vn"), letter("b@syt.vn")
    box.recipient = lambda address: "550 no such user" if address.startswith("nobody") else "250 OK"
    with mail_server(box) as port:
        assert carry(port) == {"failed": 1, "sent": 1}
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.state, wrong.last_error, right.state) == ("failed", "550 no such user", "sent")


def test_a_full_mailbox_is_tried_again_later_and_given_up_after_five_days() -> None:
    box, kept = Mailbox(), letter()
    box.recipient = lambda address: "452 mailbox full"
    with mail_server(box) as port:
        assert carry(port) == {"later": 1}
        kept.refresh_from_db()
        assert (kept.state, kept.due_at) == ("waiting", AT + timedelta(minutes=1))
        carry(port, at=AT + PATIENCE)
    kept.refresh_from_db()
    assert (kept.state, kept.last_error) == ("failed", "given up: 452 mailbox full")


def test_a_connection_cut_after_the_letter_sends_it_again_under_the_same_number() -> None:
    box, kept = Mailbox(), letter()
    box.cut = True
    with mail_server(box) as port:
        assert carry(port) == {"waiting": 1}
        box.cut = False
        assert carry(port) == {"sent": 1}
    assert {one["Message-ID"] for one in box.letters} == {f"<{kept.pk}@ymach.example>"}


def test_while_the_server_is_down_letters_wait_and_go_when_it_is_up_again() -> None:
    box, port = Mailbox(), free_port()
    first, second = letter("a@syt.vn"), letter("b@syt.vn")
    assert carry(port) == {"waiting": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("waiting", "waiting")
    with mail_server(box, port=port):
        assert carry(port) == {"sent": 2}


def test_a_server_that_was_away_for_longer_than_the_patience_fails_no_letter() -> None:
    kept = letter()
    carry(free_port(), at=AT + 2 * PATIENCE)
    kept.refresh_from_db()
    assert kept.state == "waiting"


def test_a_server_without_tls_gets_no_letter_where_tls_is_demanded() -> None:
    box = Mailbox()
    letter()
    with mail_server(box) as port:
        assert carry(port, scheme="smtp") == {"waiting": 1}
    assert box.letters == []


def test_with_tls_the_letter_goes_and_a_stranger_certificate_gets_none(tmp_path: Path) -> None:
    box, (server, trust) = Mailbox(), certificate(tmp_path)
    letter()
    with mail_server(box, tls=server) as port:
        assert carry(port, scheme="smtp") == {"waiting": 1}
        assert carry(port, scheme="smtp", trust=trust) == {"sent": 1}


def test_a_content_the_server_refuses_fails_the_letter() -> None:
    box = Mailbox()
    box.data = "554 refused as spam"
    kept = letter()
    with mail_server(box) as port:
        carry(port)
    kept.refresh_from_db()
    assert (kept.state, kept.last_error) == ("failed", "554 refused as spam")


def test_a_server_that_closes_for_maintenance_is_away_and_no_verdict_on_the_letter() -> None:
    box = Mailbox()
    box.recipient = lambda address: "421 closing"
    letter()
    with mail_server(box) as port, pytest.raises(Away), Post(MailServer("smtp+plain", HOST, port), patience=5) as post:
        post.send(PAPER.message(Letter.objects.get(), at=AT))


def test_a_line_break_in_an_address_makes_no_second_header() -> None:
    with pytest.raises(Refused):
        PAPER.message(Letter(address="a@syt.vn\nBcc: b@syt.vn", subject_vi="a", subject_en="b"), at=AT)


def test_a_letter_claimed_by_a_worker_that_died_is_claimed_again_after_its_lease() -> None:
    letter()
    (lost,) = outbox.claim(most=5, at=AT)
    assert outbox.claim(most=5, at=AT) == []
    (again,) = outbox.claim(most=5, at=AT + outbox.LEASE)
    assert outbox.settle_sent(again, at=AT)
    assert not outbox.settle_later(lost, "late", at=AT)


def test_the_setting_of_the_mail_server_is_read_with_encoded_user_and_password() -> None:
    server = MailServer.of("smtps://m%40x:p%2Fw@mail.example")
    assert (server.user, server.password, server.port) == ("m@x", "p/w", 465)
    assert "p/w" not in repr(server)
