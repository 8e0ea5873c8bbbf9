"""For all the server may do at any step, the mail has one fate and the person its words."""

from __future__ import annotations

import math
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import (
    MailError,
    MailFinal,
    MailHeld,
    MailLater,
    MailQuota,
    MailUncertain,
    SignInNeeded,
    Unreached,
)
from desktop.mail.smtp.connection import SmtpConnection
from desktop.mail.smtp.dialogue import Dialogue
from desktop.settings.preferences import MailSettings
from tests import WITHIN
from tests.mail.sending import IMPATIENT, QUICK, letter, sending
from tests.mail.server import Fault, Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


SESSION = ["greeting", "EHLO", "AUTH"]
ENVELOPE = ["MAIL", "RCPT", "DATA"]


LATER, NEVER = "451 4.7.1 try again later", "554 5.7.1 not from you"
ANSWERS = [
    *((step, LATER, MailLater, LATER) for step in (*SESSION, *ENVELOPE, "dot")),
    *(
        (step, NEVER, MailFinal, f"localhost refused .*: {NEVER}")
        for step in ("RCPT", "DATA", "dot")
    ),
    *((step, NEVER, MailHeld, NEVER) for step in SESSION),
    *((step, "530 5.7.0 log in", MailHeld, "530 5.7.0 log in") for step in ("MAIL", "RCPT")),
    ("MAIL", "220 hello", MailLater, "out of turn: 220 hello"),
    ("RCPT", "221 bye", MailLater, "out of turn: 221 bye"),
    ("DATA", "250 fine", MailLater, "out of turn: 250 fine"),
]


@pytest.mark.parametrize(("step", "answer", "fate", "said"), ANSWERS)
def test_an_answer_at_each_step_has_its_fate_in_the_servers_words(
    server: Server, step: str, answer: str, fate: type[MailError], said: str
) -> None:
    server.faults[step] = answer
    with sending(server.settings(user="ada")) as desk:
        with pytest.raises(fate, match=said):
            desk.send()
        assert desk.crossed == (step == "dot")
        server.faults.clear()
        desk.send()


def test_a_refused_sender_needs_the_person_but_not_a_large_message(server: Server) -> None:
    server.faults["MAIL"] = "554 5.7.1 not from you"
    with sending(server.settings()) as desk:
        with pytest.raises(
            MailHeld, match=r"localhost refused the sender: 554 5\.7\.1 not from you"
        ):
            desk.send()
        server.faults["MAIL"] = "552 5.3.4 too large"
        with pytest.raises(MailFinal, match="too large"):
            desk.send()


@pytest.mark.parametrize("step", ENVELOPE)
@pytest.mark.parametrize("answer", ["554 5.7.1 not from you", "552 5.3.4 too large", "530 login"])
def test_a_refusal_that_may_be_of_the_message_before_is_asked_for_again(
    server: Server, step: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late answer to the final dot holds no queue and fails no other person's message."""
    with sending(server.settings()) as desk:
        desk.send()
        # Each answer is faster than all before.
        never = property(lambda _: math.inf, lambda *_: None)
        monkeypatch.setattr(Dialogue, "fastest", never, raising=False)
        server.faults_once[step] = answer
        desk.send()
        assert (len(server.mails), server.connections, desk.crossed) == (2, 2, 2)
        server.faults["MAIL"] = "554 5.7.1 not from you"
        with pytest.raises(MailHeld, match="not from you"):
            desk.send()
    assert server.connections == 3


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_refusal_that_took_its_time_is_believed_over_a_used_connection(
    server: Server, step: str
) -> None:
    with sending(server.settings()) as desk:
        desk.send()
        desk.transport.idle[0][1]._dialogue.fastest = 0.0
        server.faults_once[step] = "550 5.1.1 no such mailbox"
        with pytest.raises(MailFinal, match="no such mailbox"):
            desk.send()
    assert server.connections == 1


@pytest.mark.parametrize("step", [*SESSION, *ENVELOPE])
def test_a_connection_that_drops_before_the_final_dot_is_for_later(
    server: Server, step: str
) -> None:
    server.faults[step] = Fault.DROP
    with sending(server.settings(user="ada")) as desk:
        with pytest.raises(MailLater, match="closed the connection") as caught:
            desk.send()
        assert isinstance(caught.value, Unreached) == (step == "greeting")
        assert caught.value.server == "localhost"
        assert not server.mails
        server.faults.clear()
        desk.send()
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    "fault", ["451 4.3.1 disk full", "552 5.3.4 too big", "250 OK", Fault.DROP]
)
def test_a_server_that_speaks_amid_the_content_never_gets_the_final_dot(
    server: Server, monkeypatch: pytest.MonkeyPatch, fault: str | Fault
) -> None:
    look_at_once = SmtpConnection._check_silence

    def look_when_it_spoke(connection: SmtpConnection) -> None:
        assert server.interrupted.wait(WITHIN)
        look_at_once(connection)

    monkeypatch.setattr(SmtpConnection, "_check_silence", look_when_it_spoke)
    server.faults["content"] = fault
    with sending(server.settings()) as desk:
        with pytest.raises(
            MailLater, match=fault if isinstance(fault, str) else "closed the connec"
        ):
            desk.send()
        assert not desk.crossed
        assert not desk.transport.idle
    assert not server.mails


