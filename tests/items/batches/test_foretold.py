"""When the last message of a batch leaves is foretold before it is sent, and comes true."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest

from desktop.contract.rules.hours import SendingHours
from sendoff_tasks.attempts.outcomes import Deferred
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.queues.limits import limited
from tests.contract.model.days import living_in
from tests.items.batches.office import Office, row

OFFICE, DAILY = "Mon-Sat 8:00-18:00", "Mon-Sun 8:00-18:00"
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


def test_windows_are_told_when_the_sending_hours_end(office: Office) -> None:
    office.practise(False)
    now = office.stepped.clock.time
    weekday = (datetime.fromtimestamp(now).astimezone() + timedelta(days=1)).weekday()
    office.stepped.sending.hours = SendingHours(weekday, weekday, 8 * 60, 18 * 60)
    number = office.started(100, rate="30/h")
    opens, ends = (each / 1000 for each in office.stepped.sending.span(round(now * 1000)))
    office.wait(opens - now)
    office.finish()
    assert office.counts(number)["sent"] == 30
    office.batches.limit(number, "30/day").result(0)
    office.wait(ends - opens - 1)
    before = office.batches.get(number)["rev"]
    office.wait(1)
    after = office.batches.get(number)
    assert after["rev"] > before
    assert after["leaves"]["closes_at"] != wire_time(round(ends * 1000))


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot set the zone there")
@pytest.mark.parametrize(
    ("hours", "rate", "rows", "start", "last"),
    [  # in Berlin, whose clocks change on 28 March and 31 October 2027
        (OFFICE, "30/h", 30, "2027-03-27T17:00+01:00", "2027-03-27T17:00+01:00"),
        (OFFICE, "30/h", 100, "2027-03-27T17:00+01:00", "2027-03-29T10:00+02:00"),
        (OFFICE, "30/h", 100, "2027-10-30T17:00+02:00", "2027-11-01T10:00+01:00"),
        (OFFICE, "30/h", 100, "2027-10-30T20:00+02:00", "2027-11-01T11:00+01:00"),
        (OFFICE, "50/day", 120, "2027-03-27T10:00+01:00", "2027-03-30T08:00+02:00"),
        (DAILY, "50/day", 120, "2027-03-27T09:00+01:00", "2027-03-29T10:00+02:00"),
        (DAILY, "50/day", 120, "2027-10-30T09:00+02:00", "2027-11-01T08:00+01:00"),
        (DAILY, "50/day", 120, "2027-10-30T08:30+02:00", "2027-11-01T08:00+01:00"),
        (OFFICE, "30/h, 50/day", 120, "2027-10-29T17:30+02:00", "2027-11-01T09:00+01:00"),
    ],
)
def test_a_batch_is_sent_in_the_sending_hours_as_was_foretold(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    hours: str,
    rate: str,
    rows: int,
    start: str,
    last: str,
) -> None:
    began, ends = (datetime.fromisoformat(each).timestamp() for each in (start, last))
    office.stepped.clock.time = began
    office.practise(False)
    office.stepped.sending.hours = SendingHours.parse(hours)
    office.stepped.limits.want({"mail": limited(16, rate, None)})
    with living_in("Europe/Berlin", monkeypatch):
        number = office.draft(rows)
        assert foretold(office, number) == ends - began
        office.start(number)
        office.finish()
        while office.batches.get(number)["state"] != "done":
            office.wait(600)
            office.finish()
    assert office.stepped.clock.time == pytest.approx(ends, abs=600)
    assert all(office.stepped.task(task)["attempt"] == 1 for task in office.stepped.states())


def test_a_rate_a_second_is_foretold_to_the_minute(office: Office) -> None:
    office.practise(False)
    office.stepped.sending.hours = SendingHours(0, 6, 8 * 60, 18 * 60)
    _, ends = office.stepped.sending.span(round(office.stepped.clock.time * 1000))
    office.stepped.clock.time = ends / 1000 - 60
    office.stepped.limits.want({"mail": limited(16, "1/s", None)})
    last = foretold(office, office.draft(150))
    opens, _ = office.stepped.sending.span(ends)
    assert last - 60 - (opens - ends) / 1000 == 60, "the last half minute's, after 60 and 60"
