"""A copy goes into the folder that the server marks as that of sent e-mails, or nowhere."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.mail import sent_folder
from desktop.mail.errors import MailError, MailFinal, MailHeld, MailLater
from desktop.mail.sent_folder import SentFolder
from tests.mail.certificates import Certificates, make_certificates
from tests.mail.imap_server import DROP, Mailbox, mailbox

SOURCE = b"Message-ID: <a.1@example.org>\r\nSubject: Hello\r\n\r\nText\r\n"


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path)


@pytest.fixture
def box(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mailbox(certificates.server) as box:
        monkeypatch.setattr(sent_folder, "PORT", box.port)
        yield box


@pytest.fixture
def trusted(certificates: Certificates) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates.authority))


def file_one(trusted: ssl.SSLContext) -> None:
    with SentFolder("localhost", "ada", "pässword", trusted) as folder:
        folder.has("<a.1@example.org>")
        folder.add(SOURCE, 1_700_000_000)


def test_a_copy_is_filed_as_read_and_found_again(box: Mailbox, trusted: ssl.SSLContext) -> None:
    with SentFolder("localhost", "ada", box.password, trusted) as folder:
        assert not folder.has("<a.1@example.org>")
        folder.add(SOURCE, 1_700_000_000)
        assert folder.has("<a.1@example.org>")
    assert box.filed == [('"Gesendete Objekte"', r"\Seen", SOURCE)]


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("APPEND", "NO [TRYCREATE] no", MailFinal),
        ("content", "NO too large", MailFinal),
        ("content", "NO [OVERQUOTA] full", MailLater),
        ("APPEND", DROP, MailLater),
        ("APPEND", "BAD what", MailLater),
        ("SEARCH", "NO no", MailLater),
        ("LIST", "NO no", MailLater),
        ("EXAMINE", "NO no", MailLater),
        ("AUTHENTICATE", "NO no", MailHeld),
        ("AUTHENTICATE", DROP, MailLater),
        ("CAPABILITY", DROP, MailLater),
    ],
)
def test_each_failure_has_a_fate(
    box: Mailbox, trusted: ssl.SSLContext, command: str, answer: str, error: type[MailError]
) -> None:
    box.faults[command] = answer
    with pytest.raises(error) as raised:
        file_one(trusted)
    assert type(raised.value) is error
    assert str(raised.value) != raised.value.reason
    assert not box.filed


def test_a_wrong_password_is_asked_once(box: Mailbox, trusted: ssl.SSLContext) -> None:
    with pytest.raises(MailHeld, match="Invalid credentials"):
        SentFolder("localhost", "ada", "wrong", trusted)
    assert box.logins == 1


def test_without_the_mark_there_is_no_folder(box: Mailbox, trusted: ssl.SSLContext) -> None:
    box.listed = (r'() "/" INBOX', r'() "/" Sent', r'(\Drafts) NIL "A\"b"')
    with pytest.raises(MailHeld) as raised:
        SentFolder("localhost", "ada", box.password, trusted)
    assert raised.value.reason == "no_sent"


def test_no_password_goes_to_a_server_that_is_not_trusted(box: Mailbox) -> None:
    with pytest.raises(MailHeld) as raised:
        SentFolder("localhost", "ada", box.password, ssl.create_default_context())
    assert raised.value.reason == "no_trust"
    assert box.logins == 0


def test_a_server_that_is_away_is_tried_again(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_folder, "PORT", 1)
    with pytest.raises(MailLater):
        SentFolder("localhost", "ada", "x", trusted)


@pytest.mark.parametrize("password", ["word", "pässword"])
def test_a_login_without_plain_takes_letters_of_ascii_and_tells_no_password(
    box: Mailbox, trusted: ssl.SSLContext, password: str
) -> None:
    box.capabilities, box.password = "IMAP4rev1", "word"
    if password.isascii():
        with SentFolder("localhost", "ada", password, trusted) as folder:
            folder.add(SOURCE, 1_700_000_000)
        assert len(box.filed) == 1
        return
    with pytest.raises(MailHeld) as raised:
        SentFolder("localhost", "ada", password, trusted)
    assert password not in f"{raised.value} {raised.value.about} {raised.value.said}"
    assert raised.value.__context__ is None