def test_a_connection_that_drops_after_the_final_dot_has_no_answer(server: Server) -> None:
    server.faults["dot"] = Fault.DROP
    with sending(server.settings()) as desk:
        with pytest.raises(MailUncertain, match="gave no answer"):
            desk.send()
        server.faults.clear()
        desk.send()
    assert len(server.mails) == 2
    assert server.connections == 2


def test_a_drop_at_the_point_of_no_return_is_for_another_attempt(server: Server) -> None:
    """The dot is not sent, and the attempt that has set the mark takes no other connection."""
    with sending(server.settings()) as desk:
        desk.send()
        with pytest.raises(MailLater, match="closed the connection"):
            desk.transport.send(letter(), server.drop_all, desk.log.append)
    assert len(server.mails) == 1
    assert server.connections == 1


@pytest.mark.parametrize("step", [*SESSION, *ENVELOPE])
def test_a_server_that_falls_silent_before_the_final_dot_is_for_later(
    server: Server, step: str
) -> None:
    server.faults[step] = Fault.SILENCE
    with (
        sending(server.settings(user="ada"), IMPATIENT) as desk,
        pytest.raises(MailLater, match="did not answer in time") as caught,
    ):
        desk.send()
    assert caught.value.server == "localhost"
    assert not desk.crossed


def test_a_server_that_falls_silent_after_the_final_dot_gave_no_answer(server: Server) -> None:
    server.faults["dot"] = Fault.SILENCE
    impatient_at_the_end = replace(QUICK, answer=0.3)
    with sending(server.settings(), impatient_at_the_end) as desk, pytest.raises(MailUncertain):
        desk.send()


@pytest.mark.parametrize(
    ("noise", "how"),
    [
        ("hello", "gave no proper answer: hello"),
        ("99 what", "gave no proper answer: 99 what"),
        ("354 go on", "answered 354 go on"),
        ("2", "gave no proper answer: 2"),
        ("200 ok", "answered 200 ok"),
        ("220 ready", "answered 220 ready"),
        ("221 bye", "answered 221 bye"),
        ("235 signed in", "answered 235 signed in"),
    ],
)
def test_noise_after_the_final_dot_is_no_clear_answer(server: Server, noise: str, how: str) -> None:
    server.faults["dot"] = noise
    with sending(server.settings()) as desk, pytest.raises(MailUncertain) as unclear:
        desk.send()
    assert str(unclear.value) == (
        f"After the e-mail was handed over, localhost {how}. "
        "That does not say whether the e-mail was accepted."
    )


def test_421_after_the_final_dot_is_a_definite_no(server: Server) -> None:
    server.faults["dot"] = "421 4.3.2 shutting down"
    with sending(server.settings()) as desk:
        with pytest.raises(MailLater, match=r"421 4.3.2 shutting down"):
            desk.send()
        assert desk.crossed == 1
        server.faults.clear()
        desk.send()
    assert server.connections == 2


