"""A wrong password reaches the server once, however many mails wait for the login."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from desktop.mail.errors import MailError, MailHeld, Unreached
from desktop.mail.smtp.connection import SmtpConnection
from desktop.mail.smtp.smtp import LoginGate
from tests import WITHIN
from tests.mail.sending import sending
from tests.mail.server import running

OPENED = cast("SmtpConnection", object())


class Crowded(LoginGate):
    """A gate at which the first to try goes on when ``crowd`` others have come to wait."""

    def __init__(self, crowd: int) -> None:
        super().__init__()
        self._crowd = crowd
        self._waiting = threading.Semaphore(0)

    def _lead(self, *attempt: Any) -> SmtpConnection:
        for _ in range(self._crowd):
            assert self._waiting.acquire(timeout=WITHIN)
        self._crowd = 0
        return super()._lead(*attempt)

    def _wait(self, *attempt: Any) -> None:
        self._waiting.release()
        super()._wait(*attempt)


def opening(opened: list[str], error: BaseException | None = None) -> Callable[[], SmtpConnection]:
    def open_one() -> SmtpConnection:
        opened.append("one")
        if error is not None:
            raise error
        return OPENED

    return open_one


def crowd(error: BaseException | None) -> tuple[list[str], list[BaseException | None]]:
    """Let 8 wait while one tries; returns who opened a connection, and what each has raised."""
    gate, opened = Crowded(8), list[str]()
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
    gate, opened = Crowded(0), list[str]()
    gate.connect("secret", opening(opened))
    gate._crowd = 1
    with ThreadPoolExecutor(2) as pool:
        got = [
            pool.submit(gate.connect, "another", opening(opened, MailHeld("535 no")))
            for _ in range(2)
        ]
    assert all(isinstance(each.exception(), MailHeld) for each in got)
    assert len(opened) == 2


def test_sixteen_messages_with_a_wrong_password_ask_the_server_once() -> None:
    with (
        running() as server,
        sending(server.settings(user="ada"), password=lambda: "wrong") as desk,
        ThreadPoolExecutor(16) as pool,
    ):
        desk.transport._gate = Crowded(15)
        mails = [pool.submit(desk.send) for _ in range(16)]
        for mail in mails:
            with pytest.raises(MailHeld, match="refused the login of ada: 535"):
                mail.result()
    assert server.commands.count("AUTH") == 1
