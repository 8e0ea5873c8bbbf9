"""Listening to changes, and resuming without a gap; the notice board."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from sendoff_tasks.attempts.outcomes import Failed, Held, Succeeded
from sendoff_tasks.duties import pruner
from sendoff_tasks.events.journal import ROWS, Frame, Subscription
from sendoff_tasks.events.notices import Notices
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.events import FRAME_BYTES, FRAMES_PER_SECOND, Notice, NoticeId, TasksEvent
from sendoff_tasks.model.tasks import TaskRow
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.rows import FRAMES_BEHIND
from sendoff_tasks.submission import NewTask, Submission, TaskOptions
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.engine.stepped import BACKOFF, Stepped


def frame(subscription: Subscription) -> Frame:
    found = subscription.next_frame()
    assert found is not None
    return found


def rows(found: Frame) -> list[TaskRow]:
    assert found.tasks is not None
    told: TasksEvent = json.loads(found.tasks)
    return told["rows"]


def states(found: Frame) -> list[tuple[int, str]]:
    return [(row["id"], row["state"]) for row in rows(found)]


def test_from_now_on_means_from_now_on(stepped: Stepped) -> None:
    first = stepped.add()
    subscription = stepped.journal.subscribe()
    assert subscription.next_frame() is None
    stepped.end(first, Succeeded("1"))
    assert states(frame(subscription)) == [(first, "succeeded")]
    assert subscription.next_frame() is None


def test_a_page_and_the_events_after_it_miss_nothing(stepped: Stepped) -> None:
    first = stepped.add()
    page = stepped.page(TaskQuery())
    second = stepped.add()
    stepped.end(first, Succeeded("1"))
    subscription = stepped.journal.subscribe(page["as_of"])
    assert sorted(states(frame(subscription))) == [(first, "succeeded"), (second, "running")]


def test_changes_of_one_task_are_told_once_as_they_are_now(stepped: Stepped) -> None:
    subscription = stepped.journal.subscribe()
    task = stepped.ended(Failed("no", ""))
    stepped.wait(BACKOFF)
    stepped.end(task, Succeeded("1"))
    assert states(frame(subscription)) == [(task, "succeeded")]


@pytest.mark.parametrize("after", ["nonsense", "ffffffffffff-1", ""])
def test_an_unknown_event_begins_with_a_reset(stepped: Stepped, after: str) -> None:
    stepped.add()
    subscription = stepped.journal.subscribe(after)
    told = frame(subscription)
    assert told.tasks is None
    second = stepped.add()
    assert states(frame(subscription)) == [(second, "running")]


def test_an_event_that_is_yet_to_come_is_unknown(stepped: Stepped) -> None:
    stepped.add()
    later = f"{stepped.journal.store[:12]}-{stepped.journal.last + 1}"
    assert frame(stepped.journal.subscribe(later)).tasks is None


def test_a_trimmed_event_begins_with_a_reset(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruner, "EVENTS", 10)
    monkeypatch.setattr(pruner, "ROWS", 5)
    stepped.add()
    start = stepped.page(TaskQuery())["as_of"]
    for _ in range(20):
        stepped.add(delay=60)
    kept = stepped.connection.execute("SELECT count(*) FROM events").fetchone()[0]
    assert 10 <= kept <= 15
    assert frame(stepped.journal.subscribe(start)).tasks is None


def test_events_are_forgotten_after_a_day_but_the_counting_goes_on(stepped: Stepped) -> None:
    for _ in range(5):
        stepped.add(delay=1e6)
    last = stepped.journal.last
    stepped.clock.time += 86400 + 1
    stepped.step()
    stepped.add(delay=60)
    kept = [row[0] for row in stepped.connection.execute("SELECT id FROM events")]
    assert min(kept) >= last
    stepped.restart()
    assert stepped.journal.last > last


def test_more_than_a_frame_holds_comes_in_several(stepped: Stepped) -> None:
    first = stepped.add()
    subscription = stepped.journal.subscribe()
    stepped.end(first, Succeeded("1"))
    stepped.add_many(2 * ROWS, delay=60)
    title = "x" * (FRAME_BYTES // 3)
    for _ in range(3):
        later = TaskOptions(delay=60)
        stepped.submit(Submission(tasks=[NewTask("work", title=title, options=later)]))
    told = []
    while (found := subscription.next_frame()) is not None:
        told.append([row["id"] for row in rows(found)])
        assert len(found.tasks or "") <= FRAME_BYTES
        assert stepped.journal.subscribe(found.id).due == subscription.due
    assert sorted(each for ids in told for each in ids) == [*range(1, 2 * ROWS + 5)]
    assert first in told[0]
    assert len(told) > 3


def test_a_task_that_keeps_changing_is_told_once_at_the_end(stepped: Stepped) -> None:
    subscription = stepped.journal.subscribe()
    first = stepped.add()
    stepped.add_many(ROWS, delay=60)
    stepped.end(first, Succeeded("1"))
    assert first not in [row["id"] for row in rows(frame(subscription))]
    assert states(frame(subscription)) == [(first, "succeeded")]
    assert subscription.next_frame() is None


def test_far_behind_is_a_reset_and_so_is_a_row_that_no_frame_holds(stepped: Stepped) -> None:
    subscription = stepped.journal.subscribe()
    stepped.add_many(ROWS * FRAMES_BEHIND + 1, delay=60)
    assert frame(subscription).tasks is None
    assert subscription.next_frame() is None
    stepped.submit(
        Submission(tasks=[NewTask("work", title="x" * FRAME_BYTES, options=TaskOptions(delay=60))])
    )
    assert frame(subscription).tasks is None


def test_a_frame_is_measured_in_bytes(stepped: Stepped) -> None:
    subscription = stepped.journal.subscribe()
    title = "☃" * (FRAME_BYTES // 3)
    stepped.submit(Submission(tasks=[NewTask("work", title=title, options=TaskOptions(delay=60))]))
    assert frame(subscription).tasks is None
    stepped.submit(
        Submission(tasks=[NewTask("work", title=title[:-400], options=TaskOptions(delay=60))])
    )
    told = frame(subscription).tasks
    assert told is not None
    assert len(told.encode()) <= FRAME_BYTES


def test_progress_and_log_lines_are_changes_too(stepped: Stepped) -> None:
    task = stepped.add()
    subscription = stepped.journal.subscribe()
    claim = stepped.lane.running[task]
    stepped.ledger.log(claim, "info", "hello")
    stepped.settle()
    assert states(frame(subscription)) == [(task, "running")]
    stepped.ledger.progress(claim, 1, 4, "a quarter")
    stepped.settle()
    assert rows(frame(subscription))[0]["progress"] == {"done": 1, "total": 4, "text": "a quarter"}


def test_a_waiting_coroutine_is_woken_by_a_commit_a_poke_and_the_end(stepped: Stepped) -> None:
    async def listen() -> list[bool]:
        subscription = stepped.journal.subscribe()
        loop = asyncio.get_running_loop()
        loop.call_soon(stepped.add)
        heard = [await subscription.changed(30)]
        subscription.next_frame()
        subscription.poke()
        heard.append(await subscription.changed(30))
        loop.call_soon(subscription.poke)
        heard.append(await subscription.changed(30))
        loop.call_soon(subscription.close)
        return [*heard, await subscription.changed(30)]

    assert asyncio.run(listen()) == [True, False, False, False]


def test_frames_of_all_listeners_come_no_faster_than_the_pace(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription, pauses = stepped.journal.subscribe(), list[float]()

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    for others in (0, 49):
        listening = [stepped.journal.subscribe() for _ in range(others)]
        stepped.add()
        subscription.next_frame()
        stepped.add()
        assert asyncio.run(subscription.changed(WITHIN))
        assert pauses[-1] == pytest.approx((len(listening) + 1) / FRAMES_PER_SECOND)


def test_queued_tasks_whose_queue_is_held_or_goes_on_are_read_again(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(3)]
    start = frame(stepped.journal.subscribe("unknown")).id
    subscription = stepped.journal.subscribe()
    stepped.end(tasks[0], Held("535", "", whole_queue=True))
    assert frame(subscription).tasks is None
    stepped.release("narrow")
    assert frame(subscription).tasks is None
    stepped.end(tasks[1], Succeeded("null"))
    assert frame(subscription).tasks is not None
    assert frame(stepped.journal.subscribe(start)).tasks is None


def notice(name: str, text: str = "Something.") -> Notice:
    return {"id": name, "level": "info", "text": text, "action": None, "active": True}


def test_what_was_told_holds_until_it_is_taken_back() -> None:
    notices = Notices()
    notices.tell(notice("a"))
    notices.tell(notice("b"))
    notices.tell(notice("a", "Something else."))
    assert notices.active == [notice("a", "Something else."), notice("b")]
    notices.take_back("a")
    assert notices.active == [notice("b")]


def test_row_of_the_words_is_told_as_data() -> None:
    notices = Notices()
    notices.show("tokens", ENGLISH.say("token", "taken", name="desk"))
    (told,) = notices.active
    assert (told["refusal"], told["data"]) == ("token.taken", {"name": "desk"})


def test_hearers_are_told_each_change_once() -> None:
    notices, heard = Notices(), list[tuple[str, bool]]()
    stop = notices.on_notice(lambda told: heard.append((told["id"], told["active"])))
    notices.tell(notice("a"))
    notices.take_back("a")
    notices.take_back("a")
    notices.take_back("never")
    assert heard == [("a", True), ("a", False)]
    stop()
    notices.tell(notice("b"))
    assert len(heard) == 2


def test_a_listener_that_fails_costs_no_other_its_notice() -> None:
    notices, heard = Notices(), list[str]()

    def fail(_: Notice) -> None:
        raise ZeroDivisionError

    notices.on_notice(fail)
    notices.on_notice(lambda told: heard.append(told["id"]))
    notices.tell(notice("a"))
    assert heard == ["a"]


def test_the_engine_s_own_end_with_it_and_others_stay(tmp_path: Path) -> None:
    engine = Engine(EngineConfig(tmp_path / "sendoff.db", Registry(), lanes=False))
    for name in ("own tasks bell.py", NoticeId.BACKUP, NoticeId.STORE):
        engine.board.tell(notice(name))
    engine.start()
    assert [told["id"] for told in engine.notices()] == [
        "own tasks bell.py",
        NoticeId.BACKUP,
        NoticeId.STORE,
    ]
    engine.stop()
    assert [told["id"] for told in engine.board.active] == ["own tasks bell.py"]


def test_a_file_name_that_is_no_valid_utf_8_is_told_as_text() -> None:
    notices, heard = Notices(), list[Notice]()
    notices.on_notice(heard.append)
    notices.tell(notice("own tasks r\udce9sum\udce9.py", "r\udce9sum\udce9.py is broken."))
    notices.take_back("own tasks r\udce9sum\udce9.py")
    assert notices.active == []
    assert [told["active"] for told in heard] == [True, False]
    assert {told["text"] for told in heard} == {"r\ufffdsum\ufffd.py is broken."}
    assert all(told["id"].encode() for told in heard)
