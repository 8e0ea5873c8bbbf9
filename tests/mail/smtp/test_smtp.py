"""Messages leave by SMTP, over kept connections and one login at a time."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from desktop.mail.errors import MailError, MailFinal, MailHeld, SignInNeeded, Unreached
from desktop.mail.smtp import smtp
from desktop.mail.smtp.connection import SmtpConnection
from desktop.mail.smtp.dialogue import SmtpReply
from desktop.mail.smtp.smtp import LoginGate
from desktop.settings import secrets
from desktop.settings.secrets import LockedKeyring, NoKeyring, Passwords, SilentKeyring
from tests import WITHIN
from tests.mail.sending import letter, sending
from tests.mail.server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


def test_a_mail_arrives_as_it_was_built(server: Server) -> None:
    message = letter(text=".\n..dots\n.stay\nend\n.")
    with sending(server.settings()) as desk:
        said = desk.transport.send(message, desk.cross, desk.log.append)
    (mail,) = server.mails
    assert mail.original_content == message.source
    assert (mail.mail_from, mail.rcpt_tos) == ("box@example.org", ["ada@example.org"])
    assert said == "250 2.0.0 queued as 4711"


def test_the_log_tells_the_conversation_and_never_the_password(server: Server) -> None:
    with sending(server.settings(user="ada")) as desk:
        desk.send()
    assert desk.log[0] == f"connected to localhost:{server.port}, not encrypted"
    assert desk.log[1] == "signed in as ada"
    assert desk.log[2].startswith("e-mail handed over (Message-ID <")
    assert desk.log[3] == "250 2.0.0 queued as 4711"
    assert not any("pässword" in line for line in desk.log)


def test_the_point_of_no_return_comes_after_the_content_and_before_the_final_dot(
    server: Server,
) -> None:
    def nothing_has_arrived() -> None:
        assert server.commands[-3:] == ["MAIL", "RCPT", "DATA"]
        assert not server.taken.acquire(timeout=0.2)

    with sending(server.settings()) as desk:
        desk.transport.send(letter(), nothing_has_arrived, desk.log.append)
    assert server.taken.acquire(timeout=WITHIN)


def test_what_the_point_of_no_return_raises_leaves_the_message_unsent(server: Server) -> None:
    class TaskCancelled(BaseException):
        pass

    def cancelled() -> None:
        raise TaskCancelled

    with sending(server.settings()) as desk:
        with pytest.raises(TaskCancelled):
            desk.transport.send(letter(), cancelled, desk.log.append)
        desk.send()
    assert len(server.mails) == 1
    assert server.connections == 2


def test_one_connection_carries_many_messages(server: Server) -> None:
    with sending(server.settings(user="ada")) as desk:
        for _ in range(20):
            desk.send()
    assert len(server.mails) == 20
    assert server.connections == 1
    assert server.commands.count("AUTH") == 1


def test_a_connection_is_replaced_after_its_share_of_messages(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MAILS_LIMIT", 3)
    with sending(server.settings()) as desk:
        for _ in range(7):
            desk.send()
    assert server.connections == 3


def test_threads_send_at_the_same_time(server: Server) -> None:
    together = threading.Barrier(8, timeout=WITHIN)

    def meet() -> None:
        together.wait()

    with sending(server.settings()) as desk, ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            mails = [
                pool.submit(desk.transport.send, letter(), meet, desk.log.append) for _ in range(8)
            ]
            assert all(mail.result() for mail in mails)
    assert len({str(mail.original_content) for mail in server.mails}) == 16
    assert server.connections == 8


def test_a_stale_connection_is_replaced_unnoticed(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send()
        server.drop_all()
        desk.send()
    assert len(server.mails) == 2
    assert desk.crossed == 2
    assert any("as the open one is of no use: localhost" in line for line in desk.log)


def test_a_connection_the_server_is_tired_of_is_replaced_unnoticed(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send()
        server.faults_once["MAIL"] = "421 4.4.2 idle for too long"
        desk.send()
    assert len(server.mails) == 2
    assert server.connections == 2


def test_an_idle_connection_is_closed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "IDLE_LIMIT", 0.05)
    with sending(server.settings()) as desk:
        desk.send()
        assert server.ended.acquire(timeout=WITHIN)
        desk.send()
    assert server.connections == 2


def test_a_refused_recipient_leaves_the_connection_usable(server: Server) -> None:
    with sending(server.settings()) as desk:
        server.faults["RCPT"] = "550 5.1.1 no such user"
        with pytest.raises(MailFinal, match=r"550 5.1.1 no such user"):
            desk.send()
        server.faults.clear()
        desk.send()
    assert server.connections == 1
    assert "RSET" in server.commands


@pytest.mark.parametrize("excluded", ["PLAIN", "LOGIN"])
def test_a_server_is_signed_in_to_by_what_it_offers(excluded: str) -> None:
    with (
        running(auth_exclude_mechanism=[excluded]) as server,
        sending(server.settings(user="ada")) as desk,
    ):
        desk.send()
    assert "signed in as ada" in desk.log


def test_a_mechanism_that_is_offered_and_unknown_is_followed_by_the_next(server: Server) -> None:
    server.faults["AUTH PLAIN"] = "504 5.5.4 Unrecognized authentication type"
    with sending(server.settings(user="ada")) as desk:
        desk.send()
    assert "signed in as ada" in desk.log


NO_EHLO = "500 5.5.1 Error: unknown command"


def failing(error: Exception) -> Callable[[], str | None]:
    def ask() -> str | None:
        raise error

    return ask


@pytest.mark.parametrize(
    ("faults", "password", "fate", "said"),
    [
        ({"EHLO": "250 mail.test"}, None, MailHeld, "offers no login on this connection"),
        ({"EHLO": "250-mail.test\r\n250 AUTH NTLM GSSAPI"}, None, MailHeld,
         "offers a login only by NTLM, GSSAPI"),
        ({"EHLO": "250-mail.test\r\n250 AUTH XOAUTH2 NTLM"}, None, SignInNeeded,
         "no password from programs, only a login by XOAUTH2, NTLM. Sign in"),
        ({"AUTH": "334 more"}, None, MailHeld, "did not end the login of ada by PLAIN: 334 more"),
        ({"EHLO": NO_EHLO}, None, MailHeld, "knows only HELO, without encryption and login"),
        ({"EHLO": NO_EHLO, "HELO": "554 5.7.1 go away"}, None, MailHeld, r"554 5\.7\.1 go away"),
        ({}, lambda: None, MailHeld, "No password is kept for ada at localhost"),
        ({}, lambda: os.fsdecode(b"p\xe4ss"), MailHeld,
         r"not valid UTF-8\. If SENDOFF_MAIL_PASSWORD is set"),
        ({}, failing(NoKeyring("There is no keyring.")), MailHeld,
         r"mail settings, which can keep it in a file.*\. There is no keyring\. Unlock or"),
        ({}, failing(LockedKeyring("It is locked.")), MailHeld, r"^It is locked\. Unlock or"),
        ({}, failing(SilentKeyring("It is silent.")), Unreached, r"^It is silent\. Unlock or"),
    ],
)  # fmt: skip
def test_a_login_that_cannot_be_made_says_why_and_nothing_is_sent(
    server: Server,
    faults: dict[str, str],
    password: Callable[[], str | None] | None,
    fate: type[MailError],
    said: str,
) -> None:
    server.faults |= faults
    with (
        sending(server.settings(user="ada"), password=password or (lambda: "pässword")) as desk,
        pytest.raises(fate, match=said) as raised,
    ):
        desk.send()
    assert raised.value.server == ("localhost" if faults else None)
    assert "MAIL" not in server.commands
    assert bool(server.connections) == bool(faults)


def test_sixteen_messages_with_a_wrong_password_ask_the_server_once() -> None:
    with (
        running() as server,
        sending(server.settings(user="ada"), password=lambda: "wrong") as desk,
        ThreadPoolExecutor(16) as pool,
    ):
        desk.transport._gate = crowded(16)
        mails = [pool.submit(desk.send) for _ in range(16)]
        for mail in mails:
            with pytest.raises(MailHeld, match="535"):
                mail.result()
    assert server.commands.count("AUTH") == 1


def test_a_server_that_only_knows_helo_cannot_encrypt(server: Server) -> None:
    server.faults["EHLO"] = NO_EHLO
    with (
        sending(server.settings(security="starttls")) as desk,
        pytest.raises(MailHeld, match="knows only HELO, without encryption and login"),
    ):
        desk.send()
    assert "MAIL" not in server.commands


@pytest.mark.parametrize(
    ("fault", "fate"), [(errno.EMFILE, Unreached), (errno.EIO, Unreached), (errno.EACCES, MailHeld)]
)
def test_a_password_file_that_cannot_be_read_holds_the_mail_unless_that_passes(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: int, fate: type
) -> None:
    def fail(_: Path) -> bytes:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(secrets, "read_own", fail)
    keep = Passwords(tmp_path / "mail-password.json")
    with (
        sending(server.settings(user="ada"), password=lambda: keep.read("mx", "ada")) as desk,
        pytest.raises(fate, match=rf"{os.strerror(fault)}\. Correct that, or delete the file"),
    ):
        desk.send()


def test_letters_beyond_ascii_before_the_at_go_to_a_server_that_takes_them(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send(to="zoë@bücher.example")
        desk.send(to="plain@example.org")
    assert server.mails[0].rcpt_tos == ["zoë@xn--bcher-kva.example"]
    assert "zoë@xn--bcher-kva.example".encode() in (server.mails[0].original_content or b"")
    assert server.mails[0].smtp_utf8
    assert not server.mails[1].smtp_utf8


def test_a_server_that_does_not_take_them_is_named_in_a_sentence() -> None:
    with running(enable_SMTPUTF8=False) as server, sending(server.settings()) as desk:
        with pytest.raises(MailFinal, match=r"cannot deliver to zoë@example\.org.*was not sent"):
            desk.send(to="zoë@example.org")
        with pytest.raises(MailFinal, match=r"cannot deliver to zoë@example\.org"):
            desk.send(cc="zoë@example.org")
        desk.send()
    assert server.connections == 1


def test_a_sender_it_does_not_take_needs_the_person() -> None:
    with running(enable_SMTPUTF8=False) as server, sending(server.settings()) as desk:
        with pytest.raises(MailHeld, match=r"cannot send from zoë@example\.org.*another sender"):
            desk.send(sender="zoë@example.org")
        assert "MAIL" not in server.commands


@pytest.mark.parametrize("copy", ["archive@example.org", "zoë@example.org"])
def test_copies_go_to_the_server_beside_the_recipient(server: Server, copy: str) -> None:
    with sending(server.settings()) as desk:
        desk.send(cc="desk@example.org", bcc=copy)
    assert server.mails[0].rcpt_tos == ["ada@example.org", "desk@example.org", copy]
    assert server.mails[0].smtp_utf8 is not copy.isascii()


@pytest.mark.parametrize(
    ("copy", "why"),
    [("archive@example.org", "550 5.1.1 no such user"), ("zoë@example.org", "no SMTPUTF8")],
)
def test_a_copy_the_server_does_not_take_leaves_the_message_on_its_way_and_the_log_says_so(
    copy: str, why: str
) -> None:
    with running(enable_SMTPUTF8=False) as server, sending(server.settings()) as desk:
        server.faults["RCPT TO:<archive@example.org>"] = "550 5.1.1 no such user"
        desk.send(bcc=f"{copy}; desk@example.org")
    assert server.mails[0].rcpt_tos == ["ada@example.org", "desk@example.org"]
    (said,) = [line for line in desk.log if copy in line]
    assert why in said


@pytest.mark.parametrize("code", [500, 501, 502, 504, 550])
def test_a_server_that_only_knows_helo_gets_a_plain_message(server: Server, code: int) -> None:
    server.faults["EHLO"] = f"{code} 5.5.1 Error: unknown command"
    with sending(server.settings()) as desk:
        desk.send(text="one\n.two\n")
        desk.send()
    assert server.commands[:4] == ["greeting", "EHLO", "HELO", "MAIL"]
    assert server.mails[0].mail_options == []
    assert server.connections == 1


def test_after_closing_a_mail_on_its_way_still_leaves(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.transport.send(letter(), desk.transport.close, desk.log.append)
        assert not desk.transport.idle
    assert len(server.mails) == 1


OPENED = cast("SmtpConnection", object())
Opening = Callable[[], SmtpConnection]


class Crowd:
    """A lock whose first holder goes on once ``count`` have come for it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._come = threading.Semaphore(0)
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._come.release()
        self._lock.acquire()
        for _ in range(self._count):
            assert self._come.acquire(timeout=WITHIN)
        self._count = 0

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def crowded(count: int) -> LoginGate:
    gate: Any = LoginGate()
    gate._trying = Crowd(count)
    return cast("LoginGate", gate)


