"""A store that was taken back to a backup: nothing runs unasked, no number is given out twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.item_records import BEYOND
from sendoff_tasks.attempts.outcomes import LeftUncertain, Succeeded
from sendoff_tasks.folder.database_backups import restore
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.store.backup import back_up
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs import pause_queue
from sendoff_tasks.verbs.resolve import resolve
from tests.engine.duties.test_check_and_backup import damage_page
from tests.engine.events.test_journal import frame
from tests.engine.stepped import SLOTS, Stepped, registry


def lose(engine: Stepped) -> Stepped:
    """Take the store back to its backup, as after damage; gives an engine on it."""
    damage_page(engine.connection, engine.path, "tasks")
    engine.close()
    restore(engine.path)
    return Stepped(engine.path, registry())


def run_again(group: Group, task: int) -> None:
    record = group.find(task)
    assert record is not None
    resolve(group, record, "again")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Stepped]:
    engine = Stepped(tmp_path / "store.db", registry())
    yield engine
    engine.close()


def backed_up(engine: Stepped) -> None:
    back_up(engine.path, datetime.fromtimestamp(engine.clock.now(), UTC))


def test_what_waited_waits_for_a_person_because_it_may_have_been_done(engine: Stepped) -> None:
    passed, *running, queued = [engine.add() for _ in range(SLOTS + 1)]
    engine.cross(passed)
    backed_up(engine)
    engine.end(passed, Succeeded("1"))
    again = lose(engine)
    again.settle()
    assert again.lane.running == {}
    assert again.state(passed) == "uncertain"
    assert {again.state(task) for task in (*running, queued)} == {"queued"}
    (told,) = again.journal.board.active
    assert "what was accepted or done since is missing" in told["text"]
    row = again.task(queued)
    assert row["reason_data"]["text"] == told["text"]
    assert row["reason_data"]["text"] == told["text"]
    again.resume()
    assert len(again.lane.running) == len(running) + 1
    again.check()
    again.close()


def test_the_log_says_how_to_go_on_at_the_start_and_when_tasks_are_added(
    engine: Stepped, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pause_queue.log, "filters", [LogRateLimit(logging.WARNING)])
    backed_up(engine)
    again = lose(engine)
    (at_start,) = caplog.messages
    assert at_start.endswith("Until `sendoff resume` or engine.resume(), nothing runs.")
    again.core.memory.folder = Path("/srv/a shop")
    again.add()
    again.add()
    (_, when_added) = caplog.messages  # not for each
    assert "`sendoff resume --data-dir '/srv/a shop'`" in when_added
    again.resume()
    again.core.memory.folder = None
    again.add()
    assert len(caplog.messages) == 2
    again.close()


def test_what_a_person_had_run_again_is_uncertain_once_more(engine: Stepped) -> None:
    task = engine.add()
    engine.cross(task)
    engine.end(task, LeftUncertain("No answer", ""))
    blocker = [engine.add() for _ in range(SLOTS)]
    engine.do(lambda group: run_again(group, task))
    assert engine.state(task) == "queued"
    backed_up(engine)
    for each in blocker:
        engine.end(each, Succeeded("1"))
    engine.end(task, Succeeded("1"))
    again = lose(engine)
    assert (again.state(task), again.task(task)["reason"]) == ("uncertain", "may_be_done")
    again.resume()
    assert task not in again.lane.running
    for each in blocker:
        again.end(each, Succeeded("1"))
    again.do(lambda group: run_again(group, task))
    again.settle()
    assert again.state(task) == "running"
    again.check()
    again.close()


def test_it_is_looked_for_though_its_program_was_killed_as_it_stopped(engine: Stepped) -> None:
    task = engine.add()
    engine.cross(task)
    engine.end(task, LeftUncertain("No answer", ""))
    engine.do(lambda group: run_again(group, task))
    engine.core.ending = True  # a stop is noted, then the program is killed
    engine.settle()
    backed_up(engine)
    engine.end(task, Succeeded("1"))
    again = lose(engine)
    again.resume()
    assert not again.lane.running[task].asked_again
    again.close()


def test_a_planned_task_says_too_why_everything_is_paused(engine: Stepped) -> None:
    planned = engine.add(delay=60)
    backed_up(engine)
    again = lose(engine)
    row = again.task(planned)
    (told,) = again.journal.board.active
    assert row["reason_data"]["text"] == told["text"]
    assert (row["reason"], row["reason_data"]["text"]) == ("delayed", told["text"])
    again.resume()
    again.pause()  # a person, who knows why
    assert "text" not in again.task(planned)["reason_data"]
    again.close()


def test_no_number_of_the_lost_store_is_given_out_again(engine: Stepped) -> None:
    engine.add(delay=60)
    backed_up(engine)
    lost = [engine.add(delay=60) for _ in range(10)]
    listener = engine.journal.subscribe()
    seen = f"{engine.journal.store[:12]}-{engine.journal.last}"
    listener.close()
    again = lose(engine)
    assert again.journal.store == engine.journal.store
    again.restart()  # before there was a new task
    assert again.add(delay=60) > max(lost)
    assert frame(again.journal.subscribe(seen)).tasks is None
    again.check()
    again.close()


def test_a_store_without_a_task_is_taken_back_too(engine: Stepped) -> None:
    backed_up(engine)
    again = lose(engine)
    assert again.add(delay=60) > 1
    again.check()
    again.close()


def test_no_number_of_an_item_is_given_out_twice(engine: Stepped) -> None:
    engine.submit(ItemSubmission([NewItemRow(500, {}, [])]))
    backed_up(engine)
    engine.submit(ItemSubmission([NewItemRow(None, {"title": "Lost"}, [])]))
    again = lose(engine)
    assert again.submit(ItemSubmission([NewItemRow(None, {}, [])])).item_ids == [500 + BEYOND + 1]
    again.close()


def test_delays_shift_with_a_clock_that_is_set_back_after_its_first_start(engine: Stepped) -> None:
    delayed = engine.add(delay=60)
    backed_up(engine)
    again = lose(engine)
    backed_up(again)
    again = lose(again)  # it is paused already
    again.clock.jump(-2 * 24 * 3600)
    again.restart()
    due = again.task(delayed)["run_at"]
    assert due is not None
    assert datetime.fromisoformat(due).timestamp() == again.clock.now() + 60
    again.close()
