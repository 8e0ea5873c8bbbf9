"""One conversation: messages go through the shipped transport to a hostile server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Final
from unittest.mock import patch

from desktop.mail.errors import MailError, MailLater, MailUncertain
from desktop.mail.message import Message
from desktop.mail.smtp import dialogue, smtp
from desktop.mail.smtp.smtp import SmtpTransport
from desktop.settings.preferences import MailSettings
from tests.mail.sending import letter
from tests.simulation.judging.broken import Broken, expect
from tests.simulation.mail_server.grammar import SHORT, Utterance
from tests.simulation.mail_server.line import TIMEOUTS, Line
from tests.simulation.mail_server.server import HostileServer

ATTEMPTS: Final = 3
"""Attempts of a message, as the engine makes them after *try again later*."""


class Conversation:
    """Some messages to one server; the same seed always comes to the same end."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.transcript: list[str] = []
        self._random = Random(f"{seed} mail")

    def play(self, happened: Counter[str] | None = None) -> Broken | None:
        """Play it to its end; returns what promise was broken."""
        random = self._random = Random(f"{self.seed} mail")
        user = random.choice(["", "", "ada"])
        mischief = random.choice([0, 0.02, 0.1, 0.3])
        delay = random.choice([0, 0, 4 * SHORT])
        knows_ehlo = bool(user) or random.random() > 0.1
        server = HostileServer(random, mischief, delay, knows_ehlo)
        self.transcript = server.transcript
        settings = MailSettings("smtp", "mail.test", 25, "none", user, "box@example.org")
        with _virtual(server):
            transport = SmtpTransport(settings, lambda: "secret", TIMEOUTS)
            try:
                for _ in range(random.randint(1, 5)):
                    self._send(letter(text=".\n..dots\n"), transport, server)
            except Broken as broken:
                return broken
            finally:
                transport.close()
        if happened is not None:
            happened += server.happened
        return None

    def _send(self, message: Message, transport: SmtpTransport, server: HostileServer) -> None:
        """Send a message, as often as the engine would."""
        for _ in range(ATTEMPTS):
            server.time.now += self._random.choice([0, 1, 30])
            if server.session is not None:
                server.session.speak_unasked("between two messages")
            fate = self._attempt(message, transport, server)
            server.happened[f"an attempt ended: {fate}"] += 1
            if fate != "later":
                return

    def _attempt(self, message: Message, transport: SmtpTransport, server: HostileServer) -> str:
        marks = 0

        def mark() -> None:
            nonlocal marks
            marks += 1
            assert server.session is not None
            server.note("  (the mark)")
            server.session.speak_unasked("while the mark is set")
            server.time.now += self._random.choice([0, SHORT, 8 * SHORT])

        server.note(f"attempt for {message.message_id}")
        dots = server.dots[message.message_id]
        before = len(dots)
        try:
            transport.send(message, mark, lambda _: None)
            fate = "succeeded"
        except MailUncertain:
            fate = "uncertain"
        except MailLater:
            fate = "later"
        except MailError:
            fate = "refused"
        server.note(f"→ {fate}")
        expect(len(dots) - before <= 1, "one dot an attempt", f"{len(dots) - before} were sent")
        expect(marks <= 1, "one mark an attempt", f"{marks} were set")
        _judge(fate, dots[before] if len(dots) > before else None, server)
        return fate

    def __str__(self) -> str:
        return "\n".join(self.transcript)


def _judge(fate: str, said: Utterance | None, server: HostileServer) -> None:
    """Compare an attempt's fate with what the server has said to its final dot, if it came."""
    if said is None:
        fits = fate in {"later", "refused"}
        expect(fits, "no dot, no message", f"no dot was sent, and it is {fate}")
        session = server.session
        proper = session is not None and session.is_proper
        expect(not proper, "a proper server is heard", f"all was proper, and it is {fate}")
        return
    code = said.code if said.is_alone else None
    assert server.session is not None
    if fate == "uncertain" and server.session.may_be_early:
        return
    if code is not None and 250 <= code < 260:
        true = fate == "succeeded"
    elif code is not None and 400 <= code < 600:
        true = fate in {"later", "refused"}
    else:
        true = fate == "uncertain"
    expect(true, "the fate is true", f"it is {fate}, and the dot's answer was {said.manner} {code}")


@contextmanager
def _virtual(server: HostileServer) -> Iterator[None]:
    """Have the transport's sockets and its time be the simulated ones."""

    def connect(*_: Any, **__: Any) -> Line:
        return Line(server)

    with (
        patch("socket.create_connection", connect),
        patch.object(smtp, "trusting_context", lambda: None),
        patch.object(dialogue, "time", server.time),
        patch.object(smtp, "time", server.time),
    ):
        yield
