"""Forgetting finished tasks: by age, by number, with all that belongs to them; nothing else."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from sendoff_tasks import sqlite
from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Outcome, Succeeded
from sendoff_tasks.clock import DAY_S
from sendoff_tasks.duties import pruner
from sendoff_tasks.duties.pruner import BUSY, EVERY_MS, PAUSE_MS, PrunerProgress
from sendoff_tasks.model.acts import ActFilter
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.store import database
from sendoff_tasks.store.reads.acts import read_acts
from sendoff_tasks.store.reads.rows import ChangedRows, changes_since, last_event
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, NOTHING_KNOWN
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.acts import Acts, Asked
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.bulk import bulk
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pause_queue import pause
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import Make, Stepped, registry

OUTCOMES: dict[str, Outcome] = {
    "succeeded": Succeeded("1"),
    "failed": Failed("no", "trace", final=True),
    "uncertain": LeftUncertain("no answer", "trace"),
}


def tidy_up(engine: Stepped, days: float = 0) -> None:
    """Let so many days pass, and then as much time as there is something to forget."""
    engine.wait(days * DAY_S + EVERY_MS / 1000)
    while (
        engine.core.memory.part(PrunerProgress).next_tidy < engine.clock.now() * 1000 + EVERY_MS / 2
    ):
        engine.wait(PAUSE_MS / 1000)


def ended(engine: Stepped, state: str) -> int:
    task = engine.add(delay=60 if state == "cancelled" else None)
    if state == "cancelled":
        engine.change(cancel, task)
    else:
        engine.end(task, OUTCOMES[state])
    assert engine.state(task) == state
    return task


def item(engine: Stepped, number: int | None, title: str, tasks: int = 1) -> list[int]:
    rows = [NewTask("work", to="Ada <ada@example.org>")] * tasks
    return engine.submit(ItemSubmission([NewItemRow(number, {"title": title}, rows)])).task_ids[0]


def count(engine: Stepped, table: str, where: str = "1") -> int:
    query = f"SELECT count(*) FROM {table} WHERE {where}"  # noqa: S608
    (found,) = engine.connection.execute(query).fetchone()
    return int(found)


def found(engine: Stepped, word: str) -> list[int]:
    rows = engine.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (word,))
    return [number for (number,) in rows]


def test_each_state_is_kept_for_its_time(stepped: Stepped) -> None:
    tasks = {state: ended(stepped, state) for state in ("cancelled", *OUTCOMES)}
    tidy_up(stepped, 29.9)
    assert set(stepped.states()) == set(tasks.values())
    tidy_up(stepped, 0.2)
    assert set(stepped.states()) == {tasks["failed"], tasks["uncertain"]}
    tidy_up(stepped, 59.8)
    assert set(stepped.states()) == {tasks["failed"], tasks["uncertain"]}
    tidy_up(stepped, 0.2)
    assert stepped.states() == {}


def test_what_has_not_ended_is_never_forgotten(stepped: Stepped) -> None:
    later = stepped.add(delay=300 * DAY_S)
    running = [stepped.add() for _ in range(stepped.slots)]
    queued = stepped.add()
    stepped.clock.time += 200 * DAY_S
    tidy_up(stepped, 0)
    assert set(stepped.states()) == {later, queued, *running}


@pytest.mark.usefixtures("in_file")
def test_all_that_belongs_to_a_task_goes_with_it(stepped: Stepped) -> None:
    (task,) = item(stepped, 1, "Zwölf Karten")
    item(stepped, 2, "Zwölf andere")
    stepped.ledger.log(stepped.lane.running[task], "info", "a line")
    stepped.end(task, Failed("later", "trace", final=False))
    stepped.wait(10)
    stepped.end(task, Succeeded("1"))
    belongings = {"attempts": f"task_id = {task}", "log": f"task_id = {task}"}
    assert all(count(stepped, table, where) for table, where in belongings.items())
    assert found(stepped, "karten") == [task]
    tidy_up(stepped, 31)
    assert not any(count(stepped, table, where) for table, where in belongings.items())
    assert found(stepped, "karten") == []
    assert len(found(stepped, "zwolf")) == 1
    stepped.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_the_highest_number_is_not_given_out_twice(stepped: Stepped) -> None:
    (task,) = item(stepped, None, "first")
    stepped.end(task, Succeeded("1"))
    tidy_up(stepped, 2000)
    accepted = stepped.submit(ItemSubmission([NewItemRow(None, {}, [])]))
    assert accepted.item_ids == [2]


def test_the_first_of_too_many_go(stepped: Stepped, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruner, "MOST", 3)
    monkeypatch.setattr(pruner, "STEP", 2)
    done = [ended(stepped, "succeeded") for _ in range(8)]
    failed = [ended(stepped, "failed") for _ in range(4)]
    tidy_up(stepped)
    assert set(stepped.states()) == {*done[5:], *failed[1:]}


@pytest.mark.usefixtures("in_file")
def test_the_lines_of_a_long_log_go_in_steps_too(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruner, "LINES", 10)
    task = stepped.add()
    for number in range(25):
        stepped.ledger.log(stepped.lane.running[task], "info", f"line {number}")
    stepped.end(task, Succeeded("1"))
    stepped.clock.time += 31 * DAY_S
    left = []
    for _ in range(3):
        stepped.settle()
        left.append((count(stepped, "log"), len(stepped.states())))
        stepped.clock.time += PAUSE_MS / 1000
    assert left == [(15, 1), (5, 1), (0, 0)]


def test_constant_load_puts_it_off_by_a_few_groups_only(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruner, "STEP", 4)
    for _ in range(8):
        ended(stepped, "succeeded")
    stepped.clock.time += 31 * DAY_S
    left = []
    for _ in range(2 * BUSY + 1):
        stepped.ask(lambda group: None)
        stepped.step()
        left.append(len(stepped.states()))
        stepped.clock.time += PAUSE_MS / 1000
    assert left == [8] * (BUSY - 1) + [4] * BUSY + [0, 0]


def test_windows_learn_which_tasks_are_gone(stepped: Stepped) -> None:
    old = [ended(stepped, "succeeded") for _ in range(3)]
    seen = last_event(stepped.connection)
    stepped.clock.time += 23 * 3600
    with_event = stepped.add(delay=60 * DAY_S)
    stepped.wait(29 * DAY_S)
    seen = last_event(stepped.connection)
    tidy_up(stepped, 0.1)
    last, changes = changes_since(
        stepped.connection, seen, 100, known=NOTHING_KNOWN, at_limit=NONE_AT_LIMIT
    )
    assert changes == ChangedRows({"rows": [], "gone": old}, [], [])
    assert last == seen + len(old)
    assert set(stepped.states()) == {with_event}


def test_a_step_that_the_disk_refused_is_done_again(stepped: Stepped) -> None:
    old = [ended(stepped, "succeeded") for _ in range(3)]
    stepped.clock.time += 31 * DAY_S
    for left in range(0, 30, 3):
        stepped.fuse.set(left, full=True)
        stepped.settle()
        stepped.fuse.set(None)
        if stepped.fuse.burnt:
            assert set(stepped.states()) == set(old)
        stepped.clock.time += EVERY_MS / 1000
    tidy_up(stepped)
    assert stepped.states() == {}


@pytest.mark.usefixtures("in_file")
@pytest.mark.parametrize("statements", range(20))
def test_a_crash_at_any_statement_forgets_a_task_whole_or_not_at_all(
    stepped: Stepped, statements: int
) -> None:
    for number in (1, 2):
        (task,) = item(stepped, number, "Karte")
        stepped.end(task, Failed("later", "trace", final=False))
        stepped.change(cancel, task)
    item(stepped, 3, "stays")
    stepped.clock.time += 31 * DAY_S
    stepped.fuse.set(statements)
    with contextlib.suppress(Crash):
        stepped.settle()
    stepped.connection.rollback()
    left = whole(stepped)
    assert left == (0 if stepped.fuse.committed or not stepped.fuse.burnt else 2)
    stepped.restart()
    stepped.clock.time += DAY_S + 1  # the start, so long after the last event, waits for it
    tidy_up(stepped)
    assert whole(stepped) == 0


def whole(engine: Stepped) -> int:
    """Count the old tasks, each of which is there with all that belongs to it."""
    tasks = count(engine, "tasks", "item_id < 3")
    assert count(engine, "attempts", "task_id < 3") == tasks
    assert count(engine, "items", "id < 3") == 2
    assert len([task for task in found(engine, "karte") if task < 3]) == tasks
    return tasks


@pytest.mark.usefixtures("in_file")
def test_a_damaged_store_is_not_written_for_it(stepped: Stepped) -> None:
    old = ended(stepped, "succeeded")
    stepped.reader.note(sqlite3.DatabaseError("malformed"))
    stepped.clock.time += 31 * DAY_S
    assert stepped.step() is None
    assert old in stepped.states()


def test_the_states_that_are_kept_for_a_time_are_those_that_have_ended() -> None:
    kept = [state for states in pruner.ENDED for state in states]
    assert sorted(kept) == sorted([State.SUCCEEDED, State.CANCELLED, State.FAILED, State.UNCERTAIN])


def test_an_app_says_how_long_and_failures_stay_three_times_as_long(stepped: Stepped) -> None:
    stepped.core.memory.part(PrunerProgress).retention.tasks = 2 * DAY_MS
    done, failed = ended(stepped, "succeeded"), ended(stepped, "failed")
    newest = item(stepped, None, "The last one")
    for days, left in ((1, {done, failed}), (2, {failed}), (4, set())):
        tidy_up(stepped, days)
        assert set(stepped.states()) - {*newest} == left


def test_acts_are_kept_as_long_as_succeeded_tasks(stepped: Stepped) -> None:
    def do_it(group: Group) -> None:
        with group.part(Acts).of(group, Asked("Ann", "pause", "queue")):
            pause(group, None)

    stepped.do(do_it)
    for days, kept in ((29, 1), (2, 0)):
        tidy_up(stepped, days)
        assert len(read_acts(stepped.connection, ActFilter())["acts"]) == kept


PAGE = 4096
MANY = Submission(tasks=[NewTask("work", ["x" * 1000], to="Ada <ada@example.org>")] * 500)


def size(path: Path) -> int:
    return os.path.getsize(path)  # noqa: PTH202 - as of a log that may not be there


def fill(engine: Stepped) -> None:
    """Have a thousand tasks cancelled, of a KiB each, and copied into the file."""
    for _ in range(2):
        engine.submit(MANY)
    everything = engine.choose(TaskFilter())
    engine.do(lambda group: bulk(group, "cancel", everything))
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.usefixtures("in_file")
def test_the_file_shrinks_after_a_big_prune_and_calls_are_answered_all_along(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SPARE", 8)
    engine = make(lanes=False)
    fill(engine)
    before = size(engine.path)
    engine.clock.time += 31 * DAY_S
    sizes = [before]
    for _ in range(200):
        engine.add(delay=60)
        engine.wait(PAUSE_MS / 1000)
        engine.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        sizes.append(size(engine.path))
    assert sizes[-1] < before / 3
    shrunk = [a - b for a, b in pairwise(sizes) if a > b]
    assert len(shrunk) >= 3  # a little at a time
    assert max(shrunk) <= (sqlite.STEP + 8) * PAGE
    (free,) = engine.connection.execute("PRAGMA freelist_count").fetchone()
    assert free <= 8 + 8
    engine.check()


def test_a_file_that_was_not_made_for_it_keeps_its_pages_for_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE first (x)")
        old.execute("DROP TABLE first")
    old.close()
    monkeypatch.setattr(sqlite, "SPARE", 8)
    engine = Stepped(path, registry(), lanes=False)
    fill(engine)
    before = size(path)
    tidy_up(engine, 31)
    assert engine.states() == {}
    assert size(path) == before
    engine.submit(MANY)
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert size(path) == before
    engine.check()
    engine.close()


def test_a_long_reader_keeps_no_writer_waiting_and_the_log_shrinks_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CHECKPOINT_PAGES", 50)
    monkeypatch.setattr(database, "LOG_BYTES", 100 * PAGE)
    path = tmp_path / "store.db"
    engine = Stepped(path, registry(), lanes=False)
    log = path.with_name("store.db-wal")
    for _ in range(20):
        engine.add("work", "x" * 10_000, delay=60)
    assert size(log) <= 120 * PAGE
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    seen = reader.execute("SELECT count(*) FROM tasks").fetchone()
    for _ in range(100):
        engine.add("work", "x" * 10_000, delay=60)
    assert reader.execute("SELECT count(*) FROM tasks").fetchone() == seen
    assert size(log) > 200 * PAGE
    reader.close()
    for _ in range(100):
        engine.add("work", "x" * 10_000, delay=60)
    assert size(log) <= 120 * PAGE
    engine.check()
    engine.close()
