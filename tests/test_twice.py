"""The trial of a lost answer and of a kill: the loop sends twice, Sendoff does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.twice import PEOPLE, Fault

ROOT = Path(__file__).parents[1]
ONCE = ["1"] * len(PEOPLE)


def test_each_fault_makes_the_loop_send_twice_and_sendoff_uncertain() -> None:
    command = [sys.executable, "-m", "tests.twice"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines()[2:]]
    found = {(fault, name): (copies, said) for fault, name, *copies, said in rows}
    assert {*found} == {(fault, name) for fault in Fault for name in ("Sendoff", "smtplib")}
    for fault in Fault:
        copies, said = found[fault, "Sendoff"]
        assert (copies, said.partition(":")[0]) == (ONCE, "uncertain")
        assert found[fault, "smtplib"][0] == [*ONCE[:2], "2", *ONCE[3:]]
