"""Numbers of tasks that are kept as runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.store.tables.pending import PackedIds


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_what_is_taken_out_of_runs_leaves_the_rest(numbers: set[int], out: set[int]) -> None:
    left = PackedIds.of(sorted(numbers)).without(sorted(numbers & out))
    assert [*left] == sorted(numbers - out)
    assert left.runs == PackedIds.of(sorted(numbers - out)).runs


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_runs_are_joined_with_other_numbers(numbers: set[int], others: set[int]) -> None:
    joined = PackedIds.of(sorted(numbers)).joined(sorted(others))
    assert joined.runs == PackedIds.of(sorted(numbers | others)).runs


@pytest.mark.parametrize("numbers", [[], [5], [1, 2, 3, 7, 9, 10]])
def test_numbers_are_kept_as_runs(numbers: list[int]) -> None:
    packed = PackedIds.of(numbers)
    assert [*packed] == numbers
    assert len(packed) == len(numbers)
    assert [packed[place] for place in range(len(numbers))] == numbers
    assert packed[1:3] == numbers[1:3]
    assert [n for n in range(12) if n in packed] == numbers
