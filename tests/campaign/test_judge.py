"""The judge finds what a broken promise looks like."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow
from desktop.items.facade import Register
from desktop.items.feature import domain
from sendoff_tasks import TaskContext, task
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.submission import NewTask
from tests.campaign.judge import Verdict, judge
from tests.looking import eventually

ITEMS = 5


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which both tasks of five items have succeeded."""

    @task(name="send_confirmation_email", reference=lambda: "<1@example.org>")
    def send(item_id: int) -> None: ...

    @task(name="record")
    def record(item_id: int, ctx: TaskContext) -> None: ...

    registry = Registry()
    registry.add(send)
    registry.add(record)
    engine = Engine(EngineConfig(tmp_path / "some.db", registry, features=domain()))
    engine.start()
    both = [NewTask("send_confirmation_email"), NewTask("record")]
    rows = [NewItemRow(number, {}, both) for number in range(1, ITEMS + 1)]
    Register(engine).submit(ItemSubmission(rows)).result()
    eventually(lambda: engine.stats()["counts"]["succeeded"] == 2 * ITEMS)
    engine.stop()
    with closing(sqlite3.connect(tmp_path / "some.db")) as tasks, tasks:
        letters = "UPDATE tasks SET reference = substr('abcde', item_id, 1)"
        tasks.execute(f"{letters} WHERE reference IS NOT NULL")
    return tmp_path / "some.db"


def judged(store: Path, received: str, records: list[int], accepted: int = ITEMS) -> Verdict:
    return judge(store, range(1, accepted + 1), Counter(received), records)


def test_all_done_once_is_well(store: Path) -> None:
    verdict = judged(store, "abcde", [1, 2, 3, 4, 5])
    assert verdict.kept(in_flight=0)
    assert (verdict.accepted, verdict.mails, verdict.uncertain, verdict.sound) == (5, 5, 0, True)


@pytest.mark.parametrize(
    ("received", "records", "accepted", "broken"),
    [
        ("abcde", [1, 2, 3, 4, 5], 6, {"lost": 1}),
        ("abcd", [1, 2, 3, 4, 5], 5, {"lost": 1}),
        ("abcde", [1, 2, 3, 4], 5, {"lost": 1}),
        ("abcdeaa", [1, 2, 3, 4, 5], 5, {"twice": 2}),
        ("abcdex", [1, 2, 3, 4, 5], 5, {"twice": 1}),
        ("abcde", [1, 1, 2, 3, 4, 5], 5, {"repeated": 1, "unexplained": 1}),
    ],
)
def test_what_is_lost_or_doubled_is_counted(
    store: Path, received: str, records: list[int], accepted: int, broken: dict[str, int]
) -> None:
    verdict = judged(store, received, records, accepted)
    assert not verdict.kept(in_flight=ITEMS)
    names = ("lost", "twice", "repeated", "unexplained")
    assert {n: getattr(verdict, n) for n in names if getattr(verdict, n)} == broken


def test_only_what_was_in_flight_at_a_fault_may_be_uncertain(store: Path) -> None:
    with closing(sqlite3.connect(store)) as tasks, tasks:
        tasks.execute("UPDATE tasks SET state = 'uncertain' WHERE reference IN ('a', 'b', 'c')")
        tasks.execute("DELETE FROM counts")
        tasks.execute(
            "INSERT INTO counts SELECT function, state, count(*) FROM tasks"
            " GROUP BY function, state"
        )
    verdict = judged(store, "de", [1, 2, 3, 4, 5])
    assert (verdict.lost, verdict.mails, verdict.uncertain, verdict.arrived) == (0, 2, 3, 0)
    assert verdict.kept(in_flight=3)
    assert not verdict.kept(in_flight=2)
