"""The server: it takes commands and messages, and remembers what it has truly answered."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from random import Random
from typing import Final

from tests.simulation.judging.broken import expect
from tests.simulation.mail_server.grammar import Utterance, answer, unasked

_END: Final = b"\r\n.\r\n"
_MESSAGE_ID: Final = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


class VirtualTime:
    """Stands for the module ``time``."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class HostileServer:
    """What all connections of a conversation share; ``delay`` is the way there and back, s."""

    def __init__(self, random: Random, mischief: float, delay: float, knows_ehlo: bool) -> None:
        self.random = random
        self.mischief = mischief
        self.delay = delay
        self.time = VirtualTime()
        self.dots: dict[str, list[Utterance]] = defaultdict(list)
        """By Message-ID: what was said to each final dot."""
        self.happened: Counter[str] = Counter()
        self.transcript: list[str] = []
        self.knows_ehlo = knows_ehlo
        self.session: Session | None = None
        """The connection that was opened last."""

    def note(self, line: str) -> None:
        """Add a line to the transcript."""
        self.transcript.append(line)


class Session:
    """The server's end of one connection.

    ``said`` is what it has said, and from when it is heard; not all of it is sent yet.
    """

    def __init__(self, server: HostileServer) -> None:
        self.said: deque[tuple[float, Utterance]] = deque()
        self.is_proper = True
        """Whether each reply so far was proper and alone, and nothing else was said."""
        self.has_spoken_unasked = False
        self._server = server
        self._heard = b""
        self._message: bytes | None = None
        self._login = 0
        server.session = self
        self._answer("greeting")

    @property
    def may_be_early(self) -> bool:
        """Whether something unasked may still be on its way."""
        return self.has_spoken_unasked and self._server.delay > 0

    def hear(self, data: bytes) -> None:
        """Take what the client has sent."""
        self._heard += data
        if self._message is not None:
            self._take_content()
            return
        while self._message is None and b"\n" in self._heard:
            line, _, self._heard = self._heard.partition(b"\n")
            self._take_command(line.decode().strip())

    def speak_unasked(self, when: str) -> None:
        """Perhaps say something that nothing asked for."""
        server = self._server
        said = unasked(server.random, server.mischief / 3, is_whole=server.delay > 0)
        if said is not None:
            self._say(said, when)

    def _take_command(self, line: str) -> None:
        self._server.note(f"  C: {line[:60]}")
        if line == "QUIT":
            self._say(Utterance("proper", 221, iter([(0.0, b"221 bye\r\n")])), line)
            return
        self._expect_trust()
        word = line.split()[0].upper() if line else ""
        if self._login:
            self._login -= 1
            word = "user" if self._login else "AUTH"
        elif line == "AUTH LOGIN":
            self._login, word = 2, line
        elif word == "EHLO" and not self._server.knows_ehlo:
            word = "no EHLO"
        said = self._answer(word)
        if word == "DATA" and said.code == 354:
            self._message = b""
            self.speak_unasked("before the content")

    def _take_content(self) -> None:
        assert self._message is not None
        self._message += self._heard
        self._heard = b""
        if not self._message.endswith(_END):
            self.speak_unasked("amid the content")
            return
        self._server.note("  C: .")
        message, self._message = self._message, None
        found = _MESSAGE_ID.search(message)
        assert found is not None
        before = self._server.dots[found[1].decode()]
        refused = all(each.code is not None and 400 <= each.code < 600 for each in before)
        expect(refused, "nothing is sent twice", f"{len(before)} dots before were not all refused")
        self._expect_trust()
        before.append(self._answer("dot"))

    def _expect_trust(self) -> None:
        trust = not self.has_spoken_unasked or self.may_be_early
        expect(trust, "what nothing asked for ends it", "the client went on with this connection")

    def _answer(self, step: str) -> Utterance:
        server = self._server
        if step == "no EHLO":
            said = Utterance("proper", 502, iter([(0.0, b"502 what\r\n")]))
        else:
            # Without a proper answer nobody can tell that an early one was not that to the dot.
            is_clear = step in {"dot", "RSET"} and self.may_be_early
            said = answer(step, server.random, server.mischief, is_clear=is_clear)
        self._say(said, step)
        return said

    def _say(self, said: Utterance, when: str) -> None:
        self._server.happened[f"it said: {said.manner}"] += 1
        self._server.note(f"  S: {said.manner} ({said.code}), {when}")
        self.said.append((self._server.time.now + self._server.delay, said))
        self.is_proper &= said.manner in {"proper", "split"}
        self.has_spoken_unasked |= not said.is_alone
