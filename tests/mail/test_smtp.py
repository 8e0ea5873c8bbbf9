from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.mail import smtp
from desktop.mail.connection import Connection
from desktop.mail.errors import Broken, Later, NoAnswer, Rejected
from desktop.mail.message import Message, build, new_message_id
from desktop.mail.opening import Timeouts
from desktop.mail.smtp import SmtpTransport
from desktop.settings.mailbox import Mailbox
from desktop.settings.preferences import MailSettings
from desktop.settings.secrets import NoKeyring
from tests.mail.server import Fault, Server, running

QUICK = Timeouts(connect=10, command=10, content=10, answer=10)
IMPATIENT = Timeouts(connect=0.3, command=0.3, content=0.3, answer=0.3)


@dataclass
class Sending:
    """A transport, what was noted while it sent, and whether the point of no return was passed."""

    transport: SmtpTransport
    log: list[str] = field(default_factory=list)
    crossed: int = 0

    def cross(self) -> None:
        self.crossed += 1

    def send(self, **changes: Any) -> str:
        return self.transport.send(letter(**changes), self.cross, self.log.append)


def letter(to: str = "ada@example.org", text: str = "hello\n") -> Message:
    return build(
        message_id=new_message_id("box@example.org"),
        sender=Mailbox("Box office", "box@example.org"),
        to=Mailbox("Ada", to),
        subject="Your seats",
        text=text,
        html="<p>hello</p>\n",
        date=datetime.now(UTC),
    )


@contextmanager
def sending(
    settings: MailSettings,
    timeouts: Timeouts = QUICK,
    password: Callable[[], str | None] = lambda: "pässword",
) -> Iterator[Sending]:
    transport = SmtpTransport(settings, password, timeouts)
    try:
        yield Sending(transport)
    finally:
        transport.close()


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
    assert desk.log[2].startswith("message handed over (Message-ID <")
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
    assert server.taken.acquire(timeout=10)


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


def test_one_connection_carries_many_mails(server: Server) -> None:
    with sending(server.settings(user="ada")) as desk:
        for _ in range(20):
            desk.send()
    assert len(server.mails) == 20
    assert server.connections == 1
    assert server.commands.count("AUTH") == 1


