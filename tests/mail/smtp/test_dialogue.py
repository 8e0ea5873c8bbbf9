"""A reply is believed only if it is whole, proper, in time, and was asked for."""

from __future__ import annotations

import socket
import ssl
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ECONNRESET, EHOSTUNREACH
from typing import Final

import pytest

from desktop.mail.errors import MailError, MailLater, MailUncertain, Unreached
from desktop.mail.smtp import dialogue
from desktop.mail.smtp.dialogue import REPLY_LIMIT, WORDS_LIMIT, Dialogue, Ended
from tests.mail.raw_server import POLITE, RawServer, endless, saying
from tests.mail.sending import IMPATIENT, QUICK, letter, sending

STEPS: Final = ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"]
IMPROPER: Final = [
    b"2500 fine\r\n",
    b"25 fine\r\n",
    b"250fine\r\n",
    b"250_fine\r\n",
    b" 250 fine\r\n",
    b"+250 fine\r\n",
    b"\xb2\xb5\xb0 fine\r\n",
    b"fine\r\n",
    b"\r\n",
    b"550-no\r\n250 fine\r\n",
    b"250-fine\r\n550 no\r\n",
    b"250-fine\r\nand more\r\n250 fine\r\n",
    b"250-fine\r\n2500 fine\r\n",
]


EACH: Final = [(step, said) for step in ("MAIL", "dot") for said in IMPROPER] + [
    (step, IMPROPER[0]) for step in STEPS
]


def fate(step: str) -> type[MailError]:
    return MailUncertain if step == "dot" else MailLater


@pytest.mark.parametrize(("step", "said"), dict.fromkeys(EACH))
def test_what_is_no_proper_reply_answers_nothing(step: str, said: bytes) -> None:
    said = said.replace(b"250", POLITE.get(step, b"250")[:3])
    with (
        saying({step: said}) as server,
        sending(server.settings()) as desk,
        pytest.raises(fate(step), match="gave no proper answer"),
    ):
        desk.send()
    assert server.dots == (step == "dot")


@pytest.mark.parametrize("step", ["greeting", "MAIL", "dot"])
@pytest.mark.parametrize("said", [b"250 fine", b"250", b"250-fine\r\n", b"250-fine\r\n250 fi"])
def test_a_reply_that_breaks_off_is_none(step: str, said: bytes) -> None:
    said = said.replace(b"250", POLITE.get(step, b"250")[:3])
    with (
        saying({step: said}, closes_after=step) as server,
        sending(server.settings()) as desk,
        pytest.raises(fate(step), match="closed the connection"),
    ):
        desk.send()
    assert server.dots == (step == "dot")


@pytest.mark.parametrize("step", ["greeting", "dot"])
@pytest.mark.parametrize("one_line", [False, True])
def test_an_endless_reply_ends_the_connection_and_fills_no_memory(
    step: str, one_line: bool
) -> None:
    said = endless(int(POLITE.get(step, b"250")[:3]))
    said = (piece.replace(b"\r\n", b"") for piece in said) if one_line else said
    with saying({step: said}) as server, sending(server.settings()) as desk:
        tracemalloc.start()
        try:
            with pytest.raises(fate(step), match="gave an endless answer"):
                desk.send()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 16 * REPLY_LIMIT


@pytest.mark.parametrize("step", ["greeting", "MAIL", "dot"])
def test_a_dripping_reply_has_one_deadline_for_all_of_it(step: str) -> None:
    with saying({}) as server, sending(server.settings(), IMPATIENT) as desk:
        said = POLITE.get(step, b"250")[:3] + b" " + b"x" * 100 + b"\r\n"
        server.says[step] = server.drip(said, every=IMPATIENT.command / 10)
        with pytest.raises(fate(step), match=r"did not answer in time|gave no answer"):
            desk.send()


def test_a_reply_in_pieces_or_with_a_bare_lf_is_one() -> None:
    pieces = [b"2", b"50", b"-fine\r", b"\n250-so", b"\n250", b"\n"]
    with saying({"MAIL": pieces, "dot": pieces}) as server, sending(server.settings()) as desk:
        assert desk.send() == "250 fine so"


EARLY: Final = [
    b"554 no\r\n",
    b"250 early\r\n",
    b"250 early",
    b"2",
    b"354 go on\r\n",
    b"\r\n",
    b"\0",
]


@pytest.mark.parametrize("early", EARLY)
def test_a_reply_before_the_content_is_no_answer_to_the_dot(early: bytes) -> None:
    said = {"DATA": b"354 go on\r\n" + early, "dot": b"554 no\r\n"}
    with saying(said) as server, sending(server.settings()) as desk:
        with pytest.raises(MailLater):
            desk.send()
        assert not desk.crossed
        assert not desk.transport.idle
    assert not server.dots


@pytest.mark.parametrize("early", EARLY)
def test_a_reply_while_the_mark_is_set_is_no_answer_to_the_dot(early: bytes) -> None:
    with saying({"dot": b"554 no\r\n"}) as server, sending(server.settings()) as desk:
        with pytest.raises(MailLater):
            desk.transport.send(letter(), lambda: server.say_now(early), desk.log.append)
        assert not desk.transport.idle
    assert not server.dots
    assert len(server.connections) == 1


@pytest.mark.parametrize("step", STEPS[:-2])
def test_a_reply_that_nothing_asked_for_answers_no_command(step: str) -> None:
    said = POLITE.get(step, b"250 fine\r\n") + b"250 and more\r\n"
    with (
        saying({step: said}) as server,
        sending(server.settings()) as desk,
        pytest.raises(MailLater, match="said what it was not asked for: 250 and more"),
    ):
        desk.send()
    assert not server.dots