def test_a_wrong_password_needs_the_person_in_the_servers_words(server: Server) -> None:
    with (
        sending(server.settings(user="ada"), password=lambda: "wrong") as desk,
        pytest.raises(MailHeld, match="refused the user name or password of ada: 535") as caught,
    ):
        desk.send()
    assert "wrong" not in str(caught.value)
    assert not any("wrong" in line for line in desk.log)
    assert sum(each.startswith("AUTH") for each in server.commands) == 1


NO_PASSWORDS = (
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
    "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
    "535 5.7.139 Authentication unsuccessful, user is locked by security defaults policy.",
    "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be met.",
    "550 5.7.30 Basic authentication is not supported for Client Submission.",
)
"""Microsoft's answers to a password that may be right."""


@pytest.mark.parametrize("step", ["AUTH", "MAIL"])
@pytest.mark.parametrize("answer", NO_PASSWORDS)
def test_a_server_that_takes_no_passwords_says_to_sign_in(
    server: Server, step: str, answer: str
) -> None:
    server.faults[step] = answer
    with sending(server.settings(user="ada")) as desk, pytest.raises(SignInNeeded) as caught:
        desk.send()
    assert caught.value.problem is SignInProblem.PASSWORD_REFUSED
    assert f"{answer} Sign in" in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
        "535 5.7.8 Username and Password not accepted",
    ],
)
def test_refused_credentials_name_both_possibilities(server: Server, answer: str) -> None:
    server.faults["AUTH"] = answer
    with sending(server.settings(user="ada")) as desk, pytest.raises(MailHeld) as caught:
        desk.send()
    assert not isinstance(caught.value, SignInNeeded)
    assert "Either they are not correct, or the provider does not let other" in str(caught.value)


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("mail.gmx.net", "in the settings of GMX, under E-Mail"),
        ("smtp.gmail.com", "Make an app password at https://myaccount.google.com"),
        ("localhost", "Switch that on in its web settings"),
    ],
)
def test_refused_credentials_have_the_hint_of_the_provider(
    server: Server, monkeypatch: pytest.MonkeyPatch, host: str, hint: str
) -> None:
    server.faults["AUTH"] = "535 5.7.8 Authentication credentials invalid"
    here = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda _, within: here(("localhost", server.port), within)
    )
    settings = server.settings(user="ada", host=host)
    with sending(settings) as desk, pytest.raises(MailHeld, match=hint):
        desk.send()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_port_on_which_no_server_listens(server: Server, security: str) -> None:
    with running() as gone:
        settings = gone.settings(security=security)
    with sending(settings) as desk, pytest.raises(Unreached, match="cannot be reached") as caught:
        desk.send()
    assert caught.value.server == "localhost"
    assert not desk.crossed


def test_an_unknown_server_name() -> None:
    settings = MailSettings(transport="smtp", host="mail.invalid", security="none")
    with sending(settings) as desk, pytest.raises(Unreached, match="not known here"):
        desk.send()


def test_no_route_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_route(*_: object, **__: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", no_route)
    settings = MailSettings(transport="smtp", host="192.0.2.1", security="none")
    with sending(settings) as desk, pytest.raises(Unreached, match="Network is unreachable"):
        desk.send()


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_server_that_accepts_and_never_greets(security: Literal["none", "tls"]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings = MailSettings("smtp", "127.0.0.1", port, security)
        with sending(settings, IMPATIENT) as desk, pytest.raises(Unreached, match="in time"):
            desk.send()


@pytest.mark.parametrize("step", ["greeting", "AUTH", *ENVELOPE, "dot"])
@pytest.mark.parametrize("answer", ["421 4.7.0 too many messages", "550 5.4.5 daily limit"])
def test_a_quota_is_told_at_any_step(server: Server, step: str, answer: str) -> None:
    server.faults[step] = answer
    with sending(server.settings(user="ada")) as desk:
        with pytest.raises(MailQuota, match=answer):
            desk.send()
        server.faults.clear()
        desk.send()
    assert len(server.mails) == 1 + (step == "dot")