def test_a_connection_is_replaced_after_its_share_of_mails(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MAILS_LIMIT", 3)
    with sending(server.settings()) as desk:
        for _ in range(7):
            desk.send()
    assert server.connections == 3


def test_threads_send_at_the_same_time(server: Server) -> None:
    together = threading.Barrier(8, timeout=20)

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
    assert "the open connection had gone stale" in desk.log


def test_a_connection_the_server_is_tired_of_is_replaced_unnoticed(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send()
        server.faults["MAIL"] = "421 4.4.2 idle for too long"

        def heal() -> None:
            raise AssertionError

        with pytest.raises(Later, match=r"421 4.4.2 idle for too long"):
            desk.transport.send(letter(), heal, desk.log.append)
        server.faults.clear()
        desk.send()
    assert len(server.mails) == 2


def test_an_idle_connection_is_closed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "IDLE_LIMIT", 0.05)
    with sending(server.settings()) as desk:
        desk.send()
        for _ in range(200):
            if not desk.transport._idle:
                break
            threading.Event().wait(0.02)
        assert not desk.transport._idle
        desk.send()
    assert server.connections == 2


def test_a_refused_recipient_leaves_the_connection_usable(server: Server) -> None:
    with sending(server.settings()) as desk:
        server.faults["RCPT"] = "550 5.1.1 no such user"
        with pytest.raises(Rejected, match=r"550 5.1.1 no such user"):
            desk.send()
        server.faults.clear()
        desk.send()
    assert server.connections == 1
    assert "RSET" in server.commands


SESSION = ["greeting", "EHLO", "AUTH"]
ENVELOPE = ["MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("step", [*SESSION, *ENVELOPE, "dot"])
def test_4xx_at_any_step_is_for_later_in_the_servers_words(server: Server, step: str) -> None:
    server.faults[step] = "451 4.7.1 try again later"
    with sending(server.settings(user="ada")) as desk:
        with pytest.raises(Later, match=r"451 4\.7\.1 try again later"):
            desk.send()
        assert desk.crossed == (step == "dot")
        server.faults.clear()
        desk.send()


@pytest.mark.parametrize("step", [*ENVELOPE, "dot"])
def test_5xx_about_a_mail_is_final_in_the_servers_words(server: Server, step: str) -> None:
    server.faults[step] = "554 5.7.1 not from you"
    with sending(server.settings(user="ada")) as desk:
        with pytest.raises(Rejected, match=r"localhost refused .*: 554 5\.7\.1 not from you"):
            desk.send()
        assert desk.crossed == (step == "dot")
        server.faults.clear()
        desk.send()


@pytest.mark.parametrize("step", SESSION)
def test_5xx_before_there_is_a_mail_needs_the_person(server: Server, step: str) -> None:
    server.faults[step] = "554 5.3.2 no service for you"
    with sending(server.settings(user="ada")) as desk, pytest.raises(Broken, match="no service"):
        desk.send()
    assert not desk.crossed


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_server_that_wants_a_login_needs_the_person(server: Server, step: str) -> None:
    server.faults[step] = "530 5.7.0 authentication required"
    with sending(server.settings()) as desk, pytest.raises(Broken, match=r"530 5.7.0"):
        desk.send()


@pytest.mark.parametrize("step", [*SESSION, *ENVELOPE])
def test_a_connection_that_drops_before_the_final_dot_is_for_later(
    server: Server, step: str
) -> None:
    server.faults[step] = Fault.DROP
    with sending(server.settings(user="ada")) as desk:
        with pytest.raises(Later, match="closed the connection"):
            desk.send()
        assert not server.mails
        server.faults.clear()
        desk.send()
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("fault", "fate"),
    [("451 4.3.1 disk full", Later), ("552 5.3.4 too big", Rejected), (Fault.DROP, Later)],
)
def test_a_server_that_stops_amid_the_content_never_gets_the_final_dot(
    server: Server, monkeypatch: pytest.MonkeyPatch, fault: str | Fault, fate: type[Exception]
) -> None:
    look_at_once = Connection._check_silence

    def look_when_it_spoke(connection: Connection) -> None:
        assert server.interrupted.wait(20)
        look_at_once(connection)

    monkeypatch.setattr(Connection, "_check_silence", look_when_it_spoke)
    server.faults["content"] = fault
    with sending(server.settings()) as desk:
        with pytest.raises(fate, match=fault if isinstance(fault, str) else "closed the connec"):
            desk.send()
        assert not desk.crossed
        assert not desk.transport._idle
    assert not server.mails


def test_a_connection_that_drops_after_the_final_dot_has_no_answer(server: Server) -> None:
    server.faults["dot"] = Fault.DROP
    with sending(server.settings()) as desk:
        with pytest.raises(NoAnswer, match="gave no answer"):
            desk.send()
        server.faults.clear()
        desk.send()
    assert len(server.mails) == 2
    assert server.connections == 2


def test_a_drop_at_the_point_of_no_return_has_no_answer(server: Server) -> None:
    with sending(server.settings()) as desk, pytest.raises(NoAnswer):
        desk.transport.send(letter(), server.drop_all, desk.log.append)
    assert not server.mails


@pytest.mark.parametrize("step", [*SESSION, "MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_before_the_final_dot_is_for_later(
    server: Server, step: str
) -> None:
    server.faults[step] = Fault.SILENCE
    with (
        sending(server.settings(user="ada"), IMPATIENT) as desk,
        pytest.raises(Later, match="did not answer in time"),
    ):
        desk.send()
    assert not desk.crossed


def test_a_server_that_falls_silent_after_the_final_dot_gave_no_answer(server: Server) -> None:
    server.faults["dot"] = Fault.SILENCE
    impatient_at_the_end = replace(QUICK, answer=0.3)
    with sending(server.settings(), impatient_at_the_end) as desk, pytest.raises(NoAnswer):
        desk.send()


@pytest.mark.parametrize("noise", ["hello", "99 what", "354 go on", "2"])
def test_noise_after_the_final_dot_is_no_answer(server: Server, noise: str) -> None:
    server.faults["dot"] = noise
    with sending(server.settings()) as desk, pytest.raises(NoAnswer):
        desk.send()


def test_421_after_the_final_dot_is_a_definite_no(server: Server) -> None:
    server.faults["dot"] = "421 4.3.2 shutting down"
    with sending(server.settings()) as desk:
        with pytest.raises(Later, match=r"421 4.3.2 shutting down"):
            desk.send()
        assert desk.crossed == 1
        server.faults.clear()
        desk.send()
    assert server.connections == 2


def test_noise_before_the_final_dot_is_for_later(server: Server) -> None:
    server.faults["DATA"] = "250 fine"
    with sending(server.settings()) as desk, pytest.raises(Later, match="out of turn: 250 fine"):
        desk.send()


def test_a_wrong_password_needs_the_person_in_the_servers_words(server: Server) -> None:
    with (
        sending(server.settings(user="ada"), password=lambda: "wrong") as desk,
        pytest.raises(Broken, match="refused the login of ada: 535") as caught,
    ):
        desk.send()
    assert "wrong" not in str(caught.value)
    assert not any("wrong" in line for line in desk.log)


def test_a_server_that_only_knows_login_is_signed_in_to() -> None:
    with (
        running(auth_exclude_mechanism=["PLAIN"]) as server,
        sending(server.settings(user="ada")) as desk,
    ):
        desk.send()
    assert "signed in as ada" in desk.log


def test_a_server_without_login_needs_the_person() -> None:
    with (
        running(auth_exclude_mechanism=["PLAIN", "LOGIN"]) as server,
        sending(server.settings(user="ada")) as desk,
        pytest.raises(Broken, match="offers no login on this line"),
    ):
        desk.send()


def test_without_a_password_the_person_is_asked_for_one(server: Server) -> None:
    with (
        sending(server.settings(user="ada"), password=lambda: None) as desk,
        pytest.raises(Broken, match="No password is kept for ada at localhost"),
    ):
        desk.send()
    assert not server.connections


def test_without_a_keyring_the_way_out_is_told(server: Server) -> None:
    def none() -> str | None:
        raise NoKeyring("no keyring; set the variable")

    with (
        sending(server.settings(user="ada"), password=none) as desk,
        pytest.raises(Broken, match="no keyring; set the variable"),
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
        with pytest.raises(Rejected, match="localhost takes only addresses in plain letters"):
            desk.send(to="zoë@example.org")
        desk.send()
    assert server.connections == 1


def test_a_port_nobody_listens_on_is_for_later(server: Server) -> None:
    with running() as gone:
        settings = gone.settings()
    with sending(settings) as desk, pytest.raises(Later, match="cannot be reached"):
        desk.send()


def test_an_unknown_server_name_is_for_later() -> None:
    settings = MailSettings(transport="smtp", host="mail.invalid", security="none")
    with sending(settings) as desk, pytest.raises(Later, match=r"mail.invalid is not known here"):
        desk.send()


def test_after_closing_a_mail_on_its_way_still_leaves(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.transport.send(letter(), desk.transport.close, desk.log.append)
        assert not desk.transport._idle
    assert len(server.mails) == 1
