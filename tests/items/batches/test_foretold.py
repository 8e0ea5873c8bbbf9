"""When the last message of a batch leaves is foretold before it is sent, and comes true."""

from __future__ import annotations

from datetime import datetime

import pytest

from sendoff_tasks.attempts.outcomes import Deferred
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.queues.limits import limited
from tests.items.batches.office import Office, row

FULL = Deferred("452 later", "", Reason.QUOTA, 3000.0, answer=ServerAnswer("mx", 452))


def foretold(office: Office, number: int) -> float:
    """Tell in how many seconds the last message leaves, as the batch says it."""
    last = office.batches.get(number)["leaves"]["last_at"]
    assert last is not None
    return datetime.fromisoformat(last).timestamp() - office.stepped.clock.time


def send_all(office: Office, number: int) -> float:
    """Send as the limits allow, every minute; tell how long that took, s."""
    began = office.stepped.clock.time
    office.start(number)
    office.finish()
    while office.batches.get(number)["state"] != "done":
        office.wait(60)
        office.finish()
    return office.stepped.clock.time - began


@pytest.mark.parametrize(
    ("rate", "per_day"), [("6/min", None), ("6/min, 30/h", None), ("6/min, 30/h", 50)]
)
def test_the_end_foretold_before_the_start_is_right_within_a_tenth(
    office: Office, rate: str, per_day: int | None
) -> None:
    office.stepped.limits.want({"mail": limited(16, rate, per_day)})
    number = office.draft(120)
    told = foretold(office, number)
    assert send_all(office, number) == pytest.approx(told, rel=0.1)


def test_a_batch_ends_after_those_that_began_before_it(office: Office) -> None:
    office.stepped.limits.want({"mail": limited(16, "6/min", None)})
    first = office.started(60)
    second = office.draft(row(n, item=100 + n) for n in range(1, 61))
    told = foretold(office, second)
    assert foretold(office, first) < 0.6 * told
    assert send_all(office, second) == pytest.approx(told, rel=0.1)


def test_what_the_server_took_earlier_foretells_the_end_of_the_next_batch(office: Office) -> None:
    first = office.started(40)
    for _ in range(10):
        office.end()
    office.end(FULL)
    office.wait(3000)
    office.end()
    office.finish()
    assert office.batches.get(first)["state"] == "done"
    number = office.draft(row(n, item=100 + n) for n in range(1, 46))
    leaves = office.batches.get(number)["leaves"]
    assert leaves["taken"] == "10/h"
    assert foretold(office, number) == pytest.approx(4 * 3600)
    few = office.draft(row(n, item=200 + n) for n in range(1, 6))
    assert office.batches.get(few)["leaves"]["taken"] is None
