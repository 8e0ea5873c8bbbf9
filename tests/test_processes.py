"""Tests in several processes: each runs once, whatever another one does to its process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests import forked

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all run in one process")
TWO = """
from tests.processes import Processes

def pytest_configure(config):
    config.pluginmanager.register(Processes(2))
"""


def test_a_crash_fails_one_test_and_all_others_run_once(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(TWO)
    for name in ("one", "other"):
        (tmp_path / f"test_{name}.py").write_text(f"""
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(40))
def test_number(number, tmp_path):
    with pathlib.Path({str(tmp_path / "ran")!r}).open("a") as ran:
        ran.write(f"{name} {{number}}\\n")
    if number == 7:
        os._exit(3)
    assert number != 9
""")
    done = forked.run_tests(tmp_path)
    assert "4 failed, 76 passed" in done.stdout, done.stdout
    assert done.stdout.count("Its process ended with 3.") >= 2
    ran = (tmp_path / "ran").read_text().splitlines()
    assert sorted(ran) == sorted(f"{name} {n}" for name in ("one", "other") for n in range(40))


def test_at_a_first_failure_the_other_tests_are_interrupted_and_end_what_they_began(
    tmp_path: Path,
) -> None:
    (tmp_path / "conftest.py").write_text(TWO)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -x\n")
    (tmp_path / "test_failing.py").write_text(f"""
import pathlib, time

def test_it():
    while not pathlib.Path({str(tmp_path / "began")!r}).exists():
        time.sleep(0.01)
    assert False
""")
    (tmp_path / "test_long.py").write_text(f"""
import pathlib, pytest, time

@pytest.fixture
def begun():
    yield
    pathlib.Path({str(tmp_path / "ended")!r}).touch()

def test_it(begun):
    pathlib.Path({str(tmp_path / "began")!r}).touch()
    time.sleep(1000)
""")
    done = forked.run_tests(tmp_path)
    assert "1 failed" in done.stdout, done.stdout
    assert (tmp_path / "ended").exists()
