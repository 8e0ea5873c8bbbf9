"""Rates are read as people write them, and written as they can be read again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.contract.model.times import COUNT_LIMIT, Rate, local_time


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
    ("texts", "said"),
    [
        (("", "30", "min", "/min", "30/", "30/week", "3O/min", "-1/s", "1.5/s", "30/min/s", "٣/s"),
         r"30/min; .*\.$"),
        (("0/s", f"{COUNT_LIMIT + 1}/day", "99999999999/s"), r"from 1 to 1,000,000"),
    ],
)  # fmt: skip
def test_what_is_no_rate_is_refused_with_a_sentence(texts: tuple[str, ...], said: str) -> None:
    for text in texts:
        with pytest.raises(ValueError, match=said):
            Rate.parse(text)


def test_a_rate_in_words() -> None:
    assert Rate.parse("30/min").words == "30 a minute"
    assert Rate.parse("1/h").words == "1 an hour"


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
