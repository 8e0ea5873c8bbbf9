"""``GET /events``: every change once, in order, also over a broken connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from httpx_sse import EventSource, ServerSentEvent

from desktop.backend.services import Services
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.functions.registry import task
from sendoff_tasks.http.routes import events as routes
from sendoff_tasks.model.events import PendingEvent
from sendoff_tasks.transaction import searching
from tests.backend.conftest import Served, bad_paths, settled
from tests.looking import eventually


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    """Give a client that can hold a stream open."""
    with served.client() as talking:
        yield talking


@contextmanager
def listening(client: httpx.Client, **request: Any) -> Iterator[Iterator[ServerSentEvent]]:
    with client.stream("GET", "/events", **request) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-cache"
        yield EventSource(answer).iter_sse()


def until(
    events: Iterator[ServerSentEvent], done: Callable[[ServerSentEvent], bool]
) -> list[ServerSentEvent]:
    """Read events up to the one that is wanted."""
    seen = []
    for event in events:
        seen.append(event)
        if done(event):
            return seen
    raise AssertionError(f"the stream ended after {seen}")


def rows(events: list[ServerSentEvent]) -> dict[int, dict[str, Any]]:
    """Lay the rows of ``tasks`` events over each other, as a table does."""
    table: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.event == "tasks":
            for row in json.loads(event.data)["rows"]:
                if row["rev"] > table.get(row["id"], {"rev": 0})["rev"]:
                    table[row["id"]] = row
    return table


def tells(state: str, number: int | None = None) -> Callable[[ServerSentEvent], bool]:
    def told(event: ServerSentEvent) -> bool:
        return any(
            row["state"] == state and number in {None, row["id"]} for row in rows([event]).values()
        )

    return told


def schedule(client: httpx.Client, name: str = "nothing", **body: Any) -> int:
    return int(client.post("/tasks", json={"task": name, **body}).json()["id"])


def found(client: httpx.Client, text: str) -> list[int]:
    page = client.get("/tasks", params={"text": text}).json()
    return [row["id"] for row in page["tasks"]]


def test_listeners_hear_what_waits_and_what_became_of_it(client: httpx.Client) -> None:
    def heard(event: ServerSentEvent) -> bool:
        return event.event == "pending"

    with listening(client) as events:
        number = schedule(client, delay=600)
        body = {"action": "cancel", "ids": [number], "delay": 600}
        asked = client.post("/tasks/bulk", json=body).json()["pending"]
        (row,) = json.loads(until(events, heard)[-1].data)["rows"]
        assert row["id"] == asked["id"]
        assert 0 < row["due_in"] <= asked["due_in"] == 600
        client.delete(f"/pending/{row['id']}")
        assert json.loads(until(events, heard)[-1].data) == {"rows": [], "gone": [row["id"]]}
        client.post("/tasks/bulk", json={**body, "delay": 0.01})
        row["answer"] = None
        while row["answer"] is None:
            (row,) = json.loads(until(events, heard)[-1].data)["rows"]
        assert row["answer"] == {"touched": 1, "skipped": []}


def test_a_database_that_is_away_for_a_moment_ends_no_stream_and_loses_no_event(
    client: httpx.Client, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []

    def read(numbers: Sequence[int], services: Services) -> PendingEvent:
        reads.append(1)
        if len(reads) == 1:
            services.notices.tell(
                {"id": "away", "level": "error", "text": "Away", "action": None, "active": True}
            )
            raise NotWritable("It is away.")
        return pending(numbers, services)

    pending = routes._pending
    monkeypatch.setattr(routes, "AWAY_S", 0.01)
    monkeypatch.setattr(routes, "_pending", read)
    with listening(client) as events:
        number = schedule(client, delay=600)
        client.post("/tasks/bulk", json={"action": "cancel", "ids": [number], "delay": 600})
        until(events, lambda event: event.event == "notice" and "away" in event.data)
        seen = until(events, lambda event: event.event == "pending")
        assert json.loads(seen[-1].data)["rows"]
    assert len(reads) == 2


def test_counts_come_at_once_and_when_they_change(client: httpx.Client, services: Services) -> None:
    with listening(client) as events:
        first = next(event for event in events if event.event == "stats")
        assert json.loads(first.data) == services.engine.stats()
        schedule(client, delay=600)
        changed = next(event for event in events if event.event == "stats")
        assert json.loads(changed.data)["counts"]["scheduled"] == 1


def test_counts_say_at_once_that_practice_ends(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "STATS_SETTLE", 0.0)  # as after a minute without a change
    with listening(client) as events:
        first = next(event for event in events if event.event == "stats")
        assert json.loads(first.data)["practice"]
        mail = {"transport": "smtp", "host": "localhost", "security": "none"}
        body = {"mail": {**mail, "user": "", "sender": "box@example.org"}}
        assert client.put("/settings", json=body).status_code == 200
        changed = next(event for event in events if event.event == "stats")
        assert not json.loads(changed.data)["practice"]


def test_the_last_look_at_the_counts_comes_after_the_rates_have_settled(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a window shows the last rate but one for as long as no task changes."""

    async def look_until_settled() -> None:
        while (seconds := counts.seconds_to_next_look()) is not None:
            looks.append(looks[-1] + seconds)
            await counts.look()

    looks = [1000.0]
    monkeypatch.setattr(routes, "time", SimpleNamespace(monotonic=lambda: looks[-1]))
    counts = routes._Counts(services)
    asyncio.run(counts.look())
    looks.append(looks[-1] + 0.1)
    counts.expect_changes()
    settled_at = looks[-1] + routes.STATS_SETTLE
    asyncio.run(look_until_settled())
    assert settled_at <= looks[-1] <= settled_at + 2 * routes.STATS_EVERY


