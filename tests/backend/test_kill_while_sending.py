"""A hundred mails, the backend killed in the middle: each delivered once, or *uncertain*."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from desktop.client.api import Api
from desktop.contract.office import office_row
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.errors import BackendGone
from tests import WITHIN
from tests.journeys.following import until
from tests.journeys.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sendoff_tasks.model.tasks import TaskRow
    from tests.conftest import RunningBackend

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


def post_all(running: RunningBackend, missing: list[int], accepted: list[int]) -> None:
    """Let 16 clients share what is missing; kills the backend once enough were accepted."""
    enough = threading.Event()
    shares = [missing[start::CLIENTS] for start in range(CLIENTS)]
    with closing(Api(running.backend)) as api, ThreadPoolExecutor(CLIENTS) as clients:
        posted = [clients.submit(post, api, share, accepted, enough) for share in shares]
        if len(missing) == ITEMS:
            assert enough.wait(WITHIN)
            running.kill()
    for each in posted:
        each.result()


def counts(api: Api) -> dict[str, int]:
    """Give the counts per state that are not nought."""
    return {state: count for state, count in api.stats()["counts"].items() if count}


def all_rows(api: Api) -> list[TaskRow]:
    """Give the whole table."""
    return api.page(SortedFilter(), limit=ITEMS)["tasks"]


def test_killed_in_the_middle_every_accepted_item_is_delivered_once_or_uncertain(
    backends: Callable[[Path], RunningBackend], tmp_path: Path
) -> None:
    data = OfficeFolder(tmp_path / "data")
    data.create()
    accepted: list[int] = []
    numbers = list(range(1, ITEMS + 1))
    with Sink(tmp_path / "deliveries.log", pause=0.02) as sink:
        data.settings_file.write_text(sink.settings(), encoding="utf-8")
        post_all(backends(data.root), numbers, accepted)
        answered_before_the_kill = set(accepted)

        after = backends(data.root)
        with closing(Api(after.backend)) as api:
            kept = {office_row(row)["item_id"] for row in all_rows(api)}
            assert answered_before_the_kill <= kept
            post_all(after, [n for n in numbers if n not in answered_before_the_kill], accepted)
            settled = ("succeeded", "uncertain")
            until(after.backend, lambda: sum(counts(api).get(s, 0) for s in settled) == ITEMS)
            rows = {row["id"]: row for row in all_rows(api)}
            details = {task: api.task(task) for task in rows}
        received = sink.received()

    assert len(rows) == ITEMS
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
        assert evidence["what"].endswith(f"for p{office_row(rows[task])['item_id']}@example.org")
        assert details[task]["message_id"] == message_ids[task]
    assert sum(received.values()) == sum(delivered.values())
