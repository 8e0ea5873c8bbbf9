"""Listens on this computer for a browser's one answer (RFC 8252, 7.3), then closes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from sendoff_tasks.folder.keys import is_same

READ_WITHIN: Final = 10.0
"""Seconds that a request may take to arrive."""
_PAGE: Final = """<!doctype html><meta charset="utf-8"><title>Sendoff</title>
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:26em;padding:0 1em}}
</style><h1>{title}</h1><p>{text}</p>
"""
_TAKEN: Final = _PAGE.format(
    title="Go back to Sendoff", text="It goes on there. You can close this page."
)
_NOT_TAKEN: Final = _PAGE.format(
    title="Not for Sendoff", text="This is no answer to a sign-in that is under way."
)

BrowserAnswer = dict[str, str]
"""The parameters of the address to which a browser was sent: ``code``, or ``error``."""


class Loopback:
    """A listener on a free port of 127.0.0.1.

    Only an answer with the right ``state`` counts, and only the first one. ``on_answer`` is called
    for it in a thread of the listener, which is closed by then.
    """

    def __init__(self, state: str, on_answer: Callable[[BrowserAnswer], None]) -> None:
        self._state = state
        self._on_answer = on_answer
        self._taking = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self._take))
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening; callable more than once, and from ``on_answer``."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, told: BrowserAnswer) -> Callable[[], None] | None:
        """Return what goes on with an answer; ``None`` if it is not the one."""
        is_ours = is_same(told.get("state", ""), self._state)
        if not is_ours or not self._taking.acquire(blocking=False):
            return None

        def go_on() -> None:
            self.close()
            self._on_answer(told)

        return go_on


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: what a browser sent may have the code."""


def _handler(
    take: Callable[[BrowserAnswer], Callable[[], None] | None],
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = READ_WITHIN

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            told = {name: values[0] for name, values in parse_qs(address.query).items()}
            go_on = take(told) if address.path == "/" else None
            page = (_TAKEN if go_on else _NOT_TAKEN).encode()
            with suppress(OSError):  # the browser may be gone; its answer counts
                self.send_response(200 if go_on else 400)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.send_header(
                    "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"
                )
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(page)
                self.wfile.flush()
            if go_on:
                go_on()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            """Log nothing: the line has the code."""

    return Handler
