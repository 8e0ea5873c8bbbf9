"""Lines of cron and spans of time: which are refused, and when each is due next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sendoff_tasks import CURRENT, TaskContext
from sendoff_tasks.functions.registry import task
from sendoff_tasks.functions.schedule import Cron, DueRule, Every, rule_of
from sendoff_tasks.functions.spec import described
from tests.property_based import examples

BERLIN = ZoneInfo("Europe/Berlin")
CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),  # by half an hour
    "America/Santiago": ("2026-04-05", "2026-09-06"),  # at midnight
    "UTC": ("2026-02-28", "2026-12-31"),
}


def due(rule: DueRule, begin: datetime, end: datetime) -> list[int]:
    """Give the due times between two moments."""

    def walk() -> Iterator[int]:
        moment = begin.timestamp()
        while True:
            moment = rule.next_after(moment)
            yield int(moment)

    return list(takewhile(lambda moment: moment <= end.timestamp(), walk()))


def shown(rule: DueRule, day: int, month: int) -> list[str]:
    """Give the times of a day in Berlin, as its clocks show them."""
    begin = datetime(2026, month, day, tzinfo=BERLIN)
    end = datetime(2026, month, day, 23, 59, tzinfo=BERLIN)
    moments = due(rule, begin - timedelta(seconds=1), end)
    return [f"{datetime.fromtimestamp(each, BERLIN):%H:%M%z}" for each in moments]


@pytest.mark.parametrize(
    ("line", "spring", "autumn"),
    [
        ("30 2 * * *", ["03:00+0200"], ["02:30+0200"]),
        ("*/30 2 * * *", ["03:00+0200"], ["02:00+0200", "02:30+0200"]),
        ("15 1-3 * * *", ["01:15+0100", "03:00+0200", "03:15+0200"],
         ["01:15+0200", "02:15+0200", "03:15+0100"]),
        ("0 1-5/2 * * *", ["01:00+0100", "03:00+0200", "05:00+0200"],
         ["01:00+0200", "03:00+0100", "05:00+0100"]),
        ("59 */23 * * *", ["00:59+0100", "23:59+0200"], ["00:59+0200", "23:59+0100"]),
        ("0 7 * * sun", ["07:00+0200"], ["07:00+0100"]),
    ],
)  # fmt: skip
def test_a_skipped_time_comes_at_the_end_of_the_gap_and_a_repeated_one_once(
    line: str, spring: list[str], autumn: list[str]
) -> None:
    rule = Cron(line, "Europe/Berlin")
    assert shown(rule, 29, 3) == spring
    assert shown(rule, 25, 10) == autumn


def test_every_hour_is_every_hour_that_passes() -> None:
    rule = Cron("30 * * * *", "Europe/Berlin")
    assert (len(shown(rule, 29, 3)), len(shown(rule, 25, 10))) == (23, 25)


def walls(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Give each minute a clock on the wall shows, or skips, and when that is: minute by minute."""
    seen: set[datetime] = set()
    last: datetime | None = None
    moment = begin
    while moment <= end:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        skipped = last + timedelta(minutes=1) if last else wall
        while skipped <= wall:
            if skipped not in seen:
                seen.add(skipped)
                yield skipped, int(moment.timestamp())
            skipped += timedelta(minutes=1)
        if wall not in seen:
            seen.add(wall)
            yield wall, int(moment.timestamp())
        last = wall
        moment += timedelta(minutes=1)


