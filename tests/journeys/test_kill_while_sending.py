"""A hundred mails, the backend killed in the middle: each delivered once, or *uncertain*."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from desktop.client.api import Api, TaskQuery, new_key
from desktop.client.errors import BackendGone
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.journeys.following import present_backend, until

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.tasks import TaskRow
    from desktop.settings.backend_addresses import Backend
    from tests.journeys.conftest import ApiOf, Start
    from tests.journeys.screen import Screen
    from tests.journeys.sink import Sink

pytestmark = pytest.mark.display

ITEMS = 100
CLIENTS = 16
KILL_AFTER = 40
"""Items accepted before the kill."""
AT_ONCE = 16
"""Mails that can be between final dot and answer: the mail queue's concurrency."""


def post(api: Api, numbers: list[int], accepted: list[int], enough: threading.Event) -> None:
    """Submit these items until the backend is gone; note each one that was answered."""
    for number in numbers:
        try:
            api.items.submit(number, {"recipient": {"email": f"p{number}@example.org"}}, new_key())
        except BackendGone:
            return
        accepted.append(number)
        if len(accepted) >= KILL_AFTER:
            enough.set()


def post_all(backend: Backend, api: Api, missing: list[int], accepted: list[int]) -> None:
    """Let 16 clients share what is missing; kills the backend once enough were accepted."""
    enough = threading.Event()
    shares = [missing[start::CLIENTS] for start in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        posted = [clients.submit(post, api, share, accepted, enough) for share in shares]
        if len(missing) == ITEMS:
            assert enough.wait(WITHIN)
            os.kill(backend.pid, signal.SIGKILL)
    for each in posted:
        each.result()


def counts(api: Api) -> dict[str, int]:
    """Give the counts per state that are not nought."""
    return {state: count for state, count in api.stats()["counts"].items() if count}


def test_killed_in_the_middle_every_accepted_item_is_delivered_once_or_uncertain(
    screen: Screen, start_window: Start, api_of: ApiOf, sink: Sink, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path / "data")
    data.create()
    data.settings_file.write_text(sink.settings(), encoding="utf-8")
    start_window(data.root)
    screen.window("^Sendoff")
    before = present_backend(data.root)
    accepted: list[int] = []
    numbers = list(range(1, ITEMS + 1))
    post_all(before, api_of(before), numbers, accepted)
    answered_before_the_kill = set(accepted)

    after = present_backend(data.root, other_than=before)
    api = api_of(after)
    kept = {row["item_id"] for row in all_rows(api)}
    assert answered_before_the_kill <= kept
    post_all(after, api, [n for n in numbers if n not in answered_before_the_kill], accepted)
    settled = ("succeeded", "uncertain")
    until(after, lambda: sum(counts(api).get(s, 0) for s in settled) == ITEMS, within=120)

    received = sink.received()
    rows = {row["id"]: row for row in all_rows(api)}
    assert len(rows) == ITEMS
    details = {task: api.task(task) for task in rows}
    message_ids = {task: detail["message_id"] for task, detail in details.items()}
    delivered = {task: received[f"<{message}>"] for task, message in message_ids.items()}
    sent = [task for task, row in rows.items() if row["state"] == "succeeded"]
    unsure = [task for task, row in rows.items() if row["state"] == "uncertain"]
    assert {delivered[task] for task in sent} == {1}
    assert all(delivered[task] <= 1 for task in unsure)
    assert len(unsure) <= AT_ONCE
    for task in unsure:
        evidence = details[task]["handed_over"]
        assert evidence is not None
        assert evidence["to"] == "127.0.0.1"
        assert evidence["what"].endswith(f"for p{rows[task]['item_id']}@example.org")
        assert evidence["message_id"] == message_ids[task]
    assert sum(received.values()) == sum(delivered.values())


def all_rows(api: Api) -> list[TaskRow]:
    """Walk the whole table."""
    rows: list[TaskRow] = []
    page = api.page(TaskQuery(), limit=1000)
    while True:
        rows.extend(page["tasks"])
        if page["next"] is None:
            return rows
        page = api.page(TaskQuery(), after=page["next"], limit=1000)
