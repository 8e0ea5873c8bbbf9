"""The child process that reads: its frames, how it is stopped, and its memory."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.sheets.child import COMMAND, MEMORY, FrameKind, SheetChild, receive, send_json
from desktop.sheets.faults import SheetError, SheetFault
from tests import WITHIN, forked
from tests.sheets.files import ROWS, described, rezipped, write_csv, write_xlsx
from tests.sheets.measured import description_of


def test_more_memory_than_the_limit_is_a_fault(tmp_path: Path) -> None:
    """Between the cells A1 and XFD1048576 there are as many as there can be."""
    path = rezipped(
        write_xlsx(tmp_path / "a.xlsx", [["Name"], ["Ada"]]),
        tmp_path / "sparse.xlsx",
        lambda _, part: part.replace(b'"A2"', b'"XFD1048576"').replace(b'r="2"', b'r="1048576"'),
    )
    with SheetChild(description_of(path), None) as child, pytest.raises(SheetError) as caught:
        child.result()
    assert caught.value.fault is SheetFault.OUT_OF_MEMORY
    assert caught.value.data == {"limit": MEMORY}


@pytest.mark.usefixtures("forked_readers")
def test_a_crash_is_a_fault_with_its_last_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    request = description_of(write_csv(tmp_path / "a.csv")) | {"choice": {"unknown": 1}}
    with SheetChild(request, None) as child, pytest.raises(SheetError) as caught:
        child.result()
    assert caught.value.fault is SheetFault.STOPPED
    assert "unknown" in caught.value.data["text"]
    assert "Traceback" in caplog.text


@pytest.mark.usefixtures("forked_readers")
def test_no_child_is_left_when_the_block_ends(tmp_path: Path) -> None:
    with SheetChild(description_of(write_csv(tmp_path / "a.csv")), None) as child:
        pid = child.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    """It waits for nothing but its parent once it has sent more than a pipe holds."""
    path = write_csv(tmp_path / "a.csv", [ROWS[0], *([ROWS[1]] * 2000)])
    process = forked.start([COMMAND])
    assert process.stdin is not None
    assert process.stdout is not None
    mapping = {"Name": "name"}
    asked = {"verb": "rows", "path": str(path), "mapping": mapping, "plain": []}
    asked["kinds"] = {}
    asked["description"] = described(path).as_dict()
    send_json(process.stdin, FrameKind.REQUEST, {**asked, "memory": 1 << 30})
    assert process.stdout.read(1)  # it is in the middle of its rows
    process.stdin.close()
    assert process.wait(WITHIN) == 1
    process.stdout.close()


def test_the_command_explains_itself_to_a_person() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "desktop", COMMAND],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "The sheet reader is started by Sendoff itself.\n"


def test_frames_arrive_in_order_and_a_cut_one_is_the_end() -> None:
    pipe = io.BytesIO()
    send_json(pipe, FrameKind.AHEAD, {"read": 1})
    send_json(pipe, FrameKind.DONE, None)
    for cut in (1, 3, 7):
        short = io.BytesIO(pipe.getvalue()[:-cut])
        assert receive(short) == (FrameKind.AHEAD, b'{"read": 1}')
        assert receive(short) is None
