"""Open pages without a browser: ``… window.page_clients URL --token=T --pages N``, until ended.

Each calls what ``static/live.js`` calls: it signs in, reads the first page, follows the stream of
events, and reads again at most so often when something has changed. Nothing is drawn.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import threading
import time
from urllib.parse import urlsplit

PAGE = "/monitor/api/"
FIRST = ("tasks?limit=200", "tasks/counts")
AGAIN = (*FIRST, "causes")
SETTLE, REST = 0.2, 1.0
"""Seconds, as in the page."""
READY = "ready"


class Client:
    """One page: a connection for its reads, and one for its events."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port
        self._reads = http.client.HTTPConnection(self._host, self._port)
        self._headers = {"X-Sendoff-Page": "1", "Origin": f"http://{address.netloc}"}
        self._changed = threading.Event()
        answer = self._ask("POST", "session", json.dumps({"token": token}))
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self._headers["Cookie"] = cookie

    def open(self) -> None:
        """Read all that the page reads first, then follow the tasks in threads."""
        after = json.loads(self._ask("GET", FIRST[0]).body)["as_of"]
        for path in ("me", FIRST[1], "causes", "overview?span=hour"):
            self._ask("GET", path)
        for target, arguments in ((self._listen, (after,)), (self._read, ())):
            threading.Thread(target=target, args=arguments, daemon=True).start()

    def _listen(self, after: str) -> None:
        while True:
            events = http.client.HTTPConnection(self._host, self._port)
            events.request("GET", f"{PAGE}events?after={after}", headers=self._headers)
            for line in events.getresponse():
                if line.startswith(b"event: tasks"):
                    self._changed.set()
                elif line.startswith(b"id: "):
                    after = line[4:].strip().decode()

    def _read(self) -> None:
        pause = threading.Event()
        while True:
            self._changed.wait()
            pause.wait(SETTLE)
            self._changed.clear()
            began = time.monotonic()
            for path in AGAIN:
                self._ask("GET", path)
            self._reads.close()  # the server closes one that rests
            pause.wait(max(REST, 4 * (time.monotonic() - began)))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        self._reads.request(method, PAGE + path, body, self._headers)
        answer = self._reads.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
        return Answer(answer.headers, text)


class Answer:
    """An answer that was read whole."""

    def __init__(self, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.headers, self.body = headers, body


def fail(error: threading.ExceptHookArgs) -> None:
    """End all pages with one of them."""
    sys.excepthook(error.exc_type, error.exc_value or error.exc_type(), error.exc_traceback)
    os._exit(1)


def main() -> None:
    """Open the pages, say so, and keep them open."""
    threading.excepthook = fail
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window.page_clients")
    parser.add_argument("url")
    parser.add_argument("--token", required=True)
    parser.add_argument("--pages", type=int, default=10)
    options = parser.parse_args()
    for _ in range(options.pages):
        Client(options.url, options.token).open()
    print(READY, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
