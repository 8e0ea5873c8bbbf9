"""The shipped way of writing a file on a simulated disk: it is the old one or the new one."""

from __future__ import annotations

import errno
import sys
from random import Random
from typing import Any

import pytest

from sendoff_tasks.folder.safe_files import NotOwn, read_own, write_atomic
from tests.simulation.computer.connection import PowerCut
from tests.simulation.computer.disk import Disk, Fault, Kept, Trouble
from tests.simulation.computer.folder import Place, on_disk

OLD, NEW = b"old", b"new"


@pytest.fixture
def disk() -> Disk:
    disk = Disk(Random(1))
    disk.put("/f", OLD)
    return disk


def write(disk: Disk, *, durable: bool = True) -> None:
    place: Any = Place(disk, "/f")
    with on_disk(disk.random, lambda: disk):
        write_atomic(place, NEW, durable=durable)


@pytest.mark.parametrize("after", range(4))
def test_a_power_cut_at_any_moment_leaves_the_old_or_the_new_one(after: int) -> None:
    for seed in range(20):
        disk = Disk(Random(seed))
        disk.put("/f", OLD)
        disk.faults.append(Fault(Trouble.CUT, after))
        with pytest.raises(PowerCut):
            write(disk)
        assert disk.stop(Kept.TORN).files["/f"].content in (OLD, NEW)


def test_what_was_written_outlives_a_power_cut(disk: Disk) -> None:
    write(disk)
    assert disk.stop(Kept.NONE).files["/f"].content == NEW
    assert list(disk.files) == ["/f"]


def test_without_a_flush_it_outlives_a_kill_and_not_every_cut(disk: Disk) -> None:
    write(disk, durable=False)
    assert disk.stop(Kept.ALL).files["/f"].content == NEW
    assert {bytes(disk.stop(Kept.NONE).files["/f"].content) for _ in range(20)} == {OLD, b""}


@pytest.mark.parametrize(
    ("trouble", "number"),
    [
        (Trouble.FULL, errno.ENOSPC),
        (Trouble.UNSYNCED, errno.EIO),
        (Trouble.UNOPENED, errno.EMFILE),
    ],
)
def test_an_error_leaves_the_old_one(disk: Disk, trouble: Trouble, number: int) -> None:
    disk.faults.append(Fault(trouble))
    with pytest.raises(OSError) as raised:  # noqa: PT011 - its number is compared
        write(disk)
    assert raised.value.errno == number
    assert {name: bytes(file.content) for name, file in disk.files.items()} == {"/f": OLD}


def read(disk: Disk, name: str) -> bytes:
    place: Any = Place(disk, name)
    with on_disk(disk.random, lambda: disk):
        return read_own(place)


def test_a_file_that_is_locked_away_cannot_be_read(disk: Disk) -> None:
    stamp = Place(disk, "/f").stat()
    assert read(disk, "/f") == OLD
    disk.lock_away("/f", is_readable=False)
    with pytest.raises(PermissionError):
        read(disk, "/f")
    assert Place(disk, "/f").stat() != stamp
    with pytest.raises(FileNotFoundError):
        read(disk, "/g")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_a_file_of_another_user_is_refused_after_a_power_cut_too(disk: Disk) -> None:
    disk.files["/f"].is_foreign = True
    for kept in (Kept.ALL, Kept.NONE):
        with pytest.raises(NotOwn):
            read(disk.stop(kept), "/f")


def test_a_folder_lists_its_files(disk: Disk) -> None:
    for name in ("/t/a.py", "/t/_b.py", "/t/below/c.py", "/tt/d.py"):
        disk.put(name, b"")
    assert [str(place) for place in Place(disk, "/t").iterdir()] == ["/t/a.py", "/t/_b.py"]
    assert "/t/below/c.py" not in Place(disk, "/t").stat().st_mtime_ns