def minutes_of(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Give each minute that passes, and what a clock on the wall shows then."""
    for count in range(int((end - begin).total_seconds()) // 60 + 1):
        moment = begin + timedelta(minutes=count)
        yield moment.astimezone(zone).replace(tzinfo=None), int(moment.timestamp())


@given(
    minutes=st.frozensets(st.integers(0, 59), min_size=1, max_size=3),
    hours=st.none() | st.frozensets(st.integers(0, 23), min_size=1, max_size=5),
    days=st.none() | st.frozensets(st.integers(0, 6), min_size=1, max_size=3),
    change=st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days]),
    offset=st.integers(0, 86_400),
)
@example(frozenset({0, 59}), frozenset({0, 23}), None, ("America/Santiago", "2026-09-06"), 0)
@example(frozenset({30}), None, None, ("Australia/Lord_Howe", "2026-04-05"), 0)
@settings(max_examples=examples(20))
def test_it_fits_a_walk_over_every_minute(
    minutes: frozenset[int],
    hours: frozenset[int] | None,
    days: frozenset[int] | None,
    change: tuple[str, str],
    offset: int,
) -> None:
    """Around the days on which clocks change, from any second on.

    Where the hour is ``*``, every minute that passes counts, and none that is skipped.
    """
    name, day = change
    zone = ZoneInfo(name)
    middle = datetime.fromisoformat(day).replace(tzinfo=UTC)
    begin, end = middle - timedelta(hours=20), middle + timedelta(hours=40)
    passing = walls(zone, begin, end) if hours else minutes_of(zone, begin, end)
    expected = {
        moment
        for wall, moment in passing
        if wall.minute in minutes
        and (hours is None or wall.hour in hours)
        and (days is None or (wall.weekday() + 1) % 7 in days)
    }
    fields = ("*" if each is None else ",".join(map(str, each)) for each in (minutes, hours, days))
    line = "{} {} * * {}".format(*fields)
    rule = Cron(line, name)
    start = begin + timedelta(seconds=offset)
    found = due(rule, start, end)
    assert found == sorted(each for each in expected if each > start.timestamp())
    if found:
        assert rule.last_until(found[0], end.timestamp()) == found[-1]


@given(seconds=st.integers(1, 10**6), moment=st.floats(0, 4e9))
def test_every_counts_from_one_moment_for_all(seconds: int, moment: float) -> None:
    rule = Every(seconds)
    following = rule.next_after(moment)
    assert following % seconds == 0
    assert following - seconds <= moment < following
    assert rule.last_until(following, following + 10.5 * seconds) == following + 10 * seconds


@pytest.mark.parametrize(
    ("every", "words"),
    [("10 min", "10 min"), ("90mins", "90 min"), ("120 seconds", "2 min"), ("1 h", "1 h"),
     ("48 hours", "2 days"), ("1 day", "1 day"), ("5s", "5 s")],
)  # fmt: skip
def test_spans_are_written_as_people_write_them(every: str, words: str) -> None:
    assert str(rule_of(None, every, None, "run_once")) == words


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cron": "0 7 * *"}, "cron has five fields"),
        ({"cron": "0 0 7 * * *"}, "cron has five fields"),
        ({"cron": "0 25 * * *"}, "Bad hour"),
        ({"cron": "0 0 30 2 *"}, "Bad day-of-month"),
        ({"cron": 7}, "cron must be text"),
        ({"cron": "0 7 * * *", "timezone": "Europe/Nowhere"}, "no time zone"),
        ({"cron": "0 7 * * *", "timezone": "../secret"}, "no time zone"),
        ({"cron": "0 7 * * *", "missed": "later"}, "missed is"),
        ({"cron": "0 7 * * *", "every": "1 h"}, "not both"),
        ({"every": "1 h", "timezone": "UTC"}, "timezone is for cron"),
        ({"every": "1 h", "kwargs": {"day": 7}}, "called with its kwargs only: got an unexpected"),
        ({"every": "1 h", "kwargs": {"day": object()}}, "day"),
        ({"every": "1 h", "kwargs": [7]}, "kwargs is a dict of arguments by name"),
        ({"kwargs": {"day": 7}}, "kwargs is for a task with cron or every"),
        ({"every": "0 s"}, "every is a span"),
        ({"every": "soon"}, "every is a span"),
        ({"every": "99999 days"}, "every is a span"),
        ({"every": 10}, "every must be text"),
        ({"missed": "skip"}, "missed is for"),
        ({"every": "1 h", "key": lambda: "k"}, "key must be text"),
    ],
)
def test_an_option_that_cannot_work_is_refused_at_the_decorator(
    options: dict[str, Any], said: str
) -> None:
    with pytest.raises(TypeError, match=said):

        @task(**options)
        def refused() -> None: ...


def test_a_task_with_a_schedule_is_called_without_arguments() -> None:
    @task(every="1 h")
    def fits(limit: int = 3, ctx: TaskContext = CURRENT) -> None: ...

    spec = described(fits)
    assert spec is not None
    assert spec.schedule == Every(3600)
    with pytest.raises(TypeError, match=r"no arguments, or kwargs=\{…\}: missing a required"):

        @task(every="1 h")
        def does_not_fit(order: int) -> None: ...
