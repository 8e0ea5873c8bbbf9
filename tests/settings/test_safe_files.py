"""A file is there whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from sendoff_tasks.folder.safe_files import (
    sweep_below,
    sweep_beside,
    temporary_beside,
    write_atomic,
)
from tests.left_over import left_over


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the flush is another call")
def test_the_content_is_flushed_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        calls.append("fsync folder" if is_folder else "fsync")
        fsync(descriptor)

    def watched_replace(source: Path, target: Path) -> Path:
        calls.append("rename")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    write_atomic(tmp_path / "file", b"content")
    assert calls == ["fsync", "rename", "fsync folder"]
    assert (tmp_path / "file").read_bytes() == b"content"

    calls.clear()
    write_atomic(tmp_path / "file", b"less dear", durable=False)
    assert calls == ["rename"]
    assert (tmp_path / "file").read_bytes() == b"less dear"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_atomic(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(mode=0o644)
    write_atomic(path, b"content")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    write_atomic(tmp_path / ("n" * 250), b"content")
    write_atomic(tmp_path / ("票" * 80), b"content")
    assert (tmp_path / ("n" * 250)).read_bytes() == b"content"


def test_what_killed_processes_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    path, inner = tmp_path / "sendoff.db", tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    own = [tmp_path / name for name in ("notes.tmp", ".notes.tmp", ".x.0123456789abcde.tmp")]
    for each in own:
        each.touch()
    left_over(inner / "file")
    folder = left_over(inner / "report")
    folder.unlink()
    folder.mkdir()
    (folder / "report.csv").touch()
    beside, other = left_over(path), left_over(tmp_path / "other.db")
    log = beside.with_name(f"{beside.name}-wal")
    log.touch()
    sweep_beside(path)
    assert sorted(tmp_path.iterdir()) == sorted([*own, other, inner.parent])
    with temporary_beside(inner / "file") as used:
        used.mkdir()
        (used / "part").touch()
        sweep_below(tmp_path)
        assert list(inner.iterdir()) == [used]
        assert (used / "part").exists()
    sweep_below(tmp_path / "none")
    assert sorted(tmp_path.iterdir()) == sorted([*own, inner.parent])
    assert list(inner.iterdir()) == []
