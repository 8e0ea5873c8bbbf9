"""What a disk holds after the computer stops, and what can go wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.simulation.computer.disk import SECTOR, Disk, DiskError, Fault, File, Kept, Trouble

OLD, NEW = b"o" * 2048, b"n" * 2048


@pytest.fixture
def disk() -> Disk:
    return Disk(Random(1), {"f": File(OLD)})


def left(disk: Disk, kept: Kept) -> bytes:
    return bytes(disk.stop(kept).files["f"].content)


def test_what_was_synced_outlives_every_end(disk: Disk) -> None:
    disk.write(disk.files["f"], 0, NEW)
    disk.sync(disk.files["f"])
    assert {left(disk, kept) for kept in Kept} == {NEW}


def test_a_kill_keeps_every_write_and_a_cut_may_keep_none(disk: Disk) -> None:
    disk.write(disk.files["f"], 0, NEW)
    assert left(disk, Kept.ALL) == NEW
    assert left(disk, Kept.NONE) == OLD


def test_a_kill_leaves_to_the_system_what_a_later_cut_may_take(disk: Disk) -> None:
    disk.write(disk.files["f"], 0, NEW)
    disk = disk.stop(Kept.ALL)
    assert disk.files["f"].content == NEW
    assert left(disk, Kept.NONE) == OLD


def test_the_first_writes_are_kept_in_their_order(disk: Disk) -> None:
    for place in range(4):
        disk.write(disk.files["f"], place * SECTOR, NEW[:SECTOR])
    whole = {NEW[: n * SECTOR] + OLD[n * SECTOR :] for n in range(5)}
    assert {left(disk, Kept.FIRST) for _ in range(100)} == whole


def test_some_writes_are_kept_wholly_and_torn_ones_by_sectors(disk: Disk) -> None:
    disk.write(disk.files["f"], 100, NEW[:1000])
    whole = {OLD, OLD[:100] + NEW[:1000] + OLD[1100:]}
    assert {left(disk, Kept.SOME) for _ in range(50)} == whole
    torn = {left(disk, Kept.TORN) for _ in range(200)}
    assert len(torn) == 2**3  # it touches three sectors
    assert OLD[:SECTOR] + NEW[: 1100 - SECTOR] + OLD[1100:] in torn


def test_a_file_is_cut_off_and_grows_with_zeros(disk: Disk) -> None:
    file = disk.files["f"]
    disk.truncate(file, 10)
    disk.write(file, 20, b"x")
    assert bytes(file.content) == OLD[:10] + bytes(10) + b"x"
    assert left(disk, Kept.NONE) == OLD


def test_a_new_file_has_a_name_once_it_was_synced(disk: Disk) -> None:
    disk.random = Random(3)
    file = disk.open("new", durable=False)
    seen = {"new" in disk.stop(Kept.NONE).files for _ in range(50)}
    assert seen == {True, False}
    disk.sync(file)
    assert all("new" in disk.stop(Kept.NONE).files for _ in range(50))


def test_a_deleted_file_may_come_back_unless_its_folder_was_synced(disk: Disk) -> None:
    disk.delete("f", durable=False)
    assert {"f" in disk.stop(Kept.NONE).files for _ in range(50)} == {True, False}
    with pytest.raises(DiskError):
        disk.delete("f", durable=True)
    other = Disk(Random(1), {"f": File(OLD)})
    other.delete("f", durable=True)
    assert not other.stop(Kept.NONE).files


def test_the_power_goes_in_the_middle_of_a_write(disk: Disk) -> None:
    disk.faults.append(Fault(Trouble.CUT, after=1))
    file = disk.files["f"]
    disk.write(file, 0, b"1")
    with pytest.raises(DiskError):
        disk.write(file, 1, b"2")
    assert disk.off
    acts: list[Callable[[], object]] = [
        lambda: disk.write(file, 0, b""),
        lambda: disk.sync(file),
        disk.check_power,
    ]
    for act in acts:
        with pytest.raises(DiskError):
            act()
    assert {left(disk, Kept.FIRST)[:2] for _ in range(50)} == {b"oo", b"1o", b"12"}


def test_a_full_disk_takes_no_write_and_syncs_all_the_same(disk: Disk) -> None:
    disk.faults.append(Fault(Trouble.FULL, times=2))
    file = disk.files["f"]
    for _ in range(2):
        with pytest.raises(DiskError):
            disk.write(file, 0, NEW)
        disk.sync(file)
    disk.write(file, 0, NEW)
    assert disk.struck.total() == 2


def test_a_sync_that_fails_forgets_some_writes_for_good(disk: Disk) -> None:
    file = disk.files["f"]
    for place in range(4):
        disk.write(file, place * SECTOR, NEW[:SECTOR])
    disk.faults.append(Fault(Trouble.UNSYNCED))
    with pytest.raises(DiskError):
        disk.sync(file)
    assert disk.in_doubt
    disk.sync(file)
    assert bytes(file.content) == NEW
    assert left(disk, Kept.NONE) not in {OLD, NEW}
    assert disk.has_lied
    assert not Disk(Random(1), {"f": File(OLD)}).has_lied


def test_what_is_written_again_after_a_sync_failed_is_on_the_platter(disk: Disk) -> None:
    file = disk.files["f"]
    for _ in range(2):
        disk.write(file, 0, NEW)
        disk.faults.append(Fault(Trouble.UNSYNCED))
        with pytest.raises(DiskError):
            disk.sync(file)
    disk.write(file, 0, NEW)
    disk.sync(file)
    assert left(disk, Kept.NONE) == NEW
    assert not disk.has_lied


def test_a_drive_that_lies_keeps_nothing_and_says_nothing_of_it(disk: Disk) -> None:
    disk.faults.append(Fault(Trouble.LIE))
    disk.write(disk.files["f"], 0, NEW)
    disk.sync(disk.files["f"])
    assert disk.has_lied
    assert left(disk, Kept.NONE) == OLD
