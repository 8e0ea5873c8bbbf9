"""Mails reach a real server over connections that are used again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop.mail.errors import MailFinal, MailHeld
from desktop.mail.smtp import smtp
from desktop.settings.secrets import NoKeyring
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
    assert "the open connection had gone stale" in desk.log


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


@pytest.mark.parametrize("excluded", [["PLAIN"], ["PLAIN", "LOGIN"]])
def test_a_server_is_signed_in_to_by_what_it_offers(excluded: list[str]) -> None:
    with (
        running(auth_exclude_mechanism=excluded) as server,
        sending(server.settings(user="ada")) as desk,
    ):
        desk.send()
    assert "signed in as ada" in desk.log


def test_a_mechanism_that_is_offered_and_unknown_is_followed_by_the_next(server: Server) -> None:
    server.faults["AUTH PLAIN"] = "504 5.5.4 Unrecognized authentication type"
    with sending(server.settings(user="ada")) as desk:
        desk.send()
    assert "signed in as ada" in desk.log


def test_a_wrong_password_is_tried_by_one_mechanism_only(server: Server) -> None:
    settings = server.settings(user="ada")
    with sending(settings, password=lambda: "wrong") as desk, pytest.raises(MailHeld, match="535"):
        desk.send()
    assert sum(each.startswith("AUTH") for each in server.commands) == 1


def test_a_server_without_login_needs_the_person() -> None:
    with (
        running(auth_exclude_mechanism=["PLAIN", "LOGIN", "CRAM-MD5"]) as server,
        sending(server.settings(user="ada")) as desk,
        pytest.raises(MailHeld, match="offers no login on this connection"),
    ):
        desk.send()


def test_a_login_without_an_end_needs_the_person() -> None:
    with running(auth_exclude_mechanism=["PLAIN", "LOGIN"]) as server:
        server.faults["AUTH CRAM-MD5"] = "334 not base64"
        with (
            sending(server.settings(user="ada")) as desk,
            pytest.raises(MailHeld, match="login of ada by CRAM-MD5"),
        ):
            desk.send()


def test_a_login_that_nobody_here_knows_is_named(server: Server) -> None:
    server.faults["EHLO"] = "250-mail.test\r\n250 AUTH XOAUTH2 NTLM"
    with (
        sending(server.settings(user="ada")) as desk,
        pytest.raises(MailHeld, match="offers a login only by XOAUTH2, NTLM"),
    ):
        desk.send()


def test_without_a_password_the_person_is_asked_for_one(server: Server) -> None:
    with (
        sending(server.settings(user="ada"), password=lambda: None) as desk,
        pytest.raises(MailHeld, match="No password is kept for ada at localhost"),
    ):
        desk.send()
    assert not server.connections


def test_without_a_keyring_the_ways_out_are_told(server: Server) -> None:
    """The nearest one was missing: a password that is kept until the end has to be typed again."""

    def none() -> str | None:
        raise NoKeyring("There is no keyring.")

    with (
        sending(server.settings(user="ada"), password=none) as desk,
        pytest.raises(
            MailHeld,
            match=r"Type it in the mail settings\. There is no keyring\. Unlock or install",
        ),
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
        desk.send()
    assert server.connections == 1


def test_a_sender_it_does_not_take_needs_the_person() -> None:
    with running(enable_SMTPUTF8=False) as server, sending(server.settings()) as desk:
        with pytest.raises(MailHeld, match=r"cannot send from zoë@example\.org.*another sender"):
            desk.send(sender="zoë@example.org")
        assert "MAIL" not in server.commands


def test_a_blind_copy_goes_to_the_server_beside_the_recipient(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send(copy_to="archive@example.org")
    assert server.mails[0].rcpt_tos == ["ada@example.org", "archive@example.org"]


def test_a_refused_copy_leaves_the_message_on_its_way_and_the_log_says_so(server: Server) -> None:
    server.faults["RCPT TO:<archive@example.org>"] = "550 5.1.1 no such user"
    with sending(server.settings()) as desk:
        desk.send(copy_to="archive@example.org")
    assert server.mails[0].rcpt_tos == ["ada@example.org"]
    (said,) = [line for line in desk.log if "archive@example.org" in line]
    assert "550 5.1.1 no such user" in said


def test_a_copy_whose_address_the_server_does_not_take_keeps_no_message_back() -> None:
    with running(enable_SMTPUTF8=False) as server, sending(server.settings()) as desk:
        desk.send(copy_to="zoë@example.org")
    assert server.mails[0].rcpt_tos == ["ada@example.org"]
    (said,) = [line for line in desk.log if "zoë@example.org" in line]
    assert "no SMTPUTF8" in said


def test_a_copy_beyond_ascii_leaves_where_the_server_takes_it(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send(copy_to="zoë@example.org")
    assert server.mails[0].rcpt_tos == ["ada@example.org", "zoë@example.org"]
    assert server.mails[0].smtp_utf8


NO_EHLO = "500 5.5.1 Error: unknown command"


def test_a_server_that_only_knows_helo_gets_a_plain_message(server: Server) -> None:
    server.faults["EHLO"] = NO_EHLO
    with sending(server.settings()) as desk:
        desk.send(text="one\n.two\n")
        desk.send()
    assert server.commands[:4] == ["greeting", "EHLO", "HELO", "MAIL"]
    assert server.mails[0].mail_options == []
    assert server.connections == 1


@pytest.mark.parametrize("needs", [{"user": "ada"}, {"security": "starttls"}])
def test_a_server_that_only_knows_helo_can_neither_encrypt_nor_sign_in(
    server: Server, needs: dict[str, str]
) -> None:
    server.faults["EHLO"] = NO_EHLO
    with (
        sending(server.settings(**needs)) as desk,
        pytest.raises(MailHeld, match="knows only HELO, without encryption and login"),
    ):
        desk.send()
    assert not {"STARTTLS", "AUTH", "MAIL"} & set(server.commands)


def test_letters_beyond_ascii_before_the_at_do_not_go_by_helo(server: Server) -> None:
    server.faults["EHLO"] = NO_EHLO
    with sending(server.settings()) as desk, pytest.raises(MailFinal, match="no SMTPUTF8"):
        desk.send(to="zoë@example.org")


def test_a_refused_helo_needs_the_person(server: Server) -> None:
    server.faults |= {"EHLO": NO_EHLO, "HELO": "554 5.7.1 go away"}
    with sending(server.settings()) as desk, pytest.raises(MailHeld, match=r"554 5\.7\.1 go away"):
        desk.send()


def test_after_closing_a_mail_on_its_way_still_leaves(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.transport.send(letter(), desk.transport.close, desk.log.append)
        assert not desk.transport.idle
    assert len(server.mails) == 1
