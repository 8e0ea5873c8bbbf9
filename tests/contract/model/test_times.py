"""Rates are read as people write them, and written as they can be read again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.model.times import (
    COUNT_LIMIT,
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Rate,
    last_leaves_at,
    leaves_at,
    local_time,
    meant_moment,
    names_day,
    parse_rates,
)
from sendoff_tasks.words.reasons import refused_words
from sendoff_tasks.words.table import ENGLISH, Said
from sendoff_tasks.words.typed import rate_problem
from tests.contract.model.days import DAYS, ZONES, living_in


@pytest.mark.parametrize(
    ("text", "count", "period_ms"),
    [
        ("30/min", 30, 60_000),
        (" 5 / s ", 5, 1_000),
        ("5/sec", 5, 1_000),
        ("1/minute", 1, 60_000),
        ("100/h", 100, 3_600_000),
        ("100/hour", 100, 3_600_000),
        ("2000/day", 2000, 86_400_000),
        ("2000/d", 2000, 86_400_000),
    ],
)
def test_a_rate_is_read(text: str, count: int, period_ms: int) -> None:
    assert Rate.parse(text) == Rate(count, period_ms)


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (("", "30", "min", "/min", "30/", "30/week", "3O/min", "-1/s", "1.5/s", "30/min/s", "٣/s"),
         "rate_form"),
        (("0/s", f"{COUNT_LIMIT + 1}/day", "99999999999/s"), "rate_count"),
    ],
)  # fmt: skip
def test_what_is_no_rate_is_refused_with_a_reason(texts: tuple[str, ...], fault: str) -> None:
    for text in texts:
        with pytest.raises(ValueError, match=fault) as refused:
            Rate.parse(text)
        said = rate_problem(refused.value)
        assert isinstance(said, Said)
        assert refused_words(ENGLISH, said.reason, said.data) == said


def test_a_rate_in_words() -> None:
    assert ENGLISH.rate("30/min") == "30 a minute"
    assert ENGLISH.rate("1/h,500/day") == "1 an hour, 500 a day"


@given(st.integers(1, COUNT_LIMIT), st.sampled_from(["s", "min", "h", "day"]))
def test_what_is_written_is_read_again(count: int, unit: str) -> None:
    rate = Rate.parse(f"{count}/{unit}")
    assert str(rate) == f"{count}/{unit}"
    assert Rate.parse(str(rate)) == rate


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def test_today_is_a_time_of_day_and_another_day_is_named_and_another_year() -> None:
    now = datetime.now().astimezone()
    assert local_time(ms(now)) == f"{now:%H:%M}"
    assert local_time(ms(now), seconds=True) == f"{now:%H:%M:%S}"
    for days in (40, 400):
        before = now - timedelta(days=days)
        year = "" if before.year == now.year else f" {before.year}"
        assert local_time(ms(before)) == f"{before.day} {before:%B}{year}, {before:%H:%M}"


def test_one_rate_or_two_with_different_times_are_read() -> None:
    assert parse_rates("30/min") == (Rate(30, MINUTE_MS),)
    assert parse_rates("30/min, 500/h") == (Rate(30, MINUTE_MS), Rate(500, HOUR_MS))
    for wrong in ("", "30/min,", "30/min, 5/minute", "1/s, 30/min, 500/h", "30/min 500/h"):
        with pytest.raises(ValueError, match=r"two_rates|rate_form"):
            parse_rates(wrong)


def begun(rates: list[Rate], past: list[int], n: int, now: int) -> int:
    """Begin one after the other as soon as the sliding windows allow; return the last moment."""
    begins = sorted(past)
    for _ in range(n):
        full = [each for each in rates if len(begins) >= each.count]
        now = max(now, *(begins[-each.count] + each.period_ms for each in full), 0)
        begins.append(now)
    return now


@given(
    count=st.integers(1, 4),
    past=st.lists(st.integers(1, HOUR_MS), max_size=8),
    n=st.integers(1, 20),
)
def test_a_limit_foretells_when_the_sliding_window_lets_the_last_begin(
    count: int, past: list[int], n: int
) -> None:
    rate = Rate(count, HOUR_MS)
    foretold = leaves_at(rate, sorted(past), n, HOUR_MS)
    assert foretold == begun([rate], past, n, HOUR_MS)


@pytest.mark.parametrize("n", [1, 30, 3_000, 10_001, 15_000, 20_000])
@pytest.mark.parametrize("limits", ["30/min", "10000/day, 30/min", "10000/day, 500/h, 30/min"])
def test_limits_foretell_together_when_the_last_begins(limits: str, n: int) -> None:
    rates = [Rate.parse(each) for each in limits.split(",")]
    foretold = last_leaves_at([(each, [], n) for each in rates], DAY_MS)
    assert foretold == begun(rates, [], n, DAY_MS)


def test_limits_foretell_together_after_earlier_starts_of_the_day() -> None:
    rates = [Rate(100, DAY_MS), Rate(20, HOUR_MS)]
    past = [hour * HOUR_MS for hour in range(1, 24) for _ in range(2)]
    limits = [(each, [at for at in past if at > DAY_MS - each.period_ms], 300) for each in rates]
    took = begun(rates, past, 300, DAY_MS) - DAY_MS
    assert last_leaves_at(limits, DAY_MS) - DAY_MS == pytest.approx(took, rel=0.1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_person_means_local_days_and_hours(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with living_in(zone, monkeypatch):
        now = DAYS["now"].astimezone().timestamp()
        for typed, ends in DAYS["meant"].items():
            meant = [datetime.fromisoformat(end).astimezone().timestamp() for end in ends]
            found = [meant_moment(typed, now, is_end=is_end) for is_end in (False, True)]
            assert found == meant, typed
        for typed in DAYS["strange"]["words"]:
            assert meant_moment(typed, now) is None, typed


def test_a_word_alone_is_a_day_or_a_word() -> None:
    assert [word for word in DAYS["alone"]["days"] if not names_day(word)] == []
    assert [word for word in DAYS["alone"]["words"] if names_day(word)] == []


@pytest.mark.parametrize("typed", ["", "soon", "2029-02-30", "9999d", "0001-01-01", "-1d", "７d"])
def test_a_meant_moment_is_known_or_none(typed: str) -> None:
    found = meant_moment(typed, 0.0)
    assert found is None or isinstance(found, float)
