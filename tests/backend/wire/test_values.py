"""Moments are RFC 3339 with an offset, and nothing that only looks like it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backend.wire.values import moment

offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(
    st.datetimes(datetime(1970, 1, 3), datetime(9998, 12, 30), timezones=offsets)  # noqa: DTZ001
)
def test_every_moment_is_read_as_the_one_it_is(at: datetime) -> None:
    assert moment(at.isoformat()) == pytest.approx(at.timestamp(), abs=1e-5)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T09:30:00Z", "2026-03-01t09:30:00z", "2026-03-01 10:30:00+01:00"],
)
def test_all_spellings_mean_the_same(text: str) -> None:
    assert moment(text) == datetime(2026, 3, 1, 9, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-03-01",
        "2026-03-01T09:30:00",
        "2026-03-01T09:30Z",
        "20260301T093000Z",
        "2026-W09-7T09:30:00Z",
        "2026-02-30T09:30:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T09:30:00+25:00",
        "٢٠٢٦-03-01T09:30:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "2026-03-01T09:30:00Z\n",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"time"):
        moment(text)


@given(st.text())
def test_what_is_no_moment_is_a_value_error_and_nothing_else(text: str) -> None:
    said = "."
    try:
        moment(text)  # hypothesis also tries constants of our modules, which may be one
    except ValueError as error:
        said = str(error)
    assert said.endswith(".")