def test_after_a_pages_as_of_and_a_broken_connection_nothing_is_missed(
    client: httpx.Client, services: Services
) -> None:
    as_of = client.get("/tasks").json()["as_of"]
    first = schedule(client)
    with listening(client, params={"after": as_of}) as events:
        seen = until(events, tells("succeeded", first))
        last = seen[-1].id
    assert rows(seen)[first]["task"] == "nothing"
    others = [schedule(client) for _ in range(20)]
    for number in others:
        settled(services, number)
    # The header goes before the query.
    resumed = {"params": {"after": "0"}, "headers": {"Last-Event-ID": last}}
    with listening(client, **resumed) as one, listening(client, **resumed) as two:
        for events in (one, two):
            seen = []
            while any(rows(seen).get(n, {}).get("state") != "succeeded" for n in others):
                seen.append(next(events))
            assert first not in rows(seen)


@pytest.mark.parametrize("unknown", ["nonsense", "0", "999999999", "another-store-5"])
def test_an_unknown_id_is_a_reset(client: httpx.Client, unknown: str) -> None:
    schedule(client, delay=600)
    with listening(client, params={"after": unknown}) as events:
        seen = until(events, lambda event: event.event == "reset")
    assert seen[-1].id == client.get("/tasks").json()["as_of"]
    assert bad_paths(client.get("/events", params={"after": "x" * 1001})) == ["after"]


def test_undone_tasks_are_gone(client: httpx.Client) -> None:
    added = client.post("/items/1?undo_for=600", json={})
    number = int(added.headers["X-Task-Ids"])
    with listening(client) as events:
        client.delete(f"/pending/{added.json()['pending']['id']}")
        seen = until(events, lambda e: e.event == "tasks" and json.loads(e.data)["gone"] != [])
    assert json.loads(seen[-1].data)["gone"] == [number]


def test_the_counts_that_go_with_a_batch_come_before_it_is_done(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else *All sent* is said while some are still shown as active."""
    monkeypatch.setattr("sendoff_tasks.http.routes.events.STATS_EVERY", 3600.0)
    number = client.post("/batches", json={"name": "Renewals"}).json()["batch_id"]
    people = [{"row": n, "item": {"recipient": {"email": f"a{n}@example.org"}}} for n in (2, 3)]
    client.post(f"/batches/{number}/rows", json={"rows": people}).raise_for_status()

    def is_done(event: ServerSentEvent) -> bool:
        told = json.loads(event.data)["rows"] if event.event == "batches" else []
        return any(batch["state"] == "done" for batch in told)

    with listening(client) as events:
        client.post(f"/batches/{number}/start").raise_for_status()
        seen = until(events, is_done)
    counted = [json.loads(event.data) for event in seen if event.event == "stats"][-1]
    assert counted["counts"]["succeeded"] == 2
    assert counted["counts"].get("running", 0) == counted["batch_rows"] == 0


def test_each_stream_says_at_first_and_at_each_change_that_tasks_are_registered(
    client: httpx.Client, services: Services
) -> None:
    def is_told(event: ServerSentEvent) -> bool:
        return event.event == "functions"

    with listening(client) as events:
        until(events, is_told)

        @task(name="later")
        def later() -> None: ...

        services.registry.add(later)
        assert until(events, is_told)[-1].data == "{}"
    with listening(client) as events:
        until(events, is_told)


def test_each_stream_says_at_first_and_each_time_how_far_the_search_has_followed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "WAIT_MS", 100)

    def followed(number: int) -> Callable[[ServerSentEvent], bool]:
        told = {"indexed_to": number}
        return lambda event: event.event == "search" and json.loads(event.data) == told

    with served.client() as client:
        with listening(client) as events:
            until(events, followed(0))
            first = schedule(client, args=["Opera"])
            seen = until(events, followed(first))
            assert [event.event for event in seen].count("search") == 1
            assert found(client, "opera") == [first]
            last = schedule(client, args=["Ballet"])
            cut = until(events, tells("succeeded", last))[-1].id
        eventually(lambda: found(client, "ballet") == [last])  # while the stream was cut
        with listening(client, headers={"Last-Event-ID": cut}) as events:
            told = next(event for event in events if event.event == "search")
            assert followed(last)(told)
