"""A server that goes back in time: all is paused and counted, and nothing is done again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.duties.recovery import TASKS, settle_restored
from sendoff_tasks.errors import Fenced, NotWritable
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.mark import READ, Groups, ServerMark
from sendoff_tasks.processes.server_link import connected
from tests.engine.postgres.past import Past
from tests.engine.postgres.stepped import PostgresStepped
from tests.engine.postgres.test_session import come_back
from tests.engine.stepped import registry

PASSED, ENDED, GOES_ON, QUEUED, LATE, LAST = range(6)


@pytest.fixture
def stepped(url: str, tmp_path: Path) -> Iterator[PostgresStepped]:
    """Give an engine on a database with a folder that keeps its mark."""
    place: Any = url
    engine = PostgresStepped(place, registry(), mark=ServerMark(tmp_path / "mark"))
    yield engine
    engine.check()
    engine.close()


def return_to(past: Past, stepped: Any) -> None:
    stepped.connection.close()
    past.put_back()
    stepped.connection = Connection(stepped.path)


def put_back(stepped: Any, past: Past) -> None:
    """Put the database back, and let the engine find its server again."""
    return_to(past, stepped)
    with pytest.raises(NotWritable):
        stepped.add()
    come_back(stepped)


def told(stepped: Any) -> str:
    """Return the notice of a database that begins paused; empty without one."""
    found = [
        each["text"] for each in stepped.journal.board.active if each["id"] == NoticeId.RESTORED
    ]
    assert bool(found) == bool(stepped.core.memory.pauses)
    return "".join(found)


def live_on(stepped: Any) -> tuple[Past, list[int], int]:
    """Return a moment, the tasks that it has, and the number of changes since.

    At that moment three of them run. Then the first passes its point of no return, the second ends,
    and the fourth passes and ends. Two tasks are new.
    """
    assert stepped.state(stepped.ended(Succeeded("1"))) == "succeeded"
    tasks = stepped.add_many(6)
    past = Past(stepped.path)
    stepped.cross(tasks[PASSED]).result(0)
    stepped.end(tasks[ENDED], Succeeded("1"))
    stepped.cross(tasks[QUEUED]).result(0)
    stepped.end(tasks[QUEUED], Succeeded("1"))
    stepped.add_many(2)
    assert stepped.states()[tasks[LATE]] == "running"
    return past, tasks, number(stepped) - past.number


def number(stepped: Any) -> int:
    return Groups.decode(stepped.connection.execute(READ).fetchall()).newest.number


def test_the_same_process_doubts_what_it_knows_and_goes_on_with_what_runs(stepped: Any) -> None:
    past, tasks, changes = live_on(stepped)
    put_back(stepped, past)
    assert f"it lacks {changes} changes made here, 2 new tasks among them." in told(stepped)
    states = [stepped.state(each) for each in tasks]
    assert states == ["running", "uncertain", "running", "uncertain", "queued", "queued"]
    with pytest.raises(Fenced):  # the server does not know that it runs
        stepped.cross(tasks[LATE]).result(0)
    stepped.end(tasks[PASSED], Succeeded("1"))
    stepped.cross(tasks[GOES_ON]).result(0)
    stepped.end(tasks[GOES_ON], Succeeded("1"))
    stepped.lane.running.clear()
    assert stepped.add() > TASKS
    stepped.resume()
    assert stepped.task(tasks[LATE])["attempt"] == 2, "its first attempt may still write"
    assert {stepped.state(tasks[n]) for n in (PASSED, GOES_ON)} == {"succeeded"}
    assert {stepped.state(tasks[n]) for n in (ENDED, QUEUED)} == {"uncertain"}


def test_an_attempt_past_its_point_that_ends_without_a_word_is_uncertain(stepped: Any) -> None:
    past, tasks, _ = live_on(stepped)
    put_back(stepped, past)
    stepped.restart()
    assert stepped.state(tasks[PASSED]) == "uncertain"


@pytest.mark.parametrize("times", [1, 2])
def test_a_process_that_begins_anew_knows_from_its_folder_what_is_missing(
    stepped: Any, times: int
) -> None:
    past, *_ = live_on(stepped)
    for _ in range(times):
        changes = number(stepped) - past.number
        return_to(past, stepped)
        stepped.lane.running.clear()
        stepped.mark = ServerMark(stepped.mark._path)
        stepped.restart()
        assert f"it lacks {changes} changes made here, 2 new tasks among them." in told(stepped)
        assert "running" not in stepped.states().values()
    stepped.restart()
    assert not stepped.journal.board.active, "it is told once"
    assert stepped.core.memory.pauses


def test_a_server_that_has_everything_pauses_nothing(stepped: Any) -> None:
    tasks = stepped.add_many(2)
    stepped.cross(tasks[0]).result(0)
    put_back(stepped, Past(stepped.path))
    assert not told(stepped)
    stepped.restart()
    assert not told(stepped)
    assert stepped.states() == {tasks[0]: "uncertain", tasks[1]: "running"}


def test_a_server_that_has_lost_this_process_s_term_is_still_its_own(
    url: str, stepped: Any
) -> None:
    past, term = Past(url), stepped.writer_store._term
    stepped.restart()
    stepped.add()
    put_back(stepped, past)
    assert told(stepped)
    assert not stepped.writer_store.is_displaced
    row = stepped.connection.execute("SELECT value FROM meta WHERE key = 'term'").fetchone()
    assert int(row[0]) == term + 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere another call syncs")
def test_a_message_leaves_only_once_its_group_is_on_the_disk_of_the_folder(
    stepped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, bool]] = []
    sync, task = os.fdatasync, stepped.add()

    def synced_late(file: int) -> None:
        sync(file)
        (kept,) = ServerMark(stepped.mark._path).known(stepped.writer_store.store)
        synced.append((kept.number, passed.done()))

    monkeypatch.setattr(os, "fdatasync", synced_late)
    passed = stepped.ledger.point_of_no_return(stepped.lane.running[task])
    stepped.settle()
    assert passed.done()
    assert synced == [(number(stepped), False)]
    stepped.end(task, Succeeded("1"))
    assert len(synced) == 1, "only a message costs a sync"


def test_a_spare_tells_the_process_that_runs_the_tasks_what_the_server_has_lost(
    url: str, stepped: Any
) -> None:
    """It was there before another process took over a server that had lost something."""
    mark = ServerMark()
    live_on(stepped)

    async def look() -> bool:
        async with connected(url) as link:
            await link.compare(mark)
            return await link.is_restored()

    assert not asyncio.run(look())
    ((known,),) = [mark.known(stepped.writer_store.store)]
    stepped.restart()
    assert not asyncio.run(look())
    mark.see(stepped.writer_store.store, known._replace(number=known.number + 3))
    assert asyncio.run(look()), "that run has ended earlier, as the server knows it"
    stepped.do(settle_restored)
    assert "it lacks 3 changes made here, 0 new tasks among them." in told(stepped)
    assert not asyncio.run(look()), "it is told once"