def opening(opened: list[str], error: BaseException | None = None) -> Opening:
    def open_one() -> SmtpConnection:
        opened.append("one")
        if error is not None:
            raise error
        return OPENED

    return open_one


def crowd(error: BaseException | None) -> tuple[list[str], list[BaseException | None]]:
    """Let 8 wait while one tries; returns who opened a connection, and what each has raised."""
    gate, opened = crowded(9), list[str]()
    errors = [error, *[None] * 8]

    def open_one() -> SmtpConnection:
        return opening(opened, errors[len(opened)])()

    with ThreadPoolExecutor(9) as pool:
        got = [pool.submit(gate.connect, "secret", open_one) for _ in range(9)]
    return opened, [each.exception() for each in got]


@pytest.mark.parametrize("error", [MailHeld("535 no", code=535), Unreached("Gone.", server="x")])
def test_what_one_was_refused_holds_for_all_that_waited_for_it(error: MailError) -> None:
    opened, raised = crowd(error)
    assert opened == ["one"]
    told = [(type(each), str(each), vars(each)) for each in raised]
    assert told == [(type(error), str(error), vars(error))] * 9


def test_once_one_has_signed_in_all_may() -> None:
    opened, raised = crowd(None)
    assert len(opened) == 9
    assert raised == [None] * 9


