"""Every benchmark still runs; nothing is judged here, the sizes are far too small for that."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks.__main__ import NAMES
from tests.benchmarks.figures import HEADINGS, against, alone, table

TINY = ["--json", "--reps", "1", "--seconds", "0.1", "--rows", "60"]
PARTS = 2
"""Processes for all of them: most of a tiny run is the start of its parts."""


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_each_benchmark_runs(part: int) -> None:
    names = NAMES[part::PARTS]
    command = [sys.executable, "-m", "tests.benchmarks.small", *names, *TINY]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["figures"]
    assert found.keys() == set(names)
    for figures in found.values():
        assert figures
        assert all(figure["ours"] >= 0 for figure in figures)


def test_an_unknown_name_is_answered_with_the_usage() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "speed"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no benchmark speed" in done.stderr


def test_a_ratio_is_the_median_of_the_repetitions_own_ratios() -> None:
    figure = against("x", "s", [1, 2, 9], [1, 4, 3], beside="peer", at_least=0.9)
    assert figure.ratio == 1
    assert figure.met is True


def test_a_missed_target_stands_out_in_the_table() -> None:
    missed = alone("slow", "ms", [3.0, 5.0, 4.0], at_most=3.5)
    head, _, line = table([missed]).splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")] == list(HEADINGS)
    assert [cell.strip() for cell in line.strip("|").split("|")] == [
        "slow",
        "4 ms",
        "",
        "",
        "≤ 3.5 ms",
        "NO, -14%",
    ]
