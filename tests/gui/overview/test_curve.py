"""The times below a curve: as many as have room."""

from __future__ import annotations

import pytest

from desktop.gui.overview.curve import step_of_times


@pytest.mark.parametrize(("room", "step"), [(340, 1), (339, 2), (200, 2), (199, 4), (50, 4)])
def test_times_that_would_touch_are_fewer_and_the_ends_stay(room: int, step: int) -> None:
    assert step_of_times([60] * 5, 10, room) == step


def test_a_curve_without_times_has_no_step_of_zero() -> None:
    assert step_of_times([], 10, 200) == 1
