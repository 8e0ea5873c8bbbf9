"""Two backends on one database, asked in turn as behind a balancer: either one answers it all."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack, closing, contextmanager
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.access import Access
from desktop.settings.paths import DataFolder
from desktop.settings.tokens import add_token, remove_token
from tests import WITHIN
from tests.backend.relay.serve import Serve
from tests.benchmarks.backend.idle import wakes
from tests.looking import eventually
from tests.mail.templates.test_template import with_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

AT_MOST = 8.0
"""Wake-ups a second: each asks the server every second, and waits for its answers."""
STRETCH = 3.0
ADA = {"recipient": {"email": "ada@example.org"}}


@pytest.fixture
def database(server: Any) -> str:
    return str(server.database())


@pytest.fixture
def both(tmp_path: Path, database: str) -> Iterator[tuple[Serve, Serve]]:
    """Give the one that runs the tasks, and its spare."""
    with ExitStack() as stack:
        first = stack.enter_context(closing(Serve(tmp_path / "first", database)))
        second = stack.enter_context(closing(Serve(tmp_path / "second", database)))
        yield first, second


@contextmanager
def events(client: httpx.Client, after: str) -> Iterator[Iterator[str]]:
    with client.stream("GET", "/events", params={"after": after}) as stream:
        assert stream.status_code == 200
        yield stream.iter_lines()


def ended(lines: Iterator[str], wanted: set[int]) -> list[tuple[int, int]]:
    """Read events until these tasks have ended; return each row's number and ``rev``."""
    told, open_ = list[tuple[int, int]](), set(wanted)
    for line in lines:
        if line.startswith("data:") and '"rows"' in line:
            for row in json.loads(line.removeprefix("data:"))["rows"]:
                told.append((row["id"], row["rev"]))
                if row["state"] == "succeeded":
                    open_.discard(row["id"])
        if not open_:
            return told
    raise AssertionError(open_)


def task_ids(answer: httpx.Response) -> list[int]:
    assert answer.status_code in {200, 201}, answer.text
    return [int(number) for number in answer.headers["x-task-ids"].split(",")]