def test_a_crash_says_nothing_about_the_login() -> None:
    crash = KeyError("bug")
    opened, raised = crowd(crash)
    assert len(opened) == 9
    assert [each for each in raised if each is not None] == [crash]


def test_after_a_refusal_the_next_one_tries() -> None:
    gate, opened = LoginGate(), list[str]()
    with pytest.raises(MailHeld):
        gate.connect("secret", opening(opened, MailHeld("535 no")))
    assert gate.connect("secret", opening(opened)) is OPENED


def test_another_password_is_tried_by_one_again() -> None:
    gate, opened = crowded(0), list[str]()
    gate.connect("secret", opening(opened))
    gate._trying = crowded(2)._trying
    with ThreadPoolExecutor(2) as pool:
        got = [
            pool.submit(gate.connect, "another", opening(opened, MailHeld("535 no")))
            for _ in range(2)
        ]
    assert all(isinstance(each.exception(), MailHeld) for each in got)
    assert len(opened) == 2


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"try  again\nlater", "try again later"),
        (b"no \x1b[2Jroom \x1b]52;c;AAAA\x07", "no [2Jroom ]52;c;AAAA"),
        ("geht nicht: \u202egnp.exe".encode(), "geht nicht: gnp.exe"),
        (b"\x00", ""),
        ("zwölf".encode(), "zwölf"),
        (b"\xff", "\ufffd"),
    ],
)
def test_what_would_steer_a_terminal_is_left_out(said: bytes, shown: str) -> None:
    assert SmtpReply.read(550, said).words == shown