@pytest.mark.parametrize("more", [b"554 no\r\n", b"421 bye\r\n", b"250 fine\r\n", b"x"])
def test_two_answers_to_the_final_dot_are_none(more: bytes) -> None:
    with saying({"dot": b"250 fine\r\n" + more}) as server, sending(server.settings()) as desk:
        with pytest.raises(MailUncertain, match="answered 250 fine, and then something else"):
            desk.send()
        assert not desk.transport.idle


def test_what_comes_between_two_messages_answers_neither() -> None:
    with saying({}) as server, sending(server.settings()) as desk:
        desk.send()
        ((_, idle),) = desk.transport.idle
        server.say_now(b"421 bye\r\n250 early\r\n250 early\r\n354 early\r\n250 early\r\n")
        desk.send()
        assert not idle.is_open
    assert len(server.connections) == 2
    assert server.dots == 2


def test_a_server_that_closes_right_after_its_answer_has_answered() -> None:
    with saying({}, closes_after="dot") as server, sending(server.settings()) as desk:
        assert desk.send() == "250 fine"


def test_a_server_without_a_proper_greeting_was_not_reached() -> None:
    with (
        saying({"greeting": b"HTTP/1.1 400 Bad\r\n"}) as server,
        sending(server.settings()) as desk,
        pytest.raises(Unreached, match=r"gave no proper answer: HTTP/1\.1 400 Bad"),
    ):
        desk.send()


def test_a_long_answer_is_read_quickly_and_cut() -> None:
    said = b"450 " + b"daily " * 10_000 + b"\r\n"
    with (
        saying({"RCPT": said}) as server,
        sending(server.settings(), QUICK) as desk,
        pytest.raises(MailLater) as caught,
    ):
        desk.send()
    assert len(caught.value.said or "") <= WORDS_LIMIT + len("450 ")


class BrokenSocket(socket.socket):
    """Fails like a network that breaks off, or like TLS."""

    error = OSError()

    def recv(self, *_: object) -> bytes:
        raise self.error


@pytest.mark.parametrize(
    ("error", "how"),
    [
        (ConnectionResetError(ECONNRESET, "Connection reset by peer"), "closed the connection"),
        (ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed"), "closed the connection"),
        (TimeoutError(), "did not answer in time"),
        (OSError(EHOSTUNREACH, "No route to host"), "lost the connection (No route to host)"),
        (ssl.SSLError(1, "[SSL] bad record mac"), "lost the connection ([SSL] bad record mac)"),
    ],
)
def test_how_a_connection_ended_is_said_as_the_system_says_it(error: OSError, how: str) -> None:
    ours, theirs = socket.socketpair()
    with theirs, BrokenSocket(fileno=ours.detach()) as broken:
        broken.error = error
        with pytest.raises(Ended) as ended:
            Dialogue(broken).reply(1)
    assert str(ended.value) == how


def test_a_line_break_in_a_command_is_not_sent() -> None:
    with saying({}) as server, sending(server.settings()) as desk:
        desk.send()
        ((_, idle),) = desk.transport.idle
        with pytest.raises(ValueError, match="one line"):
            idle._dialogue.command("RSET\r\nDATA", 1)
    assert server.dots == 1


@contextmanager
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    """Run a server whose replies to commands take a second, and those to the dot no time."""
    clock = Clock()

    def a_second_later(said: bytes) -> Iterator[bytes]:
        clock.now += 1
        yield said

    monkeypatch.setattr(dialogue, "time", clock)
    with saying({}) as server:
        for step in ("EHLO", "MAIL", "RCPT", "DATA"):
            server.says[step] = a_second_later(POLITE.get(step, b"250 fine\r\n"))
        yield server


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("early", "answer"),
    [("250 early", "554 virus"), ("554 early", "250 fine"), ("421 bye", "250 fine")],
)
def test_a_reply_on_its_way_when_the_dot_is_sent_is_not_its_answer(
    monkeypatch: pytest.MonkeyPatch, early: str, answer: str
) -> None:
    with far_away(monkeypatch) as server, sending(server.settings()) as desk:

        def before_the_dot(line: str) -> None:
            if line.startswith("e-mail handed over"):
                server.say_now(f"{early}\r\n".encode())

        def when_more_comes() -> Iterator[bytes]:
            server.connections[0].recv(1, socket.MSG_PEEK)
            yield f"{answer}\r\n".encode()

        server.says["dot"] = when_more_comes()
        with pytest.raises(MailUncertain, match=f"answered {early}, and then something else"):
            desk.transport.send(letter(), desk.cross, before_the_dot)
    assert server.dots == 1


@pytest.mark.parametrize("closes_after", ["", "dot", "RSET"])
def test_an_answer_faster_than_others_is_believed_if_it_is_alone(
    monkeypatch: pytest.MonkeyPatch, closes_after: str
) -> None:
    with far_away(monkeypatch) as server, sending(server.settings()) as desk:
        server.closes_after = closes_after
        assert desk.send() == "250 fine"
    assert server.dots == 1


def test_an_answer_faster_than_others_is_not_confirmed_by_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_over = threading.Event()

    def late() -> Iterator[bytes]:
        is_over.wait()
        yield b"554 virus\r\n"

    with far_away(monkeypatch) as server, sending(server.settings(), timeouts=IMPATIENT) as desk:
        server.says["RSET"] = late()
        try:
            with pytest.raises(MailUncertain, match="and then something else"):
                desk.send()
        finally:
            is_over.set()
