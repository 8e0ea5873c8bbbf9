"""The machine as it is here, and with what could be wrong about it."""

from __future__ import annotations

import os
import sqlite3
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from desktop.settings.paths import DataFolder
from desktop.shell.doctor.doctor import look_at_machine

if TYPE_CHECKING:
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    return folder


def looks(folder: DataFolder) -> list[str]:
    return [finding.text for finding in look_at_machine(folder) if not finding.ok]


def test_all_is_well_with_a_fresh_folder_or_none(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))
    assert looks(folder) == []
    assert looks(DataFolder(tmp_path / "none")) == []


def test_a_disk_that_is_nearly_full(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 5 << 20))
    (found,) = looks(folder)
    assert found.startswith("5 MiB are free on the disk of ")
    assert "free some space" in found


@pytest.mark.skipif(os.name != "posix", reason="others are kept out by file modes on POSIX only")
def test_a_folder_that_others_may_enter(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))
    folder.root.chmod(0o755)
    (found,) = looks(folder)
    assert f"Others can read {folder.root}" in found
    assert f"chmod go-rwx {folder.root}" in found


@pytest.mark.skipif(os.name != "posix", reason="others are kept out by file modes on POSIX only")
def test_a_task_file_as_editors_make_it_is_shut_away_by_its_folder(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))
    mine = folder.tasks / "mine.py"
    mine.write_text("")
    mine.chmod(0o644)
    assert looks(folder) == []


def test_an_sqlite_that_is_too_old(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    (found,) = looks(folder)
    assert "too old" in found