def test_the_same_request_to_each_of_them_is_done_once(both: tuple[Serve, Serve]) -> None:
    turns = cycle(each.client for each in both)
    key = {"Idempotency-Key": "one"}
    answers = [next(turns).post("/items", json=ADA, headers=key) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["item_id"] for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert replayed == [None, "true", "true", "true"]
    assert len({tuple(task_ids(next(turns).post("/items/77", json=ADA))) for _ in range(4)}) == 1
    assert (
        next(turns).get("/tasks").json()["total"] == next(turns).get("/tasks").json()["total"] == 2
    )


def test_the_event_streams_of_both_tell_the_same(both: tuple[Serve, Serve]) -> None:
    clients = [each.client for each in both]
    after = clients[1].get("/tasks").json()["as_of"]
    with events(clients[0], after) as one, events(clients[1], after) as other:
        turns = cycle(clients)
        tasks = {
            task_ids(next(turns).post(f"/items/{number}", json=ADA))[0] for number in range(1, 9)
        }
        told, told_too = set(ended(one, tasks)), set(ended(other, tasks))
    last = {task: max(rev for number, rev in told if number == task) for task in tasks}
    assert last == {task: max(rev for number, rev in told_too if number == task) for task in tasks}


def test_in_the_folder_of_a_spare_no_other_backend_begins(
    both: tuple[Serve, Serve], tmp_path: Path
) -> None:
    """A window opened there began one with a file of its own, and the spare did not start again."""
    assert all(DataFolder(tmp_path / name).waits_for_backend for name in ("first", "second"))


def test_what_is_paused_at_one_holds_at_the_other(both: tuple[Serve, Serve]) -> None:
    first, second = (each.client for each in both)
    assert second.post("/queues/mail/pause").status_code == 200
    (task,) = task_ids(first.post("/items/1", json=ADA))
    row = first.get(f"/tasks/{task}").json()
    assert (row["state"], row["reason"]) == ("queued", "queue_paused")
    assert first.post("/queues/mail/resume").status_code == 200
    eventually(lambda: second.get(f"/tasks/{task}").json()["state"] == "succeeded")


def test_a_large_upload_and_what_it_became_go_through_the_spare(both: tuple[Serve, Serve]) -> None:
    first, second = (each.client for each in both)
    text = "name,email\n" + "".join(f"n{n},n{n}@example.org\n" for n in range(100_000))
    batch = second.post("/batches", json={"name": "All", "key": ["email", "title"]}).json()[
        "batch_id"
    ]
    sent = second.put(f"/batches/{batch}/source", content=text.encode(), params={"name": "all.csv"})
    assert sent.is_success, sent.text
    assert first.get(f"/batches/{batch}/source").content == text.encode()
    assert second.get(f"/batches/{batch}/source").content == text.encode()


def test_another_s_token_and_a_foreign_page_are_refused_by_the_spare_itself(
    both: tuple[Serve, Serve],
) -> None:
    _, second = (each.client for each in both)
    assert second.get("/tasks", headers={"Authorization": "Bearer x"}).status_code == 401
    assert second.get("/tasks", headers={"Origin": "http://evil.example"}).status_code == 403
    eventually(lambda: "waiting" not in second.get("/health").json())
    health = second.get("/health").json()
    assert (health["status"], health["access"]) == ("ok", "full")
    assert second.get("/nowhere").status_code == 404


def test_a_viewer_s_token_changes_nothing_through_a_spare_and_its_stream_ends_with_it(
    both: tuple[Serve, Serve], tmp_path: Path
) -> None:
    _, second = (each.client for each in both)
    file = DataFolder(tmp_path / "second").tokens_file
    viewer = {"Authorization": f"Bearer {add_token(file, 'Bo', Access.VIEWER)}"}
    (task,) = task_ids(second.post("/items/1", json={**ADA, "delay": 3600}))
    for path in ("/items/2", f"/tasks/{task}/cancel", "/queues/mail/pause"):
        assert second.post(path, headers=viewer).status_code == 403
    assert second.delete("/items/1", headers=viewer).status_code == 403
    assert second.get(f"/tasks/{task}", headers=viewer).json()["state"] == "scheduled"
    with second.stream("GET", "/events", headers=viewer) as stream:
        lines = stream.iter_lines()
        next(lines)
        remove_token(file, "Bo")
        second.post("/items/2", json=ADA)
        assert not [line for line in lines if '"item_id":2' in line]
    assert second.get("/tasks", headers=viewer).status_code == 401


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells of wake-ups")
def test_with_nothing_to_do_both_come_to_rest(both: tuple[Serve, Serve]) -> None:
    first, second = (each.process.pid for each in both)
    eventually(lambda: wakes(first, STRETCH) <= AT_MOST)
    eventually(lambda: wakes(second, STRETCH) <= AT_MOST)


def test_where_the_first_is_killed_the_other_goes_on(both: tuple[Serve, Serve]) -> None:
    first, second = both
    (scheduled,) = task_ids(second.client.post("/items/1", json={**ADA, "delay": 3600}))
    after = second.client.get("/tasks").json()["as_of"]
    with events(second.client, after) as before:
        next(before)
        first.process.kill()
        eventually(lambda: second.client.get("/health").json().get("waiting"))
        (task,) = task_ids(second.client.post("/items/2", json=ADA))
        assert not [line for line in before if f'"id":{task},' in line]
    assert "waiting" not in second.client.get("/health").json()
    with events(second.client, after) as since:
        ended(since, {task})
    assert second.client.get(f"/tasks/{scheduled}").json()["state"] == "scheduled"
    assert second.client.get("/tasks").json()["total"] == 2


def test_where_the_first_ends_in_order_no_request_fails(both: tuple[Serve, Serve]) -> None:
    first, second = both
    assert second.client.get("/tasks").status_code == 200
    first.process.terminate()
    for number in range(1, 30):
        assert second.client.post(f"/items/{number}", json=ADA).status_code == 200
    assert first.process.wait(WITHIN) == 0
    assert second.client.get("/tasks").json()["total"] == 29


def test_a_template_with_its_file_is_the_same_at_each_and_after_a_takeover(
    both: tuple[Serve, Serve],
) -> None:
    first, second = both
    source = {"source": with_text("Dear {{ name }}")}
    assert second.client.put("/templates/note", json=source).status_code == 200
    put = second.client.put("/templates/note/attachments/plan.pdf", content=b"plan")
    assert put.json() == {"file": "plan.pdf", "size": 4}
    assert first.client.get("/templates/note").json()["attachments"] == [put.json()]
    first.process.kill()
    item = {"recipient": {"name": "Ada", **ADA["recipient"]}, "template": "note"}
    (task,) = task_ids(second.client.post("/items/1", json=item))
    eventually(lambda: second.client.get(f"/tasks/{task}").json()["state"] == "succeeded")
    message = second.client.get(f"/tasks/{task}/message").json()
    assert (message["text"], message["files"][0]["file"]) == ("Dear Ada\r\n", "plan.pdf")
