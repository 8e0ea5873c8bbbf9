"""A source of changes, until ended: ``… window.changes URL --token=T --rate N``.

It hands in tasks that are due half a second later. The event stream tells of each twice, when it is
accepted and when it was run, so half as many tasks are handed in as changes are meant.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

BATCHES_A_SECOND = 20
DELAY = 0.5
"""Seconds."""
TOLD = 2
"""Changes the stream tells for each task."""


def main() -> None:
    """Hand in one list of tasks after the other, at an even pace."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window.changes")
    parser.add_argument("url")
    parser.add_argument("--token", required=True)
    parser.add_argument("--rate", type=float, default=2_000, help="changes a second")
    options = parser.parse_args()
    address = urlsplit(options.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    headers = {
        "Authorization": f"Bearer {options.token}",
        "Content-Type": "application/json",
    }
    number = round(options.rate / TOLD / BATCHES_A_SECOND)
    batch = json.dumps([{"task": "nothing", "args": [1], "delay": DELAY}] * number)
    pace = threading.Event()
    due = time.monotonic()
    while True:
        connection.request("POST", "/tasks", batch, headers)
        answer = connection.getresponse()
        words = answer.read()
        if answer.status != http.client.CREATED:
            raise SystemExit(f"{answer.status} {words.decode()}")
        due += 1 / BATCHES_A_SECOND
        pace.wait(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    main()
