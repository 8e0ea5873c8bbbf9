"""What a server took before it accepted no more for a time is remembered for forecasts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sendoff_tasks.queues.limits import limited
from sendoff_tasks.queues.taken import read_taken
from tests.engine.queues.letters import FULL, SENT, go_offline, letter, probing
from tests.engine.stepped import Make, Stepped


def taken(stepped: Stepped) -> list[str]:
    found: list[str] = stepped.do(
        lambda group: [*map(str, read_taken(group.cursor).get("post", []))]
    )
    return found


def send(stepped: Stepped, count: int) -> None:
    """Have the server take so many of the letters under way."""
    for _ in range(count):
        stepped.end(next(iter(stepped.lane.running)), SENT)


@pytest.mark.parametrize(
    ("waits", "rate"),
    [(5.0, None), (63.0, "12/min"), (4_000.0, "12/h"), (60_000.0, "12/day")],
)
def test_the_wait_tells_in_what_time_the_server_took_it(
    make: Make, waits: float, rate: str | None
) -> None:
    stepped = make(letter)
    for _ in range(30):
        stepped.add("letter")
    send(stepped, 12)
    go_offline(stepped, replace(FULL, after=waits))
    assert taken(stepped) == []
    stepped.wait(waits)
    stepped.end(probing(stepped), SENT)
    assert taken(stepped) == ([] if rate is None else [rate])
    stepped.restart()
    assert taken(stepped) == ([] if rate is None else [rate])


def test_a_limit_that_a_person_sets_takes_the_place_of_what_was_learned(make: Make) -> None:
    stepped = make(letter)
    for _ in range(30):
        stepped.add("letter")
    send(stepped, 12)
    go_offline(stepped, replace(FULL, after=3600.0))
    stepped.wait(3600)
    stepped.end(probing(stepped), SENT)
    assert taken(stepped) == ["12/h"]
    stepped.limits.want({"post": limited(None, "40/h", None)})
    stepped.do(stepped.limits.store)
    assert taken(stepped) == []


def test_a_few_tasks_before_a_wait_tell_nothing(make: Make) -> None:
    stepped = make(letter)
    for _ in range(30):
        stepped.add("letter")
    send(stepped, 3)
    go_offline(stepped, replace(FULL, after=3600.0))
    stepped.wait(3600)
    stepped.end(probing(stepped), SENT)
    assert taken(stepped) == []
