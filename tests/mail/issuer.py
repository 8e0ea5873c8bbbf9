"""An issuer of tokens in threads, which answers as a test says, also what no issuer should."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from desktop.mail.sign_in.account import SendingAccount
from desktop.mail.sign_in.client import Granted
from desktop.mail.sign_in.issuers import ISSUERS
from desktop.mail.sign_in.issuers import Issuer as PlayedIssuer
from desktop.settings.preferences import MailSettings
from desktop.settings.secrets import Passwords
from tests import WITHIN

OFFICE = "office@tc-aurach.example"


@dataclass(frozen=True)
class Answer:
    """An answer of the issuer's own; with ``endless`` its body is repeated for ever.

    With ``silent`` nothing is answered until the issuer is ended.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    endless: bool = False
    silent: bool = False


@dataclass
class Issuer:
    """What a test may ask of the running issuer."""

    url: str
    answers: deque[Answer] = field(default_factory=deque)
    """To the next requests, in place of a new token."""
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once for each request."""
    forms: list[dict[str, str]] = field(default_factory=list)
    """What each request had in its form."""
    given: int = 0
    """The number of the last token."""
    sent: int = 0
    """Bytes of an endless answer that left."""
    left: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released when the client of an endless answer has left."""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def played(self) -> PlayedIssuer:
        """Microsoft, as this one plays it."""
        addresses = {name: f"{self.url}/{name}" for name in ("token", "userinfo", "device")}
        return replace(ISSUERS["microsoft"], **addresses)  # type: ignore[arg-type]

    @property
    def code(self) -> str:
        """Python for a backend's process, which has it ask this issuer before each request."""
        return (
            "import math\nfrom dataclasses import replace\n"
            "from desktop.mail.sign_in import tokens\n"
            "from desktop.mail.sign_in.issuers import ISSUERS, Issuer\n"
            f"ISSUERS['microsoft'] = {self.played!r}\n"
            "tokens.EARLY = math.inf\n"
        )

    def token(self) -> Answer:
        """Give a new token."""
        self.given += 1
        return granting(access_token=f"A{self.given}", refresh_token=f"R{self.given}")


def granting(**changes: Any) -> Answer:
    """Make an answer with a token; a field that is ``None`` is left out."""
    told = {"access_token": "A", "token_type": "Bearer", "expires_in": 3600, **changes}
    kept = {name: value for name, value in told.items() if value is not None}
    return Answer(json.dumps(kept).encode())


def settings() -> MailSettings:
    """Give settings that send by Microsoft, as the issuer plays it."""
    return MailSettings(transport="smtp", sign_in="microsoft", client_id="club", sender=OFFICE)


def sign_in(file: Path, folder: Path) -> SendingAccount:
    """Keep a sign-in of a data folder, whose file of passwords this is."""
    account = SendingAccount(Passwords(file), folder)
    granted = Granted("A0", "R0", time.monotonic() + 3600, "", OFFICE)
    account.tokens(settings()).take(granted, shared=False)
    return account


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run an issuer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            issuer.forms.append(dict(parse_qsl(form)))
            answer = issuer.answers.popleft() if issuer.answers else issuer.token()
            issuer.asked.release()
            with suppress(ConnectionError):
                self._give(answer)

        def _give(self, answer: Answer) -> None:
            if answer.silent:
                issuer.ended.wait(WITHIN)
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.endless:
                self.send_header("Connection", "close")
            else:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            while answer.endless:
                try:
                    self.wfile.write(answer.body)
                except ConnectionError:
                    issuer.left.release()
                    raise
                issuer.sent += len(answer.body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield issuer
        finally:
            issuer.ended.set()
            server.shutdown()
            thread.join(WITHIN)
