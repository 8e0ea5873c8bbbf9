"""When the last of many leaves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.causes import CASES
from desktop.contract.rules.times import Rate
from desktop.contract.states import OPEN
from desktop.engine.attempts.outcomes import Held
from desktop.engine.functions.registry import task
from desktop.engine.store.reads.pages import read_page
from desktop.engine.store.reads.query import Filter, Query
from desktop.engine.store.reads.waits import NO_BATCHES, leaves_at
from desktop.engine.verbs.bulk import bulk, choose
from desktop.engine.verbs.pause_queue import pause, resume
from desktop.engine.verbs.retry import retry
from tests.engine.stepped import Make, Stepped, registry
from tests.engine.store.reads.test_causes import causes, found, raised


def test_a_pause_is_the_cause_of_all_that_are_queued_in_it(stepped: Stepped) -> None:
    running = [stepped.add("narrow") for _ in range(2)]
    stepped.do(lambda group: pause(group, "narrow"))
    assert causes(stepped) == [], "it keeps nothing waiting"
    stepped.clock.time += 60
    stepped.do(lambda group: pause(group, None))
    own = [stepped.add("narrow") for _ in range(3)]
    other = [stepped.add(), stepped.add()]
    later = stepped.add(delay=60)
    narrow, everything = causes(stepped)
    assert narrow["about"] == {"kind": "reason", "reason": "queue_paused", "queue": "narrow"}
    assert (narrow["title"], narrow["cure"]) == ("The queue narrow is paused", "resume")
    assert (narrow["count"], narrow["states"], narrow["where"]) == (3, {"waiting": 3}, [])
    assert narrow["first_at"] == narrow["last_at"] == "2027-01-15T08:00:00.000Z"
    assert everything["about"] == {"kind": "reason", "reason": "all_paused"}
    assert (everything["title"], everything["count"]) == ("Everything is paused", 2)
    assert everything["first_at"] == "2027-01-15T08:01:00.000Z"
    for cause, tasks in ((narrow, own), (everything, other)):
        assert found(stepped, cause=cause["cause"], seen=False) == tasks
        assert {stepped.task(task)["cause"] for task in tasks} == {cause["cause"]}
        page = read_page(
            stepped.connection, Query(Filter(cause=cause["cause"])), "store", known=NO_BATCHES
        )
        assert (page["total"], len(page["tasks"])) == (len(tasks), len(tasks))
    assert {stepped.task(task)["cause"] for task in (*running, later)} == {None}
    stepped.do(lambda group: resume(group, "narrow"))
    (after,) = causes(stepped)
    assert (after["title"], after["count"]) == ("The queue work is paused", 2)
    stepped.do(lambda group: resume(group, None))
    assert causes(stepped) == []


def test_what_is_tried_again_in_a_pause_waits_for_its_end_alone(stepped: Stepped) -> None:
    failed = [stepped.ended(raised(1)) for _ in range(3)]
    stepped.do(lambda group: pause(group, None))
    stepped.change(retry, failed[0])
    told = causes(stepped, *CASES, *OPEN)
    assert [(each["states"], each["cure"]) for each in told] == [
        ({"failed": 2}, "retry"),
        ({"waiting": 1}, "resume"),
    ]
    assert stepped.task(failed[0])["cause"] == told[1]["cause"]
    assert found(stepped, cause=told[0]["cause"]) == failed[1:]
    chosen = choose(Filter(cause=told[1]["cause"]), stepped.reader, known=NO_BATCHES)
    done = stepped.do(lambda group: bulk(group, "cancel", chosen))
    assert done.answer["touched"] == 1
    assert stepped.state(failed[0]) == "cancelled"


def test_a_pause_of_one_of_its_queues_takes_no_more_than_that_from_a_cause(make: Make) -> None:
    """A function that moves to another queue leaves what it has accepted in the old one."""
    stepped, failed = make(task(name="shop", queue="old")(lambda: None)), []
    for queue, count in (("old", 2), ("new", 5)):
        stepped.registry = registry(task(name="shop", queue=queue)(lambda: None))
        stepped.restart()
        failed += [stepped.ended(raised(1), name="shop") for _ in range(count)]
    stepped.do(lambda group: pause(group, "old"))
    for number in failed:
        stepped.change(retry, number)
    told = [each["states"] for each in causes(stepped, *CASES, *OPEN)]
    assert told == [{"running": 3, "queued": 2}, {"waiting": 2}]
    stepped.check()


def test_a_retry_of_what_holds_a_paused_queue_frees_it(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(4)]
    for each in tasks[:2]:
        stepped.end(each, Held("wrong password", "", whole_queue=True))
    stepped.do(lambda group: pause(group, "narrow"))
    (held,) = causes(stepped)
    assert held["about"]["reason"] == "queue_held", "a resume alone would let nothing go"
    chosen = choose(Filter(cause=held["cause"]), stepped.reader, known=NO_BATCHES)
    assert stepped.do(lambda group: bulk(group, "retry", chosen)).answer["touched"] == 4
    (paused,) = causes(stepped)
    assert (paused["cure"], paused["states"]) == ("resume", {"waiting": 4})


HOUR = 3_600_000


def begun(rate: Rate, past: list[int], n: int, now: int) -> int:
    """Begin one after the other as soon as the sliding window allows; return the last moment."""
    begins = list(past)
    for _ in range(n):
        at = now
        while sum(1 for one in begins if at - rate.period_ms < one <= at) >= rate.count:
            within = [one for one in begins if at - rate.period_ms < one <= at]
            at = sorted(within)[len(within) - rate.count] + rate.period_ms
        begins.append(at)
        now = at
    return now


@given(
    count=st.integers(1, 4),
    past=st.lists(st.integers(1, HOUR), max_size=8),
    n=st.integers(1, 20),
)
def test_it_is_when_the_sliding_window_lets_the_last_begin(
    count: int, past: list[int], n: int
) -> None:
    rate = Rate(count, HOUR)
    past = sorted(past)
    assert leaves_at(rate, past, n, HOUR) == begun(rate, past, n, HOUR)
